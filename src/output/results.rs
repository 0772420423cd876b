//! The result folder of `twain run`: every table, written as runs come in.

use std::collections::BTreeMap;

use super::rows::{self, Figure, Row};
use super::{Cell, Summary, Table, Tables, show_into};
use crate::interval::wilson;
use crate::model::date::{Calendar, Date};
use crate::model::metrics::Tag;
use crate::model::world::{Party, Population, ProposalKind};
use crate::model::{MetricKind, ProposalRecord, Record, Weighting, World};
use crate::scenario::{Node, Scenario};

/// What is known of one population when its runs are over.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Label.
    pub theory: String,
    /// Runs.
    pub runs: u64,
    /// Runs in which a framework was formed, with Wilson's 95% interval of the share.
    pub framework: (u64, (f64, f64)),
    /// Median date of the first framework, among runs that formed one.
    pub framework_date: Option<String>,
    /// Proposals of a framework between the blocs, over all runs.
    pub proposals: u64,
    /// Those that passed.
    pub passed: u64,
    /// Those that a side refused on principle, whatever its members would have voted.
    pub on_principle: u64,
    /// Runs without any such proposal.
    pub unasked: u64,
    /// States that broke silence at such proposals, most often first.
    pub refusers: Vec<Refuser>,
    /// Mean of each metric by step.
    pub means: Vec<Vec<f64>>,
    /// For each decision given from outside: in how many runs it came up.
    pub given: Vec<u64>,
    /// States that decided to leave a body, most often first.
    pub movers: Vec<Mover>,
    /// What happened around each dated shock that charts name, metric by metric of [`followed`]: the year from its date
    /// less the year before, run by run.
    pub around: Vec<Vec<Summary>>,
}

/// How often a state broke silence when a framework between the blocs was proposed.
#[derive(Clone, Debug)]
pub struct Refuser {
    /// State.
    pub state: usize,
    /// Share of its votes.
    pub share: f64,
    /// The most frequent reason: a term, `luck` or `given`; empty for a null model.
    pub reason: &'static str,
}

/// How often a state left a body by its own decision.
#[derive(Clone, Debug)]
pub struct Mover {
    /// Body.
    pub organisation: usize,
    /// State.
    pub state: usize,
    /// Share of runs in which it left.
    pub left: f64,
    /// Share of runs in which it came back.
    pub back: f64,
    /// The most frequent reason for leaving: a term, or `luck`; empty for a null model.
    pub reason: &'static str,
}

/// The metrics that the words and the pictures follow: cooperation between the blocs, of their leaders with the other
/// bloc, and of every watched pair; places in the list of metrics. The first is the one the record is coded in, else the
/// second bloc's leader with the first bloc, else what comes first.
pub fn followed(scenario: &Scenario) -> Vec<usize> {
    let world = &scenario.world;
    let metrics = crate::model::metrics::metrics(world);
    let name = |k: usize| metrics[k].name.as_str();
    let record = scenario.tree.get("record").map(crate::scenario::Node::items).unwrap_or(&[]);
    let coded: Vec<String> = record.iter().filter_map(|r| r.get("metric")?.text()).collect();
    let of_leader = |k: usize| match (metrics[k].kind, world.blocs) {
        (MetricKind::Cooperation(a, b, _), Some([x, y])) => {
            b == Party::Organisation(x) && world.organisations[y].leader.map(Party::State) == Some(a)
        }
        _ => false,
    };
    let mut all: Vec<usize> = (0..metrics.len())
        .filter(|&k| matches!(metrics[k].kind, MetricKind::Cooperation(a, b, Weighting::Stake) if a != b))
        .collect();
    let mut seen = Vec::new();
    all.retain(|&k| {
        !seen.contains(&name(k)) && {
            seen.push(name(k));
            true
        }
    });
    all.sort_by_key(|&k| (!coded.iter().any(|c| c == name(k)), !of_leader(k)));
    all
}

#[derive(Default)]
struct VoteTally {
    n: u64,
    no: u64,
    utility: f64,
    pivotality: f64,
    terms: BTreeMap<&'static str, u64>,
}

