//! The roster: strategies of the iterated game, one family a file, each with its source.
//!
//! Names are those of the literature where it has one. The classes of Axelrod-Python (Knight et al. 2016) are understood
//! as well, with their parameters. Where a description leaves room, that library's reading is followed, and matches are
//! held against it (`tests/peers`, `tests/data`).

use super::Payoffs;
use super::machine::Machine;
use super::strategy::{Memory, MemoryOne, Rule, Seen, Setting, Strategy};
use super::table::LookUp;

mod adaptive;
mod constant;
mod first_tournament;
mod gradual;
mod grudger;
mod machines;
mod majority;
mod memory_two;
mod prober;
mod punisher;
mod retaliate;
mod second_tournament;
mod signals;
mod stochastic;
mod tables;
mod tit_for_tat;
mod zero_determinant;

/// The families, in the order of the roster.
const FAMILIES: &[&[Strategy]] = &[
    constant::FAMILY,
    tit_for_tat::FAMILY,
    stochastic::FAMILY,
    zero_determinant::FAMILY,
    grudger::FAMILY,
    gradual::FAMILY,
    punisher::FAMILY,
    retaliate::FAMILY,
    majority::FAMILY,
    prober::FAMILY,
    signals::FAMILY,
    adaptive::FAMILY,
    memory_two::FAMILY,
    machines::FAMILY,
    tables::FAMILY,
    first_tournament::FAMILY,
    second_tournament::FAMILY,
];

/// Every strategy.
pub fn roster() -> impl Iterator<Item = &'static Strategy> {
    FAMILIES.iter().copied().flatten()
}

/// The strategies that play when no one is named: short ones that everybody knows. All others play when called.
pub const WELL_KNOWN: &[&str] = &[
    "cooperator",
    "defector",
    "random",
    "alternator",
    "tit-for-tat",
    "suspicious-tit-for-tat",
    "generous-tit-for-tat",
    "tit-for-two-tats",
    "two-tits-for-tat",
    "hard-tit-for-tat",
    "contrite-tit-for-tat",
    "omega-tit-for-tat",
    "anti-tit-for-tat",
    "bully",
    "win-stay-lose-shift",
    "zd-extort-2",
    "zd-generous-2",
    "grudger",
    "gradual",
    "original-gradual",
    "go-by-majority",
    "prober",
    "adaptive",
    "tester",
    "davis",
    "downing",
    "feld",
    "graaskamp",
    "grofman",
    "joss",
    "nydegger",
    "shubik",
    "stein-rapoport",
    "tideman-chieruzzi",
    "tullock",
];

/// Other names a strategy is known by.
pub const ALIASES: &[(&str, &str)] = &[
    ("tft", "tit-for-tat"),
    ("tf2t", "tit-for-two-tats"),
    ("tft2", "tit-for-two-tats"),
    ("htft", "hard-tit-for-tat"),
    ("hard-tf2t", "hard-tit-for-two-tats"),
    ("hardtft", "hard-tit-for-tat"),
    ("ctft", "contrite-tit-for-tat"),
    ("atft", "adaptive-tit-for-tat"),
    ("stft", "suspicious-tit-for-tat"),
    ("mistrust", "suspicious-tit-for-tat"),
    ("psycho", "anti-tit-for-tat"),
    ("generous-tft", "generous-tit-for-tat"),
    ("wsls", "win-stay-lose-shift"),
    ("pavlov", "win-stay-lose-shift"),
    ("friedman", "grudger"),
    ("grim", "grudger"),
    ("grim-trigger", "grudger"),
    ("spiteful", "grudger"),
    ("allc", "cooperator"),
    ("always-cooperate", "cooperator"),
    ("alld", "defector"),
    ("always-defect", "defector"),
    ("rand", "random"),
    ("extort-2", "zd-extort-2"),
    ("soft-go-by-majority", "go-by-majority"),
    ("soft-majority", "go-by-majority"),
    ("hard-majority", "hard-go-by-majority"),
    ("gradual-1996", "original-gradual"),
    ("gradual-2018", "gradual"),
    ("sgrim", "soft-grudger"),
    ("tranquil", "firm-but-fair"),
    ("per-ccd", "cycler-ccd"),
    ("per-ddc", "cycler-ddc"),
    ("tideman-and-chieruzzi", "tideman-chieruzzi"),
    ("stein-and-rapoport", "stein-rapoport"),
];

const fn setting(
    name: &'static str,
    python: &'static str,
    default: f64,
    range: (f64, f64),
    meaning: &'static str,
) -> Setting {
    Setting { name, python, default, low: range.0, high: range.1, whole: false, meaning }
}

const fn count(
    name: &'static str,
    python: &'static str,
    default: f64,
    range: (f64, f64),
    meaning: &'static str,
) -> Setting {
    Setting { name, python, default, low: range.0, high: range.1, whole: true, meaning }
}

/// A strategy without settings yet: name, class in Axelrod-Python, source, meaning, rule.
const fn with(words: [&'static str; 4], rule: Rule) -> Strategy {
    let [name, python, source, meaning] = words;
    Strategy { name, python, source, meaning, settings: &[], rule }
}

/// A memory-one strategy.
const fn one(words: [&'static str; 4], rule: fn(&[f64], &Payoffs) -> MemoryOne) -> Strategy {
    with(words, Rule::MemoryOne(rule))
}

/// A strategy that is a function.
const fn code(words: [&'static str; 4], rule: fn(Seen<'_>, &mut Memory) -> f64) -> Strategy {
    with(words, Rule::Code(rule))
}

/// A finite state machine.
const fn machine(words: [&'static str; 4], rule: fn() -> Machine) -> Strategy {
    with(words, Rule::Machine(rule))
}

/// A look-up table.
const fn table(words: [&'static str; 4], rule: fn() -> LookUp) -> Strategy {
    with(words, Rule::LookUp(rule))
}

impl Strategy {
    /// The same strategy with settings.
    const fn set(self, settings: &'static [Setting]) -> Strategy {
        Strategy { settings, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_classes_and_aliases_mean_one_strategy_each() {
        let bare = |n: &str| n.replace('-', "").to_lowercase();
        let mut names: Vec<String> = Vec::new();
        for s in roster() {
            names.push(bare(s.name));
            if !s.python.is_empty() && bare(s.python) != bare(s.name) {
                names.push(bare(s.python));
            }
            assert!(!s.source.is_empty() && !s.meaning.is_empty(), "{}", s.name);
        }
        names.extend(ALIASES.iter().map(|a| bare(a.0)));
        names.sort();
        let twice: Vec<_> = names.windows(2).filter(|w| w[0] == w[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        for (alias, name) in ALIASES {
            assert!(roster().any(|s| s.name == *name), "{alias} means {name}, which is not there");
        }
        for name in WELL_KNOWN {
            assert!(roster().any(|s| s.name == *name), "{name}");
        }
        assert!(roster().count() >= 90, "{}", roster().count());
    }

    #[test]
    fn machines_and_tables_of_the_roster_are_whole() {
        for s in roster() {
            match s.rule {
                // one state that always defects stands for a machine with a fault
                Rule::Machine(build) => assert!(build().states() > 1, "{}", s.name),
                Rule::LookUp(build) => assert!(build().answers() > 1, "{}", s.name),
                _ => {}
            }
        }
    }

    #[test]
    fn defaults_lie_in_their_ranges() {
        for s in roster() {
            for setting in s.settings {
                let fine = setting.default.is_nan() || setting.refuses(setting.default).is_none();
                assert!(fine, "{} {}", s.name, setting.name);
            }
        }
    }
}
