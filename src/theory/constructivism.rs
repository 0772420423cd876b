//! Social constructivism: identities and norms are made in interaction.
//!
//! The weight on the other's gain is identification, learned from interaction (Wendt 1992, 1994, 1999), so that
//! anarchy is what states make of it. Beside utility stands the logic of appropriateness (March & Olsen 1998):
//! with probability pi a state does what its role asks (enemy, rival, friend). Recognising a bloc of other values
//! costs legitimacy (thesis p.65); arguing opens only when empathy, a common lifeworld and equality hold together
//! (Risse 2000; thesis p.67-68).

use super::situation::others_gain;
use super::terms::{Ledger, Term, Terms, common};
use super::{Ballot, Burden, Encounter, Learning, School, Standing, parameters, reciprocity};

parameters! {
    /// Free parameters of social constructivism.
    Constructivism {
        rate = 0.08, 0.0, 0.20, off 0.0, "per step", "Wendt 1999; half-life of eight quarters", "Learning rate of identification.";
        reflected = 0.1, 0.0, 0.3, off 0.0, "1", "Wendt 1999: reflected appraisal", "Weight of how the other sees me.";
        bias = 0.3, 0.0, 0.6, off 0.0, "1", "Jervis 1976; Wendt 1999", "Discount on an act that contradicts the standing image.";
        identity = 1.0, 0.0, 1.0, off 0.0, "1", "Wendt 1994", "Share of identification that enters as weight on the other's gain.";
        internalised = 0.3, 0.0, 0.9, off 0.0, "probability", "March & Olsen 1998; Checkel 1998", "Internalisation of the role's norm at the start.";
        internalise = 0.02, 0.0, 0.2, off 0.0, "per step", "Wendt 1999: force, price, legitimacy", "Growth of internalisation when the norm is kept.";
        erode = 0.05, 0.0, 0.5, off 0.0, "per step", "Finnemore & Sikkink 1998", "Loss of internalisation when the norm is broken.";
        othering = 0.02, 0.0, 0.3, off 0.0, "per step", "Neumann 1996, 1999", "Cohesion drawn from distance to the other bloc.";
        belonging = 0.8, 0.0, 3.0, off 0.0, "payoff units", "Adler & Barnett 1998", "Worth of being among those one identifies with.";
        legitimacy = 0.8, 0.0, 3.0, off 0.0, "payoff units", "thesis p.65", "Cost of lending legitimacy to a regime unlike one's own.";
        tolerance = 0.2, 0.0, 1.0, off 1.0, "distance", "thesis p.65", "Regime distance that costs no legitimacy.";
        norm = 1.5, 0.0, 5.0, off 0.0, "payoff units", "Finnemore & Sikkink 1998; thesis p.42, p.50", "Weight of the norm of non-interference.";
        arguing = 0.6, 0.0, 3.0, off 0.0, "payoff units", "Risse 2000; thesis p.67", "Gain from a dialogue free of power.";
        empathy = 0.6, 0.4, 0.8, off 0.6, "0-1", "Risse 2000; thesis p.67-68", "Least empathy for arguing.";
        lifeworld = 0.6, 0.4, 0.8, off 0.6, "0-1", "Risse 2000; thesis p.67-68", "Least common lifeworld for arguing.";
        equality = 0.6, 0.4, 0.8, off 0.6, "0-1", "Risse 2000; thesis p.67-68", "Least equality for arguing.";
        attract = 0.004, 0.0, 0.05, off 0.0, "per step", "Deffuant et al. 2000", "Step of identities toward those within reach.";
        repel = 0.002, 0.0, 0.05, off 0.0, "per step", "Jager & Amblard 2004", "Step of identities away from disliked others beyond reach.";
        near = 0.25, 0.1, 0.5, off 0.25, "distance", "Hegselmann & Krause 2002", "Distance below which identities attract.";
        far = 0.6, 0.5, 0.9, off 0.6, "distance", "Jager & Amblard 2004", "Distance above which identities repel, if identification is negative.";
    }
}

const IDENTIFICATION: Term = Term {
    name: "identification",
    formula: "I stake [(1-w)q(R-S)+wq(R-P)+(1-w)(1-q)(T-P)]",
    source: "Wendt 1994, 1999",
    parameter: "theory.constructivism.identity",
};
const WE_FEELING: Term = Term {
    name: "we-feeling",
    formula: "belonging identification",
    source: "Adler & Barnett 1998; Wendt 1999",
    parameter: "theory.constructivism.belonging",
};
const LEGITIMACY: Term = Term {
    name: "legitimacy lent to another regime",
    formula: "-legitimacy max(0, regime_distance - tolerance) (1 + democracy_norm)/2",
    source: "thesis p.65",
    parameter: "theory.constructivism.legitimacy",
};
const NON_INTERFERENCE: Term = Term {
    name: "norm of non-interference",
    formula: "-norm non_interference",
    source: "Finnemore & Sikkink 1998; thesis p.42 and p.50",
    parameter: "theory.constructivism.norm",
};
const ARGUING: Term = Term {
    name: "arguing",
    formula: "arguing if empathy, lifeworld and equality all pass",
    source: "Risse 2000; thesis p.67-68",
    parameter: "theory.constructivism.arguing",
};
const RECOGNITION: Term = Term {
    name: "recognition",
    formula: "belonging/2 status_gap (leader)",
    source: "Wendt 2003; thesis p.63",
    parameter: "theory.constructivism.belonging",
};
const KINDRED: Term = Term {
    name: "kindred regimes",
    formula: "belonging (tolerance - regime_distance)(democracy_norm + regime_threat)",
    source: "Wendt 1999; thesis p.45-46",
    parameter: "theory.constructivism.belonging",
};
const SOVEREIGNTY: Term = Term {
    name: "sovereignty upheld",
    formula: "belonging/2 non_interference regime_threat leader_autocracy",
    source: "Finnemore & Sikkink 1998; thesis p.45-46",
    parameter: "theory.constructivism.belonging",
};

