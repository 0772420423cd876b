//! Sweeps end to end: equal bytes whatever happened on the way.

use crate::experiment::*;

#[test]
fn threads_and_shards_leave_no_trace() {
    let setting = Setting::new(DESIGN);
    setting.sweep(&["--threads", "1", "--out", "one"]);
    setting.sweep(&["--threads", "2", "--out", "two"]);
    setting.same("one", "two");
    for shard in ["3/3", "1/3", "2/3"] {
        setting.sweep(&["--out", "parts", "--shard", shard]);
    }
    setting.succeeds(&["merge", "parts", "--out", "merged"]);
    setting.same("one", "merged");
    setting.succeeds(&["merge", "parts/"]);
    setting.same("one", "parts.merged");
    // more shards than runs: some are empty
    for k in 1..=100 {
        setting.sweep(&["--out", "many", "-n", "10", "--shard", &format!("{k}/100")]);
    }
    setting.succeeds(&["merge", "many", "--out", "many-merged"]);
    setting.sweep(&["--out", "ten", "-n", "10"]);
    setting.same("ten", "many-merged");
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_keeps_what_was_journalled() {
    let setting = Setting::new(&DESIGN.replace("replications = 30", "replications = 300"));
    setting.sweep(&["--out", "whole"]);
    setting.sweep(&["--out", "parts", "--shard", "1/2"]);
    let whole = setting.read("parts/shard-1-of-2.journal");
    // kills spread over the journal by a fixed pseudo-random sequence; the first comes at once
    let mut random = 1u64;
    for round in 0..12 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let length = if round == 0 { 0 } else { (random >> 33) as usize % whole.len() };
        let args: Vec<&str> = if round % 2 == 0 {
            vec!["--out", "killed", "--resume", "--threads", "1"]
        } else {
            vec!["--out", "shards", "--shard", "1/2", "--resume", "--threads", "2"]
        };
        let journal = if round % 2 == 0 { "killed.journal" } else { "shards/shard-1-of-2.journal" };
        if setting.path("killed").exists() && round % 2 == 0 {
            continue;
        }
        let mut child = setting.spawn(&args);
        while setting.length(journal) < length && child.try_wait().expect("a status").is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        child.kill().expect("killed");
        child.wait().expect("reaped");
        if round % 2 == 1 {
            let now = setting.read(journal);
            assert!(whole.starts_with(&now), "round {round}: the journal is not what a whole run writes");
            assert!(now.len() >= length.min(whole.len()), "round {round}: lines were lost");
        }
    }
    setting.sweep(&["--out", "shards", "--shard", "1/2", "--resume"]);
    assert!(setting.read("shards/shard-1-of-2.journal") == whole);
    if !setting.path("killed").exists() {
        setting.sweep(&["--out", "killed", "--resume"]);
    }
    setting.same("whole", "killed");
}

