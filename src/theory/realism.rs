//! Realism: power, threat and the worth of another's gain.
//!
//! A realist weighs the other's gain by what it does to security: `I_ij = K_i (sigma_ij - s_ij)`. `s_ij` is the share of
//! my fears that is the other itself (relative gains: Grieco 1988; without usable force none: Powell 1991; among many
//! powers less: Snidal 1991), `sigma_ij` what the other's strength does against my other fears (Walt 1987; Gowa 1989),
//! less what it lends to those who threaten me (Snyder 1984). It expects the worst of those whose power, with the allies
//! behind it, reaches it (Mearsheimer 1994/95). Institutions do nothing of their own.

use super::frame::{Frame, Game, Meeting, belief, others_gain, surplus};
use super::terms::{Term, Terms, common};
use super::{Ablation, Ballot, Burden, School, Standing, own_terms};
use crate::math::{LANES, Lane};

parameters! {
    /// Free parameters of realism.
    Realism {
        k0 = 1.5, 0.0, 5.0, off 0.0, "1", "Grieco 1988", "Weight on the other's gain at full fear: K = k/(1+k), k = k0 fear (1 + hard).";
        doubt = 1.0, 0.0, 1.0, off 0.0, "1", "Mearsheimer 1994/95: worst case", "How far threat, with the alliance behind it, darkens belief.";
        promise = 0.5, 0.0, 0.8, off 0.0, "1", "Snyder 1984", "How far the promises of alliances are believed.";
        autonomy = 0.8, 0.0, 3.0, off 0.0, "vote units", "Walt 1985; Schweller 1994", "Pull toward a threatening leader one cannot resist, away from one that one can.";
        influence = 0.4, 0.0, 3.0, off 0.0, "vote units", "Waltz 2000; Gilpin 1981; thesis p.65", "Worth of rank between leaders, which recognition moves from one to the other.";
        deference = 0.8, 0.0, 2.0, off 0.0, "1", "Snyder 1984; thesis p.65", "How far the protected vote as their protector wishes.";
        arming = 0.5, 0.0, 2.0, off 0.0, "1", "Waltz 1979; Jervis 1978", "How far fear beyond that of power alone raises the worth of security.";
    }
}

const DOUBT: Term = Term {
    name: "nothing to fear even at the worst",
    against: "worst-case belief",
    formula: "-q doubt th [(R-T) + H - (S-P)]/spread",
    source: "Mearsheimer 1994/95; Walt 1987",
    parameter: "theory.realism.doubt",
};
const EXTERNALITY: Term = Term {
    name: "the other's gain serves my security",
    against: "relative gains",
    formula: "K (sigma - s) {q [(R-S) + G] + (1-q)(T-P)}/spread",
    source: "Grieco 1988; Powell 1991; Snidal 1991; Gowa 1989",
    parameter: "theory.realism.k0",
};
const THEIR_GAIN: Term = Term {
    name: "their gain serves my security",
    against: "their gain serves my rivals",
    formula: "mean of K (sigma - s) their worth",
    source: "Grieco 1988; Gowa 1989",
    parameter: "theory.realism.k0",
};
const RANK: Term = Term {
    name: "recognition lends rank",
    against: "recognition would cost rank",
    formula: "-influence rank; rank = mirror parity (contested + gap) for one leader, its reverse for the other",
    source: "Waltz 2000; Gilpin 1981; thesis p.65 and p.70",
    parameter: "theory.realism.influence",
};
const DEFERENCE: Term = Term {
    name: "deference to a protector who wants it",
    against: "deference to a protector who does not want it",
    formula: "deference protection clamp(wish of the leader, -1, 1)",
    source: "Snyder 1984; thesis p.65",
    parameter: "theory.realism.deference",
};
const PROTECTION: Term = Term {
    name: "protection",
    against: "no protection",
    formula: "promise fear sum of outside shares the leader can meet, within reach",
    source: "Walt 1987; Snyder 1984",
    parameter: "theory.realism.promise",
};
const FOES_INSIDE: Term = Term {
    name: "no foe among the members",
    against: "a member is a threat",
    formula: "-promise greatest threat from a member",
    source: "Snyder 1984: what promises cannot cover",
    parameter: "theory.realism.promise",
};
const AUTONOMY: Term = Term {
    name: "bandwagoning with a leader one cannot resist",
    against: "balancing a leader one can resist",
    formula: "autonomy th_leader (1 - 2 r), r = A/(A + leader's reach)",
    source: "Walt 1985; Schweller 1994",
    parameter: "theory.realism.autonomy",
};

