//! Designs: which points of the factor space a sweep visits.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use super::sequence;
use crate::random::{Purpose, stream};

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

/// A factor: a scenario value that varies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Path of the value, as after `--set`.
    pub path: String,
    /// Name for charts.
    #[serde(default)]
    pub label: String,
    /// Lower end of the range.
    pub low: Option<f64>,
    /// Upper end of the range.
    pub high: Option<f64>,
    /// Spacing.
    #[serde(default)]
    pub scale: Scale,
    /// Number of levels in a factorial or paired design.
    pub steps: Option<usize>,
    /// Explicit levels: numbers or texts.
    pub values: Option<Vec<serde_json::Value>>,
}

/// A `[sweep]` table.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Kind of design.
    pub design: Kind,
    /// Points (Latin hypercube, Sobol') or base rows (Saltelli).
    #[serde(default = "default_points")]
    pub points: usize,
    /// Morris trajectories.
    #[serde(default = "default_trajectories")]
    pub trajectories: usize,
    /// Levels of the Morris grid.
    #[serde(default = "default_levels")]
    pub levels: usize,
    /// Replications of each point.
    pub replications: Option<u64>,
    /// Populations; those of the scenario by default.
    pub theories: Option<Vec<String>>,
    /// Conditions between factors, such as `a < b`; points that break one are left out.
    #[serde(default)]
    pub constraints: Vec<String>,
    /// Factors.
    #[serde(default)]
    pub factor: Vec<Factor>,
    /// Points of a table, filled from its CSV file.
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
}

fn default_points() -> usize {
    64
}
fn default_trajectories() -> usize {
    10
}
fn default_levels() -> usize {
    4
}

/// A number as the shortest text that reads back the same.
fn text(x: f64) -> String {
    let rounded = (x * 1e12).round() / 1e12;
    if (rounded - x).abs() <= 1e-15 * x.abs() { format!("{rounded}") } else { format!("{x}") }
}

impl Factor {
    fn check(&self) -> anyhow::Result<()> {
        let path = &self.path;
        if let Some(values) = &self.values {
            ensure!(!values.is_empty(), "factor `{path}` has an empty list of values");
            return Ok(());
        }
        let (Some(low), Some(high)) = (self.low, self.high) else {
            bail!("factor `{path}` needs low and high, or values");
        };
        ensure!(low.is_finite() && high.is_finite(), "factor `{path}`: low and high must be finite");
        ensure!(
            low < high,
            "factor `{path}`: the range is inverted, low = {low} is not below high = {high}; swap them"
        );
        ensure!(
            self.scale != Scale::Log || low > 0.0,
            "factor `{path}`: a log range needs low above 0, not {low}"
        );
        ensure!(
            self.scale != Scale::Integer || (low.fract() == 0.0 && high.fract() == 0.0),
            "factor `{path}`: an integer range needs whole ends"
        );
        ensure!(self.steps != Some(0), "factor `{path}`: steps must be at least 1");
        Ok(())
    }

