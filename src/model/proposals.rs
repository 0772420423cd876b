//! Phase 6, second half: dated proposals, approaches of leaders, applications; ballots and votes.

use rand_chacha::ChaCha8Rng;

use super::events::regard;
use super::games::choice;
use super::log::{Desk, Outlook, ProposalRecord, VoteReason, VoteRecord};
use super::simulation::Simulation;
use super::world::{Conviction, GivenKind, Party, ProposalKind};
use crate::math::probit;
use crate::organisation::voting::Mood;
use crate::random::{self, Purpose, uniform};
use crate::theory::frame::{belief, role_weight};
use crate::theory::{Act, Ballot, COUNT, Terms, Weights, common};

/// The vote unit: the payoff of one round at the reference shadow, over the reference spread of 5.
const VOTE_UNIT: f64 = 1.5;
/// Weights that let every school speak: the externality is weighed by conviction where the vote is.
const ALL: Weights = [1.0; COUNT];
/// Strength of a tie or council when it is made.
const NEW_TIE: f64 = 0.3;
/// A council weaker than this may be asked for anew.
const WEAK_COUNCIL: f64 = 0.15;

/// A question put to two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who asks.
    pub from: Party,
    /// Who is asked.
    pub to: Party,
    /// What is asked.
    pub kind: ProposalKind,
    /// Whether it would act inside a member.
    pub touches_norm: bool,
}

impl Question {
    fn side(&self, side: usize) -> (Party, Party) {
        if side == 0 { (self.from, self.to) } else { (self.to, self.from) }
    }

    /// Whether a side votes: an operation is the asking body's alone, and an applicant has made up its mind.
    fn votes(&self, side: usize) -> bool {
        match self.kind {
            ProposalKind::Framework | ProposalKind::Council => true,
            ProposalKind::Operation => side == 0,
            ProposalKind::Admission | ProposalKind::Contact => side == 1,
        }
    }

    fn formality(&self) -> f64 {
        match self.kind {
            ProposalKind::Framework | ProposalKind::Admission => 1.0,
            ProposalKind::Council => 0.3,
            ProposalKind::Operation | ProposalKind::Contact => 0.0,
        }
    }
}

pub(crate) fn phase(sim: &mut Simulation<'_>) {
    if !sim.population.institutions {
        return;
    }
    approaches(sim);
    let offers = std::mem::take(&mut sim.politics.offers);
    for &(from, to, kind, dated) in &offers {
        let touches_norm = dated.is_some_and(|d| sim.world.proposals[d].touches_norm);
        put_to_vote(sim, Question { from, to, kind, touches_norm }, dated);
    }
    sim.politics.offers = offers;
    sim.politics.offers.clear();
}

/// Dated proposals, then what leaders propose on their own.
fn approaches(sim: &mut Simulation<'_>) {
    let (w, n, step) = (sim.world, sim.world.n(), sim.step);
    let bodies = w.organisations.len();
    for (d, p) in w.proposals.iter().enumerate().filter(|(_, p)| p.step == step) {
        sim.politics.offers.push((p.from, p.to, p.kind, Some(d)));
    }
    let mut rng = random::stream(w.seed, Purpose::Proposals, sim.replication);
    random::seek(&mut rng, step, 4 * bodies * (bodies + n));
    let base = rng.get_word_pos();
    let pause = libm::round(w.common.proposal_pause / sim.pace) as i64;
    let rate = sim.per_step(w.common.proposal_rate);
    for (o, body) in w.organisations.iter().enumerate() {
        let Some(leader) = body.leader.filter(|_| sim.alive[o] && step >= body.proposes_from) else {
            continue;
        };
        for &to in &body.proposes_to {
            let place = o * (bodies + n) + place_of(sim, to);
            rng.set_word_pos(base + 4 * place as u128);
            let occasion = uniform(&mut rng);
            let open = match to {
                Party::Organisation(p) => sim.tie <= 0.0 && sim.alive[p],
                Party::State(i) => {
                    sim.council[o * n + i] < WEAK_COUNCIL && !sim.member[o * n + i] && sim.exists[i]
                }
            };
            let rested = step as i64 - sim.politics.last_try[place] >= pause;
            if !open || !rested || occasion >= rate {
                continue;
            }
            let kind = match to {
                Party::Organisation(_) => ProposalKind::Framework,
                Party::State(_) => ProposalKind::Council,
            };
            let question = Question { from: Party::Organisation(o), to, kind, touches_norm: false };
            if wants(sim, question, leader, uniform(&mut rng)) {
                sim.politics.last_try[place] = step as i64;
                sim.politics.offers.push((question.from, to, kind, None));
            }
        }
    }
}

