//! Who sits at the table: a strategy of the roster, a rule, machine or table of one's own, or a school.

use super::Payoffs;
use super::machine::Machine;
use super::strategies::roster;
use super::strategy::{Call, Memory, MemoryOne, Rule, Seen, Strategy, after, yes};
use super::table::LookUp;
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
    /// What this player earns, if not what the match pays everyone.
    pub payoffs: Option<Payoffs>,
    mind: Mind,
}

#[derive(Clone, Debug)]
enum Mind {
    /// A strategy with the values of its settings.
    Strategy(Strategy, Vec<f64>),
    MemoryOne(f64, [f64; 4]),
    Machine(Machine),
    LookUp(LookUp),
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
    /// The chances of a memory-one player in this match.
    one: Option<MemoryOne>,
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
        let mind = match strategy.rule {
            Rule::Machine(build) => Mind::Machine(build()),
            Rule::LookUp(build) => Mind::LookUp(build()),
            Rule::MemoryOne(_) | Rule::Code(_) => Mind::Strategy(strategy, strategy.defaults()),
        };
        Player::with(strategy.name, mind)
    }
}

/// Why a call names no player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong.
    pub message: String,
    /// What was typed, and what could have been meant.
    pub meant: Option<(String, Vec<&'static str>)>,
}

impl Unknown {
    fn new(message: String) -> Self {
        Unknown { message, meant: None }
    }
}

impl Player {
    fn with(name: &str, mind: Mind) -> Self {
        Player { name: name.to_string(), power: 1.0, payoffs: None, mind }
    }