    /// Value at `u` of the unit interval.
    pub fn at(&self, u: f64) -> String {
        if let Some(values) = &self.values {
            let index = ((u * values.len() as f64) as usize).min(values.len() - 1);
            return show(&values[index]);
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
            (None, _) => self.steps.unwrap_or(5),
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
    /// Reads a design from a TOML file with a `[sweep]` table, or from a CSV table.
    ///
    /// # Errors
    /// An unreadable file, an unknown key, an uneven table.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            sweep: Sweep,
        }
        if path.extension().is_some_and(|e| e == "csv") {
            let mut reader =
                csv::Reader::from_path(path).with_context(|| format!("cannot read {}", path.display()))?;
            let header = reader.headers()?.clone();
            let rows = reader
                .records()
                .map(|r| r.map(|r| r.iter().map(str::to_string).collect()))
                .collect::<Result<Vec<Vec<String>>, _>>()
                .with_context(|| format!("{} is not a table of points", path.display()))?;
            let names = header.iter().map(|h| serde_json::json!({ "path": h })).collect::<Vec<_>>();
            let value = serde_json::json!({ "design": "table", "factor": names, "rows": rows });
            return Ok(serde_json::from_value(value)?);
        }
        let source =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let file: File = toml::from_str(&source).with_context(|| format!("in {}", path.display()))?;
        Ok(file.sweep)
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

    /// The points: for each, the text of every factor's value.
    ///
    /// # Errors
    /// Inverted ranges, too many points, uneven lists, constraints that cannot be read or leave nothing.
    pub fn build(&self, seed: u64) -> anyhow::Result<Vec<Vec<String>>> {
        ensure!(!self.factor.is_empty(), "the design has no factors; add a [[sweep.factor]]");
        for (i, factor) in self.factor.iter().enumerate() {
            ensure!(
                self.factor[..i].iter().all(|f| f.path != factor.path),
                "factor `{}` is given twice",
                factor.path
            );
            if self.design != Kind::Table {
                factor.check()?;
            }
        }
        let size = self.size();
        ensure!(size > 0, "the design has no points");
        ensure!(
            size <= MOST_POINTS,
            "the design has {size} points, more than {MOST_POINTS}; use fewer steps, or design = \"lhs\""
        );
        let columns = match self.design {
            Kind::Saltelli => 2 * self.factor.len(),
            Kind::Sobol => self.factor.len(),
            _ => 0,
        };
        ensure!(
            columns <= sequence::SOBOL_DIMENSIONS,
            "the design needs {columns} Sobol' dimensions, at most {} are there; use lhs or morris",
            sequence::SOBOL_DIMENSIONS
        );
        ensure!(
            self.design != Kind::Morris || (self.levels >= 2 && self.levels.is_multiple_of(2)),
            "morris needs an even number of levels, not {}",
            self.levels
        );
        let mut points: Vec<Vec<String>> = match self.design {
            Kind::Factorial => (0..size as usize)
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
                for f in &self.factor {
                    ensure!(
                        f.count() as u128 == size,
                        "a paired design needs lists of one length: `{}` has {}, `{}` has {size}",
                        f.path,
                        f.count(),
                        self.factor[0].path
                    );
                }
                (0..size as usize).map(|i| self.factor.iter().map(|f| f.level(i)).collect()).collect()
            }
            Kind::Table => self.rows.clone(),
            _ => self
                .unit(seed)
                .iter()
                .map(|p| self.factor.iter().zip(p).map(|(f, &u)| f.at(u)).collect())
                .collect(),
        };
        for constraint in &self.constraints {
            ensure!(
                !matches!(self.design, Kind::Morris | Kind::Saltelli),
                "constraint `{constraint}` would break the blocks of this design; use lhs or sobol with constraints"
            );
            let words: Vec<&str> = constraint.split_whitespace().collect();
            let [left, operator, right] = words[..] else {
                bail!("constraint `{constraint}` is not of the form `a < b`, with spaces");
            };
            let side = |word: &str| -> anyhow::Result<Result<usize, f64>> {
                let place = self.factor.iter().position(|f| f.path == word || f.label == word);
                match (place, word.parse::<f64>()) {
                    (Some(i), _) => Ok(Ok(i)),
                    (None, Ok(x)) => Ok(Err(x)),
                    _ => bail!("constraint `{constraint}`: `{word}` is neither a factor nor a number"),
                }
            };
            let (left, right) = (side(left)?, side(right)?);
            let compare: fn(f64, f64) -> bool = match operator {
                "<" => |a, b| a < b,
                "<=" => |a, b| a <= b,
                ">" => |a, b| a > b,
                ">=" => |a, b| a >= b,
                _ => bail!("constraint `{constraint}`: `{operator}` is not one of < <= > >="),
            };
            let value = |p: &[String], s: Result<usize, f64>| match s {
                Ok(i) => p[i].parse().unwrap_or(f64::NAN),
                Err(x) => x,
            };
            points.retain(|p| compare(value(p, left), value(p, right)));
        }
        ensure!(!points.is_empty(), "no point meets the constraints");
        Ok(points)
    }
}
