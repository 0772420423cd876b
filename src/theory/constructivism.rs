//! Social constructivism: what states are to each other is made by what they do to each other.
//!
//! An image in log-odds is moved by surprise against what the shared role leads to expect (Wendt 1999; Jervis 1976), by
//! gestures (Wendt 1992) and by norms broken before those who hold them (Kratochwil 1989; Finnemore 2003). It anchors a
//! weight on the other's gain, none for rivals, and with the internalisation of the role, the role itself decides (March
//! & Olsen 1998). Identities draw nearer among friends (Johnston 2001; Checkel 2005) and where arguing is possible (Risse
//! 2000; Mueller 2004). A body's standard is a property of the body, no price of each voter (Tannenwald 1999; Williams &
//! Neumann 2000). Institutions matter as places of contact (Deutsch 1957; Adler & Barnett 1998), not as contracts.

use super::frame::{Frame, Game, Meeting, belief, others_gain, role_weight, surplus};
use super::terms::{Term, Terms, common};
use super::{Ablation, Act, Ballot, Burden, Kinship, Lesson, School, Standing, own_terms};
use crate::math::{LANES, Lane, tanh};

parameters! {
    /// Free parameters of social constructivism.
    Constructivism {
        identity = 1.0, 0.0, 1.0, off 0.0, "1", "Wendt 1999", "How far roles weigh the other's gain.";
        internalised = 0.3, 0.0, 1.0, off 0.0, "probability", "Wendt 1999: degrees of internalisation", "Chance that a full role decides instead of utility.";
        learn = 0.15, 0.0, 0.5, off 0.0, "per quarter", "Wendt 1999", "Speed at which images follow surprise, at full contact.";
        bias = 0.3, 0.0, 0.6, off 0.0, "1", "Jervis 1976; Mercer 1996", "How far what contradicts the image is discounted.";
        gesture = 1.0, 0.0, 3.0, off 0.0, "log-odds", "Wendt 1992", "What a dated act of size 1 does to the image.";
        charity = 0.5, 0.0, 1.0, off 0.0, "1", "Risse-Kappen 1995", "How far unlikeness discounts good news.";
        contact = 0.3, 0.0, 1.0, off 1.0, "share", "Deutsch 1957", "Contact of linked states without a common body.";
        socialise = 0.004, 0.0, 0.05, off 0.0, "per quarter", "Johnston 2001; Checkel 2005", "Speed at which friends' identities draw nearer.";
        othering = 0.3, 0.0, 1.0, off 0.0, "1", "Neumann 1999; Campbell 1992", "How far the blocs' difference feeds warmth inside and coldness across.";
        arguing = 0.02, 0.0, 0.1, off 0.0, "per quarter", "Risse 2000; Mueller 2004", "Speed of persuasion where arguing is possible.";
        threshold = 0.6, 0.4, 0.8, off 0.6, "1", "Risse 2000; Habermas 1981", "Empathy, common lifeworld and equality below which nobody argues.";
        norms = 0.5, 0.0, 2.0, off 0.0, "1", "Kratochwil 1989; Finnemore 2003", "How far a norm touched adds to what an act does.";
        recognition = 0.1, 0.0, 0.5, off 0.0, "size of an act", "Ringmar 1996; Wolf 2011", "What a request refused (or granted) does to the asker's image of the other.";
        belonging = 0.8, 0.0, 3.0, off 0.0, "vote units", "Adler & Barnett 1998", "Worth of full we-feeling.";
        standard = 1.0, 0.0, 1.0, off 0.0, "1", "March & Olsen 1998; Tannenwald 1999; Williams & Neumann 2000", "Chance that a fully held standard is applied.";
        tolerance = 0.2, 0.0, 1.0, off 1.0, "share", "Williams & Neumann 2000", "Shortfall of the other's regime that is overlooked.";
    }
}

/// Where the image of a friend rests, log-odds: an image of 2/3.
const ANCHOR: f64 = 0.804_718_956_217_050_2;
/// Bounds of the image, log-odds: an image of .95.
const BOUND: f64 = 1.83;
const THIRD: f64 = 1.0 / 3.0;

