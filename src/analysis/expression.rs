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
    (
        "willing(PARTY, from, to)",
        "mean chance that a voter (or a voter of a body) agrees to a framework, principle included",
    ),
    ("principle(BODY, from, to)", "mean chance that principle lets a body agree to a framework at all"),
    (
        "roles(ROLE, PARTY, PARTY, year)",
        "share of pairs that see each other as `enemy`, `rival` or `friend` at the start of a year",
    ),
    (
        "apart(run)",
        "largest difference of any metric at any step between this run and the paired run of that name",
    ),
    ("abs(expression)", "the value without its sign"),
    ("least(expression, ...)", "the least of several values"),
    ("greatest(expression, ...)", "the greatest of several values"),
    ("alt(expression)", "the expression in the paired run: a fact's what-if, a proposition's changed run"),
    ("in(run, expression)", "the expression in the paired run of that name"),
];

/// The runs an expression may read, side by side: the first is the run it speaks of, the others are what `alt` and `in`
/// ask for.
pub type Runs<'a> = &'a [(&'a World, &'a Record)];

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
    Willing { party: Party, principle_alone: bool, from: usize, to: usize },
    #[doc(hidden)]
    Roles { role: Role, parties: [Party; 2], step: usize },
    #[doc(hidden)]
    Apart { run: usize },
    #[doc(hidden)]
    Of { how: Among, parts: Vec<Expression> },
    #[doc(hidden)]
    In { run: usize, inner: Box<Expression> },
}

/// What a pair is to each other, by the bounds of a third on both sides of nought (Wendt 1999).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Image below -1/3.
    Enemy,
    /// Between.
    Rival,
    /// Above 1/3.
    Friend,
}

/// How several values become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Without its sign.
    Size,
    /// The least.
    Least,
    /// The greatest.
    Greatest,
}

