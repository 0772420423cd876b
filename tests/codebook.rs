//! The codebook beside every result says what is in it: every column, types that hold, keys that are unique, blanks.

use std::collections::BTreeSet;
use std::path::Path;

#[cfg(not(feature = "parquet"))]
use crate::common::bad;
use crate::common::good;
use serde_json::Value;
use tempfile::TempDir;

/// Holds the codebook of a result to its tables.
fn check(folder: &Path) -> usize {
    let shown = folder.display();
    let text =
        std::fs::read_to_string(folder.join("datapackage.json")).unwrap_or_else(|e| panic!("{shown}: {e}"));
    let package: Value = serde_json::from_str(&text).expect("JSON");
    assert!(package["description"].as_str().is_some_and(|d| d.contains("blank cell has no value")));
    let mut told = BTreeSet::new();
    for resource in package["resources"].as_array().expect("resources") {
        let name = resource["path"].as_str().expect("a path");
        told.insert(name.to_string());
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let mut reader = csv::Reader::from_path(folder.join(name)).expect("a table");
        let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_string).collect();
        let names: Vec<&str> = fields.iter().filter_map(|f| f["name"].as_str()).collect();
        assert_eq!(names, header, "{shown}/{name}");
        assert!(
            fields.iter().all(|f| f["description"].as_str().is_some_and(|d| d.len() > 2)),
            "{shown}/{name}"
        );
        let key: Vec<usize> = resource["schema"]["primaryKey"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|k| names.iter().position(|n| Some(*n) == k.as_str()).expect("a key is a column"))
            .collect();
        let mut keys = BTreeSet::new();
        for row in reader.records() {
            let row = row.expect("a row");
            for (field, cell) in fields.iter().zip(&row).filter(|(_, cell)| !cell.is_empty()) {
                let fits = match field["type"].as_str() {
                    Some("integer") => cell.parse::<i64>().is_ok() || cell.parse::<u64>().is_ok(),
                    Some("number") => cell.parse::<f64>().is_ok(),
                    Some("string" | "any") => true,
                    other => panic!("{shown}/{name}: {other:?}"),
                };
                assert!(fits, "{shown}/{name}: `{cell}` in {field}");
            }
            if !key.is_empty() {
                let own: Vec<String> = key.iter().map(|&k| row[k].to_string()).collect();
                assert!(keys.insert(own), "{shown}/{name}: two rows of one key: {row:?}");
            }
        }
    }
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|n| n.ends_with(".csv"))
        .collect();
    assert_eq!(told, there, "{shown}");
    told.len()
}