#[derive(Default)]
struct MoveTally {
    left: u64,
    back: u64,
    terms: BTreeMap<&'static str, u64>,
}

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

/// Sums over the runs of one population.
pub struct Tally {
    label: String,
    cells: Vec<Cell>,
    states: Vec<Cell>,
    members: Vec<u64>,
    votes: BTreeMap<(usize, String, usize, usize), VoteTally>,
    moves: BTreeMap<(usize, usize), MoveTally>,
    dyads: Vec<[f64; 4]>,
    dyad_steps: Vec<usize>,
    frameworks: Vec<usize>,
    proposals: u64,
    passed: u64,
    on_principle: u64,
    unasked: u64,
    refusers: BTreeMap<usize, VoteTally>,
    around: Vec<Vec<Cell>>,
    runs: u64,
    given: Vec<u64>,
}

fn most(terms: &BTreeMap<&'static str, u64>) -> &'static str {
    terms.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name))).map_or("", |(name, _)| name)
}

/// Whether a proposal is one of a framework between the two blocs.
fn between_blocs(world: &World, p: &ProposalRecord) -> bool {
    let sides = world.blocs.map(|b| b.map(Party::Organisation));
    p.kind == ProposalKind::Framework
        && sides.is_some_and(|[a, b]| (p.from, p.to) == (a, b) || (p.from, p.to) == (b, a))
}

/// Steps of the shocks that charts name, in the order of [`Digest::around`].
fn shocks(world: &World) -> impl Iterator<Item = usize> + '_ {
    world.events.iter().filter(|e| e.chart).map(|e| e.step)
}

