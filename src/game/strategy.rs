//! Strategies of the iterated game, each with its source. One line of the roster names each.
//!
//! A strategy sees both histories and answers with the probability that it cooperates next. Randomness and noise
//! belong to the match.

/// What a player has seen: both sequences of moves so far, true for cooperation, and counts kept by the match.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// My own moves, as executed.
    pub mine: &'a [bool],
    /// The other's moves, as observed.
    pub theirs: &'a [bool],
}

impl Seen<'_> {
    fn their_last(&self, back: usize) -> bool {
        self.theirs.len() < back || self.theirs[self.theirs.len() - back]
    }

    fn defections(&self) -> usize {
        self.theirs.iter().filter(|c| !**c).count()
    }
}

/// What some strategies remember besides the moves.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    flag: bool,
    counters: [i64; 3],
}

/// A strategy: its name, its source and its rule.
#[derive(Clone, Copy, Debug)]
pub struct Strategy {
    /// Name in scenarios and tables.
    pub name: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What it does.
    pub meaning: &'static str,
    rule: Rule,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    /// First move and the probabilities after CC, CD, DC, DD (own move first).
    MemoryOne(f64, [f64; 4]),
    /// Anything else.
    Code(fn(Seen<'_>, &mut Memory) -> f64),
}

fn yes(b: bool) -> f64 {
    f64::from(u8::from(b))
}

fn tit_for_two_tats(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) || s.their_last(2))
}

fn two_tits_for_tat(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) && s.their_last(2))
}

fn hard_tit_for_tat(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.their_last(1) && s.their_last(2) && s.their_last(3))
}

fn grudger(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.defections() == 0)
}

fn alternator(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.mine.last().is_none_or(|m| !m))
}

/// Davis (Axelrod 1980): cooperates ten times, then plays grudger.
fn davis(s: Seen<'_>, _: &mut Memory) -> f64 {
    yes(s.mine.len() < 10 || s.defections() == 0)
}

/// Tullock (Axelrod 1980): cooperates eleven times, then a tenth less than the other did over the last ten moves.
fn tullock(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.mine.len() < 11 {
        return 1.0;
    }
    let recent = s.theirs[s.theirs.len() - 10..].iter().filter(|c| **c).count() as f64 / 10.0;
    (recent - 0.1).max(0.0)
}

/// Contrite tit for tat (Wu & Axelrod 1995): after its own mistaken defection it accepts the answer without
/// retaliating. It knows a mistake by having meant to cooperate.
fn contrite(s: Seen<'_>, m: &mut Memory) -> f64 {
    let Some(&last) = s.mine.last() else {
        m.counters[0] = 1;
        return 1.0;
    };
    if m.flag && last {
        m.flag = false;
    } else if m.counters[0] == 1 && !last && s.their_last(1) {
        // it meant to cooperate and did not
        m.flag = true;
    }
    let cooperate = m.flag || s.their_last(1);
    m.counters[0] = i64::from(cooperate);
    yes(cooperate)
}

/// Gradual (Beaufils, Delahaye & Mathieu 1996): answers the n-th defection with n defections, then two cooperations.
fn gradual(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [punish, calm, _] = &mut m.counters;
    if *punish > 0 {
        *punish -= 1;
        return 0.0;
    }
    if *calm > 0 {
        *calm -= 1;
        return 1.0;
    }
    if !s.their_last(1) {
        *punish = s.defections() as i64 - 1;
        *calm = 2;
        return 0.0;
    }
    1.0
}

/// Omega tit for tat (Kendall, Yao & Chong 2007): tit for tat that breaks deadlocks and gives up on the random.
fn omega(s: Seen<'_>, m: &mut Memory) -> f64 {
    const DEADLOCK: i64 = 3;
    const RANDOMNESS: i64 = 8;
    let [deadlock, randomness, _] = &mut m.counters;
    if s.theirs.is_empty() {
        return 1.0;
    }
    if s.theirs.len() == 1 {
        return yes(s.their_last(1));
    }
    if *deadlock >= DEADLOCK {
        *deadlock = if *deadlock == DEADLOCK { DEADLOCK + 1 } else { 0 };
        return 1.0;
    }
    let mine = s.mine[s.mine.len() - 1];
    if s.their_last(2) && s.their_last(1) {
        *randomness -= 1;
    }
    if s.their_last(2) != s.their_last(1) {
        *randomness += 1;
    }
    if mine != s.their_last(1) {
        *randomness += 1;
    }
    if *randomness >= RANDOMNESS {
        return 0.0;
    }
    if s.their_last(2) != s.their_last(1) {
        *deadlock += 1;
    } else {
        *deadlock = 0;
    }
    yes(s.their_last(1))
}

/// Tester (Axelrod 1980, second tournament): defects first; if punished, apologises once and plays tit for tat, else
/// cooperates twice and alternates.
fn tester(s: Seen<'_>, m: &mut Memory) -> f64 {
    let round = s.theirs.len();
    if round == 0 {
        return 0.0;
    }
    if !s.theirs[round - 1] && !m.flag {
        m.flag = true;
        return 1.0;
    }
    if m.flag {
        return yes(s.their_last(1));
    }
    yes(round <= 2 || !s.mine[round - 1])
}

