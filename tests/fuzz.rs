//! Broken inputs of every kind: thousands of mutated files, none of which may panic, hang, say two errors or leave anything
//! behind. `TWAIN_FUZZ=5000 cargo test --test suite fuzz` tries as many of each kind; a few are tried every time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Longest that a mutated file may take. Some are sound, and then run.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a mutation may put in the place of a number or a word.
const WILD: &[&str] = &[
    "-1",
    "0",
    "1e308",
    "-1e-308",
    "inf",
    "nan",
    "9223372036854775808",
    "\"\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "true",
    "1999Q5",
    "\"\\u0000\"",
    "\u{feff}",
    "\"a\\\"b\"",
    "=1+1",
    "../..",
    "\u{202e}",
    "é",
    "1_000",
    "0.",
    ".5",
    "''",
    "\"\"\"",
    "#",
    "\\",
];

/// One change to a text, as a hand or a broken disk makes it.
fn mutate(text: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    if text.is_empty() {
        return text.extend_from_slice(b"x");
    }
    let at = rng.random_range(0..text.len());
    let line = |at: usize, text: &[u8]| {
        let start = text[..at].iter().rposition(|&b| b == b'\n').map_or(0, |k| k + 1);
        let end = text[at..].iter().position(|&b| b == b'\n').map_or(text.len(), |k| at + k + 1);
        start..end
    };
    match rng.random_range(0..10) {
        0 => text[at] ^= 1 << rng.random_range(0..8u32),
        1 => drop(text.drain(line(at, text))),
        2 => {
            let own = text[line(at, text)].to_vec();
            let to = line(rng.random_range(0..text.len()), text).start;
            text.splice(to..to, own);
        }
        3 => text.truncate(at),
        4 => {
            let more: Vec<u8> = (0..rng.random_range(1..9)).map(|_| rng.next_u32() as u8).collect();
            text.splice(at..at, more);
        }
        5 => {
            let deep = rng.random_range(1..3000);
            text.splice(at..at, std::iter::repeat_n(*b"[{(\"".get(at % 4).unwrap_or(&b'['), deep));
        }
        // a word or a number becomes another
        _ => {
            let part = |b: &u8| b.is_ascii_alphanumeric() || b"._-".contains(b);
            let start = text[..at].iter().rposition(|b| !part(b)).map_or(0, |k| k + 1);
            let end = text[at..].iter().position(|b| !part(b)).map_or(text.len(), |k| at + k);
            let wild = WILD[rng.random_range(0..WILD.len())];
            text.splice(start..end.max(start), wild.bytes());
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    all.sort();
    all
}

/// Runs the program on a file and says what is wrong with how it took it.
fn complaint(folder: &Path, args: &[String]) -> Option<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_twain"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    let status = loop {
        match child.try_wait().expect("a state") {
            Some(status) => break status,
            None if start.elapsed() > PATIENCE => {
                child.kill().expect("stopped");
                return Some("it hangs".into());
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let mut words = String::new();
    let mut stderr = child.stderr.take().expect("piped");
    if std::io::Read::read_to_string(&mut stderr, &mut words).is_err() {
        return Some("its words are no UTF-8".into());
    }
    let errors = words.lines().filter(|l| l.starts_with("error")).count();
    match status.code() {
        Some(0) if errors == 0 => None,
        Some(1 | 2) if errors == 1 && !words.contains("panicked") => None,
        code => Some(format!("code {code:?}, {errors} errors: {words}")),
    }
}

/// Tries a kind of file: `files` are its sound forms, `args` the command, in which `FILE` stands for it.
fn attack(kind: &str, files: &[PathBuf], args: &[&str]) {
    let count: u64 = std::env::var("TWAIN_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    let folder = TempDir::new().expect("a folder");
    for round in 0..count {
        let mut rng = ChaCha8Rng::seed_from_u64(round ^ kind.bytes().fold(7, |a, b| a * 31 + u64::from(b)));
        let file = &files[rng.random_range(0..files.len())];
        let mut text = fs::read(file).expect("a sound file");
        for _ in 0..rng.random_range(1..4) {
            mutate(&mut text, &mut rng);
        }
        let broken = folder.path().join(file.file_name().expect("a name"));
        fs::write(&broken, &text).expect("written");
        let word = broken.to_str().expect("UTF-8");
        let args: Vec<String> = args.iter().map(|a| a.replace("FILE", word)).collect();
        let before = names(folder.path());
        let wrong = complaint(folder.path(), &args).or_else(|| {
            let after = names(folder.path());
            let hidden = after.iter().any(|n| n.starts_with('.'));
            (hidden || (!args[0].starts_with("run") && after != before))
                .then(|| format!("it leaves {after:?}"))
        });
        if let Some(wrong) = wrong {
            let kept = std::env::temp_dir().join(format!("twain-fuzz-{kind}-{round}"));
            fs::write(&kept, &text).expect("kept");
            panic!("{kind} {round}, kept as {}: twain {args:?}: {wrong}", kept.display());
        }
        fs::remove_dir_all(folder.path().join("out")).ok();
    }
}

fn all(under: &str, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(Path::new(ROOT).join(under))
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == ending))
        .collect();
    found.sort();
    found
}

fn two() -> String {
    format!("{ROOT}/scenarios/two-blocs.toml")
}

#[test]
fn scenarios() {
    let files = [PathBuf::from(two()), PathBuf::from(format!("{ROOT}/src/cli/starter.toml"))];
    attack("scenario", &files, &["check", "FILE"]);
}

#[test]
fn runs() {
    attack(
        "run",
        &[PathBuf::from(two())],
        &["run", "FILE", "-n", "1", "--no-charts", "--brief", "--out", "out"],
    );
}

#[test]
fn designs() {
    let args = ["sweep", &two(), "--design", "FILE", "--dry-run", "-n", "1"];
    attack("design", &all("scenarios/sweeps", "toml"), &args);
    let folder = TempDir::new().expect("a folder");
    let table = folder.path().join("points.csv");
    fs::write(&table, "world.shadow,theory.realism.k0\n0.6,0.5\n0.7,1\n0.8,1.5\n").expect("written");
    attack("table", &[table], &args);
}

#[test]
fn contests() {
    attack(
        "tournament",
        &all("scenarios/tournaments", "toml"),
        &["tournament", "FILE", "--no-charts", "--out", "FILE/no"],
    );
    attack(
        "evolution",
        &all("scenarios/evolution", "toml"),
        &["evolve", "FILE", "--no-charts", "--out", "FILE/no"],
    );
}

#[test]
fn bets_and_contracts() {
    let folder = TempDir::new().expect("a folder");
    let bets = folder.path().join("bets.csv");
    let sheet = Command::new(env!("CARGO_BIN_EXE_twain"))
        .args(["bet", &format!("{ROOT}/scenarios/nato-csto.toml")])
        .output()
        .expect("a sheet");
    fs::write(&bets, sheet.stdout).expect("written");
    let main = format!("{ROOT}/scenarios/nato-csto.toml");
    let args = [
        "compare",
        &main,
        "-n",
        "1",
        "--theory",
        "null-refuse",
        "--no-charts",
        "--bets",
        "FILE",
        "--out",
        "FILE/no",
    ];
    attack("bets", &[bets], &args);
    attack(
        "contract",
        &[PathBuf::from(format!("{ROOT}/scenarios/contract/contract.toml"))],
        &["contract", "FILE", "--school", "nobody", "--out", "FILE/no"],
    );
}

#[test]
fn results_and_journals() {
    let folder = TempDir::new().expect("a folder");
    let design = folder.path().join("d.toml");
    fs::write(
        &design,
        "[sweep]\ndesign = \"factorial\"\n[[sweep.factor]]\npath = \"world.shadow\"\nvalues = [0.6, 0.8]\n",
    )
    .expect("written");
    let word = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_string();
    crate::common::good(&[
        "sweep",
        &two(),
        "--design",
        &word("d.toml"),
        "-n",
        "2",
        "--shard",
        "1/1",
        "--out",
        &word("shards"),
    ]);
    crate::common::good(&["run", &two(), "-n", "2", "--no-charts", "--out", &word("run")]);
    let count: u64 = std::env::var("TWAIN_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(25);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (whole, verb) in
        [("shards", &["merge"][..]), ("run", &["chart", "--only", "ride", "--size", "slide"])]
    {
        let files = names(&folder.path().join(whole));
        for round in 0..count {
            let copy = TempDir::new().expect("a folder");
            let broken = copy.path().join(whole);
            fs::create_dir(&broken).expect("made");
            let victim = &files[rng.random_range(0..files.len())];
            for name in &files {
                let mut text = fs::read(folder.path().join(whole).join(name)).expect("a file");
                if name == victim {
                    mutate(&mut text, &mut rng);
                }
                fs::write(broken.join(name), text).expect("written");
            }
            let mut args: Vec<String> = verb.iter().map(|a| a.to_string()).collect();
            args.insert(1, broken.to_str().expect("UTF-8").into());
            args.extend(["--out".into(), copy.path().join("made").to_str().expect("UTF-8").into()]);
            if let Some(wrong) = complaint(copy.path(), &args) {
                let kept = copy.keep();
                panic!("{whole} {round} ({victim}), kept in {}: {wrong}", kept.display());
            }
        }
    }
}
