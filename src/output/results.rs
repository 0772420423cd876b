//! The result folder of `twain run`: every table, written as runs come in.

use super::rows::{self, Figure, Row};
use super::tally::{followed, most, proposal_label};
use super::{Table, Tables, show_into};
use crate::interval::wilson;
use crate::model::date::Date;
use crate::model::metrics::Tag;
use crate::model::world::Population;
use crate::model::{Change, Record, World};
use crate::scenario::{Node, Scenario};

pub use super::tally::{Digest, Mover, Refuser, Tally};

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Summaries and one row per run, but nothing per run and step.
    Brief,
    /// Every table but the single dyads.
    Full,
    /// Single dyads as well.
    Dyads,
}

/// Writes the tables of one scenario.
pub struct Results<'s> {
    scenario: &'s Scenario,
    followed: Vec<usize>,
    runs: Table,
    series: Option<Table>,
    summary: Table,
    states: Option<Table>,
    states_summary: Table,
    votes: Option<Table>,
    proposals: Table,
    pivotality: Table,
    memberships: Table,
    paths: Table,
    network: Table,
    dyads: Option<Table>,
    // one row of the longest table and one cell, reused
    row: csv::ByteRecord,
    text: String,
}

/// The rows of record.csv: the coded record, then the yearly series, as the scenario has them.
fn recorded(scenario: &Scenario) -> Vec<rows::Recorded> {
    let items = |name: &str| scenario.tree.get(name).map(Node::items).unwrap_or(&[]);
    let text = |block: &Node, key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
    let row = |block: &Node, series: String, date: String, value: &Node| rows::Recorded {
        series,
        metric: text(block, "metric"),
        time: Figure(Date::parse(&date).map_or(f64::NAN, Date::decimal)),
        date,
        value: Figure(value.number().unwrap_or(f64::NAN)),
        source: text(block, "source"),
    };
    let mut out = Vec::new();
    for block in items("record") {
        let date = text(block, "date");
        out.extend(block.get("value").map(|value| row(block, "coded record".into(), date, value)));
    }
    for block in items("series") {
        for (year, entry) in block.get("values").into_iter().flat_map(Node::entries) {
            out.push(row(block, text(block, "name"), year.to_string(), &entry.node));
        }
    }
    out
}

impl<'s> Results<'s> {
    /// Opens the tables in `folder`, or in memory.
    ///
    /// # Errors
    /// If a file cannot be created.
    pub fn create(folder: &impl Tables, scenario: &'s Scenario, detail: Detail) -> anyhow::Result<Self> {
        let metrics = crate::model::metrics::metrics(&scenario.world);
        let mut series = rows::Series::SPEC.header();
        series.extend(metrics.iter().map(|m| m.name.as_str()));
        let full = detail != Detail::Brief;
        Ok(Results {
            scenario,
            followed: followed(scenario),
            runs: folder.open::<rows::Run>()?,
            series: if full { Some(folder.table(rows::Series::SPEC.name, &series)?) } else { None },
            summary: folder.open::<rows::Summary>()?,
            states: if full { Some(folder.open::<rows::State>()?) } else { None },
            states_summary: folder.open::<rows::StateSummary>()?,
            votes: if full { Some(folder.open::<rows::Vote>()?) } else { None },
            proposals: folder.open::<rows::Proposal>()?,
            pivotality: folder.open::<rows::Pivotality>()?,
            memberships: folder.open::<rows::Membership>()?,
            paths: folder.open::<rows::Belonging>()?,
            network: folder.open::<rows::Tie>()?,
            dyads: if detail == Detail::Dyads { Some(folder.open::<rows::Dyad>()?) } else { None },
            row: csv::ByteRecord::new(),
            text: String::new(),
        })
    }

    /// Room for the runs of one population.
    pub fn tally(&self, population: &Population) -> Tally {
        Tally::new(&self.scenario.world, population, &self.followed)
    }

