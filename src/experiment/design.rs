//! Designs: which points of the factor space a sweep visits.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sequence;
use crate::model::metrics::metrics;
use crate::random::{Purpose, stream};
use crate::scenario::block::Block;
use crate::scenario::document::{Origin, Source, parse, text_of};
use crate::scenario::{Change, Mistake, Node, Scenario, check_table, from_tree, idle, spec};

/// Most points of a design.
pub const MOST_POINTS: u128 = 1_000_000;

/// Kind of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Every combination of levels.
    Factorial,
    /// The first levels together, then the second, and so on.
    Paired,
    /// Latin hypercube.
    Lhs,
    /// Sobol' sequence.
    Sobol,
    /// Morris trajectories.
    Morris,
    /// Saltelli blocks for Sobol' indices.
    Saltelli,
    /// Explicit points, one value of each factor's `values` per point.
    Points,
    /// A CSV file whose header names the paths.
    Table,
}

/// Spacing of a factor's range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Even steps.
    #[default]
    Linear,
    /// Even ratios.
    Log,
    /// Whole numbers.
    Integer,
}

/// The words of [`Kind`].
const KINDS: &[(&str, Kind)] = &[
    ("factorial", Kind::Factorial),
    ("paired", Kind::Paired),
    ("lhs", Kind::Lhs),
    ("sobol", Kind::Sobol),
    ("morris", Kind::Morris),
    ("saltelli", Kind::Saltelli),
    ("points", Kind::Points),
    ("table", Kind::Table),
];

/// The words of [`Scale`].
const SCALES: &[(&str, Scale)] =
    &[("linear", Scale::Linear), ("log", Scale::Log), ("integer", Scale::Integer)];

/// A factor: a scenario value that varies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Factor {
    /// Path of the value, as after `--set`.
    pub path: String,
    /// Name for charts.
    pub label: String,
    /// Lower end of the range.
    pub low: Option<f64>,
    /// Upper end of the range.
    pub high: Option<f64>,
    /// Spacing.
    pub scale: Scale,
    /// Number of levels of a range in a factorial or paired design; all whole numbers of one that has none.
    pub steps: Option<usize>,
    /// Explicit levels: numbers or texts.
    pub values: Option<Vec<serde_json::Value>>,
}

/// A `[sweep]` table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sweep {
    /// Kind of design.
    pub design: Kind,
    /// Points (Latin hypercube, Sobol') or base rows (Saltelli).
    pub points: usize,
    /// Morris trajectories.
    pub trajectories: usize,
    /// Levels of the Morris grid.
    pub levels: usize,
    /// Replications of each point.
    pub replications: Option<u64>,
    /// Whether each run is held to the scenario's dated facts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub facts: bool,
    /// The outcomes to keep; all by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Vec<String>>,
    /// Populations; those of the scenario by default.
    pub theories: Option<Vec<String>>,
    /// Conditions between factors, such as `a < b`; points that break one are left out.
    pub constraints: Vec<String>,
    /// Factors.
    pub factor: Vec<Factor>,
    /// Points of a table, filled from its CSV file.
    pub rows: Vec<Vec<String>>,
    /// Where it was typed.
    #[serde(skip)]
    typed: Typed,
}

/// Where the parts of a design were typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    /// The table, of a design in TOML.
    table: Option<Node>,
    /// The header and the rows, of a design in CSV.
    header: Vec<Origin>,
    rows: Vec<Vec<Origin>>,
}

/// A number as the shortest text that reads back the same.
fn text(x: f64) -> String {
    let rounded = (x * 1e12).round() / 1e12;
    if (rounded - x).abs() <= 1e-15 * x.abs() { format!("{rounded}") } else { format!("{x}") }
}

impl Factor {
    fn of(block: Block<'_>) -> Result<Self, Mistake> {
        let scale = block.choose("scale", SCALES)?;
        let listed = |node: &Node| node.items().iter().map(Node::to_json).collect::<Vec<_>>();
        let values = block.get("values").map(listed);
        // whole numbers are all levels, unless fewer are asked for
        let ranged = values.is_none() && scale != Scale::Integer;
        let steps = (ranged || block.get("steps").is_some()).then(|| block.whole("steps") as usize);
        let end = |name: &str| block.get(name).and_then(Node::number);
        let (low, high) = (end("low"), end("high"));
        Ok(Factor { path: block.text("path"), label: block.text("label"), low, high, scale, steps, values })
    }

