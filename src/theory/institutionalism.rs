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

/// What one state sees of another on one issue.
struct View {
    trust: f64,
    seen: f64,
    misread: f64,
    future: f64,
    enforcement: f64,
    scope: f64,
    total: f64,
}

impl View {
    fn of(m: &Meeting, k: usize, l: usize) -> Self {
        View {
            trust: m.trust[l],
            seen: m.seen[k][l],
            misread: m.misread[k][l],
            future: m.future[k][l],
            enforcement: m.enforcement[k][l],
            scope: m.scope[l],
            total: m.total[l],
        }
    }
}

/// What linkage adds to issue utilities `u` (stakes `s`, what can be withheld `cap`, and whether stopping hurts at all
/// `hurts`): slack is moved to where it is short. Continuous, conserves `sum s u`, keeps the sign of givers.
#[inline(always)]
fn pool(strength: f64, net: f64, have: f64, stakes: f64, slack: f64) -> f64 {
    let theta = (if net > 0.0 { net } else { 0.0 }) / (if have > 1e-12 { have } else { 1e-12 });
    let mean = net / if stakes > 1e-12 { stakes } else { 1e-12 };
    strength * theta * (mean - slack)
}

impl Institutionalism {
    /// Utility in payoff units on one issue before linkage, and what the partner could withhold on it.
    #[inline(always)]
    fn alone(&self, frame: &Frame, game: &Game, v: &View) -> (f64, f64) {
        let q = belief(v.trust, v.seen, v.misread, frame.memory);
        let own = surplus(&game.payoffs, q, v.future);
        let sanction = self.sanctions * (1.0 - v.misread) * v.enforcement;
        let friction = frame.friction * (1.0 - frame.economy * self.reliance * v.scope) / v.total;
        (own + sanction - friction * game.spread, q * if v.future > 0.0 { v.future } else { 0.0 })
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
            // lanes are copied before they are read and written whole, so that nothing can overlap
            let (seen, stake) = (m.seen[k], m.stake[k]);
            let (future, misread, enforcement) = (m.future[k], m.misread[k], m.enforcement[k]);
            let (mut own, mut held) = ([0.0; LANES], [0.0; LANES]);
            for l in 0..LANES {
                let view = View {
                    trust: m.trust[l],
                    seen: seen[l],
                    misread: misread[l],
                    future: future[l],
                    enforcement: enforcement[l],
                    scope: m.scope[l],
                    total: m.total[l],
                };
                let (u, cap) = self.alone(frame, game, &view);
                let v = if u < cap { u } else { cap };
                let s = stake[l] * hurts;
                (own[l], held[l]) = (u, v);
                net[l] += s * v;
                have[l] += s * if v > 0.0 { v } else { 0.0 };
                stakes[l] += s;
            }
            (rest[k], slack[k]) = (own, held);
        }
        for (k, game) in games.iter().enumerate().filter(|(_, g)| g.active) {
            let (hurts, scale) = (f64::from(u8::from(Self::hurts(game))), 1.0 / game.spread);
            let (own, held, mut u) = (rest[k], slack[k], out[k]);
            for l in 0..LANES {
                let strength = self.linkage * m.scope[l] * hurts;
                let linked = own[l] + pool(strength, net[l], have[l], stakes[l], held[l]);
                u[l] += weight[l] * linked * scale;
            }
            out[k] = u;
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
            let (u, cap) = self.alone(frame, game, &View::of(m, other, lane));
            let (v, s) = (u.min(cap), m.stake[other][lane]);
            net += s * v;
            have += s * v.max(0.0);
            stakes += s;
        }
        if Self::hurts(game) {
            let (u, cap) = self.alone(frame, game, &View::of(m, k, lane));
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
