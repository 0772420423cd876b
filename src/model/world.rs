//! The world as given: everything that is the same in every replication and for every school.

use super::parameters;
use crate::model::date::Calendar;
use crate::organisation::Decision;
use crate::payoffs::Payoffs;
use crate::theory::{Roster, Weights};

/// A state and its figures, one value per step where they move.
#[derive(Clone, Debug)]
pub struct State {
    /// Code, for instance `USA`.
    pub code: String,
    /// Name in full.
    pub name: String,
    /// Latitude and longitude of the capital, degrees.
    pub capital: (f64, f64),
    /// Composite capability, world share, by step.
    pub capability: Vec<f64>,
    /// GDP, billion US dollars, by step.
    pub gdp: Vec<f64>,
    /// Military spending, share of GDP 0-1, by step (input figure).
    pub burden: Vec<f64>,
    /// Electoral democracy 0-1, by step.
    pub regime: Vec<f64>,
    /// UN General Assembly ideal point, by step.
    pub alignment: Vec<f64>,
    /// Military and language habit: 0 Soviet, 1 Atlantic.
    pub habit: f64,
    /// Whether it has world-wide reach and rank.
    pub great_power: bool,
    /// Indices of land neighbours.
    pub borders: Vec<usize>,
    /// Weights over the schools this state keeps whatever the population.
    pub theory: Option<Weights>,
    /// First step at which the state exists.
    pub from: usize,
    /// First step at which it exists no more; the number of steps if it lasts.
    pub until: usize,
    /// Source of the figures.
    pub source: String,
}

impl State {
    /// Identity as the figures of `step` show it: regime, the mean of regime and alignment, alignment, habit, each 0-1.
    pub fn view(&self, step: usize) -> [f64; 4] {
        let side = ((self.alignment[step] + 2.0) / 5.0).clamp(0.0, 1.0);
        let regime = self.regime[step];
        [regime, 0.5 * (regime + side), side, self.habit]
    }
}

/// A security organisation.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Code, for instance `NATO`.
    pub code: String,
    /// Name in full.
    pub name: String,
    /// Leading state.
    pub leader: Option<usize>,
    /// Dated spells of membership: input, not decided.
    pub spells: Vec<Spell>,
    /// Spells during which a member stands outside the integrated command.
    pub outside_command: Vec<Spell>,
    /// First step at which the body exists no more, if it is ended from outside.
    pub ends: Option<usize>,
    /// Decision rule.
    pub decision: Decision,
    /// Stock at the start, 0-1.
    pub institution: f64,
    /// Share of general assets, 0-1.
    pub general_assets: f64,
    /// Monitoring, 0-1.
    pub monitoring: f64,
    /// Sanction, payoff units.
    pub sanctions: f64,
    /// Whether specific assets serve each issue.
    pub mandate: Vec<bool>,
    /// State the body was founded against, or the leader of the organisation named.
    pub founding_threat: Option<usize>,
    /// Military profile, 0-1.
    pub military: f64,
    /// Norm of non-interference, 0-1.
    pub non_interference: f64,
    /// Norm of democracy, 0-1.
    pub democracy: f64,
    /// Whether former members and eligible states may enter without a date.
    pub voluntary_entry: bool,
    /// States that may enter voluntarily.
    pub eligible: Vec<usize>,
    /// If entry needs the members' consent: steps from their consent to the entry.
    pub accession: Option<usize>,
    /// Steps of renewal.
    pub renewals: Vec<usize>,
    /// Step at which bilateral partnership opens.
    pub partnership_opens: Option<usize>,
    /// States that may become partners.
    pub partners: Vec<usize>,
    /// States that are partners when the run starts.
    pub first_partners: Vec<usize>,
    /// States with which the body has a council when the run starts, and its strength, 0-1.
    pub first_councils: Vec<(usize, f64)>,
    /// What the leader can offer a host at most, payoff units.
    pub patronage: f64,
    /// Whom the leader may approach on its own.
    pub proposes_to: Vec<Party>,
    /// First step of such approaches.
    pub proposes_from: usize,
    /// Source of the figures.
    pub source: String,
}

/// A time during which a state stands in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// State.
    pub state: usize,
    /// First step (0 if before the start).
    pub from: usize,
    /// First step after it; `None` if it has no dated end.
    pub until: Option<usize>,
}

