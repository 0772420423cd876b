//! What-ifs run beside the scenario they change, replication by replication, population by population.

use super::whatif::{Difference, WhatIf, differences, found, measure, outcomes};
use super::window::{self, Window, places, watched};
use crate::experiment::replicate::replicate;
use crate::output::{Tables, rows};
use crate::scenario::{Mistake, Scenario};

/// What to follow around a date, beside the outcomes of whole runs.
#[derive(Clone, Debug, Default)]
pub struct Follow {
    /// Metrics; empty for cooperation of every watched pair and group.
    pub metrics: Vec<String>,
    /// First date; where an event is dropped, else, the event's.
    pub from: Option<String>,
    /// Last date; without one a year from the first.
    pub to: Option<String>,
}

/// What-ifs of a scenario, ready to run.
#[derive(Debug)]
pub struct Inquiry<'s> {
    /// The scenario as it stands.
    pub scenario: &'s Scenario,
    /// What is changed.
    pub whatifs: Vec<WhatIf>,
    changed: Vec<Scenario>,
    /// Outcomes of whole runs, with the place of each that is a metric.
    pub outcomes: Vec<(String, Option<usize>)>,
    /// Metrics followed around a date.
    pub metrics: Vec<String>,
    /// For each what-if the steps of its window, if it has one.
    pub windows: Vec<Option<Window>>,
}

/// What a change did under one population.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Population.
    pub theory: String,
    /// By outcome; `None` where no pair of runs has a value.
    pub outcomes: Vec<Option<Difference>>,
    /// By metric, in the window; empty if there is none.
    pub window: Vec<Option<Difference>>,
}

/// Outcomes of every run, and means of metrics in each window.
type Runs = (Vec<Vec<f64>>, Vec<Vec<Vec<f64>>>);

impl<'s> Inquiry<'s> {
    /// Applies each what-if and looks up what is to be followed.
    ///
    /// # Errors
    /// A change that does not pass the scenario's checks, an unknown metric, or a date that is none of the run.
    pub fn new(scenario: &'s Scenario, whatifs: Vec<WhatIf>, follow: &Follow) -> Result<Self, Mistake> {
        let world = &scenario.world;
        let changed = whatifs.iter().map(|w| w.apply(scenario)).collect::<Result<Vec<_>, _>>()?;
        let asked = follow.from.is_some() || follow.to.is_some() || !follow.metrics.is_empty();
        let window = |w: &WhatIf| {
            let given = Window::after_event(w, world);
            match asked {
                true => Window::between(follow.from.as_deref(), follow.to.as_deref(), given, world).map(Some),
                false => Ok(given),
            }
        };
        let windows = whatifs.iter().map(window).collect::<Result<_, _>>()?;
        let metrics = watched(world, &follow.metrics)?;
        Ok(Inquiry { scenario, whatifs, changed, outcomes: outcomes(world), metrics, windows })
    }

    /// Runs that are played in all.
    pub fn runs(&self) -> u64 {
        self.scenario.theories.len() as u64 * self.scenario.replications * (1 + self.whatifs.len() as u64)
    }

    /// Plays them all and calls `tick` after each run; the answers of each what-if, in the order of populations.
    ///
    /// ```
    /// use twain::analysis::counterfactual::{Follow, Inquiry};
    /// use twain::analysis::whatif::WhatIf;
    /// # fn main() -> anyhow::Result<()> {
    /// let mut scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
    /// (scenario.replications, scenario.theories) = (3, vec!["realism".into()]);
    /// let longer = WhatIf::typed("world.shadow=0.9")?;
    /// let answers = Inquiry::new(&scenario, vec![longer], &Follow::default())?.answer(|| ())?;
    /// assert_eq!(answers[0][0].theory, "realism");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An unknown population.
    pub fn answer(&self, mut tick: impl FnMut()) -> anyhow::Result<Vec<Vec<Answer>>> {
        let theories = &self.scenario.theories;
        let bases = theories.iter().map(|t| self.play(self.scenario, t, &self.windows, &mut tick));
        let bases = bases.collect::<anyhow::Result<Vec<Runs>>>()?;
        let followed: Vec<(String, Option<usize>)> = self.metrics.iter().map(|m| (m.clone(), None)).collect();
        let mut answers = Vec::new();
        for (k, changed) in self.changed.iter().enumerate() {
            let mut own = Vec::new();
            for (theory, (base, inside)) in theories.iter().zip(&bases) {
                let (other, window) = self.play(changed, theory, &self.windows[k..=k], &mut tick)?;
                own.push(Answer {
                    theory: theory.clone(),
                    outcomes: differences(&self.outcomes, base, &other),
                    window: match self.windows[k] {
                        Some(_) => differences(&followed, &inside[k], &window[0]),
                        None => Vec::new(),
                    },
                });
            }
            answers.push(own);
        }
        Ok(answers)
    }

    fn play(
        &self,
        scenario: &Scenario,
        theory: &str,
        windows: &[Option<Window>],
        tick: &mut impl FnMut(),
    ) -> anyhow::Result<Runs> {
        let population = scenario.population(theory)?;
        let wanted = found(&scenario.world, &self.outcomes);
        let followed = places(&scenario.world, &self.metrics);
        let (mut all, mut inside) = (Vec::new(), vec![Vec::new(); windows.len()]);
        replicate(&scenario.world, &population, self.scenario.replications, |_, record| {
            tick();
            all.push(measure(&scenario.world, record, &wanted));
            for (window, runs) in windows.iter().zip(&mut inside) {
                runs.extend(window.map(|w| w.means(record, &followed)));
            }
            Ok(())
        })?;
        Ok((all, inside))
    }

    /// Writes whatif.csv and, where there are windows, windows.csv.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn write(&self, folder: &mut impl Tables, answers: &[Vec<Answer>]) -> anyhow::Result<()> {
        let all = || self.whatifs.iter().zip(answers).enumerate();
        let mut table = folder.open::<rows::Change>()?;
        for (_, (whatif, own)) in all() {
            for answer in own {
                for ((outcome, _), d) in self.outcomes.iter().zip(&answer.outcomes) {
                    if let Some(d) = d {
                        table.write(&d.row(&answer.theory, whatif, outcome))?;
                    }
                }
            }
        }
        folder.close(table)?;
        if self.windows.iter().all(Option::is_none) {
            return Ok(());
        }
        let mut table = folder.open::<rows::WindowChange>()?;
        for (k, (whatif, own)) in all() {
            let Some(window) = self.windows[k] else { continue };
            for answer in own {
                for (metric, d) in self.metrics.iter().zip(&answer.window) {
                    if let Some(d) = d {
                        let place = (&self.scenario.world, window);
                        table.write(&window::row(&answer.theory, whatif, metric, place, d))?;
                    }
                }
            }
        }
        folder.close(table)
    }
}
