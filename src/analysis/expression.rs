//! The language facts are measured in: small, typed, checked against the scenario before any run.
//!
//! `+ - * /`, comparisons, `and or not`, numbers, and functions over a run. Truth is 1 or 0. A value may be missing:
//! nobody met, a body is empty, a number was divided by nought. What is made from a missing value is missing too, through
//! every operator: an answer is never made from none.

use std::ops::Range;

use super::grammar::{self, Operator, Syntax, Tree};
use crate::model::date::Date;
use crate::model::world::{Party, ProposalKind};
use crate::model::{Change, Record, World};
use crate::scenario::document::suggestion;

pub use super::grammar::Fault;

/// The functions, with what they return.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("at(metric, date)", "value at a date"),
    ("mean(metric, from, to)", "mean over the steps from one date to another, both included"),
    ("max(metric, from, to)", "greatest value"),
    ("min(metric, from, to)", "least value"),
    ("slope(metric, from, to)", "least-squares slope per year"),
    (
        "peaks(metric, from, to)",
        "local maxima of the yearly means that stand 0.02 above both neighbouring troughs",
    ),
    ("corr(metric, metric, from, to)", "correlation over steps"),
    ("left(STATE, BODY, from, to)", "departures of a state from a body"),
    ("rejoined(STATE, BODY, from, to)", "returns of a state to a body"),
    ("partnered(STATE, BODY, from, to)", "times a state became a bilateral partner"),
    ("partner_year(STATE, BODY)", "decimal year in which a state first became a partner"),
    ("exits(BODY, from, to)", "departures of any state from a body"),
    ("member(STATE, BODY, date)", "whether a state is a member"),
    ("proposals(PARTY, PARTY, from, to)", "proposals from one party to another"),
    ("passed(PARTY, PARTY, from, to)", "those that passed"),
    ("operations(BODY, from, to)", "joint operations of a body that were agreed"),
    ("refusals(STATE, from, to)", "share of a state's votes on frameworks that broke silence"),
    ("least_willing(STATE, from, to)", "whether no voter of its body had lower mean utility on frameworks"),
    ("spending(STATE, date)", "military spending, share of GDP"),
    ("side_payment(STATE, date)", "payment by a patron"),
    ("frameworks(STATE, date)", "bodies a state is a member or partner of"),
    ("alt(expression)", "the expression in the paired run of the fact's what-if"),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Reduce {
    At,
    Mean,
    Max,
    Min,
    Slope,
    Peaks,
}

/// A checked expression.
#[derive(Clone, Debug)]
pub enum Expression {
    #[doc(hidden)]
    Number(f64),
    #[doc(hidden)]
    Not(Box<Expression>),
    #[doc(hidden)]
    Binary(Box<Binary>),
    #[doc(hidden)]
    Metric(Box<OverMetric>),
    #[doc(hidden)]
    Correlation { metrics: [usize; 2], from: usize, to: usize },
    #[doc(hidden)]
    Changes { state: Option<usize>, body: usize, change: WhichChange, from: usize, to: usize },
    #[doc(hidden)]
    PartnerYear { state: usize, body: usize },
    #[doc(hidden)]
    Member { state: usize, body: usize, step: usize },
    #[doc(hidden)]
    Proposals { from: Party, to: Party, passed: bool, first: usize, last: usize },
    #[doc(hidden)]
    Operations { body: usize, from: usize, to: usize },
    #[doc(hidden)]
    Refusals { state: usize, from: usize, to: usize },
    #[doc(hidden)]
    LeastWilling { state: usize, from: usize, to: usize },
    #[doc(hidden)]
    OfState { state: usize, which: usize, step: usize },
    #[doc(hidden)]
    Alternative(Box<Expression>),
}

