//! A sweep: a plan, a journal that survives anything, and the tables made from it.
//!
//! Run `i` is replication `i / (points * theories)` of a point and a theory: replications are the outer loop, so an
//! interrupted sweep is an even sample. Shard `k` of `n` owns the runs with `i % n == k - 1`. The journal is
//! append-only: one JSON line that identifies the plan, then one line per run in order. The tables are made from
//! journals alone, whatever wrote them, hence equal to the byte.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail, ensure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::design::Sweep;
use crate::analysis::interval::t95;
use crate::model::metrics::metrics;
use crate::model::{Record, Simulation};
use crate::output::{Folder, show};
use crate::scenario::{Change, Scenario, from_tree};

/// Runs computed between two writes of the journal.
const CHUNK: u64 = 64;
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

/// Twain's model at the points of a plan.
pub struct Worlds<'a> {
    base: &'a Scenario,
    plan: &'a Plan,
    kept: Vec<OnceLock<Result<Scenario, String>>>,
}

impl<'a> Worlds<'a> {
    /// The model for `plan`, whose points change `base`.
    pub fn new(base: &'a Scenario, plan: &'a Plan) -> Self {
        let kept = plan.points.iter().take(KEPT).map(|_| OnceLock::new()).collect();
        Worlds { base, plan, kept }
    }