    /// A listed value that was listed before.
    fn repeated(&self) -> Option<&serde_json::Value> {
        let values = self.values.as_deref().unwrap_or(&[]);
        values.iter().enumerate().find(|(i, v)| values[..*i].contains(v)).map(|(_, v)| v)
    }

    /// What is wrong with it: the key it is about, words and advice.
    fn check(&self) -> Result<(), (&'static str, String, Option<String>)> {
        let path = &self.path;
        let wrong = |key: &'static str, words: String| Err((key, format!("factor `{path}`: {words}"), None));
        if let Some(values) = &self.values {
            return match values.is_empty() {
                true => wrong("values", "the list of values is empty".into()),
                false => Ok(()),
            };
        }
        let (Some(low), Some(high)) = (self.low, self.high) else {
            return wrong("path", "it needs low and high, or values".into());
        };
        if low == high {
            let message = format!("factor `{path}`: low and high are both {low}, so it does not vary");
            return Err(("high", message, Some(format!("for one value write values = [{low}]"))));
        }
        if low > high {
            return wrong(
                "low",
                format!("the range is inverted, low = {low} is not below high = {high}; swap them"),
            );
        }
        if self.scale == Scale::Log && low <= 0.0 {
            return wrong("low", format!("a log range needs low above 0, not {low}"));
        }
        if self.scale == Scale::Integer && (low.fract() != 0.0 || high.fract() != 0.0) {
            return wrong(
                if low.fract() != 0.0 { "low" } else { "high" },
                "an integer range needs whole ends".into(),
            );
        }
        Ok(())
    }

    /// Where in its range the value at `u` of the unit interval lies, from 0 to 1: values listed and whole numbers lie on a
    /// few places only. Words lie at equal distances, in their order.
    pub fn position(&self, u: f64) -> f64 {
        if let Some(values) = &self.values {
            let index = self.index(u);
            let numbers: Option<Vec<f64>> = values.iter().map(serde_json::Value::as_f64).collect();
            let (x, low, high) = match numbers {
                Some(list) => {
                    let low = list.iter().copied().fold(f64::INFINITY, f64::min);
                    let high = list.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    (list[index], low, high)
                }
                None => (index as f64, 0.0, values.len() as f64 - 1.0),
            };
            return if high > low { (x - low) / (high - low) } else { 0.0 };
        }
        match (self.scale, self.low, self.high) {
            (Scale::Integer, Some(low), Some(high)) if high > low => {
                (u * (high - low + 1.0)).floor().min(high - low) / (high - low)
            }
            _ => u,
        }
    }

    /// Which of the listed values stands at `u`.
    fn index(&self, u: f64) -> usize {
        let count = self.values.as_ref().map_or(1, Vec::len);
        // a third of three is the second, whatever the rounding
        ((u * count as f64 + 1e-9) as usize).min(count.saturating_sub(1))
    }

    /// Value at `u` of the unit interval.
    pub fn at(&self, u: f64) -> String {
        if let Some(values) = &self.values {
            return show(&values[self.index(u)]);
        }
        let (low, high) = (self.low.unwrap_or(0.0), self.high.unwrap_or(1.0));
        match self.scale {
            Scale::Linear => text(low + u * (high - low)),
            Scale::Log => text(low * (high / low).powf(u)),
            Scale::Integer => text((low + (u * (high - low + 1.0)).floor()).min(high)),
        }
    }

    fn count(&self) -> usize {
        match (&self.values, self.scale) {
            (Some(values), _) => values.len(),
            (None, Scale::Integer) => {
                let all = self.high.unwrap_or(1.0) - self.low.unwrap_or(0.0) + 1.0;
                self.steps.unwrap_or(usize::MAX).min(all as usize)
            }
            (None, _) => self.steps.unwrap_or(1),
        }
    }

