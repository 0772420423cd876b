//! A sweep: a plan, a journal that survives anything, and the tables made from it.
//!
//! Run `i` is replication `i / (points * theories)` of a point and a theory: replications are the outer loop, so an
//! interrupted sweep is an even sample. Shard `k` of `n` owns the runs with `i % n == k - 1`. The journal is
//! append-only: one JSON line that identifies the plan, then one line per run in order. The tables are made from
//! journals alone, whatever wrote them, hence equal to the byte.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cells::Cells;
use super::design::Sweep;
use crate::model::metrics::metrics;
use crate::model::{Record, Simulation, World};
use crate::output::{Folder, Tables, show};
use crate::scenario::{Scenario, from_tree};

/// The journal is written after so many runs as take about this long.
const PAUSE: Duration = Duration::from_millis(500);
/// Most runs between two writes of the journal.
const MOST: u64 = 4096;
/// Points whose worlds are kept resolved.
const KEPT: usize = 500;

/// Everything that identifies a sweep; the first line of its journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Version of the program.
    pub twain: String,
    /// Provenance of the scenario.
    pub manifest: serde_json::Value,
    /// Hash of the resolved scenario.
    pub scenario: String,
    /// Master seed.
    pub seed: u64,
    /// The design.
    pub sweep: Sweep,
    /// Values of the factors at every point.
    pub points: Vec<Vec<String>>,
    /// Populations.
    pub theories: Vec<String>,
    /// Names of the outcomes.
    pub outcomes: Vec<String>,
    /// Replications of each point.
    pub replications: u64,
    /// Stop once every interval of `framework` is at most this wide.
    pub until_width: Option<f64>,
    /// Which shard this is, from 1.
    pub shard: u64,
    /// How many shards there are.
    pub shards: u64,
}

/// A model that a sweep can run.
pub trait Model: Sync {
    /// The outcomes of one run.
    ///
    /// # Errors
    /// Why this run has none.
    fn run(&self, point: usize, theory: usize, replication: u64) -> Result<Vec<f64>, String>;
}

/// Outcomes that a run of a world yields.
pub type Outcomes = dyn Fn(&World, &Record) -> Vec<f64> + Send + Sync;

/// What else is asked of every run: names of outcomes, and what gives them.
pub struct Judge {
    /// Names of the outcomes.
    pub names: Vec<String>,
    /// The outcomes of a run, as many as there are names.
    pub of: Box<Outcomes>,
}

/// Twain's model at the points of a plan.
pub struct Worlds<'a> {
    base: &'a Scenario,
    plan: &'a Plan,
    judge: Option<Judge>,
    /// Places of the plan's outcomes among all that a run yields, and how many those are.
    places: (Vec<usize>, usize),
    kept: Vec<OnceLock<Result<Scenario, String>>>,
}

impl<'a> Worlds<'a> {
    /// The model for `plan`, whose points change `base`; `judge` gives the last of the plan's outcomes.
    pub fn new(base: &'a Scenario, plan: &'a Plan, judge: Option<Judge>) -> Self {
        let kept = plan.points.iter().take(KEPT).map(|_| OnceLock::new()).collect();
        let all: Vec<String> =
            outcomes(base).into_iter().chain(judge.iter().flat_map(|j| j.names.clone())).collect();
        let places = plan.outcomes.iter().filter_map(|o| all.iter().position(|a| a == o)).collect();
        Worlds { base, plan, judge, places: (places, all.len()), kept }
    }

    /// The scenario at a point.
    ///
    /// # Errors
    /// A value that the scenario's checks refuse.
    pub fn resolve(&self, point: usize) -> Result<Scenario, String> {
        let changes = self.plan.sweep.changes(&self.plan.points[point]);
        from_tree(&self.base.path, self.base.tree.clone(), &changes).map_err(|m| format!("{m}"))
    }
}