impl Expression {
    /// The last step of a run the expression speaks of.
    pub fn last_step(&self) -> usize {
        match self {
            Expression::Number(_) | Expression::PartnerYear { .. } => 0,
            Expression::Not(inner) | Expression::Alternative(inner) => inner.last_step(),
            Expression::Binary(both) => both.left.last_step().max(both.right.last_step()),
            Expression::Metric(over) => over.from.max(over.to),
            Expression::Correlation { to, .. }
            | Expression::Changes { to, .. }
            | Expression::Operations { to, .. }
            | Expression::Refusals { to, .. }
            | Expression::LeastWilling { to, .. } => *to,
            Expression::Member { step, .. } | Expression::OfState { step, .. } => *step,
            Expression::Proposals { last, .. } => *last,
        }
    }
}

/// An operator with its two sides.
#[derive(Clone, Debug)]
pub struct Binary {
    operator: Operator,
    left: Expression,
    right: Expression,
}

/// A reduction of a metric over steps.
#[derive(Clone, Copy, Debug)]
pub struct OverMetric {
    reduce: Reduce,
    metric: usize,
    from: usize,
    to: usize,
}

/// Which change of standing is counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WhichChange {
    /// Departure.
    Leave,
    /// Return.
    Rejoin,
    /// Bilateral partnership.
    Partner,
}

/// Parses and checks an expression. `alternative` says whether the fact names a what-if for `alt`.
///
/// # Errors
/// The first fault, in words, with its place in the text.
pub fn parse(text: &str, world: &World, alternative: bool) -> Result<Expression, Fault> {
    let metrics = crate::model::metrics::metrics(world).into_iter().map(|m| m.name).collect();
    Resolver { text, world, metrics, alternative }.resolve(&grammar::read(text)?)
}

/// Like [`parse`], for what is true or false of a run: a number alone says neither.
///
/// # Errors
/// The first fault, in words, with its place in the text.
pub fn parse_truth(text: &str, world: &World, alternative: bool) -> Result<Expression, Fault> {
    let expression = parse(text, world, alternative)?;
    if expression.is_truth() {
        return Ok(expression);
    }
    Err(Fault::at(0..text.len(), "this is a number, not something that is true or false")
        .help("compare it, for instance with > 0.5"))
}

/// Gives names their meaning in a world.
struct Resolver<'a> {
    text: &'a str,
    world: &'a World,
    metrics: Vec<String>,
    alternative: bool,
}

/// The arguments of a call, taken one by one.
struct Arguments<'a> {
    resolver: &'a Resolver<'a>,
    name: &'a str,
    place: Range<usize>,
    list: std::slice::Iter<'a, Syntax>,
}

impl Resolver<'_> {
    fn resolve(&self, syntax: &Syntax) -> Result<Expression, Fault> {
        match &syntax.tree {
            Tree::Number(x) => Ok(Expression::Number(*x)),
            Tree::Word => {
                let word = &self.text[syntax.span.clone()];
                Err(Fault::at(syntax.span.clone(), format!("`{word}` is not a function call"))
                    .help("a metric is read with at, mean, max, min or slope"))
            }
            Tree::Not(inner) => Ok(Expression::Not(Box::new(self.truth(inner)?))),
            Tree::Minus(inner) => {
                let (left, right) = (Expression::Number(0.0), self.resolve(inner)?);
                Ok(Expression::Binary(Box::new(Binary { operator: Operator::Subtract, left, right })))
            }
            Tree::Binary(operator, left, right) => {
                let logical = matches!(operator, Operator::And | Operator::Or);
                let side = |side: &Syntax| if logical { self.truth(side) } else { self.resolve(side) };
                let (left, right) = (side(left)?, side(right)?);
                Ok(Expression::Binary(Box::new(Binary { operator: *operator, left, right })))
            }
            Tree::Call(place, list) => {
                let name = &self.text[place.clone()];
                let place = syntax.span.clone();
                let mut arguments = Arguments { resolver: self, name, place, list: list.iter() };
                let expression = self.call(&mut arguments)?;
                match arguments.list.next() {
                    None => Ok(expression),
                    Some(extra) => {
                        Err(Fault::at(extra.span.clone(), format!("`{name}` has too many arguments"))
                            .help(usage(name)))
                    }
                }
            }
        }
    }

    /// A part that must be true or false.
    fn truth(&self, syntax: &Syntax) -> Result<Expression, Fault> {
        let expression = self.resolve(syntax)?;
        if expression.is_truth() {
            return Ok(expression);
        }
        let what = &self.text[syntax.span.clone()];
        Err(Fault::at(
            syntax.span.clone(),
            format!("`{what}` is a number, not something that is true or false"),
        )
        .help("compare it, for instance with > 0.5"))
    }
}

