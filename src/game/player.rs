//! Who sits at the table: a strategy of the roster, a memory-one rule of one's own, or a school.

use super::Payoffs;
use super::strategy::{Memory, Seen, Strategy, after};
use crate::model::choice;
use crate::model::parameters::World;
use crate::theory::{Encounter, Learning, Ledger, Roster, Sum, common, constructivism};

/// A player of matches.
#[derive(Clone, Debug)]
pub struct Player {
    /// Name in tables, unique in a tournament.
    pub name: String,
    /// Capability relative to the other players, any unit above 0.
    pub power: f64,
    mind: Mind,
}

#[derive(Clone, Debug)]
enum Mind {
    Strategy(Strategy),
    MemoryOne(f64, [f64; 4]),
    School(Box<Diplomat>),
}

/// A school at the table: the rule of [`crate::theory`] meets an [`Encounter`] on every turn.
#[derive(Clone, Debug)]
pub struct Diplomat {
    /// Index in [`crate::theory::SCHOOLS`].
    pub school: usize,
    /// Parameters of the schools.
    pub roster: Roster,
    /// Parameters every school shares; memory, forgetting, effort and sensitivity are used.
    pub common: World,
    /// What does not change during a match. Payoffs, belief and the last move are filled in on every turn.
    pub encounter: Encounter,
    /// Shadow of the future as given, 0-1; else the chance that the match goes on, or the model's default if the
    /// length is fixed.
    pub shadow: Option<f64>,
    /// Threat from the other as given, 0-1; else the other's share of the power of both.
    pub threat: Option<f64>,
    /// Belief that the other cooperates before the first turn, 0-1.
    pub trust: f64,
}

/// What a player remembers of a match.
#[derive(Clone, Debug, Default)]
pub struct Mindset {
    memory: Memory,
    evidence: [f64; 2],
    identification: f64,
    internalisation: f64,
    encounter: Encounter,
    terms: Sum,
    learning: Option<Learning>,
}

impl From<Strategy> for Player {
    fn from(strategy: Strategy) -> Self {
        Player { name: strategy.name.to_string(), power: 1.0, mind: Mind::Strategy(strategy) }
    }
}

impl Player {
    /// The player with this name on the roster, however it is spelt.
    pub fn named(name: &str) -> Option<Self> {
        Strategy::named(name).map(Player::from)
    }

    /// A player with a memory-one rule: chance of cooperating on the first move and after CC, CD, DC, DD (own move
    /// first), each 0-1 (Nowak & Sigmund 1990).
    pub fn memory_one(name: &str, first: f64, p: [f64; 4]) -> Self {
        Player { name: name.to_string(), power: 1.0, mind: Mind::MemoryOne(first, p) }
    }

    /// A school as a player.
    pub fn school(name: &str, power: f64, diplomat: Diplomat) -> Self {
        Player { name: name.to_string(), power, mind: Mind::School(Box::new(diplomat)) }
    }

    /// Whether a school decides.
    pub fn is_school(&self) -> bool {
        matches!(self.mind, Mind::School(_))
    }

    /// First move and chances after CC, CD, DC, DD, if the player looks back no further than one turn.
    pub fn as_memory_one(&self) -> Option<(f64, [f64; 4])> {
        match &self.mind {
            Mind::Strategy(s) => s.memory_one(),
            Mind::MemoryOne(first, p) => Some((*first, *p)),
            Mind::School(_) => None,
        }
    }

    /// The mindset before the first turn of a match against `other`; the match ends after each turn with chance
    /// `ending`.
    pub fn prepare(&self, other: &Player, payoffs: &Payoffs, ending: f64, salt: u64) -> Mindset {
        let mut mindset = Mindset { memory: Memory::new(salt), terms: Sum::default(), ..Mindset::default() };
        if let Mind::School(d) = &self.mind {
            let e = &mut mindset.encounter;
            *e = d.encounter.clone();
            e.payoffs = *payoffs;
            e.shadow = d.shadow.unwrap_or(if ending > 0.0 { 1.0 - ending } else { d.common.shadow });
            e.threat = d.threat.unwrap_or(other.power / (self.power + other.power));
            mindset.identification = e.identification;
            mindset.internalisation = e.internalisation;
            let evidence = 1.0 / (1.0 - d.common.forgetting);
            mindset.evidence = [d.trust * evidence, (1.0 - d.trust) * evidence];
            mindset.learning = Some(d.roster.learning(&d.weights()));
        }
        mindset
    }

