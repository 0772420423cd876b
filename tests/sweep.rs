//! Sweeps end to end: equal bytes whatever happened on the way, and a clear word for each mistake.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const DESIGN: &str = "[sweep]\ndesign = \"factorial\"\nreplications = 30\ntheories = [\"realism\"]\n\
    [[sweep.factor]]\npath = \"theory.realism.k0\"\nlow = 0.0\nhigh = 4.0\nsteps = 3\n";

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_twain"));
    command.current_dir(folder).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn twain(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().expect("twain starts")
}

fn fails(folder: &Path, args: &[&str], word: &str) {
    let output = twain(folder, args);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{args:?} should fail");
    assert!(text.contains(word), "{args:?} says {text}, not {word}");
}

fn succeeds(folder: &Path, args: &[&str]) {
    let output = twain(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn setting() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    succeeds(folder.path(), &["new", "s.toml"]);
    std::fs::write(folder.path().join("d.toml"), DESIGN).expect("written");
    folder
}

fn same(folder: &Path, a: &str, b: &str) {
    for name in ["points.csv", "runs.csv", "summary.csv", "failures.csv"] {
        let read = |d: &str| std::fs::read(folder.join(d).join(name)).expect("a table");
        assert!(read(a) == read(b), "{name} differs between {a} and {b}");
    }
}

#[test]
fn threads_shards_and_kills_leave_no_trace() {
    let folder = setting();
    let f = folder.path();
    let base = ["sweep", "s.toml", "--design", "d.toml"];
    let with = |more: &[&'static str]| [&base[..], more].concat();
    succeeds(f, &with(&["--threads", "1", "--out", "one"]));
    succeeds(f, &with(&["--threads", "2", "--out", "two"]));
    same(f, "one", "two");
    for shard in ["1/3", "2/3", "3/3"] {
        if shard == "3/3" {
            fails(f, &["merge", "parts", "--out", "m"], "missing shards: 3/3");
        }
        let mut args = with(&["--out", "parts", "--shard"]);
        args.push(shard);
        succeeds(f, &args);
    }
    succeeds(f, &["merge", "parts", "--out", "merged"]);
    same(f, "one", "merged");
    std::fs::copy(f.join("parts/shard-1-of-3.journal"), f.join("parts/x.journal")).expect("copied");
    fails(f, &["merge", "parts", "--out", "m"], "overlap");

    for delay in [30, 80, 150, 400] {
        let mut child =
            command(f, &with(&["--threads", "1", "--out", "killed", "--resume"])).spawn().expect("starts");
        std::thread::sleep(std::time::Duration::from_millis(delay));
        child.kill().expect("killed");
        child.wait().expect("reaped");
        if f.join("killed").exists() {
            break;
        }
    }
    if !f.join("killed").exists() {
        let journal = f.join("killed.journal");
        if journal.exists() && std::fs::metadata(&journal).expect("there").len() == 0 {
            std::fs::remove_file(&journal).expect("removed");
        }
        succeeds(f, &with(&["--out", "killed", "--resume"]));
    }
    same(f, "one", "killed");

    // a torn line at every tenth of a shard's journal is repaired
    let whole = std::fs::read(f.join("parts/shard-1-of-3.journal")).expect("a journal");
    let head = whole.iter().position(|&b| b == b'\n').expect("a header") + 1;
    for tenth in 1..10 {
        let cut = head + (whole.len() - head) * tenth / 10;
        std::fs::write(f.join("parts/shard-1-of-3.journal"), &whole[..cut]).expect("written");
        succeeds(f, &with(&["--out", "parts", "--shard", "1/3", "--resume"]));
        assert!(std::fs::read(f.join("parts/shard-1-of-3.journal")).expect("a journal") == whole);
    }
    fails(f, &with(&["--out", "parts", "--shard", "1/3", "--seed", "9", "--resume"]), "another sweep");
    fails(f, &with(&["--out", "parts", "--shard", "1/3"]), "--resume");
    std::fs::write(f.join("parts/x.journal"), "no journal\n").expect("written");
    fails(f, &["merge", "parts", "--out", "m"], "not a journal");
}

#[test]
fn mistakes_are_named() {
    let folder = setting();
    let f = folder.path();
    let base = ["sweep", "s.toml", "--design", "d.toml"];
    fails(f, &[&base[..], &["--shard", "4/3"]].concat(), "out of range");
    for (from, to, word) in [
        ("theory.realism.k0", "theory.realism.k00", "k00"),
        ("high = 4.0", "high = -4.0", "inverted"),
        ("steps = 3", "steps = 1000000000000", "1000000000000 points"),
    ] {
        std::fs::write(f.join("d.toml"), DESIGN.replace(from, to)).expect("written");
        fails(f, &base, word);
    }
}
