//! Phase 7: stocks follow practice on what a body is for; bodies, councils and the tie can die.

use super::simulation::{NONE, Simulation};
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

/// What two parties did toward each other in a step, summed once and read by every metric.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    parties: Option<(Party, Party)>,
    /// By issue: weighted cooperations and weights.
    issues: Vec<[f64; 2]>,
    plain: [f64; 2],
    power: [f64; 2],
}

/// The tallies of a step, by pair of parties.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    kept: Vec<Tally>,
    used: usize,
    /// Square roots of stakes, n x issues, and of capabilities.
    roots: Vec<f64>,
    power: Vec<f64>,
    step: Option<usize>,
}

impl Tallies {
    /// Forgets what was summed; called when moves or members change.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
        self.step = None;
    }
}

fn ratio([sum, all]: [f64; 2]) -> f64 {
    if all > 0.0 { sum / all } else { f64::NAN }
}

impl Simulation<'_> {
    /// Stake-weighted share of cooperative moves between two parties, on some issues only if given; 0 if nobody met.
    fn practice(&mut self, a: Party, b: Party, issues: Option<&[bool]>) -> f64 {
        let share = self.cooperation(a, b, Weighting::Stake, |k| issues.is_none_or(|on| on[k]));
        if share.is_nan() { 0.0 } else { share }
    }

    /// Share of cooperative moves between two parties (both directions) or inside one, over the issues that pass
    /// `counts` (stakes only); NaN if nobody met.
    pub fn cooperation(&mut self, a: Party, b: Party, by: Weighting, counts: impl Fn(usize) -> bool) -> f64 {
        let at = self.tally(a, b);
        let tally = &self.tallies.kept[at];
        match by {
            Weighting::Plain => ratio(tally.plain),
            Weighting::Power => ratio(tally.power),
            Weighting::Stake => {
                let counted = tally.issues.iter().enumerate().filter(|(k, _)| counts(*k));
                ratio(counted.fold([0.0; 2], |sum, (_, x)| [sum[0] + x[0], sum[1] + x[1]]))
            }
        }
    }

    /// Place of the tally of two parties, summed if it is not there yet.
    fn tally(&mut self, a: Party, b: Party) -> usize {
        let mut tallies = std::mem::take(&mut self.tallies);
        if tallies.step != Some(self.step) {
            tallies.step = Some(self.step);
            tallies.used = 0;
            tallies.roots.clear();
            tallies.roots.extend(self.stake.iter().map(|s| s.sqrt()));
            tallies.power.clear();
            tallies.power.extend(self.capability.iter().map(|c| c.sqrt()));
        }
        let found = tallies.kept[..tallies.used].iter().position(|t| t.parties == Some((a, b)));
        let at = found.unwrap_or_else(|| {
            if tallies.used == tallies.kept.len() {
                tallies.kept.push(Tally::default());
            }
            let mut tally = std::mem::take(&mut tallies.kept[tallies.used]);
            self.sum_up(a, b, &tallies.roots, &tallies.power, &mut tally);
            tallies.kept[tallies.used] = tally;
            tallies.used += 1;
            tallies.used - 1
        });
        self.tallies = tallies;
        at
    }

    fn sum_up(&self, a: Party, b: Party, roots: &[f64], power: &[f64], tally: &mut Tally) {
        let (n, m) = (self.world.n(), self.world.issues.len());
        tally.parties = Some((a, b));
        tally.issues.clear();
        tally.issues.resize(m, [0.0; 2]);
        (tally.plain, tally.power) = ([0.0; 2], [0.0; 2]);
        for &i in self.party(a) {
            for &j in self.party(b) {
                // inside one party every pair comes twice; once is enough
                if i == j || self.linked[i * n + j] == 0.0 || (a == b && j < i) {
                    continue;
                }
                let both = power[i] * power[j];
                let (there, back) = (i * n + j, j * n + i);
                let planes = self.moves.chunks_exact(n * n);
                let weights = roots[i * m..(i + 1) * m].iter().zip(&roots[j * m..(j + 1) * m]);
                for ((plane, (r, s)), issue) in planes.zip(weights).zip(tally.issues.iter_mut()) {
                    let (x, y) = (plane[there], plane[back]);
                    if x == NONE {
                        continue;
                    }
                    let (done, weight) = (f64::from(x + y), r * s);
                    issue[0] += weight * done;
                    issue[1] += 2.0 * weight;
                    tally.plain[0] += done;
                    tally.plain[1] += 2.0;
                    tally.power[0] += both * weight * done;
                    tally.power[1] += both * 2.0 * weight;
                }
            }
        }
    }

    /// Cooperation among the followers of body `o` over cooperation of its leader with them; NaN without either.
    pub(crate) fn hub_spoke(&mut self, o: usize) -> f64 {
        let Some(hub) = self.world.organisations[o].leader.filter(|&l| self.is_member(o, l)) else {
            return f64::NAN;
        };
        let all = |tally: &Tally| tally.issues.iter().fold([0.0; 2], |sum, x| [sum[0] + x[0], sum[1] + x[1]]);
        let at = self.tally(Party::Organisation(o), Party::Organisation(o));
        let within = all(&self.tallies.kept[at]);
        let at = self.tally(Party::State(hub), Party::Organisation(o));
        let with = all(&self.tallies.kept[at]);
        let among = ratio([within[0] - with[0], within[1] - with[1]]);
        let spokes = ratio(with);
        if spokes > 0.0 { among / spokes } else { f64::NAN }
    }

    /// Geometric mean of two stakes on an issue, 0-1.
    pub(crate) fn joint_stake(&self, i: usize, j: usize, k: usize) -> f64 {
        let m = self.world.issues.len();
        (self.stake[i * m + k] * self.stake[j * m + k]).sqrt()
    }
}
