//! Phase 6: alliance politics. Entries, exits, partnerships, proposals and votes.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use super::run::{ProposalRecord, Record};
use super::simulation::{Simulation, choice, distance};
use super::world::{Conviction, Party, ProposalKind, World};
use crate::organisation::Decision;
use crate::random::{self, Purpose};
use crate::theory::{Ballot, Standing, Term, Terms, common};

/// What became of a state's standing in an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Entered for the first time.
    Join,
    /// Left.
    Leave,
    /// Came back.
    Rejoin,
    /// Became a bilateral partner.
    Partner,
    /// Ended its partnership.
    Unpartner,
}

impl Change {
    /// The word used in tables.
    pub fn name(self) -> &'static str {
        match self {
            Change::Join => "join",
            Change::Leave => "leave",
            Change::Rejoin => "rejoin",
            Change::Partner => "partner",
            Change::Unpartner => "unpartner",
        }
    }
}

/// One change of standing.
#[derive(Clone, Debug)]
pub struct MembershipChange {
    /// Step.
    pub step: usize,
    /// State.
    pub state: usize,
    /// Organisation.
    pub organisation: usize,
    /// What changed.
    pub change: Change,
    /// The term that pushed hardest; `None` for a dated entry or a null model.
    pub deciding: Option<&'static Term>,
}

/// One member's vote.
#[derive(Clone, Debug)]
pub struct VoteRecord {
    /// Which proposal of the run.
    pub proposal: usize,
    /// Body in which the vote is cast, if any (a state addressed alone has none).
    pub organisation: Option<usize>,
    /// Voter.
    pub state: usize,
    /// True for agreement (silence kept), false for silence broken.
    pub yes: bool,
    /// Utility of agreeing over breaking silence.
    pub utility: f64,
    /// The term that pushed hardest in the direction of the vote.
    pub deciding: Option<&'static Term>,
    /// P(agree | this veto removed) - P(agree), over both bodies.
    pub pivotality: f64,
}

/// Who votes on a proposal, for explanations.
#[derive(Clone, Debug)]
pub struct Voting {
    /// Voters: body (if any) and state.
    pub voters: Vec<(Option<usize>, usize)>,
    /// Probability that each agrees.
    pub probability: Vec<f64>,
    /// Probability that the proposal passes.
    pub passes: f64,
}

/// What is the same for all voters on one tie: the conditions of arguing and the wishes of the leaders.
#[derive(Clone, Copy, Debug)]
pub struct Talks {
    from: Party,
    to: Party,
    touches_norm: bool,
    gate: [f64; 3],
    wishes: [f64; 2],
}

/// Buffers and memory of alliance politics.
pub(crate) struct Politics {
    last_try: Vec<i64>,
    offers: Vec<(Party, Party, ProposalKind, Option<usize>)>,
    changes: Vec<(usize, usize, Change, Option<&'static Term>)>,
    desk: Desk,
}

/// Buffers of a vote: voters body by body, the chance that each agrees, and the weights of one body.
#[derive(Debug, Default)]
struct Desk {
    voters: Vec<(Option<usize>, usize)>,
    chances: Vec<f64>,
    weights: Vec<f64>,
}

impl Politics {
    pub(crate) fn new(world: &World) -> Self {
        let o = world.organisations.len();
        Politics {
            last_try: vec![i64::MIN / 2; o * (o + world.n())],
            offers: Vec::with_capacity(8),
            changes: Vec::with_capacity(32),
            desk: Desk::default(),
        }
    }

