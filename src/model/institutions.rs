//! Phase 7: stocks follow practice on what a body is for; bodies, councils and the tie can die.

use multiversion::multiversion;

use super::memory::Moves;
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

/// What two parties did toward each other in a step, summed once and read by every metric.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    parties: Option<(Party, Party)>,
    /// By issue, in eights: weighted cooperations and weights.
    issues: Vec<[Eight; 2]>,
    plain: [f64; 2],
    power: [Eight; 2],
}

impl Tally {
    /// Weighted cooperations and weights on one issue.
    fn issue(&self, k: usize) -> [f64; 2] {
        let [done, all] = &self.issues[k / 8];
        [done[k % 8], all[k % 8]]
    }

    /// Counts what a pair did, whose roots of stakes and of powers these are. An issue on which they did not meet counts
    /// nought.
    #[inline(always)]
    fn add(&mut self, roots: [&[Eight]; 2], [there, back]: [Moves; 2], power: f64) {
        self.plain[0] += f64::from(there.cooperated.count_ones() + back.cooperated.count_ones());
        self.plain[1] += 2.0 * f64::from(there.met.count_ones());
        let byte = |word: u32, e: usize| &BITS[(word >> (8 * e) & 255) as usize];
        for ((e, [done, could]), (r, s)) in
            self.issues.iter_mut().enumerate().zip(roots[0].iter().zip(roots[1]))
        {
            let (x, y) = (byte(there.cooperated, e), byte(back.cooperated, e));
            let weight = times(&times(r, s), byte(there.met, e));
            let made = times(&weight, &plus(x, y));
            let both = plus(&weight, &weight);
            let power = [power; 8];
            (*done, *could) = (plus(done, &made), plus(could, &both));
            self.power[0] = plus(&self.power[0], &times(&power, &made));
            self.power[1] = plus(&self.power[1], &times(&power, &both));
        }
    }
}

#[inline(always)]
fn plus(a: &Eight, b: &Eight) -> Eight {
    let mut out = [0.0; 8];
    for k in 0..8 {
        out[k] = a[k] + b[k];
    }
    out
}

#[inline(always)]
fn times(a: &Eight, b: &Eight) -> Eight {
    let mut out = [0.0; 8];
    for k in 0..8 {
        out[k] = a[k] * b[k];
    }
    out
}

/// What a tally counts.
struct Deeds<'a> {
    linked: &'a [f64],
    moves: &'a [Moves],
    roots: &'a [Eight],
    power: &'a [f64],
}

/// Counts every pair of two parties that met.
#[multiversion(targets("x86_64+avx2"))]
fn count(tally: &mut Tally, deeds: &Deeds<'_>, parties: [&[usize]; 2]) {
    let (n, eights) = (deeds.power.len(), tally.issues.len());
    let inside = tally.parties.is_some_and(|(a, b)| a == b);
    for &i in parties[0] {
        let row = &deeds.linked[i * n..(i + 1) * n];
        for &j in parties[1] {
            // inside one party every pair comes twice; once is enough
            if i == j || row[j] == 0.0 || (inside && j < i) {
                continue;
            }
            tally.add(
                [&deeds.roots[i * eights..(i + 1) * eights], &deeds.roots[j * eights..(j + 1) * eights]],
                [deeds.moves[i * n + j], deeds.moves[j * n + i]],
                deeds.power[i] * deeds.power[j],
            );
        }
    }
}

/// Issues summed side by side.
type Eight = [f64; 8];

/// The bits of a byte as numbers.
const BITS: [Eight; 256] = {
    let mut out = [[0.0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            out[byte][bit] = (byte >> bit & 1) as f64;
            bit += 1;
        }
        byte += 1;
    }
    out
};

/// The tallies of a step, by pair of parties.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    kept: Vec<Tally>,
    used: usize,
    /// Square roots of stakes, n x issues in eights, and of capabilities.
    roots: Vec<Eight>,
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
            Weighting::Power => ratio(tally.power.map(|eight| eight.iter().sum())),
            Weighting::Stake => {
                let counted = (0..self.world.issues.len()).filter(|k| counts(*k));
                ratio(counted.map(|k| tally.issue(k)).fold([0.0; 2], |sum, x| [sum[0] + x[0], sum[1] + x[1]]))
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
            for stakes in self.stake.chunks_exact(self.world.issues.len()) {
                tallies.roots.extend(stakes.chunks(8).map(|eight| {
                    let mut out = [0.0; 8];
                    eight.iter().zip(&mut out).for_each(|(s, out)| *out = s.sqrt());
                    out
                }));
            }
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

    fn sum_up(&self, a: Party, b: Party, roots: &[Eight], power: &[f64], tally: &mut Tally) {
        tally.parties = Some((a, b));
        tally.issues.clear();
        tally.issues.resize(self.world.issues.len().div_ceil(8), [[0.0; 8]; 2]);
        (tally.plain, tally.power) = ([0.0; 2], [[0.0; 8]; 2]);
        count(
            tally,
            &Deeds { linked: &self.linked, moves: &self.moves, roots, power },
            [self.party(a), self.party(b)],
        );
    }

    /// Cooperation among the followers of body `o` over cooperation of its leader with them; NaN without either.
    pub(crate) fn hub_spoke(&mut self, o: usize) -> f64 {
        let Some(hub) = self.world.organisations[o].leader.filter(|&l| self.is_member(o, l)) else {
            return f64::NAN;
        };
        let issues = self.world.issues.len();
        let all = |tally: &Tally| {
            (0..issues).map(|k| tally.issue(k)).fold([0.0; 2], |sum, x| [sum[0] + x[0], sum[1] + x[1]])
        };
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
