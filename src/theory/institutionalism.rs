//! Neoliberal institutionalism: egoists with absolute gains whom institutions help to cooperate.
//!
//! Institutions lift fog and lower friction (Keohane 1984; Axelrod & Keohane 1985), and so lengthen the shadow of the
//! future, never by fiat. Others' misreadings spread in a body of many (Kandori 1992; Oye 1986). A body that does not
//! decide by consensus can punish, but not those who can veto the punishment (Keohane 1984; Martin 1992). Issues are
//! linked by slack that can be withheld (Bernheim & Whinston 1990; McGinnis 1986; Stein 1980). Acts are answered in kind
//! (Keohane 1986). The other's gain is nobody's business.

use super::frame::{Frame, Game, Meeting, belief, surplus};
use super::terms::{Term, Terms, common};
use super::{Ablation, Ballot, Burden, School, Standing, own_terms};
use crate::math::{LANES, Lane};

parameters! {
    /// Free parameters of neoliberal institutionalism.
    Institutionalism {
        reliance = 1.0, 0.0, 1.0, off 0.0, "1", "Keohane 1984: institutions do their work", "How far states rely on what institutions offer.";
        sanctions = 1.0, 0.0, 2.0, off 0.0, "1", "Keohane 1984; Martin 1992", "Weight of a body's sanction on a defection.";
        linkage = 0.5, 0.0, 1.0, off 0.0, "1", "Tollison & Willett 1979; Bernheim & Whinston 1990", "How far slack on one issue supports another, at full scope.";
        dues = 0.01, 0.0, 0.5, off 0.0, "vote units per unit of stock", "Wallander 2000: upkeep", "Upkeep of a body, by the size of its apparatus.";
        compliance = 0.3, 0.0, 1.0, off 0.0, "1", "Keohane 1984: agreed standards", "Pull of an agreed spending guideline at full institutionalisation.";
    }
}

const INSTITUTION: Term = Term {
    name: "institutions lift the fog",
    against: "institutions thicken the fog",
    formula: "{surplus(q, H) at the body's fog - at plain fog}/spread",
    source: "Keohane 1984; Axelrod & Keohane 1985; Kandori 1992",
    parameter: "theory.institutionalism.reliance",
};
const SANCTIONS: Term = Term {
    name: "sanctions",
    against: "sanctions that invite defection",
    formula: "sanctions (1 - misreading) E/spread",
    source: "Keohane 1984; Martin 1992",
    parameter: "theory.institutionalism.sanctions",
};
const ECONOMY: Term = Term {
    name: "lower friction in a shared venue",
    against: "higher friction in a shared venue",
    formula: "friction economy reliance scope/sum of stakes",
    source: "Keohane 1984: transaction costs",
    parameter: "theory.institutionalism.reliance",
};
const LINKAGE: Term = Term {
    name: "slack borrowed from other issues",
    against: "slack lent to other issues",
    formula: "l theta (mean u~ - u~), u~ = min(u, q H+)",
    source: "Bernheim & Whinston 1990; McGinnis 1986; Stein 1980",
    parameter: "theory.institutionalism.linkage",
};
const MEMBERSHIP_WORTH: Term = Term {
    name: "worth of the body over what exists without it",
    against: "no worth over what exists without it",
    formula: "reliance mean over members of B",
    source: "Keohane 1984",
    parameter: "theory.institutionalism.reliance",
};
const DUES: Term = Term {
    name: "no upkeep",
    against: "upkeep",
    formula: "-reliance dues stock",
    source: "Wallander 2000; McCalla 1996",
    parameter: "theory.institutionalism.dues",
};

/// What linkage adds to issue utilities `u` (stakes `s`, what can be withheld `cap`, and whether stopping hurts at all
/// `hurts`): slack is moved to where it is short. Continuous, conserves `sum s u`, keeps the sign of givers.
#[inline(always)]
fn pool(strength: f64, net: f64, have: f64, stakes: f64, slack: f64) -> f64 {
    let theta = net.max(0.0) / have.max(1e-12);
    let mean = net / stakes.max(1e-12);
    strength * theta * (mean - slack)
}

