//! Helpers for tests that run the program. Each test file uses some of them.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs `twain` in the project's folder.
pub fn twain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_twain"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .output()
        .expect("the program starts")
}

/// Runs `twain` and expects success; returns what it printed.
pub fn good(args: &[&str]) -> String {
    let output = twain(args);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "twain {args:?} failed:\n{error}");
    String::from_utf8(output.stdout).expect("text")
}

/// Runs `twain` and expects failure; returns what it said.
pub fn bad(args: &[&str]) -> String {
    let output = twain(args);
    assert!(!output.status.success(), "twain {args:?} should fail");
    let error = String::from_utf8(output.stderr).expect("text");
    assert!(!error.contains("panicked"), "{error}");
    error
}

/// A starter scenario in `folder`, changed by `edit`.
pub fn starter(folder: &Path, edit: impl Fn(String) -> String) -> PathBuf {
    let path = folder.join("starter.toml");
    if path.exists() {
        std::fs::remove_file(&path).expect("removed");
    }
    good(&["new", path.to_str().expect("a path")]);
    let text = std::fs::read_to_string(&path).expect("the starter is text");
    std::fs::write(&path, edit(text)).expect("the starter can be written");
    path
}
