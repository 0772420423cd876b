//! Why a state decided as it did: terms, numbers, rule, source; what would have tipped it; what the other
//! schools would have done in the same place.

use serde::Serialize;

use crate::model::world::{Conviction, Population, ProposalKind};
use crate::model::{Change, MoveView, Question as Asked, Record, Simulation, Stage, VoteReason, choice};
use crate::scenario::{Mistake, Scenario, pure_weights};
use crate::theory::{Ballot, Burden, Roster, SCHOOLS, Standing, Terms, Weights, common};

/// One term of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct TermLine {
    /// Name, worded for the direction in which it pushes.
    pub name: &'static str,
    /// Value, in spreads of the game (moves) or vote units (votes, membership); positive pulls toward the first option.
    pub value: f64,
    /// Formula.
    pub formula: &'static str,
    /// Citation.
    pub source: &'static str,
}

/// The smallest change of one parameter that turns the balance of utility.
#[derive(Clone, Debug, Serialize)]
pub struct Tipping {
    /// Scenario path of the parameter.
    pub parameter: String,
    /// Its value in the run.
    pub from: f64,
    /// The value nearest to it at which utility changes sign.
    pub to: f64,
}

/// What another school would have done in the same place.
#[derive(Clone, Debug, Serialize)]
pub struct Other {
    /// School.
    pub school: &'static str,
    /// Utility of the first option over the second.
    pub utility: f64,
    /// Probability of the first option.
    pub probability: f64,
    /// The term that pushed hardest.
    pub main_term: &'static str,
}

/// A decision explained.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The question in words.
    pub question: String,
    /// First and second option.
    pub options: [String; 2],
    /// What was done, in words.
    pub done: String,
    /// Population.
    pub theory: String,
    /// State code.
    pub who: String,
    /// Step.
    pub when: String,
    /// Replication.
    pub replication: u64,
    /// Terms in order of weight.
    pub terms: Vec<TermLine>,
    /// Sum of the terms.
    pub utility: f64,
    /// Probability of the first option.
    pub probability: f64,
    /// Role: chance that it decides instead of utility, and what it asks, if the school has roles.
    pub role: Option<(f64, f64)>,
    /// Chance that principle lets the voter's body agree at all, if that is less than 1: no price would buy the rest.
    pub principle: Option<f64>,
    /// Smallest change that would have tipped the balance.
    pub tipping: Option<Tipping>,
    /// The other schools.
    pub others: Vec<Other>,
    /// Further remarks.
    pub notes: Vec<String>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Population label.
    pub theory: String,
    /// Replication.
    pub replication: u64,
    /// State code.
    pub who: String,
    /// vote, cooperate, contribute or membership.
    pub what: String,
    /// Date.
    pub when: String,
    /// Whom the move is toward (cooperate).
    pub toward: Option<String>,
    /// Issue (cooperate).
    pub issue: Option<String>,
    /// Organisation (membership).
    pub organisation: Option<String>,
}

/// The frozen situation of a decision.
enum Situation {
    Move(Box<MoveView>),
    Vote { own: Ballot, leader: Option<Ballot>, fee: f64, silence: f64 },
    Standing(Standing, f64),
}

/// A decision as one reading weighs it.
struct Weighed {
    terms: Terms,
    role: f64,
    asks: f64,
}

impl Situation {
    fn weigh(&self, roster: &Roster, weights: &Weights) -> Weighed {
        let mut terms = Terms::default();
        let (mut role, mut asks) = (0.0, 0.0);
        match self {
            Situation::Move(view) => (terms, role, asks) = view.weigh(roster, weights),
            Situation::Vote { own, leader, fee, silence } => {
                roster.vote(weights, own, leader.as_ref(), *fee, &mut terms);
                terms.add(&common::FEE, -fee);
                terms.add(&common::SILENCE, *silence);
            }
            Situation::Standing(s, inertia) => {
                roster.membership(weights, s, &mut terms);
                terms.add(&common::SIDE_PAYMENT, s.side_payment);
                terms.add(&common::STATUS_QUO, *inertia);
            }
        }
        Weighed { terms, role, asks }
    }
}

fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str>) -> Mistake {
    Mistake::general(format!("unknown {what} `{word}`")).suggest(word, known)
}