/// How a function is called.
fn usage(name: &str) -> String {
    let known = FUNCTIONS.iter().find(|f| f.0.split('(').next() == Some(name));
    known.map_or_else(String::new, |f| format!("it is {}: {}", f.0, f.1))
}

impl<'a> Arguments<'a> {
    fn next(&mut self) -> Result<&'a Syntax, Fault> {
        self.list.next().ok_or_else(|| {
            Fault::at(self.place.clone(), format!("`{}` has too few arguments", self.name))
                .help(usage(self.name))
        })
    }

    /// The next argument as typed, with its place.
    fn word(&mut self) -> Result<(&'a str, Range<usize>), Fault> {
        let argument = self.next()?;
        Ok((&self.resolver.text[argument.span.clone()], argument.span.clone()))
    }

    fn lookup(&self, place: Range<usize>, what: &str, word: &str, known: &[&str]) -> Fault {
        let message = format!("unknown {what} `{word}`");
        Fault { message, help: suggestion(word, known), span: place }
    }

    fn metric(&mut self) -> Result<usize, Fault> {
        let (word, place) = self.word()?;
        let metrics = &self.resolver.metrics;
        metrics.iter().position(|m| m == word).ok_or_else(|| {
            let known: Vec<&str> = metrics.iter().map(String::as_str).collect();
            self.lookup(place, "metric", word, &known)
        })
    }

    fn date(&mut self) -> Result<usize, Fault> {
        let (word, place) = self.word()?;
        let calendar = self.resolver.world.calendar;
        let Some(date) = Date::parse(word) else {
            return Err(Fault::at(place, format!("`{word}` is not a date")).help("write 1999 or 1999Q2"));
        };
        calendar.step_of(date).ok_or_else(|| {
            let (first, last) = (calendar.label(0), calendar.label(calendar.steps - 1));
            Fault::at(place, format!("the date {word} lies outside the run, {first} to {last}"))
        })
    }

    fn window(&mut self) -> Result<(usize, usize), Fault> {
        let (from, to) = (self.date()?, self.date()?);
        if from > to {
            return Err(Fault::at(self.place.clone(), "the window ends before it starts"));
        }
        Ok((from, to))
    }

    fn state(&mut self) -> Result<usize, Fault> {
        let (word, place) = self.word()?;
        let world = self.resolver.world;
        world.state(word).ok_or_else(|| {
            let known: Vec<&str> = world.states.iter().map(|s| s.code.as_str()).collect();
            self.lookup(place, "state", word, &known)
        })
    }

    fn body(&mut self) -> Result<usize, Fault> {
        let (word, place) = self.word()?;
        let world = self.resolver.world;
        world.organisation(word).ok_or_else(|| {
            let known: Vec<&str> = world.organisations.iter().map(|o| o.code.as_str()).collect();
            self.lookup(place, "organisation", word, &known)
        })
    }

    fn party(&mut self) -> Result<Party, Fault> {
        let (word, place) = self.word()?;
        let world = self.resolver.world;
        let body = world.organisation(word).map(Party::Organisation);
        body.or_else(|| world.state(word).map(Party::State)).ok_or_else(|| {
            let bodies = world.organisations.iter().map(|o| o.code.as_str());
            let known: Vec<&str> = world.states.iter().map(|s| s.code.as_str()).chain(bodies).collect();
            self.lookup(place, "state or organisation", word, &known)
        })
    }
}

