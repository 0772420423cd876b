//! Phase 2, second half: what organisations, partnerships, councils and the tie lend to each pair, and who meets whom.
//!
//! States that stand alike in every body (the same *profile*) are lent the same, so that what a venue gives is worked
//! out once for each pair of profiles. A body gives its best through the future it makes count: the greater of the value
//! of play in the body of n and at a table of two.

use super::simulation::Simulation;
use super::world::{Organisation, World};
use crate::math::{LANES, Lane};
use crate::organisation::Decision;
use crate::theory::frame::{self, future};

/// Which venue is left out, and how far states rely on the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
struct View {
    without: Option<usize>,
    reliance: f64,
}

/// What a pair is lent on one issue.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lent {
    /// Value of the future, payoff units.
    pub future: f64,
    /// How far misreading is removed, 0-1.
    pub watch: f64,
    /// Chance of misreading for those who rely most on institutions.
    pub misread: f64,
    /// How far the stock serves the issue, 0-1.
    pub scope: f64,
    /// Expected sanction on a defection, payoff units.
    pub enforcement: f64,
}

/// What every pair of profiles is lent under one view; filled as it is asked for.
#[derive(Debug, Default)]
struct Sheet {
    known: Vec<bool>,
    rows: Vec<Lent>,
}

impl Sheet {
    fn clear(&mut self, classes: usize, issues: usize) {
        self.known.clear();
        self.known.resize(classes, false);
        self.rows.resize(classes * issues, Lent::default());
    }
}

/// What a new venue would add over what exists, by class and issue; filled as it is asked for.
#[derive(Debug, Default)]
pub(crate) struct Gains {
    known: Vec<bool>,
    rows: Vec<Gain>,
    new: Vec<(f64, f64)>,
    without: Option<usize>,
}

/// What a new venue adds on one issue.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gain {
    /// Gain of the future over the spread of the game.
    pub future: f64,
    /// Gain of scope.
    pub scope: f64,
    /// Chance of misreading in what exists.
    pub misread: f64,
}

/// What organisations lend to each pair in the present step.
#[derive(Debug)]
pub(crate) struct Venues {
    stale: bool,
    /// Whether states stand otherwise in bodies than when the pairs were seated.
    moved: bool,
    enforces: bool,
    reliance: f64,
    /// Stake-weighted scope of what a state shares with those of a class, by state and class.
    scopes: Vec<f64>,
    issues: usize,
    /// Strength of each body for each class, and whether both sit in it; by class and body.
    strengths: Vec<(f64, bool)>,
    key: Vec<usize>,
    keys: Vec<usize>,
    profile: Vec<usize>,
    sample: Vec<usize>,
    reach: Vec<f64>,
    full: Vec<f64>,
    relied: Vec<f64>,
    /// As states rely on it in play; by class and issue.
    play: Sheet,
    joint: Vec<f64>,
    shadow: Vec<f64>,
    /// As advertised, for votes.
    whole: Sheet,
    /// As advertised, without one body, for membership.
    other: Sheet,
    left_out: Option<usize>,
    gains: Gains,
}

impl Venues {
    pub(crate) fn new(world: &World) -> Self {
        let (o, m, n) = (world.organisations.len(), world.issues.len(), world.n());
        Venues {
            stale: true,
            moved: true,
            enforces: false,
            reliance: 0.0,
            scopes: Vec::new(),
            issues: m,
            strengths: Vec::new(),
            key: vec![0; o],
            keys: Vec::with_capacity(o * n.min(64)),
            profile: vec![0; n],
            sample: Vec::with_capacity(n.min(64)),
            reach: vec![0.0; o * m],
            full: vec![0.0; o * m],
            relied: vec![0.0; o * m],
            play: Sheet::default(),
            joint: Vec::new(),
            shadow: Vec::new(),
            whole: Sheet::default(),
            other: Sheet::default(),
            left_out: None,
            gains: Gains::default(),
        }
    }

