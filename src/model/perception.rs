//! Phase 2: who threatens whom, and what another's strength does to my security.
//!
//! `raw_ij = c_j c_j/(c_i+c_j) posture_j near_ij [f + (1-f) max(h_ij, reverse h_ji)]`, `th = raw/(raw + scale)`: relative
//! power (Waltz 1979; Powell 1991), offence (Jervis 1978), distance (Boulding 1962), and hostility, which is mutual but
//! asymmetric (Jervis 1976). Everybody is perceived so; only schools that look at power read more than threat.

use multiversion::multiversion;

use super::simulation::Simulation;
use super::world::World;

/// Width to which rows are padded, so that sums run in lanes of a fixed order.
const WIDTH: usize = 8;

/// Buffers of perception: padded n x n matrices.
#[derive(Debug)]
pub(crate) struct Desk {
    pad: usize,
    shares: Vec<f64>,
    against: Vec<f64>,
    posture: Vec<f64>,
    calm: Vec<f64>,
    lent: Vec<f64>,
    sheltered: Vec<bool>,
}

impl Desk {
    pub(crate) fn new(n: usize) -> Self {
        let pad = n.div_ceil(WIDTH) * WIDTH;
        Desk {
            pad,
            shares: vec![0.0; n * pad],
            against: vec![0.0; n * pad],
            posture: vec![0.0; n],
            calm: vec![0.0; n],
            lent: vec![0.0; n],
            sheltered: vec![false; n * n],
        }
    }
}

/// How near the column's power is to the row, 0-1: exp(-distance/reach), reach three times longer for great powers.
pub(crate) fn nearness(world: &World) -> Vec<f64> {
    let n = world.n();
    (0..n * n)
        .map(|k| {
            let reach = if world.states[k % n].great_power { 3.0 } else { 1.0 } * world.common.distance_km;
            libm::exp(-world.distance[k] / reach)
        })
        .collect()
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    threats(sim);
    if let Some(promise) = sim.roster.promise(&sim.present) {
        behind(sim, promise);
        externality(sim, promise);
    }
    for i in 0..sim.world.n() {
        for j in 0..sim.world.n() {
            let d = super::simulation::identity_distance(&sim.identity[i], &sim.identity[j]);
            sim.distance[i * sim.world.n() + j] = d;
        }
    }
}

fn relative(own: f64, other: f64) -> f64 {
    other / (own + other).max(1e-12)
}

fn threats(sim: &mut Simulation<'_>) {
    let (w, n) = (sim.world, sim.world.n());
    let c = &w.common;
    for j in 0..n {
        let posture = (sim.spending[j] / 0.03).clamp(0.2, 3.0);
        sim.threats.posture[j] = if c.offence == 1.0 { posture } else { libm::pow(posture, c.offence) };
    }
    for i in 0..n {
        for j in 0..n {
            sim.reverse[i * n + j] = c.reverse * sim.hostility[j * n + i];
        }
    }
    for i in 0..n {
        let row = i * n..(i + 1) * n;
        let view = Row {
            own: sim.capability[i],
            floor: c.hostility_floor,
            power: &sim.capability,
            posture: &sim.threats.posture,
            near: &sim.nearness[row.clone()],
            hostility: &sim.hostility[row.clone()],
            reverse: &sim.reverse[row.clone()],
        };
        raw(&view, &mut sim.shares[row.clone()], &mut sim.threats.calm);
        sim.shares[i * n + i] = 0.0;
        sim.threats.calm[i] = 0.0;
        let sum: f64 = sim.shares[row.clone()].iter().sum();
        let calm: f64 = sim.threats.calm.iter().sum();
        let scale = c.threat_scale;
        sim.fear[i] = sum / (sum + scale);
        sim.calm[i] = calm / (calm + scale);
        let whole = 1.0 / sum.max(1e-12);
        for (share, threat) in sim.shares[row.clone()].iter_mut().zip(&mut sim.threat[row]) {
            *threat = *share / (*share + scale);
            *share *= whole;
        }
    }
}

/// What a state sees of the power of all others.
struct Row<'a> {
    own: f64,
    floor: f64,
    power: &'a [f64],
    posture: &'a [f64],
    near: &'a [f64],
    hostility: &'a [f64],
    reverse: &'a [f64],
}

/// Raw threat from each, and from its power alone.
#[multiversion(targets("x86_64+avx2"))]
fn raw(s: &Row<'_>, out: &mut [f64], calm: &mut [f64]) {
    let others = s.power.iter().zip(s.posture).zip(s.near).zip(s.hostility).zip(s.reverse);
    for (((((power, posture), near), struck), strikes), (raw, calm)) in others.zip(out.iter_mut().zip(calm)) {
        let sum = s.own + power;
        let sum = if sum > 1e-12 { sum } else { 1e-12 };
        let mutual = if struck > strikes { struck } else { strikes };
        let reach = power * (power / sum) * near;
        *raw = reach * posture * (s.floor + (1.0 - s.floor) * mutual);
        *calm = reach * s.floor;
    }
}