/// A norm that an act can touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Not to act inside a state against its will.
    NonInterference,
    /// That members are democracies.
    Democracy,
}

impl Organisation {
    /// Whether `state` is a member at `step` by the dated spells.
    pub fn dated_member(&self, state: usize, step: usize) -> bool {
        self.spells.iter().any(|s| s.state == state && s.from <= step && s.until.is_none_or(|u| step < u))
    }

    /// Strength of a norm in the body, 0-1.
    pub fn norm(&self, norm: Norm) -> f64 {
        match norm {
            Norm::NonInterference => self.non_interference,
            Norm::Democracy => self.democracy,
        }
    }
}

/// A state or an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// A state, by index.
    State(usize),
    /// An organisation, by index.
    Organisation(usize),
}

/// An issue: one 2x2 game with stakes.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Code.
    pub code: String,
    /// Name in full.
    pub name: String,
    /// The stage game.
    pub payoffs: Payoffs,
    /// Level by step, 0-1.
    pub level: Vec<f64>,
    /// Exposure of each state, 0-1, before the level; negative means the stake is fixed at minus that value.
    pub exposure: Vec<f64>,
    /// Whether exposure comes from autocracy (and so moves with regimes and threats to them).
    pub by_autocracy: bool,
    /// Stake without exposure.
    pub floor: f64,
    /// How far it is a common threat from outside.
    pub common_threat: f64,
    /// How far relative gains bite.
    pub hard: f64,
    /// First active step.
    pub from: usize,
    /// Last active step.
    pub until: usize,
    /// Source of the figures.
    pub source: String,
}

/// What an event does.
#[derive(Clone, Debug)]
pub enum Shock {
    /// Hostile (negative) or cooperative (positive) act by each actor toward each target.
    Act,
    /// Rise of an issue that fades with a half-life in steps.
    Threat {
        /// Issue index.
        issue: usize,
        /// Half-life in steps.
        half_life: f64,
    },
    /// Democratising pressure on the targets' regimes that fades with a half-life in steps.
    RegimeThreat {
        /// Half-life in steps.
        half_life: f64,
    },
    /// Lasting change of the targets' capability by the factor 1 + size.
    Capability,
    /// Change of leaders: remembered hostility between the sides shrinks by the size.
    Thaw,
    /// Reform of an organisation: its stock moves by the size, as a share of the way to 1 (or to 0 if negative).
    Reform {
        /// Organisation index.
        organisation: usize,
    },
}

impl Shock {
    /// The word used in scenario files.
    pub fn name(&self) -> &'static str {
        match self {
            Shock::Act => "act",
            Shock::Threat { .. } => "threat",
            Shock::RegimeThreat { .. } => "regime-threat",
            Shock::Capability => "capability",
            Shock::Thaw => "thaw",
            Shock::Reform { .. } => "reform",
        }
    }
}

/// A dated shock.
#[derive(Clone, Debug)]
pub struct Event {
    /// Step at which it happens.
    pub step: usize,
    /// Date as decimal year.
    pub time: f64,
    /// What happened.
    pub label: String,
    /// What it does.
    pub shock: Shock,
    /// Who acts; a body stands for its members at that date.
    pub actors: Vec<usize>,
    /// On whom.
    pub targets: Vec<usize>,
    /// The parties that act, as named.
    pub from: Vec<Party>,
    /// The parties it is done to, as named.
    pub toward: Vec<Party>,
    /// The issue the act is on, if it is on one.
    pub on: Option<usize>,
    /// The norm it touches, if it touches one.
    pub norm: Option<Norm>,
    /// Size, -1 to 1.
    pub size: f64,
    /// Whether charts label it.
    pub chart: bool,
    /// Source.
    pub source: String,
}

/// What is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalKind {
    /// A framework between two organisations.
    Framework,
    /// A council between an organisation and a state.
    Council,
    /// A joint operation of one organisation in or for a state.
    Operation,
    /// A state that asks to enter an organisation.
    Admission,
    /// An approach below any tie: only the leader addressed answers, and nothing is set up.
    Contact,
}

impl ProposalKind {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            ProposalKind::Framework => "framework",
            ProposalKind::Council => "council",
            ProposalKind::Operation => "operation",
            ProposalKind::Admission => "admission",
            ProposalKind::Contact => "contact",
        }
    }
}

