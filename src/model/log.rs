//! What was decided in a run: changes of standing, proposals, votes; and the buffers of alliance politics.

use super::world::{Party, ProposalKind, World};
use crate::theory::{Ballot, Term};

/// What became of a state's standing in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Entered for the first time.
    Join,
    /// Left.
    Leave,
    /// Came back.
    Rejoin,
    /// Became a bilateral partner.
    Partner,
    /// Ended its partnership.
    Unpartner,
}

impl Change {
    /// The word used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Change::Join => "join",
            Change::Leave => "leave",
            Change::Rejoin => "rejoin",
            Change::Partner => "partner",
            Change::Unpartner => "unpartner",
        }
    }

    /// Whether the state was in afterwards.
    pub fn inside(self) -> bool {
        matches!(self, Change::Join | Change::Rejoin | Change::Partner)
    }
}

/// One change of standing.
#[derive(Clone, Debug)]
pub struct MembershipChange {
    /// Step.
    pub step: usize,
    /// State.
    pub state: usize,
    /// Organisation.
    pub organisation: usize,
    /// What changed.
    pub change: Change,
    /// Whether it was decided in the run; false for a dated entry or exit.
    pub decided: bool,
    /// Probability of what was done, before it was drawn (1 if dated or given).
    pub probability: f64,
    /// The term that pushed hardest toward what was done; `None` for a dated entry, a null model, or luck.
    pub deciding: Option<&'static Term>,
}

impl MembershipChange {
    /// Why, in a word or two: the deciding term, `dated`, or `luck` against odds of three to one.
    pub fn reason_word(&self) -> &'static str {
        match (self.decided, self.deciding) {
            (false, _) => "dated",
            (true, Some(term)) => term.word(self.change.inside()),
            (true, None) if self.probability < 0.25 => "luck",
            (true, None) => "",
        }
    }
}

/// Why a vote went as it did, beside its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteReason {
    /// By its terms.
    Terms,
    /// Against a chance of more than three quarters: luck.
    Luck,
    /// Given from outside.
    Given,
}

/// One member's vote.
#[derive(Clone, Debug)]
pub struct VoteRecord {
    /// Which proposal of the run.
    pub proposal: usize,
    /// Body in which the vote is cast, if any (a state addressed alone has none).
    pub organisation: Option<usize>,
    /// Voter.
    pub state: usize,
    /// True for agreement (silence kept), false for silence broken.
    pub yes: bool,
    /// Utility of agreeing over breaking silence, vote units.
    pub utility: f64,
    /// Probability of agreeing, before any mood was drawn.
    pub probability: f64,
    /// Why it went so.
    pub reason: VoteReason,
    /// The term that pushed hardest in the direction of the vote; `None` for luck, a given vote or a null model.
    pub deciding: Option<&'static Term>,
    /// P(agree | this veto removed) - P(agree), over both bodies.
    pub pivotality: f64,
}

impl VoteRecord {
    /// Why, in a word or two: the deciding term, `given`, or `luck` against odds of three to one.
    pub fn reason_word(&self) -> &'static str {
        match self.reason {
            VoteReason::Given => "given",
            VoteReason::Luck => "luck",
            VoteReason::Terms => self.deciding.map_or("", |t| t.word(self.yes)),
        }
    }
}

/// One proposal and what came of it.
#[derive(Clone, Debug)]
pub struct ProposalRecord {
    /// Step.
    pub step: usize,
    /// Who proposed.
    pub from: Party,
    /// Who was addressed.
    pub to: Party,
    /// Kind.
    pub kind: ProposalKind,
    /// Index among the scenario's dated proposals; `None` if a leader or an applicant made it.
    pub dated: Option<usize>,
    /// Whether both sides agreed.
    pub passed: bool,
    /// Probability of agreement before anything was drawn.
    pub chance: f64,
    /// Chance that principle lets each side agree at all (asking side, side addressed).
    pub principle: [f64; 2],
    /// Whether a side refused on principle, whatever its members voted.
    pub on_principle: [bool; 2],
}

