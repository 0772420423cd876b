//! What CONTRIBUTING.md promises about adding a school: a patch that adds one applies to the code as it is, in a temporary
//! copy, and touches three files at most. `.ci/run` compiles a copy with it.

use std::path::{Path, PathBuf};

/// One file of a unified diff: its path, and its hunks as (lines before, lines after).
struct Change {
    path: String,
    fresh: bool,
    hunks: Vec<(Vec<String>, Vec<String>)>,
}

fn parse(patch: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut fresh = false;
    for line in patch.lines() {
        if let Some(old) = line.strip_prefix("--- ") {
            fresh = old == "/dev/null";
        } else if let Some(path) = line.strip_prefix("+++ b/") {
            changes.push(Change { path: path.to_string(), fresh, hunks: Vec::new() });
        } else if let Some(change) = changes.last_mut() {
            match (line.chars().next(), change.hunks.last_mut()) {
                (Some('@'), _) => change.hunks.push((Vec::new(), Vec::new())),
                (Some('+'), Some(hunk)) => hunk.1.push(line[1..].to_string()),
                (Some('-'), Some(hunk)) => hunk.0.push(line[1..].to_string()),
                (Some(' '), Some(hunk)) => {
                    hunk.0.push(line[1..].to_string());
                    hunk.1.push(line[1..].to_string());
                }
                _ => fresh = false,
            }
        }
    }
    changes
}

/// The text after the hunks, each of whose old lines must stand in it exactly once.
fn apply(text: &str, change: &Change) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for (before, after) in &change.hunks {
        let places: Vec<usize> =
            lines.windows(before.len()).enumerate().filter(|(_, w)| w == before).map(|(k, _)| k).collect();
        assert_eq!(places.len(), 1, "{}: a hunk fits {} places", change.path, places.len());
        lines.splice(places[0]..places[0] + before.len(), after.iter().cloned());
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_school_is_a_file_and_a_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let patch = std::fs::read_to_string(root.join("tests/data/dummy-school.patch")).expect("the patch");
    let changes = parse(&patch);
    // with the reference page, which is made from the code
    assert!(!changes.is_empty() && changes.len() < 3, "{} files", changes.len());
    let copy = tempfile::TempDir::new().expect("a folder");
    let mut written: Vec<PathBuf> = Vec::new();
    for change in &changes {
        let (from, to) = (root.join(&change.path), copy.path().join(&change.path));
        std::fs::create_dir_all(to.parent().expect("a parent")).expect("a folder");
        let text = if change.fresh {
            assert!(!from.exists(), "{} is there already", change.path);
            change.hunks.iter().flat_map(|h| h.1.iter().map(|l| format!("{l}\n"))).collect()
        } else {
            apply(&std::fs::read_to_string(&from).expect("the file to be changed"), change)
        };
        std::fs::write(&to, text).expect("written");
        written.push(to);
    }
    let all: String = written.iter().map(|p| std::fs::read_to_string(p).expect("text")).collect();
    let name = changes.iter().find(|c| c.fresh).map(|c| Path::new(&c.path).file_stem().expect("a name"));
    let module = name.expect("a new file").to_string_lossy().into_owned();
    assert!(all.contains(&format!("    {module}: ")), "{module} has no line in the roster");
    assert!(all.contains(&format!("NAME: &'static str = \"{module}\"")), "{module} says another name");
    let required = ["fn play", "fn explain", "fn burden", "fn vote", "fn membership"];
    let source =
        std::fs::read_to_string(copy.path().join(format!("src/theory/{module}.rs"))).expect("the school");
    assert!(required.iter().all(|f| source.contains(f)), "what CONTRIBUTING.md says must be written");
}
