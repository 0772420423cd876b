//! Several cases on trial, a second coder, a record from elsewhere, and parameters that travel from one case to another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::common::{bad, good};
use tempfile::TempDir;

const TWO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/two-blocs.toml");

/// two-blocs under another name, with facts and whatever else is added.
fn case(folder: &Path, name: &str, facts: &[(&str, &str, &str)], more: &str) -> String {
    let path = folder.join(format!("{name}.toml"));
    let mut text = format!("include = [{TWO:?}]\nname = \"{name}\"\n\n");
    for (id, signs, measure) in facts {
        let [r, i, c] = [0, 1, 2].map(|k| &signs[k..k + 1]);
        text += &format!(
            "[[fact]]\nid = \"{id}\"\nclaim = \"claim of {id}\"\nblock = \"bloc to bloc\"\nsplit = \"holdout\"\n\
             schools = {{ realism = \"{r}\", institutionalism = \"{i}\", constructivism = \"{c}\" }}\nmeasure = \"{measure}\"\n\n"
        );
    }
    std::fs::write(&path, text + more).expect("written");
    path.to_str().expect("a path").to_string()
}

const NEVER: &str = "at(framework, 2001Q1) == 2";
const ALWAYS: &str = "at(framework, 2001Q1) < 2";

/// A table as rows of named cells.
fn rows(path: PathBuf) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().expect("a header").clone();
    let named = |row: csv::StringRecord| {
        header.iter().zip(&row).map(|(k, v)| (k.to_string(), v.to_string())).collect()
    };
    reader.records().map(|r| named(r.expect("a row"))).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

#[test]
fn cases_are_tried_apart_and_together() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let one = case(f, "one", &[("A", "+-0", ALWAYS), ("B", "++0", ALWAYS)], "");
    let two = case(f, "two", &[("C", "+-0", NEVER)], "");
    let out = f.join("out");
    // what it would take in each case, from results of `twain takes`
    let takes = f.join("takes");
    let takes = takes.to_str().expect("a path");
    let head = "theory,kind,lever,from,to,share_of_range,n,formed,ci_low,ci_high,plausible\n";
    let try_it =
        ["compare", &one, &two, "-n", "20", "--takes", takes, "--out", out.to_str().expect("a path")];
    for (name, row) in [
        ("one", "realism,world,world.silence,0.02,0.25,0.23,20,0.65,0.4,0.8,a <dearer> refusal\n"),
        ("two", "realism,world,world.silence,0.02,,,4,0,0,0.5,another world\n"),
    ] {
        let error = bad(&try_it);
        assert!(error.contains(&format!("{name}/takes.csv")) && !out.exists(), "{error}");
        std::fs::create_dir_all(Path::new(takes).join(name)).expect("a folder");
        std::fs::write(Path::new(takes).join(name).join("takes.csv"), format!("{head}{row}"))
            .expect("written");
    }
    let said = good(&[
        "compare",
        &one,
        &two,
        "-n",
        "20",
        "--theory",
        "realism",
        "--takes",
        takes,
        "--no-charts",
        "--out",
        out.to_str().expect("a path"),
    ]);
    assert!(said.contains("one, two: 2 cases, one set of parameters"), "{said}");
    let table = rows(out.join("cases.csv"));
    let of = |case: &str, split: &str| {
        let found =
            table.iter().find(|r| r["case"] == case && r["split"] == split && r["theory"] == "realism");
        found.unwrap_or_else(|| panic!("{case}, {split}"))
    };
    // what always holds scores log 21/22, what never does log 1/22; a case counts the same however many facts it has
    let (best, worst) = ((21.0f64 / 22.0).ln(), (1.0f64 / 22.0).ln());
    for (case, split, score, brier, facts) in [
        ("one", "all", best, 0.0, 2.0),
        ("two", "all", worst, 1.0, 1.0),
        ("over", "all", 0.5 * (best + worst), 0.5, 2.0),
        ("over", "bloc to bloc", 0.5 * (best + worst), 0.5, 2.0),
        ("one", "separating", best, 0.0, 1.0),
    ] {
        let row = of(case, split);
        assert!((number(row, "score") - score).abs() < 1e-5, "{case}, {split}: {row:?}");
        assert!((number(row, "brier") - brier).abs() < 1e-9, "{case}, {split}: {row:?}");
        assert_eq!(number(row, "facts"), facts, "{case}, {split}");
        assert!(number(row, "skill").abs() < 1e-5, "every model shows the same: {row:?}");
    }
    assert!(of("one", "calibration")["score"].is_empty(), "no facts, no score");
    for name in ["one", "two"] {
        let own = out.join(name);
        assert!(own.join("manifest.json").is_file() && own.join("verdict.txt").is_file(), "{name}");
        assert!(!rows(own.join("scores.csv")).is_empty());
    }
    // the page: each case with its facts right and wrong, the scores of the tables, and what it would take
    let page = std::fs::read_to_string(out.join("verdict.html")).expect("a page");
    let (first, second) = page.split_once("<section id=\"two\">").expect("two cases");
    assert!(first.contains("of 2 facts it claims its runs show 2;"), "{first}");
    assert!(
        second.contains("of 1 facts it claims its runs show 0;") && second.contains("claim of C"),
        "{second}"
    );
    assert!(first.contains(">-0.05</span>") && second.contains(">-3.09</span>"), "log 21/22 and log 1/22");
    assert!(first.contains("from 0.02 to 0.25") && first.contains("a &lt;dearer&gt; refusal"), "{first}");
    assert!(second.contains("no single input would do") && second.contains("id=\"over\""), "{second}");
    let runs = rows(out.join("one/scores.csv"));
    assert!(first.contains(&format!("of {} runs", runs[0]["runs"])));
    let bins = rows(out.join("one/reliability.csv"));
    let bins: Vec<_> = bins.iter().filter(|b| b["theory"] == "realism").collect();
    assert_eq!(bins.len(), 5);
    assert_eq!((number(bins[4], "statements"), number(bins[4], "happened")), (2.0, 1.0), "sure and right");
}

