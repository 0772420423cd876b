//! The grammar of expressions: from text to a tree whose every part knows where it stands.
//!
//! Operators bind as in arithmetic, from loose to tight: `or`, `and`, `not`, comparisons, `+ -`, `* /`, a sign. Depth and
//! length are limited, so that no text can exhaust the stack.

use std::ops::Range;

use winnow::error::{ErrMode, ParserError};
use winnow::prelude::*;
use winnow::stream::{LocatingSlice, Location, Stateful, Stream};
use winnow::token::{any, literal, take_while};

/// Most brackets, signs and `not`s inside each other.
pub const MOST_DEPTH: usize = 64;
/// Most numbers, calls and operators of one expression.
pub const MOST_PARTS: usize = 1000;

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `and`
    And,
    /// `or`
    Or,
}

/// A part of an expression and the bytes of the text it was read from.
#[derive(Clone, Debug)]
pub struct Syntax {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What stands there.
    pub tree: Tree,
}

/// What a part of an expression is.
#[derive(Clone, Debug)]
pub enum Tree {
    /// A number.
    Number(f64),
    /// A name: a metric, a state, a date such as `1999Q2`.
    Word,
    /// `not x`
    Not(Box<Syntax>),
    /// `-x`
    Minus(Box<Syntax>),
    /// Two sides and what stands between them.
    Binary(Operator, Box<Syntax>, Box<Syntax>),
    /// A function and its arguments.
    Call(Range<usize>, Vec<Syntax>),
}

/// What is wrong with an expression: words, advice and the bytes of the text they are about.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Bytes of the text.
    pub span: Range<usize>,
}

impl Fault {
    /// A fault about the bytes `span`.
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Fault { message: message.into(), help: None, span }
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// How deep and how long the text has been so far.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    depth: usize,
    parts: usize,
}

type Input<'a> = Stateful<LocatingSlice<&'a str>, Extent>;
type Parsed<T> = Result<T, ErrMode<Fault>>;

impl ParserError<Input<'_>> for Fault {
    type Inner = Fault;

    fn from_input(input: &Input<'_>) -> Self {
        let at = input.current_token_start();
        Fault::at(at..at, "the expression cannot be read here")
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }
}

/// Reads an expression.
///
/// # Errors
/// The first fault: a stray character, a missing bracket, too deep, too long.
pub fn read(text: &str) -> Result<Syntax, Fault> {
    let mut input = Stateful { input: LocatingSlice::new(text), state: Extent::default() };
    let whole = (|| {
        let syntax = or(&mut input)?;
        space(&mut input)?;
        if input.eof_offset() > 0 {
            return Err(unexpected(&mut input));
        }
        Ok(syntax)
    })();
    whole.map_err(|error: ErrMode<Fault>| match error {
        ErrMode::Backtrack(fault) | ErrMode::Cut(fault) => fault,
        ErrMode::Incomplete(_) => Fault::at(text.len()..text.len(), "the expression ends too early"),
    })
}

fn cut<T>(fault: Fault) -> Parsed<T> {
    Err(ErrMode::Cut(fault))
}

fn space(input: &mut Input<'_>) -> Parsed<()> {
    take_while(0.., char::is_whitespace).void().parse_next(input)
}

/// A run of letters, digits, `_` and `.`, with its place.
fn word<'a>(input: &mut Input<'a>) -> Parsed<(&'a str, Range<usize>)> {
    space(input)?;
    take_while(1.., |c: char| c.is_alphanumeric() || c == '_' || c == '.').with_span().parse_next(input)
}

/// The next word without taking it, or nothing.
fn peek_word<'a>(input: &mut Input<'a>) -> &'a str {
    let before = input.checkpoint();
    let found = word(input).map_or("", |w| w.0);
    input.reset(&before);
    found
}

/// Takes `sign` if it comes next; says where.
fn sign(input: &mut Input<'_>, sign: &'static str) -> Option<Range<usize>> {
    let before = input.checkpoint();
    let found = space(input).and_then(|()| literal(sign).span().parse_next(input));
    if found.is_err() {
        input.reset(&before);
    }
    found.ok()
}

/// What to say about the next token, which nothing expects.
fn unexpected(input: &mut Input<'_>) -> ErrMode<Fault> {
    if space(input).is_err() || input.eof_offset() == 0 {
        let at = input.current_token_start();
        return ErrMode::Cut(Fault::at(at..at, "the expression ends too early"));
    }
    let before = input.checkpoint();
    if let Ok((found, span)) = word(input) {
        return ErrMode::Cut(Fault::at(span, format!("`{found}` is not expected here")));
    }
    input.reset(&before);
    let one: Parsed<(char, Range<usize>)> = any.with_span().parse_next(input);
    match one {
        Ok((c, span)) if "+-*/(),<>=".contains(c) => {
            let fault = Fault::at(span, format!("`{c}` is not expected here"));
            ErrMode::Cut(if c == '=' { fault.help("equality is written ==") } else { fault })
        }
        Ok((c, span)) => ErrMode::Cut(Fault::at(span, format!("`{}` means nothing here", c.escape_debug()))),
        Err(error) => error,
    }
}