    /// The scenario at a point.
    ///
    /// # Errors
    /// A value that the scenario's checks refuse.
    pub fn resolve(&self, point: usize) -> Result<Scenario, String> {
        let changes: Vec<Change> = (self.plan.sweep.factor.iter().zip(&self.plan.points[point]))
            .map(|(f, value)| Change { path: f.path.clone(), value: value.clone() })
            .collect();
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
        if row.len() == self.plan.outcomes.len() {
            Ok(row)
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
    fn write(&self, index: u64) -> String {
        match self {
            Line::Row(row) => {
                let cells: Vec<String> = row.iter().map(|&x| show(x)).collect();
                format!("{index},ok,{}\n", cells.join(","))
            }
            Line::Failure(why) => format!("{index},failed,{}\n", why.replace(['\n', '\r'], " ")),
        }
    }

    fn read(text: &str, index: u64, outcomes: usize) -> Option<Self> {
        let mut parts = text.splitn(3, ',');
        if parts.next()?.parse::<u64>().ok()? != index {
            return None;
        }
        match (parts.next()?, parts.next()?) {
            ("failed", why) => Some(Line::Failure(why.to_string())),
            ("ok", cells) => {
                let row: Option<Vec<f64>> = cells
                    .split(',')
                    .map(|c| if c.is_empty() { Some(f64::NAN) } else { c.parse().ok() })
                    .collect();
                row.filter(|r| r.len() == outcomes).map(Line::Row)
            }
            _ => None,
        }
    }
}

impl Plan {
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

/// Means and variances by point, theory and outcome (Welford 1962).
struct Cells {
    outcomes: usize,
    cells: Vec<(u64, f64, f64)>,
}

impl Cells {
    fn new(plan: &Plan) -> Self {
        let outcomes = plan.outcomes.len();
        Cells { outcomes, cells: vec![(0, 0.0, 0.0); plan.round() as usize * outcomes] }
    }

    fn add(&mut self, cell: usize, row: &[f64]) {
        for (k, &x) in row.iter().enumerate().filter(|(_, x)| x.is_finite()) {
            let (n, mean, m2) = &mut self.cells[cell * self.outcomes + k];
            *n += 1;
            let d = x - *mean;
            *mean += d / *n as f64;
            *m2 += d * (x - *mean);
        }
    }

    /// n, mean, standard deviation, half-width of the 95% interval.
    fn get(&self, cell: usize, outcome: usize) -> (u64, f64, f64, f64) {
        let (n, mean, m2) = self.cells[cell * self.outcomes + outcome];
        match n {
            0 => (0, f64::NAN, f64::NAN, f64::NAN),
            1 => (1, mean, f64::NAN, f64::NAN),
            _ => {
                let sd = (m2 / (n - 1) as f64).sqrt();
                (n, mean, sd, t95(n - 1) * sd / (n as f64).sqrt())
            }
        }
    }

    fn narrow(&self, width: f64, round: usize) -> bool {
        (0..round).all(|c| 2.0 * self.get(c, 0).3 <= width)
    }
}

/// Fewest replications before the interval rule may stop a sweep.
const FEWEST: u64 = 20;

/// Runs `plan` with `model`, appending to the journal at `path`, until it is whole or `stop` is set.
///
/// # Errors
/// A journal of another sweep, an existing journal without `resume`, a full disk.
pub fn run(
    plan: &Plan,
    model: &dyn Model,
    path: &Path,
    resume: bool,
    stop: &AtomicBool,
    tick: impl Fn(u64),
) -> anyhow::Result<Ending> {
    let name = path.display().to_string();
    let header = plan.header()?;
    let mut cells = plan.until_width.map(|_| Cells::new(plan));
    let mut done = 0;
    let mut file;
    if path.exists() {
        ensure!(resume, "{name} is an unfinished sweep; give --resume to go on, or --force to start anew");
        repair(path)?;
        let mut reader = Journal::open(path)?;
        ensure!(
            reader.plan.header()? == header,
            "{name} belongs to another sweep ({}); give --force to start anew, or --out for another place",
            difference(&reader.plan, plan)
        );
        while let Some((index, line)) = reader.next()? {
            if let (Some(cells), Line::Row(row)) = (&mut cells, &line) {
                cells.add((index % plan.round()) as usize, row);
            }
            done += 1;
        }
        file = OpenOptions::new().append(true).open(path)?;
        tick(done);
    } else {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        }
        file = File::create(path).with_context(|| format!("cannot create {name}"))?;
        file.write_all(header.as_bytes()).with_context(|| format!("cannot write {name}"))?;
    }
    let enough = |cells: &Option<Cells>, done: u64| {
        let rounds = done / plan.round();
        matches!((cells, plan.until_width), (Some(c), Some(w))
            if done.is_multiple_of(plan.round()) && rounds >= FEWEST && c.narrow(w, plan.round() as usize))
    };
    while done < plan.own() {
        if enough(&cells, done) {
            break;
        }
        if stop.load(Ordering::SeqCst) {
            file.sync_data()?;
            return Ok(Ending::Stopped);
        }
        let mut end = (done + CHUNK).min(plan.own());
        if cells.is_some() {
            end = end.min((done / plan.round() + 1) * plan.round());
        }
        let lines: Vec<(u64, Line)> = (done..end)
            .into_par_iter()
            .map(|j| {
                let index = j * plan.shards + plan.shard - 1;
                let (replication, point, theory) = plan.place(index);
                let result = catch_unwind(AssertUnwindSafe(|| model.run(point, theory, replication)));
                let line = match result {
                    Ok(Ok(row)) => Line::Row(row),
                    Ok(Err(why)) => Line::Failure(why),
                    Err(_) => Line::Failure("the run panicked".into()),
                };
                (index, line)
            })
            .collect();
        let mut text = String::new();
        for (index, line) in &lines {
            let written = line.write(*index);
            // widths are judged on the values as written, so that a resumed sweep stops at the same place
            if let Some(cells) = &mut cells
                && let Some(Line::Row(row)) = Line::read(written.trim_end(), *index, plan.outcomes.len())
            {
                cells.add((index % plan.round()) as usize, &row);
            }
            text += &written;
        }
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).with_context(|| {
            format!("cannot write {name}; what is in it is kept: make room and give --resume")
        })?;
        tick(end - done);
        done = end;
    }
    Ok(Ending::Whole)
}

fn difference(there: &Plan, here: &Plan) -> &'static str {
    if there.twain != here.twain {
        "another version of twain"
    } else if there.scenario != here.scenario {
        "another scenario"
    } else if there.seed != here.seed {
        "another seed"
    } else if (there.shard, there.shards) != (here.shard, here.shards) {
        "another shard"
    } else if there.points != here.points {
        "another design"
    } else {
        "other replications, theories or stopping rule"
    }
}

/// Cuts a torn last line.
fn repair(path: &Path) -> anyhow::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut end = file.seek(SeekFrom::End(0))?;
    let length = end;
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
            return Ok(());
        }
        end -= size;
    }
    bail!("{} holds no whole line: its first write was cut off; delete it and start anew", path.display())
}

/// A journal being read.
struct Journal {
    name: String,
    plan: Plan,
    reader: BufReader<File>,
    next: u64,
}