    /// Writes one run.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn add(&mut self, tally: &mut Tally, replication: u64, record: &Record) -> anyhow::Result<()> {
        tally.add(&self.scenario.world, record, &self.followed);
        let run = Run { world: &self.scenario.world, theory: &tally.label, replication, record };
        self.runs.write(&run.row())?;
        if let Some(table) = &mut self.series {
            run.series(table, &mut self.row, &mut self.text)?;
        }
        if let Some(table) = &mut self.states {
            run.states(table)?;
        }
        run.proposals(&mut self.proposals)?;
        if let Some(table) = &mut self.votes {
            run.votes(table)?;
        }
        run.memberships(&mut self.memberships)?;
        if let Some(table) = &mut self.dyads {
            run.dyads(table)?;
        }
        Ok(())
    }

    /// Writes the summaries of one population and says what was seen.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn close_population(&mut self, tally: &Tally) -> anyhow::Result<Digest> {
        let means = self.summaries(tally)?;
        self.state_summaries(tally)?;
        self.paths(tally)?;
        self.ties(tally)?;
        self.pivotalities(tally)?;
        Ok(tally.digest(&self.scenario.world, means))
    }

    /// Writes summary.csv and gives the means of each metric by step.
    fn summaries(&mut self, tally: &Tally) -> anyhow::Result<Vec<Vec<f64>>> {
        let world = &self.scenario.world;
        let calendar = world.calendar;
        let metrics = crate::model::metrics::metrics(world);
        let mut means = Vec::new();
        for (step, cells) in tally.cells.chunks(metrics.len()).enumerate() {
            let mut line = Vec::new();
            for (cell, metric) in cells.iter().zip(&metrics) {
                let s = cell.summary();
                line.push(s.mean);
                if s.n == 0 {
                    continue;
                }
                let (low, high) = if metric.tag == Tag::Whether {
                    wilson((s.mean * s.n as f64).round() as u64, s.n)
                } else {
                    (s.ci_low, s.ci_high)
                };
                self.summary.write(&rows::Summary {
                    theory: tally.label.clone(),
                    date: calendar.label(step),
                    time: Figure(calendar.date(step).decimal()),
                    metric: metric.name.clone(),
                    n: s.n,
                    mean: Figure(s.mean),
                    sd: Figure(s.sd),
                    ci_low: Figure(low),
                    ci_high: Figure(high),
                    q10: Figure(s.q10),
                    q50: Figure(s.q50),
                    q90: Figure(s.q90),
                })?;
            }
            means.push(line);
        }
        Ok(means)
    }

    /// Writes states_summary.csv.
    fn state_summaries(&mut self, tally: &Tally) -> anyhow::Result<()> {
        let world = &self.scenario.world;
        let n = world.n();
        for &step in &tally.dyad_steps {
            let total: f64 = world.states.iter().map(|s| s.gdp[step]).sum();
            for (i, state) in world.states.iter().enumerate() {
                let mut row = |metric: &str, (n, mean, sd): (u64, f64, f64)| {
                    self.states_summary.write(&rows::StateSummary {
                        theory: tally.label.clone(),
                        date: world.calendar.label(step),
                        state: state.code.clone(),
                        metric: metric.into(),
                        n,
                        mean: Figure(mean),
                        sd: Figure(sd),
                    })
                };
                for (x, name) in
                    ["contribution_share_of_gdp", "side_payment", "frameworks"].iter().enumerate()
                {
                    let s = tally.states[(step * n + i) * 3 + x].summary();
                    row(name, (s.n, s.mean, s.sd))?;
                }
                row("gdp_share", (tally.runs, state.gdp[step] / total.max(1e-12), 0.0))?;
            }
        }
        Ok(())
    }

    /// Writes membership_paths.csv.
    fn paths(&mut self, tally: &Tally) -> anyhow::Result<()> {
        let world = &self.scenario.world;
        let (n, bodies) = (world.n(), world.organisations.len());
        for &step in &tally.dyad_steps {
            for (o, body) in world.organisations.iter().enumerate() {
                for (i, state) in world.states.iter().enumerate() {
                    let count = tally.members[(step * bodies + o) * n + i];
                    if count > 0 {
                        self.paths.write(&rows::Belonging {
                            theory: tally.label.clone(),
                            date: world.calendar.label(step),
                            organisation: body.code.clone(),
                            state: state.code.clone(),
                            share_member: Figure(count as f64 / tally.runs.max(1) as f64),
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes network.csv.
    fn ties(&mut self, tally: &Tally) -> anyhow::Result<()> {
        let world = &self.scenario.world;
        let n = world.n();
        let both = 2.0 * tally.runs as f64;
        let round = |v: f64| Figure((v * 1000.0).round() / 1000.0);
        for (block, &step) in tally.dyad_steps.iter().enumerate() {
            let cell = |i: usize, j: usize| tally.dyads[block * n * n + i * n + j];
            for i in 0..n {
                for j in i + 1..n {
                    let (x, y) = (cell(i, j), cell(j, i));
                    let met = x[3] + y[3];
                    if met == 0.0 {
                        continue;
                    }
                    self.network.write(&rows::Tie {
                        theory: tally.label.clone(),
                        date: world.calendar.label(step),
                        a: world.states[i].code.clone(),
                        b: world.states[j].code.clone(),
                        cooperation: round((x[0] + y[0]) / met),
                        image: round((x[1] + y[1]) / both),
                        threat: round((x[2] + y[2]) / both),
                    })?;
                }
            }
        }
        Ok(())
    }

    /// Writes pivotality.csv.
    fn pivotalities(&mut self, tally: &Tally) -> anyhow::Result<()> {
        let world = &self.scenario.world;
        for ((step, label, body, state), t) in &tally.votes {
            let mean = |sum: f64| Figure(sum / t.n as f64);
            self.pivotality.write(&rows::Pivotality {
                theory: tally.label.clone(),
                date: if label.contains(": ") { world.calendar.label(*step) } else { String::new() },
                proposal: label.into(),
                organisation: world.organisations.get(*body).map_or(String::new(), |o| o.code.clone()),
                state: world.states[*state].code.clone(),
                n: t.n,
                share_no: mean(t.no as f64),
                mean_utility: mean(t.utility),
                mean_pivotality: mean(t.pivotality),
                main_term: most(&t.terms).into(),
            })?;
        }
        Ok(())
    }

    /// Closes all tables, writes the events and hands the checksums to the folder.
    ///
    /// # Errors
    /// If the last bytes cannot be written.
    pub fn close(self, folder: &mut impl Tables) -> anyhow::Result<()> {
        let world = &self.scenario.world;
        folder.rows(world.events.iter().map(|e| rows::Event {
            date: world.calendar.label(e.step),
            time: Figure(e.time),
            kind: e.shock.name().into(),
            label: (&e.label).into(),
            sign: if e.size < 0.0 { -1 } else { 1 },
            size: Figure(e.size),
            source: (&e.source).into(),
        }))?;
        let record = recorded(self.scenario);
        if !record.is_empty() {
            folder.rows(record)?;
        }
        let Results {
            runs,
            series,
            summary,
            states,
            states_summary,
            votes,
            proposals,
            pivotality,
            memberships,
            paths,
            network,
            dyads,
            ..
        } = self;
        let always = [runs, summary, states_summary, proposals, pivotality, memberships, paths, network];
        for table in always.into_iter().chain([series, states, votes, dyads].into_iter().flatten()) {
            folder.close(table)?;
        }
        Ok(())
    }
}

/// One run, as rows.
struct Run<'r> {
    world: &'r World,
    theory: &'r str,
    replication: u64,
    record: &'r Record,
}

impl Run<'_> {
    fn code(&self, state: usize) -> String {
        self.world.states[state].code.clone()
    }

    fn row(&self) -> rows::Run {
        let outcome = self.record.outcome();
        let count = |change: Change| self.record.memberships.iter().filter(|m| m.change == change).count();
        rows::Run {
            theory: self.theory.into(),
            replication: self.replication,
            seed: self.world.seed,
            framework: u8::from(outcome.framework.is_some()),
            framework_date: outcome.framework.map(|s| self.world.calendar.label(s)).unwrap_or_default(),
            proposals: outcome.proposals,
            proposals_passed: outcome.passed,
            exits: count(Change::Leave),
            rejoins: count(Change::Rejoin),
        }
    }

    /// The longest table: `row` and `text` are reused from cell to cell.
    fn series(&self, table: &mut Table, row: &mut csv::ByteRecord, text: &mut String) -> anyhow::Result<()> {
        let calendar = self.world.calendar;
        let replication = self.replication.to_string();
        for (step, values) in self.record.values.chunks(self.record.metrics.len()).enumerate() {
            row.clear();
            for word in [self.theory, &replication, &calendar.label(step)] {
                row.push_field(word.as_bytes());
            }
            for &x in std::iter::once(&calendar.date(step).decimal()).chain(values) {
                show_into(x, text);
                row.push_field(text.as_bytes());
            }
            table.record(row)?;
        }
        Ok(())
    }

    fn states(&self, table: &mut Table) -> anyhow::Result<()> {
        for &step in &self.record.dyad_steps {
            for (i, state) in self.world.states.iter().enumerate() {
                let [spent, paid, frameworks] = self.record.states[step * self.world.n() + i];
                table.write(&rows::State {
                    theory: self.theory.into(),
                    replication: self.replication,
                    date: self.world.calendar.label(step),
                    state: state.code.clone(),
                    capability: Figure(state.capability[step]),
                    gdp: Figure(state.gdp[step]),
                    contribution_share_of_gdp: Figure(spent),
                    side_payment: Figure(paid),
                    frameworks: Figure(frameworks),
                })?;
            }
        }
        Ok(())
    }

    fn proposals(&self, table: &mut Table) -> anyhow::Result<()> {
        for (number, p) in self.record.proposals.iter().enumerate() {
            let refused = match p.on_principle {
                [true, true] => "both",
                [true, false] => "proposer",
                [false, true] => "target",
                [false, false] => "",
            };
            table.write(&rows::Proposal {
                theory: self.theory.into(),
                replication: self.replication,
                number,
                date: self.world.calendar.label(p.step),
                proposal: proposal_label(self.world, p),
                proposer: self.world.party_code(p.from).into(),
                target: self.world.party_code(p.to).into(),
                passed: u8::from(p.passed),
                chance: Figure(p.chance),
                principle_proposer: Figure(p.principle[0]),
                principle_target: Figure(p.principle[1]),
                refused_on_principle: refused.into(),
            })?;
        }
        Ok(())
    }

    fn votes(&self, table: &mut Table) -> anyhow::Result<()> {
        for vote in &self.record.votes {
            let p = &self.record.proposals[vote.proposal];
            let body = vote.organisation.map(|o| self.world.organisations[o].code.clone());
            table.write(&rows::Vote {
                theory: self.theory.into(),
                replication: self.replication,
                date: self.world.calendar.label(p.step),
                proposal: proposal_label(self.world, p),
                proposer: self.world.party_code(p.from).into(),
                target: self.world.party_code(p.to).into(),
                organisation: body.unwrap_or_default(),
                state: self.code(vote.state),
                vote: vote.yes.into(),
                utility: Figure(vote.utility),
                deciding_term: vote.reason_word().into(),
                pivotality: Figure(vote.pivotality),
            })?;
        }
        Ok(())
    }

    fn memberships(&self, table: &mut Table) -> anyhow::Result<()> {
        for m in &self.record.memberships {
            table.write(&rows::Membership {
                theory: self.theory.into(),
                replication: self.replication,
                date: self.world.calendar.label(m.step),
                state: self.code(m.state),
                organisation: self.world.organisations[m.organisation].code.clone(),
                change: m.change.name().into(),
                deciding_term: m.reason_word().into(),
            })?;
        }
        Ok(())
    }

    fn dyads(&self, table: &mut Table) -> anyhow::Result<()> {
        let n = self.world.n();
        for (block, &step) in self.record.dyad_steps.iter().enumerate() {
            for i in 0..n {
                for j in (0..n).filter(|&j| j != i) {
                    let [cooperation, image, threat] =
                        self.record.dyads[block * n * n + i * n + j].map(|x| Figure(f64::from(x)));
                    table.write(&rows::Dyad {
                        theory: self.theory.into(),
                        replication: self.replication,
                        date: self.world.calendar.label(step),
                        from: self.code(i),
                        to: self.code(j),
                        cooperation,
                        image,
                        threat,
                    })?;
                }
            }
        }
        Ok(())
    }
}