/// Replays the run and explains the decision asked for.
///
/// ```
/// use twain::analysis::explain::{Question, explain};
/// # fn main() -> Result<(), twain::scenario::Mistake> {
/// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
/// let question = Question {
///     theory: "realism".into(),
///     replication: 0,
///     who: "ASH".into(),
///     what: "vote".into(),
///     when: "2010Q1".into(),
///     toward: None,
///     issue: None,
///     organisation: None,
/// };
/// assert!(explain(&scenario, &question)?.text().contains("How did ASH vote"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// A state, date, issue, organisation or kind of decision that does not exist, or a decision that was not made then.
pub fn explain(scenario: &Scenario, q: &Question) -> Result<Explanation, Mistake> {
    let world = &scenario.world;
    let population = scenario.population(&q.theory)?;
    if population.conviction != Conviction::Schools {
        return Err(Mistake::general(format!("{} is a null model: it has no reasons to explain", q.theory)));
    }
    let codes = || world.states.iter().map(|s| s.code.as_str());
    let who = world.state(&q.who).ok_or_else(|| unknown("state", &q.who, codes()))?;
    let date = crate::model::date::Date::parse(&q.when).ok_or_else(|| {
        Mistake::general(format!("`{}` is not a date", q.when)).help("write 1999Q2, 1999-04 or 1999")
    })?;
    let calendar = world.calendar;
    let step = calendar.step_of(date).ok_or_else(|| {
        let (a, b) = (calendar.label(0), calendar.label(calendar.steps - 1));
        Mistake::general(format!("{} lies outside the run, {a} to {b}", q.when))
    })?;
    let mut simulation = Simulation::new(world, &population);
    simulation.look_with_all();
    match q.what.as_str() {
        "cooperate" => cooperate(scenario, q, &population, &mut simulation, who, step),
        "vote" => vote(scenario, q, &population, &mut simulation, who, step),
        "membership" => membership(scenario, q, &population, &mut simulation, who, step),
        "contribute" => contribute(scenario, q, &population, &mut simulation, who, step),
        other => Err(unknown("kind of decision", other, ["vote", "cooperate", "contribute", "membership"])),
    }
}

/// What is said about a decision beside its terms.
struct Story<'a> {
    q: &'a Question,
    who: usize,
    step: usize,
    sensitivity: f64,
    question: String,
    options: [&'a str; 2],
    done: String,
}

/// Builds the explanation; `view` gives the situation as it is under other parameters of the schools.
fn build(
    scenario: &Scenario,
    population: &Population,
    story: Story<'_>,
    mut view: impl FnMut(&Roster) -> Situation,
) -> Explanation {
    let world = &scenario.world;
    let roster = population.roster.unwrap_or(world.roster);
    let weights = &population.weights[story.who];
    let situation = view(&roster);
    let own = situation.weigh(&roster, weights);
    let probability =
        |w: &Weighed| w.role * w.asks + (1.0 - w.role) * choice(story.sensitivity, w.terms.total());
    let mut lines: Vec<TermLine> = own
        .terms
        .iter()
        .map(|(t, value)| TermLine { name: t.word(value > 0.0), value, formula: t.formula, source: t.source })
        .collect();
    lines.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let others = SCHOOLS
        .iter()
        .enumerate()
        .filter(|(s, _)| weights[*s] < 1.0)
        .map(|(s, school)| {
            let other = situation.weigh(&roster, &pure_weights(s));
            let toward = other.terms.total() > 0.0;
            Other {
                school,
                utility: other.terms.total(),
                probability: probability(&other),
                main_term: other.terms.deciding(toward).map_or("", |t| t.word(toward)),
            }
        })
        .collect();
    let principle = match &situation {
        Situation::Vote { own, .. } => Some(roster.principle(weights, own)).filter(|p| *p < 1.0),
        _ => None,
    };
    Explanation {
        question: story.question,
        options: story.options.map(String::from),
        done: story.done,
        theory: story.q.theory.clone(),
        who: world.states[story.who].code.clone(),
        when: world.calendar.label(story.step),
        replication: story.q.replication,
        utility: own.terms.total(),
        probability: probability(&own),
        role: (own.role > 0.0).then_some((own.role, own.asks)),
        principle,
        tipping: tipping(&roster, weights, |changed| view(changed).weigh(changed, weights).terms.total()),
        terms: lines,
        others,
        notes: Vec::new(),
    }
}

