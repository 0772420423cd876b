//! What a strategy of the iterated game is: what it sees, what it remembers, what may be set, and how it is called.
//!
//! A strategy sees both histories and answers with the probability that it cooperates next. Randomness and noise
//! belong to the match. The strategies themselves are in [`super::strategies`], a file for each family.

use super::Payoffs;
use super::machine::Machine;
use super::strategies::{ALIASES, roster};
use super::table::LookUp;

/// What a player has seen: both sequences of moves so far, true for cooperation, and counts kept by the match.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// My own moves, as executed.
    pub mine: &'a [bool],
    /// The other's moves, as observed.
    pub theirs: &'a [bool],
    /// How often I cooperated.
    pub my_cooperations: usize,
    /// How often the other was seen to cooperate.
    pub their_cooperations: usize,
    /// Length of the match, if it is fixed.
    pub length: Option<usize>,
    /// The stage game, as this player is paid.
    pub payoffs: &'a Payoffs,
    /// Values of the strategy's settings, in their order; filled in by the player.
    pub settings: &'a [f64],
}

impl Seen<'_> {
    /// The other's move `back` turns ago, 1 for the last; cooperation before the match.
    pub(in crate::game) fn their_last(&self, back: usize) -> bool {
        self.theirs.len() < back || self.theirs[self.theirs.len() - back]
    }

    /// The own move `back` turns ago, 1 for the last; cooperation before the match.
    pub(in crate::game) fn my_last(&self, back: usize) -> bool {
        self.mine.len() < back || self.mine[self.mine.len() - back]
    }

    /// The other's moves over the last `depth` turns, fewer at the start.
    pub(in crate::game) fn their_recent(&self, depth: usize) -> &[bool] {
        &self.theirs[self.theirs.len().saturating_sub(depth)..]
    }

    /// How often the other was seen to defect.
    pub(in crate::game) fn defections(&self) -> usize {
        self.theirs.len() - self.their_cooperations
    }

    /// Turns played.
    pub(in crate::game) fn turns(&self) -> usize {
        self.theirs.len()
    }

    /// Whether this is one of the last `count` turns of a match of known length.
    pub(in crate::game) fn last_turns(&self, count: usize) -> bool {
        self.length.is_some_and(|n| self.theirs.len() + count >= n)
    }

    /// Whether a chi-squared test at 5% (one degree of freedom) cannot tell the other from a fair coin.
    pub(in crate::game) fn seems_random(&self) -> bool {
        const CRITICAL: f64 = 3.841_458_820_694_124;
        let (c, d) = (self.their_cooperations as f64, self.defections() as f64);
        (c - d) * (c - d) <= CRITICAL * (c + d)
    }
}

/// What some strategies remember besides the moves.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(in crate::game) flag: bool,
    pub(in crate::game) counters: [i64; 6],
    pub(in crate::game) levels: [f64; 2],
    pub(in crate::game) salt: u64,
}

impl Memory {
    /// A blank memory; `salt` seeds the private draws of strategies that plan ahead at random.
    pub fn new(salt: u64) -> Self {
        Memory { salt, ..Memory::default() }
    }
}

/// A number of a strategy that may be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Name in files and on the command line.
    pub name: &'static str,
    /// Its name in Axelrod-Python.
    pub python: &'static str,
    /// Value if none is given; NaN if it follows from the payoffs.
    pub default: f64,
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// Whether it counts something.
    pub whole: bool,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

/// First move and the chances of cooperating after CC, CD, DC, DD, own move first.
pub type MemoryOne = (f64, [f64; 4]);

/// A strategy: its name, its source and its rule.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    /// Name in scenarios and tables.
    pub name: &'static str,
    /// Name of its class in Axelrod-Python; empty if that library has none.
    pub python: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// What may be set.
    pub settings: &'static [Setting],
    pub(in crate::game) rule: Rule,
}