impl Realism {
    /// Weight of fear and relative gains: `K = k/(1+k)`, `k = k0 fear (1 + hard)`, in [0, 1).
    #[inline(always)]
    pub fn grip(&self, fear: f64, hard: f64) -> f64 {
        let k = self.k0 * fear * (1.0 + hard);
        k / (1.0 + k)
    }
}

impl School for Realism {
    const NAME: &'static str = "realism";
    const COLOUR: &'static str = "#0072b2";
    const CREED: &'static str = "Power and threat decide; the gain of another is weighed by what it does to my security.";
    const ABLATIONS: &'static [Ablation<Self>] = &[Ablation {
        label: "realism-without-relative-gains",
        words: "realism that puts no weight on the other's gain",
        change: |school| school.k0 = 0.0,
        institutions: true,
    }];

    #[inline(always)]
    fn play(&self, frame: &Frame, games: &[Game], m: &Meeting, weight: &Lane, out: &mut [Lane], _: &mut [Lane]) {
        for (k, game) in games.iter().enumerate().filter(|(_, g)| g.active) {
            let (p, scale) = (&game.payoffs, 1.0 / game.spread);
            let (seen, mut u) = (m.seen[k], out[k]);
            for l in 0..LANES {
                let plain = belief(m.trust[l], seen[l], frame.misperception, frame.memory);
                let q = plain * (1.0 - self.doubt * m.behind[l]);
                let own = surplus(p, q, game.future);
                let theirs = others_gain(p, q, game.others_future);
                let external = self.grip(m.fear[l], game.hard) * m.external[l];
                u[l] += weight[l] * ((own + external * theirs) * scale - frame.friction / m.total[l]);
            }
            out[k] = u;
        }
    }

    fn explain(&self, frame: &Frame, games: &[Game], m: &Meeting, lane: usize, k: usize, terms: &mut Terms) {
        let game = &games[k];
        let p = &game.payoffs;
        let plain = belief(m.trust[lane], m.seen[k][lane], frame.misperception, frame.memory);
        let q = plain * (1.0 - self.doubt * m.behind[lane]);
        own_terms(frame, game, plain, game.future, terms);
        terms.add(&DOUBT, (surplus(p, q, game.future) - surplus(p, plain, game.future)) / game.spread);
        let external = self.grip(m.fear[lane], game.hard) * m.external[lane];
        terms.add(&EXTERNALITY, external * others_gain(p, q, game.others_future) / game.spread);
        terms.add(&common::FRICTION, -frame.friction / m.total[lane]);
    }

    #[inline(always)]
    fn weight_on_other(&self, fear: f64, external: f64, _image: f64) -> f64 {
        self.grip(fear, 0.0) * external
    }

    fn promise(&self) -> Option<f64> {
        Some(self.promise)
    }

    fn burden(&self, s: &Burden) -> (f64, f64) {
        let fear = (s.fear - s.calm).max(self.promise * s.wards_fear);
        (1.0 + self.arming * fear.max(0.0), 0.0)
    }

    fn vote(&self, s: &Ballot, leader: Option<&Ballot>, fee: f64, terms: &mut Terms) {
        terms.add(&common::WORTH, s.worth);
        terms.add(&THEIR_GAIN, s.externality);
        if s.leads {
            terms.add(&RANK, -self.influence * s.rank);
        } else if let Some(l) = leader {
            let wish = (l.worth + l.externality - self.influence * l.rank - fee).clamp(-1.0, 1.0);
            terms.add(&DEFERENCE, self.deference * s.protection * wish);
        }
    }

    fn membership(&self, s: &Standing, terms: &mut Terms) {
        if s.leads {
            return; // it leads as long as somebody follows
        }
        let scale = if s.partnership { 0.5 } else { 1.0 };
        if s.armed {
            terms.add(&PROTECTION, self.promise * s.protection * scale);
            terms.add(&FOES_INSIDE, -self.promise * s.member_threat * scale);
        }
        let arms = s.own_power + self.promise * s.outside_help;
        let resist = arms / (arms + s.leader_power + 1e-12);
        terms.add(&AUTONOMY, self.autonomy * s.leader_threat * (1.0 - 2.0 * resist) * scale);
    }
}