const fn one(
    name: &'static str,
    first: f64,
    p: [f64; 4],
    source: &'static str,
    meaning: &'static str,
) -> Strategy {
    Strategy { name, source, meaning, rule: Rule::MemoryOne(first, p) }
}

const fn code(
    name: &'static str,
    rule: fn(Seen<'_>, &mut Memory) -> f64,
    source: &'static str,
    meaning: &'static str,
) -> Strategy {
    Strategy { name, source, meaning, rule: Rule::Code(rule) }
}

/// The roster. Zero-determinant strategies are for payoffs 5, 3, 1, 0.
pub const ROSTER: &[Strategy] = &[
    one("cooperator", 1.0, [1.0; 4], "Axelrod 1984", "always cooperates"),
    one("defector", 0.0, [0.0; 4], "Axelrod 1984", "always defects"),
    one("random", 0.5, [0.5; 4], "Axelrod 1980", "a fair coin"),
    one("tit-for-tat", 1.0, [1.0, 0.0, 1.0, 0.0], "Rapoport in Axelrod 1980", "does what the other last did"),
    one(
        "suspicious-tit-for-tat",
        0.0,
        [1.0, 0.0, 1.0, 0.0],
        "Boyd & Lorberbaum 1987",
        "tit for tat that opens with defection",
    ),
    one(
        "generous-tit-for-tat",
        1.0,
        [1.0, 1.0 / 3.0, 1.0, 1.0 / 3.0],
        "Molander 1985; Nowak & Sigmund 1992",
        "tit for tat that forgives one defection in three",
    ),
    one(
        "win-stay-lose-shift",
        1.0,
        [1.0, 0.0, 0.0, 1.0],
        "Nowak & Sigmund 1993",
        "keeps a move that paid, changes one that did not",
    ),
    one("bully", 0.0, [0.0, 1.0, 0.0, 1.0], "Nachbar 1992", "opposite of tit for tat, opens with defection"),
    one(
        "anti-tit-for-tat",
        1.0,
        [0.0, 1.0, 0.0, 1.0],
        "Hilbe, Nowak & Sigmund 2013",
        "opposite of tit for tat",
    ),
    one("joss", 1.0, [0.9, 0.0, 0.9, 0.0], "Joss in Axelrod 1980", "tit for tat that sneaks in a defection"),
    one(
        "zd-extort-2",
        1.0,
        [8.0 / 9.0, 0.5, 1.0 / 3.0, 0.0],
        "Press & Dyson 2012; Stewart & Plotkin 2012",
        "extorts: its surplus over P is twice the other's",
    ),
    one(
        "zd-generous-2",
        1.0,
        [1.0, 1.0 / 8.0, 1.0, 1.0 / 4.0],
        "Stewart & Plotkin 2012",
        "generous: bears more of the shortfall from R",
    ),
    code("tit-for-two-tats", tit_for_two_tats, "Axelrod 1984", "defects after two defections in a row"),
    code("two-tits-for-tat", two_tits_for_tat, "Axelrod 1984", "answers a defection twice"),
    code(
        "hard-tit-for-tat",
        hard_tit_for_tat,
        "PRISON 1998",
        "defects if the other did in the last three turns",
    ),
    code(
        "grudger",
        grudger,
        "Friedman in Axelrod 1980",
        "cooperates until the first defection (also: Friedman)",
    ),
    code("alternator", alternator, "Mittal & Deb 2009", "cooperates and defects in turn"),
    code("davis", davis, "Davis in Axelrod 1980", "ten cooperations, then grudger"),
    code(
        "tullock",
        tullock,
        "Tullock in Axelrod 1980",
        "eleven cooperations, then a tenth less than the other",
    ),
    code("tester", tester, "Gladstein in Axelrod 1980b", "probes with a defection"),
    code("contrite-tit-for-tat", contrite, "Wu & Axelrod 1995", "accepts punishment for its own mistakes"),
    code("gradual", gradual, "Beaufils, Delahaye & Mathieu 1996", "answers the n-th defection n times"),
    code("omega-tit-for-tat", omega, "Kendall, Yao & Chong 2007", "tit for tat that breaks deadlocks"),
];

impl Strategy {
    /// The strategy with this name.
    pub fn named(name: &str) -> Option<Strategy> {
        ROSTER.iter().copied().find(|s| s.name == name)
    }

    /// Probability of cooperating next.
    #[inline]
    pub fn cooperates(&self, seen: Seen<'_>, memory: &mut Memory) -> f64 {
        match self.rule {
            Rule::MemoryOne(first, p) => match (seen.mine.last(), seen.theirs.last()) {
                (Some(&mine), Some(&theirs)) => p[usize::from(!mine) * 2 + usize::from(!theirs)],
                _ => first,
            },
            Rule::Code(rule) => rule(seen, memory),
        }
    }
}