const CARE: Term = Term {
    name: "the other's gain is partly mine",
    against: "the other's gain hurts me",
    formula: "identity omega(I) {q [(R-S) + G] + (1-q)(T-P)}/spread",
    source: "Wendt 1999",
    parameter: "theory.constructivism.identity",
};
const BELONGING: Term = Term {
    name: "we-feeling",
    against: "lack of we-feeling",
    formula: "belonging (mean omega + omega of the leader)/2",
    source: "Adler & Barnett 1998; Wendt 1999",
    parameter: "theory.constructivism.belonging",
};
const RECOGNITION: Term = Term {
    name: "recognition as an equal",
    against: "no recognition to win",
    formula: "recognition (1 - c/c_other)+, for the leader that asks",
    source: "Ringmar 1996; Wolf 2011",
    parameter: "theory.constructivism.recognition",
};
const HOME: Term = Term {
    name: "feeling at home among the members",
    against: "coldness toward the members",
    formula: "belonging (mean I + I of the leader)/2",
    source: "Deutsch 1957; Adler & Barnett 1998",
    parameter: "theory.constructivism.belonging",
};
const LIKENESS: Term = Term {
    name: "likeness of values",
    against: "unlikeness of values",
    formula: "belonging (min(1/2, tolerance) - distance) min(1, norm + regime threat)",
    source: "Risse-Kappen 1995; Williams & Neumann 2000",
    parameter: "theory.constructivism.tolerance",
};
const SHELTER: Term = Term {
    name: "shelter for a threatened regime",
    against: "no shelter for the regime",
    formula: "belonging/2 norm of non-interference x regime threat x autocracy of the leader",
    source: "Ambrosio 2009; thesis ch. III",
    parameter: "theory.constructivism.belonging",
};

/// A rate per quarter as a rate per step of `pace` quarters.
#[inline(always)]
fn paced(rate: f64, pace: f64) -> f64 {
    if pace == 1.0 { rate } else { 1.0 - libm::pow(1.0 - rate.min(0.999), pace) }
}

impl Constructivism {
    /// Contact of linked states: `contact + (1 - contact) joint`, 0-1.
    #[inline(always)]
    fn contact_of(&self, joint: f64) -> f64 {
        self.contact + (1.0 - self.contact) * joint
    }

    /// Knowledge of those met grows with contact, a twentieth of what is left a quarter.
    #[inline(always)]
    fn acquaint(&self, s: &mut Lesson<'_>) {
        for ((knowledge, met), joint) in s.knowledge.iter_mut().zip(s.met).zip(s.joint) {
            *knowledge += met * self.contact_of(*joint) * (1.0 - *knowledge) * s.pace / 20.0;
        }
    }

    /// What contradicts the image counts less: `1 - bias |I|`, 1 if it agrees (Jervis 1976).
    #[inline(always)]
    fn discount(&self, news: f64, image: f64) -> f64 {
        if news * image < 0.0 { 1.0 - self.bias * image.abs() } else { 1.0 }
    }

    /// The three conditions of arguing, each a ramp from the threshold to 1: empathy, common lifeworld, equality (Risse 2000).
    #[inline(always)]
    pub fn conditions(&self, s: &Kinship) -> [f64; 3] {
        let ramp = |v: f64| {
            let over = (v - self.threshold) / (1.0 - self.threshold);
            let over = if over > 0.0 { over } else { 0.0 };
            if over < 1.0 { over } else { 1.0 }
        };
        [ramp(s.knowledge * (1.0 - s.hostility)), ramp(1.0 - s.distance), ramp(s.equality)]
    }
}

