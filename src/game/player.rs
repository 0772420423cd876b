//! Who sits at the table: a strategy of the roster, a memory-one rule of one's own, or a school.

use super::Payoffs;
use super::strategy::{Memory, Seen, Strategy, after};
use crate::math::{LANES, tanh};
use crate::model::choice;
use crate::model::parameters::World;
use crate::theory::frame::{Game, Meeting, contagion, fog, future};
use crate::theory::{COUNT, Lesson, Roster};

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

/// A school at the table: its rule in [`crate::theory`] meets the other on one issue on every turn.
#[derive(Clone, Debug)]
pub struct Diplomat {
    /// Index in [`crate::theory::SCHOOLS`].
    pub school: usize,
    /// Parameters of the schools.
    pub roster: Roster,
    /// Parameters every school shares.
    pub common: World,
    /// What lies between the two, the same on every turn.
    pub table: Table,
    /// Shadow of the future as given, 0-1; else the chance that the match goes on, or the model's default if the
    /// length is fixed.
    pub shadow: Option<f64>,
    /// Threat from the other as given, 0-1; else the other's share of the power of both.
    pub threat: Option<f64>,
    /// Belief that the other cooperates before the first turn, 0-1.
    pub trust: f64,
}

/// What lies between a school and the other player.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Table {
    /// What the issue means to the player, 0-1; friction is paid on it.
    pub stake: f64,
    /// How far the issue touches military secrets, 0-1.
    pub hard: f64,
    /// Share of the player's threats that the other faces too and can do something about, 0-1.
    pub shared_threat: f64,
    /// Stock of the body both sit in, 0-1.
    pub institution: f64,
    /// How far that body, full, removes misperception, 0-1.
    pub monitoring: f64,
    /// States in that body.
    pub members: f64,
    /// Expected sanction on a defection, payoff units.
    pub sanction: f64,
    /// Image of the other at the start, -1 to 1.
    pub image: f64,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            stake: 1.0,
            hard: 0.0,
            shared_threat: 0.0,
            institution: 0.0,
            monitoring: 0.6,
            members: 2.0,
            sanction: 0.0,
            image: 0.0,
        }
    }
}

/// What a player remembers of a match.
#[derive(Clone, Debug, Default)]
pub struct Mindset {
    memory: Memory,
    seat: Option<Box<Seat>>,
}

/// A school's seat in one match.
#[derive(Clone, Debug)]
struct Seat {
    frame: crate::theory::frame::Frame,
    game: Game,
    meeting: Meeting,
    trust: f64,
    image: f64,
    knowledge: f64,
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
        let mut mindset = Mindset { memory: Memory::new(salt), ..Mindset::default() };
        if let Mind::School(d) = &self.mind {
            let lasting = if ending > 0.0 { 1.0 - ending } else { d.common.shadow };
            let threat = d.threat.unwrap_or(other.power / (self.power + other.power));
            mindset.seat = Some(Box::new(d.sit(payoffs, d.shadow.unwrap_or(lasting), threat)));
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
    fn weights(&self) -> [f64; COUNT] {
        let mut weights = [0.0; COUNT];
        weights[self.school] = 1.0;
        weights
    }

    /// What the school sees before the first turn.
    fn sit(&self, payoffs: &Payoffs, shadow: f64, threat: f64) -> Seat {
        let (c, t) = (&self.common, &self.table);
        let frame = crate::theory::frame::Frame { shadow, ..c.frame() };
        let game = Game::new(*payoffs, t.hard, true, &frame);
        let reliance = self.roster.reliance(&self.weights());
        let watch = t.monitoring * t.institution;
        let misread = c.misperception * (1.0 - reliance * c.information * watch);
        let eyes = c.group * (t.members - 2.0).max(0.0) * t.institution;
        let spread = contagion(misread, eyes);
        let mut meeting = Meeting::new(1);
        meeting.stake[0] = [t.stake; LANES];
        meeting.total = [t.stake.max(1e-9); LANES];
        meeting.behind = [threat; LANES];
        meeting.fear = [threat; LANES];
        // two states alone: the other is all there is to fear
        meeting.external = [t.shared_threat - 1.0; LANES];
        meeting.future[0] = [future(payoffs, payoffs.sucker, shadow, fog(misread, c.error), spread); LANES];
        meeting.misread[0] = [misread; LANES];
        meeting.enforcement[0] = [t.sanction * watch; LANES];
        meeting.scope = [t.institution; LANES];
        Seat { frame, game, meeting, trust: self.trust, image: libm::atanh(t.image.clamp(-0.95, 0.95)), knowledge: 0.3 }
    }

    fn cooperates(&self, seen: Seen<'_>, mindset: &mut Mindset) -> f64 {
        let Some(seat) = mindset.seat.as_mut() else { return 0.5 };
        if let Some(&theirs) = seen.theirs.last() {
            self.learn(theirs, seat);
        }
        let last = seen.theirs.last().map_or(-1.0, |&c| f64::from(u8::from(c)));
        let image = tanh(seat.image);
        seat.meeting.trust[0] = seat.trust;
        seat.meeting.seen[0][0] = last;
        seat.meeting.image[0] = image;
        let weights = self.weights();
        let (mut utility, mut spare) = ([[0.0; LANES]], [[0.0; LANES]; 2]);
        self.roster.play(
            &seat.frame,
            &[seat.game],
            &seat.meeting,
            &weights.map(|w| w > 0.0),
            &weights.map(|w| [w; LANES]),
            &mut utility,
            &mut spare,
        );
        let role = self.roster.role(&weights, image);
        let asks = if image > 0.0 { 1.0 } else { 0.0 };
        role * asks + (1.0 - role) * choice(self.common.sensitivity, utility[0][0])
    }

    /// Trust and image after one turn, as in the model with a turn for a quarter. The other's image is not seen at the
    /// table; roles are taken to be shared.
    fn learn(&self, theirs: bool, seat: &mut Seat) {
        let share = f64::from(u8::from(theirs));
        seat.trust += (1.0 - self.common.forgetting) * (share - seat.trust);
        let (reverse, mut image, mut knowledge) = ([seat.image], [seat.image], [seat.knowledge]);
        self.roster.learn(&mut Lesson {
            met: &[1.0],
            share: &[share],
            joint: &[self.table.institution],
            distance: &[0.0],
            reverse: &reverse,
            sides: &[],
            fog: fog(self.common.misperception, self.common.error),
            pace: 1.0,
            image: &mut image,
            knowledge: &mut knowledge,
        });
        (seat.image, seat.knowledge) = (image[0], knowledge[0]);
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