#[test]
fn a_second_coder_is_held_against_the_first() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let one = case(f, "one", &[("A", "+-0", ALWAYS), ("B", "++0", ALWAYS), ("C", "0+-", NEVER)], "");
    let sheet = f.join("second.csv");
    std::fs::write(&sheet, "fact;realism;institutionalism\nA;+;0\nB;+;+\nC;0;\u{2212}\n").expect("written");
    let out = f.join("out");
    let said = good(&[
        "compare",
        &one,
        "-n",
        "2",
        "--theory",
        "realism,institutionalism",
        "--no-charts",
        "--claims",
        sheet.to_str().expect("a path"),
        "--out",
        out.to_str().expect("a path"),
    ]);
    // four of six agree; chance: 4/6 * 3/6 (+), 1/6 * 1/6 (-), 1/6 * 2/6 (0)
    let chance = (12.0 + 1.0 + 2.0) / 36.0;
    let kappa = (4.0 / 6.0 - chance) / (1.0 - chance);
    let words = format!("second agrees on 4 of 6 signs, Cohen's kappa {kappa:.2} (realism 1.00,");
    assert!(said.contains(&words), "{words}\n{said}");
    assert!(said.contains("constructivism not defined"), "it was not coded:\n{said}");
    let differ = rows(out.join("agreement.csv"));
    let differ: Vec<(&str, &str, &str)> =
        differ.iter().map(|r| (r["fact"].as_str(), r["ours"].as_str(), r["other"].as_str())).collect();
    assert_eq!(differ, [("A", "-", "0"), ("C", "+", "-")]);
    let stances = rows(out.join("stances.csv"));
    let denied = |coder: &str| {
        let row = stances
            .iter()
            .find(|r| r["coder"] == coder && r["theory"] == "institutionalism" && r["sign"] == "-");
        (number(row.expect("a row"), "facts"), number(row.expect("a row"), "shown"))
    };
    assert_eq!(denied("scenario"), (1.0, 1.0), "A, which always holds");
    assert_eq!(denied("second"), (1.0, 0.0), "C, which never does");
}