impl Resolver<'_> {
    fn call(&self, take: &mut Arguments<'_>) -> Result<Expression, Fault> {
        let over = |reduce, metric, from, to| {
            Ok(Expression::Metric(Box::new(OverMetric { reduce, metric, from, to })))
        };
        let changes =
            |state, body, change, (from, to)| Ok(Expression::Changes { state, body, change, from, to });
        match take.name {
            "at" => {
                let metric = take.metric()?;
                let step = take.date()?;
                over(Reduce::At, metric, step, step)
            }
            "mean" | "max" | "min" | "slope" | "peaks" => {
                let metric = take.metric()?;
                let (from, to) = take.window()?;
                let reduce = match take.name {
                    "mean" => Reduce::Mean,
                    "max" => Reduce::Max,
                    "min" => Reduce::Min,
                    "slope" => Reduce::Slope,
                    _ => Reduce::Peaks,
                };
                over(reduce, metric, from, to)
            }
            "corr" => {
                let metrics = [take.metric()?, take.metric()?];
                let (from, to) = take.window()?;
                Ok(Expression::Correlation { metrics, from, to })
            }
            "left" => changes(Some(take.state()?), take.body()?, WhichChange::Leave, take.window()?),
            "rejoined" => changes(Some(take.state()?), take.body()?, WhichChange::Rejoin, take.window()?),
            "partnered" => changes(Some(take.state()?), take.body()?, WhichChange::Partner, take.window()?),
            "exits" => changes(None, take.body()?, WhichChange::Leave, take.window()?),
            "partner_year" => Ok(Expression::PartnerYear { state: take.state()?, body: take.body()? }),
            "member" => {
                Ok(Expression::Member { state: take.state()?, body: take.body()?, step: take.date()? })
            }
            "proposals" | "passed" => {
                let (from, to) = (take.party()?, take.party()?);
                let (first, last) = take.window()?;
                Ok(Expression::Proposals { from, to, passed: take.name == "passed", first, last })
            }
            "operations" => {
                let body = take.body()?;
                let (from, to) = take.window()?;
                Ok(Expression::Operations { body, from, to })
            }
            "refusals" | "least_willing" => {
                let state = take.state()?;
                let (from, to) = take.window()?;
                Ok(if take.name == "refusals" {
                    Expression::Refusals { state, from, to }
                } else {
                    Expression::LeastWilling { state, from, to }
                })
            }
            "spending" | "side_payment" | "frameworks" => {
                let which = ["spending", "side_payment", "frameworks"].iter().position(|n| *n == take.name);
                let state = take.state()?;
                let step = take.date()?;
                Ok(Expression::OfState { state, which: which.unwrap_or(0), step })
            }
            "alt" => {
                if !self.alternative {
                    return Err(Fault::at(take.place.clone(), "`alt` needs a what-if")
                        .help("add whatif = \"id\" to the fact"));
                }
                Ok(Expression::Alternative(Box::new(self.resolve(take.next()?)?)))
            }
            name => {
                let known: Vec<&str> = FUNCTIONS.iter().filter_map(|f| f.0.split('(').next()).collect();
                Err(take.lookup(take.place.clone(), "function", name, &known))
            }
        }
    }
}

fn truth(b: bool) -> f64 {
    f64::from(u8::from(b))
}

/// Two values combined; missing (NaN) if one of them is, or if the result is no number.
fn operate(operator: Operator, x: f64, y: f64) -> f64 {
    if !(x.is_finite() && y.is_finite()) {
        return f64::NAN;
    }
    let value = match operator {
        Operator::Add => x + y,
        Operator::Subtract => x - y,
        Operator::Multiply => x * y,
        Operator::Divide => x / y,
        Operator::Less => truth(x < y),
        Operator::LessEqual => truth(x <= y),
        Operator::Greater => truth(x > y),
        Operator::GreaterEqual => truth(x >= y),
        Operator::Equal => truth((x - y).abs() < 1e-12),
        Operator::And => truth(x == 1.0 && y == 1.0),
        Operator::Or => truth(x == 1.0 || y == 1.0),
    };
    if value.is_finite() { value } else { f64::NAN }
}

impl Expression {
    /// Whether it is true or false of a run, not a number.
    pub fn is_truth(&self) -> bool {
        match self {
            Expression::Not(_) | Expression::Member { .. } | Expression::LeastWilling { .. } => true,
            Expression::Binary(both) => !matches!(
                both.operator,
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide
            ),
            Expression::Alternative(inner) => inner.is_truth(),
            _ => false,
        }
    }

