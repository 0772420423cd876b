//! What `twain check` promises: it refuses what any verb would refuse, with the place and a way out.

use std::path::{Path, PathBuf};

use crate::common::{bad, good, starter};
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
    let fact = "[[fact]]\nid = \"F\"\nclaim = \"c\"\nblock = \"b\"\nsplit = \"holdout\"\nmeasure = \"1 > 0\"\n\n[world]";
    let path = changed(folder.path(), "[world]", fact);
    let (path, pipe) = (path.to_str().expect("a path"), pipe.to_str().expect("a path"));
    for args in [["compare", path, "--bets", pipe], ["check", path, "--design", pipe]] {
        assert!(bad(&args).contains("it is a pipe or a device"), "{args:?}");
    }
    assert!(bad(&["check", path, "--design", "/dev/zero"]).contains("it is a pipe or a device"));
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
    refused("name = \"starter\"", "name = \"a\\u0000b\"", &["a text holds the control character \\u{0}"]);
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

#[test]
fn populations_are_checked_whether_or_not_they_are_run() {
    let weights = |w: &str| format!("[population.odd]\ndefault = {{ {w} }}");
    refused_block(&weights("realism = 0.3, constructivism = 0.2"), &["weights sum to 0.5", "starter.toml:"]);
    refused_block(&weights("realizm = 1.0"), &["unknown school `realizm`", "did you mean `realism`?"]);
    refused_block("[population.odd]\nZZZ = { realism = 1.0 }", &["unknown state `ZZZ`", "starter.toml:"]);
    refused_block(
        "[population.odd]\nAAA = { realism = 1.0 }",
        &["gives BBB no school", "add a `default` line"],
    );
    refused_block(
        "[population.realism]\ndefault = { constructivism = 1.0 }",
        &["`realism` is already a population", "starter.toml:"],
    );
}

#[test]
fn whatifs_are_checked_where_they_stand() {
    let whatif = |id: &str, rest: &str| format!("[[whatif]]\nid = \"{id}\"\nlabel = \"x\"\n{rest}\n");
    let alone = |rest: &str, words: &[&str]| refused_block(&whatif("W", rest), words);
    let text =
        std::fs::read_to_string(starter(TempDir::new().expect("a folder").path(), |t| t)).expect("text");
    let line = text.lines().position(|l| l == "[world]").expect("a table") + 1;
    alone(
        "set = [\"world.shadow=7\"]",
        &["in the what-if W: `world.shadow` is 7, outside", &format!("starter.toml:{}:8", line + 3)],
    );
    alone("set = [\"garbage\"]", &["`garbage` is not a change", "path=value", "starter.toml:"]);
    alone("set = [\"world.shadwo=0.5\"]", &["unknown parameter `shadwo`", "did you mean `shadow`?"]);
    alone("drop_events = [\"nope\"]", &["no event is called `nope`", "starter.toml:"]);
    alone("scenario = \"nope.toml\"", &["cannot read", "nope.toml", "no such file"]);
    alone("", &["the what-if W changes nothing", "starter.toml:"]);
    for (change, what) in [
        ("run.seed=2", "seed"),
        ("run.start=2001", "start"),
        ("run.end=2008", "end"),
        ("run.step=year", "step"),
    ] {
        let error = format!("has another {what} of the run: its runs cannot be paired");
        alone(&format!("set = [\"{change}\"]"), &[&error, &format!("starter.toml:{}:8", line + 3)]);
    }
    alone("set = [\"run.replications=3\"]", &["cannot matter in a what-if: it is the number of runs"]);
    let one = whatif("W", "set = [\"world.shadow=0.5\"]");
    refused_block(&(one.clone() + &one), &["two what-ifs are called W", "starter.toml:"]);
}

#[test]
fn all_verbs_refuse_what_check_refuses() {
    let folder = TempDir::new().expect("a folder");
    let broken = "[[whatif]]\nid = \"W\"\nlabel = \"x\"\nset = [\"world.shadow=7\"]\n\n[world]";
    let path = changed(folder.path(), "[world]", broken);
    let path = path.to_str().expect("a path");
    let out = folder.path().join("out");
    let out = out.to_str().expect("a path");
    let said = |args: &[&str]| {
        let error = bad(args);
        error.lines().next().expect("a line").to_string()
    };
    let first = said(&["check", path]);
    for verb in ["run", "compare", "whatif", "calibrate", "sweep"] {
        assert_eq!(said(&[verb, path, "--out", out]), first, "{verb}");
    }
    assert_eq!(said(&["bet", path]), first);
    assert!(!Path::new(out).exists());
}

