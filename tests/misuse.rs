//! Mistakes get one clear error with its place, a non-zero exit, and nothing is lost or overwritten.

use crate::common::{bad, good, starter};
use tempfile::TempDir;

/// Changes the starter by one replacement, checks it, and expects each of `words` in the error.
fn mistake(from: &str, to: &str, words: &[&str]) {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |text| {
        assert!(text.contains(from), "the starter no longer holds {from:?}");
        text.replacen(from, to, 1)
    });
    let error = bad(&["check", path.to_str().expect("a path")]);
    for word in words {
        assert!(error.contains(word), "expected {word:?} for {to:?} in:\n{error}");
    }
}

#[test]
fn an_unknown_key_names_its_line_and_suggests_another() {
    mistake(
        "replications = 100",
        "replicatons = 100",
        &["unknown key `replicatons`", "starter.toml:10:1", "did you mean `replications`?"],
    );
    mistake("k0 = 1.5", "k00 = 1.5", &["unknown parameter `k00`", "did you mean `k0`?"]);
}

#[test]
fn wrong_types_and_ranges_are_named() {
    mistake("gdp = 2000", "gdp = \"much\"", &["`state.AAA.gdp` must be a number, not a text"]);
    mistake("capability = 0.10", "capability = 1.5", &["`state.AAA.capability` is 1.5, outside 0 to 1"]);
    mistake("capability = 0.10", "capability = nan", &["nan is not a finite number"]);
    mistake("replications = 100", "replications = 1000000000", &["outside 1 to 1000000"]);
    mistake("end = \"2009Q4\"", "end = \"2009Q5\"", &["is not a date", "1999Q2"]);
}

#[test]
fn more_issues_than_a_step_can_hold_are_refused() {
    let folder = TempDir::new().expect("a folder");
    let issue = |k: usize| format!("\n[issue.extra{k}]\nname = \"Extra {k}\"\nlevel = 0.5\n");
    let with =
        |count: usize| starter(folder.path(), |text| text + &(0..count).map(issue).collect::<String>());
    let own = std::fs::read_to_string(with(0)).expect("the starter").matches("\n[issue.").count();
    good(&["check", with(32 - own).to_str().expect("a path")]);
    let error = bad(&["check", with(33 - own).to_str().expect("a path")]);
    assert!(error.contains("a world has at most 32 issues, this one 33"), "{error}");
}

#[test]
fn an_empty_list_of_payoffs_is_not_the_default() {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |text| {
        text + "\n[issue.extra]\nname = \"Extra\"\nlevel = 0.5\npayoffs = []\n"
    });
    let error = bad(&["check", path.to_str().expect("a path")]);
    assert!(error.contains("issue extra has 0 payoffs, not four"), "{error}");
}

#[test]
fn unknown_names_are_suggested() {
    mistake("leader = \"AAA\"", "leader = \"AAB\"", &["unknown state `AAB`", "did you mean `AAA`?"]);
    mistake(
        "\"institutionalism\"",
        "\"institutionalizm\"",
        &["unknown theory", "did you mean `institutionalism`?"],
    );
    mistake("toward = \"NORTH\"\nsize", "toward = \"NRTH\"\nsize", &["did you mean `NORTH`?"]);
}

#[test]
fn dates_outside_the_run_are_errors() {
    mistake("date = \"2004Q2\"", "date = \"2024Q2\"", &["lies outside the run, 2000Q1 to 2009Q4"]);
    mistake("end = \"2009Q4\"", "end = \"1999Q4\"", &["the run ends before it starts"]);
}

#[test]
fn payoffs_must_make_the_named_game() {
    mistake("[5, 3, 1, 0]", "[3, 5, 1, 0]", &["do not make a prisoners-dilemma: they make stag-hunt"]);
    mistake("[5, 3, 1, 0]", "[5, 3, 1]", &["has 3 payoffs, not four"]);
}