/// Threat from what stands behind each state: alliances lend the leader's power as far as promises are believed; within
/// one body plain power counts (Walt 1987; Snyder 1984).
fn behind(sim: &mut Simulation<'_>, promise: f64) {
    let (w, n) = (sim.world, sim.world.n());
    let floor = w.common.hostility_floor;
    sim.threats.lent.fill(0.0);
    sim.threats.sheltered.fill(false);
    for o in 0..w.organisations.len() {
        let Some(leader) = sim.armed(o) else { continue };
        let start = o * n;
        for i in (0..n).filter(|&i| sim.member[start + i]) {
            if i != leader && !sim.outside[start + i] {
                let lent = promise * sim.capability[leader];
                sim.threats.lent[i] = sim.threats.lent[i].max(lent);
            }
            for j in 0..n {
                sim.threats.sheltered[i * n + j] |= sim.member[start + j];
            }
        }
    }
    for i in 0..n {
        let own = sim.capability[i] + sim.threats.lent[i];
        for j in (0..n).filter(|&j| j != i) {
            let k = i * n + j;
            if sim.threats.sheltered[k] {
                sim.behind[k] = sim.threat[k];
                continue;
            }
            let power = sim.capability[j] + sim.threats.lent[j];
            let mutual = sim.hostility[k].max(w.common.reverse * sim.hostility[j * n + i]);
            let raw = power
                * relative(own, power)
                * sim.threats.posture[j]
                * sim.nearness[k]
                * (floor + (1.0 - floor) * mutual);
            sim.behind[k] = raw / (raw + w.common.threat_scale);
        }
    }
}

/// `sigma_ij - s_ij`: what j's strength does against my fears, less what it is of them.
///
/// The first sum is the overlap of fears, weighed by what j can do about each (Walt 1987; Gowa 1989); the second what an
/// armed body with j in it lends those who threaten me (Snyder 1984).
fn externality(sim: &mut Simulation<'_>, promise: f64) {
    let (n, pad) = (sim.world.n(), sim.threats.pad);
    let Desk { shares, against, .. } = &mut sim.threats;
    for i in 0..n {
        shares[i * pad..i * pad + n].copy_from_slice(&sim.shares[i * n..(i + 1) * n]);
        for l in 0..n {
            let able = if i == l { 0.0 } else { relative(sim.capability[l], sim.capability[i]) };
            against[i * pad + l] = able;
        }
    }
    overlaps(n, pad, shares, against, &mut sim.external);
    for i in 0..n {
        for j in (0..n).filter(|&j| j != i) {
            let mut lends = 0.0f64;
            for o in 0..sim.world.organisations.len() {
                if sim.armed(o).is_none() || sim.member[o * n + i] || !sim.member[o * n + j] {
                    continue;
                }
                let row =
                    (&sim.threats.shares[i * pad..i * pad + n], &sim.threats.against[j * pad..j * pad + n]);
                let sum: f64 = sim.members(o).iter().map(|&l| row.0[l] * row.1[l]).sum();
                lends = lends.max(promise * sum);
            }
            sim.external[i * n + j] -= lends;
        }
    }
    for k in 0..n * n {
        sim.external[k] = if k % (n + 1) == 0 { 0.0 } else { sim.external[k] - sim.shares[k] };
    }
}

/// `sum_l min(s_il, s_jl) against_jl` for every i and j, in lanes whose order is fixed.
#[multiversion(targets("x86_64+avx2"))]
fn overlaps(n: usize, pad: usize, shares: &[f64], against: &[f64], out: &mut [f64]) {
    for i in 0..n {
        for j in i + 1..n {
            let (mut ij, mut ji) = ([0.0; WIDTH], [0.0; WIDTH]);
            let rows = shares[i * pad..(i + 1) * pad].as_chunks::<WIDTH>().0.iter();
            let rows = rows.zip(shares[j * pad..(j + 1) * pad].as_chunks::<WIDTH>().0);
            let rows = rows.zip(against[i * pad..(i + 1) * pad].as_chunks::<WIDTH>().0);
            let rows = rows.zip(against[j * pad..(j + 1) * pad].as_chunks::<WIDTH>().0);
            for (((a, b), able_i), able_j) in rows {
                for l in 0..WIDTH {
                    let both = if a[l] < b[l] { a[l] } else { b[l] };
                    ij[l] += both * able_j[l];
                    ji[l] += both * able_i[l];
                }
            }
            out[i * n + j] = ij.iter().sum();
            out[j * n + i] = ji.iter().sum();
        }
    }
}