    pub(crate) fn reset(&mut self) {
        (self.stale, self.moved) = (true, true);
        self.profile.fill(0);
        self.sample.clear();
        self.sample.push(0);
        self.joint.clear();
        self.joint.push(0.0);
        self.play.clear(1, self.issues);
        self.play.rows.fill(Lent::default());
    }

    pub(crate) fn standings_changed(&mut self) {
        self.stale = true;
    }

    /// The class of a directed dyad.
    pub(crate) fn class(&self, i: usize, j: usize) -> usize {
        self.profile[i] * self.sample.len() + self.profile[j]
    }

    /// Stake-weighted scope of what `i` and `j` share, 0-1.
    pub(crate) fn scope(&self, sim: &Simulation<'_>, i: usize, j: usize) -> f64 {
        let m = sim.world.issues.len();
        let row = self.class(i, j) * m;
        let lent = &self.play.rows[row..row + m];
        let stakes = &sim.stake[i * m..(i + 1) * m];
        stakes.iter().zip(lent).map(|(s, x)| s * x.scope).sum::<f64>() / sim.total[i]
    }

    /// Institutional strength between a state and those of each profile, 0-1.
    fn joints(&self, i: usize) -> &[f64] {
        let profiles = self.sample.len();
        &self.joint[self.profile[i] * profiles..][..profiles]
    }

    /// Effective shadow of the future between a state and any other, mean over issues, 0-1.
    pub(crate) fn shadows(&self, i: usize) -> impl Fn(usize) -> f64 {
        let profiles = self.sample.len();
        let row = &self.shadow[self.profile[i] * profiles..][..profiles];
        |j| row[self.profile[j]]
    }

    /// How far states rely on what they are lent in play, 0-1.
    pub(crate) fn reliance(&self) -> f64 {
        self.reliance
    }

    /// Whether any body punishes anybody in this step.
    pub(crate) fn enforces(&self) -> bool {
        self.enforces
    }

    /// Stake-weighted scope of what each lane's state shares with the other, whose class it is.
    pub(crate) fn scopes(&self, state: &[usize; LANES], class: &[usize; LANES], to: &mut Lane) {
        let profiles = self.sample.len();
        for ((to, state), class) in to.iter_mut().zip(state).zip(class) {
            *to = self.scopes[state * profiles + class % profiles];
        }
    }

    /// What a class is lent in play, by issue.
    pub(crate) fn lent(&self, class: usize) -> &[Lent] {
        &self.play.rows[class * self.issues..(class + 1) * self.issues]
    }
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    refresh(sim);
    link(sim);
}