/// Looks over every parameter of the schools that have weight for the nearest value, as a share of its range, at
/// which the utility of the frozen situation changes sign.
fn tipping(roster: &Roster, weights: &Weights, mut utility: impl FnMut(&Roster) -> f64) -> Option<Tipping> {
    const GRID: usize = 40;
    let sign = utility(roster) > 0.0;
    let mut best: Option<(f64, Tipping)> = None;
    for (school, name) in SCHOOLS.iter().enumerate().filter(|(s, _)| weights[*s] > 0.0) {
        for p in Roster::parameters(school) {
            let from = roster.get(school, p.name)?;
            let mut flips = |x: f64| {
                let mut changed = *roster;
                changed.set(school, p.name, x);
                (utility(&changed) > 0.0) != sign
            };
            for end in [p.low, p.high] {
                let at = |k: usize| from + (end - from) * k as f64 / GRID as f64;
                let Some(first) = (1..=GRID).find(|&k| flips(at(k))) else { continue };
                let (mut near, mut far) = (at(first - 1), at(first));
                for _ in 0..40 {
                    let middle = 0.5 * (near + far);
                    if flips(middle) { far = middle } else { near = middle }
                }
                let share = (far - from).abs() / (p.high - p.low).max(1e-12);
                if best.as_ref().is_none_or(|(b, _)| share < *b) {
                    let parameter = format!("theory.{name}.{}", p.name);
                    best = Some((share, Tipping { parameter, from, to: far }));
                }
            }
        }
    }
    best.map(|b| b.1)
}

fn cooperate(
    scenario: &Scenario,
    q: &Question,
    population: &Population,
    sim: &mut Simulation<'_>,
    who: usize,
    step: usize,
) -> Result<Explanation, Mistake> {
    let world = &scenario.world;
    let codes = || world.states.iter().map(|s| s.code.as_str());
    let Some(toward) = &q.toward else {
        return Err(Mistake::general("whom toward?").help("add --toward and a state's code"));
    };
    let j = world.state(toward).ok_or_else(|| unknown("other state", toward, codes()))?;
    if j == who {
        return Err(
            Mistake::general("a state does not play against itself").help("name another one after --toward")
        );
    }
    let issues = || world.issues.iter().map(|i| i.code.as_str());
    let m = match &q.issue {
        Some(code) => world
            .issues
            .iter()
            .position(|i| i.code == *code)
            .ok_or_else(|| unknown("issue", code, issues()))?,
        None => {
            return Err(Mistake::general("on which issue?")
                .help(format!("add --issue and one of: {}", issues().collect::<Vec<_>>().join(", "))));
        }
    };
    let issue = &world.issues[m];
    if step < issue.from || step > issue.until {
        return Err(Mistake::general(format!("the issue {} is not active at {}", issue.code, q.when)));
    }
    let moved = sim.replay(q.replication, step, Stage::Learning, |s| s.executed(who, j, m));
    let done = match moved {
        Some(true) => "it cooperated",
        Some(false) => "it defected",
        None => "no move was made",
    };
    let question = format!("Did {} cooperate with {toward} on {} at {}?", q.who, issue.name, q.when);
    let story = Story {
        q,
        who,
        step,
        sensitivity: world.common.sensitivity,
        question,
        options: ["cooperate", "defect"],
        done: done.into(),
    };
    sim.replay(q.replication, step, Stage::Games, |s| {
        if !s.meet(who, j) {
            return Err(Mistake::general(format!("{} and {toward} do not meet at {}", q.who, q.when))
                .help("pairs meet that share a body, a border, nearness, or a great power"));
        }
        let mut out = build(scenario, population, story, |roster| {
            Situation::Move(Box::new(s.with_roster(roster, |s| s.view_move(who, j, m))))
        });
        out.notes.push(format!(
            "trust in {toward} {:.2}, normalised threat from it {:.2}, remembered hostility {:.2}, image of it {:+.2}, \
             weight on its gain {:+.2}",
            s.trust(who, j),
            s.threat(who, j),
            s.hostility(who, j),
            s.image(who, j),
            s.weight_on(who, j)
        ));
        out.notes.push(format!(
            "a move is executed wrongly with probability {}: what was done can differ from what was chosen",
            world.common.error
        ));
        Ok(out)
    })
}