#[test]
fn the_record_is_about_the_run() {
    let record = |metric: &str, date: &str, value: &str| {
        format!("[[record]]\nmetric = \"{metric}\"\ndate = {date}\nvalue = {value}\n")
    };
    refused_block(
        &record("cooperation_betwen", "2001", "0.5"),
        &["unknown metric `cooperation_betwen`", "did you mean `cooperation_between`?", "starter.toml:"],
    );
    refused_block(
        &record("cooperation_between", "1999", "0.5"),
        &["1999-01 lies outside the run", "starter.toml:"],
    );
    refused_block(
        &record("cooperation_between", "2001", "1.5"),
        &["is 1.5, outside 0 to 1", "starter.toml:"],
    );
    let twice =
        record("cooperation_between", "2001", "0.5") + &record("cooperation_between", "\"2001Q1\"", "0.4");
    refused_block(&twice, &["two values at 2001Q1"]);
}

#[test]
fn a_fact_is_checked_like_any_table() {
    let fact = |rest: &str| {
        format!(
            "[[fact]]\nid = \"F\"\nclaim = \"c\"\nblock = \"b\"\nsplit = \"holdout\"\nmeasure = \"1 > 0\"\n{rest}"
        )
    };
    refused_block(&fact("period = [2005, 2003]"), &["the period of the fact F ends before it begins"]);
    refused_block(&fact("schools = { realizm = \"+\" }"), &["unknown school `realizm`", "starter.toml:"]);
    refused_block(&fact("whatif = \"nope\""), &["unknown what-if `nope`", "starter.toml:"]);
    refused_block(&fact("wieght = 2"), &["unknown key `wieght`", "did you mean `weight`?"]);
}

/// Checks the starter with a design of its own, in TOML after `[sweep]`, or a table.
fn design(name: &str, text: &str) -> Result<String, String> {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t);
    let file = folder.path().join(name);
    std::fs::write(&file, text).expect("written");
    let args = ["check", path.to_str().expect("a path"), "--design", file.to_str().expect("a path")];
    let output = crate::common::twain(&args);
    let error = String::from_utf8(output.stderr).expect("text");
    assert!(!error.contains("panicked"), "{error}");
    if output.status.success() { Ok(String::from_utf8(output.stdout).expect("text")) } else { Err(error) }
}

#[test]
fn designs_are_checked_with_their_places() {
    let factor = |path: &str, rest: &str| {
        format!("[sweep]\ndesign = \"factorial\"\n\n[[sweep.factor]]\npath = \"{path}\"\n{rest}\n")
    };
    let refused = |text: &str, words: &[&str]| {
        let error = design("d.toml", text).expect_err("refused");
        for word in words {
            assert!(error.contains(word), "expected {word:?} for {text:?} in:\n{error}");
        }
    };
    for path in ["run.replications", "name", "title", "run.theories", "fact.0.weight", "state.AAA.source"] {
        refused(&factor(path, "values = [1, 2]"), &[&format!("factor `{path}` cannot matter"), "d.toml:5:8"]);
    }
    let shadow = |rest: &str| factor("world.shadow", rest);
    refused(&shadow("low = 0.5\nhigh = 0.5"), &["low and high are both 0.5", "values = [0.5]", "d.toml:7:8"]);
    refused(&shadow("low = 0.6\nhigh = 0.5"), &["the range is inverted", "d.toml:6:7"]);
    refused(&shadow("low = 0.6\nhigh = 7"), &["outside", "d.toml:5:8"]);
    refused(&shadow("values = [0.5, 0.50]"), &["names `0.5` twice", "d.toml:6:10"]);
    refused(&shadow("lwo = 0.5"), &["unknown key `lwo`", "known here: path, label, low", "d.toml:6:1"]);
    refused("[sweep]\ndesign = \"wat\"\n", &["`sweep.design` cannot be `wat`", "d.toml:2:10"]);
    refused(
        "[sweep]\ndesign = \"table\"\nrows = [[\"0.5\"], [\"0.6\", \"1\"]]\n[[sweep.factor]]\npath = \"world.shadow\"\n",
        &["row 2 has 2 values for 1 factors", "d.toml:3:18"],
    );
    refused(
        "[sweep]\ndesign = \"lhs\"\ntheories = [\"realism\", \"nope\"]\n[[sweep.factor]]\npath = \"world.shadow\"\nlow = 0.1\nhigh = 0.5\n",
        &["unknown theory or population `nope`", "d.toml:3:24"],
    );
    assert!(
        design("d.toml", &shadow("low = 0.5\nhigh = 0.6\nsteps = 3")).expect("sound").contains("3 points")
    );
    // the scenario's own design is checked, too
    refused_block("[sweep]\ndesign = \"wat\"", &["`sweep.design` cannot be `wat`", "starter.toml:"]);
}