/// Works out anew what is lent; called at the start of a step and when standings have changed within it.
pub(crate) fn refresh(sim: &mut Simulation<'_>) {
    let mut v = std::mem::replace(&mut sim.venues, Venues::new_empty());
    if v.stale {
        profiles(sim, &mut v);
        (v.stale, v.moved) = (false, true);
    }
    bodies(sim, &mut v);
    let (classes, m) = (v.sample.len() * v.sample.len(), sim.world.issues.len());
    v.play.clear(classes, m);
    v.whole.clear(classes, m);
    v.other.clear(classes, m);
    v.left_out = None;
    v.joint.resize(classes, 0.0);
    v.shadow.resize(classes, 0.0);
    let view = View { without: None, reliance: sim.roster.most_reliance(&sim.present) };
    let punishes = |o: &Organisation| o.sanctions > 0.0 && o.decision != Decision::Consensus;
    let punished = sim.world.organisations.iter().any(punishes);
    let bodies = sim.world.organisations.len();
    (v.enforces, v.reliance) = (false, view.reliance);
    let profiles = v.sample.len();
    v.strengths.resize(classes * bodies, (0.0, false));
    for class in 0..classes {
        // what two lend each other is mutual: worked out for one of the two classes and copied to its mirror
        let (x, y) = (class / profiles, class % profiles);
        let mirror = y * profiles + x;
        if mirror < class {
            v.strengths.copy_within(mirror * bodies..(mirror + 1) * bodies, class * bodies);
            v.play.rows.copy_within(mirror * m..(mirror + 1) * m, class * m);
            v.play.known[class] = true;
            (v.joint[class], v.shadow[class]) = (v.joint[mirror], v.shadow[mirror]);
            continue;
        }
        let (a, b) = (v.sample[x], v.sample[y]);
        for (o, strength) in v.strengths[class * bodies..(class + 1) * bodies].iter_mut().enumerate() {
            *strength = sim.strength(o, a, b);
        }
        let strengths = &v.strengths[class * bodies..(class + 1) * bodies];
        v.joint[class] = joint(sim, strengths, a, b);
        fill(sim, &v.reach, &v.relied, view, strengths, [a, b, class], &mut v.play);
        let (mut shadow, mut active) = (0.0, 0.0f64);
        let rows = &mut v.play.rows[class * m..(class + 1) * m];
        for (game, lent) in sim.games.iter().zip(rows) {
            let watched = view.reliance * sim.frame.information * lent.watch;
            lent.misread = sim.frame.misperception * (1.0 - watched);
            if game.active {
                shadow += frame::effective_shadow(&game.payoffs, lent.future);
                active += 1.0;
            }
        }
        v.shadow[class] = shadow / active.max(1.0);
    }
    if punished {
        for class in 0..classes {
            let strengths = &v.strengths[class * bodies..(class + 1) * bodies];
            for (k, lent) in v.play.rows[class * m..(class + 1) * m].iter_mut().enumerate() {
                lent.enforcement = enforcement(sim, &v.reach, strengths, v.sample[class / profiles], k);
                v.enforces |= lent.enforcement > 0.0;
            }
        }
    }
    if sim.reads.institutions {
        scopes(sim, &mut v);
    }
    sim.venues = v;
}

impl Venues {
    /// A place holder without room, while the real one is written.
    fn new_empty() -> Self {
        Venues {
            stale: true,
            moved: true,
            enforces: false,
            reliance: 0.0,
            scopes: Vec::new(),
            issues: 0,
            strengths: Vec::new(),
            key: Vec::new(),
            keys: Vec::new(),
            profile: Vec::new(),
            sample: Vec::new(),
            reach: Vec::new(),
            full: Vec::new(),
            relied: Vec::new(),
            play: Sheet::default(),
            joint: Vec::new(),
            shadow: Vec::new(),
            whole: Sheet::default(),
            other: Sheet::default(),
            left_out: None,
            gains: Gains::default(),
        }
    }
}

/// Stake-weighted scope of what each state shares with those of each profile.
fn scopes(sim: &Simulation<'_>, v: &mut Venues) {
    let (n, m, profiles) = (sim.world.n(), sim.world.issues.len(), v.sample.len());
    v.scopes.resize(n * profiles, 0.0);
    for i in 0..n {
        let stakes = &sim.stake[i * m..(i + 1) * m];
        for other in 0..profiles {
            let class = v.profile[i] * profiles + other;
            let lent = &v.play.rows[class * m..(class + 1) * m];
            let sum: f64 = stakes.iter().zip(lent).map(|(s, x)| s * x.scope).sum();
            v.scopes[i * profiles + other] = sum / sim.total[i];
        }
    }
}

/// Groups states by how they stand in every body.
fn profiles(sim: &Simulation<'_>, v: &mut Venues) {
    let (n, bodies) = (sim.world.n(), sim.world.organisations.len());
    v.keys.clear();
    v.sample.clear();
    for i in 0..n {
        for o in 0..bodies {
            let k = o * n + i;
            let leads = sim.world.organisations[o].leader == Some(i);
            v.key[o] = match (sim.member[k], sim.outside[k], sim.council[k] > 0.0, sim.partner[k]) {
                (true, false, ..) => 2 + usize::from(leads),
                (true, true, ..) => 4,
                (false, _, true, _) => 5 + i,
                (false, _, false, true) => 1,
                (false, _, false, false) => 0,
            };
        }
        let known = (0..v.sample.len()).find(|p| v.keys[p * bodies..(p + 1) * bodies] == v.key[..]);
        v.profile[i] = known.unwrap_or_else(|| {
            v.keys.extend_from_slice(&v.key);
            v.sample.push(i);
            v.sample.len() - 1
        });
    }
}