    /// The player with this name on the roster, however it is spelt.
    ///
    /// ```
    /// use twain::game::Player;
    /// assert_eq!(Player::named("tit-for-tat").map(|p| p.name), Some("tit-for-tat".to_string()));
    /// assert!(Player::named("tit-for-tit").is_none());
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Strategy::named(name).map(Player::from)
    }

    /// The player called for: a strategy with settings in the order of its settings or by name, under the label given or
    /// its own name; `cycler: CCD` repeats a word.
    ///
    /// # Errors
    /// An unknown strategy or setting, or a value out of range.
    pub fn called(call: &Call) -> Result<Self, Unknown> {
        let name = &call.name;
        let cycle =
            || call.values.first().filter(|v| v.0.as_deref().is_none_or(|n| n == "cycle")).map(|v| &v.1);
        let mut player = if name.eq_ignore_ascii_case("cycler") {
            let word = cycle().map_or("CCD", String::as_str);
            let machine = moves(word)
                .as_deref()
                .and_then(Machine::cycle)
                .ok_or_else(|| Unknown::new(format!("`cycler` repeats a word of C and D, not `{word}`")))?;
            Player::with(&format!("cycler-{}", word.to_lowercase()), Mind::Machine(machine))
        } else {
            let strategy = Strategy::named(name).ok_or_else(|| Unknown {
                message: format!("unknown strategy `{name}`"),
                meant: Some((super::strategy::spelling(name), roster().map(|s| s.name).collect())),
            })?;
            let mut player = Player::from(strategy);
            for (k, (key, text)) in call.values.iter().enumerate() {
                let value: f64 = text.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| {
                    Unknown::new(format!("`{text}` is no number; `{}` takes numbers", strategy.name))
                })?;
                player.set(key.as_deref(), k, value)?;
            }
            player
        };
        if let Some(label) = &call.label {
            player.name.clone_from(label);
        }
        Ok(player)
    }

    /// Sets a number of the player's strategy, by name or by place.
    ///
    /// # Errors
    /// If there is no such setting or the value is out of its range.
    pub fn set(&mut self, name: Option<&str>, place: usize, value: f64) -> Result<(), Unknown> {
        let none = |of: &str| Unknown::new(format!("`{of}` has nothing to set"));
        let Mind::Strategy(strategy, values) = &mut self.mind else { return Err(none(&self.name)) };
        let names: Vec<&str> = strategy.settings.iter().map(|s| s.name).collect();
        if names.is_empty() {
            return Err(none(strategy.name));
        }
        let found = match name {
            Some(name) => strategy.setting(name),
            None => strategy.settings.get(place).map(|s| (place, s)),
        };
        let Some((k, setting)) = found else {
            let what = name.map_or_else(
                || format!("takes {} number{}", names.len(), if names.len() == 1 { "" } else { "s" }),
                |name| format!("has no `{name}`"),
            );
            let message = format!("`{}` {what}; it has {}", strategy.name, names.join(", "));
            return Err(Unknown { message, meant: name.map(|n| (n.to_string(), names)) });
        };
        match setting.refuses(value) {
            Some(words) => Err(Unknown::new(words)),
            None => {
                values[k] = value;
                Ok(())
            }
        }
    }

    /// A player with a memory-one rule: chance of cooperating on the first move and after CC, CD, DC, DD (own move
    /// first), each 0-1 (Nowak & Sigmund 1990).
    pub fn memory_one(name: &str, first: f64, p: [f64; 4]) -> Self {
        Player::with(name, Mind::MemoryOne(first, p))
    }

    /// A player that is a finite state machine.
    pub fn machine(name: &str, machine: Machine) -> Self {
        Player::with(name, Mind::Machine(machine))
    }

    /// A player that is a look-up table.
    pub fn look_up(name: &str, table: LookUp) -> Self {
        Player::with(name, Mind::LookUp(table))
    }

    /// A school as a player.
    pub fn school(name: &str, power: f64, diplomat: Diplomat) -> Self {
        Player { power, ..Player::with(name, Mind::School(Box::new(diplomat))) }
    }

    /// What this player earns in a match that pays everyone `common`.
    pub fn paid(&self, common: &Payoffs) -> Payoffs {
        self.payoffs.unwrap_or(*common)
    }

    /// First move and chances after CC, CD, DC, DD at these payoffs, if the player looks back no further than one turn.
    pub fn as_memory_one(&self, payoffs: &Payoffs) -> Option<MemoryOne> {
        match &self.mind {
            Mind::Strategy(Strategy { rule: Rule::MemoryOne(rule), .. }, values) => {
                Some(rule(values, payoffs))
            }
            Mind::MemoryOne(first, p) => Some((*first, *p)),
            _ => None,
        }
    }

    /// The mindset before the first turn of a match against `other`; the match ends after each turn with chance
    /// `ending`.
    pub fn prepare(&self, other: &Player, payoffs: &Payoffs, ending: f64, salt: u64) -> Mindset {
        let mut mindset =
            Mindset { memory: Memory::new(salt), one: self.as_memory_one(payoffs), ..Mindset::default() };
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
        if let Some((first, p)) = &mindset.one {
            return after(*first, p, seen);
        }
        match &self.mind {
            Mind::Strategy(Strategy { rule: Rule::Code(rule), .. }, values) => {
                rule(Seen { settings: values, ..seen }, &mut mindset.memory)
            }
            // memory-one rules are answered above; machines and tables of the roster have minds of their own
            Mind::Strategy(..) | Mind::MemoryOne(..) => f64::NAN,
            Mind::Machine(machine) => {
                yes(machine.next(seen.theirs.last().copied(), &mut mindset.memory.counters[0]))
            }
            Mind::LookUp(table) => table.cooperates(seen),
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
        Seat {
            frame,
            game,
            meeting,
            trust: self.trust,
            image: libm::atanh(t.image.clamp(-0.95, 0.95)),
            knowledge: 0.3,
        }
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

/// A word of C and D as moves; `None` if it holds anything else or nothing.
pub fn moves(word: &str) -> Option<Vec<bool>> {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'C' => Some(true),
        'D' => Some(false),
        _ => None,
    };
    let moves: Vec<bool> = word.chars().filter(|c| !c.is_whitespace()).map(letter).collect::<Option<_>>()?;
    (!moves.is_empty()).then_some(moves)
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
                    settings: &[],
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