#[test]
fn a_series_from_elsewhere_stands_beside_every_population() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let series = "[[series]]\nname = \"votes\"\nmetric = \"cooperation_between\"\nsource = \"invented\"\n\
        [series.values]\n2002 = 0.1\n2003 = 0.4\n2004 = 0.2\n2005 = 0.3\n2006 = 0.1\n2007 = 0.5\n2008 = 0.2\n";
    let one = case(f, "one", &[("A", "000", ALWAYS)], series);
    let out = f.join("out");
    good(&["compare", &one, "-n", "4", "--no-charts", "--out", out.to_str().expect("a path")]);
    let table = rows(out.join("correlations.csv"));
    let mine: Vec<_> = table.iter().filter(|r| r["series"] == "votes").collect();
    assert!(mine.iter().any(|r| r["kind"] == "null") && mine.iter().any(|r| r["theory"] == "realism"));
    for row in mine.iter().filter(|r| !r["correlation"].is_empty()) {
        assert_eq!(row["changes"], "6");
        let (r, low, high) = (number(row, "correlation"), number(row, "null_low"), number(row, "null_high"));
        assert!((-1.0..=1.0).contains(&r) && low < high && number(row, "p") > 0.0, "{row:?}");
    }
    let never = mine.iter().find(|r| r["theory"] == "null-refuse").expect("a row");
    assert!(never["correlation"].is_empty(), "who never moves has no changes: {never:?}");
}

#[test]
fn mistakes_about_cases_coders_and_series_are_told() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let one = case(f, "one", &[("A", "+-0", ALWAYS)], "");
    let fails = |args: &[&str], words: &[&str]| {
        let mut all = vec!["compare"];
        all.extend_from_slice(args);
        all.extend_from_slice(&["-n", "1", "--out", "never"]);
        let said = bad(&all);
        for word in words {
            assert!(said.contains(word), "{args:?}: no `{word}` in\n{said}");
        }
    };
    fails(&[&one, &one], &["two cases are called `one`"]);
    let again = case(f, "again", &[("A", "000", NEVER)], "");
    fails(&[&one, &again], &["the fact A stands in two cases, one and again"]);
    let other = case(f, "other", &[("Z", "000", NEVER)], "");
    let only = case(f, "only", &[("Y", "000", NEVER)], "[run]\ntheories = [\"null-random\"]\n");
    fails(&[&other, &only], &["the cases share no school"]);
    let none = case(f, "none", &[], "");
    fails(&[&one, &none], &["has no [[fact]]"]);
    let claims = |text: &str, words: &[&str]| {
        let sheet = f.join("sheet.csv");
        std::fs::write(&sheet, text).expect("written");
        fails(&[&one, "--claims", sheet.to_str().expect("a path")], words);
    };
    claims("fact,realism\nZ,+\n", &["sheet.csv:2", "`Z` is a fact of no case compared"]);
    claims("fact,realizm\nA,+\n", &["unknown school `realizm`", "realism"]);
    claims("fact,realism\nA,yes\n", &["sheet.csv:2", "`yes` is not a sign"]);
    claims("fact,realism\nA,+\nA,-\n", &["sheet.csv:3", "`A` stands twice"]);
    claims("realism\n+\n", &["no column `fact`"]);
    claims("fact,realism\nA,\n", &["holds no signs"]);
    let series = |values: &str, words: &[&str]| {
        let head =
            "[[series]]\nname = \"s\"\nmetric = \"cooperation_between\"\nsource = \"x\"\n[series.values]\n";
        let path = case(f, "series", &[("S", "000", ALWAYS)], &format!("{head}{values}"));
        fails(&[&path], words);
    };
    series("2003 = 1\n2005 = 2\n", &["has a gap: 2003 is followed by 2005", "series.toml:"]);
    series("2003 = 1\n2003 = 2\n", &["series.toml:", "2003"]);
    series("2003 = 1\n\"2003Q2\" = 2\n", &["two values for a year", "series.toml:"]);
    series("soon = 1\n", &["`soon` is not a year"]);
    series("1903 = 1\n1904 = 2\n", &["has no year of the run"]);
    let lost = "[[series]]\nname = \"s\"\nmetric = \"cooperation_betwen\"\nsource = \"x\"\n[series.values]\n2003 = 1\n";
    let path = case(f, "lost", &[("S", "000", ALWAYS)], lost);
    fails(&[&path], &["unknown metric `cooperation_betwen`", "cooperation_between"]);
}

