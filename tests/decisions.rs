//! Decisions given from outside: they are taken as given, reported if they never come up, and refused if they make no sense.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use twain::analysis::whatif::whatifs;
use twain::model::{Record, Simulation, VoteReason};
use twain::scenario::load;
use twain::theory::SCHOOLS;

const MAIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/nato-csto.toml");

/// A scenario of the shipped one with more lines.
fn with(folder: &TempDir, lines: &str) -> std::path::PathBuf {
    let file = folder.path().join("given.toml");
    std::fs::write(&file, format!("name = \"given\"\ninclude = [\"{MAIN}\"]\n{lines}")).expect("written");
    file
}

/// "What if the United States had said yes?": it does, whatever its school would have had it do, and nobody else is moved
/// by anything but that.
#[test]
fn a_vote_can_be_given() {
    let scenario = load(Path::new(MAIN), &[]).expect("sound");
    let whatif =
        whatifs(&scenario).expect("sound").into_iter().find(|w| w.id == "us-says-yes").expect("shipped");
    let other = whatif.apply(&scenario).expect("sound");
    let usa = scenario.world.state("USA").expect("a state");
    for school in SCHOOLS {
        let run = |s: &twain::scenario::Scenario| {
            let population = s.population(school).expect("a school");
            let mut record = Record::new(&s.world);
            Simulation::new(&s.world, &population).run(0, &mut record);
            record
        };
        let (before, after) = (run(&scenario), run(&other));
        let step = other.world.decisions[0].step;
        let votes = |r: &Record| {
            let at = |v: &&twain::model::VoteRecord| r.proposals[v.proposal].step == step;
            r.votes.iter().filter(at).cloned().collect::<Vec<_>>()
        };
        let (a, b) = (votes(&before), votes(&after));
        assert_eq!(a.len(), b.len(), "{school}: the same voters");
        for (a, b) in a.iter().zip(&b) {
            if b.state == usa {
                assert!(b.yes && b.reason == VoteReason::Given, "{school}: the vote is the one given");
            } else {
                assert_eq!((a.state, a.yes), (b.state, b.yes), "{school}: others vote as before");
            }
        }
        assert_eq!(after.met, [0], "{school}: the decision came up");
        assert!(before.met.is_empty());
    }
}

/// A state can be made to leave, and a decision that never comes up is told.
#[test]
fn standings_can_be_given_and_what_never_came_up_is_told() {
    let folder = TempDir::new().expect("a folder");
    let file = with(
        &folder,
        "[[decision]]\nwho = \"UZB\"\nwhat = \"membership\"\non = \"CSTO\"\nwhen = \"1999-04-02\"\nchoose = \"leave\"\n\
         [[decision]]\nwho = \"USA\"\nwhat = \"vote\"\nwhen = \"1992Q1\"\nchoose = \"agree\"\n",
    );
    let out = folder.path().join("out");
    let output = Command::new(env!("CARGO_BIN_EXE_twain"))
        .args(["run", file.to_str().expect("a path"), "-n", "2", "--theory", "realism", "--brief", "--out"])
        .arg(&out)
        .output()
        .expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("the decision given for USA (vote, 1992Q1) never came up under realism"), "{told}");
    assert!(!told.contains("given for UZB"), "{told}");
    let table = std::fs::read_to_string(out.join("memberships.csv")).expect("a table");
    let left = table.lines().filter(|l| l.contains("1999Q2,UZB,CSTO,leave")).count();
    assert_eq!(left, 2, "it leaves in both runs");
}

/// A move can be given too.
#[test]
fn a_move_can_be_given() {
    let folder = TempDir::new().expect("a folder");
    let lines = "[[decision]]\nwho = \"RUS\"\nwhat = \"move\"\ntoward = \"USA\"\non = \"arms\"\nwhen = \"2000Q1\"\nchoose = ";
    let moved = |word: &str| {
        let file = with(&folder, &format!("{lines}\"{word}\"\n"));
        let scenario = load(&file, &[]).expect("sound");
        let (w, d) = (&scenario.world, &scenario.world.decisions[0]);
        let population = scenario.population("realism").expect("a school");
        let (usa, arms) = (w.state("USA").expect("a state"), w.issues.iter().position(|i| i.code == "arms"));
        Simulation::new(w, &population).replay(0, d.step, twain::model::Stage::Learning, |sim| {
            sim.executed(d.state, usa, arms.expect("an issue"))
        })
    };
    assert_eq!((moved("cooperate"), moved("defect")), (Some(true), Some(false)));
}

/// What does not answer the decision, or names nobody, is refused with its place.
#[test]
fn senseless_decisions_are_refused() {
    let folder = TempDir::new().expect("a folder");
    for (lines, words) in [
        ("who = \"USA\"\nwhat = \"vote\"\nwhen = \"2009Q3\"\nchoose = \"leave\"", "does not answer"),
        ("who = \"XXX\"\nwhat = \"vote\"\nwhen = \"2009Q3\"\nchoose = \"agree\"", "unknown state `XXX`"),
        ("who = \"USA\"\nwhat = \"vote\"\nwhen = \"1950\"\nchoose = \"agree\"", "outside the run"),
        ("who = \"USA\"\nwhat = \"membership\"\nwhen = \"2009Q3\"\nchoose = \"stay\"", "needs the key `on`"),
        (
            "who = \"USA\"\nwhat = \"membership\"\non = \"RUS\"\nwhen = \"2009Q3\"\nchoose = \"stay\"",
            "organisation",
        ),
        (
            "who = \"USA\"\nwhat = \"move\"\non = \"arms\"\nwhen = \"2009Q3\"\nchoose = \"defect\"",
            "needs the key `toward`",
        ),
    ] {
        let mistake = load(&with(&folder, &format!("[[decision]]\n{lines}\n")), &[]).expect_err("refused");
        assert!(mistake.message.contains(words), "{lines}: {}", mistake.message);
        assert!(mistake.origin.is_some(), "{lines}: it has a place");
    }
}