#[test]
fn organisations_must_make_sense() {
    mistake("{ AAA = 1990, BBB = 1990 }", "{}", &["organisation NORTH has no members"]);
    mistake("{ AAA = 1990, BBB = 1990 }", "{ AAA = 1990, AAA = 1991 }", &["duplicate key"]);
    mistake(
        "{ AAA = 1990, BBB = 1990 }",
        "{ BBB = 1990 }",
        &["the leader of NORTH is not one of its members"],
    );
}

#[test]
fn weights_must_sum_to_one() {
    let add = "[population.odd.default]\nrealism = 0.5\nconstructivism = 0.4\n\n[world]";
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t.replacen("[world]", add, 1));
    let error = bad(&["check", path.to_str().expect("a path"), "--theory", "odd"]);
    assert!(error.contains("weights sum to 0.9, not to 1"), "{error}");
}

#[test]
fn broken_toml_and_missing_files_are_named() {
    mistake("[world]", "[world", &["not valid TOML", "starter.toml:"]);
    let error = bad(&["run", "scenarios/nato-cstoo.toml"]);
    assert!(error.contains("no such file") && error.contains("nato-csto.toml"), "{error}");
    mistake("title =", "include = [\"starter.toml\"]\ntitle =", &["includes itself"]);
}

#[test]
fn changes_meet_the_same_checks() {
    let scenario = "scenarios/nato-csto.toml";
    let error = bad(&["check", scenario, "--set", "theory.realism.k9=1"]);
    assert!(error.contains("unknown parameter `k9`") && error.contains("known here: k0"), "{error}");
    let error = bad(&["check", scenario, "--set", "world.shadow=lots"]);
    assert!(error.contains("must be a number"), "{error}");
    let error = bad(&["check", scenario, "--set", "world.shadow"]);
    assert!(error.contains("path=value"), "{error}");
}

#[test]
fn a_fact_with_an_unknown_metric_is_an_error_with_its_line() {
    let folder = TempDir::new().expect("a folder");
    let fact = "[[fact]]\nid = \"F1\"\nclaim = \"c\"\nblock = \"b\"\nsplit = \"holdout\"\nmeasure = \"at(cooperation_betwen, 2001) > 0\"\n\n[world]";
    let path = starter(folder.path(), |t| t.replacen("[world]", fact, 1));
    let error = bad(&["check", path.to_str().expect("a path")]);
    assert!(error.contains("unknown metric `cooperation_betwen`"), "{error}");
    assert!(
        error.contains("did you mean `cooperation_between`?") && error.contains("starter.toml:"),
        "{error}"
    );
}

