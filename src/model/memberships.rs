//! Phase 6, first half: once a year bodies are reviewed; states stay, leave, enter, become partners.

use rand_chacha::ChaCha8Rng;

use super::games::choice;
use super::log::{Change, MembershipChange};
use super::simulation::Simulation;
use super::world::{Conviction, GivenKind, Organisation, Party, ProposalKind};
use crate::model::events::{Deed, act};
use crate::random::{self, Purpose, uniform};
use crate::theory::{Standing, Term, Terms, common};

/// What stands to be decided between a state and a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whether only partnership is at stake.
    pub partnership: bool,
    /// Whether the state is in now.
    pub inside: bool,
    /// Whether the treaty comes up for renewal.
    pub renewal: bool,
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    if !sim.population.institutions || sim.world.organisations.is_empty() {
        return;
    }
    let year = sim.world.calendar.per_year().round().max(1.0) as usize;
    if sim.step.is_multiple_of(year) && sim.population.conviction == Conviction::Schools {
        review(sim);
    }
    decide(sim);
    carry_out(sim);
}

/// Share of members to whom the body is worth its upkeep, and years in which its leader or majority finds it is not.
fn review(sim: &mut Simulation<'_>) {
    let mut terms = Terms::default();
    for o in 0..sim.world.organisations.len() {
        let size = sim.members(o).len();
        if size == 0 || !sim.alive[o] {
            continue;
        }
        let (mut fine, mut leader_fine) = (0, true);
        for place in 0..size {
            let i = sim.members(o)[place];
            sim.weigh_standing(o, i, false, &mut terms);
            let worth_it = terms.total() >= -1e-12;
            fine += usize::from(worth_it);
            if sim.world.organisations[o].leader == Some(i) {
                leader_fine = worth_it;
            }
        }
        sim.served[o] = fine as f64 / size as f64;
        sim.below[o] = if sim.served[o] < 0.5 || !leader_fine { sim.below[o] + 1.0 } else { 0.0 };
    }
}

/// Words of the membership stream that belong to a body and a state.
fn seat(sim: &Simulation<'_>, rng: &mut ChaCha8Rng, base: u128, o: usize, i: usize) -> (f64, f64) {
    rng.set_word_pos(base + ((o * sim.world.n() + sim.world.slot[i]) * 4) as u128);
    (uniform(rng), uniform(rng))
}