fn place_of(sim: &Simulation<'_>, party: Party) -> usize {
    match party {
        Party::Organisation(p) => p,
        Party::State(i) => sim.world.organisations.len() + sim.world.slot[i],
    }
}

/// Whether a leader proposes: if its own utility, the fee paid, is positive.
fn wants(sim: &mut Simulation<'_>, question: Question, leader: usize, draw: f64) -> bool {
    match sim.population.conviction {
        Conviction::Schools => {
            let mut desk = std::mem::take(&mut sim.politics.desk);
            call(sim, question, &mut desk);
            let at = desk.voters.iter().position(|&(side, v)| side == 0 && v == leader);
            let fee = sim.fee(question.kind);
            let wish = at.is_some_and(|at| {
                let mut terms = Terms::default();
                sim.roster.vote(sim.weights(leader), &desk.ballots[at], None, fee, &mut terms);
                terms.total() - fee > 0.0
            });
            sim.politics.desk = desk;
            wish
        }
        Conviction::Random => draw < 0.5,
        Conviction::Refuse | Conviction::Repeat => false,
    }
}

impl Simulation<'_> {
    /// Cost of setting up what is asked, vote units: a table with one state costs half.
    pub fn fee(&self, kind: ProposalKind) -> f64 {
        self.world.common.setup * if kind == ProposalKind::Framework { 1.0 } else { 0.5 }
    }

    /// Worth to `i` of the venue under comparison with `j` over the best existing one, vote units:
    /// `1.5 { sum_m s q (H_new - H_old)+/spread + friction economy (scope_new - scope_old)+ }/sum_m s`.
    pub(crate) fn worth(&mut self, i: usize, j: usize) -> f64 {
        let (k, m) = (i * self.world.n() + j, self.world.issues.len());
        let class = self.venues.class(i, j);
        self.gains(class);
        let (trust, memory) = (self.trust[k], self.world.common.memory);
        let stakes = self.stake[i * m..(i + 1) * m].iter().zip(self.memory.of(k));
        let (mut gain, mut saved) = (0.0, 0.0);
        for (((stake, seen), added), game) in stakes.zip(self.added(class)).zip(&self.games) {
            if game.active {
                gain += stake * belief(trust, *seen, added.misread, memory) * added.future;
                saved += stake * added.scope;
            }
        }
        let (c, total) = (&self.world.common, self.total[i]);
        VOTE_UNIT * (gain / total + c.friction * c.economy * (saved / total) / total)
    }

    /// Writes who votes on a question and what each sees; for callers that explain.
    pub fn ballots(&mut self, question: Question) -> Vec<(usize, usize, Ballot)> {
        let mut desk = std::mem::take(&mut self.politics.desk);
        call(self, question, &mut desk);
        let out = desk.voters.iter().zip(&desk.ballots).map(|(&(side, v), b)| (side, v, *b)).collect();
        self.politics.desk = desk;
        out
    }

    /// Utility of agreeing over breaking silence, as named terms, and its probability. `leader` is the ballot of the
    /// leader of the voter's side.
    pub fn weigh_vote(
        &self,
        state: usize,
        own: &Ballot,
        leader: Option<&Ballot>,
        kind: ProposalKind,
        terms: &mut Terms,
    ) -> f64 {
        let fee = self.fee(kind);
        terms.clear();
        match self.population.conviction {
            Conviction::Schools => {
                self.roster.vote(self.weights(state), own, leader, fee, terms);
                terms.add(&common::FEE, -fee);
                terms.add(&common::SILENCE, self.world.common.silence);
                choice(self.world.common.vote_sensitivity, terms.total())
            }
            Conviction::Random => 0.5,
            Conviction::Refuse | Conviction::Repeat => 0.0,
        }
    }

    /// What would come of a framework between the blocs if the second put it to the first; worked out at the first step
    /// of the run and its anniversaries, and held between them.
    pub fn outlook(&mut self) -> Outlook {
        let year = self.world.calendar.per_year().round().max(1.0) as usize;
        let last = self.step - self.step % year;
        if self.politics.outlook.0 != Some(last) {
            self.politics.outlook = (Some(last), self.look_ahead());
        }
        self.politics.outlook.1
    }

    fn look_ahead(&mut self) -> Outlook {
        let Some([a, b]) = self.world.blocs else { return Outlook::default() };
        if !self.alive[a] || !self.alive[b] || !self.population.institutions {
            return Outlook { chance: 0.0, ..Outlook::default() };
        }
        let (from, to) = (Party::Organisation(b), Party::Organisation(a));
        let question = Question { from, to, kind: ProposalKind::Framework, touches_norm: false };
        let mut desk = std::mem::take(&mut self.politics.desk);
        call(self, question, &mut desk);
        weigh_all(self, question, &mut desk);
        let mut out = Outlook { chance: 1.0, ..Outlook::default() };
        for side in 0..2 {
            let allowed = principle(self, side, &desk);
            out.chance *= allowed * side_chance(self, question, side, &mut desk);
            let own = || desk.voters.iter().zip(&desk.ballots).filter(|(v, _)| v.0 == side);
            let count = own().count();
            if count > 0 {
                out.worth[side] = own().map(|(_, b)| b.worth).sum::<f64>() / count as f64;
                let chances = desk.voters.iter().zip(&desk.chances).filter(|(v, _)| v.0 == side);
                out.willing[side] = allowed * chances.map(|(_, p)| p).sum::<f64>() / count as f64;
            }
        }
        self.politics.desk = desk;
        out
    }
}