/// Counts one more part.
fn count(input: &mut Input<'_>, span: &Range<usize>) -> Parsed<()> {
    input.state.parts += 1;
    if input.state.parts > MOST_PARTS {
        return cut(Fault::at(
            span.clone(),
            format!("the expression is too long: it may have {MOST_PARTS} parts"),
        )
        .help("split it into several facts"));
    }
    Ok(())
}

/// One level deeper for `inner`.
fn deeper(
    input: &mut Input<'_>,
    span: &Range<usize>,
    inner: fn(&mut Input<'_>) -> Parsed<Syntax>,
) -> Parsed<Syntax> {
    input.state.depth += 1;
    if input.state.depth > MOST_DEPTH {
        return cut(Fault::at(
            span.clone(),
            format!("the expression is nested too deep: at most {MOST_DEPTH} levels"),
        ));
    }
    let found = inner(input)?;
    input.state.depth -= 1;
    Ok(found)
}

/// Reads an operator, if one stands there, and its place.
type ReadOperator = fn(&mut Input<'_>) -> Option<(Operator, Range<usize>)>;

/// Expressions of the next tighter level with operators of this one between them, from the left.
fn chain(
    input: &mut Input<'_>,
    operator: ReadOperator,
    next: fn(&mut Input<'_>) -> Parsed<Syntax>,
) -> Parsed<Syntax> {
    let mut left = next(input)?;
    while let Some((which, place)) = operator(input) {
        count(input, &place)?;
        let right = next(input)?;
        let span = left.span.start..right.span.end;
        left = Syntax { span, tree: Tree::Binary(which, Box::new(left), Box::new(right)) };
    }
    Ok(left)
}

fn keyword(input: &mut Input<'_>, wanted: &str) -> Option<Range<usize>> {
    if peek_word(input) != wanted {
        return None;
    }
    word(input).ok().map(|w| w.1)
}

fn or(input: &mut Input<'_>) -> Parsed<Syntax> {
    chain(input, |i| keyword(i, "or").map(|s| (Operator::Or, s)), and)
}

fn and(input: &mut Input<'_>) -> Parsed<Syntax> {
    chain(input, |i| keyword(i, "and").map(|s| (Operator::And, s)), not)
}

fn not(input: &mut Input<'_>) -> Parsed<Syntax> {
    let Some(place) = keyword(input, "not") else { return comparison(input) };
    count(input, &place)?;
    let inner = deeper(input, &place, not)?;
    Ok(Syntax { span: place.start..inner.span.end, tree: Tree::Not(Box::new(inner)) })
}

fn one_of(input: &mut Input<'_>, signs: &[(&'static str, Operator)]) -> Option<(Operator, Range<usize>)> {
    signs.iter().find_map(|&(text, operator)| sign(input, text).map(|span| (operator, span)))
}

fn comparison(input: &mut Input<'_>) -> Parsed<Syntax> {
    // the longer signs first
    let operators = |i: &mut Input<'_>| {
        one_of(
            i,
            &[
                ("<=", Operator::LessEqual),
                (">=", Operator::GreaterEqual),
                ("==", Operator::Equal),
                ("<", Operator::Less),
                (">", Operator::Greater),
            ],
        )
    };
    chain(input, operators, sum)
}

fn sum(input: &mut Input<'_>) -> Parsed<Syntax> {
    chain(input, |i| one_of(i, &[("+", Operator::Add), ("-", Operator::Subtract)]), product)
}

fn product(input: &mut Input<'_>) -> Parsed<Syntax> {
    chain(input, |i| one_of(i, &[("*", Operator::Multiply), ("/", Operator::Divide)]), primary)
}

fn primary(input: &mut Input<'_>) -> Parsed<Syntax> {
    if let Some(open) = sign(input, "(") {
        let mut inner = deeper(input, &open, or)?;
        let Some(close) = sign(input, ")") else { return missing(input, ")") };
        inner.span = open.start..close.end;
        return Ok(inner);
    }
    if let Some(place) = sign(input, "-") {
        count(input, &place)?;
        let inner = deeper(input, &place, primary)?;
        return Ok(Syntax { span: place.start..inner.span.end, tree: Tree::Minus(Box::new(inner)) });
    }
    let before = input.checkpoint();
    let Ok((text, span)) = word(input) else {
        input.reset(&before);
        return Err(unexpected(input));
    };
    count(input, &span)?;
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        if let Some((x, span)) = number(input, text, span.clone()) {
            return Ok(Syntax { span, tree: Tree::Number(x) });
        }
        return Ok(Syntax { span, tree: Tree::Word });
    }
    if sign(input, "(").is_none() {
        return Ok(Syntax { span, tree: Tree::Word });
    }
    let mut arguments = Vec::new();
    if let Some(close) = sign(input, ")") {
        return Ok(Syntax { span: span.start..close.end, tree: Tree::Call(span, arguments) });
    }
    loop {
        arguments.push(deeper(input, &span, or)?);
        if sign(input, ",").is_some() {
            continue;
        }
        let Some(close) = sign(input, ")") else { return missing(input, ")") };
        return Ok(Syntax { span: span.start..close.end, tree: Tree::Call(span, arguments) });
    }
}