/// What each body gives by itself: scope by issue, and the future in a body of n, as advertised and as relied on.
fn bodies(sim: &Simulation<'_>, v: &mut Venues) {
    let m = sim.world.issues.len();
    let reliance = sim.roster.most_reliance(&sim.present);
    for (o, body) in sim.world.organisations.iter().enumerate() {
        let founding = sim.founding(o);
        for k in 0..m {
            let general = body.general_assets;
            let specific = if body.mandate[k] { founding } else { 0.0 };
            v.reach[o * m + k] = general + (1.0 - general) * specific;
            v.full[o * m + k] = sim.future_in_body(o, k, v.reach[o * m + k], 1.0, 1.0);
            v.relied[o * m + k] = sim.future_in_body(o, k, v.reach[o * m + k], reliance, 1.0);
        }
    }
}

impl Simulation<'_> {
    /// How far the founding threat of body `o` still stands, 0-1; 1 if it names none.
    pub(crate) fn founding(&self, o: usize) -> f64 {
        let body = &self.world.organisations[o];
        match (body.founding_threat, body.leader) {
            (Some(foe), Some(leader)) if foe != leader => {
                (2.0 * self.threat[leader * self.world.n() + foe]).min(1.0)
            }
            _ => 1.0,
        }
    }

    /// Scope of body `o` on issue `k`, 0-1.
    pub(crate) fn reach(&self, o: usize, k: usize) -> f64 {
        self.venues.reach[o * self.world.issues.len() + k]
    }

    /// Value of the future in body `o` of n on an issue of scope `reach`; `share` of the stock serves (partners have no
    /// contagion: theirs is a table of two).
    pub(crate) fn future_in_body(&self, o: usize, k: usize, reach: f64, reliance: f64, share: f64) -> f64 {
        let (body, c) = (&self.world.organisations[o], &self.world.common);
        let stock = self.stock(o);
        let seen = reliance * c.information * body.monitoring * share * stock * reach;
        let misread = c.misperception * (1.0 - seen);
        let eyes =
            if share == 1.0 { c.group * (self.members(o).len() as f64 - 2.0).max(0.0) * stock } else { 0.0 };
        let p = &self.games[k].payoffs;
        let e = frame::fog(misread, c.error);
        future(p, p.sucker, c.shadow, e, frame::contagion(misread, eyes))
    }

    /// Value of the future at a table of two with monitoring `watch` of misreading.
    pub(crate) fn future_at_table(&self, k: usize, watch: f64) -> f64 {
        let c = &self.world.common;
        let e = frame::fog(c.misperception * (1.0 - c.information * watch), c.error);
        let p = &self.games[k].payoffs;
        future(p, p.sucker, c.shadow, e, 0.0)
    }

    /// What `i` and `j` are lent by the best they have on issue `k`, as advertised; without one body if asked.
    pub(crate) fn existing(&mut self, class: usize, without: Option<usize>, k: usize) -> Lent {
        let m = self.world.issues.len();
        if without.is_some() && self.venues.left_out != without {
            self.venues.other.known.fill(false);
            self.venues.left_out = without;
        }
        let mut sheet =
            std::mem::take(if without.is_some() { &mut self.venues.other } else { &mut self.venues.whole });
        if !sheet.known[class] {
            let sample = &self.venues.sample;
            let (a, b) = (sample[class / sample.len()], sample[class % sample.len()]);
            let view = View { without, reliance: 1.0 };
            let bodies = self.world.organisations.len();
            let strengths = &self.venues.strengths[class * bodies..(class + 1) * bodies];
            fill(self, &self.venues.reach, &self.venues.full, view, strengths, [a, b, class], &mut sheet);
        }
        let lent = sheet.rows[class * m + k];
        *(if without.is_some() { &mut self.venues.other } else { &mut self.venues.whole }) = sheet;
        lent
    }

    /// Starts to compare a new venue with what exists: `new` gives the value of the future and the scope in it, by issue.
    pub(crate) fn compare(&mut self, without: Option<usize>, new: impl Fn(&Self, usize) -> (f64, f64)) {
        let mut gains = std::mem::take(&mut self.venues.gains);
        gains.new.clear();
        gains.new.extend((0..self.world.issues.len()).map(|k| new(self, k)));
        gains.without = without;
        gains.known.clear();
        gains.known.resize(self.venues.sample.len() * self.venues.sample.len(), false);
        gains.rows.resize(gains.known.len() * self.world.issues.len(), Gain::default());
        self.venues.gains = gains;
    }

    /// Works out what the venue under comparison adds for a class, if that is not known yet.
    pub(crate) fn gains(&mut self, class: usize) {
        let m = self.world.issues.len();
        if !self.venues.gains.known[class] {
            let without = self.venues.gains.without;
            for k in 0..m {
                let old = self.existing(class, without, k);
                let (future, scope) = self.venues.gains.new[k];
                self.venues.gains.rows[class * m + k] = Gain {
                    future: (future - old.future).max(0.0) / self.games[k].spread,
                    scope: (scope - old.scope).max(0.0),
                    misread: self.frame.misperception * (1.0 - self.frame.information * old.watch),
                };
            }
            self.venues.gains.known[class] = true;
        }
    }

    /// What the venue under comparison adds for a class, by issue.
    pub(crate) fn added(&self, class: usize) -> &[Gain] {
        let m = self.world.issues.len();
        &self.venues.gains.rows[class * m..(class + 1) * m]
    }

    /// Strength that body `o` lends a pair, 0-1, and whether both sit in it.
    fn strength(&self, o: usize, i: usize, j: usize) -> (f64, bool) {
        let n = self.world.n();
        let standing = |s: usize| {
            let k = o * n + s;
            let partner = if self.partner[k] { self.world.common.partner_share } else { 0.0 };
            match (self.member[k], self.outside[k]) {
                (true, false) => (true, 1.0),
                (true, true) => (true, self.world.common.partner_share),
                _ => (false, partner.max(self.council[k])),
            }
        };
        let ((a, x), (b, y)) = (standing(i), standing(j));
        let share = match (a, b) {
            (false, false) => 0.0,
            _ => x.min(y),
        };
        (share * self.stock(o), a && b && share == 1.0)
    }

    /// Strength of the tie of the blocs for a pair across them, 0-1.
    fn tie_between(&self, i: usize, j: usize) -> Option<([usize; 2], f64)> {
        let [a, b] = self.world.blocs.filter(|_| self.tie > 0.0)?;
        let across =
            self.is_member(a, i) && self.is_member(b, j) || self.is_member(b, i) && self.is_member(a, j);
        across.then(|| ([a, b], self.tie * self.stock(a).min(self.stock(b))))
    }
}

