//! Phase 1: dated shocks, entries, figures of the step. Inputs are the same for every school.

use super::memory::UNSEEN;
use super::simulation::{BOUND, Simulation};
use super::world::{Event, Given, GivenKind, Norm, Party, Shock};
use crate::math::tanh;
use crate::theory::Act;
use crate::theory::frame::Game;

/// An act as it reaches one observer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    /// Size, -1 hostile to 1 friendly.
    pub size: f64,
    /// The issue it is on, if it is on one.
    pub on: Option<usize>,
    /// The norm it touches, if it touches one.
    pub norm: Option<Norm>,
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    let w = sim.world;
    let step = sim.step;
    for event in w.events.iter().filter(|e| e.step == step) {
        happen(sim, event);
    }
    let fade = sim.regime_fade;
    sim.regime_threat.iter_mut().for_each(|t| *t *= fade);
    dated_standings(sim);
    figures(sim);
    stakes(sim);
}

fn happen(sim: &mut Simulation<'_>, event: &Event) {
    let w = sim.world;
    match event.shock {
        Shock::Act => {
            let deed = Deed { size: event.size, on: event.on, norm: event.norm };
            for &j in &event.actors {
                for &i in event.targets.iter().filter(|&&i| i != j) {
                    act(sim, i, j, deed);
                }
                if let Some(norm) = event.norm {
                    look_on(sim, event, j, norm);
                }
            }
            if event.size < 0.0 {
                suspend_councils(sim, event);
            }
        }
        Shock::Thaw => {
            for &j in &event.actors {
                for &i in event.targets.iter().filter(|&&i| i != j) {
                    thaw(sim, i, j, event.size.abs());
                    thaw(sim, j, i, event.size.abs());
                }
            }
        }
        Shock::Threat { issue, half_life } => {
            sim.rises.push((issue, event.size, libm::pow(0.5, 1.0 / half_life)));
        }
        Shock::RegimeThreat { half_life } => {
            sim.regime_fade = libm::pow(0.5, 1.0 / half_life);
            for &i in &event.targets {
                let hit = event.size.abs() * (1.0 - w.states[i].regime[sim.step]);
                sim.regime_threat[i] += (1.0 - sim.regime_threat[i]) * hit;
                for &j in event.actors.iter().filter(|&&j| j != i) {
                    act(sim, i, j, Deed { size: -0.5 * hit, on: None, norm: None });
                }
            }
        }
        Shock::Reform { organisation } => {
            if sim.alive[organisation] && sim.population.institutions {
                let stock = sim.institution[organisation];
                let way = if event.size > 0.0 { 1.0 - stock } else { stock };
                sim.institution[organisation] = (stock + event.size * way).clamp(0.0, 1.0);
            }
        }
        Shock::Capability => {
            for &i in &event.targets {
                sim.boost[i] *= 1.0 + event.size;
            }
        }
    }
}

/// State `i` undergoes a deed of `j`: a share |size| of the evidence on trust and on the last move seen, in kind where
/// the school answers in kind; hostility; and the image.
pub(crate) fn act(sim: &mut Simulation<'_>, i: usize, j: usize, deed: Deed) {
    let (n, m) = (sim.world.n(), sim.world.issues.len());
    let k = i * n + j;
    let weight = deed.size.abs().min(1.0);
    let target = if deed.size > 0.0 { 1.0 } else { 0.0 };
    let (kind, linkage) = if deed.on.is_some() { sim.roster.in_kind(sim.weights(i)) } else { (0.0, 0.0) };
    let linked = if kind > 0.0 { linkage * sim.venues.scope(sim, i, j) } else { 1.0 };
    let mut counts = 0.0;
    let stakes = &sim.stake[i * m..(i + 1) * m];
    for ((issue, seen), stake) in sim.memory.of_mut(k).enumerate().zip(stakes) {
        let own = if deed.on == Some(issue) { 1.0 } else { linked };
        let kappa = 1.0 - kind + kind * own;
        counts += kappa * stake;
        if *seen != UNSEEN {
            *seen += weight * kappa * (target - *seen);
        }
    }
    let counts = counts / sim.total[i].max(1e-9);
    sim.trust[k] += weight * counts * (target - sim.trust[k]);
    if deed.size > 0.0 {
        sim.hostility[k] -= weight * sim.hostility[k];
    } else {
        sim.hostility[k] += weight * (1.0 - sim.hostility[k]);
    }
    regard(
        sim,
        i,
        j,
        Act { norm: deed.norm.map_or(0.0, |norm| holds(sim, i, norm)), size: deed.size, ..Act::default() },
    );
}