/// Names of what a run of `scenario` yields.
pub fn outcomes(scenario: &Scenario) -> Vec<String> {
    let own = ["framework", "framework_time", "proposals", "proposals_passed"].map(String::from);
    let taken = metrics(&scenario.world).into_iter().map(|m| m.name.to_string());
    let mut all = own.to_vec();
    for name in taken {
        all.push(if all.contains(&name) { format!("{name}_final") } else { name });
    }
    all
}

impl Model for Worlds<'_> {
    fn run(&self, point: usize, theory: usize, replication: u64) -> Result<Vec<f64>, String> {
        let fresh;
        let scenario = match self.kept.get(point) {
            Some(cell) => cell.get_or_init(|| self.resolve(point)),
            None => {
                fresh = self.resolve(point);
                &fresh
            }
        };
        let scenario = scenario.as_ref().map_err(Clone::clone)?;
        let population = scenario.population(&self.plan.theories[theory]).map_err(|m| format!("{m}"))?;
        let mut record = Record::new(&scenario.world);
        Simulation::new(&scenario.world, &population).run(replication, &mut record);
        let (outcome, calendar) = (record.outcome(), scenario.world.calendar);
        let when = outcome.framework.map_or(f64::NAN, |s| calendar.date(s).decimal());
        let mut row = vec![
            f64::from(u8::from(outcome.framework.is_some())),
            when,
            outcome.proposals as f64,
            outcome.passed as f64,
        ];
        row.extend((0..record.metrics.len()).map(|m| record.value(calendar.steps - 1, m)));
        row.extend(self.judge.iter().flat_map(|j| (j.of)(&scenario.world, &record)));
        let (places, all) = &self.places;
        if row.len() == *all && places.len() == self.plan.outcomes.len() {
            Ok(places.iter().map(|&k| row[k]).collect())
        } else {
            Err("the point changes the list of metrics".into())
        }
    }
}

/// One line of a journal.
enum Line {
    Row(Vec<f64>),
    Failure(String),
}

impl Line {
    /// A line ends in the CRC-32 of what stands before it, so that a changed digit is seen.
    fn write(&self, index: u64) -> String {
        let text = match self {
            Line::Row(row) => {
                let cells: Vec<String> = row.iter().map(|&x| show(x)).collect();
                format!("{index},ok,{}", cells.join(","))
            }
            Line::Failure(why) => format!("{index},failed,{}", why.replace(['\n', '\r'], " ")),
        };
        format!("{text},{:08x}\n", crc32fast::hash(text.as_bytes()))
    }

    fn read(text: &str, index: u64, outcomes: usize) -> Option<Self> {
        let (text, sum) = text.rsplit_once(',')?;
        if u32::from_str_radix(sum, 16).ok()? != crc32fast::hash(text.as_bytes()) {
            return None;
        }
        let mut parts = text.splitn(3, ',');
        if parts.next()?.parse::<u64>().ok()? != index {
            return None;
        }
        match (parts.next()?, parts.next()?) {
            ("failed", why) => Some(Line::Failure(why.to_string())),
            ("ok", cells) => {
                let row: Option<Vec<f64>> = cells
                    .split(',')
                    .map(|c| match c {
                        "" => Some(f64::NAN),
                        c => c.parse().ok().filter(|x: &f64| x.is_finite()),
                    })
                    .collect();
                row.filter(|r| r.len() == outcomes).map(Line::Row)
            }
            _ => None,
        }
    }
}

impl Plan {
    /// Whether `folder` holds the whole result of this very sweep.
    pub fn finished(&self, folder: &Path) -> bool {
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        let Some(manifest) =
            read("manifest.json").and_then(|t| serde_json::from_str::<serde_json::Value>(&t).ok())
        else {
            return false;
        };
        let own = &self.manifest;
        manifest["sweep"] == serde_json::json!(self.sweep)
            && ["twain", "commit", "scenario", "seed", "replications", "theories"]
                .iter()
                .all(|k| manifest[*k] == own[*k])
    }

    /// Runs of all shards.
    pub fn runs(&self) -> u64 {
        self.round() * self.replications
    }