/// Writes the voters, side by side, and what each sees.
fn call(sim: &mut Simulation<'_>, question: Question, desk: &mut Desk) {
    desk.voters.clear();
    desk.ballots.clear();
    worths(sim, question, &mut desk.worth);
    for side in 0..2 {
        if question.votes(side) {
            let (mine, _) = question.side(side);
            let leader = sim.leader(mine);
            // a contact is answered by the leader alone
            let answers = |v: &&usize| question.kind != ProposalKind::Contact || Some(**v) == leader;
            desk.voters.extend(sim.party(mine).iter().filter(answers).map(|&v| (side, v)));
        }
    }
    for side in 0..2 {
        let view = SideView::new(sim, question, side);
        for &(own, v) in &desk.voters {
            if own == side {
                desk.ballots.push(view.ballot(sim, v, &desk.worth));
            }
        }
    }
}

/// Worth of what is asked for every pair across the two sides, in both directions.
fn worths(sim: &mut Simulation<'_>, question: Question, worth: &mut [f64]) {
    let n = sim.world.n();
    match (question.kind, question.from, question.to) {
        (ProposalKind::Operation, ..) => return worth.fill(0.0),
        (ProposalKind::Admission, _, Party::Organisation(o)) => sim.compare(None, |sim, k| {
            let reach = sim.reach(o, k);
            (sim.future_in_body(o, k, reach, 1.0, 1.0), sim.stock(o) * reach)
        }),
        (_, from, to) => compare_table(sim, from, to),
    }
    for a in 0..sim.party(question.from).len() {
        for b in 0..sim.party(question.to).len() {
            let (i, j) = (sim.party(question.from)[a], sim.party(question.to)[b]);
            if i != j {
                worth[i * n + j] = sim.worth(i, j);
                worth[j * n + i] = sim.worth(j, i);
            }
        }
    }
}

/// A table of two between the parties: as strong as the lesser stock, of the lesser scope, monitored by the mean.
fn compare_table(sim: &mut Simulation<'_>, from: Party, to: Party) {
    let body = |p: Party| if let Party::Organisation(o) = p { Some(o) } else { None };
    let both = [body(from), body(to)];
    let bodies = || both.into_iter().flatten();
    let stock = bodies().map(|o| sim.stock(o)).fold(f64::INFINITY, f64::min);
    let monitoring =
        bodies().map(|o| sim.world.organisations[o].monitoring).sum::<f64>() / bodies().count() as f64;
    sim.compare(None, |sim, k| {
        let reach = bodies().map(|o| sim.reach(o, k)).fold(f64::INFINITY, f64::min);
        (sim.future_at_table(k, monitoring * stock * reach), stock * reach)
    });
}

/// What all voters of one side share.
struct SideView {
    other: Party,
    own: Option<usize>,
    leader: Option<usize>,
    other_leader: Option<usize>,
    rank: f64,
    lag: f64,
    shortfall: f64,
    formality: f64,
    touches_norm: bool,
}