/// The image that `i` has of `j` after an act.
pub(crate) fn regard(sim: &mut Simulation<'_>, i: usize, j: usize, act: Act) {
    let k = i * sim.world.n() + j;
    let change = sim.roster.image_of_act(&Act { image: sim.regard[k], ..act });
    if change != 0.0 {
        sim.image[k] = (sim.image[k] + change).clamp(-BOUND, BOUND);
        sim.regard[k] = tanh(sim.image[k]);
    }
}

/// Greatest strength of a norm over the bodies `i` is in, 0-1.
fn holds(sim: &Simulation<'_>, i: usize, norm: Norm) -> f64 {
    let bodies = sim.world.organisations.iter().enumerate();
    bodies.filter(|(o, _)| sim.is_member(*o, i)).fold(0.0, |most: f64, (_, body)| most.max(body.norm(norm)))
}

/// Those who hold the norm and are not touched themselves look on.
fn look_on(sim: &mut Simulation<'_>, event: &Event, j: usize, norm: Norm) {
    for i in 0..sim.world.n() {
        let strength = holds(sim, i, norm);
        if strength > 0.0 && i != j && !event.targets.contains(&i) {
            regard(sim, i, j, Act { size: event.size, norm: strength, onlooker: true, ..Act::default() });
        }
    }
}

fn thaw(sim: &mut Simulation<'_>, i: usize, j: usize, size: f64) {
    let k = i * sim.world.n() + j;
    sim.hostility[k] *= 1.0 - size;
    sim.trust[k] += size * (0.5 - sim.trust[k]).max(0.0);
    sim.image[k] -= size * sim.image[k].min(0.0);
    sim.regard[k] = tanh(sim.image[k]);
}

/// Councils between the two parties of a hostile act are suspended.
fn suspend_councils(sim: &mut Simulation<'_>, event: &Event) {
    let (w, n) = (sim.world, sim.world.n());
    let left = 1.0 - event.size.abs();
    for (o, body) in w.organisations.iter().enumerate() {
        let acts = event.from.contains(&Party::Organisation(o))
            || body.leader.is_some_and(|l| event.actors.contains(&l));
        if acts {
            event.targets.iter().for_each(|&i| sim.council[o * n + i] *= left);
        }
        if event.toward.contains(&Party::Organisation(o)) {
            event.actors.iter().for_each(|&j| sim.council[o * n + j] *= left);
        }
    }
}

/// States that begin or end, bodies that are ended, members that enter or leave at their dates: input, not decided.
fn dated_standings(sim: &mut Simulation<'_>) {
    let (w, n, step) = (sim.world, sim.world.n(), sim.step);
    let mut changed = false;
    for (i, state) in w.states.iter().enumerate() {
        sim.exists[i] = state.from <= step && step < state.until;
    }
    for (o, body) in w.organisations.iter().enumerate() {
        if body.ends == Some(step) && sim.alive[o] {
            sim.dissolve(o);
            changed = true;
        }
        for spell in &body.spells {
            let (i, k) = (spell.state, o * n + spell.state);
            if spell.from == step && sim.alive[o] && !sim.member[k] && sim.exists[i] {
                sim.join(o, i);
                changed = true;
                if step > 0 {
                    sim.log.entered(step, i, o);
                }
            }
            if spell.until == Some(step) && sim.member[k] {
                sim.member[k] = false;
                changed = true;
                sim.log.departed(step, i, o);
            }
        }
        for i in 0..n {
            let k = o * n + i;
            if sim.admitted[k] == Some(step) && sim.alive[o] && !sim.member[k] {
                sim.admitted[k] = None;
                sim.join(o, i);
                changed = true;
                sim.log.entered(step, i, o);
            }
            if !sim.exists[i] && (sim.member[k] || sim.partner[k] || sim.council[k] > 0.0) {
                sim.member[k] = false;
                sim.partner[k] = false;
                sim.council[k] = 0.0;
                changed = true;
            }
            let apart = body
                .outside_command
                .iter()
                .any(|s| s.state == i && s.from <= step && s.until.is_none_or(|u| step < u));
            changed |= sim.outside[k] != apart;
            sim.outside[k] = apart;
        }
    }
    if changed {
        sim.enrol();
    }
}

