//! `twain compare`: the schools, null models and ablations on the same world, held to the dated record.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::common::{Columns, OutArgs, ScenarioArgs, header, progress};
use crate::analysis::facts::{Fact, facts};
use crate::analysis::score::{Hits, Score, hits, log_score, score, share};
use crate::analysis::whatif::whatifs;
use crate::experiment::replicate::pool;
use crate::output::{Folder, Provenance, show};
use crate::scenario::{ABLATIONS, NULLS};
use crate::theory::SCHOOLS;

/// What `twain compare` accepts.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    scenario: ScenarioArgs,
    #[command(flatten)]
    out: OutArgs,
    /// A filled-in sheet of `twain bet`: every column of probabilities is scored beside the schools
    #[arg(long, value_name = "CSV")]
    bets: Option<PathBuf>,
}

/// What the tables hold.
pub(super) const COLUMNS: Columns = &[
    (
        "scores.csv",
        &[
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            ("fact", "id of the fact"),
            ("block", "group of facts that are not independent"),
            ("split", "calibration (may be used to fit) or holdout"),
            ("weight", "weight inside its block"),
            ("claims", "what the school claims: + , - or 0; empty for others"),
            ("hits", "runs in which the measure holds"),
            ("runs", "runs"),
            ("share", "hits over runs"),
            ("ci_low", "lower end of Wilson's 95% interval of the share"),
            ("ci_high", "upper end"),
            ("log_score", "log probability of the fact, clipped; 0 is perfect"),
        ],
    ),
    (
        "scoreboard.csv",
        &[
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            ("split", "calibration (may be used to fit) or holdout"),
            ("score", "mean log score, blocks averaged first; 0 is perfect"),
            ("ci_low", "lower end of the 95% interval by bootstrap over facts and runs"),
            ("ci_high", "upper end"),
            ("hits", "facts shown by more than half of the runs"),
            ("facts", "facts"),
            ("free_parameters", "parameters the population's rules have"),
            ("skill", "score minus that of the best null model"),
            (
                "first_among_schools",
                "share of bootstrap samples in which the school comes first; empty for others",
            ),
        ],
    ),
    (
        "blocks.csv",
        &[
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            ("split", "calibration (may be used to fit) or holdout"),
            ("block", "group of facts"),
            ("score", "mean log score of the block"),
        ],
    ),
    (
        "facts.csv",
        &[
            ("fact", "id"),
            ("claim", "the fact in one sentence"),
            ("page", "page of the source"),
            ("period", "first and last date it speaks of"),
            ("block", "group of facts"),
            ("split", "calibration (may be used to fit) or holdout"),
            ("weight", "weight inside its block"),
            ("measure", "expression over the metrics of a run"),
        ],
    ),
];