impl School for Constructivism {
    const NAME: &'static str = "constructivism";
    const COLOUR: &'static str = "#009e73";
    const CREED: &'static str = "Roles, norms and identities made by interaction decide what states want and may do.";
    const ABLATIONS: &'static [Ablation<Self>] = &[Ablation {
        label: "constructivism-without-learning",
        words: "constructivism whose images follow no moves, only acts",
        change: |school| school.learn = 0.0,
        institutions: true,
    }];
    const LEARNS_IDENTITIES: bool = true;

    #[inline(always)]
    fn play(&self, frame: &Frame, games: &[Game], m: &Meeting, weight: &Lane, out: &mut [Lane], _: &mut [Lane]) {
        for (k, game) in games.iter().enumerate().filter(|(_, g)| g.active) {
            let (p, scale) = (&game.payoffs, 1.0 / game.spread);
            let (seen, mut u) = (m.seen[k], out[k]);
            for l in 0..LANES {
                let q = belief(m.trust[l], seen[l], frame.misperception, frame.memory);
                let own = surplus(p, q, game.future);
                let theirs = others_gain(p, q, game.others_future);
                let care = self.identity * role_weight(m.image[l]);
                u[l] += weight[l] * ((own + care * theirs) * scale - frame.friction / m.total[l]);
            }
            out[k] = u;
        }
    }

    fn explain(&self, frame: &Frame, games: &[Game], m: &Meeting, lane: usize, k: usize, terms: &mut Terms) {
        let game = &games[k];
        let q = belief(m.trust[lane], m.seen[k][lane], frame.misperception, frame.memory);
        own_terms(frame, game, q, game.future, terms);
        let care = self.identity * role_weight(m.image[lane]);
        terms.add(&CARE, care * others_gain(&game.payoffs, q, game.others_future) / game.spread);
        terms.add(&common::FRICTION, -frame.friction / m.total[lane]);
    }

    #[inline(always)]
    fn role(&self, image: f64) -> f64 {
        self.internalised * role_weight(image).abs()
    }

    #[inline(always)]
    fn weight_on_other(&self, _fear: f64, _external: f64, image: f64) -> f64 {
        self.identity * role_weight(image)
    }

    fn image_of_act(&self, act: &Act) -> f64 {
        let size = if act.onlooker { act.size * self.norms * act.norm / 3.0 } else { act.size };
        let norm = if act.onlooker { 0.0 } else { act.norm };
        self.gesture * size * (1.0 + self.norms * norm) * self.discount(size, act.image)
    }

    fn answer_to_request(&self) -> f64 {
        self.recognition
    }

    #[inline(always)]
    fn learn(&self, s: &mut Lesson<'_>) {
        if self.learn == 0.0 {
            return self.acquaint(s);
        }
        let n = s.met.len();
        let forget = paced(self.contact * self.learn, s.pace);
        for start in (0..n).step_by(LANES) {
            let count = (n - start).min(LANES);
            let own = start..start + count;
            // lanes beyond the last state are worked out on noughts and thrown away
            let lane = |values: &[f64]| {
                let full = values[start..].first_chunk::<LANES>();
                full.copied().unwrap_or_else(|| {
                    let mut out = [0.0; LANES];
                    out[..count].copy_from_slice(&values[own.clone()]);
                    out
                })
            };
            let (met, share, joint) = (lane(s.met), lane(s.share), lane(s.joint));
            let (distance, reverse, old) = (lane(s.distance), lane(s.reverse), lane(s.image));
            let mut drift = [0.0; LANES];
            for side in s.sides {
                let feed = self.othering * side.distance;
                let (warm, cold) = (feed * (-side.warmth_across).max(0.0), feed * side.warmth.max(0.0));
                let (inside, across) = (lane(side.inside), lane(side.across));
                for l in 0..LANES {
                    drift[l] += inside[l] * warm - across[l] * cold;
                }
            }
            let mut rates = [0.0; LANES];
            for l in 0..LANES {
                rates[l] = self.contact_of(joint[l]) * self.learn;
            }
            if s.pace != 1.0 {
                rates = rates.map(|r| paced(r, s.pace));
            }
            let mut next = [0.0; LANES];
            for l in 0..LANES {
                let (image, pair) = (tanh(old[l]), tanh(0.5 * (old[l] + reverse[l])));
                let (expected, rest) = if pair < -THIRD {
                    (s.fog, -ANCHOR)
                } else if pair > THIRD {
                    (1.0 - s.fog, ANCHOR)
                } else {
                    (0.5, 0.0)
                };
                let news = share[l] - expected;
                let kind = if news > 0.0 { 1.0 - self.charity * distance[l] } else { 1.0 };
                let surprise = news * kind;
                let read = if surprise * image < 0.0 { 1.0 - self.bias * image.abs() } else { 1.0 };
                let step = rates[l] * read * surprise - forget * (old[l] - rest - drift[l]);
                let moved = old[l] + step;
                next[l] = if met[l] > 0.0 { moved.clamp(-BOUND, BOUND) } else { old[l] };
            }
            s.image[own].copy_from_slice(&next[..count]);
        }
        self.acquaint(s);
    }

    #[inline(always)]
    fn contact(&self, joint: f64) -> f64 {
        self.contact_of(joint)
    }

    #[inline(always)]
    fn draws_near(&self, s: &Kinship) -> f64 {
        // together at most a tenth, so that the step stays a mean
        let cap = ((self.socialise + self.arguing) / 0.1).max(1.0);
        let (socialise, argue) = (paced(self.socialise, s.pace), paced(self.arguing, s.pace));
        let friend = role_weight(s.image);
        let friend = if friend > 0.0 { friend } else { 0.0 };
        let [empathy, likeness, equality] = self.conditions(s);
        let least = if empathy < likeness { empathy } else { likeness };
        let least = if equality < least { equality } else { least };
        // without a common table, or with an enemy, nobody argues
        let gate = if s.joint > 0.0 { least } else { 0.0 };
        let gate = if s.pair_image >= -THIRD { gate } else { 0.0 };
        5.0 * (socialise * friend + argue * gate) / cap
    }

    fn burden(&self, s: &Burden) -> (f64, f64) {
        (1.0 + 0.25 * self.identity * s.friendship, 0.0)
    }

    fn vote(&self, s: &Ballot, _: Option<&Ballot>, _: f64, terms: &mut Terms) {
        terms.add(&common::WORTH, s.worth);
        terms.add(&BELONGING, self.belonging * s.friendship);
        if s.leads {
            terms.add(&RECOGNITION, self.recognition * s.lag);
        }
    }

    fn principle(&self, s: &Ballot) -> f64 {
        let falls_short = f64::from(u8::from(s.shortfall > self.tolerance));
        (1.0 - self.standard * s.democracy * s.formality * falls_short)
            * (1.0 - self.internalised * (-s.friendship_leader).max(0.0))
            * (1.0 - self.standard * s.non_interference)
    }

    fn membership(&self, s: &Standing, terms: &mut Terms) {
        let scale = if s.partnership { 0.5 } else { 1.0 };
        terms.add(&HOME, self.belonging * s.warmth * scale);
        let concern = (s.democracy + s.regime_threat).min(1.0);
        let likeness = (self.tolerance.min(0.5) - s.regime_distance) * concern;
        terms.add(&LIKENESS, self.belonging * likeness * scale);
        let shelter = s.non_interference * s.regime_threat * s.leader_autocracy;
        terms.add(&SHELTER, 0.5 * self.belonging * shelter * scale);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(school: &Constructivism, image: f64, share: f64, steps: usize) -> f64 {
        let (mut own, mut knowledge) = ([libm::atanh(image)], [0.3]);
        for _ in 0..steps {
            let reverse = own;
            school.learn(&mut Lesson {
                met: &[1.0],
                share: &[share],
                joint: &[0.0],
                distance: &[0.0],
                reverse: &reverse,
                sides: &[],
                fog: 0.0968,
                pace: 1.0,
                image: &mut own,
                knowledge: &mut knowledge,
            });
        }
        tanh(own[0])
    }

    /// CF6: where nobody is surprised the image rests at -2/3, 0 or 2/3.
    #[test]
    fn three_cultures_hold_themselves() {
        let school = Constructivism::default();
        for (start, share, rest) in [(-0.9, 0.0968, -2.0 / 3.0), (0.0, 0.5, 0.0), (0.9, 0.9032, 2.0 / 3.0)] {
            assert!((lesson(&school, start, share, 900) - rest).abs() < 1e-6, "from {start}");
        }
    }

    /// C11: a friend is forgiven what a stranger is not; the off value knows no difference.
    #[test]
    fn acts_are_read_through_the_image() {
        let loss = |school: &Constructivism, image: f64| {
            let change = school.image_of_act(&Act { size: -0.4, image, ..Act::default() });
            image - tanh(libm::atanh(image) + change)
        };
        let school = Constructivism::default();
        assert!(loss(&school, 0.8) / loss(&school, 0.0) <= 0.7);
        let plain = Constructivism { bias: 0.0, ..school };
        let change = |image| plain.image_of_act(&Act { size: -0.4, image, ..Act::default() });
        assert_eq!(change(0.8), change(0.0));
    }

    /// CF10 and F08: two alone at full contact argue at `1 - 10 alpha g` a step; enemies do not argue.
    #[test]
    fn arguing_has_its_conditions() {
        let school = Constructivism { socialise: 0.0, ..Constructivism::default() };
        let open = Kinship {
            joint: 1.0, image: 0.0, pair_image: 0.0, knowledge: 1.0, hostility: 0.0, distance: 0.0, equality: 1.0, pace: 1.0,
        };
        assert!((school.draws_near(&open) - 5.0 * 0.02).abs() < 1e-12);
        for closed in [
            Kinship { pair_image: -0.8, image: -0.8, ..open },
            Kinship { equality: 0.5, ..open },
            Kinship { hostility: 0.5, ..open },
            Kinship { distance: 0.5, ..open },
            Kinship { joint: 0.0, ..open },
        ] {
            assert_eq!(school.draws_near(&closed), 0.0, "{closed:?}");
        }
    }

    /// C08: a fully held standard is not weighed; within tolerance it is silent.
    #[test]
    fn a_taboo_is_not_a_price() {
        let school = Constructivism::default();
        let ballot = Ballot { worth: 1e9, democracy: 1.0, formality: 1.0, shortfall: 0.5, ..Ballot::default() };
        assert_eq!(school.principle(&ballot), 0.0);
        assert_eq!(school.principle(&Ballot { shortfall: 0.1, ..ballot }), 1.0);
        assert_eq!(Constructivism::neutral().principle(&ballot), 1.0);
    }
}