/// Mean of a metric over the year from `step` less that over the year before; NaN where one of them has no value.
fn around(record: &Record, metric: usize, step: usize, calendar: Calendar) -> f64 {
    let year = calendar.per_year().round().max(1.0) as usize;
    let mean = |steps: std::ops::Range<usize>| {
        let values = steps.map(|s| record.value(s, metric)).filter(|x| !x.is_nan());
        let (sum, n) = values.fold((0.0, 0.0), |(s, n), x| (s + x, n + 1.0));
        sum / n
    };
    mean(step..(step + year).min(calendar.steps)) - mean(step.saturating_sub(year)..step)
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
        let world = &self.scenario.world;
        let steps = world.calendar.steps;
        let metrics = crate::model::metrics::metrics(world);
        let cells =
            (0..steps).flat_map(|_| metrics.iter().map(|m| Cell::new(m.low, m.high))).collect::<Vec<_>>();
        Tally {
            label: population.label.clone(),
            cells,
            states: (0..steps * world.n() * 3).map(|_| Cell::new(0.0, 1.0)).collect(),
            members: vec![0; steps * world.organisations.len() * world.n()],
            votes: BTreeMap::new(),
            moves: BTreeMap::new(),
            dyads: Vec::new(),
            dyad_steps: Vec::new(),
            frameworks: Vec::new(),
            proposals: 0,
            passed: 0,
            on_principle: 0,
            unasked: 0,
            refusers: BTreeMap::new(),
            around: shocks(world)
                .map(|_| self.followed.iter().map(|_| Cell::new(-1.0, 1.0)).collect())
                .collect(),
            runs: 0,
            given: vec![0; world.decisions.len()],
        }
    }

    /// Label of a proposal: its kind and, if dated, its words.
    fn proposal_label(&self, kind: ProposalKind, dated: Option<usize>) -> String {
        match dated {
            Some(d) => format!("{}: {}", kind.name(), self.scenario.world.proposals[d].label),
            None => kind.name().to_string(),
        }
    }

    /// Writes one run.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn add(&mut self, tally: &mut Tally, replication: u64, record: &Record) -> anyhow::Result<()> {
        let world = &self.scenario.world;
        let (n, calendar) = (world.n(), world.calendar);
        let label = tally.label.clone();
        let theory = label.as_str();
        let rep = replication.to_string();
        let outcome = record.outcome();
        let count =
            |change: crate::model::Change| record.memberships.iter().filter(|m| m.change == change).count();
        tally.runs += 1;
        record.met.iter().for_each(|&d| tally.given[d] += 1);
        tally.proposals += outcome.proposals as u64;
        tally.passed += outcome.passed as u64;
        tally.unasked += u64::from(outcome.proposals == 0);
        let asked = |p: &ProposalRecord| between_blocs(world, p);
        tally.on_principle +=
            record.proposals.iter().filter(|p| asked(p) && p.on_principle.contains(&true)).count() as u64;
        for (cells, step) in tally.around.iter_mut().zip(shocks(world)) {
            for (cell, &metric) in cells.iter_mut().zip(&self.followed) {
                cell.add(around(record, metric, step, calendar));
            }
        }
        tally.frameworks.extend(outcome.framework);
        self.runs.write(&rows::Run {
            theory: theory.into(),
            replication,
            seed: world.seed,
            framework: u8::from(outcome.framework.is_some()),
            framework_date: outcome.framework.map(|s| calendar.label(s)).unwrap_or_default(),
            proposals: outcome.proposals,
            proposals_passed: outcome.passed,
            exits: count(crate::model::Change::Leave),
            rejoins: count(crate::model::Change::Rejoin),
        })?;
        let width = record.metrics.len();
        for step in 0..calendar.steps {
            let values = &record.values[step * width..(step + 1) * width];
            for (cell, &x) in tally.cells[step * width..(step + 1) * width].iter_mut().zip(values) {
                cell.add(x);
            }
            if let Some(series) = &mut self.series {
                let (row, text) = (&mut self.row, &mut self.text);
                row.clear();
                row.push_field(theory.as_bytes());
                row.push_field(rep.as_bytes());
                row.push_field(calendar.label(step).as_bytes());
                for &x in std::iter::once(&calendar.date(step).decimal()).chain(values) {
                    show_into(x, text);
                    row.push_field(text.as_bytes());
                }
                series.record(row)?;
            }
            if record.dyad_steps.contains(&step) {
                for i in 0..n {
                    for (x, &value) in record.states[step * n + i].iter().enumerate() {
                        tally.states[(step * n + i) * 3 + x].add(value);
                    }
                }
            }
        }
        for (cell, &member) in tally.members.iter_mut().zip(&record.members) {
            *cell += u64::from(member);
        }
        for &step in &record.dyad_steps {
            for (i, state) in world.states.iter().enumerate() {
                let Some(states) = &mut self.states else { break };
                let [spent, paid, frameworks] = record.states[step * n + i];
                states.write(&rows::State {
                    theory: theory.into(),
                    replication,
                    date: calendar.label(step),
                    state: (&state.code).into(),
                    capability: Figure(state.capability[step]),
                    gdp: Figure(state.gdp[step]),
                    contribution_share_of_gdp: Figure(spent),
                    side_payment: Figure(paid),
                    frameworks: Figure(frameworks),
                })?;
            }
        }
        for (number, p) in record.proposals.iter().enumerate() {
            let refused = match p.on_principle {
                [true, true] => "both",
                [true, false] => "proposer",
                [false, true] => "target",
                [false, false] => "",
            };
            self.proposals.write(&rows::Proposal {
                theory: theory.into(),
                replication,
                number,
                date: calendar.label(p.step),
                proposal: self.proposal_label(p.kind, p.dated),
                proposer: world.party_code(p.from).into(),
                target: world.party_code(p.to).into(),
                passed: u8::from(p.passed),
                chance: Figure(p.chance),
                principle_proposer: Figure(p.principle[0]),
                principle_target: Figure(p.principle[1]),
                refused_on_principle: refused.into(),
            })?;
        }
        for vote in &record.votes {
            let p = &record.proposals[vote.proposal];
            let label = self.proposal_label(p.kind, p.dated);
            let body = vote.organisation.map_or("", |o| world.organisations[o].code.as_str());
            if let Some(votes) = &mut self.votes {
                votes.write(&rows::Vote {
                    theory: theory.into(),
                    replication,
                    date: calendar.label(p.step),
                    proposal: (&label).into(),
                    proposer: world.party_code(p.from).into(),
                    target: world.party_code(p.to).into(),
                    organisation: body.into(),
                    state: (&world.states[vote.state].code).into(),
                    vote: vote.yes.into(),
                    utility: Figure(vote.utility),
                    deciding_term: vote.reason_word().into(),
                    pivotality: Figure(vote.pivotality),
                })?;
            }
            let body = vote.organisation.unwrap_or(usize::MAX);
            // proposals made by leaders at many dates are tallied together, under step 0
            let step = if p.dated.is_some() { p.step } else { 0 };
            let label = if p.dated.is_some() {
                label
            } else {
                format!("{label} ({} to {})", world.party_code(p.from), world.party_code(p.to))
            };
            let t = tally.votes.entry((step, label, body, vote.state)).or_default();
            t.n += 1;
            t.no += u64::from(!vote.yes);
            t.utility += vote.utility;
            t.pivotality += vote.pivotality;
            if !vote.yes {
                *t.terms.entry(vote.reason_word()).or_default() += 1;
            }
            if between_blocs(world, p) {
                let t = tally.refusers.entry(vote.state).or_default();
                t.n += 1;
                t.no += u64::from(!vote.yes);
                if !vote.yes {
                    *t.terms.entry(vote.reason_word()).or_default() += 1;
                }
            }
        }
        let mut left: Vec<(usize, usize)> = Vec::new();
        let mut back: Vec<(usize, usize)> = Vec::new();
        for m in &record.memberships {
            let key = (m.organisation, m.state);
            self.memberships.write(&rows::Membership {
                theory: theory.into(),
                replication,
                date: calendar.label(m.step),
                state: (&world.states[m.state].code).into(),
                organisation: (&world.organisations[m.organisation].code).into(),
                change: m.change.name().into(),
                deciding_term: m.reason_word().into(),
            })?;
            match m.change {
                crate::model::Change::Leave if m.decided => {
                    if !left.contains(&key) {
                        left.push(key);
                    }
                    *tally.moves.entry(key).or_default().terms.entry(m.reason_word()).or_default() += 1;
                }
                crate::model::Change::Rejoin if !back.contains(&key) => back.push(key),
                _ => {}
            }
        }
        for key in left {
            tally.moves.entry(key).or_default().left += 1;
        }
        for key in back {
            tally.moves.entry(key).or_default().back += 1;
        }
        if tally.dyads.is_empty() {
            tally.dyads = vec![[0.0; 4]; record.dyads.len()];
            tally.dyad_steps.clone_from(&record.dyad_steps);
        }
        for (sum, cell) in tally.dyads.iter_mut().zip(&record.dyads) {
            if !cell[0].is_nan() {
                sum[0] += f64::from(cell[0]);
                sum[3] += 1.0;
            }
            sum[1] += f64::from(cell[1]);
            sum[2] += f64::from(cell[2]);
        }
        if let Some(table) = &mut self.dyads {
            for (block, &step) in record.dyad_steps.iter().enumerate() {
                for i in 0..n {
                    for j in (0..n).filter(|&j| j != i) {
                        let cell = record.dyads[block * n * n + i * n + j].map(f64::from);
                        table.write(&rows::Dyad {
                            theory: theory.into(),
                            replication,
                            date: calendar.label(step),
                            from: (&world.states[i].code).into(),
                            to: (&world.states[j].code).into(),
                            cooperation: Figure(cell[0]),
                            image: Figure(cell[1]),
                            threat: Figure(cell[2]),
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes the summaries of one population and says what was seen.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn close_population(&mut self, tally: &Tally) -> anyhow::Result<Digest> {
        let world = &self.scenario.world;
        let (n, calendar) = (world.n(), world.calendar);
        let theory = tally.label.as_str();
        let metrics = crate::model::metrics::metrics(world);
        let mut means = Vec::new();
        for step in 0..calendar.steps {
            let mut line = Vec::new();
            for (m, metric) in metrics.iter().enumerate() {
                let s = tally.cells[step * metrics.len() + m].summary();
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
                    theory: theory.into(),
                    date: calendar.label(step),
                    time: Figure(calendar.date(step).decimal()),
                    metric: (&metric.name).into(),
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
        for &step in &tally.dyad_steps {
            let total: f64 = world.states.iter().map(|s| s.gdp[step]).sum();
            for (i, state) in world.states.iter().enumerate() {
                let mut row = |metric: &str, (n, mean, sd): (u64, f64, f64)| {
                    self.states_summary.write(&rows::StateSummary {
                        theory: theory.into(),
                        date: calendar.label(step),
                        state: (&state.code).into(),
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
            for (o, body) in world.organisations.iter().enumerate() {
                for (i, state) in world.states.iter().enumerate() {
                    let count = tally.members[(step * world.organisations.len() + o) * n + i];
                    if count > 0 {
                        let share = count as f64 / tally.runs.max(1) as f64;
                        self.paths.write(&rows::Belonging {
                            theory: theory.into(),
                            date: calendar.label(step),
                            organisation: (&body.code).into(),
                            state: (&state.code).into(),
                            share_member: Figure(share),
                        })?;
                    }
                }
            }
        }
        for (block, &step) in tally.dyad_steps.iter().enumerate() {
            for i in 0..n {
                for j in i + 1..n {
                    let (x, y) =
                        (tally.dyads[block * n * n + i * n + j], tally.dyads[block * n * n + j * n + i]);
                    let met = x[3] + y[3];
                    if met == 0.0 {
                        continue;
                    }
                    let both = 2.0 * tally.runs as f64;
                    let round = |v: f64| Figure((v * 1000.0).round() / 1000.0);
                    self.network.write(&rows::Tie {
                        theory: theory.into(),
                        date: calendar.label(step),
                        a: (&world.states[i].code).into(),
                        b: (&world.states[j].code).into(),
                        cooperation: round((x[0] + y[0]) / met),
                        image: round((x[1] + y[1]) / both),
                        threat: round((x[2] + y[2]) / both),
                    })?;
                }
            }
        }
        for ((step, label, body, state), t) in &tally.votes {
            let code = world.organisations.get(*body).map_or("", |o| o.code.as_str());
            let date = if label.contains(": ") { calendar.label(*step) } else { String::new() };
            let mean = |sum: f64| Figure(sum / t.n as f64);
            self.pivotality.write(&rows::Pivotality {
                theory: theory.into(),
                date,
                proposal: label.into(),
                organisation: code.into(),
                state: (&world.states[*state].code).into(),
                n: t.n,
                share_no: mean(t.no as f64),
                mean_utility: mean(t.utility),
                mean_pivotality: mean(t.pivotality),
                main_term: most(&t.terms).into(),
            })?;
        }
        let mut refusers: Vec<Refuser> = tally
            .refusers
            .iter()
            .filter(|(_, t)| t.no > 0)
            .map(|(&state, t)| Refuser { state, share: t.no as f64 / t.n as f64, reason: most(&t.terms) })
            .collect();
        refusers.sort_by(|a, b| {
            b.share
                .total_cmp(&a.share)
                .then_with(|| world.states[a.state].code.cmp(&world.states[b.state].code))
        });
        let runs = tally.runs.max(1) as f64;
        let mut movers: Vec<Mover> = tally
            .moves
            .iter()
            .filter(|(_, t)| t.left > 0)
            .map(|(&(organisation, state), t)| Mover {
                organisation,
                state,
                left: t.left as f64 / runs,
                back: t.back as f64 / runs,
                reason: most(&t.terms),
            })
            .collect();
        movers.sort_by(|a, b| {
            b.left
                .total_cmp(&a.left)
                .then_with(|| world.states[a.state].code.cmp(&world.states[b.state].code))
        });
        let mut dates = tally.frameworks.clone();
        dates.sort_unstable();
        Ok(Digest {
            theory: theory.to_string(),
            runs: tally.runs,
            framework: (tally.frameworks.len() as u64, wilson(tally.frameworks.len() as u64, tally.runs)),
            framework_date: dates.get(dates.len() / 2).map(|&s| calendar.label(s)),
            proposals: tally.proposals,
            passed: tally.passed,
            on_principle: tally.on_principle,
            unasked: tally.unasked,
            refusers,
            means,
            movers,
            given: tally.given.clone(),
            around: tally.around.iter().map(|cells| cells.iter().map(Cell::summary).collect()).collect(),
        })
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
