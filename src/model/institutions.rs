//! Phase 7: stocks follow practice on what a body is for; bodies, councils and the tie can die.

use super::simulation::Simulation;
use super::world::Party;
use crate::organisation::persistence::Upkeep;

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    if !sim.population.institutions {
        return;
    }
    let n = sim.world.n();
    let mut changed = false;
    for o in 0..sim.world.organisations.len() {
        if sim.alive[o] {
            changed |= grow(sim, o);
        }
        for i in 0..n {
            let strength = sim.council[o * n + i];
            if strength > 0.0 {
                let practice = sim.practice(Party::Organisation(o), Party::State(i), None);
                sim.council[o * n + i] = next_tie(sim, strength, practice);
                changed |= sim.council[o * n + i] == 0.0;
            }
        }
    }
    if let Some([a, b]) = sim.world.blocs.filter(|_| sim.tie > 0.0) {
        let practice = sim.practice(Party::Organisation(a), Party::Organisation(b), None);
        sim.tie = next_tie(sim, sim.tie, practice);
    }
    if changed {
        sim.enrol();
    }
}

/// Next stock of a body; whether it died.
fn grow(sim: &mut Simulation<'_>, o: usize) -> bool {
    let (w, n) = (sim.world, sim.world.n());
    let body = &w.organisations[o];
    let mandate = body.mandate.iter().any(|&m| m).then_some(&body.mandate[..]);
    let party = Party::Organisation(o);
    let practice = sim.practice(party, party, mandate);
    let upkeep = Upkeep {
        growth: sim.per_step(w.common.growth),
        decay: sim.per_step(w.common.decay),
        specific_decay: sim.per_step(w.common.specific_decay),
        general: body.general_assets,
        founding: sim.founding(o),
        served: sim.served[o],
    };
    let stock = upkeep.next(sim.institution[o], practice);
    let had = sim.was_member[o * n..(o + 1) * n].iter().any(|&x| x);
    let empty = sim.members(o).len() < 2 && had;
    sim.institution[o] = stock.clamp(0.0, 1.0);
    if stock < w.common.death || sim.below[o] >= w.common.patience || empty {
        sim.dissolve(o);
        return true;
    }
    false
}

/// A tie follows practice and dies when it is too weak.
fn next_tie(sim: &Simulation<'_>, strength: f64, practice: f64) -> f64 {
    let next = strength + sim.per_step(sim.world.common.tie_speed) * (practice - strength);
    if next < sim.world.common.death { 0.0 } else { next.min(1.0) }
}

/// How moves are weighed in a mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// By the geometric mean of the two stakes.
    Stake,
    /// All alike.
    Plain,
    /// By stakes and the geometric mean of the two capabilities.
    Power,
}

impl Simulation<'_> {
    /// Stake-weighted share of cooperative moves between two parties, on some issues only if given; 0 if nobody met.
    fn practice(&self, a: Party, b: Party, issues: Option<&[bool]>) -> f64 {
        let share = self.cooperation(a, b, Weighting::Stake, |k| issues.is_none_or(|on| on[k]));
        if share.is_nan() { 0.0 } else { share }
    }

    /// Share of cooperative moves between two parties (both directions) or inside one, over the issues that pass
    /// `counts`; NaN if nobody met.
    pub fn cooperation(&self, a: Party, b: Party, by: Weighting, counts: impl Fn(usize) -> bool) -> f64 {
        let (n, m) = (self.world.n(), self.world.issues.len());
        let (mut sum, mut all) = (0.0, 0.0);
        for &i in self.party(a) {
            for &j in self.party(b) {
                if i == j || self.linked[i * n + j] == 0.0 {
                    continue;
                }
                let power = match by {
                    Weighting::Power => (self.capability[i] * self.capability[j]).sqrt(),
                    _ => 1.0,
                };
                for k in (0..m).filter(|&k| self.games[k].active && counts(k)) {
                    let weight = match by {
                        Weighting::Plain => 1.0,
                        _ => power * self.joint_stake(i, j, k),
                    };
                    let moves = [self.moves[(i * n + j) * m + k], self.moves[(j * n + i) * m + k]];
                    sum += weight * f64::from(moves[0] + moves[1]);
                    all += 2.0 * weight;
                }
            }
        }
        if all > 0.0 { sum / all } else { f64::NAN }
    }

    /// Geometric mean of two stakes on an issue, 0-1.
    pub(crate) fn joint_stake(&self, i: usize, j: usize, k: usize) -> f64 {
        let m = self.world.issues.len();
        (self.stake[i * m + k] * self.stake[j * m + k]).sqrt()
    }
}