#[test]
fn an_existing_result_is_not_overwritten() {
    let folder = TempDir::new().expect("a folder");
    let path = starter(folder.path(), |t| t);
    let path = path.to_str().expect("a path");
    let out = folder.path().join("out");
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("mine.txt"), "precious").expect("a file");
    let place = out.to_str().expect("a path");
    let error = bad(&["run", path, "-n", "1", "--out", place]);
    assert!(error.contains("exists; give --force"), "{error}");
    let error = bad(&["run", path, "-n", "1", "--out", place, "--force"]);
    assert!(error.contains("not a result of twain"), "{error}");
    assert_eq!(std::fs::read_to_string(out.join("mine.txt")).expect("still there"), "precious");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "nothing half written is left: {left:?}");
    let fresh = folder.path().join("fresh");
    good(&["run", path, "-n", "1", "--out", fresh.to_str().expect("a path")]);
    good(&["run", path, "-n", "1", "--out", fresh.to_str().expect("a path"), "--force"]);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_twain"))
        .args(["list", "keys"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn explanations_of_what_did_not_happen_say_so() {
    let base = ["explain", "scenarios/nato-csto.toml", "--theory", "realism", "--what", "vote", "--when"];
    let error = bad(&[&base[..], &["2009Q3", "--who", "UKS"]].concat());
    assert!(error.contains("unknown state `UKS`"), "{error}");
    let error = bad(&[&base[..], &["1992Q1", "--who", "USA"]].concat());
    assert!(error.contains("casts no vote") && error.contains("in this run it votes at"), "{error}");
    let error = bad(&[&base[..], &["2031", "--who", "USA"]].concat());
    assert!(error.contains("outside the run"), "{error}");
}

/// `twain list` in a folder without scenarios says so and does not fail.
#[test]
fn listing_nothing_is_not_an_error() {
    let folder = TempDir::new().expect("a folder");
    let list = |what: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_twain"))
            .current_dir(folder.path())
            .arg("list")
            .args(what)
            .output()
            .expect("it starts");
        assert!(output.status.success(), "{what:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(list(&[]).contains("no scenarios/ folder here"));
    assert!(list(&["issues"]).contains("name a scenario"));
    assert!(list(&["metrics"]).contains("name a scenario"));
    std::fs::create_dir(folder.path().join("scenarios")).expect("a folder");
    std::fs::write(folder.path().join("scenarios/broken.toml"), "name = ").expect("written");
    assert!(list(&["scenarios"]).contains("not sound"));
}

/// A reform moves the stock of an organisation, and of nothing else.
#[test]
fn only_organisations_can_be_reformed() {
    let folder = TempDir::new().expect("a folder");
    let two = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/two-blocs.toml");
    let check = |toward: &str| {
        let path = folder.path().join("reform.toml");
        let text = format!(
            "include = [{two:?}]\nname = \"reform\"\n[[event]]\ndate = \"2003Q1\"\nlabel = \"reform\"\nkind = \"reform\"\ntoward = \"{toward}\"\n"
        );
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("a path").to_string()
    };
    let said = bad(&["check", &check("ELM")]);
    assert!(said.contains("only an organisation can be reformed") && said.contains("reform.toml"), "{said}");
    let sound = check("PLAIN");
    let out = folder.path().join("out");
    good(&["run", &sound, "-n", "2", "--theory", "realism", "--out", out.to_str().expect("a path")]);
    let summary = std::fs::read_to_string(out.join("summary.csv")).expect("a table");
    let stock = |date: &str| -> f64 {
        let line =
            summary.lines().find(|l| l.contains(date) && l.contains(",institution_PLAIN,")).expect("a row");
        line.split(',').nth(5).expect("a mean").parse().expect("a number")
    };
    assert!(stock("2003Q1") > stock("2002Q4") + 0.25, "half of the way to 1");
}

/// The keys of bodies: mandate, spells, ends, places outside the command, admission.
#[test]
fn keys_of_bodies_are_held_to_their_meaning() {
    let stock = "institution = 0.6 ";
    let add = |line: &str| format!("{line}\n{stock}");
    let body = |line: &str, words: &[&str]| mistake(stock, &add(line), words);
    body(
        "mandate = [\"smugling\"]",
        &["unknown issue `smugling`", "did you mean `smuggling`?", "starter.toml:"],
    );
    body("mandate = [\"smuggling\", \"smuggling\"]", &["smuggling", "twice"]);
    body("mandate = \"smuggling\"", &["`organisation.NORTH.mandate` must be a list, not a text"]);
    body("ends = \"the end\"", &["is not a date", "starter.toml:"]);
    body("outside_command = { EEE = 2003 }", &["unknown state `EEE`", "starter.toml:"]);
    body(
        "outside_command = [\"BBB\"]",
        &["`organisation.NORTH.outside_command` must be a table, not a list"],
    );
    body("admission = \"consnt\"", &["did you mean `consent`?"]);
    body(
        "admission = \"consent\"\naccession = -1",
        &["`organisation.NORTH.accession` is -1, outside 0 to 80"],
    );
    let members = |value: &str, words: &[&str]| {
        mistake("{ AAA = 1990, BBB = 1990 }", &format!("{{ AAA = 1990, BBB = {value} }}"), words)
    };
    members("[[\"2003\", \"2001\"]]", &["a spell of BBB in NORTH is not a from and an until", "1952-02-18"]);
    members("[[\"2001\", \"2004\"], [\"2003\"]]", &["the spells of BBB in NORTH overlap or run backwards"]);
    members("[[\"2001\", \"2002\", \"2003\"]]", &["must be a spell [from] or [from, until]"]);
    members("[[\"soon\"]]", &["is not a date"]);
}

/// A state's first and last dates.
#[test]
fn a_state_cannot_end_before_it_begins() {
    mistake("gdp = 300", "gdp = 300\nfrom = \"someday\"", &["is not a date", "1999Q2"]);
    mistake(
        "gdp = 300",
        "gdp = 300\nfrom = 2006\nuntil = 2003",
        &["state BBB ends before it begins: from 2006", "starter.toml:"],
    );
    mistake("gdp = 300", "gdp = 300\nuntl = 2005", &["unknown key `untl`", "did you mean `until`?"]);
}

/// The issue and the norm of an act.
#[test]
fn an_act_is_on_an_issue_and_touches_a_norm() {
    let act = |line: &str, words: &[&str]| mistake("size = -0.5 ", &format!("{line}\nsize = -0.5 "), words);
    act("on = \"smugling\"", &["unknown issue `smugling`", "did you mean `smuggling`?"]);
    act("norm = \"non-interference\"", &["did you mean `non_interference`?"]);
    mistake(
        "kind = \"act\"",
        "kind = \"thaw\"\non = \"smuggling\"",
        &["only an act has the key `on`, not a thaw"],
    );
    mistake(
        "kind = \"act\"",
        "kind = \"thaw\"\nnorm = \"democracy\"",
        &["only an act has the key `norm`, not a thaw"],
    );
}

/// Decisions given from outside.
#[test]
fn a_given_decision_must_be_one_that_can_be_taken() {
    let block =
        |lines: &str, words: &[&str]| mistake("[world]", &format!("[[decision]]\n{lines}\n[world]"), words);
    block("who = \"AAA\"\nwhat = \"vote\"\nchoose = \"agree\"", &["lacks the key `when`", "starter.toml:"]);
    block(
        "who = \"AAB\"\nwhat = \"vote\"\nwhen = 2004\nchoose = \"agree\"",
        &["unknown state `AAB`", "did you mean `AAA`?"],
    );
    block("who = \"AAA\"\nwhat = \"vot\"\nwhen = 2004\nchoose = \"agree\"", &["did you mean `vote`?"]);
    block(
        "who = \"AAA\"\nwhat = \"vote\"\nwhen = 2004\nchoose = \"leave\"",
        &["`leave` does not answer this decision", "agree"],
    );
    block(
        "who = \"AAA\"\nwhat = \"vote\"\nwhen = 2031\nchoose = \"agree\"",
        &["lies outside the run, 2000Q1 to 2009Q4"],
    );
    block(
        "who = \"BBB\"\nwhat = \"membership\"\nwhen = 2004\nchoose = \"leave\"",
        &["a decision on a membership needs the key `on`"],
    );
    block(
        "who = \"BBB\"\nwhat = \"membership\"\nwhen = 2004\nchoose = \"leave\"\non = \"CCC\"",
        &["membership is of an organisation"],
    );
    block(
        "who = \"BBB\"\nwhat = \"move\"\nwhen = 2004\nchoose = \"defect\"\non = \"smuggling\"",
        &["a decision on a move needs the key `toward`"],
    );
    block(
        "who = \"BBB\"\nwhat = \"move\"\nwhen = 2004\nchoose = \"defect\"\ntoward = \"CCC\"\non = \"smugling\"",
        &["unknown issue `smugling`"],
    );
}
