//! The language facts are measured in: small, typed, checked against the scenario before any run.
//!
//! `+ - * /`, comparisons, `and or not`, numbers, and functions over a run. Truth is 1 or 0. A missing value (nobody
//! met, an empty body) makes every comparison false.

use crate::model::date::Date;
use crate::model::world::{Party, ProposalKind};
use crate::model::{Change, Record, World};
use crate::scenario::document::suggestion;

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

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    And,
    Or,
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

/// What is wrong with an expression: words and advice.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

fn fault<T>(message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { message: message.into(), help: None })
}

struct Parser<'a> {
    tokens: Vec<String>,
    at: usize,
    world: &'a World,
    metrics: Vec<String>,
    alternative: bool,
}

/// Parses and checks an expression. `alternative` says whether the fact names a what-if for `alt`.
///
/// # Errors
/// The first fault, in words.
pub fn parse(text: &str, world: &World, alternative: bool) -> Result<Expression, Fault> {
    let metrics = crate::model::metrics::metrics(world).into_iter().map(|m| m.name).collect();
    let mut parser = Parser { tokens: tokens(text)?, at: 0, world, metrics, alternative };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(rest) => fault(format!("`{rest}` is not expected here")),
    }
}

fn tokens(text: &str) -> Result<Vec<String>, Fault> {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        let c = chars[i];
        if c.is_whitespace() {
            i += 1;
        } else if c.is_alphanumeric() || c == '_' || c == '.' {
            let start = i;
            while i < chars.len() && (chars[i].is_alphanumeric() || chars[i] == '_' || chars[i] == '.') {
                i += 1;
            }
            out.push(chars[start..i].iter().collect());
        } else if matches!(c, '<' | '>' | '=') {
            let mut token = c.to_string();
            i += 1;
            if i < chars.len() && chars[i] == '=' {
                token.push('=');
                i += 1;
            }
            out.push(token);
        } else if "+-*/(),".contains(c) {
            out.push(c.to_string());
            i += 1;
        } else {
            return fault(format!("`{c}` means nothing here"));
        }
    }
    Ok(out)
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self) -> Option<String> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn expect(&mut self, token: &str) -> Result<(), Fault> {
        match self.take() {
            Some(t) if t == token => Ok(()),
            Some(t) => fault(format!("expected `{token}`, found `{t}`")),
            None => fault(format!("expected `{token}` at the end")),
        }
    }

    fn chain(
        &mut self,
        operators: &[(&str, Operator)],
        next: fn(&mut Self) -> Result<Expression, Fault>,
    ) -> Result<Expression, Fault> {
        let mut left = next(self)?;
        while let Some(&(_, operator)) = operators.iter().find(|o| Some(o.0) == self.peek()) {
            self.at += 1;
            let right = next(self)?;
            left = Expression::Binary(Box::new(Binary { operator, left, right }));
        }
        Ok(left)
    }

    fn or(&mut self) -> Result<Expression, Fault> {
        self.chain(&[("or", Operator::Or)], Self::and)
    }

    fn and(&mut self) -> Result<Expression, Fault> {
        self.chain(&[("and", Operator::And)], Self::not)
    }

    fn not(&mut self) -> Result<Expression, Fault> {
        if self.peek() == Some("not") {
            self.at += 1;
            return Ok(Expression::Not(Box::new(self.not()?)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression, Fault> {
        let operators = [
            ("<", Operator::Less),
            ("<=", Operator::LessEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterEqual),
            ("==", Operator::Equal),
        ];
        self.chain(&operators, Self::sum)
    }

    fn sum(&mut self) -> Result<Expression, Fault> {
        self.chain(&[("+", Operator::Add), ("-", Operator::Subtract)], Self::product)
    }

    fn product(&mut self) -> Result<Expression, Fault> {
        self.chain(&[("*", Operator::Multiply), ("/", Operator::Divide)], Self::primary)
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        let Some(token) = self.take() else { return fault("the expression ends too early") };
        if token == "(" {
            let inner = self.or()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if token == "-" {
            let right = self.primary()?;
            let left = Expression::Number(0.0);
            return Ok(Expression::Binary(Box::new(Binary { operator: Operator::Subtract, left, right })));
        }
        if let Ok(x) = token.parse::<f64>() {
            return Ok(Expression::Number(x));
        }
        self.call(&token)
    }

    fn word(&mut self, last: bool) -> Result<String, Fault> {
        let Some(word) = self.take() else { return fault("the expression ends too early") };
        self.expect(if last { ")" } else { "," })?;
        Ok(word)
    }

    fn lookup(&self, what: &str, word: &str, known: &[&str]) -> Fault {
        Fault { message: format!("unknown {what} `{word}`"), help: suggestion(word, known) }
    }

    fn metric(&mut self) -> Result<usize, Fault> {
        let word = self.word(false)?;
        self.metrics.iter().position(|m| *m == word).ok_or_else(|| {
            let known: Vec<&str> = self.metrics.iter().map(String::as_str).collect();
            self.lookup("metric", &word, &known)
        })
    }

    fn date(&mut self, last: bool) -> Result<usize, Fault> {
        let word = self.word(last)?;
        let calendar = self.world.calendar;
        let Some(date) = Date::parse(&word) else {
            return Err(Fault {
                message: format!("`{word}` is not a date"),
                help: Some("write 1999 or 1999Q2".into()),
            });
        };
        calendar.step_of(date).ok_or_else(|| Fault {
            message: format!(
                "the date {word} lies outside the run, {} to {}",
                calendar.label(0),
                calendar.label(calendar.steps - 1)
            ),
            help: None,
        })
    }

    fn window(&mut self) -> Result<(usize, usize), Fault> {
        let (from, to) = (self.date(false)?, self.date(true)?);
        if from > to { fault("the window ends before it starts") } else { Ok((from, to)) }
    }

    fn state(&mut self, last: bool) -> Result<usize, Fault> {
        let word = self.word(last)?;
        self.world.state(&word).ok_or_else(|| {
            let known: Vec<&str> = self.world.states.iter().map(|s| s.code.as_str()).collect();
            self.lookup("state", &word, &known)
        })
    }

    fn body(&mut self, last: bool) -> Result<usize, Fault> {
        let word = self.word(last)?;
        self.world.organisation(&word).ok_or_else(|| {
            let known: Vec<&str> = self.world.organisations.iter().map(|o| o.code.as_str()).collect();
            self.lookup("organisation", &word, &known)
        })
    }

    fn party(&mut self) -> Result<Party, Fault> {
        let word = self.word(false)?;
        let body = self.world.organisation(&word).map(Party::Organisation);
        body.or_else(|| self.world.state(&word).map(Party::State)).ok_or_else(|| {
            let bodies = self.world.organisations.iter().map(|o| o.code.as_str());
            let known: Vec<&str> = self.world.states.iter().map(|s| s.code.as_str()).chain(bodies).collect();
            self.lookup("state or organisation", &word, &known)
        })
    }

    fn call(&mut self, name: &str) -> Result<Expression, Fault> {
        if self.peek() != Some("(") {
            return Err(Fault {
                message: format!("`{name}` is not a function call"),
                help: Some("a metric is read with at, mean, max, min or slope".into()),
            });
        }
        self.at += 1;
        let over = |reduce, metric, from, to| {
            Ok(Expression::Metric(Box::new(OverMetric { reduce, metric, from, to })))
        };
        let changes =
            |state, body, change, (from, to)| Ok(Expression::Changes { state, body, change, from, to });
        match name {
            "at" => {
                let metric = self.metric()?;
                let step = self.date(true)?;
                over(Reduce::At, metric, step, step)
            }
            "mean" | "max" | "min" | "slope" | "peaks" => {
                let metric = self.metric()?;
                let (from, to) = self.window()?;
                let reduce = match name {
                    "mean" => Reduce::Mean,
                    "max" => Reduce::Max,
                    "min" => Reduce::Min,
                    "slope" => Reduce::Slope,
                    _ => Reduce::Peaks,
                };
                over(reduce, metric, from, to)
            }
            "corr" => {
                let metrics = [self.metric()?, self.metric()?];
                let (from, to) = self.window()?;
                Ok(Expression::Correlation { metrics, from, to })
            }
            "left" => {
                changes(Some(self.state(false)?), self.body(false)?, WhichChange::Leave, self.window()?)
            }
            "rejoined" => {
                changes(Some(self.state(false)?), self.body(false)?, WhichChange::Rejoin, self.window()?)
            }
            "partnered" => {
                changes(Some(self.state(false)?), self.body(false)?, WhichChange::Partner, self.window()?)
            }
            "exits" => changes(None, self.body(false)?, WhichChange::Leave, self.window()?),
            "partner_year" => {
                Ok(Expression::PartnerYear { state: self.state(false)?, body: self.body(true)? })
            }
            "member" => Ok(Expression::Member {
                state: self.state(false)?,
                body: self.body(false)?,
                step: self.date(true)?,
            }),
            "proposals" | "passed" => {
                let (from, to) = (self.party()?, self.party()?);
                let (first, last) = self.window()?;
                Ok(Expression::Proposals { from, to, passed: name == "passed", first, last })
            }
            "operations" => {
                let body = self.body(false)?;
                let (from, to) = self.window()?;
                Ok(Expression::Operations { body, from, to })
            }
            "refusals" | "least_willing" => {
                let state = self.state(false)?;
                let (from, to) = self.window()?;
                Ok(if name == "refusals" {
                    Expression::Refusals { state, from, to }
                } else {
                    Expression::LeastWilling { state, from, to }
                })
            }
            "spending" | "side_payment" | "frameworks" => {
                let which = ["spending", "side_payment", "frameworks"].iter().position(|n| *n == name);
                let state = self.state(false)?;
                let step = self.date(true)?;
                Ok(Expression::OfState { state, which: which.unwrap_or(0), step })
            }
            "alt" => {
                if !self.alternative {
                    return Err(Fault {
                        message: "`alt` needs a what-if".into(),
                        help: Some("add whatif = \"id\" to the fact".into()),
                    });
                }
                let inner = self.or()?;
                self.expect(")")?;
                Ok(Expression::Alternative(Box::new(inner)))
            }
            _ => {
                let known: Vec<&str> = FUNCTIONS.iter().filter_map(|f| f.0.split('(').next()).collect();
                Err(self.lookup("function", name, &known))
            }
        }
    }
}

fn truth(b: bool) -> f64 {
    f64::from(u8::from(b))
}

impl Expression {
    /// The value in a run of `world`; `alternative` is the paired run of the fact's what-if.
    pub fn evaluate(&self, world: &World, record: &Record, alternative: Option<&Record>) -> f64 {
        let n = world.n();
        match self {
            Expression::Number(x) => *x,
            Expression::Not(inner) => truth(inner.evaluate(world, record, alternative) == 0.0),
            Expression::Alternative(inner) => match alternative {
                Some(other) => inner.evaluate(world, other, None),
                None => f64::NAN,
            },
            Expression::Binary(b) => {
                let x = b.left.evaluate(world, record, alternative);
                let y = b.right.evaluate(world, record, alternative);
                match b.operator {
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
                }
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