impl Journal {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let mut reader = BufReader::new(File::open(path).with_context(|| format!("cannot open {name}"))?);
        let mut first = String::new();
        reader.read_line(&mut first).with_context(|| format!("{name} is not a journal of twain"))?;
        let plan: Plan =
            serde_json::from_str(&first).with_context(|| format!("{name} is not a journal of twain"))?;
        ensure!(
            (1..=plan.shards).contains(&plan.shard) && !plan.points.is_empty() && !plan.theories.is_empty(),
            "{name} is not a journal of twain"
        );
        Ok(Journal { name, next: plan.shard - 1, plan, reader })
    }

    fn next(&mut self) -> anyhow::Result<Option<(u64, Line)>> {
        let mut text = String::new();
        if self.reader.read_line(&mut text).with_context(|| format!("cannot read {}", self.name))? == 0 {
            return Ok(None);
        }
        let line = Line::read(text.trim_end_matches('\n'), self.next, self.plan.outcomes.len());
        let line = line.with_context(|| {
            format!(
                "{}: the line of run {} is damaged; delete it and what follows, then --resume",
                self.name, self.next
            )
        })?;
        let index = self.next;
        self.next += self.plan.shards;
        Ok(Some((index, line)))
    }
}

/// Makes the tables of a sweep from the journals of all its shards, in `folder`. Returns runs and failures.
///
/// # Errors
/// Missing, overlapping, unfinished or foreign shards; a full disk.
pub fn tables(journals: &[PathBuf], folder: &mut Folder, command: &str) -> anyhow::Result<(u64, u64)> {
    ensure!(!journals.is_empty(), "there are no journals to merge");
    let mut open = journals.iter().map(|p| Journal::open(p)).collect::<anyhow::Result<Vec<_>>>()?;
    open.sort_by_key(|j| j.plan.shard);
    let plan = open[0].plan.whole();
    let header = plan.header()?;
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

    let paths: Vec<&str> = plan.sweep.factor.iter().map(|f| f.path.as_str()).collect();
    let cat = |a: &[&str], b: &[&str], c: &[&str]| -> Vec<String> {
        a.iter().chain(b).chain(c).map(|s| (*s).to_string()).collect()
    };
    let table = |folder: &Folder, name: &str, header: Vec<String>| {
        folder.table(name, &header.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mut points = table(folder, "points.csv", cat(&["point"], &paths, &[]))?;
    for (i, point) in plan.points.iter().enumerate() {
        points.row(std::iter::once(i.to_string()).chain(point.iter().cloned()))?;
    }
    folder.close(points)?;

    let outcomes: Vec<&str> = plan.outcomes.iter().map(String::as_str).collect();
    let mut head = cat(&["point", "replication"], &paths, &["theory"]);
    head.extend(outcomes.iter().map(|s| (*s).to_string()));
    let mut runs = table(folder, "runs.csv", head)?;
    let mut failures =
        table(folder, "failures.csv", cat(&["point", "replication"], &paths, &["theory", "reason"]))?;
    let mut cells = Cells::new(&plan);
    let (mut total, mut failed) = (0, 0);
    for index in 0..plan.runs() {
        let journal = &mut open[(index % shards) as usize];
        let Some((_, line)) = journal.next()? else {
            let stopped = index % plan.round() == 0
                && plan.until_width.is_some_and(|w| cells.narrow(w, plan.round() as usize));
            if stopped {
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

    let tail = ["outcome", "n", "mean", "sd", "ci_low", "ci_high"];
    let mut summary = table(folder, "summary.csv", cat(&["point", "theory"], &paths, &tail))?;
    for (p, point) in plan.points.iter().enumerate() {
        for (t, theory) in plan.theories.iter().enumerate() {
            for (o, outcome) in outcomes.iter().enumerate() {
                let (n, mean, sd, half) = cells.get(p * plan.theories.len() + t, o);
                let mut row = vec![p.to_string(), theory.clone()];
                row.extend(point.iter().cloned());
                row.push((*outcome).to_string());
                row.push(n.to_string());
                row.extend([mean, sd, mean - half, mean + half].map(show));
                summary.row(row)?;
            }
        }
    }
    folder.close(summary)?;

    let mut manifest = plan.manifest.clone();
    manifest["command"] = command.into();
    manifest["theories"] = plan.theories.clone().into();
    manifest["replications"] = plan.replications.into();
    manifest["outcomes"] = plan.outcomes.clone().into();
    manifest["sweep"] = serde_json::to_value(&plan.sweep)?;
    manifest["files"] = folder.files();
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    Ok((total, failed))
}
