//! The world as given: everything that is the same in every replication and for every school.

use super::parameters;
use crate::model::date::Calendar;
use crate::organisation::Decision;
use crate::payoffs::Payoffs;
use crate::theory::Roster;

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
    pub theory: Option<[f64; 3]>,
    /// Source of the figures.
    pub source: String,
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
    /// Step at which each member enters (0 if before the start).
    pub entry: Vec<(usize, usize)>,
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
    /// Transaction cost, payoff units.
    pub transaction_cost: f64,
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
    /// Steps of renewal.
    pub renewals: Vec<usize>,
    /// Step at which bilateral partnership opens.
    pub partnership_opens: Option<usize>,
    /// States that may become partners.
    pub partners: Vec<usize>,
    /// What the leader can offer a host at most, payoff units.
    pub patronage: f64,
    /// Whom the leader may approach on its own.
    pub proposes_to: Vec<Party>,
    /// First step of such approaches.
    pub proposes_from: usize,
    /// Source of the figures.
    pub source: String,
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
    /// Who acts, with weights (1 for a state or leader, 1/2 for other members of an acting body).
    pub actors: Vec<(usize, f64)>,
    /// On whom, with weights.
    pub targets: Vec<(usize, f64)>,
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
}

impl ProposalKind {
    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            ProposalKind::Framework => "framework",
            ProposalKind::Council => "council",
            ProposalKind::Operation => "operation",
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
    pub weights: Vec<[f64; 3]>,
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
    /// Identification at the start, n x n.
    pub identification: Vec<f64>,
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
    let h = (dlat / 2.0).sin().powi(2) + la.cos() * lb.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}