impl SideView {
    fn new(sim: &Simulation<'_>, question: Question, side: usize) -> Self {
        let (mine, other) = question.side(side);
        let own = if let Party::Organisation(o) = mine { Some(o) } else { None };
        let (leader, other_leader) = (sim.leader(mine), sim.leader(other));
        let lag = match (side, leader, other_leader) {
            (0, Some(a), Some(b)) => (1.0 - sim.capability[a] / sim.capability[b].max(1e-12)).max(0.0),
            _ => 0.0,
        };
        let regime = |party: Party| {
            let states = sim.party(party);
            states.iter().map(|&i| sim.identity[i][0]).sum::<f64>() / states.len().max(1) as f64
        };
        let value = regime(mine);
        SideView {
            other,
            own,
            leader,
            other_leader,
            rank: rank(sim, mine, other),
            lag,
            shortfall: (value - regime(other)).max(0.0) / value.max(1e-9),
            formality: question.formality(),
            touches_norm: question.touches_norm,
        }
    }

    fn ballot(&self, sim: &Simulation<'_>, v: usize, worth: &[f64]) -> Ballot {
        let n = sim.world.n();
        let others = || sim.party(self.other).iter().copied().filter(move |&j| j != v);
        let count = others().count().max(1) as f64;
        let (mut own, mut externality, mut warmth) = (0.0, 0.0, 0.0);
        for j in others() {
            own += worth[v * n + j];
            // what hardness adds to fear belongs to moves on an issue, not to votes
            externality += sim.roster.weight_on_other(&ALL, sim.fear[v], sim.external[v * n + j], 0.0)
                * worth[j * n + v];
            warmth += role_weight(sim.regard[v * n + j]);
        }
        let warmth = warmth / count;
        let toward_leader = self.other_leader.map_or(warmth, |l| role_weight(sim.regard[v * n + l]));
        let body = self.own.map(|o| &sim.world.organisations[o]);
        Ballot {
            worth: own / count,
            externality: externality / count,
            rank: self.rank,
            leads: self.leader == Some(v),
            protection: self.own.map_or(0.0, |o| sim.protection(o, v)),
            friendship: 0.5 * warmth + 0.5 * toward_leader,
            friendship_leader: toward_leader,
            lag: self.lag,
            democracy: body.map_or(0.0, |b| b.democracy),
            shortfall: self.shortfall,
            formality: self.formality,
            non_interference: body.filter(|_| self.touches_norm).map_or(0.0, |b| b.non_interference),
        }
    }
}

/// What recognition moves from my leader to the other's: mirror x parity x (contested + gap). The other side's is the
/// reverse, exactly: rank is zero-sum (Waltz 2000; Gilpin 1981).
fn rank(sim: &Simulation<'_>, mine: Party, other: Party) -> f64 {
    let (w, n) = (sim.world, sim.world.n());
    let (Party::Organisation(a), Party::Organisation(b)) = (mine, other) else { return 0.0 };
    let (Some(x), Some(y)) = (w.organisations[a].leader, w.organisations[b].leader) else { return 0.0 };
    let mirror = w.organisations[a].military.min(w.organisations[b].military);
    let contested = |a: usize, b: usize| {
        let reached = sim
            .members(b)
            .iter()
            .filter(|&&i| sim.partner[a * n + i] && w.organisations[b].leader != Some(i));
        reached.count() as f64 / sim.members(b).len().max(1) as f64
    };
    let (own, theirs) = (sim.capability[x], sim.capability[y]);
    let gap = 1.0 - own.min(theirs) / own.max(theirs).max(1e-12);
    let gap = if own > theirs {
        gap
    } else if own < theirs {
        -gap
    } else {
        0.0
    };
    let parity = 2.0 * own.min(theirs) / (own + theirs).max(1e-12);
    mirror * parity * (contested(a, b) - contested(b, a) + gap)
}

/// Ballot of the leader of a side.
fn leader_of(sim: &Simulation<'_>, question: Question, side: usize, desk: &Desk) -> Option<Ballot> {
    let leader = sim.leader(question.side(side).0)?;
    let at = desk.voters.iter().position(|&(s, v)| s == side && v == leader)?;
    Some(desk.ballots[at])
}

/// Utility and chance of every voter.
fn weigh_all(sim: &Simulation<'_>, question: Question, desk: &mut Desk) {
    desk.chances.clear();
    desk.utilities.clear();
    let leaders = [0, 1].map(|side| leader_of(sim, question, side, desk));
    let mut terms = Terms::default();
    for (&(side, v), ballot) in desk.voters.iter().zip(&desk.ballots) {
        let p = sim.weigh_vote(v, ballot, leaders[side].as_ref(), question.kind, &mut terms);
        desk.chances.push(p);
        desk.utilities.push(terms.total());
    }
}