/// How a strategy decides.
#[derive(Clone, Copy, Debug)]
pub(in crate::game) enum Rule {
    /// Chances that depend on the last turn only, from the settings and the payoffs.
    MemoryOne(fn(&[f64], &Payoffs) -> MemoryOne),
    /// A function of what was seen and remembered.
    Code(fn(Seen<'_>, &mut Memory) -> f64),
    /// A finite state machine.
    Machine(fn() -> Machine),
    /// A look-up table.
    LookUp(fn() -> LookUp),
}

/// Certainty as a chance.
pub(in crate::game) fn yes(b: bool) -> f64 {
    f64::from(u8::from(b))
}

/// A name as typed by people ("Tit for Tat", `tit_for_tat`, `TitForTat`, `tft`) in the spelling of the roster; a name
/// that is not on the roster with small letters and hyphens.
pub fn spelling(name: &str) -> String {
    let plain = name.trim().to_lowercase().replace([' ', '_'], "-");
    match find(name) {
        Some(strategy) => strategy.name.to_string(),
        None => plain,
    }
}

/// Letters and digits of a name, small.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The strategy called so, by its name, its class in Axelrod-Python or an alias, however it is spelt.
fn find(name: &str) -> Option<&'static Strategy> {
    let wanted = bare(name);
    if wanted.is_empty() {
        return None;
    }
    let alias = ALIASES.iter().find(|(alias, _)| bare(alias) == wanted).map(|(_, name)| *name);
    roster().find(|s| alias == Some(s.name) || bare(s.name) == wanted || bare(s.python) == wanted)
}

impl Strategy {
    /// The strategy with this name, however it is spelt; see [`spelling`].
    pub fn named(name: &str) -> Option<Strategy> {
        find(name).copied()
    }

    /// Values of the settings if none is given.
    pub fn defaults(&self) -> Vec<f64> {
        self.settings.iter().map(|s| s.default).collect()
    }

    /// The setting called so, by its own name or that of Axelrod-Python, with its place.
    pub fn setting(&self, name: &str) -> Option<(usize, &'static Setting)> {
        let wanted = bare(name);
        self.settings.iter().enumerate().find(|(_, s)| bare(s.name) == wanted || bare(s.python) == wanted)
    }
}

impl Setting {
    /// Why a value cannot be taken, if it cannot.
    pub fn refuses(&self, value: f64) -> Option<String> {
        if !(self.low..=self.high).contains(&value) {
            return Some(format!("`{}` is {value}, outside {} to {}", self.name, self.low, self.high));
        }
        (self.whole && value.fract() != 0.0)
            .then(|| format!("`{}` is {value}, not a whole number", self.name))
    }
}

/// A player as called for on one line: a strategy with settings, and perhaps a label, as in `TitForTat`, `Davis: 10`,
/// `ZDExtort2(phi=0.1, s=0.5)`, `mine = tit-for-tat`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Name to play under, if one is given.
    pub label: Option<String>,
    /// Name of the strategy as typed.
    pub name: String,
    /// Settings as typed: a name if one is given, and the value.
    pub values: Vec<(Option<String>, String)>,
}

impl Call {
    /// Takes a line apart. Nothing is looked up.
    pub fn parse(text: &str) -> Call {
        let (head, list) = match (text.split_once('('), text.split_once(':')) {
            (Some((head, rest)), colon) if colon.is_none_or(|c| c.0.len() > head.len()) => {
                (head, rest.trim_end().trim_end_matches(')'))
            }
            (_, Some((head, rest))) => (head, rest),
            _ => (text, ""),
        };
        let (label, name) = match head.split_once('=') {
            Some((label, name)) => (Some(label.trim().to_string()), name),
            None => (None, head),
        };
        let values = list
            .split(',')
            .map(str::trim)
            .filter(|v| !v.is_empty())
            .map(|v| match v.split_once('=') {
                Some((name, value)) => (Some(name.trim().to_string()), value.trim().to_string()),
                None => (None, v.to_string()),
            })
            .collect();
        Call { label, name: name.trim().to_string(), values }
    }

    /// Takes a list apart at its commas: those inside brackets, and those before a bare number or a setting with `=`
    /// after a colon, belong to one call.
    pub fn split(list: &str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut depth = 0usize;
        let mut open = String::new();
        for c in list.chars().chain([',']) {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if c != ',' || depth > 0 {
                open.push(c);
                continue;
            }
            let part = std::mem::take(&mut open).trim().to_string();
            let value = part.split_once('=').map_or(part.as_str(), |(_, v)| v).trim();
            match out.last_mut() {
                Some(last) if last.contains(':') && value.parse::<f64>().is_ok() => {
                    *last += ", ";
                    *last += &part;
                }
                _ if part.is_empty() => {}
                _ => out.push(part),
            }
        }
        if !open.trim().is_empty() {
            out.push(open.trim().trim_end_matches(',').to_string());
        }
        out
    }
}

/// The answer of a memory-one rule.
#[inline]
pub(super) fn after(first: f64, p: &[f64; 4], seen: Seen<'_>) -> f64 {
    match (seen.mine.last(), seen.theirs.last()) {
        (Some(&mine), Some(&theirs)) => p[usize::from(!mine) * 2 + usize::from(!theirs)],
        _ => first,
    }
}