    /// What a run of `world` answers: yes, no, or nothing if a value it needs is missing.
    pub fn holds(&self, world: &World, record: &Record, alternative: Option<&Record>) -> Option<bool> {
        let x = self.evaluate(world, record, alternative);
        x.is_finite().then_some(x == 1.0)
    }

    /// The value in a run of `world`, NaN if it is missing; `alternative` is the paired run of the fact's what-if.
    pub fn evaluate(&self, world: &World, record: &Record, alternative: Option<&Record>) -> f64 {
        let n = world.n();
        match self {
            Expression::Number(x) => *x,
            Expression::Not(inner) => 1.0 - inner.evaluate(world, record, alternative),
            Expression::Alternative(inner) => match alternative {
                Some(other) => inner.evaluate(world, other, None),
                None => f64::NAN,
            },
            Expression::Binary(b) => {
                let x = b.left.evaluate(world, record, alternative);
                let y = b.right.evaluate(world, record, alternative);
                operate(b.operator, x, y)
            }
            Expression::Metric(m) => reduce(world, record, m),
            Expression::Correlation { metrics: [a, b], from, to } => {
                let pairs: Vec<(f64, f64)> = (*from..=*to)
                    .map(|s| (record.value(s, *a), record.value(s, *b)))
                    .filter(|(x, y)| !x.is_nan() && !y.is_nan())
                    .collect();
                correlation(&pairs)
            }
            Expression::Changes { state, body, change, from, to } => {
                let wanted = |c: Change| match change {
                    WhichChange::Leave => c == Change::Leave,
                    WhichChange::Rejoin => c == Change::Rejoin,
                    WhichChange::Partner => c == Change::Partner,
                };
                let count = record.memberships.iter().filter(|m| {
                    state.is_none_or(|s| s == m.state)
                        && m.organisation == *body
                        && wanted(m.change)
                        && (*from..=*to).contains(&m.step)
                });
                count.count() as f64
            }
            Expression::PartnerYear { state, body } => record
                .memberships
                .iter()
                .find(|m| m.state == *state && m.organisation == *body && m.change == Change::Partner)
                .map_or(f64::NAN, |m| world.calendar.date(m.step).decimal()),
            Expression::Member { state, body, step } => {
                truth(record.members[(step * world.organisations.len() + body) * n + state])
            }
            Expression::Proposals { from, to, passed, first, last } => {
                let count = record.proposals.iter().filter(|p| {
                    p.from == *from
                        && p.to == *to
                        && (*first..=*last).contains(&p.step)
                        && (!passed || p.passed)
                });
                count.count() as f64
            }
            Expression::Operations { body, from, to } => {
                let count = record.proposals.iter().filter(|p| {
                    p.kind == ProposalKind::Operation
                        && p.from == Party::Organisation(*body)
                        && (*from..=*to).contains(&p.step)
                        && p.passed
                });
                count.count() as f64
            }
            Expression::Refusals { state, from, to } => {
                let (mut no, mut all) = (0.0, 0.0);
                for vote in framework_votes(record, *from, *to).filter(|v| v.state == *state) {
                    all += 1.0;
                    no += truth(!vote.yes);
                }
                no / all
            }
            Expression::LeastWilling { state, from, to } => {
                let mut sums = vec![(0.0, 0.0); n];
                let mut body = None;
                for vote in framework_votes(record, *from, *to) {
                    sums[vote.state].0 += vote.utility;
                    sums[vote.state].1 += 1.0;
                    if vote.state == *state {
                        body = vote.organisation;
                    }
                }
                let Some(body) = body else { return f64::NAN };
                let mean = |i: usize| sums[i].0 / sums[i].1;
                let peers = framework_votes(record, *from, *to).filter(|v| v.organisation == Some(body));
                truth(peers.map(|v| mean(v.state)).all(|u| mean(*state) <= u))
            }
            Expression::OfState { state, which, step } => record.states[step * n + state][*which],
        }
    }
}