impl Institutionalism {
    /// Utility in payoff units on one issue before linkage, and what the partner could withhold on it.
    #[inline(always)]
    fn alone(&self, frame: &Frame, game: &Game, m: &Meeting, k: usize, l: usize) -> (f64, f64) {
        let q = belief(m.trust[l], m.seen[k][l], m.misread[k][l], frame.memory);
        let own = surplus(&game.payoffs, q, m.future[k][l]);
        let sanction = self.sanctions * (1.0 - m.misread[k][l]) * m.enforcement[k][l];
        let friction = frame.friction * (1.0 - frame.economy * self.reliance * m.scope[l]) / m.total[l];
        (own + sanction - friction * game.spread, q * m.future[k][l].max(0.0))
    }

    /// Whether stopping to cooperate hurts on this issue: `P > S`.
    fn hurts(game: &Game) -> bool {
        game.active && game.payoffs.punishment > game.payoffs.sucker
    }
}

impl School for Institutionalism {
    const NAME: &'static str = "institutionalism";
    const COLOUR: &'static str = "#d55e00";
    const CREED: &'static str = "Egoists cooperate where institutions make the future count: information, lower costs, linked issues.";
    const READS_VENUES: bool = true;
    const ABLATIONS: &'static [Ablation<Self>] = &[Ablation {
        label: "institutionalism-without-institutions",
        words: "institutionalism with every institution at nought",
        change: |_| {},
        institutions: false,
    }];

    #[inline(always)]
    fn play(&self, frame: &Frame, games: &[Game], m: &Meeting, weight: &Lane, out: &mut [Lane], spare: &mut [Lane]) {
        let (slack, rest) = spare.split_at_mut(games.len());
        let (mut net, mut have, mut stakes) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for (k, game) in games.iter().enumerate().filter(|(_, g)| g.active) {
            let hurts = f64::from(u8::from(Self::hurts(game)));
            for l in 0..LANES {
                let (u, cap) = self.alone(frame, game, m, k, l);
                let v = u.min(cap);
                let s = m.stake[k][l] * hurts;
                rest[k][l] = u;
                slack[k][l] = v;
                net[l] += s * v;
                have[l] += s * v.max(0.0);
                stakes[l] += s;
            }
        }
        for (k, game) in games.iter().enumerate().filter(|(_, g)| g.active) {
            let (hurts, scale) = (f64::from(u8::from(Self::hurts(game))), 1.0 / game.spread);
            for l in 0..LANES {
                let strength = self.linkage * m.scope[l] * hurts;
                let linked = rest[k][l] + pool(strength, net[l], have[l], stakes[l], slack[k][l]);
                out[k][l] += weight[l] * linked * scale;
            }
        }
    }

    fn explain(&self, frame: &Frame, games: &[Game], m: &Meeting, lane: usize, k: usize, terms: &mut Terms) {
        let game = &games[k];
        let p = &game.payoffs;
        let plain = belief(m.trust[lane], m.seen[k][lane], frame.misperception, frame.memory);
        let q = belief(m.trust[lane], m.seen[k][lane], m.misread[k][lane], frame.memory);
        own_terms(frame, game, plain, game.future, terms);
        let lifted = surplus(p, q, m.future[k][lane]) - surplus(p, plain, game.future);
        terms.add(&INSTITUTION, lifted / game.spread);
        let sanction = self.sanctions * (1.0 - m.misread[k][lane]) * m.enforcement[k][lane];
        terms.add(&SANCTIONS, sanction / game.spread);
        terms.add(&common::FRICTION, -frame.friction / m.total[lane]);
        terms.add(&ECONOMY, frame.friction * frame.economy * self.reliance * m.scope[lane] / m.total[lane]);
        let (mut net, mut have, mut stakes) = (0.0, 0.0, 0.0);
        for (other, game) in games.iter().enumerate().filter(|(_, g)| Self::hurts(g)) {
            let (u, cap) = self.alone(frame, game, m, other, lane);
            let (v, s) = (u.min(cap), m.stake[other][lane]);
            net += s * v;
            have += s * v.max(0.0);
            stakes += s;
        }
        if Self::hurts(game) {
            let (u, cap) = self.alone(frame, game, m, k, lane);
            let lent = pool(self.linkage * m.scope[lane], net, have, stakes, u.min(cap));
            terms.add(&LINKAGE, lent / game.spread);
        }
    }

    fn reliance(&self) -> f64 {
        self.reliance
    }

    fn in_kind(&self) -> Option<f64> {
        Some(self.linkage)
    }

    fn burden(&self, s: &Burden) -> (f64, f64) {
        (1.0, self.compliance * s.institution)
    }

    fn vote(&self, s: &Ballot, _: Option<&Ballot>, _: f64, terms: &mut Terms) {
        terms.add(&common::WORTH, s.worth);
    }

    fn membership(&self, s: &Standing, terms: &mut Terms) {
        terms.add(&MEMBERSHIP_WORTH, self.reliance * s.worth);
        terms.add(&DUES, -self.reliance * self.dues * s.institution);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payoffs::Payoffs;

    fn linked(school: &Institutionalism, trust: f64, payoffs: [[f64; 4]; 2], scope: f64) -> ([f64; 2], [f64; 2]) {
        let frame = Frame {
            shadow: 0.7, misperception: 0.08, error: 0.02, memory: 0.5, information: 1.0, economy: 0.6, friction: 0.0,
        };
        let games: Vec<Game> = payoffs
            .iter()
            .map(|p| Game::new(Payoffs::new(p[0], p[1], p[2], p[3]), 0.0, true, &frame))
            .collect();
        let mut m = Meeting::new(2);
        m.trust = [trust; LANES];
        m.seen = vec![[-1.0; LANES]; 2];
        m.stake = vec![[0.5; LANES]; 2];
        m.scope = [scope; LANES];
        m.misread = vec![[frame.misperception; LANES]; 2];
        m.future = games.iter().map(|g| [g.future; LANES]).collect();
        let play = |school: &Institutionalism| {
            let (mut out, mut spare) = (vec![[0.0; LANES]; 2], vec![[0.0; LANES]; 4]);
            school.play(&frame, &games, &m, &[1.0; LANES], &mut out, &mut spare);
            [out[0][0] * games[0].spread, out[1][0] * games[1].spread]
        };
        (play(&Institutionalism { linkage: 0.0, ..*school }), play(school))
    }

    /// CF3: linkage conserves the stake-weighted sum, keeps the sign of givers, and does nothing where the pool is short.
    #[test]
    fn linkage_moves_slack_and_makes_none() {
        let school = Institutionalism { linkage: 0.6, ..Institutionalism::default() };
        for trust in [0.8, 0.9, 0.95, 1.0] {
            let (before, after) = linked(&school, trust, [[2.5, 3.0, 1.0, 0.0], [7.0, 3.0, 1.0, 0.0]], 1.0);
            assert!((before[0] + before[1] - after[0] - after[1]).abs() < 1e-12);
            assert_eq!(before[0] > 0.0, after[0] > 0.0, "a giver keeps its sign");
            assert!(after[1] >= before[1]);
        }
        let (before, after) = linked(&school, 0.3, [[5.0, 3.0, 1.0, 0.0], [7.0, 3.0, 1.0, 0.0]], 1.0);
        assert_eq!(before, after, "nothing to lend");
    }

    /// F04: harmony cannot be withheld, so it lifts nothing.
    #[test]
    fn harmony_lends_nothing() {
        let school = Institutionalism { linkage: 1.0, ..Institutionalism::default() };
        let (before, after) = linked(&school, 0.9, [[2.0, 3.0, 0.0, 1.0], [6.0, 3.0, 1.0, 0.0]], 1.0);
        assert_eq!(before, after);
    }
}
