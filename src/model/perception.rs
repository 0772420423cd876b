//! Phase 2: who threatens whom, and what another's strength does to my security.
//!
//! `raw_ij = c_j c_j/(c_i+c_j) posture_j near_ij [f + (1-f) max(h_ij, reverse h_ji)]`, `th = raw/(raw + scale)`: relative
//! power (Waltz 1979; Powell 1991), offence (Jervis 1978), distance (Boulding 1962), and hostility, which is mutual but
//! asymmetric (Jervis 1976). Everybody is perceived so; only schools that look at power read more than threat.

use multiversion::multiversion;

use super::simulation::Simulation;
use super::world::World;
use crate::math::LANES;

/// Buffers of perception. Columns are padded to whole lanes, so that sums run side by side.
#[derive(Debug)]
pub(crate) struct Desk {
    pad: usize,
    posture: Vec<f64>,
    calm: Vec<f64>,
    /// Power with what an alliance lends, by state.
    power: Vec<f64>,
    /// 1 where two states share an armed body.
    sheltered: Vec<f64>,
    /// Shares of fears, by foe and then by who fears: the transpose of what is kept.
    fears: Vec<f64>,
    /// What a state can do about a foe, by foe and then by state.
    able: Vec<f64>,
    /// What armed bodies with the column in them lend those who threaten the row.
    lends: Vec<f64>,
    sum: Vec<f64>,
}