#[test]
fn every_verb_leaves_a_codebook_that_is_true() {
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_string();
    let main = "scenarios/nato-csto.toml";
    let two = "scenarios/two-blocs.toml";
    let sweep = "scenarios/sweeps/what-matters.toml";
    for (name, args) in [
        ("run", vec!["run", main, "-n", "2", "--dyads"]),
        ("longer", vec!["run", main, "-n", "2", "--set", "world.shadow=0.75"]),
        ("compare", vec!["compare", main, "-n", "2"]),
        ("cases", vec!["compare", main, "scenarios/cold-war.toml", "-n", "2", "--theory", "realism"]),
        ("whatif", vec!["whatif", main, "-n", "2", "--only", "no-kosovo"]),
        ("takes", vec!["takes", two, "-n", "1"]),
        ("contract", vec!["contract", "--only", "R01", "-n", "2"]),
        ("calibrate", vec!["calibrate", main, "-n", "2", "--theory", "realism", "--budget", "3"]),
        ("sweep", vec!["sweep", two, "--design", sweep, "-n", "2"]),
        ("tournament", vec!["tournament", "scenarios/tournaments/schools-at-the-table.toml"]),
        ("evolve", vec!["evolve", "scenarios/evolution/which-school-spreads.toml"]),
        ("match", vec!["match", "tit-for-tat", "joss"]),
    ] {
        let out = at(name);
        let mut all = args;
        all.extend(["--out", &out]);
        if !["takes", "calibrate", "contract"].contains(&name) {
            all.push("--no-charts");
        }
        good(&all);
        if name == "cases" {
            check(&folder.path().join("cases/cold-war"));
        }
        assert!(check(Path::new(&out)) > 0, "{name}");
    }
    good(&["diff", &at("run"), &at("longer"), "--no-charts", "--out", &at("diff")]);
    check(Path::new(&at("diff")));
    good(&["sensitivity", &at("sweep"), "--outcome", "cooperation_between", "--out", &at("indices")]);
    check(Path::new(&at("indices")));
    // every proposal is a row; those of a framework are counted with the runs
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a table");
    let sum = |text: &str, column: usize| -> u64 {
        text.lines()
            .skip(1)
            .map(|l| l.split(',').nth(column).expect("a cell").parse::<u64>().expect("a count"))
            .sum()
    };
    let (runs, proposals) = (read("run/runs.csv"), read("run/proposals.csv"));
    let framework =
        proposals.lines().filter(|l| l.split(',').nth(4).is_some_and(|c| c.starts_with("framework")));
    assert_eq!(framework.count() as u64, sum(&runs, 5));
    assert!(proposals.contains(",council,NATO,RUS,1,"), "{proposals}");
    // a metric is told with its unit and range, and the codebook is the result's own file
    let text = std::fs::read_to_string(folder.path().join("run/datapackage.json")).expect("a codebook");
    assert!(text.contains("\"cooperation_RUS_NATO\"") && text.contains("; 0 to 1)"), "metrics are described");
    let manifest = std::fs::read_to_string(folder.path().join("run/manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"datapackage.json\""), "listed as the result's own");
}

#[test]
#[cfg(not(feature = "parquet"))]
fn a_build_without_parquet_says_how_to_get_it() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let shown = out.to_str().expect("UTF-8");
    let said = bad(&["run", "scenarios/two-blocs.toml", "-n", "1", "--format", "parquet", "--out", shown]);
    assert!(said.contains("--features parquet"), "{said}");
    assert!(!out.exists(), "nothing was run");
}

/// Every table as Parquet holds what its CSV holds, typed as the codebook says.
#[test]
#[cfg(feature = "parquet")]
fn tables_as_parquet_are_those_of_the_csv() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let shown = out.to_str().expect("UTF-8");
    let scenario = "scenarios/two-blocs.toml";
    good(&["run", scenario, "-n", "2", "--no-charts", "--format", "parquet", "--out", shown]);
    let mut all = 0;
    for entry in std::fs::read_dir(&out).expect("a folder").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "csv") {
            continue;
        }
        let mut table = csv::Reader::from_path(&path).expect("a table");
        let header = table.headers().expect("a header").clone();
        let file = std::fs::File::open(path.with_extension("parquet")).expect("a Parquet file beside it");
        let reader = SerializedFileReader::new(file).expect("Parquet");
        let mut rows = reader.get_row_iter(None).expect("rows");
        for line in table.records() {
            let (line, row) = (line.expect("a row"), rows.next().expect("as many rows").expect("readable"));
            for ((name, cell), (column, field)) in header.iter().zip(&line).zip(row.get_column_iter()) {
                assert_eq!(name, column);
                let same = match field {
                    Field::Null => cell.is_empty(),
                    Field::Str(text) => cell == text,
                    Field::Long(whole) => cell == whole.to_string(),
                    Field::Double(number) => cell.parse() == Ok(*number),
                    other => panic!("{other:?} in {name}"),
                };
                assert!(same, "{}: {name}: `{cell}`, {field:?}", path.display());
            }
            all += 1;
        }
        assert!(rows.next().is_none(), "{}", path.display());
    }
    assert!(all > 1000, "{all} rows");
}