    fn round(&self) -> u64 {
        (self.points.len() * self.theories.len()) as u64
    }

    fn own(&self) -> u64 {
        (self.runs() + self.shards - self.shard) / self.shards
    }

    fn place(&self, index: u64) -> (u64, usize, usize) {
        let (round, theories) = (self.round(), self.theories.len() as u64);
        let cell = index % round;
        (index / round, (cell / theories) as usize, (cell % theories) as usize)
    }

    fn whole(&self) -> Plan {
        Plan { shard: 1, shards: 1, ..self.clone() }
    }

    fn header(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

/// How a sweep ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All runs are in the journal.
    Whole,
    /// Stopped early; `--resume` goes on.
    Stopped,
}

/// Fewest replications before the interval rule may stop a sweep.
const FEWEST: u64 = 20;

/// Whether the interval rule of `plan` stops the sweep after `done` runs: every interval of P(framework) is narrow
/// enough. A cell in which every run failed has no interval and is not waited for.
fn enough(plan: &Plan, cells: &Cells, done: u64) -> bool {
    plan.until_width.is_some_and(|width| {
        done.is_multiple_of(plan.round())
            && done / plan.round() >= FEWEST
            && cells.widest(0).is_none_or(|(_, half)| 2.0 * half <= width)
    })
}

/// Runs `plan` with `model`, appending to the journal at `path`, until it is whole or `stop` is set. `tick` hears how
/// many runs were added. A kill loses the runs that are not yet in the journal, about a second of work.
///
/// # Errors
/// A journal of another sweep or in use by another process, an existing journal without `resume`, a full disk.
pub fn run(
    plan: &Plan,
    model: &dyn Model,
    path: &Path,
    resume: bool,
    stop: &AtomicBool,
    tick: impl Fn(u64),
) -> anyhow::Result<Ending> {
    let name = path.display().to_string();
    if path.exists() {
        let busy = File::open(path).is_ok_and(|f| matches!(f.try_lock(), Err(TryLockError::WouldBlock)));
        ensure!(!busy, "{name} is being written by another twain; wait for it, or stop it");
        ensure!(resume, "{name} is an unfinished sweep; give --resume to go on, or --force to start anew");
    } else if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    }
    let mut file = (OpenOptions::new().read(true).append(true).create(true).open(path))
        .with_context(|| format!("cannot write {name}"))?;
    // a file system without locks is no reason not to run
    ensure!(
        !matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        "{name} is being written by another twain; wait for it, or stop it"
    );
    let full = || format!("cannot write {name}; what is in it is kept: make room and give --resume");
    let mut cells = plan.until_width.map(|_| Cells::new(plan.round() as usize, &plan.outcomes));
    let mut done = 0;
    if begin(plan, &mut file, &name)? {
        repair(&mut file).with_context(|| format!("cannot read {name}"))?;
        let mut reader = Journal::open(path)?;
        while let Some((index, line)) = reader.next()? {
            if let (Some(cells), Line::Row(row)) = (&mut cells, &line) {
                cells.add((index % plan.round()) as usize, row);
            }
            done += 1;
        }
        tick(done);
    } else {
        let header = plan.header()?;
        file.set_len(0).and_then(|()| file.write_all(header.as_bytes())).with_context(full)?;
    }
    let finished = |cells: &Option<Cells>, done: u64| cells.as_ref().is_some_and(|c| enough(plan, c, done));
    // the clock decides when to write, never what
    let threads = rayon::current_num_threads() as u64;
    let mut chunk = 2 * threads;
    while done < plan.own() && !finished(&cells, done) {
        let start = Instant::now();
        let mut end = (done + chunk).min(plan.own());
        if cells.is_some() {
            // whole rounds, so that the rule is judged at the end of each
            end = end.next_multiple_of(plan.round()).min(plan.own());
        }
        let lines: Vec<Option<(u64, Line)>> = (done..end)
            .into_par_iter()
            .map(|j| {
                if stop.load(Ordering::SeqCst) {
                    return None;
                }
                let index = j * plan.shards + plan.shard - 1;
                let (replication, point, theory) = plan.place(index);
                let result = catch_unwind(AssertUnwindSafe(|| model.run(point, theory, replication)));
                let line = match result {
                    Ok(Ok(row)) => Line::Row(row),
                    Ok(Err(why)) => Line::Failure(why),
                    Err(_) => Line::Failure("the run panicked".into()),
                };
                Some((index, line))
            })
            .collect();
        let (mut text, before) = (String::new(), done);
        for (index, line) in lines.iter().map_while(Option::as_ref) {
            if finished(&cells, done) {
                break;
            }
            let written = line.write(*index);
            // widths are judged on the values as written, so that a resumed sweep stops at the same place
            if let Some(cells) = &mut cells
                && let Some(Line::Row(row)) = Line::read(written.trim_end(), *index, plan.outcomes.len())
            {
                cells.add((index % plan.round()) as usize, &row);
            }
            text += &written;
            done += 1;
        }
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).with_context(full)?;
        tick(done - before);
        if done < end && stop.load(Ordering::SeqCst) && !finished(&cells, done) {
            return Ok(Ending::Stopped);
        }
        let took = start.elapsed();
        if took < PAUSE / 2 {
            chunk = (2 * chunk).min(MOST);
        } else if took > 2 * PAUSE {
            chunk = (chunk / 2).max(threads);
        }
    }
    Ok(Ending::Whole)
}