    /// Probability of cooperating next. To be asked once a turn.
    #[inline]
    pub fn cooperates(&self, seen: Seen<'_>, mindset: &mut Mindset) -> f64 {
        match &self.mind {
            Mind::Strategy(s) => s.cooperates(seen, &mut mindset.memory),
            Mind::MemoryOne(first, p) => after(*first, p, seen),
            Mind::School(d) => d.cooperates(seen, mindset),
        }
    }
}

impl Diplomat {
    fn weights(&self) -> [f64; 3] {
        let mut weights = [0.0; 3];
        weights[self.school] = 1.0;
        weights
    }

    fn cooperates(&self, seen: Seen<'_>, m: &mut Mindset) -> f64 {
        if let (Some(&mine), Some(&theirs)) = (seen.mine.last(), seen.theirs.last()) {
            self.learn(mine, theirs, m);
        }
        let ceiling = m.learning.map_or(1.0, |l| l.ceiling);
        let trust = (m.evidence[0] / (m.evidence[0] + m.evidence[1]).max(1e-12)).min(ceiling);
        let e = &mut m.encounter;
        e.last_seen = seen.theirs.last().map_or(trust, |&c| f64::from(u8::from(c)));
        e.belief = (1.0 - self.common.memory) * trust + self.common.memory * e.last_seen;
        e.identification = m.identification;
        e.internalisation = m.internalisation;
        let role = self.roster.cooperate(&self.weights(), e, &mut m.terms);
        m.terms.add(&common::EFFORT, -self.common.effort);
        let norm = if role > 0.0 { constructivism::role_norm(e.identification, e.last_seen) } else { 0.0 };
        role * norm + (1.0 - role) * choice(self.common.sensitivity, m.terms.total())
    }

    /// Trust, identification and internalisation after one turn, as in the model with a turn for a quarter. The other's
    /// identification is not seen at the table, so there is no reflected appraisal.
    fn learn(&self, mine: bool, theirs: bool, m: &mut Mindset) {
        let share = f64::from(u8::from(theirs));
        let betrayal = m.learning.map_or(1.0, |l| l.betrayal);
        m.evidence[0] = self.common.forgetting * m.evidence[0] + share;
        m.evidence[1] = self.common.forgetting * m.evidence[1] + betrayal * (1.0 - share);
        if self.school != 2 {
            return;
        }
        let school = &self.roster.constructivism;
        let (act, old) = (2.0 * share - 1.0, m.identification);
        let rate = if old * act < 0.0 { school.rate * (1.0 - school.bias) } else { school.rate };
        m.identification = (old + rate * (act - old)).clamp(-1.0, 1.0);
        let asked = constructivism::role_norm(old, share);
        let pi = m.internalisation;
        m.internalisation = if (asked - f64::from(u8::from(mine))).abs() < 0.5 {
            pi + school.internalise * (1.0 - pi)
        } else {
            pi - school.erode * pi
        };
    }
}

/// What a player is like, by Axelrod's three words, found by asking it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Character {
    /// Never the first to defect: cooperates with probability .99 or more as long as the other does.
    pub nice: bool,
    /// More likely than not to defect right after one uncalled-for defection, and to cooperate there without it.
    pub retaliating: bool,
    /// Cooperates again within twenty turns of one defection, if the other does.
    pub forgiving: bool,
}

impl Player {
    /// Asks the player without noise: the other cooperates for 200 turns; or defects once after twenty, then
    /// cooperates. Where the player draws, its likelier move counts (Axelrod 1984, chapter 2).
    pub fn character(&self, payoffs: &Payoffs) -> Character {
        let other = Player::memory_one("", 1.0, [1.0; 4]);
        // the player's chances when the other defects on turn `lapse` only
        let chances = |turns: usize, lapse: usize| {
            let mut mindset = self.prepare(&other, payoffs, 0.0, 1);
            let (mut mine, mut theirs, mut out): (Vec<bool>, Vec<bool>, Vec<f64>) = Default::default();
            for turn in 0..turns {
                let seen = Seen {
                    mine: &mine,
                    theirs: &theirs,
                    my_cooperations: mine.iter().filter(|c| **c).count(),
                    their_cooperations: theirs.iter().filter(|c| **c).count(),
                    length: None,
                    payoffs,
                };
                let chance = self.cooperates(seen, &mut mindset);
                out.push(chance);
                mine.push(chance >= 0.5);
                theirs.push(turn != lapse);
            }
            out
        };
        let peace = chances(200, usize::MAX);
        let lapse = chances(45, 20);
        Character {
            nice: peace.iter().all(|&c| c >= 0.99),
            retaliating: peace[21] >= 0.5 && lapse[21] < 0.5,
            forgiving: lapse[42..].iter().all(|&c| c >= 0.5),
        }
    }
}
