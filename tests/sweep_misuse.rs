//! Mistakes with sweeps: one clear error each, and nothing is lost or replaced.

use crate::experiment::*;

#[test]
fn mistakes_in_a_design_are_named() {
    let setting = Setting::new(DESIGN);
    for (from, to, word) in [
        ("theory.realism.k0", "theory.realism.k00", "did you mean `k0`?"),
        ("theory.realism.k0", "theory.realizm.k0", "did you mean `realism`?"),
        ("theory.realism.k0", "world.shadoww", "did you mean `shadow`?"),
        ("theory.realism.k0", "name.k0", "cannot matter: it is a text"),
        ("high = 4.0", "high = -4.0", "inverted"),
        ("high = 4.0", "high = inf", "finite"),
        ("high = 4.0", "high = 9.0", "outside 0 to 5"),
        ("high = 4.0", "high = 4.5\nscale = \"integer\"", "whole ends"),
        ("high = 4.0", "high = 4.0\nscale = \"log\"", "log range needs low above 0"),
        ("high = 4.0", "", "needs low and high"),
        ("steps = 3", "steps = 1000000000000", "1000000000000 points"),
        ("steps = 3", "steps = 0", "at least 1"),
        ("steps = 3", "stepps = 3", "d.toml"),
        ("design = \"factorial\"", "design = \"factorail\"", "factorial"),
        ("design = \"factorial\"", "design = \"lhs\"\npoints = 1000000000000", "1000000000000 points"),
        ("design = \"factorial\"", "design = \"saltelli\"\npoints = 1000000000000", "points"),
        (
            "design = \"factorial\"",
            "design = \"morris\"\ntrajectories = 500000000000",
            "1000000000000 points",
        ),
        ("design = \"factorial\"", "design = \"morris\"\nlevels = 3", "even number of levels"),
        ("replications = 30", "replications = 0", "`sweep.replications` is 0, outside 1 to 1000000"),
        (
            "replications = 30",
            "replications = 100000000000",
            "`sweep.replications` is 100000000000, outside 1 to 1000000",
        ),
        ("\"realism\"", "\"realizm\"", "did you mean `realism`?"),
    ] {
        assert!(DESIGN.contains(from));
        setting.write("d.toml", DESIGN.replacen(from, to, 1));
        setting.sweep_fails(&["--out", "out"], word);
        assert!(!setting.path("out").exists() && !setting.path("out.journal").exists(), "{to}");
    }
    setting.fails(&["sweep", "s.toml", "--design", "no.toml"], "no.toml");
    setting.fails(&["sweep", "s.toml"], "no [sweep] table");
}

#[test]
fn shards_out_of_range_are_refused() {
    let setting = Setting::new(DESIGN);
    for shard in ["0/3", "4/3", "3", "a/b", "1/0", "-1/3", "1/99999999999999999999", "1/18446744073709551615"]
    {
        setting.sweep_fails(&["--out", "out", &format!("--shard={shard}")], "out of range");
    }
    setting.sweep_fails(&["--shard", "1/2", "--until-width", "0.1"], "does not go with --shard");
    setting.sweep_fails(&["--until-width", "0"], "not above 0");
    setting.sweep_fails(&["--until-width", "nan"], "not above 0");
}

#[test]
fn merge_refuses_what_does_not_fit() {
    let setting = Setting::new(DESIGN);
    let merge = ["merge", "parts", "--out", "merged"];
    setting.fails(&merge, "parts");
    std::fs::create_dir(setting.path("parts")).expect("created");
    setting.fails(&merge, "holds no *.journal");
    setting.sweep(&["--out", "parts", "--shard", "2/4"]);
    setting.fails(&merge, "missing shards: 1/4, 3/4, 4/4");
    for shard in ["1/4", "3/4", "4/4"] {
        setting.sweep(&["--out", "parts", "--shard", shard]);
    }
    let (one, two) = ("parts/shard-1-of-4.journal", "parts/shard-2-of-4.journal");
    let whole = setting.read(one);
    let put = |bytes: &[u8], word: &str| {
        setting.write(one, bytes);
        setting.fails(&merge, word);
        assert!(!setting.path("merged").exists());
    };
    put(&setting.read(two), "overlap: both are shard 2");
    put(b"no journal\n", "shard-1-of-4.journal is not a journal");
    put(b"", "is empty");
    put(&whole[..20], "not a journal");
    put(&[0xff, 0xfe, b'\n'], "not a journal");
    put(&whole[..whole.len() - 30], "not finished");
    let head = whole.iter().position(|&b| b == b'\n').expect("a header") + 1;
    put(&[&whole[..head], b"0,ok,rubbish\n", &whole[head..]].concat(), "shard-1-of-4.journal:2: this line");
    put(&[&whole[..head], &[0u8; 100], b"\n"].concat(), "damaged");
    setting.write(one, &whole);
    // a shard of a sweep in other parts, and of another seed
    setting.sweep(&["--out", "parts", "--shard", "1/5"]);
    setting.fails(&merge, "different sweeps");
    std::fs::remove_file(setting.path("parts/shard-1-of-5.journal")).expect("removed");
    setting.sweep(&["--out", "other", "--shard", "2/4", "--seed", "9"]);
    let right = setting.read(two);
    setting.write(two, setting.read("other/shard-2-of-4.journal"));
    setting.fails(&merge, "different sweeps");
    setting.write(two, right);
    setting.succeeds(&merge);
    let before = setting.read("merged/runs.csv");
    setting.fails(&merge, "merged exists; give --force");
    assert!(setting.read("merged/runs.csv") == before);
    setting.succeeds(&[&merge[..], &["--force"]].concat());
    assert!(setting.read("merged/runs.csv") == before);
}

