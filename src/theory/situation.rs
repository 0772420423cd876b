//! What a rule sees: small pictures of the world, taken from the frozen snapshot of a step.

use super::terms::{Ledger, common};
use crate::payoffs::Payoffs;

/// A directed dyad on one issue: shall I cooperate?
#[derive(Clone, Debug, Default)]
pub struct Encounter {
    /// The stage game.
    pub payoffs: Payoffs,
    /// My stake, 0-1.
    pub stake: f64,
    /// Belief that the other cooperates, 0-1: trust blended with its last observed move.
    pub belief: f64,
    /// What the other was last seen to do on this issue: 1 cooperated, 0 defected, trust if never met.
    pub last_seen: f64,
    /// Continuation probability without institutions (the shadow of the future), 0-1.
    pub shadow: f64,
    /// Normalised threat from the other, 0-1.
    pub threat: f64,
    /// Threat from third parties that both of us face, 0-1.
    pub common_threat: f64,
    /// How far the issue touches military secrets, 0-1.
    pub hard: f64,
    /// Institutional stock that joins us, 0-1.
    pub institution: f64,
    /// States in the smallest venue we share (2 if none).
    pub venue: f64,
    /// Expected sanction on my defection in payoff units; nought for a member who could veto it.
    pub sanction: f64,
    /// Cost of acting: of the forum if we share one, of bilateral dealing otherwise.
    pub transaction: f64,
    /// Mean slack of the other issues between us, for linkage.
    pub linkage: f64,
    /// How far I depend on the other's protection, 0-1.
    pub dependence: f64,
    /// My identification with the other, -1 to 1.
    pub identification: f64,
    /// How far the norm of the role is internalised, 0-1.
    pub internalisation: f64,
}

/// The three terms of reciprocity against a partner who cooperates with probability `q` and answers defection
/// with defection for ever:
///
/// `(1-w) q (R-T) + w q (R-P) + (1-w)(1-q)(S-P)`.
///
/// Its zero in `w` at `q = 1` is the threshold `(T-R)/(T-P)`; its zero in `1-q` is the fear-of-cheating bound c*.
/// `stake` scales all three.
#[inline]
pub fn reciprocity<L: Ledger>(p: &Payoffs, w: f64, q: f64, stake: f64, terms: &mut L) {
    terms.add(&common::TEMPTATION, stake * (1.0 - w) * q * (p.reward - p.temptation));
    terms.add(&common::SHADOW, stake * w * q * (p.reward - p.punishment));
    terms.add(&common::EXPLOITATION, stake * (1.0 - w) * (1.0 - q) * (p.sucker - p.punishment));
}

/// The part of reciprocity that comes through the other's payoff, per unit of weight `I` on it (frame U):
/// `(1-w) q (R-S) + w q (R-P) + (1-w)(1-q)(T-P)`.
#[inline]
pub fn others_gain(p: &Payoffs, w: f64, q: f64) -> f64 {
    (1.0 - w) * q * (p.reward - p.sucker)
        + w * q * (p.reward - p.punishment)
        + (1.0 - w) * (1.0 - q) * (p.temptation - p.punishment)
}

/// A member of an alliance: how much shall I spend?
#[derive(Clone, Debug, Default)]
pub struct Burden {
    /// Income (GDP), any unit.
    pub income: f64,
    /// What the other members spend together, same unit.
    pub others: f64,
    /// Weight of security in utility, b in (0, 1).
    pub weight: f64,
    /// Private share of the joint product, delta in [0, 1].
    pub private: f64,
    /// Greatest normalised threat I face, 0-1.
    pub threat: f64,
    /// Institutional stock of the body, 0-1.
    pub institution: f64,
    /// Agreed guideline as a share of income.
    pub guideline: f64,
    /// Mean identification with the other members, -1 to 1.
    pub identification: f64,
    /// What I spend now as a share of income.
    pub present: f64,
}

