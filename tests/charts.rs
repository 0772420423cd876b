//! Charts and pages: made from the tables alone, escaped, and honest about what is wrong with a result.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{bad, good, starter, twain};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// A small result with charts, of the starter scenario changed by `edit`.
fn result(folder: &Path, replications: &str, edit: impl Fn(String) -> String) -> PathBuf {
    let scenario = starter(folder, edit);
    let out = folder.join("result");
    good(&["run", text(&scenario), "-n", replications, "--out", text(&out)]);
    out
}

#[test]
fn a_run_leaves_charts_and_a_page_and_they_can_be_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = result(folder.path(), "4", |s| s);
    for name in ["ride", "network"] {
        let svg = fs::read_to_string(out.join(format!("charts/{name}.svg"))).expect("an SVG");
        assert!(svg.contains("<title") && svg.contains("<desc"), "{name} has a text alternative");
        assert!(!svg.contains("<text"), "{name} needs no font");
        assert!(svg.contains("4 replications"), "{name} says how often");
        let png = fs::read(out.join(format!("charts/{name}.png"))).expect("a PNG");
        // width and height stand at bytes 16 to 24 of a PNG
        assert_eq!(&png[16..24], &[0, 0, 7, 128, 0, 0, 4, 56], "1920 x 1080");
    }
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.len() < 2_000_000);
    // made again from the tables: the same bytes
    let again = folder.path().join("again");
    good(&["chart", text(&out), "--out", text(&again), "--size", "slide"]);
    for entry in fs::read_dir(out.join("charts")).expect("charts") {
        let name = entry.expect("an entry").file_name();
        let read = |f: &Path| fs::read(f.join(&name)).expect("a picture");
        assert_eq!(read(&out.join("charts")), read(&again), "{name:?}");
    }
    let copy = folder.path().join("copy.html");
    good(&["report", text(&out), "--out", text(&copy)]);
    assert_eq!(fs::read_to_string(&copy).expect("a page"), page);
    // sizes, themes, one chart only
    let small = folder.path().join("small");
    good(&[
        "chart",
        text(&out),
        "--out",
        text(&small),
        "--size",
        "1200x800",
        "--theme",
        "dark",
        "--only",
        "ride",
    ]);
    assert_eq!(fs::read_dir(&small).expect("pictures").count(), 2);
    let png = fs::read(small.join("ride.png")).expect("a PNG");
    assert_eq!(&png[16..24], &[0, 0, 4, 176, 0, 0, 3, 32]);
}

#[test]
fn words_from_a_file_are_never_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let evil = "<script>alert('x')</script></script><img src=x onerror=alert(1)>";
    let out = result(folder.path(), "2", |s| {
        let title = s.lines().find(|l| l.starts_with("title")).expect("a title").to_string();
        let s = s.replace(&title, &format!("title = \"{evil}\""));
        // every name but the scenario's own, which must be the name of a folder, and every label
        let (head, rest) = s.split_once("\n[").expect("tables");
        let rest = rest.replace("name = \"", &format!("name = \"{evil}"));
        format!("{head}\n[{}", rest.replace("label = \"", &format!("label = \"{evil}")))
    });
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("&lt;script&gt;alert"), "the title is shown as text");
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "and never as markup");
    // every closing tag is one of the page's own five
    assert_eq!(page.matches("</script>").count(), 5);
    for entry in fs::read_dir(out.join("charts")).expect("charts") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "svg") {
            let svg = fs::read_to_string(&path).expect("an SVG");
            assert!(!svg.contains("<script") && !svg.contains("<img"), "{path:?}");
        }
    }
}

#[test]
fn another_language_is_spoken_by_charts_and_pages_and_by_no_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = starter(folder.path(), |s| s);
    let (file, english, french) =
        (file.to_string_lossy().into_owned(), folder.path().join("english"), folder.path().join("french"));
    let run = |out: &Path, more: &[&str]| {
        good(&[&["run", &file, "-n", "2", "--out", &out.to_string_lossy()], more].concat());
    };
    run(&english, &[]);
    run(&french, &["--lang", "fr"]);
    for entry in fs::read_dir(&english).expect("a result") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if name.ends_with(".csv") || name == "summary.txt" {
            assert_eq!(
                fs::read(english.join(&name)).expect("a table"),
                fs::read(french.join(&name)).expect("a table"),
                "{name}"
            );
        }
    }
    let page = fs::read_to_string(french.join("report.html")).expect("a page");
    for words in
        ["<html lang=\"fr\">", "Ce que montrent les simulations", "institutionnalisme", ">La coopération</a>"]
    {
        assert!(page.contains(words), "the page lacks {words}");
    }
    let svg = fs::read_to_string(french.join("charts/ride.svg")).expect("an SVG");
    assert!(svg.contains("Peu de réplications") && !svg.contains("Few replications"));
    let refused = bad(&["run", &file, "--lang", "tlh"]);
    assert!(
        refused.contains("there are no texts in `tlh`; there are en (English) and fr (français)"),
        "{refused}"
    );
}