#[test]
fn a_journal_cut_anywhere_is_repaired() {
    let setting = Setting::new(DESIGN);
    setting.sweep(&["--out", "parts", "--shard", "1/2"]);
    let journal = "parts/shard-1-of-2.journal";
    let whole = setting.read(journal);
    let head = whole.iter().position(|&b| b == b'\n').expect("a header") + 1;
    // inside the header, at its end, and at every tenth of the lines
    let mut cuts = vec![0, 1, head / 2, head - 1, head, head + 1, whole.len() - 1];
    cuts.extend((1..10).map(|tenth| head + (whole.len() - head) * tenth / 10));
    for cut in cuts {
        setting.write(journal, &whole[..cut]);
        setting.sweep(&["--out", "parts", "--shard", "1/2", "--resume"]);
        assert!(setting.read(journal) == whole, "cut at {cut}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_cleanly_and_resumes() {
    let setting = Setting::new(&DESIGN.replace("replications = 30", "replications = 600"));
    setting.sweep(&["--out", "whole"]);
    let child = setting.spawn(&["--out", "broken", "--threads", "1"]);
    while setting.length("broken.journal") == 0 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let header = setting.length("broken.journal");
    while setting.length("broken.journal") == header {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        // the machine was so fast that the sweep was whole before the signal came
        assert!(setting.path("broken").exists());
    } else {
        assert!(text.contains("stopped") && text.contains("--resume"), "{text}");
        assert!(!setting.path("broken").exists(), "no half result");
        assert!(setting.read("broken.journal").ends_with(b"\n"), "the last line is whole");
        setting.sweep(&["--out", "broken", "--resume"]);
    }
    setting.same("whole", "broken");
    assert!(!setting.path("broken.journal").exists());
}

#[test]
fn the_interval_rule_stops_at_the_same_place_however_it_is_run() {
    let setting = Setting::new(&DESIGN.replace("replications = 30", "replications = 400"));
    let rule = ["--until-width", "0.15"];
    setting.sweep(&[&rule[..], &["--out", "one", "--threads", "1"]].concat());
    setting.sweep(&[&rule[..], &["--out", "two", "--threads", "2"]].concat());
    setting.same("one", "two");
    let counts: Vec<u64> = column(&setting.text("one/summary.csv"), "outcome", "framework", "n");
    // Wilson's interval for 0 or n of n is z^2 / (n + z^2) wide: .15 needs n = 22; a share of one half needs 167
    assert!(counts.iter().all(|&n| n == counts[0]) && (22..400).contains(&counts[0]), "{counts:?}");
    let manifest: serde_json::Value = serde_json::from_str(&setting.text("one/manifest.json")).expect("JSON");
    assert_eq!(manifest["replications"], counts[0]);
    // interrupted half-way
    setting.sweep(&[&rule[..], &["--out", "three"]].concat());
    let child = setting.spawn(&[&rule[..], &["--out", "four", "--threads", "1"]].concat());
    kill_when(child, || setting.length("four.journal") > 20_000);
    if !setting.path("four").exists() {
        setting.sweep(&[&rule[..], &["--out", "four", "--resume"]].concat());
    }
    setting.same("one", "four");
    // too few replications allowed: it says so
    let said = setting.sweep(&["--until-width", "0.05", "-n", "25", "--out", "five"]);
    assert!(said.contains("still") && said.contains("raise -n"), "{said}");
}

#[test]
fn a_cell_without_an_interval_does_not_hold_up_the_rule() {
    // at the middle point every run fails, so its P(framework) has no interval
    let setting = Setting::new(
        "[sweep]\ndesign = \"points\"\nreplications = 300\ntheories = [\"realism\"]\n\
         [[sweep.factor]]\npath = \"issue.smuggling.game\"\n\
         values = [\"prisoners-dilemma\", \"chess\", \"prisoners-dilemma\"]\n",
    );
    let said = setting.sweep(&["--until-width", "0.2", "--out", "out"]);
    assert!(said.contains("no interval of P(framework) is wider"), "{said}");
    let counts = column(&setting.text("out/summary.csv"), "outcome", "framework", "n");
    assert!(counts[0] >= 20 && counts[0] < 300 && counts[1] == 0 && counts[2] == counts[0], "{counts:?}");
    let failures = setting.text("out/failures.csv");
    assert_eq!(failures.lines().count() as u64, counts[0] + 1);
    assert!(failures.contains("chess"));
}

#[test]
fn ranges_may_be_linear_logarithmic_whole_or_lists() {
    let setting = Setting::new(
        "[sweep]\ndesign = \"paired\"\nreplications = 1\ntheories = [\"realism\"]\n\
         [[sweep.factor]]\npath = \"world.distance_km\"\nlow = 1000.0\nhigh = 8000.0\nscale = \"log\"\nsteps = 4\n\
         [[sweep.factor]]\npath = \"world.proposal_pause\"\nlow = 1\nhigh = 10\nscale = \"integer\"\nsteps = 4\n\
         [[sweep.factor]]\npath = \"organisation.NORTH.decision\"\n\
         values = [\"consensus\", \"majority\", \"weighted\", \"leader\"]\n\
         [[sweep.factor]]\npath = \"world.shadow\"\nlow = 0.5\nhigh = 0.8\nsteps = 4\n",
    );
    setting.sweep(&["--out", "out"]);
    let points = setting.text("out/points.csv");
    assert_eq!(
        points,
        "point,world.distance_km,world.proposal_pause,organisation.NORTH.decision,world.shadow\n\
         0,1000,1,consensus,0.5\n1,2000,4,majority,0.6\n2,4000,7,weighted,0.7\n3,8000,10,leader,0.8\n"
    );
    assert_eq!(setting.text("out/runs.csv").lines().count(), 5);
    // the same in a Latin hypercube: every whole number and every text comes up evenly
    setting.write(
        "d.toml",
        "[sweep]\ndesign = \"lhs\"\npoints = 40\nreplications = 1\ntheories = [\"realism\"]\n\
         [[sweep.factor]]\npath = \"world.proposal_pause\"\nlow = 1\nhigh = 4\nscale = \"integer\"\n\
         [[sweep.factor]]\npath = \"organisation.NORTH.decision\"\nvalues = [\"consensus\", \"majority\"]\n",
    );
    setting.sweep(&["--out", "lhs"]);
    let points = setting.text("lhs/points.csv");
    for k in 1..=4 {
        assert_eq!(points.lines().filter(|l| l.split(',').nth(1) == Some(&k.to_string())).count(), 10);
    }
    assert_eq!(points.matches("majority").count(), 20);
}

#[test]
fn points_may_come_from_a_table_and_pairs_must_match() {
    let setting = Setting::new(DESIGN);
    setting.write("d.csv", "world.shadow,theory.realism.k0\n0.6,0\n0.9,4\n");
    setting.succeeds(&[
        "sweep", "s.toml", "--design", "d.csv", "-n", "3", "--theory", "realism", "--out", "out",
    ]);
    assert_eq!(setting.text("out/points.csv"), "point,world.shadow,theory.realism.k0\n0,0.6,0\n1,0.9,4\n");
    assert_eq!(setting.text("out/runs.csv").lines().count(), 7);
    let table = |text: &str, word: &str| {
        setting.write("d.csv", text);
        setting.fails(&["sweep", "s.toml", "--design", "d.csv", "--out", "bad"], word);
    };
    table("world.shadow,theory.realism.k0\n0.6\n", "row 1 has 1 values for 2 factors");
    table("world.shadow,world.shadow\n0.6,0.7\n", "given twice");
    table("world.shadow\n", "no points");
    table("world.shadow\n0.6\nmuch\n", "must be a number");
    setting.write(
        "d.toml",
        "[sweep]\ndesign = \"paired\"\n[[sweep.factor]]\npath = \"world.shadow\"\nvalues = [0.6, 0.7]\n\
         [[sweep.factor]]\npath = \"theory.realism.k0\"\nvalues = [1]\n",
    );
    setting.fails(&["sweep", "s.toml", "--design", "d.toml", "--out", "bad"], "lists of one length");
}

#[test]
fn constraints_leave_points_out() {
    let setting = Setting::new(
        "[sweep]\ndesign = \"factorial\"\nreplications = 1\ntheories = [\"realism\"]\n\
         constraints = [\"quiet < loud\", \"loud <= 2\"]\n\
         [[sweep.factor]]\npath = \"theory.realism.autonomy\"\nlabel = \"quiet\"\nlow = 0\nhigh = 3\nsteps = 4\n\
         [[sweep.factor]]\npath = \"theory.realism.influence\"\nlabel = \"loud\"\nlow = 0\nhigh = 3\nsteps = 4\n",
    );
    setting.sweep(&["--out", "out"]);
    assert_eq!(
        setting.text("out/points.csv"),
        "point,theory.realism.autonomy,theory.realism.influence\n0,0,1\n1,0,2\n2,1,2\n"
    );
    for (constraint, word) in [
        ("quiet < louder", "neither a factor nor a number"),
        ("quiet << loud", "is not one of"),
        ("quiet<loud", "not of the form"),
        ("quiet > 5", "no point meets"),
    ] {
        let design = setting.text("d.toml").replace("quiet < loud", constraint);
        setting.write("bad.toml", design);
        setting.fails(&["sweep", "s.toml", "--design", "bad.toml", "--out", "bad"], word);
    }
}

#[test]
fn a_dry_run_says_the_size_the_first_points_and_the_time_and_writes_nothing() {
    let setting = Setting::new(DESIGN);
    let before = std::fs::read_dir(setting.path("")).expect("a folder").count();
    let said = setting.sweep(&["--dry-run", "--out", "out", "--threads", "2"]);
    assert!(said.contains("3 points, 1 population, 30 replications: 90 runs."), "{said}");
    assert!(said.contains("point 0: theory.realism.k0=0\n"), "{said}");
    assert!(said.contains("point 1: theory.realism.k0=2\n"), "{said}");
    assert!(said.contains("About") && said.contains("on 2."), "{said}");
    assert_eq!(std::fs::read_dir(setting.path("")).expect("a folder").count(), before);
}

#[test]
fn sensitivity_reads_morris_and_saltelli_sweeps() {
    let factors = "[[sweep.factor]]\npath = \"world.shadow\"\nlow = 0.5\nhigh = 0.95\n\
        [[sweep.factor]]\npath = \"theory.realism.k0\"\nlow = 0.0\nhigh = 5.0\n\
        [[sweep.factor]]\npath = \"theory.constructivism.othering\"\nlow = 0.1\nhigh = 0.3\n";
    let setting = Setting::new("");
    let head = "replications = 10\ntheories = [\"realism\"]\n";
    for (design, size) in [("morris", "trajectories = 6"), ("saltelli", "points = 16")] {
        setting.write("d.toml", format!("[sweep]\ndesign = \"{design}\"\n{size}\n{head}{factors}"));
        setting.sweep(&["--out", design]);
        let said = setting.succeeds(&["sensitivity", design, "--outcome", "cooperation_between"]);
        assert!(said.contains("theory.realism.k0") && said.contains("by replications: ±"), "{said}");
        let place = format!("{design}.sensitivity");
        let table = setting.text(&format!("{place}/sensitivity.csv"));
        assert!(table.starts_with("theory,outcome,factor,index,value,ci_low,ci_high,resamples\n"));
        // a parameter of another school has no effect on realists, whatever the outcome
        let index = if design == "morris" { "mu_star" } else { "ST" };
        let of = |factor: &str| {
            let key = format!("realism,cooperation_between,{factor},{index},");
            let line = table.lines().find(|l| l.starts_with(&key)).expect("an index");
            line.split(',').nth(4).and_then(|c| c.parse::<f64>().ok()).expect("a number")
        };
        assert_eq!(of("theory.constructivism.othering"), 0.0);
        assert!(of("world.shadow") > 0.0 && of("theory.realism.k0") > 0.0);
        let steps = setting.text(&format!("{place}/convergence.csv"));
        assert!(steps.starts_with("theory,outcome,replications,point,half_width\n"));
        let numbers: Vec<u64> = column(&steps, "outcome", "framework", "replications");
        assert_eq!(numbers, [2, 4, 8, 10]);
        setting.fails(&["sensitivity", design], "exists");
        setting.fails(
            &["sensitivity", design, "--outcome", "framwork", "--out", "x"],
            "did you mean `framework`?",
        );
    }
    setting.write("d.toml", DESIGN);
    setting.sweep(&["--out", "grid"]);
    setting.fails(&["sensitivity", "grid"], "morris");
    setting.fails(&["sensitivity", "nothing"], "manifest.json");
}

/// A sweep can hold every run to the dated facts, keep a few outcomes, and say who comes first at how many points.
#[test]
fn a_sweep_holds_runs_to_facts_and_keeps_what_is_asked_for() {
    let setting = Setting::new("");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let fact = |id: &str, block: &str, measure: &str| {
        format!(
            "\n[[fact]]\nid = \"{id}\"\nclaim = \"c\"\nblock = \"{block}\"\nsplit = \"holdout\"\nmeasure = \"{measure}\"\n"
        )
    };
    let mut text = std::fs::read_to_string(root.join("scenarios/two-blocs.toml")).expect("a scenario");
    // one always holds; of the two of another block one never does: (1 + 1/2) / 2
    text += &fact("A", "bloc to bloc", "at(cooperation_between, end) >= 0");
    text += &fact("B", "other", "at(cooperation_between, end) <= 1");
    text += &fact("C", "other", "at(cooperation_between, end) > 1");
    setting.write("facts.toml", text.replace("end)", "2010Q4)"));
    let design = |more: &str| {
        format!(
            "[sweep]\ndesign = \"morris\"\ntrajectories = 2\nreplications = 2\n{more}\
             [[sweep.factor]]\npath = \"world.shadow\"\nlow = 0.5\nhigh = 0.95\n"
        )
    };
    let run = |out: &str| setting.succeeds(&["sweep", "facts.toml", "--design", "d.toml", "--out", out]);
    setting.write("d.toml", design("facts = true\noutcomes = [\"facts_shown\", \"facts_shown_between\"]\n"));
    run("kept");
    let table = setting.text("kept/runs.csv");
    assert!(
        table.starts_with("point,replication,world.shadow,theory,facts_shown,facts_shown_between\n"),
        "{table}"
    );
    assert!(table.lines().skip(1).all(|l| l.ends_with(",0.75,1")), "{table}");
    // the same runs, of which everything is kept
    setting.write("d.toml", design("facts = true\n"));
    run("all");
    let summary = setting.text("all/summary.csv");
    let shares: Vec<&str> = summary.lines().filter(|l| l.contains(",facts_shown,")).collect();
    assert!(shares.len() == 4 * 3 && shares.iter().all(|l| l.contains(",facts_shown,2,0.75,")), "{shares:?}");
    let said = setting.succeeds(&["sensitivity", "all", "--outcome", "cooperation_between"]);
    let leads = setting.text("all.sensitivity/leads.csv");
    let first: Vec<u64> = column(&leads, "outcome", "cooperation_between", "points");
    assert!(first.len() == 3 && first.iter().sum::<u64>() <= 3, "{leads}");
    assert!(said.contains("Highest cooperation_between over 3 points:"), "{said}");

    let refused = |more: &str, words: &str| {
        setting.write("d.toml", design(more));
        setting.fails(&["sweep", "facts.toml", "--design", "d.toml", "--out", "x"], words);
    };
    refused("outcomes = [\"framwork\"]\n", "did you mean `framework`");
    refused("outcomes = [\"facts_shown\"]\n", "no outcome is called `facts_shown`");
    refused("outcomes = []\n", "at least one outcome");
    setting.write("d.toml", design("facts = true\n"));
    let plain = root.join("scenarios/anarchy.toml").display().to_string();
    setting.fails(&["sweep", &plain, "--design", "d.toml", "--out", "x"], "asks for facts");
    setting.write("d.toml", design("outcomes = [\"proposals\"]\n"));
    let width = ["sweep", "facts.toml", "--design", "d.toml", "--until-width", "0.2", "--out", "x"];
    setting.fails(&width, "`framework`, which the design does not keep");
}

#[test]
fn every_documented_and_shipped_design_is_sound() {
    let setting = Setting::new(DESIGN);
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/experiments.md")).expect("the page");
    // an example is a block of indented lines; blank lines may be inside
    let mut examples = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line == "    [sweep]" {
            let mut text = String::from("[sweep]\n");
            while let Some(next) = lines.next_if(|l| l.is_empty() || l.starts_with("    ")) {
                text += next.trim_start();
                text += "\n";
            }
            examples.push(text);
        }
    }
    assert!(examples.len() >= 5, "one example for each kind of design");
    let scenario = |name: &str| root.join("scenarios").join(name).display().to_string();
    for text in examples {
        setting.write("example.toml", &text);
        let said = setting.succeeds(&[
            "sweep",
            &scenario("two-blocs.toml"),
            "--design",
            "example.toml",
            "--dry-run",
        ]);
        assert!(said.contains("points,"), "{text}{said}");
    }
    for entry in std::fs::read_dir(root.join("scenarios/sweeps")).expect("a folder") {
        let path = entry.expect("an entry").path().display().to_string();
        setting.succeeds(&["sweep", &scenario("nato-csto.toml"), "--design", &path, "--dry-run"]);
    }
}

#[test]
fn a_slurm_script_names_whole_paths_and_passes_everything_on() {
    let setting = Setting::new(DESIGN);
    let script = setting.succeeds(&[
        "slurm",
        "s.toml",
        "--design",
        "d.toml",
        "--tasks",
        "7",
        "--at-once",
        "3",
        "--out",
        "it's out",
        "--time",
        "1:00:00",
        "--mem",
        "2G",
        "--set",
        "world.shadow=0.8",
        "-n",
        "9",
        "--seed",
        "4",
        "--sbatch=--partition=short",
    ]);
    for word in [
        "--array=1-7%3",
        "--mem=2G",
        "--time=1:00:00",
        "--requeue",
        "--kill-on-invalid-dep=yes",
        "--dependency=afterok:",
        "--partition=short",
        "/s.toml --design /",
        "--set world.shadow=0.8 --replications 9 --seed 4",
        "/7\" --threads 1",
        r"/it'\''s out'/shards --resume",
    ] {
        assert!(script.contains(word), "{word} is not in\n{script}");
    }
    let mut check = std::process::Command::new("bash")
        .arg("-n")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("bash");
    std::io::Write::write_all(&mut check.stdin.take().expect("a pipe"), script.as_bytes()).expect("written");
    assert!(check.wait().expect("a status").success(), "bash can read it");
    let slurm = |more: &[&str], word: &str| {
        setting.fails(&[&["slurm", "s.toml", "--design", "d.toml"], more].concat(), word);
    };
    slurm(&["--tasks", "0"], "1..=10000");
    slurm(&["--mem", "1G; rm"], "letters, digits");
    slurm(&["--set", "world.shadoww=1"], "did you mean `shadow`?");
    setting.write("d.toml", DESIGN.replace("high = 4.0", "high = -1.0"));
    slurm(&[], "inverted");
}
