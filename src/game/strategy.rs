//! Strategies of the iterated game, each with its source. One line of the roster names each.
//!
//! A strategy sees both histories and answers with the probability that it cooperates next. Randomness and noise
//! belong to the match.

use super::Payoffs;
use crate::random::mix;

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
    /// The stage game.
    pub payoffs: &'a Payoffs,
}

impl Seen<'_> {
    fn their_last(&self, back: usize) -> bool {
        self.theirs.len() < back || self.theirs[self.theirs.len() - back]
    }

    fn defections(&self) -> usize {
        self.theirs.len() - self.their_cooperations
    }

    /// Whether this is one of the last two turns of a match of known length.
    fn last_two(&self) -> bool {
        self.length.is_some_and(|n| self.theirs.len() + 2 >= n)
    }

    /// Whether a chi-squared test at 5% (one degree of freedom) cannot tell the other from a fair coin.
    fn seems_random(&self) -> bool {
        const CRITICAL: f64 = 3.841_458_820_694_124;
        let (c, d) = (self.their_cooperations as f64, self.defections() as f64);
        (c - d) * (c - d) <= CRITICAL * (c + d)
    }
}

/// What some strategies remember besides the moves.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    flag: bool,
    counters: [i64; 6],
    salt: u64,
}

impl Memory {
    /// A blank memory; `salt` seeds the private draws of strategies that plan ahead at random.
    pub fn new(salt: u64) -> Self {
        Memory { salt, ..Memory::default() }
    }
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
        // it has made amends: this move lets the answer to its mistake pass
        m.flag = false;
        m.counters[0] = 1;
        return 1.0;
    }
    if m.counters[0] == 1 && !last && s.their_last(1) {
        // it meant to cooperate and did not
        m.flag = true;
    }
    let cooperate = s.their_last(1);
    m.counters[0] = i64::from(cooperate);
    yes(cooperate)
}

