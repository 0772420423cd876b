//! Every shipped scenario is sound and runs.

use std::path::{Path, PathBuf};

use twain::model::{Record, Simulation};

#[test]
fn every_shipped_scenario_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for folder in [root.clone(), root.join("futures")] {
        for entry in std::fs::read_dir(folder).expect("the folder").flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let scenario = match twain::scenario::load(&path, &[]) {
                Ok(scenario) => scenario,
                Err(mistake) => panic!("{mistake}"),
            };
            twain::analysis::facts::facts(&scenario).unwrap_or_else(|m| panic!("{m}"));
            for what_if in twain::analysis::whatif::whatifs(&scenario).unwrap_or_else(|m| panic!("{m}")) {
                what_if.apply(&scenario).unwrap_or_else(|m| panic!("{m}"));
            }
            for theory in &scenario.theories {
                let population = scenario.population(theory).unwrap_or_else(|m| panic!("{m}"));
                let mut record = Record::new(&scenario.world);
                Simulation::new(&scenario.world, &population).run(0, &mut record);
                assert_eq!(record.values.len(), scenario.world.calendar.steps * record.metrics.len());
            }
            count += 1;
        }
    }
    assert!(count >= 17, "only {count} scenarios found");
}

/// Every future is a what-if of the baseline, so that one command compares them all; a file is paired under the same seeds
/// even where it has an issue, and so a metric, of its own.
#[test]
fn futures_are_compared_with_the_baseline() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/futures");
    let baseline = twain::scenario::load(&root.join("baseline.toml"), &[]).expect("sound");
    let named: Vec<String> = twain::analysis::whatif::whatifs(&baseline)
        .expect("what-ifs")
        .iter()
        .filter_map(|w| w.scenario.as_ref().and_then(twain::scenario::Node::text))
        .collect();
    for entry in std::fs::read_dir(&root).expect("the folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(name == "baseline.toml" || named.contains(&name), "{name} is no what-if of the baseline");
    }
    let folder = tempfile::TempDir::new().expect("a folder");
    let out = folder.path().join("futures");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_twain"))
        .arg("whatif")
        .arg(root.join("baseline.toml"))
        .args(["--only", "OS04,OS16", "-n", "2", "--theory", "realism", "--out"])
        .arg(&out)
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = std::fs::read_to_string(out.join("whatif.csv")).expect("a table");
    for id in ["OS04", "OS16"] {
        let formed = table.lines().find(|l| l.contains(id) && l.contains("framework formed"));
        assert!(formed.is_some_and(|l| l.starts_with("realism,")), "{table}");
        assert!(table.lines().any(|l| l.contains(id) && l.contains("cooperation_between")), "{table}");
    }
    assert!(!table.contains("no-kosovo"), "only what was asked for");
}

/// What an event did is measured in the year from its date, and is the difference of the two series there.
#[test]
fn a_dropped_event_is_measured_around_its_date() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_string();
    let scenario = "scenarios/nato-csto.toml";
    let common = ["-n", "2", "--theory", "constructivism", "--no-charts", "--out"];
    let run = |verb: &str, out: &str, more: &[&str]| {
        let mut args = vec![verb, scenario];
        args.extend(common);
        args.push(out);
        args.extend(more);
        crate::common::good(&args)
    };
    let paired = at("paired");
    let words = run("whatif", &paired, &["--only", "no-kosovo"]);
    assert!(words.contains("1999Q1 to 1999Q4"), "{words}");
    run("run", &at("base"), &[]);
    run("run", &at("peace"), &["--set", "event.Kosovo.size=0"]);
    let mean = |name: &str| {
        let text = std::fs::read_to_string(folder.path().join(name).join("series.csv")).expect("a table");
        let header: Vec<&str> = text.lines().next().expect("a header").split(',').collect();
        let column = header.iter().position(|h| *h == "cooperation_RUS_NATO").expect("a column");
        let values: Vec<f64> = text
            .lines()
            .map(|l| l.split(',').collect::<Vec<_>>())
            .filter(|row| row[2].starts_with("1999"))
            .map(|row| row[column].parse().expect("a number"))
            .collect();
        assert_eq!(values.len(), 8);
        values.iter().sum::<f64>() / 8.0
    };
    let table = std::fs::read_to_string(Path::new(&paired).join("windows.csv")).expect("a table");
    let row = table.lines().find(|l| l.contains(",cooperation_RUS_NATO,")).expect("a row");
    let cells: Vec<&str> = row.split(',').collect();
    assert_eq!(cells[4..7], ["1999Q1", "1999Q4", "2"]);
    for (cell, expected) in
        cells[7..10].iter().zip([mean("base"), mean("peace"), mean("peace") - mean("base")])
    {
        assert!((cell.parse::<f64>().expect("a number") - expected).abs() < 2e-6, "{row}: {expected}");
    }
    assert!(mean("peace") > mean("base"), "Kosovo costs cooperation");

    // a window can be asked for of any what-if and any metric
    let words = run(
        "whatif",
        &at("asked"),
        &["--only", "majority", "--metric", "cooperation_RUS_NATO", "--from", "1999", "--to", "2000"],
    );
    assert!(words.contains("1999Q1 to 2000Q4  cooperation RUS NATO"), "{words}");
    for (k, (dates, window)) in [
        (vec!["--from", "2005"], "2005Q1 to 2005Q4"),
        (vec!["--to", "2000Q1"], "1999Q1 to 2000Q1"),
        (vec!["--to", "1995"], "1991Q4 to 1995Q4"),
        (vec!["--from", "2011Q3"], "2011Q3 to 2011Q4"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut more = vec!["--only", "no-kosovo"];
        more.extend(dates);
        let words = run("whatif", &at(&format!("dates-{k}")), &more);
        assert!(words.contains(window), "{window}: {words}");
    }
    for (wrong, said) in [
        (["--metric", "cooperation_RUS_NATOO"], "did you mean `cooperation_RUS_NATO`"),
        (["--from", "1980"], "--from 1980 lies outside the run"),
        (["--to", "soon"], "--to soon: not a date"),
    ] {
        let out = at("wrong");
        let error = crate::common::bad(&["whatif", scenario, "-n", "2", wrong[0], wrong[1], "--out", &out]);
        assert!(error.contains(said), "{error}");
        assert!(!Path::new(&out).exists());
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(folder);
    let files = std::fs::read_dir(folder).expect("the folder").flatten().map(|e| e.path());
    let mut files: Vec<PathBuf> = files.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

/// Tournaments and evolving populations run with their verb, and write all their tables.
#[test]
fn every_shipped_contest_runs() {
    let tables = [
        ("tournaments", "tournament", ["ranking.csv", "payoffs.csv", "cooperation.csv"]),
        ("evolution", "evolve", ["trajectory.csv", "fixation.csv", "stationary.csv"]),
    ];
    let out = tempfile::TempDir::new().expect("a folder");
    let mut count = 0;
    for (folder, verb, tables) in tables {
        for file in files(folder) {
            let place = out.path().join(format!("{verb}-{count}"));
            let words = crate::common::good(&[
                verb,
                file.to_str().expect("a path"),
                "--out",
                place.to_str().expect("a path"),
            ]);
            assert!(words.lines().count() > 5, "{words}");
            for table in tables.into_iter().chain(["manifest.json", "summary.txt"]) {
                assert!(place.join(table).is_file(), "{verb} {} wrote no {table}", file.display());
            }
            count += 1;
        }
    }
    assert!(count >= 3, "only {count} contests found");
}
