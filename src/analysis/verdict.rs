//! The verdict: tables of scores, and what they say in plain words.

use crate::analysis::facts::Fact;
use crate::analysis::score::{Hits, Score, log_score, share};
use crate::output::{Columns, Tables, header, show};
use crate::scenario::{NULLS, Scenario, ablations};
use crate::theory::SCHOOLS;

/// Scores of all populations on the calibration and on the hold-out facts, each with the share of bootstrap samples in
/// which each population comes first among the schools.
pub type Scored = [(Vec<Score>, Vec<f64>)];

/// The two parts of the facts, in the order of [`Scored`].
pub const PARTS: [&str; 2] = ["calibration", "holdout"];

/// Labels of the populations to hold to the facts: those of the scenario and, if `wide`, its mixes and the ablations;
/// always the null models. Each stands once.
pub fn on_trial(scenario: &Scenario, wide: bool) -> Vec<String> {
    let mut labels = scenario.theories.clone();
    if wide {
        let mixes = scenario.tree.get("population").into_iter().flat_map(|p| p.entries());
        labels.extend(mixes.map(|e| e.0.to_string()));
        labels.extend(ablations().into_iter().map(|a| a.0.to_string()));
    }
    labels.extend(NULLS.iter().map(|n| n.0.to_string()));
    let mut unique: Vec<String> = Vec::new();
    for label in labels {
        if !unique.contains(&label) {
            unique.push(label);
        }
    }
    unique
}