    fn level(&self, k: usize) -> String {
        if let Some(values) = &self.values {
            return show(&values[k]);
        }
        let u = k as f64 / (self.count() as f64 - 1.0).max(1.0);
        if self.scale == Scale::Integer {
            let (low, high) = (self.low.unwrap_or(0.0), self.high.unwrap_or(1.0));
            return text((low + u * (high - low)).round());
        }
        self.at(u)
    }
}

fn show(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

impl Sweep {
    /// Reads a design from a TOML file with a `[sweep]` table, or from a table of points (`.csv`, `.tsv`).
    ///
    /// # Errors
    /// An unreadable file, an unknown key, an uneven table, with its place.
    pub fn read(path: &Path) -> Result<Self, Mistake> {
        let text = text_of(path)
            .map_err(|why| Mistake::general(format!("cannot read {}: {why}", path.display())))?;
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("csv") => table_of_points(path, text, None),
            Some("tsv" | "tab") => table_of_points(path, text, Some(b'\t')),
            _ => {
                let tree = parse(path, text)?;
                check_table(&tree, spec::DESIGN, "")?;
                Sweep::from_node(tree.get("sweep").unwrap_or(&tree))
            }
        }
    }

    /// The design of a `[sweep]` table.
    ///
    /// # Errors
    /// An unknown key, a wrong type, a value out of range, with its place.
    pub fn from_node(node: &Node) -> Result<Self, Mistake> {
        check_table(node, spec::SWEEP, "sweep")?;
        let mut sweep = Sweep::of(Block::new(node, spec::SWEEP))?;
        sweep.typed.table = Some(node.clone());
        Ok(sweep)
    }

    fn of(block: Block<'_>) -> Result<Self, Mistake> {
        let texts = |name: &str| block.list(name).iter().filter_map(Node::text).collect::<Vec<_>>();
        let given = |name: &str| block.get(name).map(|_| texts(name));
        // cells of a table are kept as text, as they are typed after `--set`
        let cells = |row: &Node| row.items().iter().map(|cell| show(&cell.to_json())).collect();
        Ok(Sweep {
            design: block.choose("design", KINDS)?,
            points: block.whole("points") as usize,
            trajectories: block.whole("trajectories") as usize,
            levels: block.whole("levels") as usize,
            replications: block.get("replications").and_then(Node::whole),
            facts: block.flag("facts"),
            outcomes: given("outcomes"),
            theories: given("theories"),
            constraints: texts("constraints"),
            factor: block.blocks("factor").map(Factor::of).collect::<Result<_, _>>()?,
            rows: block.list("rows").iter().map(cells).collect(),
            typed: Typed::default(),
        })
    }

    /// A mistake about a key of the design.
    fn wrong(&self, key: &str, message: impl Into<String>) -> Mistake {
        let table = self.typed.table.as_ref();
        match table.map(|t| t.get(key).unwrap_or(t)) {
            Some(node) => Mistake::at(&node.origin, message),
            None => Mistake::general(message),
        }
    }

    /// A mistake about a key of a factor.
    fn wrong_factor(&self, factor: usize, key: &str, message: impl Into<String>) -> Mistake {
        let table = self.typed.table.as_ref().and_then(|t| t.get("factor")?.items().get(factor));
        match (table.map(|t| t.get(key).unwrap_or(t)), self.typed.header.get(factor)) {
            (Some(node), _) => Mistake::at(&node.origin, message),
            (None, Some(origin)) => Mistake::at(origin, message),
            (None, None) => Mistake::general(message),
        }
    }

    /// Where row `row` of a table was typed, or one of its cells.
    fn row_place(&self, row: usize, cell: Option<usize>) -> Option<Origin> {
        if let Some(cells) = self.typed.rows.get(row) {
            return cell.and_then(|c| cells.get(c)).or(cells.first()).cloned();
        }
        let node = self.typed.table.as_ref().and_then(|t| t.get("rows")?.items().get(row))?;
        Some(cell.and_then(|c| node.items().get(c)).unwrap_or(node).origin.clone())
    }

    /// How many points the design has before constraints.
    pub fn size(&self) -> u128 {
        let k = self.factor.len() as u128;
        match self.design {
            Kind::Factorial => self.factor.iter().fold(1, |n: u128, f| n.saturating_mul(f.count() as u128)),
            Kind::Paired | Kind::Points => self.factor.first().map_or(0, |f| f.count() as u128),
            Kind::Lhs | Kind::Sobol => self.points as u128,
            Kind::Morris => self.trajectories as u128 * (k + 1),
            Kind::Saltelli => self.points as u128 * (k + 2),
            Kind::Table => self.rows.len() as u128,
        }
    }

    /// Points of the unit cube for designs that sample it.
    pub fn unit(&self, seed: u64) -> Vec<Vec<f64>> {
        let (k, mut rng) = (self.factor.len(), stream(seed, Purpose::Design, 0));
        match self.design {
            Kind::Lhs => sequence::latin(self.points, k, &mut rng),
            Kind::Sobol => sequence::sobol(self.points, k, 0),
            Kind::Morris => sequence::morris(self.trajectories, k, self.levels, &mut rng),
            Kind::Saltelli => sequence::saltelli(self.points, k),
            _ => Vec::new(),
        }
    }

    /// Where in its range every factor is at points of the unit cube, from 0 to 1.
    pub fn positions(&self, unit: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let place = |point: &Vec<f64>| self.factor.iter().zip(point).map(|(f, &u)| f.position(u)).collect();
        unit.iter().map(place).collect()
    }

    /// The points: for each, the text of every factor's value.
    ///
    /// ```
    /// use twain::experiment::design::Sweep;
    /// # fn main() -> Result<(), twain::scenario::Mistake> {
    /// let design = Sweep::read("scenarios/sweeps/where-cooperation-lives.toml".as_ref())?;
    /// let points = design.build(1991)?;
    /// assert_eq!(points.len() as u128, design.size());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Inverted ranges, factors that cannot matter, too many points, uneven lists, constraints that cannot be read or leave
    /// nothing, each with its place.
    pub fn build(&self, seed: u64) -> Result<Vec<Vec<String>>, Mistake> {
        if self.factor.is_empty() {
            return Err(self.wrong("factor", "the design has no factors; add a [[sweep.factor]]"));
        }
        for (i, factor) in self.factor.iter().enumerate() {
            let path = &factor.path;
            if self.factor[..i].iter().any(|f| f.path == *path) {
                return Err(self.wrong_factor(i, "path", format!("factor `{path}` is given twice")));
            }
            if let Some(why) = idle(path) {
                return Err(self.wrong_factor(i, "path", format!("factor `{path}` cannot matter: {why}")));
            }
            // lists that run side by side may say one thing at two points; those that are crossed may not
            if !matches!(self.design, Kind::Paired | Kind::Points)
                && let Some(value) = factor.repeated()
            {
                let words = format!("factor `{path}` names `{}` twice", show(value));
                return Err(self.wrong_factor(i, "values", words));
            }
            if self.design != Kind::Table {
                factor.check().map_err(|(key, words, help)| {
                    let mistake = self.wrong_factor(i, key, words);
                    help.into_iter().fold(mistake, Mistake::help)
                })?;
            }
        }
        let size = self.size();
        if size == 0 {
            return Err(self.wrong("rows", "the design has no points"));
        }
        if size > MOST_POINTS {
            return Err(self.wrong(
                "design",
                format!(
                    "the design has {size} points, more than {MOST_POINTS}; use fewer steps, or design = \"lhs\""
                ),
            ));
        }
        let columns = match self.design {
            Kind::Saltelli => 2 * self.factor.len(),
            Kind::Sobol => self.factor.len(),
            _ => 0,
        };
        if columns > sequence::SOBOL_DIMENSIONS {
            return Err(self.wrong(
                "design",
                format!(
                    "the design needs {columns} Sobol' dimensions, at most {} are there; use lhs or morris",
                    sequence::SOBOL_DIMENSIONS
                ),
            ));
        }
        if self.design == Kind::Morris && (self.levels < 2 || !self.levels.is_multiple_of(2)) {
            return Err(
                self.wrong("levels", format!("morris needs an even number of levels, not {}", self.levels))
            );
        }
        let mut points = self.all(size as usize, seed)?;
        for (k, constraint) in self.constraints.iter().enumerate() {
            self.constrain(k, constraint, &mut points)?;
        }
        if points.is_empty() {
            return Err(self.wrong("constraints", "no point meets the constraints"));
        }
        Ok(points)
    }

    /// The points before constraints.
    fn all(&self, size: usize, seed: u64) -> Result<Vec<Vec<String>>, Mistake> {
        Ok(match self.design {
            Kind::Factorial => (0..size)
                .map(|mut i| {
                    let mut point: Vec<String> = Vec::new();
                    for f in self.factor.iter().rev() {
                        point.push(f.level(i % f.count()));
                        i /= f.count();
                    }
                    point.reverse();
                    point
                })
                .collect(),
            Kind::Paired | Kind::Points => {
                if let Some((i, f)) = self.factor.iter().enumerate().find(|(_, f)| f.count() != size) {
                    let message = format!(
                        "a paired design needs lists of one length: `{}` has {}, `{}` has {size}",
                        f.path,
                        f.count(),
                        self.factor[0].path
                    );
                    return Err(self.wrong_factor(i, "values", message));
                }
                (0..size).map(|i| self.factor.iter().map(|f| f.level(i)).collect()).collect()
            }
            Kind::Table => {
                let wanted = self.factor.len();
                for (i, row) in self.rows.iter().enumerate() {
                    let place = |cell| self.row_place(i, cell);
                    let mistake = |cell, words: String| match place(cell) {
                        Some(origin) => Mistake::at(&origin, words),
                        None => Mistake::general(words),
                    };
                    if row.len() != wanted {
                        let words = format!("row {} has {} values for {wanted} factors", i + 1, row.len());
                        return Err(mistake(None, words));
                    }
                    if let Some(c) = row.iter().position(|cell| cell.trim().is_empty()) {
                        let path = &self.factor[c].path;
                        return Err(mistake(Some(c), format!("row {} has no value for `{path}`", i + 1)));
                    }
                }
                self.rows.clone()
            }
            _ => self
                .unit(seed)
                .iter()
                .map(|p| self.factor.iter().zip(p).map(|(f, &u)| f.at(u)).collect())
                .collect(),
        })
    }

    /// Leaves the points that meet a constraint.
    fn constrain(&self, k: usize, constraint: &str, points: &mut Vec<Vec<String>>) -> Result<(), Mistake> {
        let place = self.typed.table.as_ref().and_then(|t| t.get("constraints")?.items().get(k));
        let wrong = |words: String| {
            let words = format!("constraint `{constraint}` {words}");
            place.map_or_else(|| Mistake::general(&words), |node| Mistake::at(&node.origin, &words))
        };
        if matches!(self.design, Kind::Morris | Kind::Saltelli) {
            return Err(wrong(
                "would break the blocks of this design; use lhs or sobol with constraints".into(),
            ));
        }
        let words: Vec<&str> = constraint.split_whitespace().collect();
        let [left, operator, right] = words[..] else {
            return Err(wrong("is not of the form `a < b`, with spaces".into()));
        };
        let side = |word: &str| -> Result<Result<usize, f64>, Mistake> {
            let place = self.factor.iter().position(|f| f.path == word || f.label == word);
            match (place, word.parse::<f64>()) {
                (Some(i), _) => Ok(Ok(i)),
                (None, Ok(x)) if x.is_finite() => Ok(Err(x)),
                _ => Err(wrong(format!("names `{word}`, which is neither a factor nor a number"))),
            }
        };
        let (left, right) = (side(left)?, side(right)?);
        let compare: fn(f64, f64) -> bool = match operator {
            "<" => |a, b| a < b,
            "<=" => |a, b| a <= b,
            ">" => |a, b| a > b,
            ">=" => |a, b| a >= b,
            _ => return Err(wrong(format!("has `{operator}`, which is not one of < <= > >="))),
        };
        let value = |p: &[String], s: Result<usize, f64>| match s {
            Ok(i) => {
                p[i].parse::<f64>().map_err(|_| wrong(format!("compares `{}`, which is not a number", p[i])))
            }
            Err(x) => Ok(x),
        };
        let mut kept = Vec::new();
        for point in points.drain(..) {
            if compare(value(&point, left)?, value(&point, right)?) {
                kept.push(point);
            }
        }
        *points = kept;
        Ok(())
    }

    /// The outcomes to keep of those that a run yields.
    ///
    /// # Errors
    /// One that no run yields, or no outcome at all.
    pub fn kept(&self, all: Vec<String>) -> Result<Vec<String>, Mistake> {
        let Some(asked) = &self.outcomes else { return Ok(all) };
        if asked.is_empty() {
            return Err(self.wrong("outcomes", "a sweep keeps at least one outcome"));
        }
        for (k, name) in asked.iter().enumerate() {
            if !all.contains(name) {
                let words = format!("no outcome is called `{name}`");
                let node = self.typed.table.as_ref().and_then(|t| t.get("outcomes")?.items().get(k));
                let mistake = match node {
                    Some(node) => Mistake::at(&node.origin, words),
                    None => Mistake::general(words),
                };
                return Err(mistake.suggest(name, all.iter().map(String::as_str)));
            }
        }
        Ok(all.into_iter().filter(|name| asked.contains(name)).collect())
    }

    /// Meets the mistakes in factors before anything runs: resolves the first point, the last, and every factor at its least
    /// and greatest value, and looks up the populations.
    ///
    /// # Errors
    /// A path or value that the scenario's checks refuse, a population it does not have, a point with other metrics.
    pub fn meet(&self, scenario: &Scenario, points: &[Vec<String>]) -> Result<(), Mistake> {
        for (k, theory) in self.theories.iter().flatten().enumerate() {
            scenario.population(theory).map_err(|m| {
                let node = self.typed.table.as_ref().and_then(|t| t.get("theories")?.items().get(k));
                Mistake { origin: m.origin.or(node.map(|n| n.origin.clone())), ..m }
            })?;
        }
        let names = |s: &Scenario| metrics(&s.world).into_iter().map(|m| m.name).collect::<Vec<_>>();
        let mut some = vec![0, points.len() - 1];
        for f in 0..self.factor.len() {
            let key = |&i: &usize| points[i][f].parse::<f64>().unwrap_or(0.0);
            some.extend((0..points.len()).min_by(|a, b| key(a).total_cmp(&key(b))));
            some.extend((0..points.len()).max_by(|a, b| key(a).total_cmp(&key(b))));
        }
        some.sort_unstable();
        some.dedup();
        for i in some {
            let changes = self.changes(&points[i]);
            let other = from_tree(&scenario.path, scenario.tree.clone(), &changes).map_err(|m| {
                // the factor whose change it was, or the whole point
                let shown = match &m.origin {
                    Some(Origin::Change(text)) => {
                        changes.iter().position(|c| text.starts_with(&format!("{}=", c.path)))
                    }
                    _ => None,
                };
                let words = format!("point {i} of the design: {}", m.message);
                let cell = (self.design == Kind::Table).then(|| self.row_place(i, shown)).flatten();
                let mistake = match (cell, shown) {
                    (Some(origin), _) => Mistake::at(&origin, words),
                    (None, Some(f)) => self.wrong_factor(f, "path", words),
                    (None, None) => Mistake { message: words, origin: m.origin, help: None },
                };
                Mistake { help: m.help, ..mistake }
            })?;
            if names(&other) != names(scenario) {
                let words = format!("point {i} of the design changes the list of metrics");
                return Err(self.wrong("factor", words));
            }
        }
        Ok(())
    }

    /// The changes that make a point.
    pub fn changes(&self, point: &[String]) -> Vec<Change> {
        let pairs = self.factor.iter().zip(point);
        pairs.map(|(f, value)| Change { path: f.path.clone(), value: value.clone() }).collect()
    }
}

