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
    back: Vec<[f64; 2]>,
    contacts: Vec<f64>,
    shares: Vec<f64>,
    next: Vec<[f64; 4]>,
}

impl Desk {
    pub(crate) fn new(n: usize) -> Self {
        let row = || vec![0.0; n];
        Desk {
            inside: [row(), row()],
            back: vec![[0.0; 2]; n],
            contacts: row(),
            shares: row(),
            next: vec![[0.0; 4]; n],
        }
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
    follow(&mut sim.trust, &sim.share, &sim.linked, rate);
}

#[multiversion(targets("x86_64+avx2"))]
fn follow(trust: &mut [f64], share: &[f64], linked: &[f64], rate: f64) {
    for ((trust, share), linked) in trust.iter_mut().zip(share).zip(linked) {
        let next = *trust + rate * (share - *trust);
        *trust = if *linked > 0.0 { next } else { *trust };
    }
}

/// What still threatens is not forgotten; routine defection breeds no hostility.
fn hostility(sim: &mut Simulation<'_>) {
    let fade = 1.0 - libm::exp(-sim.pace / sim.world.common.hostility_memory);
    forget(&mut sim.hostility, &sim.threat, fade);
}

#[multiversion(targets("x86_64+avx2"))]
fn forget(hostility: &mut [f64], threat: &[f64], fade: f64) {
    for (hostility, threat) in hostility.iter_mut().zip(threat) {
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
    for (i, row) in sim.reverse.chunks_exact_mut(n).enumerate() {
        for (mirrored, theirs) in row.iter_mut().zip(sim.image.chunks_exact(n)) {
            *mirrored = theirs[i];
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
    let mut desk = std::mem::take(&mut sim.lessons);
    let equality = sim.equality();
    for i in 0..n {
        desk.next[i] = sim.identity[i];
        if !learns(sim, i) {
            continue;
        }
        let row = i * n..(i + 1) * n;
        let columns = sim.image.chunks_exact(n).zip(sim.hostility.chunks_exact(n));
        for (back, (image, hostility)) in desk.back.iter_mut().zip(columns) {
            *back = [image[i], hostility[i]];
        }
        let within = [0, 1].map(|side| desk.inside[side][i]);
        let view = Neighbours {
            joint: &sim.joint[row.clone()],
            regard: &sim.regard[row.clone()],
            image: &sim.image[row.clone()],
            knowledge: &sim.knowledge[row.clone()],
            hostility: &sim.hostility[row.clone()],
            distance: &sim.distance[row.clone()],
            back: &desk.back,
            inside: [&desk.inside[0], &desk.inside[1]],
            within,
            equality,
            pace: sim.pace,
        };
        draw_near(&sim.roster, &view, &mut desk.contacts, &mut desk.shares);
        let (mut pull, mut contact) = ([0.0; 4], 0.0);
        let pairs = sim.linked[row].iter().zip(&desk.contacts).zip(&desk.shares).zip(&sim.identity);
        for (((linked, c), share), other) in pairs {
            if *linked > 0.0 {
                contact += c;
                for ((p, own), other) in pull.iter_mut().zip(sim.identity[i]).zip(other) {
                    *p += c * share * (other - own);
                }
            }
        }
        let scale = 1.0 / contact.max(1.0);
        for (x, p) in desk.next[i].iter_mut().zip(pull) {
            *x = (*x + p * scale).clamp(0.0, 1.0);
        }
    }
    std::mem::swap(&mut sim.identity, &mut desk.next);
    sim.lessons = desk;
}

/// What one state and each other are to each other where identities may change.
struct Neighbours<'a> {
    joint: &'a [f64],
    regard: &'a [f64],
    image: &'a [f64],
    knowledge: &'a [f64],
    hostility: &'a [f64],
    distance: &'a [f64],
    /// The other's image of me and hostility to me.
    back: &'a [[f64; 2]],
    /// Who stands in either bloc: 1 or 0.
    inside: [&'a [f64]; 2],
    /// Whether I do.
    within: [f64; 2],
    equality: f64,
    pace: f64,
}

/// Contact with each other, and the share of the way to its identity gone in a step.
#[multiversion(targets("x86_64+avx2"))]
fn draw_near(roster: &Roster, s: &Neighbours<'_>, contacts: &mut [f64], shares: &mut [f64]) {
    // with a quarter for a step, no rate needs a power
    if s.pace == 1.0 {
        each_near(roster, s, 1.0, contacts, shares)
    } else {
        each_near(roster, s, s.pace, contacts, shares)
    }
}

#[inline(always)]
fn each_near(roster: &Roster, s: &Neighbours<'_>, pace: f64, contacts: &mut [f64], shares: &mut [f64]) {
    // rows cut to one length, so that no look-up can fail
    let n = contacts.len();
    let (joint, regard, image, knowledge) = (&s.joint[..n], &s.regard[..n], &s.image[..n], &s.knowledge[..n]);
    let (hostility, distance, back) = (&s.hostility[..n], &s.distance[..n], &s.back[..n]);
    let (first, second, shares) = (&s.inside[0][..n], &s.inside[1][..n], &mut shares[..n]);
    for j in 0..n {
        let (theirs, struck) = (back[j][0], back[j][1]);
        let across = s.within[0] * second[j] + s.within[1] * first[j];
        contacts[j] = roster.contact(joint[j]);
        shares[j] = roster.draws_near(&Kinship {
            joint: joint[j],
            image: regard[j],
            pair_image: tanh(0.5 * (image[j] + theirs)),
            knowledge: knowledge[j],
            hostility: if hostility[j] > struck { hostility[j] } else { struck },
            distance: distance[j],
            equality: if across > 0.0 { s.equality } else { 1.0 },
            pace,
        });
    }
}

impl Simulation<'_> {
    /// Lesser over greater institutional stock of the two blocs, 0-1 (1 without blocs).
    pub(crate) fn equality(&self) -> f64 {
        let Some([a, b]) = self.world.blocs else { return 1.0 };
        let (x, y) = (self.stock(a), self.stock(b));
        x.min(y) / x.max(y).max(1e-9)
    }
}