/// Power and identities follow their figures.
fn figures(sim: &mut Simulation<'_>) {
    let step = sim.step;
    for (i, state) in sim.world.states.iter().enumerate() {
        let power = (state.capability[step] * sim.boost[i]).max(0.0);
        sim.capability[i] = if sim.exists[i] { power } else { 0.0 };
        let view = state.view(step);
        for (x, (now, before)) in sim.identity[i].iter_mut().zip(view.iter().zip(sim.view[i])) {
            *x = (*x + (now - before)).clamp(0.0, 1.0);
        }
        sim.view[i] = view;
    }
}

fn stakes(sim: &mut Simulation<'_>) {
    let (w, step, m) = (sim.world, sim.step, sim.world.issues.len());
    sim.games.clear();
    for (k, issue) in w.issues.iter().enumerate() {
        let active = issue.from <= step && step <= issue.until;
        sim.games.push(Game::new(issue.payoffs, issue.hard, active, &sim.frame));
        let mut level = issue.level[step];
        for &(which, rise, _) in &sim.rises {
            if which == k {
                level += (1.0 - level) * rise;
            }
        }
        for (i, state) in w.states.iter().enumerate() {
            let exposure = if issue.by_autocracy {
                (1.0 - state.regime[step]) * (0.4 + 0.6 * sim.regime_threat[i])
            } else {
                issue.exposure[i]
            };
            let stake = if exposure < 0.0 {
                -exposure * level.min(1.0)
            } else {
                (issue.floor + (1.0 - issue.floor) * level * exposure).clamp(0.0, 1.0)
            };
            sim.stake[i * m + k] = if active { stake } else { 0.0 };
        }
    }
    for rise in &mut sim.rises {
        rise.1 *= rise.2;
    }
    for (i, total) in sim.total.iter_mut().enumerate() {
        *total = sim.stake[i * m..(i + 1) * m].iter().sum::<f64>().max(1e-9);
    }
}

impl Simulation<'_> {
    /// State `i` becomes a member of body `o`.
    pub(crate) fn join(&mut self, o: usize, i: usize) {
        let k = o * self.world.n() + i;
        self.member[k] = true;
        self.was_member[k] = true;
        self.partner[k] = false;
    }

    /// Body `o` is no more.
    pub(crate) fn dissolve(&mut self, o: usize) {
        let n = self.world.n();
        self.alive[o] = false;
        self.institution[o] = 0.0;
        self.member[o * n..(o + 1) * n].fill(false);
        self.partner[o * n..(o + 1) * n].fill(false);
        self.council[o * n..(o + 1) * n].fill(0.0);
        self.log.dissolved(self.step, o);
    }

    /// A decision given from outside for `state` now, if there is one; it is then marked as met.
    pub(crate) fn given(&mut self, state: usize, what: GivenKind) -> Option<bool> {
        let step = self.step;
        let found = |d: &Given| d.step == step && d.state == state && d.what == what;
        let place = self.world.decisions.iter().position(found)?;
        self.log.meet(place);
        Some(self.world.decisions[place].yes)
    }
}
