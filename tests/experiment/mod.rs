//! A folder with a starter scenario and a design, and the program run in it.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Three points of 30 realist runs.
pub const DESIGN: &str = "[sweep]\ndesign = \"factorial\"\nreplications = 30\ntheories = [\"realism\"]\n\
    [[sweep.factor]]\npath = \"theory.realism.k0\"\nlow = 0.0\nhigh = 4.0\nsteps = 3\n";

/// A temporary folder with `s.toml`, a starter scenario, and `d.toml`, a design.
pub struct Setting(tempfile::TempDir);

impl Setting {
    pub fn new(design: &str) -> Self {
        let setting = Setting(tempfile::tempdir().expect("a temporary folder"));
        setting.succeeds(&["new", "s.toml"]);
        setting.write("d.toml", design);
        setting
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twain"));
        command.current_dir(self.0.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs and expects success; returns what was printed.
    pub fn succeeds(&self, args: &[&str]) -> String {
        let output = self.command(args).output().expect("twain starts");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs and expects one clear error with `word` in it.
    pub fn fails(&self, args: &[&str], word: &str) {
        let output = self.command(args).output().expect("twain starts");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{args:?} should fail");
        assert!(text.contains(word), "{args:?} says {text}, not {word}");
        assert_eq!(errors(&text), 1, "{args:?} has more than one error: {text}");
        assert!(!text.contains("panicked"), "{text}");
    }

    /// Sweeps `d.toml` and expects success.
    pub fn sweep(&self, more: &[&str]) -> String {
        self.succeeds(&[&["sweep", "s.toml", "--design", "d.toml"], more].concat())
    }

    /// Sweeps `d.toml` and expects an error.
    pub fn sweep_fails(&self, more: &[&str], word: &str) {
        self.fails(&[&["sweep", "s.toml", "--design", "d.toml"], more].concat(), word);
    }

    /// Starts a sweep of `d.toml`.
    pub fn spawn(&self, more: &[&str]) -> Child {
        let args = [&["sweep", "s.toml", "--design", "d.toml"], more].concat();
        self.command(&args).spawn().expect("twain starts")
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("text")
    }

    /// Bytes in a file, 0 if it is not there.
    pub fn length(&self, name: &str) -> usize {
        std::fs::metadata(self.path(name)).map_or(0, |m| m.len() as usize)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).expect("written");
    }

    /// Expects equal tables.
    pub fn same(&self, a: &str, b: &str) {
        for name in ["points.csv", "runs.csv", "summary.csv", "failures.csv"] {
            let read = |d: &str| self.read(&format!("{d}/{name}"));
            assert!(read(a) == read(b), "{name} differs between {a} and {b}");
        }
    }
}

/// How many errors a text on standard error holds.
pub fn errors(text: &str) -> usize {
    text.lines().filter(|l| l.starts_with("error")).count()
}

/// Kills `child` with SIGKILL once `ready`, unless it ends before.
pub fn kill_when(mut child: Child, ready: impl Fn() -> bool) {
    while !ready() && child.try_wait().expect("a status").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().expect("killed");
    child.wait().expect("reaped");
}

/// The numbers in column `wanted` of the rows whose column `key` is `value`.
pub fn column(table: &str, key: &str, value: &str, wanted: &str) -> Vec<u64> {
    let mut lines = table.lines();
    let head: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let place = |name: &str| head.iter().position(|h| *h == name).expect("a column");
    let (key, wanted) = (place(key), place(wanted));
    lines
        .map(|l| l.split(',').collect::<Vec<_>>())
        .filter(|row| row[key] == value)
        .map(|row| row[wanted].parse().expect("a whole number"))
        .collect()
}