#[test]
fn a_journal_of_another_sweep_is_refused_untouched() {
    let setting = Setting::new(DESIGN);
    let shard = ["--out", "parts", "--shard", "1/2"];
    setting.sweep(&shard);
    let journal = "parts/shard-1-of-2.journal";
    let whole = setting.read(journal);
    let resume = |more: &[&str], word: &str| {
        setting.sweep_fails(&[&shard[..], &["--resume"], more].concat(), word);
    };
    setting.sweep_fails(&shard, "give --resume");
    resume(&["--seed", "9"], "another seed");
    resume(&["-n", "40"], "other replications");
    resume(&["--theory", "constructivism"], "other theories");
    resume(&["--set", "world.shadow=0.8"], "another scenario");
    setting.write("d.toml", DESIGN.replace("steps = 3", "steps = 4"));
    resume(&[], "another design");
    setting.write("d.toml", DESIGN);
    assert!(setting.read(journal) == whole);
    let version = format!("\"twain\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let text = String::from_utf8(whole.clone()).expect("text");
    setting.write(journal, text.replacen(&version, "\"twain\":\"0.0.1\"", 1));
    resume(&[], "another version");
    // a file that is no journal, with a line that looks torn, stays as it is
    for other in [&b"my notes\nwithout an end"[..], b"my notes", b"\xff\xfe\n", b"{\"twain\":\"0.1.0\"}\n"] {
        setting.write(journal, other);
        resume(&[], "not a journal of twain");
        assert_eq!(setting.read(journal), other);
    }
    let head = whole.iter().position(|&b| b == b'\n').expect("a header") + 1;
    let damaged = [&whole[..head], b"77,ok,1\n", &whole[head..]].concat();
    setting.write(journal, &damaged);
    resume(&[], "shard-1-of-2.journal:2: this line, run 0, is damaged");
    assert!(setting.read(journal) == damaged);
    std::fs::remove_file(setting.path(journal)).expect("removed");
    std::fs::create_dir(setting.path(journal)).expect("created");
    resume(&[], "cannot write parts/shard-1-of-2.journal");
}

#[test]
fn existing_output_is_kept() {
    let setting = Setting::new(DESIGN);
    setting.sweep(&["--out", "out"]);
    let before = setting.read("out/runs.csv");
    setting.sweep_fails(&["--out", "out", "--seed", "5"], "out exists; give --force");
    assert!(setting.read("out/runs.csv") == before && !setting.path("out.journal").exists());
    setting.sweep(&["--out", "out", "--seed", "5", "--force"]);
    assert!(setting.read("out/runs.csv") != before);
    // not even --force replaces what is no result; it is said before anything runs
    std::fs::create_dir(setting.path("mine")).expect("created");
    setting.write("mine/notes.txt", "dear diary");
    setting.sweep_fails(&["--out", "mine", "--force"], "not a result of twain");
    setting.sweep_fails(&["--out", "mine/notes.txt"], "notes.txt exists");
    setting.sweep_fails(&["--out", "mine/notes.txt", "--force"], "is a file, not a folder");
    assert_eq!(setting.text("mine/notes.txt"), "dear diary");
    assert_eq!(std::fs::read_dir(setting.path("mine")).expect("a folder").count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_error_and_loses_nothing() {
    // thirty points of one run: the journal is smaller than the summary
    let setting = Setting::new(
        &DESIGN.replace("steps = 3", "steps = 30").replace("replications = 30", "replications = 1"),
    );
    setting.sweep(&["--out", "whole"]);
    // a limit on the size of files, in KiB, stands for the end of the disk
    let limited = |limit: usize, more: &str, word: &str| {
        let twain = env!("CARGO_BIN_EXE_twain");
        let script = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec '{twain}' sweep s.toml --design d.toml --out out {more}"
        );
        let mut command = std::process::Command::new("bash");
        let output = command.args(["-c", &script]).current_dir(setting.path("")).output().expect("bash runs");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{limit} KiB should not do");
        assert!(text.contains(word) && text.contains("--resume"), "{text}");
        assert_eq!(errors(&text), 1, "{text}");
        assert!(!setting.path("out").exists());
        let partial = std::fs::read_dir(setting.path(""))
            .expect("a folder")
            .filter(|e| e.as_ref().is_ok_and(|e| e.file_name().to_string_lossy().ends_with("partial")));
        assert_eq!(partial.count(), 0, "nothing half made is left");
    };
    // in the header
    limited(2, "", "cannot write out.journal");
    let header = setting.read("out.journal");
    assert_eq!(header.len(), 2048);
    // in the lines
    setting.sweep(&["--out", "one", "--shard", "1/1000"]);
    let whole_header = setting.read("one/shard-1-of-1000.journal").len();
    limited(whole_header / 1024 + 3, "--resume", "cannot write out.journal");
    let kept = setting.read("out.journal");
    assert!(kept.len() > whole_header && kept.starts_with(&header));
    // in the tables: the journal, whole by now, is kept
    limited(setting.length("whole/summary.csv") / 1024 / 2, "--resume", "all runs are kept in out.journal");
    setting.sweep(&["--out", "out", "--resume"]);
    setting.same("whole", "out");
}

#[test]
fn two_programs_do_not_write_one_journal() {
    let setting = Setting::new(&DESIGN.replace("replications = 30", "replications = 100000"));
    let child = setting.spawn(&["--out", "out", "--threads", "1"]);
    while setting.length("out.journal") == 0 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    setting.sweep_fails(&["--out", "out", "--resume"], "being written by another twain");
    kill_when(child, || true);
}
