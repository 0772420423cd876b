//! Realism: anarchy, relative gains, balance of threat, institutions as the leader's tool.
//!
//! Utility `u = a_i + I a_j` with `I = -r`, `r = k/(1+k)` (Grieco 1988; Snidal 1991), where k grows with the
//! threat from the other (Powell 1991) and is diluted in venues of many states (Snidal 1991). No third party
//! enforces anything (Mearsheimer 1994/95); belief in the other is capped below certainty. Alliances follow
//! threat (Walt 1987); recognition of a rival bloc is influence lost to its leader.

use super::situation::others_gain;
use super::terms::{Ledger, Term, Terms, common};
use super::{Ballot, Burden, Encounter, Learning, School, Standing, parameters, reciprocity};

parameters! {
    /// Free parameters of realism.
    Realism {
        k0 = 1.5, 0.0, 5.0, off 0.0, "1", "Grieco 1988; k* = 1.2 at w = .8, so the default sits near the edge", "Sensitivity to relative gains toward a state of full threat.";
        floor = 0.05, 0.0, 0.10, off 0.0, "probability", "Mearsheimer 1994/95: intentions are never certain", "Worst-case floor of the belief that the other is hostile.";
        betrayal = 2.0, 1.0, 5.0, off 1.0, "ratio", "Jervis 1978; Mearsheimer 1994/95", "Weight of an observed defection relative to an observed cooperation.";
        alignment = 0.6, 0.0, 2.0, off 0.0, "payoff units", "Walt 1987", "Value of cooperating against a common threat of full strength.";
        clientage = 0.3, 0.0, 2.0, off 0.0, "payoff units", "Walt 1987; Waltz 1979", "Value of pleasing a protector one fully depends on.";
        promise = 0.5, 0.0, 0.8, off 0.0, "1", "Snyder 1984: abandonment", "Discounted worth of an ally's promise of protection.";
        autonomy = 0.8, 0.0, 3.0, off 0.0, "payoff units", "Waltz 1979; Walt 1987", "Cost of bowing to a leader of full threat.";
        bandwagon = 0.3, 0.0, 2.0, off 0.0, "payoff units", "Walt 1985; Schweller 1994", "Pull of a threatening leader on a state too weak to balance.";
        influence = 0.8, 0.0, 3.0, off 0.0, "payoff units", "thesis p.63, p.65; Waltz 2000", "Cost of influence that recognition hands to the rival leader.";
        rank = 0.5, 0.0, 3.0, off 0.0, "payoff units", "thesis p.63; Gilpin 1981", "Value of formal equality to the leader that lags in capability.";
        deference = 0.4, 0.0, 2.0, off 0.0, "1", "Waltz 2000: institutions serve the leader", "How far a dependent member votes as its leader wishes.";
        priorities = 1.0, 0.0, 2.0, off 0.0, "1", "thesis p.62-63", "How far a difference of priorities eats up joint gains.";
        arming = 0.5, 0.0, 2.0, off 0.0, "1", "Waltz 1979; Walt 1987", "Extra worth of security to a state under full threat.";
        omnibalancing = 0.0, 0.0, 2.0, off 0.0, "payoff units", "David 1991; off by default, a strict neorealist rejects it", "Value of a leader that shelters a threatened regime.";
    }
}

