//! What `twain check` promises: it refuses what any verb would refuse, with the place and a way out.

mod common;

use std::path::{Path, PathBuf};

use common::{bad, good, starter};
use tempfile::TempDir;

/// The starter with one replacement.
fn changed(folder: &Path, from: &str, to: &str) -> PathBuf {
    starter(folder, |text| {
        assert!(text.contains(from), "the starter no longer holds {from:?}");
        text.replacen(from, to, 1)
    })
}

/// Checks the starter with one replacement and expects each of `words` in the error.
fn refused(from: &str, to: &str, words: &[&str]) {
    let folder = TempDir::new().expect("a folder");
    let error = bad(&["check", changed(folder.path(), from, to).to_str().expect("a path")]);
    for word in words {
        assert!(error.contains(word), "expected {word:?} for {to:?} in:\n{error}");
    }
}

/// Adds a block before `[world]`.
fn refused_block(block: &str, words: &[&str]) {
    refused("[world]", &format!("{block}\n\n[world]"), words);
}

#[test]
fn seeds_are_whole_numbers_to_the_last_digit() {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t);
    let said = good(&["check", path.to_str().expect("a path"), "--seed", "9007199254740993"]);
    assert!(said.contains("seed 9007199254740993"), "{said}");
    refused(
        "seed = 1 ",
        "seed = 99999999999999999999",
        &["out of range", "whole numbers go from", "starter.toml:"],
    );
    refused("seed = 1 ", "seed = 1.0", &["`run.seed` must be a whole number"]);
}

#[test]
fn a_set_names_each_thing_once() {
    refused(
        "[\"realism\", \"institutionalism\", \"constructivism\"]",
        "[\"realism\", \"realism\"]",
        &["`run.theories` names `realism` twice", "starter.toml:12:24"],
    );
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t);
    let error = bad(&["run", path.to_str().expect("a path"), "--theory", "realism,realism"]);
    assert!(error.contains("names `realism` twice"), "{error}");
    refused(
        "members = { AAA = 1990, BBB = 1990 }",
        "members = { AAA = 1990, BBB = 1990 }\nrenewals = [\"1999Q2\", \"1999-04\"]",
        &["names `1999-04` twice"],
    );
}

#[test]
fn one_date_has_one_value() {
    refused("gdp = 2000", "gdp = { 2005 = 2000, \"2005Q1\" = 1000 }", &["two values at 2005-01", "`2005Q1`"]);
    refused("gdp = 2000", "gdp = { 2005-03-01 = 2000, 2005-03-02 = 1000 }", &["two values at 2005-03"]);
}

#[test]
fn dates_are_digits_and_in_order() {
    refused("start = \"2000Q1\"", "start = \"1999Q+1\"", &["`run.start` is not a date"]);
    refused("start = \"2000Q1\"", "start = \"1999-+4\"", &["`run.start` is not a date"]);
    let issue = |dates: &str| format!("[issue.extra]\nname = \"x\"\n{dates}");
    refused_block(
        &issue("from = 2005\nuntil = 2003"),
        &["issue extra ends before it begins", "starter.toml:"],
    );
    refused_block(&issue("until = 1990"), &["never active in the run, 2000Q1 to 2009Q4"]);
    refused_block(&issue("from = 2010"), &["never active in the run"]);
    refused(
        "members = { AAA = 1990, BBB = 1990 }",
        "members = { AAA = 2010, BBB = 2011 }",
        &["every member of NORTH enters after the end of the run, 2009Q4"],
    );
}

#[test]
fn depth_and_size_have_limits() {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t);
    let path = path.to_str().expect("a path");
    let dots = format!("{}=1", vec!["a"; 20_000].join("."));
    assert!(bad(&["check", path, "--set", &dots]).contains("the path has 20000 parts"));
    assert!(bad(&["check", path, "--set", "world..shadow=1"]).contains("has an empty part"));
    let lists = format!("world.shadow={}{}", "[".repeat(60), "]".repeat(60));
    assert!(bad(&["check", path, "--set", &lists]).contains("nested too deep"));
    let deep = format!("world.shadow={}{}", "[".repeat(50_000), "]".repeat(50_000));
    assert!(!bad(&["check", path, "--set", &deep]).contains("overflow"));
    refused("[world]", &format!("[{}]\n[world]", vec!["a"; 5000].join(".")), &["starter.toml:"]);
}

#[test]
fn includes_end() {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    for k in 0..40 {
        let (a, b) = (format!("a{}.toml", k + 1), format!("b{}.toml", k + 1));
        for name in ["a", "b"] {
            write(&format!("{name}{k}.toml"), &format!("include = [\"{a}\", \"{b}\"]\n"));
        }
    }
    write("a40.toml", "");
    write("b40.toml", "");
    let error = bad(&["check", folder.path().join("a0.toml").to_str().expect("a path")]);
    assert!(error.contains("at most 256 files and 16 MB"), "{error}");
    refused("title =", "include = [\"x.toml\", \"x.toml\"]\ntitle =", &["x.toml"]);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_files() {
    use std::process::Command;
    refused(
        "title =",
        "include = [\"/dev/zero\"]\ntitle =",
        &["it is a pipe or a device", "starter.toml:3:12"],
    );
    let folder = TempDir::new().expect("a folder");
    let pipe = folder.path().join("pipe.toml");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let error = bad(&["check", pipe.to_str().expect("a path")]);
    assert!(error.contains("it is a pipe or a device"), "{error}");
    // what a shell hands over is read, and read once
    let script = format!("'{}' check <(cat scenarios/two-blocs.toml)", env!("CARGO_BIN_EXE_twain"));
    let output = Command::new("bash")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["-c", &script])
        .output()
        .expect("bash starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("is sound"));
}

#[test]
fn names_make_folders() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("a\"b.toml");
    good(&["new", file.to_str().expect("a path")]);
    assert!(good(&["check", file.to_str().expect("a path")]).contains("is sound"));
    let words = &["usable as the name of a folder", "starter.toml:2:8"];
    refused("name = \"starter\"", &format!("name = \"{}\"", "n".repeat(300)), words);
    refused("name = \"starter\"", "name = \"a\\u0000b\"", words);
    let long = folder.path().join(format!("{}.toml", "n".repeat(150)));
    assert!(bad(&["new", long.to_str().expect("a path")]).contains("cannot be the name of a scenario"));
}

#[test]
fn messages_lead_the_right_way() {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t);
    let path = path.to_str().expect("a path");
    let error = bad(&["check", path, "--seed", "-1"]);
    assert!(
        error.contains("a whole number from 0 to 9223372036854775807") && !error.contains("-- -1"),
        "{error}"
    );
    let error = bad(&["check", path, "--set", "world.shadow=inf"]);
    assert!(error.contains("inf is not a finite number"), "{error}");
    let error = bad(&["check", path, "--set", "world.shadow=1e308"]);
    assert!(error.contains("`world.shadow` is 1e308, outside 0"), "{error}");
    good(&["check", path, "--set", "world.shadow=.5"]);
    good(&["check", path, "--set", "world.shadow=0."]);
    let main = "scenarios/nato-csto.toml";
    for (cow, iso) in [("UKG", "GBR"), ("GFR", "DEU")] {
        let error = bad(&["check", main, "--set", &format!("organisation.NATO.leader={cow}")]);
        assert!(error.contains("Correlates of War") && error.contains(&format!("`{iso}`")), "{error}");
    }
}
