//! The laboratory's session: the same tables as `twain run`, one text for the whole scenario, changes and verdict.

use std::collections::BTreeMap;
use std::path::Path;

use twain::lab::session::{Changes, Session};
use twain::scenario::{from_text, load};

fn scenario() -> twain::scenario::Scenario {
    load(Path::new("scenarios/nato-csto.toml"), &[]).expect("the main scenario")
}

#[test]
fn one_text_holds_the_whole_scenario() {
    let read = scenario();
    let text = read.tree.to_toml();
    let again = from_text(Path::new("whole.toml"), &text, &[]).expect("the resolved text");
    assert_eq!(read.hash, again.hash);
    assert_eq!(text, again.tree.to_toml());
    assert!(!text.contains("include ="));
    std::fs::write("/tmp/resolved.toml", &text).unwrap();
}
