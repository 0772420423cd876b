//! Docking (Axtell et al. 1996): the model against an independent implementation of the same specification, in numpy,
//! on one frozen snapshot of the main scenario (see `tests/data/docking/README.md`). Every number within 1e-9.

#![cfg(test)]

use serde_json::Value;

use super::memory::UNSEEN;
use super::simulation::Simulation;
use super::world::{Conviction, Party, Population, ProposalKind};
use super::{Question, Weighting, burdens, learning, perception, venues};
use crate::theory::frame::Game;
use crate::theory::{COUNT, Terms};

const TOLERANCE: f64 = 1e-9;
/// Runs of ours that are compared with as many of the prototype.
const RUNS: u64 = 60;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|x| x.as_str().expect("a word").to_string()).collect()
}

/// A simulation that stands where the snapshot stands.
fn place<'w>(world: &'w super::World, population: &'w Population, snapshot: &Value) -> Simulation<'w> {
    let mut sim = Simulation::new(world, population);
    let state = &snapshot["state"];
    let n = world.n();
    sim.step = snapshot["step"].as_u64().expect("a step") as usize;
    sim.trust = numbers(&state["trust"]);
    sim.hostility = numbers(&state["hostility"]);
    sim.image = numbers(&state["image"]);
    for (seen, own) in sim.regard.iter_mut().zip(&sim.image) {
        *seen = libm::tanh(*own);
    }
    sim.knowledge = numbers(&state["knowledge"]);
    for (dyad, last) in numbers(&state["seen"]).chunks(world.issues.len()).enumerate() {
        if dyad % (n + 1) != 0 {
            for (own, x) in sim.memory.of_mut(dyad).zip(last) {
                *own = if *x < 0.0 { UNSEEN } else { *x };
            }
        }
    }
    for (own, x) in sim.identity.iter_mut().zip(numbers(&state["identity"]).as_chunks::<4>().0) {
        *own = *x;
    }
    sim.spending = numbers(&state["spending"]);
    sim.institution = numbers(&state["stock"]);
    sim.member = numbers(&state["member"]).iter().map(|&x| x > 0.0).collect();
    sim.partner = numbers(&state["partner"]).iter().map(|&x| x > 0.0).collect();
    sim.alive = numbers(&state["alive"]).iter().map(|&x| x > 0.0).collect();
    sim.council = numbers(&state["council"]);
    sim.tie = state["tie"].as_f64().expect("a number");
    sim.regime_threat = numbers(&state["regime_threat"]);
    sim.capability = numbers(&snapshot["capability"]);
    sim.stake = numbers(&snapshot["stake"]);
    let m = world.issues.len();
    for i in 0..n {
        sim.total[i] = sim.stake[i * m..(i + 1) * m].iter().sum();
    }
    sim.games.clear();
    for issue in &world.issues {
        sim.games.push(Game::new(issue.payoffs, issue.hard, true, &sim.frame));
    }
    sim.enrol();
    perception::phase(&mut sim);
    venues::phase(&mut sim);
    sim
}

fn close(what: &str, ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= TOLERANCE, "{what}: {ours} against {theirs}");
}

/// What states have learned after the step.
fn learned(label: &str, sim: &mut Simulation<'_>, rows: &[usize], after: &Value) {
    let n = sim.world.n();
    let codes: Vec<&str> = sim.world.states.iter().map(|s| s.code.as_str()).collect();
    learning::phase(sim);
    for (key, ours) in [
        ("trust", &sim.trust),
        ("hostility", &sim.hostility),
        ("image", &sim.image),
        ("knowledge", &sim.knowledge),
    ] {
        for (r, &i) in rows.iter().enumerate() {
            for j in (0..n).filter(|&j| j != i) {
                let theirs = after[key][r * n + j].as_f64().expect("a number");
                close(&format!("{label}: {key} learned {} {}", codes[i], codes[j]), ours[i * n + j], theirs);
            }
        }
    }
    for (i, x) in numbers(&after["identity"]).as_chunks::<4>().0.iter().enumerate() {
        for (ours, theirs) in sim.identity[i].iter().zip(x) {
            close(&format!("{label}: identity of {}", codes[i]), *ours, *theirs);
        }
    }
}