fn joint(sim: &Simulation<'_>, strengths: &[(f64, bool)], i: usize, j: usize) -> f64 {
    let most = strengths.iter().map(|s| s.0).fold(0.0, f64::max);
    sim.tie_between(i, j).map_or(most, |(_, tie)| most.max(tie))
}

/// Writes what a pair of profiles is lent under a view.
fn fill(
    sim: &Simulation<'_>,
    reach: &[f64],
    inside: &[f64],
    view: View,
    strengths: &[(f64, bool)],
    [i, j, class]: [usize; 3],
    sheet: &mut Sheet,
) {
    let m = sim.world.issues.len();
    sheet.known[class] = true;
    let rows = &mut sheet.rows[class * m..(class + 1) * m];
    rows.fill(Lent::default());
    let bodies = sim.world.organisations.iter().enumerate().filter(|(o, _)| view.without != Some(*o));
    // `future` first holds the monitoring of tables of two
    for (o, body) in bodies.clone() {
        let (strength, both) = strengths[o];
        if strength <= 0.0 {
            continue;
        }
        for (lent, reach) in rows.iter_mut().zip(&reach[o * m..]) {
            let y = strength * reach;
            lent.scope = lent.scope.max(y);
            lent.watch = lent.watch.max(body.monitoring * y);
            if !both {
                lent.future = lent.future.max(body.monitoring * y);
            }
        }
    }
    if let Some(([a, b], strength)) = sim.tie_between(i, j) {
        let monitoring =
            0.5 * (sim.world.organisations[a].monitoring + sim.world.organisations[b].monitoring);
        for (k, lent) in rows.iter_mut().enumerate() {
            let y = strength * reach[a * m + k].min(reach[b * m + k]);
            lent.scope = lent.scope.max(y);
            lent.watch = lent.watch.max(monitoring * y);
            lent.future = lent.future.max(monitoring * y);
        }
    }
    for (k, lent) in rows.iter_mut().enumerate() {
        let bilateral = view.reliance * lent.future;
        lent.future = if bilateral > 0.0 { sim.future_at_table(k, bilateral) } else { sim.games[k].future };
    }
    for (o, _) in bodies {
        if strengths[o].1 {
            for (lent, inside) in rows.iter_mut().zip(&inside[o * m..]) {
                lent.future = lent.future.max(*inside);
            }
        }
    }
}