    pub(crate) fn reset(&mut self) {
        self.last_try.fill(i64::MIN / 2);
    }
}

/// A uniform draw in [0, 1) that belongs to a fixed place.
fn draw(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

impl Simulation<'_> {
    /// Entries at their dates: input, not decided.
    pub(crate) fn enter_on_date(&mut self, record: &mut Record) {
        let (w, n, step) = (self.world, self.world.n(), self.step);
        for (o, body) in w.organisations.iter().enumerate() {
            for &(i, entry) in &body.entry {
                let k = o * n + i;
                if entry == step && self.alive[o] && !self.member[k] {
                    self.member[k] = true;
                    self.was_member[k] = true;
                    self.partner[k] = false;
                    if step > 0 {
                        record.membership(step, i, o, Change::Join, None);
                    }
                }
            }
        }
    }

    /// The phase itself.
    pub(crate) fn politics_phase(&mut self, record: &mut Record) {
        self.memberships(record);
        self.proposals(record);
    }

    fn memberships(&mut self, record: &mut Record) {
        let (w, n, step) = (self.world, self.world.n(), self.step);
        let c = &w.common;
        let mut rng = random::stream(w.seed, Purpose::Membership, self.replication);
        let stride = w.organisations.len() * n * 4;
        random::seek(&mut rng, step, stride);
        let base = rng.get_word_pos();
        let (leave, enter, join) =
            (self.per_step(c.exit_chance), self.per_step(c.entry_chance), self.per_step(c.partner_chance));
        let mut changes = std::mem::take(&mut self.politics.changes);
        changes.clear();
        let mut terms = Terms::default();
        for (o, body) in w.organisations.iter().enumerate() {
            for i in 0..n {
                rng.set_word_pos(base + ((o * n + w.slot[i]) * 4) as u128);
                let (occasion, chance) = (draw(&mut rng), draw(&mut rng));
                if !self.alive[o] || body.leader == Some(i) || !self.population.institutions {
                    continue;
                }
                let k = o * n + i;
                let member = self.member[k];
                let may_enter =
                    !member && body.voluntary_entry && (self.was_member[k] || body.eligible.contains(&i));
                let may_partner = !member
                    && body.partners.contains(&i)
                    && body.partnership_opens.is_some_and(|s| s <= step);
                let renewal = body.renewals.contains(&step);
                let partnership = may_partner && !may_enter;
                let considered = if member {
                    renewal || occasion < leave
                } else if may_enter {
                    occasion < enter
                } else if may_partner {
                    occasion < if self.partner[k] { leave } else { join }
                } else {
                    false
                };
                if !considered {
                    continue;
                }
                let inside = member || partnership && self.partner[k];
                let p = match self.population.conviction {
                    Conviction::Schools => {
                        self.membership_probability(o, i, partnership, inside, renewal, &mut terms)
                    }
                    Conviction::Random => {
                        terms.clear();
                        0.5
                    }
                    Conviction::Refuse => f64::from(u8::from(inside && !partnership)),
                    Conviction::Repeat => f64::from(u8::from(inside)),
                };
                let stays = chance < p;
                let change = match (inside, stays, partnership) {
                    (true, false, false) => Change::Leave,
                    (true, false, true) => Change::Unpartner,
                    (false, true, true) => Change::Partner,
                    (false, true, false) if self.was_member[k] => Change::Rejoin,
                    (false, true, false) => Change::Join,
                    _ => continue,
                };
                let deciding = if self.population.conviction == Conviction::Schools {
                    terms.deciding(stays)
                } else {
                    None
                };
                changes.push((o, i, change, deciding));
            }
        }
        for &(o, i, change, deciding) in &changes {
            let k = o * n + i;
            match change {
                Change::Join | Change::Rejoin => {
                    self.member[k] = true;
                    self.was_member[k] = true;
                    self.partner[k] = false;
                }
                Change::Leave => self.member[k] = false,
                Change::Partner => self.partner[k] = true,
                Change::Unpartner => self.partner[k] = false,
            }
            record.membership(step, i, o, change, deciding);
        }
        if !changes.is_empty() {
            self.enrol();
        }
        self.politics.changes = changes;
    }

    /// Utility of being in body `o` (or its partner) over being out, status quo included, and its probability.
    pub fn membership_probability(
        &self,
        o: usize,
        i: usize,
        partnership: bool,
        inside: bool,
        renewal: bool,
        terms: &mut Terms,
    ) -> f64 {
        let standing = self.standing(o, i, partnership);
        self.roster.membership(self.weights(i), &standing, terms);
        terms.add(&common::STATUS_QUO, self.status_quo(partnership, inside, renewal));
        choice(self.world.common.membership_sensitivity, terms.total())
    }

    /// Pull of the present standing: full for a member, half for a partner, half against entering; half at a
    /// renewal, where the treaty lapses for those who do not act.
    pub fn status_quo(&self, partnership: bool, inside: bool, renewal: bool) -> f64 {
        let inertia = self.world.common.inertia * if partnership { 0.5 } else { 1.0 };
        match (inside, renewal) {
            (true, true) => 0.5 * inertia,
            (true, false) => inertia,
            (false, _) => -0.5 * inertia,
        }
    }

    /// What state `i` sees of body `o` when it weighs membership or partnership.
    pub fn standing(&self, o: usize, i: usize, partnership: bool) -> Standing {
        let (w, n, step) = (self.world, self.world.n(), self.step);
        let body = &w.organisations[o];
        let members = |j: usize| j != i && self.member[o * n + j];
        let count = (0..n).filter(|&j| members(j)).count().max(1) as f64;
        let mut s = Standing {
            partnership,
            protection: self.protection(o, i),
            institution: self.institution[o],
            transaction: body.transaction_cost,
            members: count + 1.0,
            democracy_norm: body.democracy,
            non_interference: body.non_interference,
            regime_threat: self.regime_threat[i],
            side_payment: if self.payer[i] == Some(o) { self.side_payment[i] } else { 0.0 },
            ..Standing::default()
        };
        let (mut warmth, mut regimes) = (0.0, 0.0);
        for j in 0..n {
            if j == i {
                continue;
            }
            let t = self.threat[i * n + j];
            if !members(j) {
                s.outside_threat = s.outside_threat.max(t);
            } else if body.leader != Some(j) {
                s.member_threat = s.member_threat.max(t);
            }
            if members(j) {
                warmth += self.identification[i * n + j];
                regimes += w.states[j].regime[step];
            }
        }
        s.identification = warmth / count;
        s.regime_distance = (w.states[i].regime[step] - regimes / count).abs();
        if let Some(leader) = body.leader {
            s.leader_threat = self.threat[i * n + leader];
            s.relative_size = (self.capability[i] / self.capability[leader].max(1e-12)).min(1.0);
            s.leader_autocracy = 1.0 - w.states[leader].regime[step];
            // identification with a body is half with its leader
            s.identification = 0.5 * s.identification + 0.5 * self.identification[i * n + leader];
        }
        for p in (0..w.organisations.len()).filter(|&p| p != o && self.alive[p]) {
            let open = self.member[p * n + i]
                || self.partner[p * n + i]
                || w.organisations[p].partners.contains(&i)
                    && w.organisations[p].partnership_opens.is_some_and(|s| s <= step);
            if open {
                s.outside_option = s.outside_option.max(self.protection(p, i));
            }
        }
        let issues = w.issues.len();
        let (mut gain, mut active) = (0.0, 0.0);
        for (m, issue) in w.issues.iter().enumerate() {
            if step < issue.from || step > issue.until {
                continue;
            }
            let theirs: f64 =
                (0..n).filter(|&j| members(j)).map(|j| self.stake[j * issues + m]).sum::<f64>() / count;
            gain += self.stake[i * issues + m].min(theirs);
            active += 1.0;
        }
        let practice = self
            .mean_cooperation(Party::Organisation(o), Party::Organisation(o))
            .unwrap_or_else(|| self.mean_trust(i, Party::Organisation(o)));
        s.issue_gain = if active > 0.0 { gain / active * practice } else { 0.0 };
        s
    }

    fn proposals(&mut self, record: &mut Record) {
        let (w, n, step) = (self.world, self.world.n(), self.step);
        let bodies = w.organisations.len();
        let mut rng = random::stream(w.seed, Purpose::Proposals, self.replication);
        random::seek(&mut rng, step, 4 * bodies * (bodies + n));
        let base = rng.get_word_pos();
        let mut offers = std::mem::take(&mut self.politics.offers);
        offers.clear();
        for (d, p) in w.proposals.iter().enumerate().filter(|(_, p)| p.step == step) {
            offers.push((p.from, p.to, p.kind, Some(d)));
        }
        let pause = (w.common.proposal_pause * w.calendar.per_year() / 4.0).round() as i64;
        let rate = self.per_step(w.common.proposal_rate);
        for (o, body) in w.organisations.iter().enumerate() {
            let Some(leader) = body.leader.filter(|_| self.alive[o] && step >= body.proposes_from) else {
                continue;
            };
            for &to in &body.proposes_to {
                let place = match to {
                    Party::Organisation(p) => p,
                    Party::State(i) => bodies + w.slot[i],
                };
                rng.set_word_pos(base + 4 * (o * (bodies + n) + place) as u128);
                let (occasion, chance) = (draw(&mut rng), draw(&mut rng));
                let last = o * (bodies + n) + place;
                let tied = match to {
                    Party::Organisation(p) => self.tie[o * bodies + p] > 0.0 || !self.alive[p],
                    Party::State(i) => self.council[o * n + i] > 0.0 || self.member[o * n + i],
                };
                if tied || occasion >= rate || (step as i64) - self.politics.last_try[last] < pause {
                    continue;
                }
                let p = match self.population.conviction {
                    Conviction::Schools => {
                        let mut terms = Terms::default();
                        let talks = self.talks(Party::Organisation(o), to, false);
                        let ballot = self.ballot(leader, Some(o), &talks, 0.0);
                        self.roster.vote(self.weights(leader), &ballot, &mut terms);
                        choice(w.common.vote_sensitivity, terms.total())
                    }
                    Conviction::Random => 0.5,
                    Conviction::Refuse | Conviction::Repeat => 0.0,
                };
                if chance < p {
                    self.politics.last_try[last] = step as i64;
                    let kind = match to {
                        Party::Organisation(_) => ProposalKind::Framework,
                        Party::State(_) => ProposalKind::Council,
                    };
                    offers.push((Party::Organisation(o), to, kind, None));
                }
            }
        }
        for (index, &(from, to, kind, dated)) in offers.iter().enumerate() {
            self.put_to_vote(index, from, to, kind, dated, record);
        }
        self.politics.offers = offers;
    }

    /// Who votes on a proposal from one party to another.
    pub fn voters(&self, from: Party, to: Party, kind: ProposalKind) -> Vec<(Option<usize>, usize)> {
        let mut voters = Vec::new();
        self.call(from, to, kind, &mut voters);
        voters
    }

    /// Writes those who vote on a proposal into `voters`, body by body.
    fn call(&self, from: Party, to: Party, kind: ProposalKind, voters: &mut Vec<(Option<usize>, usize)>) {
        voters.clear();
        for (party, asked) in [(from, true), (to, kind != ProposalKind::Operation)] {
            match party {
                Party::Organisation(o) if asked => {
                    voters.extend(self.members(o).iter().map(|&i| (Some(o), i)));
                }
                Party::State(i) if asked => voters.push((None, i)),
                _ => {}
            }
        }
    }

    /// Chance that a framework between the blocs would pass if the second put it to the first now; NaN without blocs.
    pub(crate) fn chance_of_framework(&mut self) -> f64 {
        let Some([a, b]) = self.world.blocs else { return f64::NAN };
        let (from, to) = (Party::Organisation(b), Party::Organisation(a));
        let mut desk = std::mem::take(&mut self.politics.desk);
        self.call(from, to, ProposalKind::Framework, &mut desk.voters);
        let talks = self.talks(from, to, false);
        let mut terms = Terms::default();
        desk.chances.clear();
        for &(o, v) in &desk.voters {
            desk.chances.push(self.explain_vote(v, o, &talks, &mut terms).1);
        }
        let passes = self.pass(&desk.voters, &desk.chances, &mut desk.weights);
        self.politics.desk = desk;
        passes
    }

    /// What all voters on a tie between `from` and `to` have in common.
    pub fn talks(&self, from: Party, to: Party, touches_norm: bool) -> Talks {
        let gate = self.gate(from, to);
        let mut talks = Talks { from, to, touches_norm, gate, wishes: [0.0; 2] };
        let mut terms = Terms::default();
        let mut wishes = [0.0; 2];
        for (wish, party) in wishes.iter_mut().zip([from, to]) {
            if let Party::Organisation(o) = party
                && let Some(leader) = self.world.organisations[o].leader
            {
                let ballot = self.ballot(leader, Some(o), &talks, 0.0);
                self.roster.vote(self.weights(leader), &ballot, &mut terms);
                *wish = terms.total();
            }
        }
        talks.wishes = wishes;
        talks
    }

    /// Terms and chance that voter `v` (of body `o`) agrees.
    pub fn explain_vote(
        &self,
        v: usize,
        o: Option<usize>,
        talks: &Talks,
        terms: &mut Terms,
    ) -> (Ballot, f64) {
        let leads = o.is_some_and(|o| self.world.organisations[o].leader == Some(v));
        let wish = match o {
            Some(o) if !leads => talks.wishes[usize::from(Party::Organisation(o) != talks.from)],
            _ => 0.0,
        };
        let ballot = self.ballot(v, o, talks, wish);
        self.roster.vote(self.weights(v), &ballot, terms);
        terms.add(&common::SILENCE, self.world.common.silence);
        let p = match self.population.conviction {
            Conviction::Schools => choice(self.world.common.vote_sensitivity, terms.total()),
            Conviction::Random => 0.5,
            Conviction::Refuse | Conviction::Repeat => 0.0,
        };
        (ballot, p)
    }

    /// Probability that each voter agrees, and that the proposal passes.
    pub fn voting(&self, from: Party, to: Party, kind: ProposalKind, touches_norm: bool) -> Voting {
        let voters = self.voters(from, to, kind);
        let mut terms = Terms::default();
        let talks = self.talks(from, to, touches_norm);
        let probability: Vec<f64> =
            voters.iter().map(|&(o, v)| self.explain_vote(v, o, &talks, &mut terms).1).collect();
        let passes = self.pass(&voters, &probability, &mut Vec::new());
        Voting { voters, probability, passes }
    }

    fn pass(&self, voters: &[(Option<usize>, usize)], p: &[f64], weights: &mut Vec<f64>) -> f64 {
        let mut product = if voters.is_empty() { 0.0 } else { 1.0 };
        self.each_body(voters, weights, |rule, range, weights, leader| {
            product *= rule.pass_probability(&p[range], weights, leader);
        });
        product
    }

    /// Hands each voting body's rule, voters and weights to `f`; voters of one body stand together.
    fn each_body(
        &self,
        voters: &[(Option<usize>, usize)],
        weights: &mut Vec<f64>,
        mut f: impl FnMut(Decision, std::ops::Range<usize>, &[f64], Option<usize>),
    ) {
        let mut start = 0;
        while start < voters.len() {
            let body = voters[start].0;
            let end = start + voters[start..].iter().take_while(|v| v.0 == body).count();
            weights.clear();
            weights.extend(voters[start..end].iter().map(|v| self.capability[v.1]));
            let (rule, leader) = match body {
                Some(o) => {
                    let leader = self.world.organisations[o].leader;
                    let place = voters[start..end].iter().position(|v| Some(v.1) == leader);
                    (self.world.organisations[o].decision, place)
                }
                None => (Decision::Consensus, None),
            };
            f(rule, start..end, weights, leader);
            start = end;
        }
    }

    fn put_to_vote(
        &mut self,
        index: usize,
        from: Party,
        to: Party,
        kind: ProposalKind,
        dated: Option<usize>,
        record: &mut Record,
    ) {
        let (w, n, step) = (self.world, self.world.n(), self.step);
        let bodies = w.organisations.len();
        let dead = |p: Party| matches!(p, Party::Organisation(o) if !self.alive[o]);
        if dead(from) || dead(to) || !self.population.institutions {
            return;
        }
        let touches_norm = dated.is_some_and(|d| w.proposals[d].touches_norm);
        let Desk { mut voters, mut chances, mut weights } = std::mem::take(&mut self.politics.desk);
        self.call(from, to, kind, &mut voters);
        let mut rng = random::stream(w.seed, Purpose::Votes, self.replication);
        // room for eight proposals a step, each with a place for every (body, state)
        random::seek(&mut rng, step, 8 * 2 * (bodies + 1) * n);
        let base = rng.get_word_pos() + (index.min(7) * 2 * (bodies + 1) * n) as u128;
        let mut terms = Terms::default();
        chances.clear();
        let first = record.votes.len();
        let talks = self.talks(from, to, touches_norm);
        for &(o, v) in &voters {
            let (_, p) = self.explain_vote(v, o, &talks, &mut terms);
            rng.set_word_pos(base + 2 * (o.map_or(bodies, |o| o) * n + w.slot[v]) as u128);
            let yes = draw(&mut rng) < p;
            chances.push(p);
            record.votes.push(VoteRecord {
                proposal: record.proposals.len(),
                organisation: o,
                state: v,
                yes,
                utility: terms.total(),
                deciding: if self.population.conviction == Conviction::Schools {
                    terms.deciding(yes)
                } else {
                    None
                },
                pivotality: 0.0,
            });
        }
        let mut passed = !voters.is_empty();
        let whole = self.pass(&voters, &chances, &mut weights);
        self.each_body(&voters, &mut weights, |rule, range, weights, leader| {
            let votes = range.clone().map(|x| {
                (record.votes[first + x].yes, weights[x - range.start], leader == Some(x - range.start))
            });
            passed &= rule.carries(votes);
            let own = rule.pass_probability(&chances[range.clone()], weights, leader);
            let rest = if own > 0.0 { whole / own } else { 0.0 };
            for x in range.clone() {
                record.votes[first + x].pivotality =
                    rest * rule.pivotality(x - range.start, &chances[range.clone()], weights, leader);
            }
        });
        if passed {
            match (kind, from, to) {
                (ProposalKind::Framework, Party::Organisation(a), Party::Organisation(b)) => {
                    for k in [a * bodies + b, b * bodies + a] {
                        self.tie[k] = self.tie[k].max(0.3);
                    }
                }
                (ProposalKind::Council, Party::Organisation(a), Party::State(i))
                | (ProposalKind::Council, Party::State(i), Party::Organisation(a)) => {
                    self.council[a * n + i] = self.council[a * n + i].max(0.3);
                }
                _ => {}
            }
        }
        record.proposals.push(ProposalRecord { step, from, to, kind, dated, passed, chance: whole });
        self.politics.desk = Desk { voters, chances, weights };
    }

    /// What voter `v` of body `own` sees of a tie between `from` and `to`.
    fn ballot(&self, v: usize, own: Option<usize>, talks: &Talks, leader_wish: f64) -> Ballot {
        let &Talks { from, to, touches_norm, gate, .. } = talks;
        let (w, n, step) = (self.world, self.world.n(), self.step);
        let c = &w.common;
        let mine = own.map_or(Party::State(v), Party::Organisation);
        let other = if mine == from { to } else { from };
        let lead = |party: Party| match party {
            Party::State(i) => Some(i),
            Party::Organisation(o) => w.organisations[o].leader,
        };
        let others = || self.party(other).iter().copied().filter(move |&j| j != v);
        let count = others().count().max(1) as f64;
        let (mut warmth, mut trust, mut regimes) = (0.0, 0.0, 0.0);
        for j in others() {
            warmth += self.identification[v * n + j];
            trust += self.trust(v, j);
            regimes += w.states[j].regime[step];
        }
        let (warmth, trust) = (warmth / count, trust / count);
        let issues = w.issues.len();
        let (mut gain, mut gap, mut weight, mut shared) = (0.0, 0.0, 0.0, 0.0f64);
        for (m, issue) in w.issues.iter().enumerate() {
            if step < issue.from || step > issue.until {
                continue;
            }
            let theirs: f64 = others().map(|j| self.stake[j * issues + m]).sum::<f64>() / count;
            let stake = self.stake[v * issues + m];
            gain += stake.min(theirs);
            gap += (stake - theirs).abs();
            weight += stake.max(theirs);
            shared = shared.max(issue.common_threat * stake.min(theirs));
        }
        let active = w.issues.iter().filter(|x| step >= x.from && step <= x.until).count().max(1) as f64;
        let my_leader = lead(mine);
        let their_leader = lead(other);
        let foe = their_leader.filter(|&l| l != v);
        let threat = foe.map_or(0.0, |l| self.threat[v * n + l]);
        let third = foe.map_or(0.0, |l| self.common_threat(v, l));
        let rivalry = match (my_leader, their_leader) {
            (Some(a), Some(b)) if a != b && w.states[a].great_power && w.states[b].great_power => {
                (self.threat[a * n + b] + self.threat[b * n + a]).min(1.0)
            }
            _ => 0.0,
        };
        let stock = |party: Party| match party {
            Party::Organisation(o) => self.institution[o],
            Party::State(_) => 1.0,
        };
        let (sa, sb) = (stock(mine), stock(other));
        let military = |party: Party| match party {
            Party::Organisation(o) => w.organisations[o].military,
            Party::State(_) => 0.0,
        };
        let mut contested = 0.0;
        let mut bilateral = false;
        if let (Party::Organisation(a), Party::Organisation(b)) = (mine, other) {
            let reached = (0..n)
                .filter(|&j| self.member[b * n + j] && self.partner[a * n + j] && Some(j) != their_leader);
            contested = reached.count() as f64 / count;
            bilateral = w.organisations[a].partnership_opens.is_some_and(|s| s <= step);
        }
        let lag = match (my_leader, their_leader) {
            (Some(a), Some(b)) => 1.0 - (self.capability[a] / self.capability[b].max(1e-12)).min(1.0),
            _ => 0.0,
        };
        Ballot {
            joint_gain: c.joint_gain * gain / active * trust,
            priority_gap: if weight > 0.0 { gap / weight } else { 0.0 },
            threat,
            common_threat: third.max(shared),
            contested,
            rivalry,
            mirror: military(mine).min(military(other)),
            leader: my_leader == Some(v),
            leader_wish,
            dependence: own.map_or(0.0, |o| self.protection(o, v)),
            status_gap: lag,
            bilateral_venue: bilateral,
            institution_gap: if sa.max(sb) > 0.0 { 1.0 - sa.min(sb) / sa.max(sb) } else { 0.0 },
            institution_least: sa.min(sb),
            voters: self.size(mine) + self.size(other),
            identification: match foe {
                Some(l) => 0.5 * warmth + 0.5 * self.identification[v * n + l],
                None => warmth,
            },
            trust,
            regime_distance: (w.states[v].regime[step] - regimes / count).abs(),
            democracy_norm: own.map_or(0.0, |o| w.organisations[o].democracy),
            non_interference: if touches_norm {
                own.map_or(0.0, |o| w.organisations[o].non_interference)
            } else {
                0.0
            },
            arguing: self.roster.constructivism.argues(gate),
        }
    }

    fn size(&self, party: Party) -> f64 {
        self.party(party).len() as f64
    }

    /// Empathy, common lifeworld and equality between two parties, each 0-1 (Risse 2000; thesis p.67-68).
    ///
    /// Empathy is freedom from remembered hostility, on both sides; the lifeworld is one minus identity distance;
    /// equality is the lesser institutional stock over the greater.
    pub fn gate(&self, a: Party, b: Party) -> [f64; 3] {
        let hostility = self.mean_over(a, b, &self.hostility).unwrap_or(1.0);
        let (mut gap, mut count) = (0.0, 0.0);
        for &i in self.party(a) {
            for &j in self.party(b).iter().filter(|&&j| j != i) {
                gap += distance(&self.identity[i], &self.identity[j]);
                count += 1.0;
            }
        }
        let lifeworld = if count > 0.0 { 1.0 - gap / count } else { 0.0 };
        let stock = |p: Party| match p {
            Party::Organisation(o) => self.institution[o],
            Party::State(_) => 1.0,
        };
        let (x, y) = (stock(a), stock(b));
        let equality = if x.max(y) > 0.0 { x.min(y) / x.max(y) } else { 0.0 };
        [1.0 - hostility, lifeworld, equality]
    }
}
