//! `twain calibrate` sees calibration facts and nothing else, and is deterministic.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn twain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_twain")).args(args).output().expect("the program starts")
}

fn good(args: &[&str]) -> String {
    let output = twain(args);
    assert!(output.status.success(), "twain {args:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn bad(args: &[&str]) -> String {
    let output = twain(args);
    assert!(!output.status.success(), "twain {args:?} should fail");
    String::from_utf8(output.stderr).expect("text")
}

const TWO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/two-blocs.toml");

/// two-blocs with two calibration facts and the given hold-out facts.
fn scenario(folder: &Path, name: &str, held: &str) -> String {
    let path = folder.join(name);
    let facts = format!(
        "include = [{TWO:?}]\nname = \"fitted-blocs\"\n\
         [[fact]]\nid = \"A\"\nclaim = \"little cooperation before the war\"\nblock = \"a\"\nsplit = \"calibration\"\n\
         measure = \"mean(cooperation_between, 2001, 2003Q4) < 0.55\"\n\
         [[fact]]\nid = \"B\"\nclaim = \"the Coast holds together\"\nblock = \"b\"\nsplit = \"calibration\"\n\
         measure = \"mean(cooperation_within_COAST, 2001, 2003Q4) > 0.8\"\n\
         [[fact]]\nid = \"W\"\nclaim = \"the shadow matters\"\nblock = \"b\"\nsplit = \"calibration\"\nwhatif = \"short\"\n\
         measure = \"mean(cooperation_between, 2001, 2003Q4) > alt(mean(cooperation_between, 2001, 2003Q4))\"\n\
         [[whatif]]\nid = \"short\"\nlabel = \"a short shadow\"\nset = [\"world.shadow = 0.5\"]\n{held}\n"
    );
    std::fs::write(&path, facts).expect("written");
    path.to_str().expect("a path").to_string()
}

const HELD: &str = "[[fact]]\nid = \"H\"\nclaim = \"a framework\"\nblock = \"a\"\nsplit = \"holdout\"\nmeasure = \"at(framework, 2014Q4) == 1\"";
const OTHER: &str = "[[fact]]\nid = \"H\"\nclaim = \"no framework\"\nblock = \"z\"\nsplit = \"holdout\"\nweight = 5\nmeasure = \"at(framework, 2014Q4) == 0\"\n\
    [[fact]]\nid = \"I\"\nclaim = \"war forgotten\"\nblock = \"a\"\nsplit = \"holdout\"\nmeasure = \"mean(cooperation_between, 2010, 2014Q4) > 0.9\"";

fn calibrate(folder: &Path, scenario: &str, out: &str, more: &[&str]) -> (String, std::path::PathBuf) {
    let place = folder.join(out);
    let mut args =
        vec!["calibrate", scenario, "-n", "6", "--budget", "24", "--out", place.to_str().expect("a path")];
    args.extend_from_slice(more);
    (good(&args), place)
}

fn read(place: &Path, name: &str) -> String {
    std::fs::read_to_string(place.join(name)).expect("a file")
}

/// Changing or removing every hold-out fact leaves the path of the fit as it was, byte for byte.
#[test]
fn hold_out_facts_play_no_part() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let (words, with) = calibrate(f, &scenario(f, "with.toml", HELD), "a", &[]);
    let (_, other) = calibrate(f, &scenario(f, "other.toml", OTHER), "b", &[]);
    let (without_words, without) = calibrate(f, &scenario(f, "without.toml", ""), "c", &[]);
    for name in ["path.csv", "fitted.csv", "fitted.toml"] {
        assert_eq!(read(&with, name), read(&other, name), "{name} differs when hold-out facts change");
        assert_eq!(read(&with, name), read(&without, name), "{name} differs when hold-out facts go");
    }
    assert_ne!(words, without_words, "they are reported, though");
    assert!(words.contains("runs to 2003Q4"), "no step after the calibration facts is simulated:\n{words}");
    // and calibration facts do play a part: without W the path is another
    let text = std::fs::read_to_string(f.join("with.toml")).expect("text").replace("0.55", "0.01");
    std::fs::write(f.join("moved.toml"), text).expect("written");
    let (_, moved) = calibrate(f, f.join("moved.toml").to_str().expect("a path"), "d", &[]);
    assert_ne!(read(&with, "path.csv"), read(&moved, "path.csv"));
}

/// Same bytes for any number of threads; equal budgets; the best of the path is what fitted.toml says.
#[test]
fn a_fit_is_deterministic_and_usable() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let source = scenario(f, "s.toml", HELD);
    let (_, one) = calibrate(f, &source, "one", &["--threads", "1"]);
    let (_, two) = calibrate(f, &source, "two", &["--threads", "2"]);
    for name in ["path.csv", "fitted.csv", "fitted.toml"] {
        assert_eq!(read(&one, name), read(&two, name), "{name}");
    }
    let path = read(&one, "path.csv");
    let mut best = std::collections::BTreeMap::new();
    let mut count = std::collections::BTreeMap::new();
    let mut first = std::collections::BTreeMap::new();
    for line in path.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let score: f64 = cells[4].parse().expect("a score");
        *count.entry(cells[1]).or_insert(0) += 1;
        first.entry(cells[1]).or_insert(score);
        let b = best.entry(cells[1]).or_insert(f64::NEG_INFINITY);
        *b = f64::max(*b, score);
    }
    assert_eq!(count.len(), 3);
    assert!(count.values().all(|&n| n == 24), "equal budgets: {count:?}");
    assert!(best.iter().all(|(school, b)| *b >= first[school]), "never worse than the defaults");
    // fitted.toml is a fragment another scenario can include, and within the declared ranges
    let both = f.join("both.toml");
    let text = format!("include = [{source:?}, {:?}]\nname = \"both\"\n", one.join("fitted.toml"));
    std::fs::write(&both, text).expect("written");
    good(&["check", both.to_str().expect("a path")]);
    let (_, again) = calibrate(f, both.to_str().expect("a path"), "again", &["--theory", "realism"]);
    let score = |place: &Path| {
        let text = read(place, "path.csv");
        text.lines()
            .nth(1)
            .expect("a row")
            .rsplit(',')
            .next()
            .expect("a cell")
            .parse::<f64>()
            .expect("a score")
    };
    assert!((score(&again) - best["realism"]).abs() < 1e-9, "the fitted values give the fitted score");
}

/// `--parameters` fits only what is named; mistakes are one clear sentence.
#[test]
fn parameters_are_chosen_by_name() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let source = scenario(f, "s.toml", "");
    let (_, place) = calibrate(
        f,
        &source,
        "one",
        &["--theory", "realism", "--parameters", "realism.k0,theory.realism.doubt"],
    );
    let fitted = read(&place, "fitted.csv");
    let names: Vec<&str> = fitted.lines().skip(1).filter_map(|l| l.split(',').nth(1)).collect();
    assert_eq!(names, ["k0", "doubt"]);
    let said = bad(&["calibrate", &source, "--parameters", "realism.k1"]);
    assert!(said.contains("unknown parameter `realism.k1`") && said.contains("k0"), "{said}");
    let said = bad(&["calibrate", &source, "--theory", "null-random"]);
    assert!(said.contains("`null-random` is no school"), "{said}");
    let said = bad(&["calibrate", TWO]);
    assert!(said.contains("no fact to calibrate on"), "{said}");
}