/// Runs the comparison.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let scenario = args.scenario.load()?;
    let facts = facts(&scenario)?;
    if facts.is_empty() {
        bail!("{} has no [[fact]] to compare with", scenario.path.display());
    }
    let bettors = match &args.bets {
        Some(path) => read_bets(path, &facts)?,
        None => Vec::new(),
    };
    let whatifs = whatifs(&scenario)?;
    let mut labels: Vec<String> = if args.scenario.theory.is_empty() {
        let mixes: Vec<String> = scenario
            .tree
            .get("population")
            .into_iter()
            .flat_map(|p| p.entries())
            .map(|e| e.0.to_string())
            .collect();
        scenario
            .theories
            .iter()
            .cloned()
            .chain(mixes)
            .chain(ABLATIONS.iter().map(|a| a.0.to_string()))
            .collect()
    } else {
        scenario.theories.clone()
    };
    labels.extend(NULLS.iter().map(|n| n.0.to_string()));
    let mut unique: Vec<String> = Vec::new();
    for label in labels {
        if !unique.contains(&label) {
            unique.push(label);
        }
    }
    let mut folder = Folder::create(&args.out.folder(&format!("{}-compare", scenario.name)), args.out.force)?;
    let bar = progress(unique.len() as u64 * scenario.replications, "comparing");
    let pool = pool(args.scenario.threads)?;
    let mut all: Vec<Hits> = Vec::new();
    for label in &unique {
        let counted =
            pool.install(|| hits(&scenario, &facts, &whatifs, label, scenario.replications, || bar.inc(1)))?;
        all.push(counted);
    }
    bar.finish_and_clear();

    let parts = [("calibration", false), ("holdout", true)];
    let scored: Vec<(Vec<Score>, Vec<f64>)> =
        parts.iter().map(|(_, holdout)| score(&all, &facts, *holdout, scenario.world.seed)).collect();

    let mut table = folder.table("scores.csv", &header(COLUMNS, "scores.csv"))?;
    for h in &all {
        let school = SCHOOLS.iter().position(|s| *s == h.theory);
        for (f, fact) in facts.iter().enumerate() {
            let (p, low, high) = share(h.hits[f], h.runs);
            table.row([
                h.theory.as_str(),
                h.kind,
                &fact.id,
                &fact.block,
                if fact.holdout { "holdout" } else { "calibration" },
                &show(fact.weight),
                &school.map_or(String::new(), |s| fact.claims[s].to_string()),
                &h.hits[f].to_string(),
                &h.runs.to_string(),
                &show(p),
                &show(low),
                &show(high),
                &show(log_score(h.hits[f], h.runs)),
            ])?;
        }
    }
    folder.close(table)?;
    let mut table = folder.table("scoreboard.csv", &header(COLUMNS, "scoreboard.csv"))?;
    for ((split, _), (scores, first)) in parts.iter().zip(&scored) {
        let best_null = best_null(&all, scores);
        for ((h, s), first) in all.iter().zip(scores).zip(first) {
            table.row([
                h.theory.as_str(),
                h.kind,
                split,
                &show(s.mean),
                &show(s.interval.0),
                &show(s.interval.1),
                &s.plain_hits.to_string(),
                &s.facts.to_string(),
                &h.parameters.to_string(),
                &show(s.mean - best_null),
                &show(if h.kind == "school" { *first } else { f64::NAN }),
            ])?;
        }
    }
    folder.close(table)?;
    let mut table = folder.table("blocks.csv", &header(COLUMNS, "blocks.csv"))?;
    for ((split, _), (scores, _)) in parts.iter().zip(&scored) {
        for (h, s) in all.iter().zip(scores) {
            for (block, value) in &s.blocks {
                table.row([h.theory.as_str(), h.kind, split, block, &show(*value)])?;
            }
        }
    }
    folder.close(table)?;
    let mut table = folder.table("facts.csv", &header(COLUMNS, "facts.csv"))?;
    for f in &facts {
        table.row([
            f.id.as_str(),
            &f.claim,
            &f.page,
            &f.period,
            &f.block,
            if f.holdout { "holdout" } else { "calibration" },
            &show(f.weight),
            &f.measure,
        ])?;
    }
    folder.close(table)?;
    let words = verdict(&scenario.title, &all, &facts, &scored, &bettors);
    let provenance = Provenance {
        command: Provenance::command_line(),
        replications: scenario.replications,
        theories: unique,
    };
    let manifest = provenance.manifest(&scenario, folder.files());
    folder.text("manifest.json", &format!("{manifest:#}\n"))?;
    folder.text("verdict.txt", &words)?;
    let place = args.out.finish(folder)?;
    writeln!(std::io::stdout(), "{words}\n{}", args.out.where_to_look(&place))?;
    Ok(())
}

fn best_null(all: &[Hits], scores: &[Score]) -> f64 {
    let nulls = all.iter().zip(scores).filter(|(h, _)| h.kind == "null").map(|(_, s)| s.mean);
    nulls.fold(f64::NEG_INFINITY, f64::max)
}