#[test]
fn tables_of_points_are_read_as_other_programs_write_them() {
    let sound = |name: &str, text: &str| match design(name, text) {
        Ok(said) => assert!(said.contains("design       2 points"), "{text:?}: {said}"),
        Err(error) => panic!("{name} {text:?}: {error}"),
    };
    sound("plain.csv", "world.shadow,theory.realism.k0\n0.5,1\n0.6,2\n");
    sound("SPACES.CSV", "world.shadow , theory.realism.k0\n 0.5, 1\n .6, 2.\n");
    sound("r.csv", "\"\",\"world.shadow\"\n\"1\",0.5\n\"2\",0.6\n");
    sound("r-without.csv", "world.shadow,theory.realism.k0\n1,0.5,1\n2,0.6,2\n");
    sound("pandas.csv", "Unnamed: 0,world.shadow\n0,0.5\n1,0.6\n");
    sound("own.csv", "point,world.shadow\n0,0.5\n1,0.6\n");
    sound("tabs.tsv", "world.shadow\ttheory.realism.k0\n0.5\t1\n0,6\t2\n");
    sound("excel.csv", "\u{feff}world.shadow;theory.realism.k0\r\n0,5;1\r\n0,6;2\r\n;\r\n");
    sound("sep.csv", "sep=;\nworld.shadow;theory.realism.k0\n0,5;1\n0,6;2\n");
    sound("truth.csv", "state.AAA.great_power\nTRUE\nFalse\n");
    let refused = |text: &str, words: &[&str]| {
        let error = design("d.csv", text).expect_err("refused");
        for word in words {
            assert!(error.contains(word), "expected {word:?} for {text:?} in:\n{error}");
        }
    };
    refused("world.shadow,\n0.5,1\n", &["a column has no name", "d.csv:1:14"]);
    refused(
        "world.shadow,theory.realism.k0\n0.5,1\n0.6\n",
        &["row 2 has 1 values for 2 factors", "d.csv:3:1"],
    );
    refused(
        "world.shadow,theory.realism.k0\n0.5,\n",
        &["row 1 has no value for `theory.realism.k0`", "d.csv:2:5"],
    );
    refused("world.shadow,theory.realism.k0\n0.5,much\n", &["must be a number", "d.csv:2:5"]);
    refused("world.shadwo\n0.5\n", &["unknown parameter `shadwo`", "did you mean `shadow`?", "d.csv:"]);
    refused("", &["is empty"]);
    refused("world.shadow\n", &["the design has no points"]);
}

#[test]
fn every_word_of_a_choice_means_itself() {
    use twain::scenario::spec::{Key, Kind, ORGANISATION, PROPOSAL, RUN};
    let words = |table: &[Key], name: &str| -> Vec<&'static str> {
        let key = table.iter().find(|k| k.name == name).expect("a key");
        let Kind::Choice(words) = key.kind else { panic!("{name} is no choice") };
        words.to_vec()
    };
    let folder = TempDir::new().expect("a folder");
    let load = |from: &str, to: &str| {
        twain::scenario::load(&changed(folder.path(), from, to), &[]).unwrap_or_else(|m| panic!("{to}: {m}"))
    };
    for word in words(ORGANISATION, "decision") {
        let members = "members = { AAA = 1990, BBB = 1990 }";
        let from = std::fs::read_to_string(starter(folder.path(), |t| t)).expect("text");
        let line = from.lines().find(|l| l.starts_with("decision = ")).unwrap_or(members);
        let to = if line == members {
            format!("{members}\ndecision = \"{word}\"")
        } else {
            format!("decision = \"{word}\"")
        };
        let scenario = load(line, &to);
        assert!(scenario.world.organisations.iter().any(|o| o.decision.name() == word), "decision {word}");
    }
    for word in words(RUN, "step") {
        let scenario = load("step = \"quarter\"", &format!("step = \"{word}\""));
        assert_eq!(scenario.world.calendar.step.name(), word);
    }
    for word in words(PROPOSAL, "kind") {
        let (from, to) = match word {
            "council" => ("NORTH", "CCC"),
            "admission" => ("CCC", "NORTH"),
            _ => ("NORTH", "SOUTH"),
        };
        let block = format!(
            "[[proposal]]\ndate = 2001\nlabel = \"here\"\nfrom = \"{from}\"\nto = \"{to}\"\nkind = \"{word}\"\n\n[world]"
        );
        let scenario = load("[world]", &block);
        let kind = scenario.world.proposals.iter().find(|p| p.label == "here").expect("a proposal").kind;
        assert_eq!(kind.name(), word);
    }
}
