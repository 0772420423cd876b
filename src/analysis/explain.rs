//! Why a state decided as it did: terms, numbers, rule, source; what would have tipped it; what the other
//! schools would have done in the same place.

use serde::Serialize;

use crate::model::world::{Conviction, Population, ProposalKind};
use crate::model::{Change, Record, Simulation, Stage};
use crate::scenario::{Mistake, Scenario};
use crate::theory::{Ballot, Burden, Encounter, Roster, SCHOOLS, Standing, Terms, common, constructivism};

/// One term of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct TermLine {
    /// Name.
    pub name: &'static str,
    /// Value, payoff units; positive pulls toward the first option.
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
    /// Role: weight of appropriateness and what the role asks, if the school has roles.
    pub role: Option<(f64, f64)>,
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
    Move(Encounter),
    Vote(Ballot, f64),
    Standing(Standing, f64),
}

impl Situation {
    fn terms(&self, roster: &Roster, weights: &[f64; 3], effort: f64) -> (Terms, f64) {
        let mut terms = Terms::default();
        let mut role = 0.0;
        match self {
            Situation::Move(e) => {
                role = roster.cooperate(weights, e, &mut terms);
                terms.add(&common::EFFORT, -effort);
            }
            Situation::Vote(b, silence) => {
                roster.vote(weights, b, &mut terms);
                terms.add(&common::SILENCE, *silence);
            }
            Situation::Standing(s, inertia) => {
                roster.membership(weights, s, &mut terms);
                terms.add(&common::STATUS_QUO, *inertia);
            }
        }
        (terms, role)
    }
}

fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str>) -> Mistake {
    Mistake::general(format!("unknown {what} `{word}`")).suggest(word, known)
}

/// Replays the run and explains the decision asked for.
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
    match q.what.as_str() {
        "cooperate" => cooperate(scenario, q, &population, &mut simulation, who, step),
        "vote" => vote(scenario, q, &population, &mut simulation, who, step),
        "membership" => membership(scenario, q, &population, &mut simulation, who, step),
        "contribute" => contribute(scenario, q, &population, &mut simulation, who, step),
        other => Err(unknown("kind of decision", other, ["vote", "cooperate", "contribute", "membership"])),
    }
}

/// Builds the explanation from a frozen situation.
#[expect(
    clippy::too_many_arguments,
    reason = "one caller for each kind of decision; a struct would only rename them"
)]
fn build(
    scenario: &Scenario,
    q: &Question,
    population: &Population,
    who: usize,
    step: usize,
    situation: &Situation,
    sensitivity: f64,
    question: String,
    options: [&str; 2],
    done: String,
) -> Explanation {
    let world = &scenario.world;
    let roster = population.roster.unwrap_or(world.roster);
    let weights = &population.weights[who];
    let effort = world.common.effort;
    let (terms, role) = situation.terms(&roster, weights, effort);
    let logistic = |u: f64| 1.0 / (1.0 + (-sensitivity * u).exp());
    let norm = match situation {
        Situation::Move(e) => constructivism::role_norm(e.identification, e.last_seen),
        _ => 0.0,
    };
    let probability = |terms: &Terms, role: f64| role * norm + (1.0 - role) * logistic(terms.total());
    let mut lines: Vec<TermLine> = terms
        .iter()
        .map(|(t, value)| TermLine { name: t.name, value, formula: t.formula, source: t.source })
        .collect();
    lines.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let others = SCHOOLS
        .iter()
        .enumerate()
        .filter(|(s, _)| weights[*s] < 1.0)
        .map(|(s, school)| {
            let mut pure = [0.0; 3];
            pure[s] = 1.0;
            let (terms, role) = situation.terms(&roster, &pure, effort);
            let positive = terms.total() > 0.0;
            Other {
                school,
                utility: terms.total(),
                probability: probability(&terms, role),
                main_term: terms.deciding(positive).map_or("", |t| t.name),
            }
        })
        .collect();
    Explanation {
        question,
        options: options.map(String::from),
        done,
        theory: q.theory.clone(),
        who: world.states[who].code.clone(),
        when: world.calendar.label(step),
        replication: q.replication,
        utility: terms.total(),
        probability: probability(&terms, role),
        role: (role > 0.0).then_some((role, norm)),
        tipping: tipping(situation, &roster, weights, effort),
        terms: lines,
        others,
        notes: Vec::new(),
    }
}

