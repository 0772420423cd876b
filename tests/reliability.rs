//! Nothing is lost: full disks, foreign files, interruptions, leftovers, locks.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::common::{bad, good};
use tempfile::TempDir;

const TWO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/two-blocs.toml");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/tournaments/axelrod-1980.toml");
const DESIGN: &str =
    "[sweep]\ndesign = \"factorial\"\n[[sweep.factor]]\npath = \"world.shadow\"\nvalues = [0.6, 0.8]\n";

fn word(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Runs the program under a shell's limits.
#[cfg(unix)]
fn shell(folder: &Path, limits: &str, args: &str) -> Output {
    let script = format!("{limits}; exec '{}' {args}", env!("CARGO_BIN_EXE_twain"));
    Command::new("bash").args(["-c", &script]).current_dir(folder).output().expect("a shell")
}

fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_no_torn_page_and_is_an_error() {
    let folder = TempDir::new().expect("a folder");
    // files of at most 500 kB: every table fits, the page does not
    let output =
        shell(folder.path(), "trap '' XFSZ; ulimit -f 500", &format!("tournament '{TABLE}' --out there"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("the tables are whole, in there/; the charts and the page are not"), "{error}");
    let there = folder.path().join("there");
    assert!(there.join("ranking.csv").exists() && !there.join("report.html").exists());
    assert!(!String::from_utf8_lossy(&output.stdout).contains("report.html"));
    assert_eq!(names(folder.path()), ["there"]);
    // nor is a torn table kept
    let output = shell(folder.path(), "trap '' XFSZ; ulimit -f 4", &format!("run '{TWO}' -n 2 --out other"));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(names(folder.path()), ["there"]);
}

#[test]
fn force_replaces_only_what_is_twains() {
    let folder = TempDir::new().expect("a folder");
    let app = folder.path().join("app");
    fs::create_dir_all(app.join("src")).expect("made");
    fs::write(app.join("manifest.json"), "{\"name\": \"a web app\", \"files\": {}}").expect("written");
    fs::write(app.join("src/thesis.txt"), "three years").expect("written");
    let error = bad(&["run", TWO, "-n", "1", "--no-charts", "--force", "--out", word(&app)]);
    assert!(error.contains("is not a result of twain"), "{error}");
    assert_eq!(fs::read_to_string(app.join("src/thesis.txt")).expect("there"), "three years");

    let result = folder.path().join("result");
    good(&["run", TWO, "-n", "1", "--no-charts", "--out", word(&result)]);
    fs::write(result.join("notes.txt"), "mine").expect("written");
    let before = fs::read_to_string(result.join("runs.csv")).expect("a table");
    good(&["run", TWO, "-n", "2", "--no-charts", "--force", "--out", word(&result)]);
    assert_eq!(fs::read_to_string(result.join("notes.txt")).expect("kept"), "mine");
    assert_ne!(fs::read_to_string(result.join("runs.csv")).expect("a table"), before);
    assert_eq!(names(folder.path()), ["app", "result"]);
}

#[test]
fn leftovers_of_the_dead_are_cleared_and_a_result_moved_aside_is_put_back() {
    let folder = TempDir::new().expect("a folder");
    let result = folder.path().join("result");
    good(&["run", TWO, "-n", "1", "--no-charts", "--out", word(&result)]);
    let runs = fs::read(result.join("runs.csv")).expect("a table");
    // killed between two renames: the old result aside, the new one half way
    fs::rename(&result, folder.path().join(".result.4194305.old")).expect("moved");
    fs::create_dir(folder.path().join(".result.4194305.partial")).expect("made");
    let error = bad(&["run", TWO, "-n", "1", "--no-charts", "--out", word(&result)]);
    assert!(error.contains("was moved aside by a run that was stopped: it is back"), "{error}");
    assert!(
        error.contains("which a stopped run had left") && error.contains("exists; give --force"),
        "{error}"
    );
    assert_eq!(fs::read(result.join("runs.csv")).expect("back"), runs);
    assert_eq!(names(folder.path()), ["result"]);
}

#[test]
fn a_default_name_taken_meanwhile_gives_way_to_the_next() {
    use twain::output::{Folder, Place};
    let folder = TempDir::new().expect("a folder");
    let target = folder.path().join("run");
    let made = Folder::create(&target, Place::Next).expect("room");
    made.text("summary.txt", "ours").expect("written");
    fs::create_dir(&target).expect("made");
    fs::write(target.join("other.txt"), "theirs").expect("written");
    assert_eq!(made.finish().expect("whole"), folder.path().join("run-2"));
    assert_eq!(names(folder.path()), ["run", "run-2"]);
}

#[test]
#[cfg(unix)]
fn a_run_that_is_told_to_stop_leaves_nothing() {
    for signal in ["INT", "TERM", "HUP"] {
        let folder = TempDir::new().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_twain"))
            .args(["run", TWO, "-n", "900000", "--no-charts", "--out", "there"])
            .current_dir(folder.path())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        while names(folder.path()).is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        let id = child.id().to_string();
        Command::new("kill").args(["-s", signal, &id]).status().expect("a signal");
        assert_eq!(child.wait().expect("an end").code(), Some(130), "{signal}");
        assert_eq!(names(folder.path()), Vec::<String>::new(), "{signal}");
    }
}

#[test]
fn a_finished_sweep_is_success_and_an_edited_journal_is_not_believed() {
    let folder = TempDir::new().expect("a folder");
    let (design, result) = (folder.path().join("d.toml"), folder.path().join("s"));
    fs::write(&design, DESIGN).expect("written");
    let shards = folder.path().join("shards");
    let args = ["sweep", TWO, "--design", word(&design), "-n", "3", "--no-charts"];
    let with = |more: &[&str]| args.iter().chain(more).map(|a| a.to_string()).collect::<Vec<_>>();
    let call = |more: &[&str]| good(&with(more).iter().map(String::as_str).collect::<Vec<_>>());
    let fail = |more: &[&str]| bad(&with(more).iter().map(String::as_str).collect::<Vec<_>>());
    call(&["--out", word(&result)]);
    assert!(call(&["--out", word(&result), "--resume"]).contains("whole already"));
    assert!(fail(&["--seed", "5", "--out", word(&result), "--resume"]).contains("exists; give --force"));

    call(&["--shard", "1/1", "--out", word(&shards)]);
    let journal = shards.join("shard-1-of-1.journal");
    let text = fs::read_to_string(&journal).expect("a journal");
    let line = text.lines().nth(2).expect("a run");
    let digit = line.find("ok,").expect("a run") + 3;
    let other = if line.as_bytes()[digit] == b'0' { "1" } else { "0" };
    let edited = format!("{}{other}{}", &line[..digit], &line[digit + 1..]);
    fs::write(&journal, text.replacen(line, &edited, 1)).expect("edited");
    let error = bad(&["merge", word(&shards), "--out", word(&folder.path().join("merged"))]);
    assert!(error.contains("shard-1-of-1.journal:3: this line, run 1, is damaged"), "{error}");
}

#[test]
fn a_journal_in_use_and_a_file_of_another_are_not_removed() {
    let folder = TempDir::new().expect("a folder");
    let (design, result) = (folder.path().join("d.toml"), folder.path().join("s"));
    fs::write(&design, DESIGN).expect("written");
    let journal = folder.path().join("s.journal");
    let args = [
        "sweep",
        TWO,
        "--design",
        word(&design),
        "-n",
        "1",
        "--no-charts",
        "--force",
        "--out",
        word(&result),
    ];
    fs::write(&journal, "dear diary\n").expect("written");
    assert!(bad(&args).contains("is not a journal of twain; it is left as it is"));
    assert_eq!(fs::read_to_string(&journal).expect("there"), "dear diary\n");
    fs::write(&journal, "").expect("emptied");
    let held = fs::File::open(&journal).expect("there");
    held.lock().expect("locked");
    assert!(bad(&args).contains("is being written by another twain"));
    assert!(journal.exists());
    drop(held);
    good(&args);
    assert_eq!(names(folder.path()), ["d.toml", "s"]);
}

#[test]
#[cfg(unix)]
fn names_that_are_not_utf8_are_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join(OsStr::from_bytes(b"r\xffsult"));
    let design = folder.path().join("d.toml");
    fs::write(&design, DESIGN).expect("written");
    for verb in [&["run", TWO][..], &["sweep", TWO, "--design", word(&design)]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twain"));
        command.args(verb).args(["-n", "2", "--no-charts", "--force", "--out"]).arg(&out);
        let output = command.output().expect("it starts");
        assert!(output.status.success(), "{verb:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(out.join("manifest.json").exists());
}

#[test]
#[cfg(unix)]
fn pictures_of_others_are_not_written_over() {
    let folder = TempDir::new().expect("a folder");
    let (result, pictures) = (folder.path().join("result"), folder.path().join("pictures"));
    good(&["run", TWO, "-n", "2", "--no-charts", "--out", word(&result)]);
    fs::create_dir(&pictures).expect("made");
    let (png, elsewhere) = (pictures.join("ride.png"), folder.path().join("elsewhere.png"));
    fs::write(&png, "a holiday").expect("written");
    let draw = ["chart", word(&result), "--only", "ride", "--size", "slide", "--out", word(&pictures)];
    assert!(bad(&draw).contains("ride.png exists; give --force"));
    fs::remove_file(&png).expect("removed");
    fs::write(&elsewhere, "another").expect("written");
    std::os::unix::fs::symlink(&elsewhere, &png).expect("a link");
    let forced: Vec<&str> = draw.iter().copied().chain(["--force"]).collect();
    assert!(bad(&forced).contains("is a link"));
    assert_eq!(fs::read_to_string(&elsewhere).expect("there"), "another");
}

#[test]
#[cfg(unix)]
fn a_full_screen_is_said_beside_a_whole_result() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let output =
        shell(folder.path(), "true", &format!("run '{TWO}' -n 1 --no-charts --out there > /dev/full"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("the result is whole, in there/, but its words cannot be printed"), "{error}");
    // stderr that is full or closed stops nothing
    for way in ["2> /dev/full", "2>&-"] {
        let output = shell(folder.path(), "true", &format!("run nothing.toml {way}"));
        assert_eq!(output.status.code(), Some(1), "{way}");
    }
}

#[test]
fn a_result_that_names_no_population_is_drawn_as_far_as_it_goes() {
    let folder = TempDir::new().expect("a folder");
    let result = folder.path().join("r");
    good(&["run", TWO, "-n", "1", "--no-charts", "--out", word(&result)]);
    let path = result.join("manifest.json");
    let mut manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("a manifest")).expect("JSON");
    manifest["theories"] = serde_json::json!([]);
    fs::write(&path, manifest.to_string()).expect("written");
    for verb in [["chart", "--only", "burden"], ["chart", "--only", "ride"], ["chart", "--only", "keyholder"]]
    {
        let output = crate::common::twain(&[verb[0], word(&result), verb[1], verb[2]]);
        assert!(output.status.code().is_some_and(|code| code < 2), "{verb:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{verb:?}");
    }
    let page = folder.path().join("page.html");
    let output = crate::common::twain(&["report", word(&result), "--out", word(&page)]);
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("wild.toml");
    let text = fs::read_to_string(TWO).expect("the scenario");
    let at = text.find("title = ").expect("a title");
    let end = at + text[at..].find('\n').expect("its end");
    fs::write(&path, format!("{}title = \"a\\u001b[2Jb\"{}", &text[..at], &text[end..])).expect("written");
    let error = bad(&["check", word(&path)]);
    assert!(error.contains("a text holds the control character \\u{1b}"), "{error}");
    let out = folder.path().join("r");
    let args = ["run", TWO, "-n", "1", "--no-charts", "--label", "a\u{1b}[2Jb", "--out", word(&out)];
    assert!(!good(&args).contains('\u{1b}'));
}