/// Expected sanction on a defection of `i`: only bodies both sit in that do not decide by consensus, and not for their
/// leader, who could veto it.
fn enforcement(sim: &Simulation<'_>, reach: &[f64], strengths: &[(f64, bool)], i: usize, k: usize) -> f64 {
    let m = sim.world.issues.len();
    let mut most = 0.0f64;
    for (o, body) in sim.world.organisations.iter().enumerate() {
        let bound = body.sanctions > 0.0 && body.decision != Decision::Consensus && body.leader != Some(i);
        if bound && strengths[o].1 {
            let y = strengths[o].0 * reach[o * m + k];
            most = most.max(y * body.sanctions * body.monitoring);
        }
    }
    most
}

/// Who meets whom: a common venue, a border, nearness, or a great power.
fn link(sim: &mut Simulation<'_>) {
    let (w, n) = (sim.world, sim.world.n());
    let mut changed = sim.step == 0;
    for i in 0..n {
        let strengths = sim.venues.joints(i);
        let row = i * n..(i + 1) * n;
        let cells = sim.linked[row.clone()].iter_mut().zip(&mut sim.joint[row.clone()]).zip(&sim.near[row]);
        for (j, ((linked, joint), near)) in cells.enumerate() {
            *joint = strengths[sim.venues.profile[j]];
            let meet = (*near || *joint > 0.0) && sim.exists[i] && sim.exists[j] && i != j;
            let meet = if meet { 1.0 } else { 0.0 };
            changed |= meet != *linked;
            *linked = meet;
        }
        sim.joint[i * n + i] = 0.0;
    }
    if changed {
        sim.table.pairs.clear();
        for i in 0..n {
            for j in (i + 1..n).filter(|j| sim.linked[i * n + j] > 0.0) {
                let (a, b) = if w.slot[i] < w.slot[j] { (i, j) } else { (j, i) };
                sim.table.pairs.push((a as u32, b as u32));
            }
        }
        sim.memory.arrange(&sim.table.pairs);
    }
    if changed || sim.venues.moved {
        sim.table.seat(w, &sim.venues);
        sim.venues.moved = false;
    }
}

/// Which states meet without any venue: a border, nearness, or a great power.
pub(crate) fn near(world: &World) -> Vec<bool> {
    let n = world.n();
    let great = |i: usize| world.states[i].great_power;
    let meet = |k: usize| great(k / n) || great(k % n) || world.adjacent[k] || world.distance[k] < 1500.0;
    (0..n * n).map(meet).collect()
}