/// Whether `file` begins with the header of `plan`. An empty file and one killed inside its first write do not, and
/// may be written anew; anything else is refused before a byte of it is touched.
fn begin(plan: &Plan, file: &mut File, name: &str) -> anyhow::Result<bool> {
    let header = plan.header()?;
    let mut start = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    Read::by_ref(file)
        .take(header.len() as u64)
        .read_to_end(&mut start)
        .with_context(|| format!("cannot read {name}"))?;
    if start == header.as_bytes() {
        return Ok(true);
    }
    if header.as_bytes().starts_with(&start) {
        return Ok(false);
    }
    let there = Journal::open(Path::new(name))?.plan;
    bail!(
        "{name} belongs to another sweep ({}); give --force to start anew, or --out for another place",
        difference(&there, plan)
    )
}

fn difference(there: &Plan, here: &Plan) -> &'static str {
    // seed, theories and replications are part of the resolved scenario, too, so they come first
    if there.twain != here.twain {
        "another version of twain"
    } else if there.manifest["commit"] != here.manifest["commit"] {
        "another commit of twain"
    } else if there.seed != here.seed {
        "another seed"
    } else if there.theories != here.theories {
        "other theories"
    } else if there.replications != here.replications {
        "other replications"
    } else if there.until_width != here.until_width {
        "another stopping rule"
    } else if (there.shard, there.shards) != (here.shard, here.shards) {
        "another shard"
    } else if there.points != here.points {
        "another design"
    } else if there.scenario != here.scenario {
        "another scenario"
    } else {
        "another name of the scenario, or other labels of the design"
    }
}

/// Cuts a torn last line.
fn repair(file: &mut File) -> std::io::Result<()> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = length;
    let mut buffer = [0u8; 4096];
    while end > 0 {
        let size = end.min(4096);
        file.seek(SeekFrom::Start(end - size))?;
        file.read_exact(&mut buffer[..size as usize])?;
        if let Some(k) = buffer[..size as usize].iter().rposition(|&b| b == b'\n') {
            let keep = end - size + k as u64 + 1;
            if keep < length {
                file.set_len(keep)?;
            }
            break;
        }
        end -= size;
    }
    Ok(())
}