impl Desk {
    pub(crate) fn new(n: usize) -> Self {
        let pad = n.div_ceil(LANES) * LANES;
        Desk {
            pad,
            posture: vec![0.0; n],
            calm: vec![0.0; n],
            power: vec![0.0; n],
            sheltered: vec![0.0; n * n],
            fears: vec![0.0; n * pad],
            able: vec![0.0; n * pad],
            lends: vec![0.0; n * n],
            sum: vec![0.0; pad],
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
    let n = sim.world.n();
    for (row, own) in sim.distance.chunks_exact_mut(n).zip(&sim.identity) {
        for (distance, other) in row.iter_mut().zip(&sim.identity) {
            *distance = super::simulation::identity_distance(own, other);
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
    for (i, row) in sim.reverse.chunks_exact_mut(n).enumerate() {
        for (mirrored, theirs) in row.iter_mut().zip(sim.hostility.chunks_exact(n)) {
            *mirrored = c.reverse * theirs[i];
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
    let mut desk = std::mem::replace(&mut sim.threats, Desk::new(0));
    desk.power.fill(0.0);
    desk.sheltered.fill(0.0);
    for o in 0..w.organisations.len() {
        let Some(leader) = sim.armed(o) else { continue };
        for &i in sim.members(o) {
            if i != leader && !sim.outside[o * n + i] {
                desk.power[i] = desk.power[i].max(promise * sim.capability[leader]);
            }
            for &j in sim.members(o) {
                desk.sheltered[i * n + j] = 1.0;
            }
        }
    }
    for (lent, own) in desk.power.iter_mut().zip(&sim.capability) {
        *lent += own;
    }
    for i in 0..n {
        let row = i * n..(i + 1) * n;
        let view = Backing {
            row: Row {
                own: desk.power[i],
                floor: w.common.hostility_floor,
                power: &desk.power,
                posture: &desk.posture,
                near: &sim.nearness[row.clone()],
                hostility: &sim.hostility[row.clone()],
                reverse: &sim.reverse[row.clone()],
            },
            sheltered: &desk.sheltered[row.clone()],
            plain: &sim.threat[row.clone()],
            scale: w.common.threat_scale,
        };
        backed(&view, &mut sim.behind[row]);
        sim.behind[i * n + i] = 0.0;
    }
    sim.threats = desk;
}

/// What a state sees of the power of all others with what stands behind them.
struct Backing<'a> {
    row: Row<'a>,
    sheltered: &'a [f64],
    plain: &'a [f64],
    scale: f64,
}

/// Normalised threat with what stands behind each; the plain one from those who share a body.
#[multiversion(targets("x86_64+avx2"))]
fn backed(s: &Backing<'_>, out: &mut [f64]) {
    let r = &s.row;
    let others = r.power.iter().zip(r.posture).zip(r.near).zip(r.hostility).zip(r.reverse);
    let others = others.zip(s.sheltered.iter().zip(s.plain));
    for ((((((power, posture), near), struck), strikes), (shared, plain)), out) in others.zip(out) {
        let sum = r.own + power;
        let sum = if sum > 1e-12 { sum } else { 1e-12 };
        let mutual = if struck > strikes { struck } else { strikes };
        let raw = power * (power / sum) * posture * near * (r.floor + (1.0 - r.floor) * mutual);
        let threat = raw / (raw + s.scale);
        *out = if *shared > 0.0 { *plain } else { threat };
    }
}

/// `sigma_ij - s_ij`: what j's strength does against my fears, less what it is of them.
///
/// The first sum is the overlap of fears, weighed by what j can do about each (Walt 1987; Gowa 1989); the second what an
/// armed body with j in it lends those who threaten me (Snyder 1984).
fn externality(sim: &mut Simulation<'_>, promise: f64) {
    let n = sim.world.n();
    let mut desk = std::mem::replace(&mut sim.threats, Desk::new(0));
    let pad = desk.pad;
    let rows = desk.fears.chunks_exact_mut(pad).zip(desk.able.chunks_exact_mut(pad)).enumerate();
    for (l, (fears, able)) in rows {
        for (fear, shares) in fears.iter_mut().zip(sim.shares.chunks_exact(n)) {
            *fear = shares[l];
        }
        for (able, power) in able.iter_mut().zip(&sim.capability) {
            *able = relative(sim.capability[l], *power);
        }
        able[l] = 0.0;
    }
    desk.lends.fill(0.0);
    for o in (0..sim.world.organisations.len()).filter(|&o| sim.armed(o).is_some()) {
        for i in (0..n).filter(|i| !sim.member[o * n + i]) {
            lent(&sim.shares[i * n..][..n], sim.members(o), &desk.able, &mut desk.sum);
            for &j in sim.members(o) {
                let most = &mut desk.lends[i * n + j];
                *most = most.max(promise * desk.sum[j]);
            }
        }
    }
    for i in 0..n {
        let row = i * n..(i + 1) * n;
        overlaps(&sim.shares[row.clone()], &desk.fears, &desk.able, &mut desk.sum);
        let own = sim.shares[row.clone()].iter().zip(&desk.lends[row.clone()]).zip(&desk.sum);
        for (out, ((share, lends), sum)) in sim.external[row].iter_mut().zip(own) {
            *out = sum - lends - share;
        }
        sim.external[i * n + i] = 0.0;
    }
    sim.threats = desk;
}

/// `sum_l min(s_il, s_jl) able_jl` for every j, sixteen at a time; `shares` are i's.
#[multiversion(targets("x86_64+avx2"))]
fn overlaps(shares: &[f64], fears: &[f64], able: &[f64], out: &mut [f64]) {
    let pad = out.len();
    for (block, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let mut sum = [0.0; LANES];
        let rows = fears.chunks_exact(pad).zip(able.chunks_exact(pad));
        for (own, (theirs, able)) in shares.iter().zip(rows) {
            let (theirs, able) = (&theirs.as_chunks::<LANES>().0[block], &able.as_chunks::<LANES>().0[block]);
            for l in 0..LANES {
                let both = if *own < theirs[l] { *own } else { theirs[l] };
                sum[l] += both * able[l];
            }
        }
        *out = sum;
    }
}

/// `sum_l s_il able_jl` over the members l of a body, for every j.
#[multiversion(targets("x86_64+avx2"))]
fn lent(shares: &[f64], members: &[usize], able: &[f64], out: &mut [f64]) {
    let pad = out.len();
    out.fill(0.0);
    for &l in members {
        let share = shares[l];
        for (sum, able) in out.iter_mut().zip(&able[l * pad..][..pad]) {
            *sum += share * able;
        }
    }
}