fn framework_votes(
    record: &Record,
    from: usize,
    to: usize,
) -> impl Iterator<Item = &crate::model::VoteRecord> {
    record.votes.iter().filter(move |v| {
        let p = &record.proposals[v.proposal];
        p.kind == ProposalKind::Framework && (from..=to).contains(&p.step)
    })
}

fn reduce(world: &World, record: &Record, m: &OverMetric) -> f64 {
    let values: Vec<(f64, f64)> = (m.from..=m.to)
        .map(|s| (world.calendar.date(s).decimal(), record.value(s, m.metric)))
        .filter(|v| !v.1.is_nan())
        .collect();
    if values.is_empty() {
        return f64::NAN;
    }
    let ys = values.iter().map(|v| v.1);
    match m.reduce {
        Reduce::At => values[0].1,
        Reduce::Mean => ys.sum::<f64>() / values.len() as f64,
        Reduce::Max => ys.fold(f64::NEG_INFINITY, f64::max),
        Reduce::Min => ys.fold(f64::INFINITY, f64::min),
        Reduce::Slope => {
            let count = values.len() as f64;
            let (mx, my) = (
                values.iter().map(|v| v.0).sum::<f64>() / count,
                values.iter().map(|v| v.1).sum::<f64>() / count,
            );
            let (mut top, mut bottom) = (0.0, 0.0);
            for (x, y) in &values {
                top += (x - mx) * (y - my);
                bottom += (x - mx) * (x - mx);
            }
            top / bottom
        }
        Reduce::Peaks => {
            let mut years: Vec<(i32, f64, f64)> = Vec::new();
            for (x, y) in values {
                let year = x.floor() as i32;
                match years.last_mut() {
                    Some(last) if last.0 == year => {
                        last.1 += y;
                        last.2 += 1.0;
                    }
                    _ => years.push((year, y, 1.0)),
                }
            }
            peaks(&years.iter().map(|y| y.1 / y.2).collect::<Vec<_>>(), 0.02) as f64
        }
    }
}

/// Turning points from rise to fall, where each leg is at least `least` high.
fn peaks(values: &[f64], least: f64) -> usize {
    let (mut count, mut rising) = (0, None);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &x in values {
        low = low.min(x);
        high = high.max(x);
        if rising != Some(true) && x - low >= least {
            rising = Some(true);
            high = x;
        } else if rising != Some(false) && high - x >= least {
            if rising == Some(true) {
                count += 1;
            }
            rising = Some(false);
            low = x;
        }
    }
    count
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (mx, my) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        xy += (x - mx) * (y - my);
        xx += (x - mx).powi(2);
        yy += (y - my).powi(2);
    }
    xy / (xx * yy).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_stays_missing_through_every_operator() {
        use Operator::*;
        let all = [Add, Subtract, Multiply, Divide, Less, LessEqual, Greater, GreaterEqual, Equal, And, Or];
        for operator in all {
            for x in [0.0, 1.0] {
                assert!(operate(operator, f64::NAN, x).is_nan(), "{operator:?}");
                assert!(operate(operator, x, f64::NAN).is_nan(), "{operator:?}");
            }
        }
        assert!(operate(Divide, 1.0, 0.0).is_nan(), "nothing is divided by nought");
        assert_eq!(operate(Divide, 1.0, 4.0), 0.25);
        assert_eq!(operate(Or, 0.0, 1.0), 1.0);
    }

    #[test]
    fn peaks_count_turning_points() {
        assert_eq!(peaks(&[0.1, 0.5, 0.2, 0.6, 0.3], 0.02), 2);
        assert_eq!(peaks(&[0.5, 0.4, 0.3], 0.02), 0, "a fall from the start is no peak");
        assert_eq!(peaks(&[0.1, 0.11, 0.1, 0.11, 0.1], 0.02), 0, "ripples do not count");
    }

    #[test]
    fn correlation_of_a_line_is_one() {
        let pairs: Vec<(f64, f64)> = (0..5).map(|i| (f64::from(i), 3.0 - 2.0 * f64::from(i))).collect();
        assert!((correlation(&pairs) + 1.0).abs() < 1e-12);
    }
}