fn whole_run(scenario: &Scenario, population: &Population, replication: u64) -> Record {
    let mut record = Record::new(&scenario.world);
    Simulation::new(&scenario.world, population).run(replication, &mut record);
    record
}

fn vote(
    scenario: &Scenario,
    q: &Question,
    population: &Population,
    sim: &mut Simulation<'_>,
    who: usize,
    step: usize,
) -> Result<Explanation, Mistake> {
    let world = &scenario.world;
    let record = whole_run(scenario, population, q.replication);
    let cast: Vec<_> =
        record.votes.iter().filter(|v| v.state == who && record.proposals[v.proposal].step == step).collect();
    let Some(vote) = cast.first() else {
        let mut steps: Vec<usize> = record
            .votes
            .iter()
            .filter(|v| v.state == who)
            .map(|v| record.proposals[v.proposal].step)
            .collect();
        steps.dedup();
        let dates: Vec<String> = steps.iter().take(12).map(|&s| world.calendar.label(s)).collect();
        let help = if dates.is_empty() {
            format!("{} never votes in this run", q.who)
        } else {
            format!("in this run it votes at {}", dates.join(", "))
        };
        return Err(Mistake::general(format!("{} casts no vote at {}", q.who, q.when)).help(help));
    };
    let proposal = &record.proposals[vote.proposal];
    let touches_norm = proposal.dated.is_some_and(|d| world.proposals[d].touches_norm);
    let (from, to) = (proposal.from, proposal.to);
    let asked = Asked { from, to, kind: proposal.kind, touches_norm };
    let what = match proposal.kind {
        ProposalKind::Framework => "a framework between",
        ProposalKind::Council => "a council between",
        ProposalKind::Operation => "an operation by",
        ProposalKind::Admission => "the admission of",
        ProposalKind::Contact => "contacts between",
    };
    let label = proposal.dated.map_or(String::new(), |d| format!(" ({})", world.proposals[d].label));
    let question = format!(
        "How did {} vote on {what} {} and {} at {}{label}?",
        q.who,
        world.party_code(from),
        world.party_code(to),
        q.when
    );
    let done = if vote.yes { "it kept silence: agreed" } else { "it broke silence: refused" };
    let story = Story {
        q,
        who,
        step,
        sensitivity: world.common.vote_sensitivity,
        question,
        options: ["agree", "break silence"],
        done: done.into(),
    };
    let side = usize::from(vote.organisation.map_or(to == crate::model::world::Party::State(who), |o| {
        to == crate::model::world::Party::Organisation(o)
    }));
    let mut out = sim.replay(q.replication, step, Stage::Proposals, |s| {
        build(scenario, population, story, |roster| {
            s.with_roster(roster, |s| {
                let ballots = s.ballots(asked);
                let own = ballots.iter().find(|b| b.0 == side && b.1 == who).map(|b| b.2).unwrap_or_default();
                let leader = ballots.iter().find(|b| b.0 == side && b.2.leads).map(|b| b.2);
                let (fee, silence) = (s.fee(asked.kind), world.common.silence);
                Situation::Vote { own, leader, fee, silence }
            })
        })
    });
    match vote.reason {
        VoteReason::Luck => out.notes.push("the draw went against the odds: this vote was luck".into()),
        VoteReason::Given => out.notes.push("the vote was given from outside".into()),
        VoteReason::Terms => {}
    }
    if proposal.on_principle[side] {
        out.notes.push("its body refused on principle, whatever its members voted".into());
    }
    if (out.utility - vote.utility).abs() > 1e-9 {
        out.notes.push(format!(
            "something changed earlier in the same step; the utility at the vote itself was {:+.3}",
            vote.utility
        ));
    }
    let verdict = if proposal.passed { "the proposal passed" } else { "the proposal failed" };
    let against = record.votes.iter().filter(|v| v.proposal == vote.proposal && !v.yes).count();
    out.notes.push(format!(
        "{verdict}; {against} broke silence; pivotality of {} {:.3} (chance to pass without its veto minus chance to pass{})",
        q.who,
        vote.pivotality,
        if vote.pivotality < 0.0005 { ": others would have stopped it too" } else { "" }
    ));
    Ok(out)
}