const RELATIVE: Term = Term {
    name: "relative gains",
    formula: "-r stake [(1-w)q(R-S)+wq(R-P)+(1-w)(1-q)(T-P)], r = k/(1+k)/(n-1), k = k0 threat",
    source: "Grieco 1988; Snidal 1991; Powell 1991",
    parameter: "theory.realism.k0",
};
const ALIGNMENT: Term = Term {
    name: "common threat",
    formula: "alignment common_threat",
    source: "Walt 1987",
    parameter: "theory.realism.alignment",
};
const CLIENTAGE: Term = Term {
    name: "dependence on the protector",
    formula: "clientage dependence",
    source: "Walt 1987",
    parameter: "theory.realism.clientage",
};
const INFLUENCE: Term = Term {
    name: "influence lost to the rival leader",
    formula: "-influence (contested + rivalry mirror) weight, weight 1 for the leader, 1/4 for others",
    source: "thesis p.63 and p.65; Waltz 2000",
    parameter: "theory.realism.influence",
};
const THREAT: Term = Term {
    name: "threat from the other side",
    formula: "-k0/(1+k0) threat (1-common_threat)",
    source: "Walt 1987; Grieco 1988",
    parameter: "theory.realism.k0",
};
const RANK: Term = Term {
    name: "rank by recognition",
    formula: "rank status_gap (leader)",
    source: "thesis p.63; Gilpin 1981",
    parameter: "theory.realism.rank",
};
const DEFERENCE: Term = Term {
    name: "deference to the leader",
    formula: "deference dependence leader_wish",
    source: "Waltz 2000",
    parameter: "theory.realism.deference",
};
const PRIORITIES: Term = Term {
    name: "difference of priorities",
    formula: "-priorities joint_gain priority_gap",
    source: "thesis p.62-63",
    parameter: "theory.realism.priorities",
};
const PROTECTION: Term = Term {
    name: "protection",
    formula: "promise protection (outside_threat - member_threat)",
    source: "Walt 1987; Snyder 1984",
    parameter: "theory.realism.promise",
};
const AUTONOMY: Term = Term {
    name: "fear of the leader",
    formula: "-autonomy leader_threat (1 + outside_option)/2",
    source: "Waltz 1979; thesis p.37",
    parameter: "theory.realism.autonomy",
};
const BANDWAGON: Term = Term {
    name: "bandwagoning",
    formula: "bandwagon leader_threat (1-relative_size)(1-outside_option)",
    source: "Walt 1985; Schweller 1994; thesis p.53",
    parameter: "theory.realism.bandwagon",
};
const SHELTER: Term = Term {
    name: "shelter for the regime",
    formula: "omnibalancing regime_threat leader_autocracy",
    source: "David 1991",
    parameter: "theory.realism.omnibalancing",
};

impl Realism {
    /// Weight put on the other's gain, `r = k/(1+k)`, with k growing in threat and diluted by the venue.
    #[inline]
    pub fn relative_weight(&self, threat: f64, hard: f64, venue: f64) -> f64 {
        let k = self.k0 * (threat + hard * (1.0 - threat) * 0.5);
        k / (1.0 + k) / (venue - 1.0).max(1.0)
    }
}

/// One step of an arms race: `x + k y - a x + g` for each side, with reaction `k`, fatigue `a` and grievance `g`
/// (Richardson 1960). It is stable iff `a1 a2 > k1 k2`; equal sides then rest at `g/(a-k)`. Rates are per step.
pub fn arms_race(arms: [f64; 2], reaction: [f64; 2], fatigue: [f64; 2], grievance: [f64; 2]) -> [f64; 2] {
    let side = |i: usize| arms[i] + reaction[i] * arms[1 - i] - fatigue[i] * arms[i] + grievance[i];
    [side(0), side(1)]
}

/// Chance that the first side wins a contest of two capabilities: `a^m/(a^m + b^m)` (Tullock 1980), one half at parity (and
/// if neither has anything). `decisiveness` m is at least 0.
pub fn contest(a: f64, b: f64, decisiveness: f64) -> f64 {
    // as a function of the ratio, so that large powers do not overflow
    if a <= 0.0 && b <= 0.0 || decisiveness == 0.0 {
        return 0.5;
    }
    1.0 / (1.0 + (b.max(0.0) / a.max(0.0)).powf(decisiveness))
}

/// A landscape of two-bloc alignments (Axelrod & Bennett 1993): sizes, propensities of each pair to work together (positive)
/// or not (n x n, row-major), and the bloc of each state.
#[derive(Clone, Debug)]
pub struct Landscape {
    /// Size of each state, at least 0.
    pub size: Vec<f64>,
    /// Propensity of the row to work with the column.
    pub propensity: Vec<f64>,
    /// Whether each state is in the second bloc.
    pub second: Vec<bool>,
}