impl Expression {
    /// The last step of a run the expression speaks of.
    pub fn last_step(&self) -> usize {
        match self {
            Expression::Number(_) | Expression::PartnerYear { .. } | Expression::Apart { .. } => 0,
            Expression::Not(inner) | Expression::In { inner, .. } => inner.last_step(),
            Expression::Of { parts, .. } => parts.iter().map(Expression::last_step).max().unwrap_or(0),
            Expression::Binary(both) => both.left.last_step().max(both.right.last_step()),
            Expression::Metric(over) => over.from.max(over.to),
            Expression::Correlation { to, .. }
            | Expression::Changes { to, .. }
            | Expression::Operations { to, .. }
            | Expression::Refusals { to, .. }
            | Expression::Willing { to, .. }
            | Expression::LeastWilling { to, .. } => *to,
            Expression::Member { step, .. }
            | Expression::Roles { step, .. }
            | Expression::OfState { step, .. } => *step,
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
/// ```
/// use twain::analysis::expression::parse;
/// # fn main() -> Result<(), twain::scenario::Mistake> {
/// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
/// assert!(parse("mean(cooperation_between, 2005, 2010) > 0.5", &scenario.world, false).is_ok());
/// assert!(parse("mean(cooperation_betwen, 2005, 2010) > 0.5", &scenario.world, false).is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The first fault, in words, with its place in the text.
pub fn parse(text: &str, world: &World, alternative: bool) -> Result<Expression, Fault> {
    let names: &[&str] = if alternative { &["", "alt"] } else { &[""] };
    parse_among(text, &names.iter().map(|name| (*name, world)).collect::<Vec<_>>())
}

/// Like [`parse`], over named runs that may each have a world of their own. The first is the run the expression speaks of; its
/// name is not asked for. If there is one other, `alt` is that one.
///
/// # Errors
/// The first fault, in words, with its place in the text.
pub fn parse_among(text: &str, runs: &[(&str, &World)]) -> Result<Expression, Fault> {
    let names = |world| crate::model::metrics::metrics(world).into_iter().map(|m| m.name).collect();
    let metrics: Vec<Vec<String>> = runs.iter().map(|run| names(run.1)).collect();
    Resolver { text, world: runs[0].1, metrics: &metrics[0], runs, all: &metrics }
        .resolve(&grammar::read(text)?)
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
    metrics: &'a [String],
    /// Every run that may be asked for, and its metrics.
    runs: &'a [(&'a str, &'a World)],
    all: &'a [Vec<String>],
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
        let metrics = self.resolver.metrics;
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

    /// A date at whose year's first step pairs are recorded.
    fn year(&mut self) -> Result<usize, Fault> {
        let next = self.list.clone().next();
        let place = next.map_or_else(|| self.place.clone(), |s| s.span.clone());
        let step = self.date()?;
        let calendar = self.resolver.world.calendar;
        if step > 0 && calendar.date(step).year() == calendar.date(step - 1).year() {
            return Err(
                Fault::at(place, "pairs are recorded at the first step of a year").help("write a year")
            );
        }
        Ok(step)
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
    /// The run named by the next argument.
    fn named(&self, take: &mut Arguments<'_>) -> Result<usize, Fault> {
        let (word, place) = take.word()?;
        let known: Vec<&str> = self.runs[1..].iter().map(|run| run.0).collect();
        let found = known.iter().position(|name| *name == word);
        found.map(|k| k + 1).ok_or_else(|| take.lookup(place, "run", word, &known))
    }

    /// A part read in another run, whose world may have other names.
    fn within(&self, run: usize, syntax: &Syntax) -> Result<Expression, Fault> {
        let there = Resolver { world: self.runs[run].1, metrics: &self.all[run], ..*self };
        Ok(Expression::In { run, inner: Box::new(there.resolve(syntax)?) })
    }

    fn call(&self, take: &mut Arguments<'_>) -> Result<Expression, Fault> {
        for kind in [Self::of_metrics, Self::of_record, Self::of_parts] {
            if let Some(found) = kind(self, take)? {
                return Ok(found);
            }
        }
        let known: Vec<&str> = FUNCTIONS.iter().filter_map(|f| f.0.split('(').next()).collect();
        Err(take.lookup(take.place.clone(), "function", take.name, &known))
    }

    /// Functions of a metric over time.
    fn of_metrics(&self, take: &mut Arguments<'_>) -> Result<Option<Expression>, Fault> {
        let reduce = match take.name {
            "at" => {
                let metric = take.metric()?;
                let step = take.date()?;
                let over = OverMetric { reduce: Reduce::At, metric, from: step, to: step };
                return Ok(Some(Expression::Metric(Box::new(over))));
            }
            "corr" => {
                let metrics = [take.metric()?, take.metric()?];
                let (from, to) = take.window()?;
                return Ok(Some(Expression::Correlation { metrics, from, to }));
            }
            "mean" => Reduce::Mean,
            "max" => Reduce::Max,
            "min" => Reduce::Min,
            "slope" => Reduce::Slope,
            "peaks" => Reduce::Peaks,
            _ => return Ok(None),
        };
        let metric = take.metric()?;
        let (from, to) = take.window()?;
        Ok(Some(Expression::Metric(Box::new(OverMetric { reduce, metric, from, to }))))
    }

    /// Functions of what a run's log holds: members, proposals, votes, images.
    fn of_record(&self, take: &mut Arguments<'_>) -> Result<Option<Expression>, Fault> {
        let changes = |state, body, change, (from, to)| Expression::Changes { state, body, change, from, to };
        Ok(Some(match take.name {
            "left" => changes(Some(take.state()?), take.body()?, WhichChange::Leave, take.window()?),
            "rejoined" => changes(Some(take.state()?), take.body()?, WhichChange::Rejoin, take.window()?),
            "partnered" => changes(Some(take.state()?), take.body()?, WhichChange::Partner, take.window()?),
            "exits" => changes(None, take.body()?, WhichChange::Leave, take.window()?),
            "partner_year" => Expression::PartnerYear { state: take.state()?, body: take.body()? },
            "member" => Expression::Member { state: take.state()?, body: take.body()?, step: take.date()? },
            "proposals" | "passed" => {
                let (from, to) = (take.party()?, take.party()?);
                let (first, last) = take.window()?;
                Expression::Proposals { from, to, passed: take.name == "passed", first, last }
            }
            "operations" => {
                let body = take.body()?;
                let (from, to) = take.window()?;
                Expression::Operations { body, from, to }
            }
            "refusals" | "least_willing" => {
                let state = take.state()?;
                let (from, to) = take.window()?;
                match take.name {
                    "refusals" => Expression::Refusals { state, from, to },
                    _ => Expression::LeastWilling { state, from, to },
                }
            }
            "spending" | "side_payment" | "frameworks" => {
                let which = ["spending", "side_payment", "frameworks"].iter().position(|n| *n == take.name);
                let state = take.state()?;
                let step = take.date()?;
                Expression::OfState { state, which: which.unwrap_or(0), step }
            }
            "willing" | "principle" => {
                let party = take.party()?;
                let (from, to) = take.window()?;
                Expression::Willing { party, principle_alone: take.name == "principle", from, to }
            }
            "roles" => {
                let (word, place) = take.word()?;
                let role = match word {
                    "enemy" => Role::Enemy,
                    "rival" => Role::Rival,
                    "friend" => Role::Friend,
                    _ => return Err(take.lookup(place, "role", word, &["enemy", "rival", "friend"])),
                };
                let parties = [take.party()?, take.party()?];
                Expression::Roles { role, parties, step: take.year()? }
            }
            _ => return Ok(None),
        }))
    }

    /// Functions of other expressions, and of other runs.
    fn of_parts(&self, take: &mut Arguments<'_>) -> Result<Option<Expression>, Fault> {
        Ok(Some(match take.name {
            "apart" => {
                let run = self.named(take)?;
                if self.all[run] != self.metrics {
                    return Err(Fault::at(take.place.clone(), "the two runs have different metrics")
                        .help("compare metrics one by one, with in(run, ...)"));
                }
                Expression::Apart { run }
            }
            "abs" => Expression::Of { how: Among::Size, parts: vec![self.resolve(take.next()?)?] },
            "least" | "greatest" => {
                let how = if take.name == "least" { Among::Least } else { Among::Greatest };
                let mut parts = vec![self.resolve(take.next()?)?];
                for part in take.list.by_ref() {
                    parts.push(self.resolve(part)?);
                }
                Expression::Of { how, parts }
            }
            "alt" => match self.runs.len() {
                2 => self.within(1, take.next()?)?,
                1 => {
                    return Err(Fault::at(take.place.clone(), "`alt` needs a paired run")
                        .help("add whatif = \"id\" to a fact, change = [...] to a proposition"));
                }
                _ => {
                    return Err(Fault::at(take.place.clone(), "`alt` does not say which of several runs")
                        .help("write in(run, expression)"));
                }
            },
            "in" => {
                let run = self.named(take)?;
                self.within(run, take.next()?)?
            }
            _ => return Ok(None),
        }))
    }
}

/// Whether a state is the least willing of its body's members, by its mean utility in the votes on a framework.
fn least_willing(record: &Record, n: usize, state: usize, from: usize, to: usize) -> f64 {
    let mut sums = vec![(0.0, 0.0); n];
    let mut body = None;
    for vote in framework_votes(record, from, to) {
        sums[vote.state].0 += vote.utility;
        sums[vote.state].1 += 1.0;
        if vote.state == state {
            body = vote.organisation;
        }
    }
    let Some(body) = body else { return f64::NAN };
    let mean = |i: usize| sums[i].0 / sums[i].1;
    let peers = framework_votes(record, from, to).filter(|v| v.organisation == Some(body));
    truth(peers.map(|v| mean(v.state)).all(|u| mean(state) <= u))
}

/// Mean chance that a voter of `party` lets a framework pass: its own times that of its side's principle, or the latter alone.
fn willing(record: &Record, party: Party, principle_alone: bool, from: usize, to: usize) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for vote in framework_votes(record, from, to) {
        let proposal = &record.proposals[vote.proposal];
        let body = vote.organisation.map(Party::Organisation);
        let ours = match party {
            Party::State(i) => vote.state == i,
            Party::Organisation(_) => body == Some(party),
        };
        if ours {
            let side = usize::from(body.unwrap_or(Party::State(vote.state)) != proposal.from);
            let own = if principle_alone { 1.0 } else { vote.probability };
            sum += own * proposal.principle[side];
            count += 1.0;
        }
    }
    sum / count
}

/// Share of the pairs between two parties that are in a role at a step, by their images of each other.
fn roles(world: &World, record: &Record, role: Role, [a, b]: &[Party; 2], step: usize) -> f64 {
    let n = world.n();
    let Some(block) = record.dyad_steps.iter().position(|s| *s == step) else { return f64::NAN };
    let bodies = world.organisations.len();
    let belongs = |party: &Party, i: usize| match party {
        Party::State(s) => *s == i,
        Party::Organisation(o) => record.members[(step * bodies + o) * n + i],
    };
    let image = |i: usize, j: usize| {
        let regard = f64::from(record.dyads[(block * n + i) * n + j][1]);
        libm::atanh(regard.clamp(-0.999_999, 0.999_999))
    };
    let (mut such, mut all) = (0.0, 0.0);
    for i in 0..n {
        for j in i + 1..n {
            if (belongs(a, i) && belongs(b, j)) || (belongs(a, j) && belongs(b, i)) {
                let pair = libm::tanh(0.5 * (image(i, j) + image(j, i)));
                all += 1.0;
                such += truth(match role {
                    Role::Enemy => pair < -1.0 / 3.0,
                    Role::Friend => pair > 1.0 / 3.0,
                    Role::Rival => pair.abs() <= 1.0 / 3.0,
                });
            }
        }
    }
    such / all
}

/// The greatest distance between two runs at any metric and step; missing where they are not of the same shape.
fn apart(ours: &[f64], theirs: &[f64]) -> f64 {
    if ours.len() != theirs.len() {
        return f64::NAN;
    }
    ours.iter().zip(theirs).fold(0.0, |most, (x, y)| match (x.is_nan(), y.is_nan()) {
        (true, true) => most,
        (false, false) => most.max((x - y).abs()),
        _ => f64::INFINITY,
    })
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
            Expression::In { inner, .. } => inner.is_truth(),
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
        let pair = [(world, record), (world, alternative.unwrap_or(record))];
        let runs = if alternative.is_some() { &pair[..] } else { &pair[..1] };
        self.combine(0, &mut |leaf, at| leaf.read(runs, at))
    }

    /// The value made from what `leaf` says of every function over a run: the expression itself does the arithmetic. The
    /// functions come in a fixed order, each with the position of the run it reads; so means over many runs can take the place
    /// of one run's values.
    pub fn combine(&self, at: usize, leaf: &mut dyn FnMut(&Expression, usize) -> f64) -> f64 {
        match self {
            Expression::Number(x) => *x,
            Expression::Not(inner) => 1.0 - inner.combine(at, leaf),
            Expression::In { run, inner } => inner.combine(*run, leaf),
            Expression::Binary(b) => {
                let (x, y) = (b.left.combine(at, leaf), b.right.combine(at, leaf));
                operate(b.operator, x, y)
            }
            Expression::Of { how, parts } => {
                let mut values = parts.iter().map(|part| part.combine(at, leaf));
                let first = values.next().unwrap_or(f64::NAN);
                // every part is asked, and one missing value makes the answer missing
                let values: Vec<f64> = values.collect();
                let pick = |x: f64, y: f64| match how {
                    _ if x.is_nan() || y.is_nan() => f64::NAN,
                    Among::Greatest => x.max(y),
                    Among::Least | Among::Size => x.min(y),
                };
                let value = values.into_iter().fold(first, pick);
                if *how == Among::Size { value.abs() } else { value }
            }
            _ => leaf(self, at),
        }
    }

    /// The value of a function over the run at position `at`, NaN if it is missing or there is no such run.
    pub fn read(&self, runs: Runs<'_>, at: usize) -> f64 {
        let Some(&(world, record)) = runs.get(at) else { return f64::NAN };
        let n = world.n();
        match self {
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
                let such = record.memberships.iter().filter(|m| {
                    state.is_none_or(|s| s == m.state)
                        && m.organisation == *body
                        && wanted(m.change)
                        && (*from..=*to).contains(&m.step)
                });
                such.count() as f64
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
            Expression::LeastWilling { state, from, to } => least_willing(record, n, *state, *from, *to),
            Expression::OfState { state, which, step } => record.states[step * n + state][*which],
            Expression::Willing { party, principle_alone, from, to } => {
                willing(record, *party, *principle_alone, *from, *to)
            }
            Expression::Roles { role, parties, step } => roles(world, record, *role, parties, *step),
            Expression::Apart { run } => {
                runs.get(*run).map_or(f64::NAN, |&(_, other)| apart(&record.values, &other.values))
            }
            Expression::Number(_)
            | Expression::Not(_)
            | Expression::Binary(_)
            | Expression::Of { .. }
            | Expression::In { .. } => self.combine(at, &mut |leaf, at| leaf.read(runs, at)),
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
