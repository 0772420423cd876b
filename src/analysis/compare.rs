//! Schools on trial over one case or several: every population on the same world, shocks and random numbers of each case,
//! held to its dated facts and to its yearly series; then the cases together.

use super::facts::{Fact, facts};
use super::record::{Correlation, Series, columns, series};
use super::score::{Answers, Board, Hits, Part, Trial, boards, brier_score, log_score};
use super::verdict::on_trial;
use super::whatif::{WhatIf, whatifs};
use crate::scenario::{Mistake, NULLS, Scenario};
use crate::theory::SCHOOLS;

/// A case: a scenario with its facts and series, checked.
#[derive(Clone, Debug)]
pub struct Case {
    /// The scenario.
    pub scenario: Scenario,
    /// Its facts.
    pub facts: Vec<Fact>,
    /// Its series, the coded record among them.
    pub series: Vec<Series>,
    /// Its what-ifs.
    pub whatifs: Vec<WhatIf>,
}

impl Case {
    /// Takes a scenario's facts and series.
    ///
    /// # Errors
    /// The first mistake in a fact, a series or a what-if.
    pub fn new(scenario: Scenario) -> Result<Self, Mistake> {
        let (facts, series, whatifs) = (facts(&scenario)?, series(&scenario)?, whatifs(&scenario)?);
        Ok(Case { scenario, facts, series, whatifs })
    }
}

/// What a case says about every population.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Hits of every population.
    pub hits: Vec<Hits>,
    /// Scores on every part of the facts, in the order of [`Part::ALL`].
    pub boards: Vec<Board>,
    /// Correlations with every series: series by series, populations in order.
    pub correlations: Vec<Vec<Correlation>>,
    /// What the runs of every population answered to the question itself.
    pub answers: Vec<Answers>,
}

impl Verdict {
    /// The scores on a part of the facts.
    pub fn board(&self, part: Part) -> &Board {
        &self.boards[Part::ALL.iter().position(|p| *p == part).unwrap_or(0)]
    }

    /// Place of a population.
    pub fn place(&self, label: &str) -> Option<usize> {
        self.hits.iter().position(|h| h.theory == label)
    }
}

/// The populations to compare: those asked for, or the schools, mixes and ablations of the cases; then every null model. Of several
/// cases only what all of them have.
///
/// # Errors
/// A case without facts, two cases of one name, two facts of one id in different cases, an unknown population, or cases that share no school.
pub fn populations(cases: &[Case], asked: &[String]) -> Result<Vec<String>, Mistake> {
    for (k, case) in cases.iter().enumerate() {
        if case.facts.is_empty() {
            let path = case.scenario.path.display();
            return Err(Mistake::general(format!("{path} has no [[fact]] to compare with")));
        }
        for other in &cases[..k] {
            if other.scenario.name == case.scenario.name {
                return Err(Mistake::general(format!("two cases are called `{}`", case.scenario.name))
                    .help("give each scenario once, or another name"));
            }
            if let Some(fact) = case.facts.iter().find(|f| other.facts.iter().any(|o| o.id == f.id)) {
                return Err(Mistake::general(format!(
                    "the fact {} stands in two cases, {} and {}",
                    fact.id, other.scenario.name, case.scenario.name
                ))
                .help("a fact belongs to one case"));
            }
        }
    }
    let mut labels: Vec<String> = Vec::new();
    if asked.is_empty() {
        let lists: Vec<Vec<String>> = cases.iter().map(|c| on_trial(&c.scenario, true)).collect();
        let Some(first) = lists.first() else { return Ok(labels) };
        labels.extend(first.iter().filter(|l| lists.iter().all(|list| list.contains(l))).cloned());
        if cases.len() > 1 && !labels.iter().any(|l| SCHOOLS.contains(&l.as_str())) {
            let each: Vec<String> = cases
                .iter()
                .map(|c| format!("{} runs {}", c.scenario.name, c.scenario.theories.join(", ")))
                .collect();
            return Err(Mistake::general(format!("the cases share no school: {}", each.join("; ")))
                .help("name the populations with --theory"));
        }
    } else {
        labels.extend_from_slice(asked);
        labels.extend(NULLS.iter().map(|n| n.0.to_string()));
    }
    let mut unique: Vec<String> = Vec::new();
    for label in labels {
        if !unique.contains(&label) {
            unique.push(label);
        }
    }
    for case in cases {
        for label in &unique {
            case.scenario.population(label)?;
        }
    }
    Ok(unique)
}