/// The scoreboard and the verdict in plain words.
fn verdict(
    title: &str,
    all: &[Hits],
    facts: &[Fact],
    scored: &[(Vec<Score>, Vec<f64>)],
    bettors: &[(String, Vec<Option<f64>>)],
) -> String {
    let width = all.iter().map(|h| h.theory.len()).max().unwrap_or(10);
    let mut text = format!(
        "{title}: theories on trial\n{} facts, {} runs each. Score: mean log probability of what happened, blocks averaged first; 0 is perfect.\n\n",
        facts.len(),
        all.first().map_or(0, |h| h.runs)
    );
    if all.first().is_some_and(|h| h.runs < 20) {
        text += "Few runs: intervals are wide and small differences mean nothing.\n\n";
    }
    text += &format!(
        "{:width$}  {:>6}  {:>24}  {:>7}  {:>6}  {:>24}  {:>7}  {:>6}\n",
        "", "param.", "calibration (95%)", "hits", "skill", "hold-out (95%)", "hits", "skill"
    );
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| scored[1].0[b].mean.total_cmp(&scored[1].0[a].mean));
    let cell = |part: usize, k: usize| {
        let s = &scored[part].0[k];
        if s.facts == 0 {
            return format!("{:>24}  {:>7}  {:>6}", "no facts", "", "");
        }
        let skill = s.mean - best_null(all, &scored[part].0);
        format!(
            "{:>24}  {:>7}  {:>+6.2}",
            format!("{:.2} ({:.2} to {:.2})", s.mean, s.interval.0, s.interval.1),
            format!("{}/{}", s.plain_hits, s.facts),
            skill
        )
    };
    for &k in &order {
        text +=
            &format!("{:width$}  {:>6}  {}  {}\n", all[k].theory, all[k].parameters, cell(0, k), cell(1, k));
    }
    text += "\nSkill is the score over the best null model: below 0, a school explains less than no theory at all.\n";
    for (part, name) in [(0, "calibration years"), (1, "hold-out years")] {
        let schools: Vec<usize> = order.iter().copied().filter(|&k| all[k].kind == "school").collect();
        if scored[part].0.first().is_none_or(|s| s.facts == 0) || schools.len() < 2 {
            continue;
        }
        let mut ranked = schools.clone();
        ranked.sort_by(|&a, &b| scored[part].0[b].mean.total_cmp(&scored[part].0[a].mean));
        let (a, b) = (ranked[0], ranked[1]);
        text += &format!(
            "\nIn the {name} {} comes first among the schools, in {:.0}% of bootstrap samples.",
            all[a].theory,
            100.0 * scored[part].1[a]
        );
        let skill = scored[part].0[a].mean - best_null(all, &scored[part].0);
        text +=
            if skill > 0.0 { " It beats the null models." } else { " It does not beat the best null model." };
        let mut gaps: Vec<(f64, &Fact)> = facts
            .iter()
            .enumerate()
            .filter(|(_, f)| f.holdout == (part == 1))
            .map(|(f, fact)| {
                (log_score(all[a].hits[f], all[a].runs) - log_score(all[b].hits[f], all[b].runs), fact)
            })
            .collect();
        gaps.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()));
        text += &format!(" What decided it against {}:\n", all[b].theory);
        for (gap, fact) in gaps.iter().take(4) {
            let who = if *gap > 0.0 { &all[a].theory } else { &all[b].theory };
            text += &format!("  {} for {who}: {}\n", fact.id, fact.claim);
        }
    }
    let block = |k: usize| {
        let parts: Vec<f64> = scored
            .iter()
            .filter_map(|s| s.0[k].blocks.iter().find(|b| b.0 == "bloc to bloc").map(|b| b.1))
            .collect();
        if parts.is_empty() { f64::NAN } else { parts.iter().sum::<f64>() / parts.len() as f64 }
    };
    let mut schools: Vec<usize> = (0..all.len()).filter(|&k| all[k].kind == "school").collect();
    schools.retain(|&k| !block(k).is_nan());
    schools.sort_by(|&a, &b| block(b).total_cmp(&block(a)));
    if let Some(&best) = schools.first() {
        let agrees = if all[best].theory == "realism" { "agrees" } else { "disagrees" };
        let ranking: Vec<String> =
            schools.iter().map(|&k| format!("{} {:.2}", all[k].theory, block(k))).collect();
        text += &format!(
            "\nThe thesis concludes (p.65) that realism explains best why the two blocs do not cooperate. On the bloc-to-bloc facts the model {agrees}: {}.\n",
            ranking.join(", ")
        );
    }
    if !bettors.is_empty() {
        text += "\nBets (Brier score over the facts bet on; 0 is perfect, 0.25 a shrug):\n";
        for (name, sheet) in bettors {
            let bets: Vec<f64> = sheet.iter().flatten().copied().collect();
            let brier = bets.iter().map(|p| (1.0 - p).powi(2)).sum::<f64>() / bets.len().max(1) as f64;
            text += &format!("  {name:width$}  {brier:.3} on {} facts\n", bets.len());
        }
        for h in all.iter().filter(|h| h.kind == "school") {
            let squares: f64 = h.hits.iter().map(|&x| (1.0 - x as f64 / h.runs as f64).powi(2)).sum();
            text += &format!(
                "  {:width$}  {:.3} on {} facts\n",
                h.theory,
                squares / facts.len() as f64,
                facts.len()
            );
        }
    }
    text
}

/// Reads a sheet of bets: one row a fact, one column a bettor, cells empty or a probability.
fn read_bets(path: &PathBuf, facts: &[Fact]) -> anyhow::Result<Vec<(String, Vec<Option<f64>>)>> {
    let shown = path.display();
    let mut reader = csv::Reader::from_path(path).with_context(|| format!("cannot read {shown}"))?;
    let header = reader.headers().with_context(|| format!("cannot read {shown}"))?.clone();
    let known = ["fact", "question", "date", "page"];
    let columns: Vec<usize> = (0..header.len()).filter(|&c| !known.contains(&&header[c])).collect();
    let Some(key) = header.iter().position(|h| h == "fact") else {
        bail!("{shown} has no column `fact`; make a sheet with twain bet");
    };
    let mut out: Vec<(String, Vec<Option<f64>>)> =
        columns.iter().map(|&c| (header[c].to_string(), vec![None; facts.len()])).collect();
    for (line, row) in reader.records().enumerate() {
        let row = row.with_context(|| format!("cannot read {shown}"))?;
        let id = &row[key];
        let Some(f) = facts.iter().position(|f| f.id == id) else {
            bail!("{shown}:{}: unknown fact `{id}`", line + 2);
        };
        for (slot, &c) in out.iter_mut().zip(&columns) {
            let cell = row.get(c).unwrap_or("").trim();
            if cell.is_empty() {
                continue;
            }
            match cell.parse::<f64>() {
                Ok(p) if (0.0..=1.0).contains(&p) => slot.1[f] = Some(p),
                _ => bail!("{shown}:{}: `{cell}` is not a probability between 0 and 1", line + 2),
            }
        }
    }
    out.retain(|(_, sheet)| sheet.iter().any(Option::is_some));
    if out.is_empty() {
        bail!("{shown} holds no bets");
    }
    Ok(out)
}