/// Chance that principle lets a side agree at all: one draw for the body, however many hold the standard.
fn principle(sim: &Simulation<'_>, side: usize, desk: &Desk) -> f64 {
    if sim.population.conviction != Conviction::Schools {
        return 1.0;
    }
    let voters = desk.voters.iter().zip(&desk.ballots).filter(|(v, _)| v.0 == side);
    voters.map(|(&(_, v), b)| sim.roster.principle(sim.weights(v), b)).fold(1.0, f64::min)
}

/// How strongly one mood moves the members of a body; null models have none.
fn correlation(sim: &Simulation<'_>) -> f64 {
    if sim.population.conviction == Conviction::Schools { sim.world.common.common_shock } else { 0.0 }
}

/// Runs `f` with the mood and rule of a side, the places of its voters, their weights, and the place of its leader.
fn with_side<T>(
    sim: &Simulation<'_>,
    question: Question,
    side: usize,
    desk: &mut Desk,
    f: impl FnOnce(Mood, std::ops::Range<usize>, &[f64], &[f64], &mut Vec<f64>, Option<usize>) -> T,
) -> T {
    let start = desk.voters.iter().take_while(|v| v.0 < side).count();
    let count = desk.voters[start..].iter().take_while(|v| v.0 == side).count();
    let (mine, _) = question.side(side);
    let rule = match mine {
        Party::Organisation(o) => sim.world.organisations[o].decision,
        Party::State(_) => crate::organisation::Decision::Consensus,
    };
    desk.weights.clear();
    desk.weights.extend(desk.voters[start..start + count].iter().map(|&(_, v)| sim.capability[v].max(1e-12)));
    let leader = sim.leader(mine);
    let leader = desk.voters[start..start + count].iter().position(|&(_, v)| Some(v) == leader);
    let Desk { chances, weights, spare, .. } = desk;
    let mood = Mood { rule, correlation: correlation(sim) };
    f(mood, start..start + count, &chances[start..start + count], weights, spare, leader)
}

fn side_chance(sim: &Simulation<'_>, question: Question, side: usize, desk: &mut Desk) -> f64 {
    if !question.votes(side) {
        return 1.0;
    }
    with_side(sim, question, side, desk, |mood, _, chances, weights, spare, leader| {
        mood.pass_probability(chances, weights, leader, spare)
    })
}

/// The stream of votes at the place of a question: which body asks whom, or which dated proposal.
fn votes_at(sim: &Simulation<'_>, question: Question, dated: Option<usize>) -> (ChaCha8Rng, u128) {
    let (w, n) = (sim.world, sim.world.n());
    let parties = w.organisations.len() + n;
    let own = place_of(sim, question.from) * parties + place_of(sim, question.to);
    let place = dated.map_or(own, |d| parties * parties + d);
    let stride = 4 * (n + 2) * 2;
    let mut rng = random::stream(w.seed, Purpose::Votes, sim.replication);
    random::seek(&mut rng, sim.step, (parties * parties + w.proposals.len()) * stride);
    let base = rng.get_word_pos() + (place * stride) as u128;
    (rng, base)
}

fn put_to_vote(sim: &mut Simulation<'_>, question: Question, dated: Option<usize>) {
    let dead = |p: Party| matches!(p, Party::Organisation(o) if !sim.alive[o]);
    if dead(question.from) || dead(question.to) {
        return;
    }
    let n = sim.world.n();
    let mut desk = std::mem::take(&mut sim.politics.desk);
    call(sim, question, &mut desk);
    weigh_all(sim, question, &mut desk);
    let (mut rng, base) = votes_at(sim, question, dated);
    let rho = correlation(sim);
    let mut allowed = [1.0; 2];
    let mut on_principle = [false; 2];
    let mut moods = [0.0; 2];
    for side in 0..2 {
        allowed[side] = if question.votes(side) { principle(sim, side, &desk) } else { 1.0 };
        rng.set_word_pos(base + (4 * (n + 2) * side) as u128);
        moods[side] = probit(uniform(&mut rng));
        on_principle[side] = uniform(&mut rng) >= allowed[side];
    }
    desk.votes.clear();
    let first = sim.log.votes.len();
    for at in 0..desk.voters.len() {
        let (side, v) = desk.voters[at];
        let p = desk.chances[at];
        rng.set_word_pos(base + (4 * (n + 2) * side + 4 * (1 + sim.world.slot[v])) as u128);
        let drawn = uniform(&mut rng) < Mood::conditional(p, moods[side], rho);
        let given = sim.given(v, GivenKind::Vote);
        let yes = given.unwrap_or(drawn);
        desk.votes.push(yes);
        let vote = cast(sim, question, &desk, at, yes, given.is_some());
        sim.log.votes.push(vote);
    }
    let chances = [0, 1].map(|side| allowed[side] * side_chance(sim, question, side, &mut desk));
    let mut passed = !desk.voters.is_empty() && !on_principle[0] && !on_principle[1];
    for side in (0..2).filter(|&s| question.votes(s)) {
        passed &= settle_side(sim, question, side, first, chances[1 - side] * allowed[side], &mut desk);
    }
    sim.politics.desk = desk;
    sim.log.proposals.push(ProposalRecord {
        step: sim.step,
        from: question.from,
        to: question.to,
        kind: question.kind,
        dated,
        passed,
        chance: chances[0] * chances[1],
        principle: allowed,
        on_principle,
    });
    if passed {
        conclude(sim, question);
    }
    answer(sim, question, passed);
}