/// What was decided so far in a run.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// Votes in order.
    pub votes: Vec<VoteRecord>,
    /// Proposals in order.
    pub proposals: Vec<ProposalRecord>,
    /// Changes of standing in order.
    pub memberships: Vec<MembershipChange>,
    /// Bodies that ended, with the step.
    pub ends: Vec<(usize, usize)>,
    /// Indices of the decisions given from outside that came up.
    pub met: Vec<usize>,
}

impl Log {
    /// Empties the log, keeping its room.
    pub fn clear(&mut self) {
        self.votes.clear();
        self.proposals.clear();
        self.memberships.clear();
        self.ends.clear();
        self.met.clear();
    }

    pub(crate) fn entered(&mut self, step: usize, state: usize, organisation: usize) {
        self.dated(step, state, organisation, Change::Join);
    }

    pub(crate) fn departed(&mut self, step: usize, state: usize, organisation: usize) {
        self.dated(step, state, organisation, Change::Leave);
    }

    fn dated(&mut self, step: usize, state: usize, organisation: usize, change: Change) {
        let (decided, probability, deciding) = (false, 1.0, None);
        self.memberships.push(MembershipChange {
            step,
            state,
            organisation,
            change,
            decided,
            probability,
            deciding,
        });
    }

    pub(crate) fn dissolved(&mut self, step: usize, organisation: usize) {
        self.ends.push((step, organisation));
    }

    pub(crate) fn meet(&mut self, decision: usize) {
        if !self.met.contains(&decision) {
            self.met.push(decision);
        }
    }
}

/// Buffers and memory of alliance politics.
pub(crate) struct Politics {
    /// Step of the last approach, by body and addressee (bodies, then places of states).
    pub last_try: Vec<i64>,
    /// Proposals put in this step.
    pub offers: Vec<(Party, Party, ProposalKind, Option<usize>)>,
    /// Changes of standing decided in this step.
    pub changes: Vec<MembershipChange>,
    /// Ballots, voters and chances of the vote under way.
    pub desk: Desk,
    /// What would come of a framework, and the step for which it was worked out.
    pub outlook: (Option<usize>, Outlook),
}

/// What would come of a framework between the blocs if it were put to the vote now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlook {
    /// Chance that it would pass; NaN without blocs.
    pub chance: f64,
    /// Mean chance that a member of the bloc that asks, and of the one addressed, agrees, principle included; NaN without.
    pub willing: [f64; 2],
    /// Mean worth to the members of the bloc that asks and of the one addressed, vote units; NaN if it has none.
    pub worth: [f64; 2],
}

impl Default for Outlook {
    fn default() -> Self {
        Outlook { chance: f64::NAN, willing: [f64::NAN; 2], worth: [f64::NAN; 2] }
    }
}

/// Buffers of a vote.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// Voters, side by side: side, state.
    pub voters: Vec<(usize, usize)>,
    /// What each sees.
    pub ballots: Vec<Ballot>,
    /// Chance that each agrees.
    pub chances: Vec<f64>,
    /// Utility of each.
    pub utilities: Vec<f64>,
    /// Vote of each.
    pub votes: Vec<bool>,
    /// Weights of the members of a body.
    pub weights: Vec<f64>,
    /// Room for quantiles and chances given a mood.
    pub spare: Vec<f64>,
    /// Worth of the venue to every state with every other, n x n.
    pub worth: Vec<f64>,
}

impl Politics {
    pub(crate) fn new(world: &World) -> Self {
        let (o, n) = (world.organisations.len(), world.n());
        Politics {
            last_try: vec![i64::MIN / 2; o * (o + n)],
            offers: Vec::with_capacity(16),
            changes: Vec::with_capacity(32),
            desk: Desk { worth: vec![0.0; n * n], ..Desk::default() },
            outlook: (None, Outlook::default()),
        }
    }

    pub(crate) fn reset(&mut self) {
        self.last_try.fill(i64::MIN / 2);
        self.outlook.0 = None;
    }
}