/// Removes a journal that is no longer needed.
///
/// # Errors
/// If another process writes it, or it is no journal at all.
pub fn retire(path: &Path) -> anyhow::Result<()> {
    let shown = path.display();
    if !path.exists() {
        return Ok(());
    }
    let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
    ensure!(
        !matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        "{shown} is being written by another twain; wait for it, or stop it"
    );
    ensure!(is_journal(path), "{shown} is not a journal of twain; it is left as it is: move it away");
    std::fs::remove_file(path).with_context(|| format!("cannot remove {shown}"))
}

/// Whether the file at `path` begins as a journal does, or holds nothing yet.
fn is_journal(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.len() == 0) || Journal::open(path).is_ok()
}

/// A journal being read.
struct Journal {
    name: String,
    plan: Plan,
    reader: BufReader<File>,
    line: u64,
    next: u64,
}

impl Journal {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let mut reader = BufReader::new(File::open(path).with_context(|| format!("cannot open {name}"))?);
        let mut first = Vec::new();
        reader.read_until(b'\n', &mut first).with_context(|| format!("cannot read {name}"))?;
        ensure!(!first.is_empty(), "{name} is empty; run its shard again with --resume");
        let plan: Plan =
            serde_json::from_slice(&first).map_err(|_| anyhow!("{name} is not a journal of twain"))?;
        ensure!(
            (1..=plan.shards).contains(&plan.shard) && !plan.points.is_empty() && !plan.theories.is_empty(),
            "{name} is not a journal of twain"
        );
        Ok(Journal { name, next: plan.shard - 1, line: 1, plan, reader })
    }

    fn next(&mut self) -> anyhow::Result<Option<(u64, Line)>> {
        let mut bytes = Vec::new();
        self.reader.read_until(b'\n', &mut bytes).with_context(|| format!("cannot read {}", self.name))?;
        // a last line without its end was cut by a kill: it is not there yet
        if bytes.pop() != Some(b'\n') {
            return Ok(None);
        }
        self.line += 1;
        let index = self.next;
        let line = String::from_utf8(bytes)
            .ok()
            .and_then(|text| Line::read(&text, index, self.plan.outcomes.len()))
            .with_context(|| {
                format!(
                    "{}:{}: this line, run {index}, is damaged; delete it and what follows, then --resume",
                    self.name, self.line
                )
            })?;
        self.next += self.plan.shards;
        Ok(Some((index, line)))
    }
}

/// What came of a whole sweep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally {
    /// Runs in the tables, failures included.
    pub runs: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Replications of each point.
    pub replications: u64,
    /// Width of the widest 95% interval of P(framework); `None` if no point has one.
    pub widest: Option<f64>,
}

/// The journals of all shards of one sweep, in their order.
fn whole(journals: &[PathBuf]) -> anyhow::Result<Vec<Journal>> {
    let mut open = journals.iter().map(|p| Journal::open(p)).collect::<anyhow::Result<Vec<_>>>()?;
    open.sort_by_key(|j| j.plan.shard);
    let header = open[0].plan.whole().header()?;
    for pair in open.windows(2) {
        ensure!(
            pair[1].plan.whole().header()? == header && pair[1].plan.shards == pair[0].plan.shards,
            "{} and {} belong to different sweeps",
            pair[0].name,
            pair[1].name
        );
        ensure!(
            pair[0].plan.shard != pair[1].plan.shard,
            "{} and {} overlap: both are shard {}",
            pair[0].name,
            pair[1].name,
            pair[0].plan.shard
        );
    }
    let shards = open[0].plan.shards;
    let missing: Vec<String> = (1..=shards)
        .filter(|k| open.iter().all(|j| j.plan.shard != *k))
        .map(|k| format!("{k}/{shards}"))
        .collect();
    ensure!(missing.is_empty(), "missing shards: {}; run them with --shard", missing.join(", "));
    Ok(open)
}

/// A table whose columns the design chooses.
fn table(folder: &Folder, name: &str, columns: [&[&str]; 3]) -> anyhow::Result<crate::output::Table> {
    folder.table(name, &columns.concat())
}