fn dock(label: &str, weights: [f64; COUNT]) {
    let text = std::fs::read_to_string("tests/data/docking/snapshot.json").expect("the snapshot");
    let snapshot: Value = serde_json::from_str(&text).expect("JSON");
    let scenario =
        crate::scenario::load(std::path::Path::new("scenarios/nato-csto.toml"), &[]).expect("sound");
    let world = &scenario.world;
    let (n, m) = (world.n(), world.issues.len());
    let codes: Vec<&str> = world.states.iter().map(|s| s.code.as_str()).collect();
    assert_eq!(words(&snapshot["states"]), codes, "the states of the snapshot are those of the scenario");
    let population = Population {
        label: label.into(),
        conviction: Conviction::Schools,
        weights: vec![weights; n],
        roster: None,
        institutions: true,
    };
    let mut sim = place(world, &population, &snapshot);
    let theirs = &snapshot[label];
    let rows: Vec<usize> =
        words(&snapshot["rows"]).iter().map(|code| world.state(code).expect("a state")).collect();
    let column = |key: &str, ours: &dyn Fn(usize, usize) -> f64| {
        let Some(list) = theirs.get(key) else { return };
        for (r, &i) in rows.iter().enumerate() {
            for j in (0..n).filter(|&j| j != i) {
                let theirs = list[r * n + j].as_f64().expect("a number");
                close(&format!("{label}: {key} {} {}", codes[i], codes[j]), ours(i, j), theirs);
            }
        }
    };
    column("threat", &|i, j| sim.threat(i, j));
    column("linked", &|i, j| sim.linked[i * n + j]);
    column("behind", &|i, j| sim.behind[i * n + j]);
    let reader = crate::theory::Roster::default();
    column("weight", &|i, j| reader.realism.grip(sim.fear[i], 0.0) * sim.external[i * n + j]);
    if theirs.get("fear").is_some() {
        for (i, (fear, calm)) in
            numbers(&theirs["fear"]).into_iter().zip(numbers(&theirs["calm"])).enumerate()
        {
            close("fear", sim.fear[i], fear);
            close("calm", sim.calm[i], calm);
        }
    }
    let by_issue = |key: &str, ours: &mut dyn FnMut(usize, usize, usize) -> f64| {
        let Some(list) = theirs.get(key) else { return };
        for (r, &i) in rows.iter().enumerate() {
            for j in (0..n).filter(|&j| j != i) {
                for k in 0..m {
                    let theirs = list[(r * n + j) * m + k].as_f64().expect("a number");
                    let what = format!("{label}: {key} {} {} {}", codes[i], codes[j], world.issues[k].code);
                    close(&what, ours(i, j, k), theirs);
                }
            }
        }
    };
    by_issue("future", &mut |i, j, k| {
        let class = sim.venues.class(i, j);
        sim.existing(class, None, k).future
    });
    by_issue("watch", &mut |i, j, k| {
        let class = sim.venues.class(i, j);
        sim.existing(class, None, k).watch
    });
    by_issue("scope", &mut |i, j, k| {
        let class = sim.venues.class(i, j);
        sim.existing(class, None, k).scope
    });
    by_issue("utility", &mut |i, j, k| sim.view_move(i, j, k).weigh(&sim.roster, &weights).0.total());
    by_issue("chance", &mut |i, j, k| sim.chance_to_cooperate(i, j, k));
    votes(label, &mut sim, theirs);
    standings(label, &mut sim, &snapshot, theirs);
    for (i, aim) in numbers(&theirs["aim"]).into_iter().enumerate() {
        close(&format!("{label}: spending aimed at by {}", codes[i]), sim.explain_burden(i).1, aim);
    }
    if let Some(after) = theirs.get("learned") {
        sim.share = numbers(&theirs["share"]);
        learned(label, &mut sim, &rows, after);
    }
    burdens::phase(&mut sim);
}

fn votes(label: &str, sim: &mut Simulation<'_>, theirs: &Value) {
    let [a, b] = sim.world.blocs.expect("two blocs");
    let org = Party::Organisation;
    let russia = Party::State(sim.world.state("RUS").expect("Russia"));
    for (key, from, to, kind) in [
        ("vote", org(b), org(a), ProposalKind::Framework),
        ("council", org(a), russia, ProposalKind::Council),
    ] {
        let question = Question { from, to, kind, touches_norm: false };
        let ballots = sim.ballots(question);
        for side in 0..2 {
            let own: Vec<_> = ballots.iter().filter(|x| x.0 == side).collect();
            let leader = own.iter().find(|x| x.2.leads).map(|x| x.2);
            let list = &theirs[key][side];
            let codes: Vec<&str> = own.iter().map(|x| sim.world.states[x.1].code.as_str()).collect();
            assert_eq!(words(&list["voters"]), codes, "{label}: voters of the {key}");
            let mut allowed = 1.0f64;
            for ((_, v, ballot), u) in own.iter().zip(numbers(&list["u"])) {
                let mut terms = Terms::default();
                sim.weigh_vote(*v, ballot, leader.as_ref(), kind, &mut terms);
                let silence = sim.world.common.silence;
                close(
                    &format!("{label}: {key} of {}", sim.world.states[*v].code),
                    terms.total() - silence,
                    u,
                );
                allowed = allowed.min(sim.roster.principle(sim.weights(*v), ballot));
            }
            close(
                &format!("{label}: principle in the {key}"),
                allowed,
                list["body"].as_f64().expect("a number"),
            );
        }
    }
    close(
        &format!("{label}: chance to pass"),
        sim.outlook().chance,
        theirs["pass"].as_f64().expect("a number"),
    );
}

