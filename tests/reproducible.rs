//! The same scenario, seed and version give the same bytes; schools share random numbers; relabelling is harmless.

use std::path::Path;

use tempfile::TempDir;
use twain::model::world::World;
use twain::model::{Record, Simulation};
use twain::scenario::load;
use twain::theory::{Roster, SCHOOLS};

/// Runs `twain` and expects success.
fn good(args: &[&str]) {
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_twain")).args(args).output().expect("it starts");
    assert!(output.status.success(), "twain {args:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}

const MAIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/nato-csto.toml");

fn tables(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|x| x == "csv"))
        .map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read(e.path()).expect("a table")))
        .collect();
    all.sort();
    all
}

/// T21: same seed, same output, whatever the thread count.
#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let folder = TempDir::new().expect("a folder");
    let run = |threads: &str| {
        let out = folder.path().join(threads);
        let place = out.to_str().expect("a path");
        good(&["run", MAIN, "-n", "3", "--threads", threads, "--dyads", "--out", place]);
        tables(&out)
    };
    let (one, two) = (run("1"), run("2"));
    assert_eq!(one.len(), 14, "every table is written");
    for ((name, a), (_, b)) in one.iter().zip(&two) {
        assert!(a == b, "{name} differs between one thread and two");
    }
}

fn series(world: &World, population: &twain::model::world::Population) -> Record {
    let mut record = Record::new(world);
    Simulation::new(world, population).run(0, &mut record);
    record
}

fn same(a: &Record, b: &Record) -> bool {
    a.values.iter().zip(&b.values).all(|(x, y)| x == y || (x.is_nan() && y.is_nan()))
}

/// T23: with every special term switched off the three schools choose the same actions from the same seed.
#[test]
fn schools_agree_when_their_terms_are_off() {
    let mut scenario = load(Path::new(MAIN), &[]).expect("sound");
    scenario.world.roster = Roster::neutral();
    let runs: Vec<Record> =
        SCHOOLS.iter().map(|s| series(&scenario.world, &scenario.population(s).expect("a school"))).collect();
    assert!(same(&runs[0], &runs[1]), "realism and institutionalism differ");
    assert!(same(&runs[0], &runs[2]), "realism and constructivism differ");
    // and with the terms on they do not
    scenario.world.roster = Roster::default();
    let on: Vec<Record> =
        SCHOOLS.iter().map(|s| series(&scenario.world, &scenario.population(s).expect("a school"))).collect();
    assert!(!same(&on[0], &on[1]) && !same(&on[0], &on[2]) && !same(&on[1], &on[2]));
}

/// T22: states in another order, with their places in the random streams, give the same run.
#[test]
fn relabelling_states_changes_nothing() {
    let scenario = load(Path::new(MAIN), &[]).expect("sound");
    let world = &scenario.world;
    let n = world.n();
    // a fixed permutation: reversed
    let new_of = |i: usize| n - 1 - i;
    let mut other = world.clone();
    for i in 0..n {
        other.states[new_of(i)] = world.states[i].clone();
        other.states[new_of(i)].borders.iter_mut().for_each(|b| *b = new_of(*b));
        other.slot[new_of(i)] = world.slot[i];
        for issue in 0..world.issues.len() {
            other.issues[issue].exposure[new_of(i)] = world.issues[issue].exposure[i];
        }
        for j in 0..n {
            let (a, b) = (i * n + j, new_of(i) * n + new_of(j));
            other.trust[b] = world.trust[a];
            other.image[b] = world.image[a];
            other.hostility[b] = world.hostility[a];
            other.distance[b] = world.distance[a];
            other.adjacent[b] = world.adjacent[a];
        }
    }
    let party = |p: twain::model::world::Party| match p {
        twain::model::world::Party::State(i) => twain::model::world::Party::State(new_of(i)),
        body => body,
    };
    for body in &mut other.organisations {
        body.leader = body.leader.map(new_of);
        body.founding_threat = body.founding_threat.map(new_of);
        body.spells.iter_mut().for_each(|s| s.state = new_of(s.state));
        body.eligible.iter_mut().for_each(|e| *e = new_of(*e));
        body.partners.iter_mut().for_each(|e| *e = new_of(*e));
        body.proposes_to.iter_mut().for_each(|p| *p = party(*p));
    }
    for event in &mut other.events {
        event.actors.iter_mut().chain(&mut event.targets).for_each(|e| *e = new_of(*e));
        let named = event.from.iter_mut().chain(&mut event.toward);
        named.for_each(|p| *p = party(*p));
    }
    for p in &mut other.proposals {
        p.from = party(p.from);
        p.to = party(p.to);
    }
    other.watch.iter_mut().for_each(|w| *w = (party(w.0), party(w.1)));
    for school in SCHOOLS {
        let population = scenario.population(school).expect("a school");
        let (a, b) = (series(world, &population), series(&other, &population));
        // sums run in another order, so agreement is to rounding, not to the bit
        let width = a.metrics.len();
        for (k, (x, y)) in a.values.iter().zip(&b.values).enumerate() {
            let (name, step) = (&a.metrics[k % width].name, k / width);
            assert!(
                (x - y).abs() < 1e-9 || (x.is_nan() && y.is_nan()),
                "{school} {name} step {step}: {x} and {y}"
            );
        }
        assert_eq!(a.memberships.len(), b.memberships.len(), "{school}");
    }
}

/// Every metric stays within the range it declares.
#[test]
fn metrics_stay_in_their_ranges() {
    let scenario = load(Path::new(MAIN), &[]).expect("sound");
    for school in SCHOOLS.into_iter().chain(["neutral", "null-random", "null-refuse", "null-repeat"]) {
        let record = series(&scenario.world, &scenario.population(school).expect("a population"));
        let width = record.metrics.len();
        for (k, &x) in record.values.iter().enumerate() {
            let m = &record.metrics[k % width];
            let bounded = m.tag != twain::model::metrics::Tag::Number;
            assert!(
                x.is_nan() || !bounded || (m.low - 1e-9..=m.high + 1e-9).contains(&x),
                "{school} {}: {x}",
                m.name
            );
        }
    }
}

/// The null model that refuses never cooperates and never ties the blocs.
#[test]
fn refusal_never_cooperates() {
    let scenario = load(Path::new(MAIN), &[]).expect("sound");
    let record = series(&scenario.world, &scenario.population("null-refuse").expect("a null model"));
    let m = record.metric("cooperation_between").expect("a metric");
    for step in 4..scenario.world.calendar.steps {
        let x = record.value(step, m);
        assert!(x == 0.0, "step {step}: {x}");
    }
    assert!(record.outcome().framework.is_none());
}

/// The committed sample is what its command writes.
#[test]
fn the_sample_can_be_regenerated() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("results/nato-csto");
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("sample");
    good(&["run", MAIN, "-n", "20", "--brief", "--out", out.to_str().expect("a path")]);
    for (name, bytes) in tables(&out) {
        let committed = std::fs::read(sample.join(&name)).unwrap_or_default();
        assert!(bytes == committed, "results/nato-csto/{name} is out of date: run ./results/regenerate.sh");
    }
}