/// Gradual (Beaufils, Delahaye & Mathieu 1996): answers the n-th defection with n defections, then two cooperations.
fn gradual(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [punish, calm, ..] = &mut m.counters;
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
    let [deadlock, randomness, ..] = &mut m.counters;
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

/// Grofman (Axelrod 1980): after different moves it cooperates with probability 2/7, otherwise always.
fn grofman(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.mine.last() == s.theirs.last() { 1.0 } else { 2.0 / 7.0 }
}

/// Shubik (Axelrod 1980): answers each departure from mutual cooperation with one defection more than the last.
fn shubik(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [length, left, ..] = &mut m.counters;
    if *left > 0 {
        *left -= 1;
        return 0.0;
    }
    if !s.their_last(1) && s.mine.last() == Some(&true) {
        *length += 1;
        *left = *length - 1;
        return 0.0;
    }
    1.0
}

/// Nydegger (Axelrod 1980): tit for tat for three moves, then a fixed answer to each of the 64 sequences of three
/// outcomes; the latest outcome has weight 16, as in the field's reference.
fn nydegger(s: Seen<'_>, _: &mut Memory) -> f64 {
    const DEFECT: [usize; 19] = [1, 6, 7, 17, 22, 23, 26, 29, 30, 31, 33, 38, 39, 45, 49, 54, 55, 58, 61];
    let n = s.theirs.len();
    if n < 3 {
        return yes(s.their_last(1) && !(n == 2 && !s.theirs[0] && s.theirs[1]));
    }
    let points = |back: usize| usize::from(!s.mine[n - back]) + 2 * usize::from(!s.theirs[n - back]);
    yes(!DEFECT.contains(&(16 * points(1) + 4 * points(2) + points(3))))
}

/// Feld (Axelrod 1980): tit for tat whose cooperation falls to one half by the 200th move, here in a straight line.
fn feld(s: Seen<'_>, _: &mut Memory) -> f64 {
    if s.their_last(1) { (1.0 - 0.0025 * s.theirs.len() as f64).max(0.5) } else { 0.0 }
}

/// Downing (Axelrod 1980; Downing 1975): estimates how the other answers its cooperation and its defection, and
/// takes the better of always cooperating and always defecting against that.
fn downing(s: Seen<'_>, m: &mut Memory) -> f64 {
    let [after_c, after_d, ..] = &mut m.counters;
    let n = s.mine.len();
    if n >= 1 && s.theirs[n - 1] {
        // the first move of the other counts as an answer to cooperation before the match
        if n == 1 || s.mine[n - 2] { *after_c += 1 } else { *after_d += 1 }
    }
    if n < 2 {
        return 0.0;
    }
    let alpha = *after_c as f64 / (s.my_cooperations + 1) as f64;
    let beta = *after_d as f64 / (n - s.my_cooperations).max(2) as f64;
    let p = s.payoffs;
    let cooperate = alpha * p.reward + (1.0 - alpha) * p.sucker;
    let defect = beta * p.temptation + (1.0 - beta) * p.punishment;
    if cooperate == defect { yes(!s.mine[n - 1]) } else { yes(cooperate > defect) }
}

/// Stein and Rapoport (Axelrod 1980): tit for tat that opens with four cooperations, tests for a random opponent every
/// fifteen moves, defects on it, and defects on the last two moves.
fn stein_rapoport(s: Seen<'_>, m: &mut Memory) -> f64 {
    let turn = s.theirs.len() + 1;
    if turn.is_multiple_of(15) {
        m.flag = s.seems_random();
    }
    if s.last_two() {
        0.0
    } else if turn < 5 {
        1.0
    } else if m.flag {
        0.0
    } else {
        yes(s.their_last(1))
    }
}

/// Tideman and Chieruzzi (Axelrod 1980): retaliates one move longer for each run of defections, gives a fresh start to
/// a trailing opponent that does not look random, and defects on the last two moves.
fn tideman_chieruzzi(s: Seen<'_>, m: &mut Memory) -> f64 {
    let n = s.theirs.len();
    let [length, left, lead, start, remembered, fresh] = &mut m.counters;
    if n == 0 {
        return yes(!s.last_two());
    }
    let (mine, theirs) = (s.mine[n - 1], s.theirs[n - 1]);
    *remembered += i64::from(!theirs);
    *lead += i64::from(theirs) - i64::from(mine);
    let answer = if *fresh == 1 {
        *fresh = 0;
        true
    } else {
        let turn = n as i64 + 1;
        let (total, count) = (n as f64, *remembered as f64);
        let spread = 1.5 * total.sqrt();
        let deserved = (*start == 0 || turn - *start >= 20)
            && *lead as f64 * (s.payoffs.temptation - s.payoffs.sucker) >= 10.0
            && s.length.is_none_or(|all| all as i64 - turn >= 10)
            && theirs
            && (count <= total / 2.0 - spread || count >= total / 2.0 + spread);
        if deserved {
            (*start, *fresh) = (turn, 1);
            (*length, *left, *remembered) = (0, 0, 0);
            true
        } else if *left > 0 {
            *left -= 1;
            false
        } else if !theirs {
            *length += 1;
            *left = *length - 1;
            false
        } else {
            true
        }
    };
    yes(answer && !s.last_two())
}

/// Graaskamp (Axelrod 1980): tit for tat with one probing defection on move 51; from move 57 it defects on a player
/// that looks random, plays tit for tat with tit for tat and its twin, and else defects once every 5 to 15 moves.
fn graaskamp(s: Seen<'_>, m: &mut Memory) -> f64 {
    let n = s.theirs.len();
    let [broke_echo, broke_twin, next, draws, ..] = &mut m.counters;
    if n == 0 {
        return 1.0;
    }
    if n >= 2 && s.theirs[n - 1] != s.mine[n - 2] {
        *broke_echo = 1;
    }
    if s.theirs[n - 1] != s.mine[n - 1] {
        *broke_twin = 1;
    }
    if n < 56 {
        return yes(s.their_last(1) && n != 50);
    }
    m.flag |= s.seems_random();
    if m.flag {
        return 0.0;
    }
    if *broke_echo == 0 || *broke_twin == 0 {
        return yes(s.their_last(1));
    }
    let salt = m.salt;
    let mut pause = || {
        *draws += 1;
        5 + (mix(salt, *draws as u64) % 11) as i64
    };
    if *next == 0 {
        *next = n as i64 + pause();
    }
    if n as i64 == *next {
        *next = n as i64 + pause();
        return 0.0;
    }
    1.0
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
    code(
        "grofman",
        grofman,
        "Grofman in Axelrod 1980",
        "after different moves cooperates with probability 2/7",
    ),
    code("shubik", shubik, "Shubik in Axelrod 1980", "retaliates one move longer each time"),
    code(
        "nydegger",
        nydegger,
        "Nydegger in Axelrod 1980",
        "a fixed answer to each sequence of the last three outcomes",
    ),
    code("feld", feld, "Feld in Axelrod 1980", "tit for tat whose cooperation falls to 1/2 by move 200"),
    code("downing", downing, "Downing in Axelrod 1980", "best answer to the other's estimated reactions"),
    code(
        "stein-rapoport",
        stein_rapoport,
        "Stein & Rapoport in Axelrod 1980",
        "tit for tat that defects on random players and at the end",
    ),
    code(
        "tideman-chieruzzi",
        tideman_chieruzzi,
        "Tideman & Chieruzzi in Axelrod 1980",
        "growing retaliation with fresh starts; defects at the end",
    ),
    code(
        "graaskamp",
        graaskamp,
        "Graaskamp in Axelrod 1980",
        "tit for tat that probes, then defects now and then",
    ),
    code("omega-tit-for-tat", omega, "Kendall, Yao & Chong 2007", "tit for tat that breaks deadlocks"),
];

/// Other names a strategy is known by.
pub const ALIASES: &[(&str, &str)] = &[
    ("tft", "tit-for-tat"),
    ("gtft", "generous-tit-for-tat"),
    ("wsls", "win-stay-lose-shift"),
    ("pavlov", "win-stay-lose-shift"),
    ("friedman", "grudger"),
    ("grim", "grudger"),
    ("allc", "cooperator"),
    ("always-cooperate", "cooperator"),
    ("alld", "defector"),
    ("always-defect", "defector"),
    ("tideman-and-chieruzzi", "tideman-chieruzzi"),
    ("stein-and-rapoport", "stein-rapoport"),
];

/// A name as typed by people ("Tit for Tat", `tit_for_tat`) in the spelling of the roster.
pub fn spelling(name: &str) -> String {
    let plain = name.trim().to_lowercase().replace([' ', '_'], "-");
    match ALIASES.iter().find(|(alias, _)| *alias == plain) {
        Some((_, name)) => (*name).to_string(),
        None => plain,
    }
}

impl Strategy {
    /// The strategy with this name, however it is spelt; see [`spelling`].
    pub fn named(name: &str) -> Option<Strategy> {
        let name = spelling(name);
        ROSTER.iter().copied().find(|s| s.name == name)
    }

    /// First move and the chances of cooperating after CC, CD, DC, DD (own move first), if the strategy looks back no
    /// further than one turn.
    pub fn memory_one(&self) -> Option<(f64, [f64; 4])> {
        match self.rule {
            Rule::MemoryOne(first, p) => Some((first, p)),
            Rule::Code(_) => None,
        }
    }

    /// Probability of cooperating next.
    #[inline]
    pub fn cooperates(&self, seen: Seen<'_>, memory: &mut Memory) -> f64 {
        match self.rule {
            Rule::MemoryOne(first, p) => after(first, &p, seen),
            Rule::Code(rule) => rule(seen, memory),
        }
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
