//! The laboratory's session: the same tables as `twain run`, one text for the whole scenario, changes, decisions, verdict.

use std::collections::BTreeMap;
use std::path::Path;

use twain::lab::session::{Changes, Session};
use twain::scenario::{from_text, load};

fn text() -> String {
    load(Path::new("scenarios/two-blocs.toml"), &[]).expect("a scenario").tree.to_toml()
}

fn open(changes: &Changes) -> Result<Session, String> {
    Session::new(&text(), &BTreeMap::new(), changes).map_err(|m| m.to_string())
}

#[test]
fn one_text_holds_the_whole_scenario() {
    for file in ["scenarios/nato-csto.toml", "scenarios/cold-war.toml", "scenarios/futures/baseline.toml"] {
        let read = load(Path::new(file), &[]).expect("a scenario");
        let text = read.tree.to_toml();
        let again = from_text(Path::new("whole.toml"), &text, &[]).expect("the resolved text");
        assert_eq!(read.hash, again.hash, "{file}");
        assert_eq!(text, again.tree.to_toml());
        assert!(!text.contains("include ="));
    }
}

#[test]
fn portions_put_together_are_the_tables_of_one_run() {
    let mut session = open(&Changes::default()).expect("a session");
    let whole = session.tables(&["realism".into()], 3).expect("tables");
    assert_eq!(session.run("realism", 1).expect("a run"), 1);
    assert_eq!(session.run("realism", 2).expect("two runs"), 3);
    let snapshot = session.snapshot("realism").expect("a snapshot");
    for table in ["runs.csv", "summary.csv", "pivotality.csv", "memberships.csv", "membership_paths.csv"] {
        assert_eq!(snapshot["tables"][table].as_str(), whole.get(table).map(String::as_str), "{table}");
    }
    assert!(whole["series.csv"].lines().count() > 10 && whole.contains_key("votes.csv"));
    assert!(session.snapshot("constructivism").is_err(), "what was not run has no tables");
}

#[test]
fn changes_change_and_mistakes_are_told_with_advice() {
    let base = open(&Changes::default()).expect("a session");
    let set = Changes { set: vec!["world.shadow = 0.9".into()], ..Changes::default() };
    let moved = open(&set).expect("a session");
    let series = |s: &Session| s.tables(&["realism".into()], 1).expect("tables")["series.csv"].clone();
    assert_ne!(series(&base), series(&moved));
    let handed = from_text(Path::new("handed.toml"), &moved.toml(), &[]).expect("the text handed out");
    assert_eq!(handed.hash, moved.scenario().hash);
    for (changes, word) in [
        (Changes { set: vec!["world.shadwo = 1".into()], ..Changes::default() }, "shadow"),
        (Changes { whatif: Some("nothing".into()), ..Changes::default() }, "what-if"),
        (Changes { drop: vec!["nothing".into()], ..Changes::default() }, "event"),
    ] {
        let said = open(&changes).err().expect("a mistake");
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_life_tells_what_a_state_decides_and_a_given_vote_is_cast() {
    let read = load(Path::new("scenarios/nato-csto.toml"), &[]).expect("the main scenario");
    let text = read.tree.to_toml();
    let open = |decisions: &str| {
        let changes = Changes { decisions: decisions.into(), ..Changes::default() };
        Session::new(&text, &BTreeMap::new(), &changes).expect("a session")
    };
    let life = open("").life("realism", 0, "USA").expect("a life");
    let moments = life["moments"].as_array().expect("moments");
    assert!(moments.iter().any(|m| m["what"] == "move"), "the leader meets the other");
    let vote = moments.iter().find(|m| m["what"] == "vote" && m["yes"] == false).expect("a refusal");
    let date = vote["date"].as_str().expect("a date");
    let given =
        format!("[[decision]]\nwho = \"USA\"\nwhat = \"vote\"\nwhen = \"{date}\"\nchoose = \"agree\"\n");
    let after = open(&given).life("realism", 0, "USA").expect("a life");
    let cast = after["moments"]
        .as_array()
        .expect("moments")
        .iter()
        .find(|m| m["what"] == "vote" && m["date"].as_str() == Some(date))
        .expect("the same vote");
    assert_eq!(cast["yes"], true);
    assert_eq!(after["met"], serde_json::json!([0]));
}

#[test]
fn the_page_holds_the_engine_and_escapes_what_it_is_given() {
    let set = twain::scenario::Change { path: "title".into(), value: "\"</script><b>x\"".into() };
    let scenario = load(Path::new("scenarios/two-blocs.toml"), &[set]).expect("a scenario");
    let page = twain::lab::page::render(&scenario).expect("a page");
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    // what the page carries, packed, before it is written as text
    assert!(twain::lab::page::ENGINE.len() < 1_000_000);
    assert!(!page.contains("</script><b>x"), "a name is never markup");
    assert!(page.contains("default-src 'none'"));
}