fn standings(label: &str, sim: &mut Simulation<'_>, snapshot: &Value, theirs: &Value) {
    sim.payer.fill(None);
    sim.side_payment.fill(0.0);
    for (o, code) in words(&snapshot["bodies"]).iter().enumerate() {
        for (key, partnership) in [("member", false), ("partner", true)] {
            for (i, u) in numbers(&theirs["standing"][code][key]).into_iter().enumerate() {
                let mut terms = Terms::default();
                sim.weigh_standing(o, i, partnership, &mut terms);
                let what = format!("{label}: {} as {key} of {code}", sim.world.states[i].code);
                close(&what, terms.total(), u);
            }
        }
    }
}

#[test]
fn realism_docks() {
    dock("realism", [1.0, 0.0, 0.0]);
}

#[test]
fn institutionalism_docks() {
    dock("institutionalism", [0.0, 1.0, 0.0]);
}

#[test]
fn constructivism_docks() {
    dock("constructivism", [0.0, 0.0, 1.0]);
}

#[test]
fn a_mixture_docks() {
    dock("mixed", [0.3, 0.3, 0.4]);
}

/// Distributions of whole runs (Axtell et al. 1996: distributional equivalence): means over 1993-2011 of 60 runs of the
/// prototype and of as many of ours differ by no more than four standard errors of the difference and .004 (members: .1).
#[test]
fn whole_runs_dock() {
    let mut reader =
        csv::Reader::from_path("tests/data/docking/runs.csv").expect("the runs of the prototype");
    let rows: Vec<(String, String, f64, f64, f64)> =
        reader.deserialize().collect::<Result<_, _>>().expect("population, metric, runs, mean, sd");
    let mut scenario =
        crate::scenario::load(std::path::Path::new("scenarios/nato-csto.toml"), &[]).expect("sound");
    // the prototype's inputs know no informal contacts
    scenario.world.proposals.retain(|p| p.kind != ProposalKind::Contact);
    let world = &scenario.world;
    let start = super::date::Date::parse("1993Q1").expect("a date");
    let first = world.calendar.step_of(start).expect("within the run");
    let (mut compared, mut apart) = (0, Vec::new());
    for label in ["neutral", "realism", "institutionalism", "constructivism"] {
        let population = scenario.population(label).expect("a population");
        let mut sim = Simulation::new(world, &population);
        let theirs: Vec<_> = rows.iter().filter(|r| r.0 == label).collect();
        let mut ours = vec![Vec::new(); theirs.len()];
        for replication in 0..RUNS {
            let mut sums = vec![(0.0, 0.0f64); theirs.len()];
            sim.play(replication, |sim| {
                for (row, (sum, count)) in theirs.iter().zip(&mut sums) {
                    let x = if sim.step < first { f64::NAN } else { measured(sim, &row.1) };
                    if !x.is_nan() {
                        (*sum, *count) = (*sum + x, *count + 1.0);
                    }
                }
            });
            for (values, (sum, count)) in ours.iter_mut().zip(sums) {
                values.push(sum / count);
            }
        }
        for ((_, metric, runs, mean, sd), values) in theirs.into_iter().zip(ours) {
            let n = RUNS as f64;
            let own = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|x| (x - own) * (x - own)).sum::<f64>() / (n - 1.0);
            let slack = if metric.starts_with("members") { 0.1 } else { 0.004 };
            let most = 4.0 * (sd * sd / runs + variance / n).sqrt() + slack;
            if (own - mean).abs() > most {
                apart.push(format!(
                    "{label}: {metric} is {own:.4}, the prototype's {mean:.4} (within {most:.4})"
                ));
            }
            compared += 1;
        }
    }
    assert!(apart.is_empty(), "{}", apart.join("\n"));
    assert_eq!(compared, rows.len());
}

/// What a row of the prototype's runs measures: a word and one or two parties.
fn measured(sim: &mut Simulation<'_>, metric: &str) -> f64 {
    let mut words = metric.split(' ');
    let word = words.next().expect("a word");
    let world = sim.world;
    let body = |code: &str| world.organisations.iter().position(|o| o.code == code);
    let party = |code| match body(code) {
        Some(o) => Party::Organisation(o),
        None => Party::State(world.state(code).expect("a state")),
    };
    let parties: Vec<Party> = words.map(party).collect();
    let by = match word {
        "plain" => Weighting::Plain,
        "power" => Weighting::Power,
        _ => Weighting::Stake,
    };
    match (word, &parties[..]) {
        ("framework", _) => f64::from(u8::from(sim.tie > 0.0)),
        ("institution", &[Party::Organisation(o)]) => sim.stock(o),
        ("members", &[Party::Organisation(o)]) => sim.members(o).len() as f64,
        ("cooperation" | "plain" | "power", &[a, b]) => sim.cooperation(a, b, by, |_| true),
        ("image", &[a, b]) => sim.mean_of(a, b, &sim.regard),
        ("trust", &[a, b]) => sim.mean_of(a, b, &sim.trust),
        ("threat", &[a, b]) => sim.mean_of(a, b, &sim.threat),
        ("hostility", &[a, b]) => sim.mean_of(a, b, &sim.hostility),
        _ => panic!("{metric} is not measured"),
    }
}
