//! The games of one step of the main model as one would write them first: a loop over pairs and issues, numbers of a pair
//! together, the library's own exponential and generator. The rules are those of `docs/odd.md`, written once more.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use twain::model::Simulation;
use twain::random::{Purpose, stream};
use twain::theory::frame::{Frame, Game};
use twain::theory::{Roster, SCHOOLS};

/// What a state sees of another on one issue.
#[derive(Clone, Copy)]
struct Issue {
    stake: f64,
    seen: f64,
    future: f64,
    misread: f64,
    enforcement: f64,
}

/// What a state sees of another.
struct View {
    i: usize,
    j: usize,
    trust: f64,
    total: f64,
    behind: f64,
    fear: f64,
    external: f64,
    image: f64,
    scope: f64,
    issues: Vec<Issue>,
    /// Place of the pair in the random stream of a step.
    place: usize,
    /// 0 for the state with the lesser place, 1 for the other.
    side: usize,
}

/// A school with the parameters that its games read.
enum School {
    Realism { k0: f64, doubt: f64 },
    Institutionalism { reliance: f64, sanctions: f64, linkage: f64 },
    Constructivism { identity: f64, internalised: f64 },
}

impl School {
    fn named(name: &str, roster: &Roster) -> Self {
        let index = SCHOOLS.iter().position(|s| *s == name).expect("a school");
        let value = |parameter: &str| roster.get(index, parameter).expect("a parameter");
        match name {
            "realism" => School::Realism { k0: value("k0"), doubt: value("doubt") },
            "institutionalism" => School::Institutionalism {
                reliance: value("reliance"),
                sanctions: value("sanctions"),
                linkage: value("linkage"),
            },
            _ => School::Constructivism { identity: value("identity"), internalised: value("internalised") },
        }
    }
}

/// The games of a step, all states of one school.
pub struct Games {
    school: School,
    frame: Frame,
    games: Vec<Game>,
    sensitivity: f64,
    rng: ChaCha8Rng,
    start: usize,
    /// Both directions of a pair stand side by side.
    views: Vec<View>,
    moves: Vec<Vec<bool>>,
}

fn belief(trust: f64, seen: f64, misread: f64, memory: f64) -> f64 {
    if seen < 0.0 {
        return trust;
    }
    (1.0 - memory) * trust + memory * (seen * (1.0 - misread) + (1.0 - seen) * misread)
}

/// `sign(I) max(0, |I| - 1/3) 3/2`.
fn omega(image: f64) -> f64 {
    image.signum() * (1.5 * (image.abs() - 1.0 / 3.0)).max(0.0)
}