/// The norm of a role: what an enemy, a rival and a friend are expected to do (Wendt 1999).
///
/// Returns the chance of cooperation the role asks for; a rival reciprocates what was `last_seen`.
#[inline]
pub fn role_norm(identification: f64, last_seen: f64) -> f64 {
    if identification < -1.0 / 3.0 {
        0.0
    } else if identification > 1.0 / 3.0 {
        1.0
    } else {
        last_seen
    }
}

impl Constructivism {
    /// Identification after a step in which the share `seen` (0-1) of what the other did looked friendly.
    ///
    /// `I <- I + rate [seen d+ (A - I) + (1-seen) d- (B - I)]`, with `A = (1-reflected) + reflected I_other`, `B = -(1-reflected)
    /// + reflected I_other`, and `d = 1 - bias` for acts against the standing image, 1 otherwise (Wendt 1999; Jervis 1976).
    /// Both identifications and the result are in [-1, 1]; `rate` is per step, 0-1.
    #[inline]
    pub fn appraise(&self, own: f64, other: f64, seen: f64, rate: f64) -> f64 {
        let damp = |act: f64| if own * act < 0.0 { 1.0 - self.bias } else { 1.0 };
        let reflected = self.reflected * other;
        let up = seen * damp(1.0) * ((1.0 - self.reflected) + reflected - own);
        let down = (1.0 - seen) * damp(-1.0) * (-(1.0 - self.reflected) + reflected - own);
        (own + rate * (up + down)).clamp(-1.0, 1.0)
    }

    /// How far an identity at `distance` (0-1) from another moves along the line to it, as a share of the difference: `attract`
    /// below `near`, `-repel` above `far` if identification is negative, 0 between (Deffuant et al. 2000; Jager & Amblard
    /// 2004). The two rates are per step.
    #[inline]
    pub fn drift(&self, distance: f64, identification: f64, attract: f64, repel: f64) -> f64 {
        if distance < self.near {
            attract
        } else if distance > self.far && identification < 0.0 {
            -repel
        } else {
            0.0
        }
    }

    /// Whether arguing opens: empathy, a common lifeworld and equality (each 0-1) must all reach their thresholds, two do not
    /// do (Risse 2000; thesis p.67-68).
    #[inline]
    pub fn argues(&self, [empathy, lifeworld, equality]: [f64; 3]) -> bool {
        empathy >= self.empathy && lifeworld >= self.lifeworld && equality >= self.equality
    }
}

/// The life of a norm: how many adopt in the end when each adopts once at least `thresholds[i]` others have (Granovetter
/// 1978; Finnemore & Sikkink 1998). A threshold of 0 is a norm entrepreneur.
pub fn cascade(thresholds: &[usize]) -> usize {
    let mut adopters = 0;
    loop {
        let next = thresholds.iter().filter(|&&t| t <= adopters).count();
        if next == adopters {
            return adopters;
        }
        adopters = next;
    }
}

impl School for Constructivism {
    #[inline(always)]
    fn cooperate<L: Ledger>(&self, s: &Encounter, terms: &mut L) -> f64 {
        reciprocity(&s.payoffs, s.shadow, s.belief, s.stake, terms);
        let weight = self.identity * s.identification;
        terms.add(&IDENTIFICATION, weight * s.stake * others_gain(&s.payoffs, s.shadow, s.belief));
        s.internalisation
    }

    fn burden(&self, s: &Burden) -> (f64, f64, f64) {
        (s.weight * (1.0 + 0.25 * self.identity * s.identification), s.private, 0.0)
    }

    fn vote(&self, s: &Ballot, terms: &mut Terms) {
        terms.add(&common::JOINT_GAINS, s.joint_gain);
        terms.add(&WE_FEELING, self.belonging * s.identification);
        let distance = (s.regime_distance - self.tolerance).max(0.0);
        terms.add(&LEGITIMACY, -self.legitimacy * distance * 0.5 * (1.0 + s.democracy_norm));
        terms.add(&NON_INTERFERENCE, -self.norm * s.non_interference);
        if s.arguing {
            terms.add(&ARGUING, self.arguing);
        }
        if s.leader {
            terms.add(&RECOGNITION, 0.5 * self.belonging * s.status_gap);
        }
    }

    fn membership(&self, s: &Standing, terms: &mut Terms) {
        let scale = if s.partnership { 0.5 } else { 1.0 };
        terms.add(&WE_FEELING, self.belonging * s.identification * scale);
        let kin = self.tolerance.min(0.5) - s.regime_distance;
        terms.add(&KINDRED, self.belonging * kin * (s.democracy_norm + s.regime_threat).min(1.0) * scale);
        terms.add(
            &SOVEREIGNTY,
            0.5 * self.belonging * s.non_interference * s.regime_threat * s.leader_autocracy * scale,
        );
        terms.add(&common::SIDE_PAYMENT, s.side_payment);
    }

    fn learning(&self) -> Learning {
        Learning { betrayal: 1.0, ceiling: 1.0, rate: self.rate, reflected: self.reflected, bias: self.bias }
    }
}
