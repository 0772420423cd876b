//! Measures of facts: what is missing stays missing and is reported, and mistakes are shown where they were typed.

use std::path::{Path, PathBuf};

use crate::common::{bad, good, starter};
use tempfile::TempDir;

/// The starter with facts `F0`, `F1`, ... of these measures.
fn with_facts(folder: &Path, measures: &[&str]) -> PathBuf {
    let facts: String = (measures.iter().enumerate())
        .map(|(k, m)| {
            format!("[[fact]]\nid = \"F{k}\"\nclaim = \"c\"\nblock = \"b\"\nsplit = \"holdout\"\nmeasure = \"{m}\"\n\n")
        })
        .collect();
    starter(folder, |text| text.replacen("[world]", &format!("{facts}[world]"), 1))
}

#[test]
fn a_measure_without_values_shows_nothing_and_is_reported() {
    let folder = TempDir::new().expect("a folder");
    let measures = [
        "1/0 > 0",
        "not (0/0 > 1)",
        "not (corr(framework, framework, 2000, 2001) > 0)",
        "0/0 > 1 or 1 > 0",
        "1 > 0",
    ];
    let path = with_facts(folder.path(), &measures);
    let out = folder.path().join("out");
    let said = good(&[
        "compare",
        path.to_str().expect("a path"),
        "-n",
        "2",
        "--theory",
        "realism",
        "--no-charts",
        "--out",
        out.to_str().expect("a path"),
    ]);
    let mut reader = csv::Reader::from_path(out.join("scores.csv")).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|h| h == name).expect("a column");
    let (theory, fact, hits, missing) = (column("theory"), column("fact"), column("hits"), column("missing"));
    let mut seen = 0;
    for row in reader.records().map(|r| r.expect("a row")).filter(|r| &r[theory] == "realism") {
        let expected = if &row[fact] == "F4" { ("2", "0") } else { ("0", "2") };
        assert_eq!((&row[hits], &row[missing]), expected, "{}", &row[fact]);
        seen += 1;
    }
    assert_eq!(seen, measures.len());
    assert!(said.contains("F0 has no answer in 2 of 2 runs under") && !said.contains("F4 has no"), "{said}");
}

#[test]
fn mistakes_in_a_measure_are_shown_where_they_were_typed() {
    let folder = TempDir::new().expect("a folder");
    let mistake = |measure: &str, words: &[&str]| {
        let error = bad(&["check", with_facts(folder.path(), &[measure]).to_str().expect("a path")]);
        for word in words {
            assert!(error.contains(word), "{word:?} for {measure}:\n{error}");
        }
    };
    let text = std::fs::read_to_string(with_facts(folder.path(), &["1 > 0"])).expect("text");
    let line = text.lines().position(|l| l.starts_with("measure")).expect("a measure") + 1;
    // the text begins in column 12, after `measure = "`
    mistake(
        "1 > 0 and at(cooperation_betwen, 2001) > 0",
        &["unknown metric `cooperation_betwen`", "did you mean", &format!("starter.toml:{line}:25")],
    );
    mistake("1 > 0 and (2 > 1", &["expected `)` at the end", &format!("starter.toml:{line}:28")]);
    mistake("1 = 0", &["`=` is not expected here", "equality is written =="]);
    mistake("mean(framework, 2001) > 0", &["`mean` has too few arguments", "mean(metric, from, to)"]);
    mistake("at(framework, 2001, 2002) > 0", &["`at` has too many arguments"]);
    mistake("at(framework, 1999) > 0", &["lies outside the run, 2000Q1 to 2009Q4"]);
    mistake("at(framework, 2001)", &["a number, not something that is true or false"]);
    mistake("not at(framework, 2001)", &["a number, not something that is true or false"]);
}

#[test]
fn deep_and_long_measures_are_refused_in_words() {
    let folder = TempDir::new().expect("a folder");
    let nested = format!("{}1{} > 0", "(".repeat(4000), ")".repeat(4000));
    let long = format!("1{} > 0", " + 1".repeat(20_000));
    for (measure, words) in [(nested, "nested too deep"), (long, "too long")] {
        let error = bad(&["check", with_facts(folder.path(), &[&measure]).to_str().expect("a path")]);
        assert!(error.contains(words), "{error}");
    }
}