fn membership(
    scenario: &Scenario,
    q: &Question,
    population: &Population,
    sim: &mut Simulation<'_>,
    who: usize,
    step: usize,
) -> Result<Explanation, Mistake> {
    let world = &scenario.world;
    let bodies = || world.organisations.iter().map(|o| o.code.as_str());
    let o = match &q.organisation {
        Some(code) => world.organisation(code).ok_or_else(|| unknown("organisation", code, bodies()))?,
        None => {
            return Err(Mistake::general("membership of which organisation?").help(format!(
                "add --organisation and one of: {}",
                bodies().collect::<Vec<_>>().join(", ")
            )));
        }
    };
    let code = &world.organisations[o].code;
    let what = sim.replay(q.replication, step, Stage::Memberships, |s| s.choice(o, who));
    let Some(what) = what else {
        return Err(Mistake::general(format!("nothing is open between {} and {code} at {}", q.who, q.when))
            .help("members, eligible states and possible partners decide; a leader leads as long as somebody follows"));
    };
    let record = whole_run(scenario, population, q.replication);
    let changes: Vec<String> = record
        .memberships
        .iter()
        .filter(|m| m.state == who && m.organisation == o)
        .map(|m| format!("{} {}", m.change.name(), world.calendar.label(m.step)))
        .collect();
    let now = record
        .memberships
        .iter()
        .find(|m| m.state == who && m.organisation == o && m.step == step)
        .map(|m| m.change);
    let done = match now {
        Some(Change::Leave) => "it left",
        Some(Change::Join) => "it joined",
        Some(Change::Rejoin) => "it came back",
        Some(Change::Partner) => "it became a partner",
        Some(Change::Unpartner) => "it ended its partnership",
        None if what.inside => "it stayed in (or the question did not come up)",
        None => "it stayed out (or the question did not come up)",
    };
    let word = if what.partnership { "a partner" } else { "a member" };
    let story = Story {
        q,
        who,
        step,
        sensitivity: world.common.vote_sensitivity,
        question: format!("Would {} be {word} of {code} at {}?", q.who, q.when),
        options: ["be in", "be out"],
        done: done.into(),
    };
    let mut out = sim.replay(q.replication, step, Stage::Memberships, |s| {
        build(scenario, population, story, |roster| {
            s.with_roster(roster, |s| {
                Situation::Standing(s.standing(o, who, what.partnership), s.status_quo(what))
            })
        })
    });
    out.notes.push(if changes.is_empty() {
        format!("{} never changes its standing in {code} in this run", q.who)
    } else {
        format!("in this run: {}", changes.join(", "))
    });
    Ok(out)
}