impl Simulation<'_> {
    /// What is at stake between `i` and body `o` now, if anything can be.
    pub fn choice(&self, o: usize, i: usize) -> Option<Choice> {
        let (body, n, step) = (&self.world.organisations[o], self.world.n(), self.step);
        let k = o * n + i;
        if !self.alive[o] || body.leader == Some(i) || !self.exists[i] {
            return None;
        }
        let inside = self.member[k];
        let renewal = inside && body.renewals.contains(&step);
        if inside {
            return Some(Choice { partnership: false, inside, renewal });
        }
        if body.voluntary_entry
            && (self.was_member[k] || body.eligible.contains(&i))
            && self.admitted[k].is_none()
        {
            return Some(Choice { partnership: false, inside, renewal: false });
        }
        let open = body.partners.contains(&i) && body.partnership_opens.is_some_and(|s| s <= step);
        open.then_some(Choice { partnership: true, inside: self.partner[k], renewal: false })
    }

    /// Utility of being in body `o` (or its partner), without inertia, as named terms.
    pub(crate) fn weigh_standing(
        &mut self,
        o: usize,
        i: usize,
        partnership: bool,
        terms: &mut Terms,
    ) -> Standing {
        let s = self.standing(o, i, partnership);
        terms.clear();
        self.roster.membership(self.weights(i), &s, terms);
        terms.add(&common::SIDE_PAYMENT, s.side_payment);
        s
    }

    /// Probability of being in after the decision, with its terms, status quo included.
    pub fn weigh_membership(&mut self, o: usize, i: usize, what: Choice, terms: &mut Terms) -> f64 {
        self.weigh_standing(o, i, what.partnership, terms);
        terms.add(&common::STATUS_QUO, self.status_quo(what));
        choice(self.world.common.vote_sensitivity, terms.total())
    }

    /// Pull of the present standing: full for a member, half for a partner, half against entering; half at a renewal,
    /// where the treaty lapses for those who do not act.
    pub fn status_quo(&self, what: Choice) -> f64 {
        let inertia = self.world.common.inertia * if what.partnership { 0.5 } else { 1.0 };
        match (what.inside, what.renewal) {
            (true, true) => 0.5 * inertia,
            (true, false) => inertia,
            (false, _) => -0.5 * inertia,
        }
    }

    /// Protection the leader of body `o` lends state `i` before promises are discounted, 0-1: the part of its threats from
    /// outside that the leader can meet, within reach, by how much larger it is.
    pub(crate) fn protection(&self, o: usize, i: usize) -> f64 {
        let n = self.world.n();
        let Some(leader) = self.world.organisations[o].leader.filter(|&l| l != i) else { return 0.0 };
        let power = self.capability[leader];
        let meets: f64 = (0..n)
            .filter(|&l| !self.member[o * n + l])
            .map(|l| self.shares[i * n + l] * power / (power + self.capability[l]).max(1e-12))
            .sum();
        let larger = 1.0 - (self.capability[i] / power.max(1e-12)).min(1.0);
        meets * self.nearness[i * n + leader] * self.fear[i] * larger
    }

    /// What state `i` sees of body `o` when it weighs membership or partnership.
    pub fn standing(&mut self, o: usize, i: usize, partnership: bool) -> Standing {
        let (w, n) = (self.world, self.world.n());
        let body = &w.organisations[o];
        let mut s = Standing {
            partnership,
            leads: body.leader == Some(i),
            armed: body.military > 0.5,
            protection: self.protection(o, i),
            own_power: self.capability[i],
            democracy: body.democracy,
            non_interference: body.non_interference,
            regime_threat: self.regime_threat[i],
            side_payment: if self.payer[i] == Some(o) { self.side_payment[i] } else { 0.0 },
            ..Standing::default()
        };
        let others = || self.members(o).iter().copied().filter(move |&j| j != i);
        let count = others().count().max(1) as f64;
        for j in others().filter(|&j| body.leader != Some(j)) {
            s.member_threat = s.member_threat.max(self.threat[i * n + j]);
        }
        s.warmth = others().map(|j| self.regard[i * n + j]).sum::<f64>() / count;
        let regimes = others().map(|j| self.identity[j][0]).sum::<f64>() / count;
        s.regime_distance = (self.identity[i][0] - regimes).abs();
        if let Some(leader) = body.leader {
            let own = if leader == i { 0.0 } else { self.regard[i * n + leader] };
            s.warmth = 0.5 * s.warmth + 0.5 * own;
            s.leader_threat = self.threat[i * n + leader];
            s.leader_power = self.capability[leader] * self.nearness[i * n + leader];
            s.leader_autocracy = 1.0 - w.states[leader].regime[self.step];
        }
        for p in (0..w.organisations.len()).filter(|&p| p != o) {
            let Some(patron) = self.armed(p).filter(|&l| Some(l) != body.leader) else { continue };
            if self.member[p * n + i] || self.partner[p * n + i] {
                let lent = self.capability[patron] * self.nearness[i * n + patron];
                s.outside_help = s.outside_help.max(lent);
            }
        }
        let share = if partnership { w.common.partner_share } else { 1.0 };
        s.institution = self.stock(o) * share;
        s.worth = self.worth_of_body(o, i, share);
        s
    }

    /// Worth of body `o` to `i` over the best it has without it, mean over the other members, vote units.
    fn worth_of_body(&mut self, o: usize, i: usize, share: f64) -> f64 {
        let stock = self.stock(o) * share;
        self.compare(Some(o), |sim, k| {
            let reach = sim.reach(o, k);
            (sim.future_in_body(o, k, reach, 1.0, share), stock * reach)
        });
        let (mut sum, mut count) = (0.0, 0.0f64);
        for place in 0..self.members(o).len() {
            let j = self.members(o)[place];
            if j != i {
                sum += self.worth(i, j);
                count += 1.0;
            }
        }
        sum / count.max(1.0)
    }
}