/// What is fitted on one case is scored on the other, which takes no part: its facts do not move the fit.
#[test]
fn parameters_travel_from_one_case_to_another() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let low = "mean(cooperation_between, 2001, 2003Q4) < 0.4";
    let one = case(f, "one", &[("A", "000", low)], "");
    let run = |name: &str, other: &str| {
        let out = f.join(name);
        let said = good(&[
            "calibrate",
            other,
            &one,
            "--on",
            "one",
            "-n",
            "4",
            "--budget",
            "6",
            "--theory",
            "realism",
            "--out",
            out.to_str().expect("a path"),
        ]);
        (said, out)
    };
    let two = case(f, "two", &[("B", "000", "mean(cooperation_between, 2001, 2003Q4) > 0.6")], "");
    let three = case(f, "three", &[("B", "000", low), ("D", "000", NEVER)], "");
    let (said, first) = run("first", &two);
    let (_, second) = run("second", &three);
    let read = |place: &Path| std::fs::read_to_string(place.join("path.csv")).expect("a file");
    assert_eq!(read(&first), read(&second), "the other case plays no part");
    assert!(said.contains("Fitted on one; the other cases took no part."), "{said}");
    let table = rows(first.join("transfer.csv"));
    let of = |case: &str, values: &str| {
        let row = table.iter().find(|r| r["case"] == case && r["values"] == values).expect("a row");
        assert_eq!(row["fitted_on"], if case == "one" { "1" } else { "0" });
        number(row, "score")
    };
    assert!(of("one", "fitted") >= of("one", "default"), "the fit is no worse where it was made");
    for case in ["one", "two"] {
        assert!(of(case, "default") <= 0.0 && of(case, "fitted") <= 0.0);
    }
    let said = bad(&["calibrate", &one, &two, "--on", "tow", "--out", "never"]);
    assert!(said.contains("`tow` is none of the cases given") && said.contains("two"), "{said}");
}

/// A case may begin with what an earlier one left: a council that exists when the run starts.
#[test]
fn a_case_may_begin_with_a_council() {
    let folder = TempDir::new().expect("a folder");
    let f = folder.path();
    let seated = "at(council_COAST_ELM, 2000Q1) == 1";
    let given =
        case(f, "given", &[("A", "000", seated)], "[organisation.COAST.councils_at_start]\nELM = 0.9\n");
    let bare = case(f, "bare", &[("B", "000", seated)], "");
    let out = f.join("out");
    good(&[
        "compare",
        &given,
        &bare,
        "-n",
        "3",
        "--theory",
        "realism",
        "--no-charts",
        "--out",
        out.to_str().expect("a path"),
    ]);
    let share = |case: &str| {
        let table = rows(out.join(case).join("scores.csv"));
        number(table.iter().find(|r| r["theory"] == "realism").expect("a row"), "share")
    };
    assert_eq!((share("given"), share("bare")), (1.0, 0.0));
    let nobody =
        case(f, "nobody", &[("C", "000", seated)], "[organisation.COAST.councils_at_start]\nELN = 0.9\n");
    let said = bad(&["check", &nobody]);
    assert!(said.contains("unknown state `ELN`") && said.contains("ELM"), "{said}");
}