/// Reads a table of points as R, pandas and spreadsheets write them: a byte-order mark, spaces around cells, semicolons
/// with decimal commas, tabs and an index column are understood.
fn table_of_points(path: &Path, text: String, delimiter: Option<u8>) -> Result<Sweep, Mistake> {
    let source = Arc::new(Source { path: path.to_path_buf(), text });
    let whole = source.text.as_str();
    let mut start = if whole.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let first = whole[start..].lines().next().unwrap_or("");
    // Excel's own way to name the delimiter
    let named = first.strip_prefix("sep=").and_then(|s| s.bytes().next());
    if named.is_some() {
        start += whole[start..].find('\n').map_or(whole.len() - start, |k| k + 1);
    }
    let first = whole[start..].lines().next().unwrap_or("");
    let most = |a: u8, b: u8| {
        let count = |c: u8| first.bytes().filter(|&x| x == c).count();
        if count(b) > count(a) { b } else { a }
    };
    let delimiter = named.or(delimiter).unwrap_or_else(|| most(most(b',', b';'), b'\t'));
    let commas = delimiter != b',';
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(&whole.as_bytes()[start..]);
    let damaged =
        |e: csv::Error| Mistake::general(format!("{} is not a table of points: {e}", path.display()));
    let mut lines: Vec<(Vec<String>, Vec<Origin>)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        let begin = start + record.position().map_or(0, |p| p.byte() as usize);
        let begin = begin + whole[begin..].len() - whole[begin..].trim_start_matches(['\r', '\n']).len();
        let end = whole[begin..].find(['\r', '\n']).map_or(whole.len(), |k| begin + k);
        let quoted = whole[begin..end].contains('"');
        let mut at = begin;
        let mut places = Vec::new();
        for cell in &record {
            let span = if quoted { begin..end } else { at..(at + cell.len()).min(end) };
            places.push(Origin::File(source.clone(), span));
            at = (at + cell.len() + 1).min(end);
        }
        lines.push((record.iter().map(|c| c.trim().to_string()).collect(), places));
    }
    // spreadsheets leave lines of nothing but delimiters
    lines.retain(|(cells, _)| cells.iter().any(|c| !c.is_empty()));
    if lines.is_empty() {
        return Err(Mistake::general(format!("{} is empty: its first line names the paths", path.display())));
    }
    let mut lines = lines.into_iter();
    let (mut names, mut header) = lines.next().unwrap_or_default();
    let (mut rows, mut places): (Vec<Vec<String>>, Vec<Vec<Origin>>) = lines.unzip();
    // R writes no name above the names of rows, or leaves it out; pandas calls it Unnamed: 0; a sweep writes `point`
    let short = rows.iter().all(|r| r.len() == names.len() + 1) && !rows.is_empty();
    let index = names.first().is_some_and(|n| n.is_empty() || n.starts_with("Unnamed:") || n == "point");
    if index {
        names.remove(0);
        header.remove(0);
    }
    if index || short {
        for (row, places) in rows.iter_mut().zip(&mut places).filter(|(r, _)| !r.is_empty()) {
            row.remove(0);
            places.remove(0);
        }
    }
    if let Some(k) = names.iter().position(String::is_empty) {
        return Err(Mistake::at(&header[k], "a column has no name").help("the first line names the paths"));
    }
    for cell in rows.iter_mut().flatten() {
        // decimal commas, and the truths of R and Python
        let digits = cell.trim_start_matches(['+', '-']);
        let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b',');
        if commas && number && digits.matches(',').count() == 1 {
            *cell = cell.replace(',', ".");
        }
        match cell.as_str() {
            "TRUE" | "True" => *cell = "true".into(),
            "FALSE" | "False" => *cell = "false".into(),
            _ => {}
        }
    }
    let design = parse(path, "design = 'table'".into())?;
    let sweep = Sweep::of(Block::new(&design, spec::SWEEP))?;
    let column = |path| Factor {
        path,
        label: String::new(),
        low: None,
        high: None,
        scale: Scale::Linear,
        steps: None,
        values: None,
    };
    let factor = names.into_iter().map(column).collect();
    Ok(Sweep { factor, rows, typed: Typed { table: None, header, rows: places }, ..sweep })
}