/// Decides every standing from the same snapshot.
fn decide(sim: &mut Simulation<'_>) {
    let (w, n) = (sim.world, sim.world.n());
    let c = &w.common;
    let mut rng = random::stream(w.seed, Purpose::Membership, sim.replication);
    random::seek(&mut rng, sim.step, w.organisations.len() * n * 4);
    let base = rng.get_word_pos();
    let (leave, enter, join) =
        (sim.per_step(c.exit_chance), sim.per_step(c.entry_chance), sim.per_step(c.partner_chance));
    let mut changes = std::mem::take(&mut sim.politics.changes);
    changes.clear();
    for (o, body) in w.organisations.iter().enumerate() {
        for i in 0..n {
            let Some(what) = sim.choice(o, i) else { continue };
            let given = sim.given(i, GivenKind::Membership(o));
            let (occasion, chance) = seat(sim, &mut rng, base, o, i);
            let often = match (what.partnership, what.inside) {
                (_, true) => leave,
                (false, false) => enter,
                (true, false) => join,
            };
            if !what.renewal && occasion >= often && given.is_none() {
                continue;
            }
            if let Some(change) = settle(sim, body, o, i, what, given, chance) {
                changes.push(change);
            }
        }
    }
    sim.politics.changes = changes;
}

/// What becomes of one standing; `None` if nothing changes.
fn settle(
    sim: &mut Simulation<'_>,
    body: &Organisation,
    o: usize,
    i: usize,
    what: Choice,
    given: Option<bool>,
    chance: f64,
) -> Option<MembershipChange> {
    let mut terms = Terms::default();
    let p = match sim.population.conviction {
        Conviction::Schools => sim.weigh_membership(o, i, what, &mut terms),
        Conviction::Random => 0.5,
        Conviction::Refuse => f64::from(u8::from(what.inside && !what.partnership)),
        Conviction::Repeat => f64::from(u8::from(what.inside)),
    };
    let stays = given.unwrap_or(chance < p);
    let change = match (what.inside, stays, what.partnership) {
        (true, false, false) => Change::Leave,
        (true, false, true) => Change::Unpartner,
        (false, true, true) => Change::Partner,
        (false, true, false) if sim.was_member[o * sim.world.n() + i] => Change::Rejoin,
        (false, true, false) => Change::Join,
        _ => return None,
    };
    let probability = if given.is_some() {
        1.0
    } else if stays {
        p
    } else {
        1.0 - p
    };
    let luck = probability < 0.25;
    let deciding: Option<&'static Term> = if luck || given.is_some() { None } else { terms.deciding(stays) };
    let consent = body.accession.is_some() && change == Change::Join;
    let change = MembershipChange {
        step: sim.step,
        state: i,
        organisation: o,
        change,
        decided: true,
        probability,
        deciding,
    };
    if consent {
        sim.politics.offers.push((Party::State(i), Party::Organisation(o), ProposalKind::Admission, None));
        return None;
    }
    Some(change)
}

fn carry_out(sim: &mut Simulation<'_>) {
    let changes = std::mem::take(&mut sim.politics.changes);
    for change in &changes {
        let (i, o) = (change.state, change.organisation);
        let k = o * sim.world.n() + i;
        match change.change {
            Change::Join | Change::Rejoin => sim.join(o, i),
            Change::Leave => sim.member[k] = false,
            Change::Partner => sim.partner[k] = true,
            Change::Unpartner => sim.partner[k] = false,
        }
        sim.log.memberships.push(change.clone());
    }
    if !changes.is_empty() {
        sim.enrol();
        let size = -sim.world.common.exit_act;
        for change in changes.iter().filter(|c| c.change == Change::Leave && size < 0.0) {
            for place in 0..sim.members(change.organisation).len() {
                let j = sim.members(change.organisation)[place];
                act(sim, j, change.state, Deed { size, on: None, norm: None });
            }
        }
        super::venues::refresh(sim);
    }
    sim.politics.changes = changes;
}
