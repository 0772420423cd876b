//! Phase 4: trust, hostility, images, knowledge and identities follow what was just seen.

use multiversion::multiversion;

use super::simulation::Simulation;
use crate::math::tanh;
use crate::theory::frame::fog;
use crate::theory::{Kinship, Lesson, Roster, Side};

/// Buffers of learning.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    inside: [Vec<f64>; 2],
    next: Vec<[f64; 4]>,
}

impl Desk {
    pub(crate) fn new(n: usize) -> Self {
        Desk { inside: [vec![0.0; n], vec![0.0; n]], next: vec![[0.0; 4]; n] }
    }
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    trust(sim);
    hostility(sim);
    images(sim);
    identities(sim);
}

/// `tau += (1 - forgetting)(share - tau)` where states met: dated acts leave the trace `a forgetting^k`.
fn trust(sim: &mut Simulation<'_>) {
    let rate = sim.per_step(1.0 - sim.world.common.forgetting);
    for ((trust, share), linked) in sim.trust.iter_mut().zip(&sim.share).zip(&sim.linked) {
        if *linked > 0.0 {
            *trust += rate * (share - *trust);
        }
    }
}

/// What still threatens is not forgotten; routine defection breeds no hostility.
fn hostility(sim: &mut Simulation<'_>) {
    let fade = 1.0 - libm::exp(-sim.pace / sim.world.common.hostility_memory);
    for (hostility, threat) in sim.hostility.iter_mut().zip(&sim.threat) {
        *hostility -= fade * (1.0 - threat) * *hostility;
    }
}

/// Means over the pairs of the two blocs: identity distance, image across, image inside each.
fn bloc_means(sim: &Simulation<'_>, [a, b]: [usize; 2]) -> (f64, f64, [f64; 2]) {
    let n = sim.world.n();
    let (mut gap, mut across, mut count) = (0.0, 0.0, 0.0f64);
    for &i in sim.members(a) {
        for &j in sim.members(b).iter().filter(|&&j| j != i) {
            gap += 2.0 * sim.distance[i * n + j];
            across += sim.regard[i * n + j] + sim.regard[j * n + i];
            count += 2.0;
        }
    }
    let inside = [a, b].map(|o| {
        let (mut sum, mut count) = (0.0, 0.0f64);
        for &i in sim.members(o) {
            for &j in sim.members(o).iter().filter(|&&j| j != i) {
                sum += sim.regard[i * n + j];
                count += 1.0;
            }
        }
        sum / count.max(1.0)
    });
    (gap / count.max(1.0), across / count.max(1.0), inside)
}

fn images(sim: &mut Simulation<'_>) {
    let (w, n) = (sim.world, sim.world.n());
    let mut desk = std::mem::take(&mut sim.lessons);
    for i in 0..n {
        for j in 0..n {
            sim.reverse[i * n + j] = sim.image[j * n + i];
        }
    }
    let (distance, warmth_across, warmth) = w.blocs.map_or((0.0, 0.0, [0.0; 2]), |b| bloc_means(sim, b));
    for (side, inside) in desk.inside.iter_mut().enumerate() {
        for (i, slot) in inside.iter_mut().enumerate() {
            *slot = f64::from(u8::from(w.blocs.is_some_and(|b| sim.member[b[side] * n + i])));
        }
    }
    let fog = fog(w.common.misperception, w.common.error);
    for i in 0..n {
        let side = |own: usize| Side {
            inside: &desk.inside[own],
            across: &desk.inside[1 - own],
            warmth: warmth[own],
            warmth_across,
            distance,
        };
        let both = [side(0), side(1)];
        let sides = match (desk.inside[0][i] > 0.0, desk.inside[1][i] > 0.0) {
            (true, true) => &both[..],
            (true, false) => &both[..1],
            (false, true) => &both[1..],
            (false, false) => &both[..0],
        };
        let row = i * n..(i + 1) * n;
        let mut lesson = Lesson {
            met: &sim.linked[row.clone()],
            share: &sim.share[row.clone()],
            joint: &sim.joint[row.clone()],
            distance: &sim.distance[row.clone()],
            reverse: &sim.reverse[row.clone()],
            sides,
            fog,
            pace: sim.pace,
            image: &mut sim.image[row.clone()],
            knowledge: &mut sim.knowledge[row],
        };
        learn(&sim.roster, &mut lesson);
    }
    regards(&sim.image, &mut sim.regard);
    sim.lessons = desk;
}

#[multiversion(targets("x86_64+avx2"))]
fn learn(roster: &Roster, lesson: &mut Lesson<'_>) {
    roster.learn(lesson);
}

#[multiversion(targets("x86_64+avx2"))]
fn regards(image: &[f64], out: &mut [f64]) {
    for (seen, own) in out.iter_mut().zip(image) {
        *seen = tanh(*own);
    }
}

/// Identities of states whose school says so draw nearer to those of others.
fn identities(sim: &mut Simulation<'_>) {
    let learns = |sim: &Simulation<'_>, i: usize| {
        sim.weights(i).iter().zip(Roster::LEARNS_IDENTITIES).any(|(w, learns)| learns && *w > 0.0)
    };
    let n = sim.world.n();
    if !(0..n).any(|i| learns(sim, i)) {
        return;
    }
    let mut next = std::mem::take(&mut sim.lessons.next);
    for (i, slot) in next.iter_mut().enumerate() {
        *slot = sim.identity[i];
        if !learns(sim, i) {
            continue;
        }
        let (mut pull, mut contact) = ([0.0; 4], 0.0);
        for j in (0..n).filter(|&j| sim.meet(i, j)) {
            let c = sim.roster.contact(sim.joint[i * n + j]);
            contact += c;
            let share = c * sim.roster.draws_near(&sim.kinship(i, j));
            for ((p, own), other) in pull.iter_mut().zip(sim.identity[i]).zip(sim.identity[j]) {
                *p += share * (other - own);
            }
        }
        let scale = 1.0 / contact.max(1.0);
        for (x, p) in slot.iter_mut().zip(pull) {
            *x = (*x + p * scale).clamp(0.0, 1.0);
        }
    }
    sim.lessons.next = std::mem::replace(&mut sim.identity, next);
}

impl Simulation<'_> {
    /// What `i` and `j` are to each other where identities may change.
    pub(crate) fn kinship(&self, i: usize, j: usize) -> Kinship {
        let n = self.world.n();
        let (k, back) = (i * n + j, j * n + i);
        Kinship {
            joint: self.joint[k],
            image: self.regard[k],
            pair_image: tanh(0.5 * (self.image[k] + self.image[back])),
            knowledge: self.knowledge[k],
            hostility: self.hostility[k].max(self.hostility[back]),
            distance: self.distance[k],
            equality: if self.across(i, j) { self.equality() } else { 1.0 },
            pace: self.pace,
        }
    }

    /// Whether `i` and `j` stand in different blocs.
    pub(crate) fn across(&self, i: usize, j: usize) -> bool {
        self.world.blocs.is_some_and(|[a, b]| {
            self.is_member(a, i) && self.is_member(b, j) || self.is_member(b, i) && self.is_member(a, j)
        })
    }

    /// Lesser over greater institutional stock of the two blocs, 0-1 (1 without blocs).
    pub(crate) fn equality(&self) -> f64 {
        let Some([a, b]) = self.world.blocs else { return 1.0 };
        let (x, y) = (self.stock(a), self.stock(b));
        x.min(y) / x.max(y).max(1e-9)
    }
}
