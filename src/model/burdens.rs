//! Phase 5: spending moves toward the best reply in the joint-product game; patrons bid for hosts.

use super::simulation::Simulation;
use super::world::Conviction;
use crate::organisation::{burden, patronage};
use crate::theory::Burden;
use crate::theory::frame::role_weight;

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    let pace = sim.per_step(sim.world.common.adjustment);
    let mut next = std::mem::take(&mut sim.replies);
    for (i, slot) in next.iter_mut().enumerate() {
        *slot = match sim.population.conviction {
            Conviction::Schools => sim.spending[i] + pace * (sim.explain_burden(i).1 - sim.spending[i]),
            _ => sim.spending[i],
        };
    }
    sim.replies = std::mem::replace(&mut sim.spending, next);
    pay_hosts(sim);
}

impl Simulation<'_> {
    /// The burden decision of `i`: the situation, the share of income it aims at, and the weights (b, pull of the
    /// guideline).
    pub fn explain_burden(&self, i: usize) -> (Burden, f64, (f64, f64)) {
        let (w, n) = (self.world, self.world.n());
        let c = &w.common;
        let mut s = Burden {
            income: w.states[i].gdp[self.step],
            weight: c.security,
            private: c.private,
            guideline: c.guideline,
            present: self.spending[i],
            fear: self.fear[i],
            calm: self.calm[i],
            ..Burden::default()
        };
        let mut best = -1.0;
        for (o, body) in w.organisations.iter().enumerate() {
            let integrated = self.member[o * n + i] && !self.outside[o * n + i];
            if !integrated || !self.alive[o] || body.military <= 0.5 {
                continue;
            }
            if body.leader == Some(i) {
                s.wards_fear = s.wards_fear.max(self.wards_fear(o));
            }
            if self.institution[o] > best {
                best = self.institution[o];
                s.institution = best;
                let others = self.members(o).iter().filter(|&&j| j != i);
                s.others = others.clone().map(|&j| self.spending[j] * w.states[j].gdp[self.step]).sum();
                let count = others.clone().count().max(1) as f64;
                s.friendship = others.map(|&j| role_weight(self.regard[i * n + j])).sum::<f64>() / count;
            }
        }
        let (factor, pull) = self.roster.burden(self.weights(i), &s);
        let b = (c.security * factor).clamp(1e-6, 0.9);
        let reply = if s.income > 0.0 {
            burden::best_reply(s.income, s.others, b, c.private) / s.income
        } else {
            0.0
        };
        (s, (1.0 - pull) * reply + pull * c.guideline, (b, pull))
    }

    /// Greatest normalised threat to a member of body `o` from outside it: its leader arms against that too (Snyder 1984).
    fn wards_fear(&self, o: usize) -> f64 {
        let n = self.world.n();
        let mut most = 0.0f64;
        for &i in self.members(o) {
            for j in (0..n).filter(|&j| !self.member[o * n + j]) {
                most = most.max(self.threat[i * n + j]);
            }
        }
        most
    }

    /// Worth of a host's ground to a patron: its greatest stake in a common threat, 0-1.
    fn hosting(&self, i: usize) -> f64 {
        let issues = &self.world.issues;
        let stakes = &self.stake[i * issues.len()..(i + 1) * issues.len()];
        issues.iter().zip(stakes).fold(0.0, |most: f64, (x, s)| most.max(x.common_threat * s))
    }
}

/// Patrons bid for hosts: second-price rule.
fn pay_hosts(sim: &mut Simulation<'_>) {
    let (w, n) = (sim.world, sim.world.n());
    for i in 0..n {
        let worth = sim.hosting(i) * (1.0 - (sim.capability[i] * 50.0).min(1.0));
        let bids = w.organisations.iter().enumerate().map(|(o, body)| {
            let close = sim.member[o * n + i] || sim.partner[o * n + i];
            let patron = sim.alive[o] && close && body.leader.is_some_and(|l| l != i);
            if patron { body.patronage * worth } else { 0.0 }
        });
        (sim.payer[i], sim.side_payment[i]) = patronage::second_price(bids);
    }
}