/// A dated proposal.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Step at which it is put.
    pub step: usize,
    /// What is proposed.
    pub label: String,
    /// Who proposes.
    pub from: Party,
    /// Who is addressed.
    pub to: Party,
    /// Kind.
    pub kind: ProposalKind,
    /// Whether it would act inside a member.
    pub touches_norm: bool,
}

/// A decision given from outside.
#[derive(Clone, Debug)]
pub struct Given {
    /// Who decides.
    pub state: usize,
    /// What is decided.
    pub what: GivenKind,
    /// Step of the decision.
    pub step: usize,
    /// True for the first option: agree, be in, cooperate.
    pub yes: bool,
}

/// What kind of decision is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenKind {
    /// A vote on whatever is proposed in that step.
    Vote,
    /// Membership of (or partnership with) a body.
    Membership(usize),
    /// The move toward a state on an issue.
    Move(usize, usize),
}

/// How the states of a population decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conviction {
    /// By the schools, with the weights of each state.
    Schools,
    /// Null model: every choice by a fair coin.
    Random,
    /// Null model: never cooperate, never agree, never move.
    Refuse,
    /// Null model: do what was done a year ago.
    Repeat,
}

/// A population: a label and how each state decides.
#[derive(Clone, Debug)]
pub struct Population {
    /// Label in every table.
    pub label: String,
    /// How its states decide.
    pub conviction: Conviction,
    /// Weights over the schools, by state.
    pub weights: Vec<Weights>,
    /// Changed parameters, if the population is an ablation.
    pub roster: Option<Roster>,
    /// Whether organisations work (false in the ablation without institutions).
    pub institutions: bool,
}

/// The world as given.
#[derive(Clone, Debug)]
pub struct World {
    /// Steps of the run.
    pub calendar: Calendar,
    /// Master seed.
    pub seed: u64,
    /// Shared parameters.
    pub common: parameters::World,
    /// Parameters of the schools.
    pub roster: Roster,
    /// States.
    pub states: Vec<State>,
    /// Organisations.
    pub organisations: Vec<Organisation>,
    /// Issues.
    pub issues: Vec<Issue>,
    /// Trust at the start, n x n, row believes about column.
    pub trust: Vec<f64>,
    /// Image at the start, -1 to 1, n x n: what the row sees in the column.
    pub image: Vec<f64>,
    /// Remembered hostility at the start, n x n: what the row remembers of the column.
    pub hostility: Vec<f64>,
    /// Distance between capitals, km, n x n.
    pub distance: Vec<f64>,
    /// Whether two states are neighbours on land, n x n.
    pub adjacent: Vec<bool>,
    /// Dated shocks in the order of dates.
    pub events: Vec<Event>,
    /// Dated proposals.
    pub proposals: Vec<Proposal>,
    /// The two organisations whose tie is the question.
    pub blocs: Option<[usize; 2]>,
    /// Decisions given from outside.
    pub decisions: Vec<Given>,
    /// Pairs to report.
    pub watch: Vec<(Party, Party)>,
    /// Place of each state in the random streams: relabelling or reordering states with their slots changes nothing.
    pub slot: Vec<usize>,
}

impl World {
    /// Number of states.
    pub fn n(&self) -> usize {
        self.states.len()
    }

    /// Code of a party.
    pub fn party_code(&self, party: Party) -> &str {
        match party {
            Party::State(i) => &self.states[i].code,
            Party::Organisation(o) => &self.organisations[o].code,
        }
    }

    /// Index of a state by code.
    pub fn state(&self, code: &str) -> Option<usize> {
        self.states.iter().position(|s| s.code == code)
    }

    /// Index of an organisation by code.
    pub fn organisation(&self, code: &str) -> Option<usize> {
        self.organisations.iter().position(|o| o.code == code)
    }
}

/// Great-circle distance in km between two points in degrees (haversine, mean Earth radius 6371 km).
pub fn great_circle_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lb - la, (b.1 - a.1).to_radians());
    let half = |x: f64| libm::sin(x / 2.0) * libm::sin(x / 2.0);
    let h = half(dlat) + libm::cos(la) * libm::cos(lb) * half(dlon);
    2.0 * 6371.0 * libm::asin(h.sqrt().min(1.0))
}