#[test]
fn one_replication_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = result(folder.path(), "1", |s| s);
    let svg = fs::read_to_string(out.join("charts/ride.svg")).expect("an SVG");
    assert!(svg.contains("One replication only"));
}

#[test]
fn what_is_wrong_with_a_result_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("nowhere");
    assert!(bad(&["chart", text(&missing)]).contains("is not a folder"));
    let out = result(folder.path(), "2", |s| s);
    // pictures that are there are not replaced
    assert!(bad(&["chart", text(&out)]).contains("--force"));
    assert!(bad(&["report", text(&out)]).contains("--force"));
    assert!(bad(&["chart", text(&out), "--only", "rides", "--force"]).contains("there is no chart `rides`"));
    assert!(
        bad(&["chart", text(&out), "--only", "scorecard", "--force"])
            .contains("no tables for the chart scorecard")
    );
    assert!(bad(&["chart", text(&out), "--size", "10x10"]).contains("600 to 8000"));
    // edited by hand
    let table = out.join("summary.csv");
    let original = fs::read_to_string(&table).expect("a table");
    fs::write(&table, original.replacen("realism", "realism ", 1).replacen("realism ", "realism", 1) + "\n")
        .expect("written");
    let output = twain(&["chart", text(&out), "--force", "--size", "slide"]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("summary.csv was edited after the run"));
    let svg = fs::read_to_string(out.join("charts/ride.svg")).expect("an SVG");
    assert!(svg.contains("summary.csv was edited after the run"), "the chart says so too");
    // a cell that is no number
    let row = original.lines().nth(1).expect("a row");
    let broken: Vec<&str> = row.split(',').collect();
    let mut cells: Vec<String> = broken.iter().map(|c| (*c).to_string()).collect();
    cells[5] = "many".into();
    fs::write(&table, original.replacen(row, &cells.join(","), 1)).expect("written");
    let said = bad(&["chart", text(&out), "--force"]);
    assert!(said.contains("summary.csv") && said.contains("line: 2"), "{said}");
    // half written
    fs::remove_file(&table).expect("removed");
    assert!(
        bad(&["chart", text(&out), "--force"]).contains("summary.csv, named in its manifest, is missing")
    );
    // another version
    fs::write(&table, &original).expect("written");
    let manifest = out.join("manifest.json");
    let words = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, words.replacen("\"twain\": \"", "\"twain\": \"9.", 1)).expect("written");
    let output = twain(&["chart", text(&out), "--force", "--size", "slide"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("made by twain 9."));
    // no manifest
    fs::remove_file(&manifest).expect("removed");
    assert!(bad(&["report", text(&out), "--force"]).contains("no manifest.json"));
}

#[test]
fn a_report_is_about_one_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = result(folder.path(), "2", |s| s);
    let two = folder.path().join("two");
    good(&["run", "scenarios/anarchy.toml", "-n", "2", "--out", text(&two)]);
    assert!(bad(&["report", text(&one), text(&two), "--force"]).contains("different scenarios"));
}

/// A yearly series that lies on a metric's scale is drawn beside it and named; one on another scale is not.
#[test]
fn a_series_from_elsewhere_is_drawn_where_it_fits() {
    let folder = tempfile::tempdir().expect("a folder");
    let series = |name: &str, high: f64| {
        format!(
            "\n[[series]]\nname = \"{name}\"\nmetric = \"cooperation_between\"\nsource = \"a test\"\n[series.values]\n2001 = 0.4\n2002 = {high}\n"
        )
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plain = fs::read_to_string(root.join("scenarios/two-blocs.toml")).expect("a scenario");
    let file = folder.path().join("series.toml");
    fs::write(&file, plain + &series("votes alike", 0.6) + &series("trade", 7.5)).expect("written");
    let out = folder.path().join("result");
    good(&["run", text(&file), "-n", "2", "--out", text(&out)]);
    let svg = fs::read_to_string(out.join("charts/ride.svg")).expect("an SVG");
    assert!(svg.contains("from elsewhere: votes alike;") && !svg.contains("trade"), "drawn where it fits");
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("[2001.5,0.4]"), "a year's value stands in its middle");
}