/// The record of one vote.
fn cast(
    sim: &Simulation<'_>,
    question: Question,
    desk: &Desk,
    at: usize,
    yes: bool,
    given: bool,
) -> VoteRecord {
    let (side, state) = desk.voters[at];
    let mut terms = Terms::default();
    let leader = leader_of(sim, question, side, desk);
    let p = sim.weigh_vote(state, &desk.ballots[at], leader.as_ref(), question.kind, &mut terms);
    let reason = match (given, if yes { p } else { 1.0 - p } < 0.25) {
        (true, _) => VoteReason::Given,
        (_, true) => VoteReason::Luck,
        _ => VoteReason::Terms,
    };
    let own = if let Party::Organisation(o) = question.side(side).0 { Some(o) } else { None };
    VoteRecord {
        proposal: sim.log.proposals.len(),
        organisation: own,
        state,
        yes,
        utility: desk.utilities[at],
        probability: p,
        reason,
        deciding: if reason == VoteReason::Terms { terms.deciding(yes) } else { None },
        pivotality: 0.0,
    }
}

/// Whether a side's votes carry; writes how far each voter held the key, `rest` being the chance of all else.
fn settle_side(
    sim: &mut Simulation<'_>,
    question: Question,
    side: usize,
    first: usize,
    rest: f64,
    desk: &mut Desk,
) -> bool {
    let votes = std::mem::take(&mut desk.votes);
    let mut log = std::mem::take(&mut sim.log.votes);
    let carries = with_side(sim, question, side, desk, |mood, range, chances, weights, spare, leader| {
        let start = range.start;
        let cast = range.clone().map(|x| (votes[x], weights[x - start], leader == Some(x - start)));
        let whole = mood.pass_probability(chances, weights, leader, spare);
        let certain = mood.with_each_certain(chances, weights, leader, spare);
        for (x, certain) in range.zip(certain) {
            log[first + x].pivotality = rest * (certain - whole).max(0.0);
        }
        mood.rule.carries(cast)
    });
    desk.votes = votes;
    sim.log.votes = log;
    carries
}

fn conclude(sim: &mut Simulation<'_>, question: Question) {
    let n = sim.world.n();
    match (question.kind, question.from, question.to) {
        (ProposalKind::Framework, ..) => sim.tie = sim.tie.max(NEW_TIE),
        (ProposalKind::Council, Party::Organisation(o), Party::State(i))
        | (ProposalKind::Council, Party::State(i), Party::Organisation(o)) => {
            sim.council[o * n + i] = sim.council[o * n + i].max(NEW_TIE);
        }
        (ProposalKind::Admission, Party::State(i), Party::Organisation(o)) => {
            let takes = sim.world.organisations[o].accession.unwrap_or(0).max(1);
            sim.admitted[o * n + i] = Some(sim.step + takes);
        }
        _ => {}
    }
    sim.venues.standings_changed();
}

/// A request refused (or granted) is an act of every member of the addressee on every member of the asker, which touches
/// the image only (Ringmar 1996; Wolf 2011).
fn answer(sim: &mut Simulation<'_>, question: Question, passed: bool) {
    let size = sim.roster.answer_to_request();
    if size == 0.0 || question.kind == ProposalKind::Operation {
        return;
    }
    let size = if passed { size } else { -size };
    for a in 0..sim.party(question.from).len() {
        for b in 0..sim.party(question.to).len() {
            let (i, j) = (sim.party(question.from)[a], sim.party(question.to)[b]);
            if i != j {
                regard(sim, i, j, Act { size, ..Act::default() });
            }
        }
    }
}
