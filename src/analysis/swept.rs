//! What a sweep shows: its means point by point, who leads where, which factors matter, whether replications suffice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::sensitivity::{Index, morris, sobol};
use crate::experiment::cells::Cells;
use crate::experiment::design::{Kind, Sweep};
use crate::output::read::{columns, each};
use crate::output::rows::{self, Figure};

/// The result of a sweep, read back.
#[derive(Debug)]
pub struct Swept {
    folder: PathBuf,
    /// Its manifest.
    pub manifest: Value,
    /// Its design.
    pub design: Sweep,
    seed: u64,
    points: usize,
    /// Means by population and outcome, point by point; NaN where there is none.
    pub means: BTreeMap<(String, String), Vec<f64>>,
}

/// The indices of a factor, by name: `mu`, `mu_star` and `sigma` (Morris) or `S1` and `ST` (Sobol').
pub type Indices = Vec<(&'static str, Index)>;

/// The indices of every factor under a population (first) for an outcome (second); `None` where they have no meaning.
pub type Ranked<'s> = (&'s (String, String), Option<Vec<Indices>>);

impl Swept {
    /// Reads the result of a sweep whose design has indices.
    ///
    /// # Errors
    /// A folder that is no such result, or a damaged table.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let place = folder.display();
        let text = std::fs::read_to_string(folder.join("manifest.json"))
            .with_context(|| format!("{place} holds no manifest.json; give the folder of a sweep"))?;
        let manifest: Value =
            serde_json::from_str(&text).with_context(|| format!("{place}/manifest.json is not JSON"))?;
        let design: Sweep = serde_json::from_value(manifest["sweep"].clone())
            .with_context(|| format!("{place} is not the result of a sweep"))?;
        ensure!(
            matches!(design.design, Kind::Morris | Kind::Saltelli),
            "indices need a sweep with design = \"morris\" or \"saltelli\", not {:?}",
            design.design
        );
        let seed = manifest["seed"].as_u64().unwrap_or(0);
        let points = design.unit(seed).len();
        let mut means: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
        each(&folder.join("summary.csv"), |row| {
            let key = (row.text("theory")?.to_string(), row.text("outcome")?.to_string());
            let all = means.entry(key).or_insert_with(|| vec![f64::NAN; points]);
            let slot = all.get_mut(row.whole("point")? as usize);
            *slot.context("there is no such point in the design")? = row.number("mean")?;
            Ok(())
        })?;
        Ok(Swept { folder: folder.to_path_buf(), manifest, design, seed, points, means })
    }

    /// Names of the outcomes.
    pub fn outcomes(&self) -> BTreeSet<&str> {
        self.means.keys().map(|(_, outcome)| outcome.as_str()).collect()
    }

    /// Refuses an outcome that the sweep does not have.
    ///
    /// # Errors
    /// With the outcome that is called most alike.
    pub fn check(&self, outcome: &str) -> anyhow::Result<()> {
        let all = self.outcomes();
        if all.contains(outcome) {
            return Ok(());
        }
        let like = |name: &&&str| strsim::jaro_winkler(name, outcome);
        let near = all.iter().max_by(|a, b| like(a).total_cmp(&like(b)));
        let place = self.folder.display();
        bail!("{place} has no outcome `{outcome}`; did you mean `{}`?", near.unwrap_or(&"framework"))
    }

    /// The indices of every factor, for each population and outcome that varies and has a mean at every point; `None` for the
    /// others.
    pub fn indices(&self) -> Vec<Ranked<'_>> {
        let unit = self.design.unit(self.seed);
        let (positions, k) = (self.design.positions(&unit), self.design.factor.len());
        let of = |y: &[f64]| -> Vec<Indices> {
            match self.design.design {
                Kind::Morris => morris(&unit, &positions, y, self.seed)
                    .into_iter()
                    .map(|[mu, star, sigma]| vec![("mu", mu), ("mu_star", star), ("sigma", sigma)])
                    .collect(),
                _ => {
                    sobol(y, k, self.seed).into_iter().map(|[s1, st]| vec![("S1", s1), ("ST", st)]).collect()
                }
            }
        };
        let varies = |y: &[f64]| y.iter().all(|v| !v.is_nan()) && y.iter().any(|v| *v != y[0]);
        self.means.iter().map(|(key, y)| (key, varies(y).then(|| of(y)))).collect()
    }

    /// At how many points the mean of each population lies above every other's, and at how many all have one.
    pub fn leads(&self, outcome: &str) -> (Vec<(&str, usize)>, usize) {
        let own: Vec<(&str, &Vec<f64>)> =
            self.means.iter().filter(|((_, o), _)| o == outcome).map(|((t, _), y)| (t.as_str(), y)).collect();
        let known: Vec<usize> =
            (0..self.points).filter(|&p| own.iter().all(|(_, y)| !y[p].is_nan())).collect();
        let above = |k: usize, p: usize| (0..own.len()).all(|j| j == k || own[k].1[p] > own[j].1[p]);
        let list = (0..own.len()).map(|k| (own[k].0, known.iter().filter(|&&p| above(k, p)).count()));
        (list.collect(), known.len())
    }

    /// The widest interval of every outcome after 2, 4, 8, ... and all replications.
    ///
    /// # Errors
    /// A table of runs that cannot be read, or is of another design.
    pub fn convergence(&self) -> anyhow::Result<Vec<rows::Convergence>> {
        let place = self.folder.join("runs.csv");
        // outcomes stand after the population
        let outcomes: Vec<String> =
            columns(&place)?.into_iter().skip_while(|c| c != "theory").skip(1).collect();
        let mut cells: BTreeMap<String, Cells> = BTreeMap::new();
        let mut steps = Vec::new();
        let mut note = |cells: &BTreeMap<String, Cells>, replications: u64| {
            for (theory, cells) in cells {
                for (o, outcome) in outcomes.iter().enumerate() {
                    steps.extend(cells.widest(o).map(|(point, half)| rows::Convergence {
                        theory: theory.clone(),
                        outcome: outcome.clone(),
                        replications,
                        point,
                        half_width: Figure(half),
                    }));
                }
            }
        };
        let mut last = 0;
        each(&place, |row| {
            let (point, replication) = (row.whole("point")? as usize, row.whole("replication")?);
            ensure!(point < self.points, "there is no point {point} in the design");
            // runs are in the order of replications
            if replication > last {
                if replication >= 2 && replication.is_power_of_two() {
                    note(&cells, replication);
                }
                last = replication;
            }
            let theory = row.text("theory")?;
            let values = outcomes.iter().map(|o| row.number(o)).collect::<anyhow::Result<Vec<f64>>>()?;
            if !cells.contains_key(theory) {
                cells.insert(theory.to_string(), Cells::new(self.points, &outcomes));
            }
            if let Some(cells) = cells.get_mut(theory) {
                cells.add(point, &values);
            }
            Ok(())
        })?;
        note(&cells, last + 1);
        steps.sort_by(|a, b| {
            (&a.theory, &a.outcome, a.replications).cmp(&(&b.theory, &b.outcome, b.replications))
        });
        Ok(steps)
    }
}
