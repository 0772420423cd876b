//! Two results side by side.

use std::fs;
use std::path::Path;

use crate::common::{bad, good};
use tempfile::TempDir;

const TWO: &str = "scenarios/two-blocs.toml";

fn run(folder: &Path, name: &str, more: &[&str]) -> String {
    let out = folder.join(name).to_str().expect("UTF-8").to_string();
    let mut args = vec!["run", TWO, "-n", "4", "--no-charts", "--out", &out];
    args.extend(more);
    good(&args);
    out
}

#[test]
fn equal_seeds_are_paired_and_other_seeds_are_two_samples() {
    let folder = TempDir::new().expect("a folder");
    let plain = run(folder.path(), "plain", &[]);
    let longer = run(folder.path(), "longer", &["--set", "world.shadow=0.85"]);
    let other = run(folder.path(), "other", &["--seed", "5"]);
    let out = folder.path().join("diff");
    let place = out.to_str().expect("UTF-8");
    let words = good(&["diff", &plain, &longer, "--out", place]);
    assert!(words.contains("world.shadow: 0.7 became 0.85"), "{words}");
    assert!(words.contains("runs paired by seed and replication, 4 runs"), "{words}");
    assert!(out.join("charts/whatif.svg").exists() && out.join("report.html").exists());

    // the paired figures are those of the tables
    let table = fs::read_to_string(out.join("whatif.csv")).expect("a table");
    let row =
        table.lines().find(|l| l.starts_with("realism,") && l.contains(",framework formed,")).expect("a row");
    let cells: Vec<&str> = row.split(',').collect();
    let share = |result: &str| {
        let runs = fs::read_to_string(Path::new(result).join("runs.csv")).expect("a table");
        let own: Vec<&str> = runs.lines().filter(|l| l.starts_with("realism,")).collect();
        own.iter().filter(|l| l.split(',').nth(3) == Some("1")).count() as f64 / own.len() as f64
    };
    let known = |k: usize| cells[k].parse::<f64>().expect("a number");
    assert_eq!((known(5), known(6)), (share(&plain), share(&longer)));

    let words = good(&["diff", &plain, &other, "--no-charts", "--out", place, "--force"]);
    assert!(words.contains("two samples, Welch's interval") && words.contains("run.seed"), "{words}");
    let words = good(&["diff", &plain, &plain, "--no-charts", "--out", place, "--force"]);
    assert!(words.contains("The same inputs and the same version."), "{words}");
    assert!(words.contains("no outcome differs by more than its interval"), "{words}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = TempDir::new().expect("a folder");
    let realism = run(folder.path(), "realism", &["--theory", "realism"]);
    let neutral = run(folder.path(), "neutral", &["--theory", "neutral"]);
    assert!(bad(&["diff", &realism, &neutral]).contains("share no population"));
    let nothing = folder.path().join("nothing");
    fs::create_dir(&nothing).expect("made");
    assert!(bad(&["diff", &realism, nothing.to_str().expect("UTF-8")]).contains("holds no manifest.json"));
    fs::write(nothing.join("manifest.json"), "{\"twain\": \"1\", \"files\": {}}").expect("written");
    let error = bad(&["diff", &realism, nothing.to_str().expect("UTF-8")]);
    assert!(error.contains("is not a result of `twain run`"), "{error}");
    let runs = Path::new(&neutral).join("runs.csv");
    let text = fs::read_to_string(&runs).expect("a table");
    fs::write(&runs, text.replacen(",0,", ",zero,", 1)).expect("edited");
    let error = bad(&["diff", &neutral, &realism]);
    assert!(error.contains("runs.csv:2") && error.contains("`zero` is not a whole number"), "{error}");
}