/// Runs every population of a case and scores it. `tick` is called once a run.
///
/// ```
/// use twain::analysis::compare::{Case, compare};
/// # fn main() -> anyhow::Result<()> {
/// let case = Case::new(twain::scenario::load("scenarios/after-2011.toml".as_ref(), &[])?)?;
/// let verdict = compare(&case, &["realism".into(), "neutral".into()], 2, || ())?;
/// assert_eq!(verdict.hits[0].theory, "realism");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// A population or a what-if that does not pass the scenario's checks.
pub fn compare(
    case: &Case,
    labels: &[String],
    replications: u64,
    mut tick: impl FnMut(),
) -> Result<Verdict, Mistake> {
    let watched = columns(&case.series);
    let seed = case.scenario.world.seed;
    let (mut all, mut answers) = (Vec::new(), Vec::new());
    let mut correlations = vec![Vec::new(); case.series.len()];
    for label in labels {
        let mut trial = Trial::new(&case.scenario, &case.facts, &case.whatifs, label)?.watch(&watched);
        trial.run(&case.facts, replications, &mut tick)?;
        let means = trial.means();
        for (series, list) in case.series.iter().zip(&mut correlations) {
            let place = watched.iter().position(|c| *c == series.column).unwrap_or(0);
            list.push(series.correlation(&means[place], seed));
        }
        all.push(trial.hits().clone());
        answers.push(trial.answers().clone());
    }
    let boards = boards(&all, &case.facts, seed);
    Ok(Verdict { hits: all, boards, correlations, answers })
}

/// A population over several cases, on one part of the facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    /// The part.
    pub part: Part,
    /// Population.
    pub theory: String,
    /// school, mix, ablation or null.
    pub kind: &'static str,
    /// Cases that have facts of the part.
    pub cases: usize,
    /// Mean of the cases' log scores.
    pub score: f64,
    /// Mean of the cases' scores over their best null model.
    pub skill: f64,
    /// Mean of the cases' Brier scores.
    pub brier: f64,
    /// Cases in which it comes first among the schools.
    pub first: usize,
}

/// The cases together: each weighs the same, however many facts it has.
pub fn over(verdicts: &[Verdict]) -> Vec<Over> {
    let Some(model) = verdicts.first() else { return Vec::new() };
    let mut out = Vec::new();
    for part in Part::ALL {
        for h in &model.hits {
            let places: Vec<(&Verdict, usize)> = verdicts
                .iter()
                .filter_map(|v| Some((v, v.place(&h.theory)?)))
                .filter(|(v, k)| v.board(part).scores[*k].facts > 0)
                .collect();
            let mean = |value: &dyn Fn(&Verdict, usize) -> f64| {
                places.iter().map(|(v, k)| value(v, *k)).sum::<f64>() / places.len() as f64
            };
            let leads = |v: &Verdict, k: usize| {
                let scores = &v.board(part).scores;
                let schools = (0..v.hits.len()).filter(|&j| v.hits[j].kind == "school");
                v.hits[k].kind == "school" && schools.into_iter().all(|j| scores[j].mean <= scores[k].mean)
            };
            out.push(Over {
                part,
                theory: h.theory.clone(),
                kind: h.kind,
                cases: places.len(),
                score: mean(&|v, k| v.board(part).scores[k].mean),
                skill: mean(&|v, k| v.board(part).skill(&v.hits, k)),
                brier: mean(&|v, k| v.board(part).scores[k].brier),
                first: places.iter().filter(|(v, k)| leads(v, *k)).count(),
            });
        }
    }
    out
}

/// What a school's runs do with the facts to which it is given one sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stance {
    /// + it accounts for them, - it speaks against them, 0 it is silent.
    pub sign: char,
    /// Facts with the sign.
    pub facts: usize,
    /// Those that most of its runs show.
    pub shown: usize,
    /// Plain mean of their log scores; NaN without facts.
    pub log: f64,
    /// Plain mean of their Brier scores.
    pub brier: f64,
}

/// Words beside rules: for each sign, what the runs of school number `school` show of the facts so signed.
pub fn stances(h: &Hits, facts: &[Fact], school: usize) -> [Stance; 3] {
    super::coders::SIGNS.map(|sign| {
        let mine: Vec<usize> = (0..facts.len()).filter(|&f| facts[f].claims[school] == sign).collect();
        let mean = |value: fn(u64, u64) -> f64| {
            mine.iter().map(|&f| value(h.hits[f], h.runs)).sum::<f64>() / mine.len() as f64
        };
        Stance {
            sign,
            facts: mine.len(),
            shown: mine.iter().filter(|&&f| 2 * h.hits[f] > h.runs).count(),
            log: mean(log_score),
            brier: mean(brier_score),
        }
    })
}