impl Games {
    /// Copies what everybody sees before the games of the present step.
    pub fn of(sim: &Simulation<'_>, school: &str, step: usize) -> Self {
        let world = sim.world();
        let n = world.n();
        let mut views = Vec::new();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&i| world.slot[i]);
        for (k, &i) in order.iter().enumerate() {
            for &j in order[k + 1..].iter().filter(|&&j| sim.meet(i, j)) {
                let place = world.slot[i] * n + world.slot[j];
                for (side, (i, j)) in [(i, j), (j, i)].into_iter().enumerate() {
                    let m = sim.view_move(i, j, 0).meeting;
                    let issue = |k: usize| Issue {
                        stake: m.stake[k][0],
                        seen: m.seen[k][0],
                        future: m.future[k][0],
                        misread: m.misread[k][0],
                        enforcement: m.enforcement[k][0],
                    };
                    views.push(View {
                        i,
                        j,
                        trust: m.trust[0],
                        total: m.total[0],
                        behind: m.behind[0],
                        fear: m.fear[0],
                        external: m.external[0],
                        image: m.image[0],
                        scope: m.scope[0],
                        issues: (0..world.issues.len()).map(issue).collect(),
                        place,
                        side,
                    });
                }
            }
        }
        let shown = sim.view_move(views[0].i, views[0].j, 0);
        Games {
            school: School::named(school, &world.roster),
            frame: shown.frame,
            games: shown.games,
            sensitivity: world.common.sensitivity,
            rng: stream(world.seed, Purpose::Moves, 0),
            start: step * n * n,
            moves: vec![vec![false; world.issues.len()]; views.len()],
            views,
        }
    }

    /// Utility of cooperating over defecting on every issue, in spreads.
    fn utilities(&self, v: &View, out: &mut [f64], slack: &mut [f64]) {
        let f = &self.frame;
        let surplus = |g: &Game, q: f64, h: f64| {
            let p = &g.payoffs;
            q * (p.reward - p.temptation + h) + (1.0 - q) * (p.sucker - p.punishment)
        };
        let theirs = |g: &Game, q: f64| {
            let p = &g.payoffs;
            q * (p.reward - p.sucker + g.others_future) + (1.0 - q) * (p.temptation - p.punishment)
        };
        let plain = |k: usize| belief(v.trust, v.issues[k].seen, f.misperception, f.memory);
        let active = || self.games.iter().enumerate().filter(|(_, g)| g.active);
        match self.school {
            School::Realism { k0, doubt } => {
                for (k, g) in active() {
                    let q = plain(k) * (1.0 - doubt * v.behind);
                    let grip = k0 * v.fear * (1.0 + g.hard);
                    let weight = grip / (1.0 + grip) * v.external;
                    out[k] =
                        (surplus(g, q, g.future) + weight * theirs(g, q)) / g.spread - f.friction / v.total;
                }
            }
            School::Constructivism { identity, .. } => {
                let weight = identity * omega(v.image);
                for (k, g) in active() {
                    let q = plain(k);
                    out[k] =
                        (surplus(g, q, g.future) + weight * theirs(g, q)) / g.spread - f.friction / v.total;
                }
            }
            School::Institutionalism { reliance, sanctions, linkage } => {
                let linkage = linkage * v.scope;
                let friction = f.friction * (1.0 - f.economy * reliance * v.scope) / v.total;
                let hurts = |g: &Game| g.payoffs.punishment > g.payoffs.sucker;
                let (mut net, mut have, mut stakes) = (0.0, 0.0, 0.0);
                for (k, g) in active() {
                    let x = &v.issues[k];
                    let q = belief(v.trust, x.seen, x.misread, f.memory);
                    out[k] = surplus(g, q, x.future) + sanctions * (1.0 - x.misread) * x.enforcement
                        - friction * g.spread;
                    slack[k] = out[k].min(q * x.future.max(0.0));
                    if hurts(g) {
                        net += x.stake * slack[k];
                        have += x.stake * slack[k].max(0.0);
                        stakes += x.stake;
                    }
                }
                let share = net.max(0.0) / have.max(1e-12);
                for (k, g) in active() {
                    if hurts(g) {
                        out[k] += linkage * share * (net / stakes.max(1e-12) - slack[k]);
                    }
                    out[k] /= g.spread;
                }
            }
        }
    }

    /// Plays every pair on every issue once; returns the moves chosen.
    pub fn play(&mut self) -> u64 {
        let issues = self.games.len();
        let blocks = (2 * issues).div_ceil(16);
        let mut words = vec![0u32; 2 * issues];
        let (mut utility, mut slack) = (vec![0.0; issues], vec![0.0; issues]);
        let firm = 1.0 - 2.0 * self.frame.error;
        let internalised = match self.school {
            School::Constructivism { internalised, .. } => internalised,
            _ => 0.0,
        };
        let mut chosen = 0;
        for pair in 0..self.views.len() / 2 {
            let place = self.start + self.views[2 * pair].place;
            self.rng.set_word_pos((place * blocks * 16) as u128);
            for word in &mut words {
                *word = self.rng.next_u32();
            }
            for own in [2 * pair, 2 * pair + 1] {
                let view = &self.views[own];
                self.utilities(view, &mut utility, &mut slack);
                let role = internalised * omega(view.image).abs();
                let asks = if view.image > 0.0 { role } else { 0.0 };
                for (k, _) in self.games.iter().enumerate().filter(|(_, g)| g.active) {
                    let means = asks + (1.0 - role) / (1.0 + (-self.sensitivity * utility[k]).exp());
                    let draw = (f64::from(words[view.side * issues + k] >> 16) + 0.5) / 65536.0;
                    self.moves[own][k] = draw < self.frame.error + firm * means;
                    chosen += 1;
                }
            }
            for (own, other) in [(2 * pair, 2 * pair + 1), (2 * pair + 1, 2 * pair)] {
                for k in (0..issues).filter(|&k| self.games[k].active) {
                    let draw =
                        (f64::from(words[self.views[other].side * issues + k] & 0xFFFF) + 0.5) / 65536.0;
                    let eye = match self.school {
                        School::Institutionalism { .. } => self.views[own].issues[k].misread,
                        _ => self.frame.misperception,
                    };
                    let seen = self.moves[other][k] != (draw < eye);
                    self.views[own].issues[k].seen = f64::from(u8::from(seen));
                }
            }
        }
        chosen
    }

    /// Moves that differ from those of the engine in the step just played.
    pub fn differences(&self, sim: &Simulation<'_>) -> usize {
        let mut count = 0;
        for (view, moves) in self.views.iter().zip(&self.moves) {
            for (k, _) in self.games.iter().enumerate().filter(|(_, g)| g.active) {
                count += usize::from(sim.executed(view.i, view.j, k) != Some(moves[k]));
            }
        }
        count
    }
}
