//! The theory contract: a fast part of it is held here, the rest by `twain contract`; mistakes in propositions are said once.

use std::path::{Path, PathBuf};

use crate::common::{bad, good};
use tempfile::TempDir;
use twain::analysis::contract::{CLOSED, Measure, Verdict, Wanted, read};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/contract/contract.toml")
}

/// Every closed form and every proposition of a small world goes as declared, on few pairs.
#[test]
fn small_worlds_keep_the_contract() {
    let wanted = Wanted { replications: Some(4), ..Wanted::default() };
    let contract = read(&shipped(), &wanted).unwrap_or_else(|m| panic!("{m}"));
    let small: Vec<_> = contract.propositions.iter().filter(|p| !p.world.contains("nato-csto")).collect();
    assert!(small.len() > 40, "only {} propositions have a small world", small.len());
    let mut wrong = Vec::new();
    for proposition in small {
        let finding = proposition.measure(|_| ()).expect("measured");
        assert!(!finding.school.value.is_nan(), "{} has no value", proposition.id);
        if !proposition.kept(finding.verdict) {
            wrong.push(format!("{} {}: {:?}", proposition.id, finding.verdict.name(), finding.school));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The whole file is sound, measured on two seeds at least, and no closed form stands there without a use.
#[test]
fn the_shipped_contract_is_whole() {
    let contract = read(&shipped(), &Wanted::default()).unwrap_or_else(|m| panic!("{m}"));
    assert!(contract.propositions.len() > 80, "only {}", contract.propositions.len());
    for p in &contract.propositions {
        let seeds: std::collections::BTreeSet<u64> = p.seeds.iter().copied().collect();
        assert!(seeds.len() >= 2, "{} is measured on one seed", p.id);
        assert!(!p.source.is_empty() && p.holds == p.why.is_empty(), "{}", p.id);
    }
    for form in CLOSED {
        let used = contract
            .propositions
            .iter()
            .any(|p| matches!(p.measure, Measure::Closed(f) if f.name == form.name));
        assert!(used, "no proposition uses the closed form {}", form.name);
    }
}

/// Pairs share their random numbers: a change that changes nothing has no effect at all, whatever the seed; and a value does not
/// hang on how many other propositions are measured.
#[test]
fn pairs_share_their_random_numbers() {
    let folder = TempDir::new().expect("a folder");
    let file =
        contract(folder.path(), "change = [\"world.shadow = 0.7\"]", "apart(changed)", "at most", "0.0");
    let found = read(&file, &Wanted::default()).unwrap_or_else(|m| panic!("{m}"));
    let finding = found.propositions[0].measure(|_| ()).expect("measured");
    assert_eq!(finding.verdict, Verdict::Shown);
    assert_eq!((finding.school.value, finding.school.low, finding.school.high), (0.0, 0.0, 0.0));
    assert_eq!(finding.school.seeds.len(), 2);
    let file =
        contract(folder.path(), "change = [\"world.shadow = 0.2\"]", "apart(changed)", "at least", "0.1");
    let found = read(&file, &Wanted::default()).unwrap_or_else(|m| panic!("{m}"));
    let finding = found.propositions[0].measure(|_| ()).expect("measured");
    assert_eq!(finding.verdict, Verdict::Shown, "{finding:?}");
    let again = found.propositions[0].measure(|_| ()).expect("measured");
    assert_eq!(finding.school, again.school, "the same bytes");
}

/// A file of one proposition about the lab.
fn contract(folder: &Path, change: &str, measure: &str, direction: &str, least: &str) -> PathBuf {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/contract/lab-3.toml");
    std::fs::copy(lab, folder.join("lab.toml")).expect("copied");
    let path = folder.join("own.toml");
    let text = format!(
        "name = \"own\"\nreplications = 3\n\n[[proposition]]\nid = \"P1\"\nschool = \"institutionalism\"\nclaim = \"a claim\"\nsource = \"a source\"\nworld = \"lab.toml\"\n{change}\nmeasure = \"{measure}\"\ndirection = \"{direction}\"\nleast = {least}\n"
    );
    std::fs::write(&path, text).expect("written");
    path
}

/// Changes the shipped form of a block by one line and expects each of `words`.
fn mistake(change: &str, measure: &str, words: &[&str]) {
    let folder = TempDir::new().expect("a folder");
    let path = contract(folder.path(), change, measure, "at least", "0.1");
    let error = bad(&["contract", path.to_str().expect("a path")]);
    for word in words {
        assert!(error.contains(word), "expected {word:?} for {change:?} {measure:?} in:\n{error}");
    }
    assert_eq!(error.matches("error").count(), 1, "{error}");
}

#[test]
fn mistakes_in_a_proposition_are_said_once_with_their_place() {
    let m = "mean(cooperation_LAB_LAB, 2002, 2009)";
    mistake("chnge = []", m, &["unknown key `chnge`", "own.toml:10:1", "did you mean `change`?"]);
    mistake(
        "change = [\"world.shadw = 0.5\"]",
        m,
        &["unknown parameter `shadw`", "did you mean `shadow`?", "own.toml:10:11"],
    );
    mistake(
        "change = [\"world.shadow = 5\"]",
        m,
        &["`world.shadow` is 5, outside 0 to 0.99", "own.toml:10:11"],
    );
    mistake(
        "change = [\"make it better\"]",
        m,
        &["`make it better` is no change", "PATH *= FACTOR", "own.toml:10:11"],
    );
    mistake("change = [\"state.S1.capability *= much\"]", m, &["multiplies by nothing", "own.toml:10:11"]);
    mistake(
        "change = [\"state.S1.capabilty *= 3\"]",
        m,
        &["nothing to multiply", "did you mean `capability`?"],
    );
    mistake("change = [\"state.S1.name *= 3\"]", m, &["is no number"]);
    mistake("change = [\"state.S1.capability *= 1000\"]", m, &["outside 0 to 1", "own.toml:10:11"]);
    mistake("change = [\"drop Kosovo\"]", m, &["the world has no events to drop", "own.toml:10:11"]);
    mistake("change = [\"population realizm\"]", m, &["unknown theory", "did you mean `realism`?"]);
    mistake("change = [\"world labb.toml\"]", m, &["cannot read", "labb.toml", "own.toml:10:11"]);
    mistake(
        "change = []",
        "alt(mean(coperation_LAB_LAB, 2002, 2009))",
        &["unknown metric", "did you mean `cooperation_LAB_LAB`?", "own.toml:11:"],
    );
    mistake("", "alt(1)", &["`alt` needs a paired run"]);
    mistake("runs = { a = [], b = [] }", "alt(1)", &["which of several runs", "in(run"]);
    mistake(
        "runs = { strong = [], weak = [] }",
        "in(strnog, 1)",
        &["unknown run `strnog`", "did you mean `strong`?"],
    );
    mistake("change = []\nruns = { changed = [] }", m, &["a run is called `changed` already"]);
    mistake("change = []\nholds = false", m, &["says `why`"]);
    mistake("change = []\nwhy = \"no reason\"", m, &["but this one holds"]);
    mistake("closed = \"taboo\"", m, &["not both"]);
    mistake("seeds = []", m, &["no seeds"]);
}

#[test]
fn choices_that_leave_nothing_are_refused() {
    let error = bad(&["contract", "--only", "R99"]);
    assert!(error.contains("no proposition begins with `R99`"), "{error}");
    let error = bad(&["contract", "--school", "liberalism"]);
    assert!(error.contains("liberalism") && error.contains("realism"), "{error}");
    let error = bad(&["contract", "-n", "1"]);
    assert!(error.contains("from 2"), "{error}");
    let error = bad(&["contract", "scenarios/two-blocs.toml"]);
    assert!(error.contains("holds no such proposition") && error.contains("[[proposition]]"), "{error}");
}

/// The verb writes its tables, its chart and its page; a failed declaration is an error after everything is written.
#[test]
fn the_verb_leaves_tables_chart_and_page() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let place = out.to_str().expect("a path");
    let words = good(&["contract", "--only", "I04,F02,C08", "-n", "2", "--out", place]);
    assert!(words.contains("3 of 3 propositions are shown"), "{words}");
    for file in [
        "contract.csv",
        "contract_seeds.csv",
        "manifest.json",
        "summary.txt",
        "charts/contract.svg",
        "report.html",
    ] {
        assert!(out.join(file).is_file(), "no {file}");
    }
    let page = std::fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(
        page.contains("Monitoring works through misperception") && page.contains("March &amp; Olsen 1998")
    );
    let path = contract(folder.path(), "change = []", "apart(changed)", "at least", "0.5");
    let out = folder.path().join("failed");
    let error = bad(&[
        "contract",
        path.to_str().expect("a path"),
        "--no-charts",
        "--out",
        out.to_str().expect("a path"),
    ]);
    assert!(error.contains("1 of 1 propositions do not go as declared: P1"), "{error}");
    assert!(out.join("contract.csv").is_file(), "the tables are there all the same");
}

/// A scenario may hold propositions about itself, beside everything else it says.
#[test]
fn a_scenario_holds_its_own_propositions() {
    let folder = TempDir::new().expect("a folder");
    let path = crate::common::starter(folder.path(), |text| {
        format!(
            "{text}\n[[proposition]]\nid = \"own\"\nschool = \"realism\"\nclaim = \"nothing changes\"\nsource = \"nobody\"\nchange = []\nmeasure = \"apart(changed)\"\ndirection = \"at most\"\nleast = 0.0\nreplications = 2\n"
        )
    });
    let out = folder.path().join("out");
    let words = good(&[
        "contract",
        path.to_str().expect("a path"),
        "--no-charts",
        "--out",
        out.to_str().expect("a path"),
    ]);
    assert!(words.contains("1 of 1 propositions are shown"), "{words}");
}