/// One row for each point, population and outcome.
fn summarise(plan: &Plan, cells: &Cells, folder: &mut Folder) -> anyhow::Result<()> {
    let paths: Vec<&str> = plan.sweep.factor.iter().map(|f| f.path.as_str()).collect();
    let tail = ["outcome", "n", "mean", "sd", "ci_low", "ci_high"];
    let mut summary = table(folder, "summary.csv", [&["point", "theory"], &paths, &tail])?;
    for (p, point) in plan.points.iter().enumerate() {
        for (t, theory) in plan.theories.iter().enumerate() {
            for (o, outcome) in plan.outcomes.iter().enumerate() {
                let it = cells.get(p * plan.theories.len() + t, o);
                let mut row = vec![p.to_string(), theory.clone()];
                row.extend(point.iter().cloned());
                row.push(outcome.clone());
                row.push(it.n.to_string());
                row.extend([it.mean, it.sd, it.low, it.high].map(show));
                summary.row(row)?;
            }
        }
    }
    folder.close(summary)
}

/// Makes the tables of a sweep from the journals of all its shards, in `folder`.
///
/// # Errors
/// Missing, overlapping, unfinished or foreign shards; a full disk.
pub fn tables(journals: &[PathBuf], folder: &mut Folder, command: &str) -> anyhow::Result<Tally> {
    ensure!(!journals.is_empty(), "there are no journals to merge");
    let mut open = whole(journals)?;
    let plan = open[0].plan.whole();
    let shards = open[0].plan.shards;
    let paths: Vec<&str> = plan.sweep.factor.iter().map(|f| f.path.as_str()).collect();
    let mut points = table(folder, "points.csv", [&["point"], &paths, &[]])?;
    for (i, point) in plan.points.iter().enumerate() {
        points.row(std::iter::once(i.to_string()).chain(point.iter().cloned()))?;
    }
    folder.close(points)?;

    let outcomes: Vec<&str> = plan.outcomes.iter().map(String::as_str).collect();
    let lead = ["point", "replication"];
    let measured: Vec<&str> = ["theory"].into_iter().chain(outcomes.iter().copied()).collect();
    let mut runs = table(folder, "runs.csv", [&lead, &paths, &measured])?;
    let mut failures = table(folder, "failures.csv", [&lead, &paths, &["theory", "reason"]])?;
    let mut cells = Cells::new(plan.round() as usize, &outcomes);
    let (mut total, mut failed) = (0u64, 0u64);
    for index in 0..plan.runs() {
        let journal = &mut open[(index % shards) as usize];
        let Some((_, line)) = journal.next()? else {
            if enough(&plan, &cells, index) {
                break;
            }
            bail!(
                "{} is not finished: run {index} is missing; run that shard again with --resume",
                journal.name
            );
        };
        let (replication, point, theory) = plan.place(index);
        let lead = [point.to_string(), replication.to_string()];
        let mut row: Vec<String> = lead.into_iter().chain(plan.points[point].iter().cloned()).collect();
        row.push(plan.theories[theory].clone());
        total += 1;
        match line {
            Line::Row(values) => {
                cells.add((index % plan.round()) as usize, &values);
                row.extend(values.iter().map(|&x| show(x)));
                runs.row(row)?;
            }
            Line::Failure(why) => {
                failed += 1;
                row.push(why);
                failures.row(row)?;
            }
        }
    }
    folder.close(runs)?;
    folder.close(failures)?;

    summarise(&plan, &cells, folder)?;
    let mut manifest = plan.manifest.clone();
    manifest["command"] = command.into();
    manifest["theories"] = plan.theories.clone().into();
    manifest["replications"] = total.div_ceil(plan.round()).into();
    manifest["outcomes"] = plan.outcomes.clone().into();
    manifest["sweep"] = serde_json::to_value(&plan.sweep)?;
    manifest["files"] = folder.files();
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    Ok(Tally {
        runs: total,
        failed,
        replications: total.div_ceil(plan.round()),
        widest: cells.widest(0).map(|(_, half)| 2.0 * half),
    })
}