fn contribute(
    scenario: &Scenario,
    q: &Question,
    population: &Population,
    sim: &mut Simulation<'_>,
    who: usize,
    step: usize,
) -> Result<Explanation, Mistake> {
    let world = &scenario.world;
    let (s, aim, (b, pull)): (Burden, f64, _) =
        sim.replay(q.replication, step, Stage::Burdens, |s| s.explain_burden(who));
    let delta = s.private;
    let q_now = (aim * s.income).max(1e-12);
    // marginal utilities at the share aimed at, per unit of income: they balance where the reply is interior
    let lines = vec![
        TermLine {
            name: "own security",
            value: b * delta / q_now * s.income,
            formula: "b delta y/q",
            source: "Sandler 1977; Sandler & Hartley 2001",
        },
        TermLine {
            name: "shared security",
            value: b * (1.0 - delta) / (q_now + s.others) * s.income,
            formula: "b (1-delta) y/(q + others)",
            source: "Olson & Zeckhauser 1966",
        },
        TermLine {
            name: "what else the money buys",
            value: -(1.0 - b) / (s.income - q_now).max(1e-12) * s.income,
            formula: "-(1-b) y/(y-q)",
            source: "Olson & Zeckhauser 1966",
        },
    ];
    let utility = lines.iter().map(|l| l.value).sum();
    let roster = population.roster.unwrap_or(world.roster);
    let share = |factor: f64, pull: f64| {
        let b = (s.weight * factor).clamp(1e-6, 0.9);
        let reply = crate::organisation::burden::best_reply(s.income, s.others, b, delta);
        (1.0 - pull) * reply / s.income.max(1e-12) + pull * s.guideline
    };
    let others = SCHOOLS
        .iter()
        .enumerate()
        .filter(|(k, _)| population.weights[who][*k] < 1.0)
        .map(|(k, school)| {
            let (factor, pull) = roster.burden(&pure_weights(k), &s);
            Other { school, utility: 0.0, probability: share(factor, pull), main_term: "" }
        })
        .collect();
    Ok(Explanation {
        question: format!("Why does {} spend what it spends at {}?", q.who, q.when),
        options: ["spend more".into(), "spend less".into()],
        done: format!("it spends {:.2}% of GDP and aims at {:.2}%", 100.0 * s.present, 100.0 * aim),
        theory: q.theory.clone(),
        who: q.who.clone(),
        when: world.calendar.label(step),
        replication: q.replication,
        terms: lines,
        utility,
        probability: aim,
        role: None,
        principle: None,
        tipping: None,
        others,
        notes: vec![
            format!(
                "income {:.0}, its partners spend {:.1} together (billion US dollars)",
                s.income, s.others
            ),
            format!(
                "weight of security b = {b:.4}, private share delta = {delta:.2}, pull of the guideline {pull:.2}"
            ),
            format!(
                "fear of everybody {:.2}, of power alone {:.2}, for those it leads {:.2}; friendship with partners {:+.2}",
                s.fear, s.calm, s.wards_fear, s.friendship
            ),
        ],
    })
}

impl Explanation {
    /// The explanation as text for the terminal.
    pub fn text(&self) -> String {
        let burden = self.options[0] == "spend more";
        let mut out = format!(
            "{}\n{}, {}, replication {}: {}.\n\n",
            self.question, self.theory, self.when, self.replication, self.done
        );
        out += &format!(
            "  {:38} {:>8}  {}\n",
            format!("toward `{}`", self.options[0]),
            "value",
            "formula; source"
        );
        for t in &self.terms {
            out += &format!("  {:38} {:>+8.3}  {}; {}\n", t.name, t.value, t.formula, t.source);
        }
        out += &format!("  {:38} {:>+8.3}", "sum", self.utility);
        if burden {
            out += "  (nought where the reply is free; the guideline's pull moves it off)\n";
        } else {
            out += &format!("  probability to {}: {:.2}\n", self.options[0], self.probability);
        }
        if let Some((weight, norm)) = self.role {
            out += &format!(
                "\nWith probability {weight:.2} the role decides instead of utility; it asks to {}.\n",
                if norm > 0.5 { "cooperate" } else { "defect" }
            );
        }
        if let Some(principle) = self.principle {
            out += &format!(
                "\nPrinciple lets its body agree with probability {principle:.2} only; what is refused on principle has no price.\n"
            );
        }
        match &self.tipping {
            Some(t) => {
                out += &format!(
                    "\nIt would have tipped the other way with {} = {:.3} instead of {:.3}, all else equal.\n",
                    t.parameter, t.to, t.from
                );
            }
            None if !burden => {
                out += "\nNo single parameter of this school, within its range, would have tipped it.\n";
            }
            None => {}
        }
        if !self.others.is_empty() {
            out += "\nIn the same place, with the same beliefs:\n";
        }
        for o in &self.others {
            if burden {
                out += &format!("  {:18} would aim at {:.2}% of GDP\n", o.school, 100.0 * o.probability);
            } else {
                let option = if o.probability >= 0.5 { &self.options[0] } else { &self.options[1] };
                out += &format!(
                    "  {:18} would {option} (utility {:+.3}, probability to {} {:.2}; most of all {})\n",
                    o.school, o.utility, self.options[0], o.probability, o.main_term
                );
            }
        }
        for note in &self.notes {
            out += &format!("\nNote: {note}.");
        }
        out + "\n"
    }
}
