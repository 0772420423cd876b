//! The tutorial and the lesson plan are run as they stand: every command must work, and what is shown must be printed.
//!
//! Commands on small scenarios are run exactly as typed and every line shown is looked for. Those on the main scenario take
//! long without optimisation: they are run with two replications and only their first line is compared.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Runs one command line in `folder` and returns what it printed.
fn run(folder: &Path, line: &str, quick: bool) -> String {
    let mut words: Vec<String> = line.split_whitespace().skip(1).map(str::to_string).collect();
    let runs = ["run", "compare", "whatif", "calibrate"].contains(&words[0].as_str());
    if quick && runs {
        match words.iter().position(|w| w == "-n") {
            Some(k) => words[k + 1] = "2".into(),
            None => words.extend(["-n".into(), "2".into()]),
        }
        if let Some(k) = words.iter().position(|w| w == "--budget") {
            words[k + 1] = "2".into();
        }
    }
    let output = Command::new(env!("CARGO_BIN_EXE_twain"))
        .current_dir(folder)
        .args(&words)
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn place() -> (TempDir, PathBuf) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = TempDir::new().expect("a folder");
    copy(&root.join("scenarios"), &folder.path().join("scenarios"));
    (folder, root.join("docs"))
}

#[test]
fn the_tutorial_runs_and_prints_what_it_shows() {
    let (folder, docs) = place();
    let text = std::fs::read_to_string(docs.join("tutorial.md")).expect("the tutorial");
    let (mut inside, mut printed, mut first, mut commands, mut quick) =
        (false, String::new(), true, 0, false);
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            quick = command.contains("nato-csto") || command.contains("futures");
            printed = run(folder.path(), command, quick);
            first = true;
            commands += 1;
        } else if inside && line != "..." && !line.is_empty() {
            if first || !quick {
                assert!(printed.lines().any(|l| l == line), "not printed: {line}\nbut:\n{printed}");
            }
            first = false;
        }
    }
    assert!(commands >= 15, "only {commands} commands found");
}

#[test]
fn the_lesson_runs() {
    let (folder, docs) = place();
    let text = std::fs::read_to_string(docs.join("lesson-plan.md")).expect("the lesson plan");
    let commands: Vec<&str> =
        text.lines().filter_map(|l| l.strip_prefix("    ")).filter(|l| l.starts_with("twain ")).collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for command in commands {
        run(folder.path(), command, true);
    }
}