impl Landscape {
    /// Frustration of state `i`: `F_i = sum_j s_j p_ij d_ij`, distance 0 within a bloc and 1 across.
    pub fn frustration(&self, i: usize) -> f64 {
        let n = self.size.len();
        (0..n)
            .filter(|&j| j != i && self.second[j] != self.second[i])
            .map(|j| self.size[j] * self.propensity[i * n + j])
            .sum()
    }

    /// Energy of the whole: `E = sum_i s_i F_i`.
    pub fn energy(&self) -> f64 {
        (0..self.size.len()).map(|i| self.size[i] * self.frustration(i)).sum()
    }

    /// Moves the first state that would be less frustrated in the other bloc; returns it with the change of its frustration,
    /// or `None` at rest. With symmetric propensities a move changes energy by `2 s_i` times that, so moving always ends.
    pub fn step(&mut self) -> Option<(usize, f64)> {
        for i in 0..self.size.len() {
            let before = self.frustration(i);
            self.second[i] = !self.second[i];
            let change = self.frustration(i) - before;
            if change < -1e-12 {
                return Some((i, change));
            }
            self.second[i] = !self.second[i];
        }
        None
    }
}

impl School for Realism {
    #[inline(always)]
    fn cooperate<L: Ledger>(&self, s: &Encounter, terms: &mut L) -> f64 {
        let q = s.belief.min(1.0 - self.floor);
        reciprocity(&s.payoffs, s.shadow, q, s.stake, terms);
        let r = self.relative_weight(s.threat, s.hard, s.venue);
        terms.add(&RELATIVE, -r * s.stake * others_gain(&s.payoffs, s.shadow, q));
        terms.add(&ALIGNMENT, self.alignment * s.common_threat);
        terms.add(&CLIENTAGE, self.clientage * s.dependence);
        0.0
    }

    fn burden(&self, s: &Burden) -> (f64, f64, f64) {
        (s.weight * (1.0 + self.arming * (s.threat - 0.5)), s.private, 0.0)
    }

    fn vote(&self, s: &Ballot, terms: &mut Terms) {
        terms.add(&common::JOINT_GAINS, s.joint_gain);
        terms.add(&PRIORITIES, -self.priorities * s.joint_gain * s.priority_gap);
        terms.add(&THREAT, -self.k0 / (1.0 + self.k0) * s.threat * (1.0 - s.common_threat));
        terms.add(&ALIGNMENT, self.alignment * s.common_threat * 0.5);
        let weight = if s.leader { 1.0 } else { 0.25 };
        terms.add(&INFLUENCE, -self.influence * weight * (s.contested + s.rivalry * s.mirror));
        if s.leader {
            terms.add(&RANK, self.rank * s.status_gap);
        } else {
            terms.add(&DEFERENCE, self.deference * s.dependence * s.leader_wish.clamp(-1.0, 1.0));
        }
    }

    fn membership(&self, s: &Standing, terms: &mut Terms) {
        let scale = if s.partnership { 0.5 } else { 1.0 };
        terms.add(
            &PROTECTION,
            self.promise * s.protection * (s.outside_threat - s.member_threat) * 2.0 * scale,
        );
        terms.add(&AUTONOMY, -self.autonomy * s.leader_threat * 0.5 * (1.0 + s.outside_option) * scale);
        if !s.partnership {
            terms.add(
                &BANDWAGON,
                self.bandwagon * s.leader_threat * (1.0 - s.relative_size) * (1.0 - s.outside_option),
            );
            terms.add(&SHELTER, self.omnibalancing * s.regime_threat * (2.0 * s.leader_autocracy - 1.0));
        }
        terms.add(&common::SIDE_PAYMENT, s.side_payment);
    }

    fn learning(&self) -> Learning {
        Learning { betrayal: self.betrayal, ceiling: 1.0 - self.floor, rate: 0.0, reflected: 0.0, bias: 0.0 }
    }
}