/// What the tables hold.
pub const COLUMNS: Columns = &[
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
            (
                "missing",
                "runs in which a value the measure needs is missing; they count as not showing the fact",
            ),
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

/// Writes scores.csv, scoreboard.csv, blocks.csv and facts.csv.
///
/// # Errors
/// If a table cannot be written.
pub fn write_tables(
    folder: &mut impl Tables,
    all: &[Hits],
    facts: &[Fact],
    scored: &Scored,
) -> anyhow::Result<()> {
    let mut table = folder.table("scores.csv", &header(COLUMNS, "scores.csv"))?;
    for h in all {
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
                &h.missing[f].to_string(),
                &show(p),
                &show(low),
                &show(high),
                &show(log_score(h.hits[f], h.runs)),
            ])?;
        }
    }
    folder.close(table)?;
    let mut table = folder.table("scoreboard.csv", &header(COLUMNS, "scoreboard.csv"))?;
    for (split, (scores, first)) in PARTS.iter().zip(scored) {
        let best_null = best_null(all, scores);
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
    for (split, (scores, _)) in PARTS.iter().zip(scored) {
        for (h, s) in all.iter().zip(scores) {
            for (block, value) in &s.blocks {
                table.row([h.theory.as_str(), h.kind, split, block, &show(*value)])?;
            }
        }
    }
    folder.close(table)?;
    let mut table = folder.table("facts.csv", &header(COLUMNS, "facts.csv"))?;
    for f in facts {
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
    Ok(())
}

fn best_null(all: &[Hits], scores: &[Score]) -> f64 {
    let nulls = all.iter().zip(scores).filter(|(h, _)| h.kind == "null").map(|(_, s)| s.mean);
    nulls.fold(f64::NEG_INFINITY, f64::max)
}

/// The scoreboard and the verdict in plain words. Bettors: a name and a probability for each fact, where one was given.
pub fn verdict(
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
    text += &unanswered(all, facts);
    text += &thesis(all, facts);
    text += &bets(all, bettors);
    text
}

/// The facts whose measure has no value in some runs, and under whom most often.
fn unanswered(all: &[Hits], facts: &[Fact]) -> String {
    let mut text = String::new();
    for (f, fact) in facts.iter().enumerate() {
        let Some(h) = all.iter().max_by_key(|h| h.missing[f]).filter(|h| h.missing[f] > 0) else { continue };
        let whose = all.iter().filter(|h| h.missing[f] > 0).count();
        text += &format!(
            "  {} has no answer in {} of {} runs under {}{}: {}\n",
            fact.id,
            h.missing[f],
            h.runs,
            h.theory,
            if whose > 1 { format!(", and in some under {} more", whose - 1) } else { String::new() },
            fact.measure
        );
    }
    if text.is_empty() {
        return text;
    }
    format!(
        "\nA measure whose values are missing answers nothing; such runs count as not showing the fact:\n{text}"
    )
}

/// What the thesis concludes on the facts between the blocs, and what the runs say: schools and the best null model.
fn thesis(all: &[Hits], facts: &[Fact]) -> String {
    let block: Vec<usize> = (0..facts.len()).filter(|&f| facts[f].block == "bloc to bloc").collect();
    let weight: f64 = block.iter().map(|&f| facts[f].weight).sum();
    let mean = |h: &Hits| {
        block.iter().map(|&f| facts[f].weight * log_score(h.hits[f], h.runs)).sum::<f64>() / weight
    };
    let ranked = |kind: &str| {
        let mut list: Vec<(f64, &str)> =
            all.iter().filter(|h| h.kind == kind).map(|h| (mean(h), h.theory.as_str())).collect();
        list.sort_by(|a, b| b.0.total_cmp(&a.0));
        list
    };
    let (schools, nulls) = (ranked("school"), ranked("null"));
    if schools.len() < SCHOOLS.len() || weight == 0.0 {
        return String::new();
    }
    let list: Vec<String> = schools.iter().map(|(x, name)| format!("{name} {x:.2}")).collect();
    let first =
        if schools[0].1 == "realism" { "realism is first of the three, too" } else { "it is not so here" };
    let null = nulls.first().map_or(String::new(), |(x, name)| {
        let place = if *x > schools[0].0 { "ahead of every school" } else { "behind the first of them" };
        format!(", and the best null model, {name} {x:.2}, is {place}")
    });
    format!(
        "\nThe thesis concludes (p.65) that realism explains best why the two blocs do not cooperate. On the {} bloc-to-bloc facts {first}: {}{null}.\n",
        block.len(),
        list.join(", ")
    )
}

/// Brier scores of the bettors. A column named after a population is a bet on what its runs show; any other column is a bet
/// on what happened, scored beside the schools on the same facts.
fn bets(all: &[Hits], bettors: &[(String, Vec<Option<f64>>)]) -> String {
    let share = |h: &Hits, f: usize| h.hits[f] as f64 / h.runs as f64;
    let brier = |sheet: &[Option<f64>], truth: &dyn Fn(usize) -> f64| {
        let squares: Vec<f64> =
            sheet.iter().enumerate().filter_map(|(f, p)| p.map(|p| (truth(f) - p).powi(2))).collect();
        (squares.iter().sum::<f64>() / squares.len().max(1) as f64, squares.len())
    };
    let facts = |n: usize| if n == 1 { "1 fact".to_string() } else { format!("{n} facts") };
    let mut text = String::new();
    for (name, sheet) in bettors {
        if let Some(h) = all.iter().find(|h| h.theory == *name) {
            let (x, n) = brier(sheet, &|f| share(h, f));
            text += &format!(
                "\nBet on what {name} shows: Brier score {x:.3} over {} (0 is perfect, 0.25 a shrug).\n",
                facts(n)
            );
            continue;
        }
        let (x, n) = brier(sheet, &|_| 1.0);
        text += &format!("\nBet of {name} on what happened: Brier score {x:.3} over {}.", facts(n));
        let schools: Vec<String> = all
            .iter()
            .filter(|h| h.kind == "school")
            .map(|h| {
                let own: Vec<Option<f64>> =
                    sheet.iter().enumerate().map(|(f, p)| p.map(|_| share(h, f))).collect();
                format!("{} {:.3}", h.theory, brier(&own, &|_| 1.0).0)
            })
            .collect();
        text += &format!(" On the same: {}.\n", schools.join(", "));
    }
    text
}