/// The number that begins with the word `text`, its exponent included; `None` for dates such as `1999Q2`.
fn number(input: &mut Input<'_>, text: &str, span: Range<usize>) -> Option<(f64, Range<usize>)> {
    if let Ok(x) = text.parse::<f64>() {
        return x.is_finite().then_some((x, span));
    }
    // `1e-5` is one number, though `-` ends a word
    let mantissa = text.strip_suffix(['e', 'E'])?;
    mantissa.parse::<f64>().ok()?;
    let before = input.checkpoint();
    let minus: Parsed<char> = winnow::token::one_of(['+', '-']).parse_next(input);
    let digits: Parsed<(&str, Range<usize>)> =
        take_while(1.., |c: char| c.is_ascii_digit()).with_span().parse_next(input);
    if let (Ok(minus), Ok((digits, end))) = (minus, digits)
        && let Ok(x) = format!("{text}{minus}{digits}").parse::<f64>()
        && x.is_finite()
    {
        return Some((x, span.start..end.end));
    }
    input.reset(&before);
    None
}

fn missing<T>(input: &mut Input<'_>, wanted: &str) -> Parsed<T> {
    let fault = match unexpected(input) {
        ErrMode::Cut(fault) | ErrMode::Backtrack(fault) => fault,
        incomplete @ ErrMode::Incomplete(_) => return Err(incomplete),
    };
    let message = match fault.message.strip_suffix(" is not expected here") {
        Some(found) => format!("expected `{wanted}`, found {found}"),
        None if fault.span.is_empty() => format!("expected `{wanted}` at the end"),
        None => fault.message,
    };
    cut(Fault { message, help: None, span: fault.span })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in brackets, so that what binds tighter shows.
    fn shown(text: &str, syntax: &Syntax) -> String {
        match &syntax.tree {
            Tree::Number(x) => x.to_string(),
            Tree::Word => text[syntax.span.clone()].to_string(),
            Tree::Not(inner) => format!("(not {})", shown(text, inner)),
            Tree::Minus(inner) => format!("(-{})", shown(text, inner)),
            Tree::Binary(operator, a, b) => {
                format!("({} {operator:?} {})", shown(text, a), shown(text, b))
            }
            Tree::Call(name, arguments) => {
                let list: Vec<String> = arguments.iter().map(|a| shown(text, a)).collect();
                format!("{}({})", &text[name.clone()], list.join(", "))
            }
        }
    }

    fn tree(text: &str) -> String {
        shown(text, &read(text).expect("an expression"))
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        assert_eq!(
            tree("1+2*3<4 or not 5>-6 and a"),
            "(((1 Add (2 Multiply 3)) Less 4) Or ((not (5 Greater (-6))) And a))"
        );
        assert_eq!(tree("1-2-3"), "((1 Subtract 2) Subtract 3)");
        assert_eq!(tree("(1 - (2 - 3)) / .5"), "((1 Subtract (2 Subtract 3)) Divide 0.5)");
        assert_eq!(
            tree("f(a, 1999Q2, 2e-3) >= 1e-5 - 1"),
            "(f(a, 1999Q2, 0.002) GreaterEqual (0.00001 Subtract 1))"
        );
        assert_eq!(tree("norm < android"), "(norm Less android)", "words only begin like operators");
    }

    #[test]
    fn faults_say_where_they_are() {
        let fault = |text: &str| {
            let fault = read(text).expect_err("a fault");
            (fault.message, fault.span)
        };
        assert_eq!(fault("1 + "), ("the expression ends too early".into(), 4..4));
        assert_eq!(fault("(1 + 2"), ("expected `)` at the end".into(), 6..6));
        assert_eq!(fault("(1 2)"), ("expected `)`, found `2`".into(), 3..4));
        assert_eq!(fault("1 = 1"), ("`=` is not expected here".into(), 2..3));
        assert_eq!(fault("é ; 1"), ("`;` means nothing here".into(), 3..4));
        assert_eq!(fault(""), ("the expression ends too early".into(), 0..0));
        assert_eq!(fault("1 \u{1b}"), ("`\\u{1b}` means nothing here".into(), 2..3));
    }

    #[test]
    fn depth_and_length_have_limits() {
        for (open, close) in [("(", ")"), ("not ", ""), ("-", ""), ("f(", ")")] {
            let nested = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
            assert!(read(&nested(MOST_DEPTH)).is_ok(), "{open}");
            let fault = read(&nested(MOST_DEPTH + 1)).expect_err("too deep");
            assert!(fault.message.contains("nested too deep"), "{}", fault.message);
            assert!(read(&nested(100_000)).is_err());
        }
        let long = |n: usize| format!("1{}", " + 1".repeat(n));
        assert!(read(&long(400)).is_ok());
        assert!(read(&long(20_000)).expect_err("too long").message.contains("too long"));
    }
}