/// Looks over every parameter of the schools that have weight for the nearest value, as a share of its range, at
/// which the utility of the frozen situation changes sign.
fn tipping(situation: &Situation, roster: &Roster, weights: &[f64; 3], effort: f64) -> Option<Tipping> {
    let sign = situation.terms(roster, weights, effort).0.total() > 0.0;
    let mut best: Option<(f64, Tipping)> = None;
    for (school, name) in SCHOOLS.iter().enumerate().filter(|(s, _)| weights[*s] > 0.0) {
        for p in Roster::parameters(school) {
            let from = roster.get(school, p.name)?;
            let flips = |x: f64| {
                let mut changed = *roster;
                changed.set(school, p.name, x);
                (situation.terms(&changed, weights, effort).0.total() > 0.0) != sign
            };
            for end in [p.low, p.high] {
                const GRID: usize = 200;
                let at = |k: usize| from + (end - from) * k as f64 / GRID as f64;
                let Some(first) = (1..=GRID).find(|&k| flips(at(k))) else { continue };
                let (mut near, mut far) = (at(first - 1), at(first));
                for _ in 0..60 {
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
    let found =
        sim.replay(q.replication, step, Stage::Games, |s| s.meet(who, j).then(|| s.explain_move(who, j, m)));
    let Some((e, _)) = found else {
        return Err(Mistake::general(format!("{} and {toward} do not meet at {}", q.who, q.when))
            .help("pairs meet that share a body, a border, nearness, or a great power"));
    };
    let moved = sim.replay(q.replication, step, Stage::Burdens, |s| s.executed(who, j, m));
    let done = match moved {
        Some(true) => "it cooperated",
        Some(false) => "it defected",
        None => "no move was made",
    };
    let question = format!("Did {} cooperate with {toward} on {} at {}?", q.who, issue.name, q.when);
    let notes = vec![format!(
        "stake {:.2}, belief that {toward} cooperates {:.2}, normalised threat {:.2}, institutional tie {:.2}, identification {:+.2}",
        e.stake, e.belief, e.threat, e.institution, e.identification
    )];
    let options = ["cooperate", "defect"];
    let beta = world.common.sensitivity;
    let s = Situation::Move(e);
    let mut out = build(scenario, q, population, who, step, &s, beta, question, options, done.into());
    out.notes = notes;
    out.notes.push(format!(
        "a move is executed wrongly with probability {}: what was done can differ from what was chosen",
        world.common.error
    ));
    Ok(out)
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
    let touches = proposal.dated.is_some_and(|d| world.proposals[d].touches_norm);
    let (from, to) = (proposal.from, proposal.to);
    let (ballot, _) = sim.replay(q.replication, step, Stage::Politics, |s| {
        // memberships of the step are settled before its votes; the record's utility is checked against ours below
        let talks = s.talks(from, to, touches);
        s.explain_vote(who, vote.organisation, &talks, &mut Terms::default())
    });
    let what = match proposal.kind {
        ProposalKind::Framework => "a framework between",
        ProposalKind::Council => "a council between",
        ProposalKind::Operation => "an operation by",
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
    let situation = Situation::Vote(ballot, world.common.silence);
    let beta = world.common.vote_sensitivity;
    let options = ["agree", "break silence"];
    let mut out = build(scenario, q, population, who, step, &situation, beta, question, options, done.into());
    if (out.utility - vote.utility).abs() > 1e-9 {
        out.notes.push(format!(
            "memberships changed earlier in the same step; the utility at the vote itself was {:+.3}",
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
    let (inside, partnership, standing, inertia) = sim.replay(q.replication, step, Stage::Politics, |s| {
        let member = s.is_member(o, who);
        let body = &world.organisations[o];
        let partnership = !member && body.partners.contains(&who);
        let inside = member || s.is_partner(o, who);
        let renewal = member && body.renewals.contains(&step);
        (inside, partnership, s.standing(o, who, partnership), s.status_quo(partnership, inside, renewal))
    });
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
        None if inside => "it stayed in (or the question did not come up)",
        None => "it stayed out (or the question did not come up)",
    };
    let what = if partnership { "a partner" } else { "a member" };
    let question = format!("Would {} be {what} of {code} at {}?", q.who, q.when);
    let situation = Situation::Standing(standing, inertia);
    let beta = world.common.membership_sensitivity;
    let mut out = build(
        scenario,
        q,
        population,
        who,
        step,
        &situation,
        beta,
        question,
        ["be in", "be out"],
        done.into(),
    );
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
    let (s, aim, (b, delta, pull)): (Burden, f64, _) =
        sim.replay(q.replication, step, Stage::Burdens, |s| s.explain_burden(who));
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
    let share = |b: f64, delta: f64, pull: f64| {
        let reply = crate::organisation::burden::best_reply(s.income, s.others, b.clamp(1e-6, 0.9), delta);
        (1.0 - pull) * reply / s.income.max(1e-12) + pull * s.guideline
    };
    let others = SCHOOLS
        .iter()
        .enumerate()
        .filter(|(k, _)| population.weights[who][*k] < 1.0)
        .map(|(k, school)| {
            let mut pure = [0.0; 3];
            pure[k] = 1.0;
            let (b, delta, pull) = roster.burden(&pure, &s);
            Other { school, utility: 0.0, probability: share(b, delta, pull), main_term: "" }
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
                "greatest normalised threat {:.2}, identification with partners {:+.2}",
                s.threat, s.identification
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
                "\nWith probability {weight:.2} the role decides instead of utility; it asks for cooperation with probability {norm:.2}.\n"
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