/// A vote on a proposal between two bodies, or between a body and a state.
#[derive(Clone, Debug, Default)]
pub struct Ballot {
    /// My gain from joint action: mean over issues of the lesser of my stake and theirs, weighted by trust, 0-1.
    pub joint_gain: f64,
    /// Difference in priorities between me and the other side, 0-1.
    pub priority_gap: f64,
    /// Normalised threat from the other side's leading state, 0-1.
    pub threat: f64,
    /// Threat from third parties that both sides face, 0-1.
    pub common_threat: f64,
    /// Share of the other body's members among whom my side has bilateral access that recognition would cut.
    pub contested: f64,
    /// Rivalry for rank between the two leaders: product of their standing and mutual threat, 0-1.
    pub rivalry: f64,
    /// How far the other body is a military mirror of mine, 0-1.
    pub mirror: f64,
    /// Whether I lead my body.
    pub leader: bool,
    /// My leader's own utility, already voted in its mind (0 for the leader itself).
    pub leader_wish: f64,
    /// How far I depend on my leader's protection, 0-1.
    pub dependence: f64,
    /// Rank that recognition would lend my side's leader, 0-1: how far it lags the other in capability.
    pub status_gap: f64,
    /// Whether a bilateral venue for the same states is open to my side.
    pub bilateral_venue: bool,
    /// Institutional gap `1 - min/max`, 0-1.
    pub institution_gap: f64,
    /// Stock of the weaker side, 0-1.
    pub institution_least: f64,
    /// Number of voters that must agree.
    pub voters: f64,
    /// Mean identification with the other side's members, -1 to 1.
    pub identification: f64,
    /// Mean trust in the other side's members, 0-1.
    pub trust: f64,
    /// Regime distance between me and the other side, 0-1.
    pub regime_distance: f64,
    /// Strength of my body's norm that members are democracies, 0-1.
    pub democracy_norm: f64,
    /// Strength of my body's norm against acting inside a member, if the proposal touches it, 0-1.
    pub non_interference: f64,
    /// Whether all three conditions of arguing hold (empathy, lifeworld, equality).
    pub arguing: bool,
}

/// A state and an organisation: shall I be in it?
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Whether only bilateral partnership is at stake, not membership.
    pub partnership: bool,
    /// Protection the leader lends: its reach to me, 0-1.
    pub protection: f64,
    /// Greatest normalised threat I face from states outside the body, 0-1.
    pub outside_threat: f64,
    /// Normalised threat I face from members of the body other than its leader, 0-1.
    pub member_threat: f64,
    /// Normalised threat from the body's leader, 0-1.
    pub leader_threat: f64,
    /// My capability relative to the leader, 0-1.
    pub relative_size: f64,
    /// Payment offered by the patron, payoff units.
    pub side_payment: f64,
    /// Protection another body's leader would lend, 0-1.
    pub outside_option: f64,
    /// Gains from the body's issues: mean of the lesser stakes times cooperation seen inside, 0-1.
    pub issue_gain: f64,
    /// Institutional stock, 0-1.
    pub institution: f64,
    /// Transaction cost, payoff units.
    pub transaction: f64,
    /// Number of members.
    pub members: f64,
    /// Mean identification with members, -1 to 1.
    pub identification: f64,
    /// Regime distance to the members' mean, 0-1.
    pub regime_distance: f64,
    /// Strength of the body's norm that members are democracies, 0-1.
    pub democracy_norm: f64,
    /// Strength of its norm of non-interference, 0-1.
    pub non_interference: f64,
    /// Threat to my regime from democratising pressure, 0-1.
    pub regime_threat: f64,
    /// Autocracy of the leader, 0-1: how far it shelters threatened regimes.
    pub leader_autocracy: f64,
}

/// How a school learns from what it sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// Weight of an observed defection relative to an observed cooperation in trust.
    pub betrayal: f64,
    /// Ceiling of trust: one minus the worst-case floor of hostility.
    pub ceiling: f64,
    /// Learning rate of identification.
    pub rate: f64,
    /// Weight of the other's identification with me (reflected appraisal).
    pub reflected: f64,
    /// How far an act against the standing image is discounted.
    pub bias: f64,
}
