//! The numbers of docs/benchmarks.md, as CSV on standard output.
//!
//!     cargo bench --bench table -- alliance    the alliance IPD, as benches/peers/*.py print it
//!     cargo bench --bench table -- sweep       the same, many replications on all cores, set-up and CSV included
//!     cargo bench --bench table -- check N ROUNDS ...    mean and standard deviation of the share of cooperation
//!     cargo bench --bench table -- model       the full model with more states, threads and replications

mod plain;

use std::fmt::Write;
use std::time::Instant;

use rayon::prelude::*;
use twain::experiment::replicate::{pool, replicate};
use twain::game::alliance::Alliance;

/// Median seconds of five calls, after one to warm up.
fn median(mut call: impl FnMut()) -> f64 {
    call();
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            call();
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[2]
}

fn alliance() {
    println!("program,n,rounds,noise,pairs_per_second,seconds,payoff,cooperations");
    for (n, rounds) in [(6, 2_000_000), (32, 200_000), (100, 20_000), (300, 2000), (1000, 200)] {
        for noise in [0.0, 0.01] {
            let pairs = (n * (n - 1) / 2) as f64 * rounds as f64;
            let (mut totals, mut seconds) = ((0, 0), Vec::new());
            for k in 0..6 {
                let mut world = Alliance::new(n, noise, k, 0);
                let start = Instant::now();
                let outcome = world.play(rounds);
                seconds.push(start.elapsed().as_secs_f64());
                totals = (outcome.total_payoff(), outcome.total_cooperations());
            }
            // the first warmed up
            seconds.remove(0);
            seconds.sort_by(f64::total_cmp);
            let (t, (payoff, cooperations)) = (seconds[2], totals);
            println!("twain,{n},{rounds},{noise},{:.4e},{t:.4},{payoff},{cooperations}", pairs / t);
            if n <= 32 {
                let some = rounds / 20;
                let t = median(|| {
                    std::hint::black_box(plain::play(n, some, noise, 1, 0));
                });
                println!("plain Rust,{n},{some},{noise},{:.4e},{t:.4},,", pairs / 20.0 / t);
            }
        }
    }
}

/// `replications` worlds on all cores, a row of CSV for each, written to a file.
fn sweep() {
    println!("program,replications,n,rounds,noise,pairs_per_second,seconds,threads");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (replications, n, rounds) in [(20_000, 6, 1000), (20_000, 32, 1000)] {
        let t = median(|| {
            let rows: Vec<String> = (0..replications)
                .into_par_iter()
                .map(|r| {
                    let mut world = Alliance::new(n, 0.01, 1, r);
                    let outcome = world.play(rounds);
                    let mut row = String::new();
                    for i in 0..n {
                        let _ = writeln!(
                            row,
                            "{r},{i},{},{}",
                            outcome.payoff(i),
                            outcome.players[i].cooperations
                        );
                    }
                    row
                })
                .collect();
            let text = format!("replication,player,payoff,cooperations\n{}", rows.concat());
            std::fs::write(folder.path().join("runs.csv"), text).expect("written");
        });
        let pairs = (n * (n - 1) / 2) as f64 * rounds as f64 * replications as f64;
        let threads = rayon::current_num_threads();
        println!("twain,{replications},{n},{rounds},0.01,{:.4e},{t:.3},{threads}", pairs / t);
    }
}

/// The share of cooperation in one world at 1% noise: mean and standard deviation over 100 worlds, for each size.
fn check(sizes: &[&str]) {
    println!("n,rounds,mean,sd");
    for size in sizes.chunks_exact(2) {
        let (n, rounds) = (size[0].parse().expect("players"), size[1].parse().expect("rounds"));
        let shares: Vec<f64> =
            (0..100).into_par_iter().map(|r| Alliance::new(n, 0.01, 11, r).play(rounds).share()).collect();
        let mean = shares.iter().sum::<f64>() / 100.0;
        let variance = shares.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 99.0;
        println!("{n},{rounds},{mean:.6},{:.6}", variance.sqrt());
    }
}

/// A scenario of `n` invented states in two bodies, with two issues, over ten years.
fn invented(n: usize) -> String {
    let mut text = String::from(
        "name = \"invented\"\n[run]\nstart = \"2000Q1\"\nend = \"2009Q4\"\nreplications = 1\nblocs = [\"ONE\", \"TWO\"]\n",
    );
    for i in 0..n {
        let great = if i < 2 { "great_power = true\n" } else { "" };
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let _ = write!(
            text,
            "[state.S{i:03}]\nname = \"State {i}\"\ncapital = [{}, {}]\ncapability = {}\ngdp = {}\nburden = 2.0\n\
             regime = {}\nalignment = {}\n{great}",
            30 + (i * 7) % 35,
            (i * 13) % 90,
            if i < 2 { 0.1 } else { 0.5 / n as f64 },
            100 + 10 * i,
            0.5 + 0.4 * side,
            side
        );
    }
    for (k, code) in ["ONE", "TWO"].iter().enumerate() {
        let members: Vec<String> = (k..n).step_by(2).map(|i| format!("S{i:03} = 1990")).collect();
        let _ = write!(
            text,
            "[organisation.{code}]\nname = \"Body {code}\"\nleader = \"S{k:03}\"\nmembers = {{ {} }}\ninstitution = 0.5\n",
            members.join(", ")
        );
    }
    text += "proposes_to = [\"ONE\"]\n";
    for (code, level) in [("first", 0.6), ("second", 0.4)] {
        let _ = write!(
            text,
            "[issue.{code}]\nname = \"Issue {code}\"\npayoffs = [5, 3, 1, 0]\nlevel = {level}\ncommon_threat = 0.3\n"
        );
    }
    text
}

fn model() {
    println!("states,steps,replications,threads,seconds,runs_per_second,decisions_per_second");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut cases = vec![];
    for n in [35, 70, 150, 300] {
        cases.push((n, 4, 1));
    }
    for threads in (1..=cores.min(16)).filter(|t| t.is_power_of_two() || *t == cores) {
        cases.push((35, 32, threads));
    }
    for replications in [8, 128] {
        cases.push((35, replications, cores));
    }
    for (n, replications, threads) in cases {
        let path = folder.path().join(format!("{n}.toml"));
        std::fs::write(&path, invented(n)).expect("written");
        let scenario = twain::scenario::load(&path, &[]).expect("a sound scenario");
        let population = scenario.population("institutionalism").expect("a school");
        let threaded = pool(threads).expect("threads");
        let start = Instant::now();
        threaded
            .install(|| replicate(&scenario.world, &population, replications, |_, _| Ok(())))
            .expect("runs");
        let t = start.elapsed().as_secs_f64();
        let steps = scenario.world.calendar.steps;
        let decisions = (n * (n - 1) * scenario.world.issues.len() * steps) as f64 * replications as f64;
        println!(
            "{n},{steps},{replications},{threads},{t:.3},{:.3},{:.3e}",
            replications as f64 / t,
            decisions / t
        );
    }
}

fn main() {
    // `cargo test --benches` and `cargo bench` pass words of their own
    let words: Vec<String> = std::env::args().skip(1).filter(|w| !w.starts_with('-')).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["alliance"] => alliance(),
        ["sweep"] => sweep(),
        ["model"] => model(),
        ["check", ref sizes @ ..] => check(sizes),
        _ => eprintln!("say alliance, sweep, model or check, as in: cargo bench --bench table -- alliance"),
    }
}
