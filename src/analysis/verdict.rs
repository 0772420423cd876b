//! The verdict: tables of scores, and what they say in plain words.

use crate::analysis::coders::{Agreement, Claims};
use crate::analysis::compare::{Case, Verdict, over, stances};
use crate::analysis::facts::Fact;
use crate::analysis::score::{
    Board, Hits, Part, SEEN, brier_score, log_score, reliability, score, separates, share,
};
use crate::output::{Columns, Tables, header, show};
use crate::scenario::{NULLS, Scenario, ablations};
use crate::theory::SCHOOLS;

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

/// Schools whose scores differ by less than a table shows are told as alike.
pub const SAME: f64 = 0.005;
/// A first place in fewer bootstrap samples than this is within the noise.
pub const SURE: f64 = 0.9;

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
            (
                "log_score",
                "expected log of what a forecaster says who has seen 20 of the runs and adds one of each kind; 0 is perfect",
            ),
            ("brier_score", "unbiased estimate of the squared distance from what happened; 0 is perfect"),
        ],
    ),
    (
        "scoreboard.csv",
        &[
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            (
                "split",
                "calibration (may be used to fit), holdout, all, bloc to bloc, or separating (one school claims the fact, another speaks against it)",
            ),
            ("score", "mean log score, blocks averaged first; 0 is perfect"),
            ("ci_low", "lower end of the 95% interval by bootstrap over facts and runs"),
            ("ci_high", "upper end"),
            ("hits", "facts shown by more than half of the runs"),
            ("facts", "facts"),
            ("free_parameters", "parameters the population's rules have"),
            ("skill", "score minus that of the best null model"),
            ("brier", "mean Brier score, blocks averaged first; 0 is perfect, .25 a shrug"),
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
            ("split", "part of the facts, as in scoreboard.csv"),
            ("block", "group of facts"),
            ("score", "mean log score of the block"),
            ("brier", "mean Brier score of the block"),
        ],
    ),
    (
        "facts.csv",
        &[
            ("fact", "id of the fact"),
            ("claim", "the fact in one sentence"),
            ("page", "page of the source"),
            ("period", "first and last date it speaks of"),
            ("block", "group of facts"),
            ("split", "calibration (may be used to fit) or holdout"),
            ("weight", "weight inside its block"),
            ("measure", "expression over the metrics of a run"),
            ("source", "where it is recorded, if not in the book whose pages are given"),
            ("coder", "who coded which school claims it"),
            ("separating", "1 if one school claims it and another speaks against it"),
        ],
    ),
    (
        "reliability.csv",
        &[
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            ("low", "least forecast of the bin"),
            ("high", "greatest forecast of the bin"),
            ("statements", "facts with such a share, and denials of facts with the complement"),
            ("forecast", "mean forecast of these statements"),
            ("happened", "share of them that came true"),
        ],
    ),
    (
        "record.csv",
        &[
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            ("series", "what is measured"),
            ("metric", "metric held against it, mean over runs"),
            ("changes", "changes from one value to the next that both have"),
            ("correlation", "Pearson's correlation of these changes"),
            ("null_low", "lower end of the middle 95% when the series' changes are shuffled"),
            ("null_high", "upper end"),
            ("p", "share of shuffles that correlate at least as highly"),
        ],
    ),
    (
        "stances.csv",
        &[
            ("coder", "whose signs"),
            ("theory", "school"),
            ("sign", "+ it accounts for the facts, - it speaks against them, 0 it is silent"),
            ("facts", "facts so signed"),
            ("shown", "those that more than half of its runs show"),
            ("log_score", "plain mean of their log scores"),
            ("brier_score", "plain mean of their Brier scores"),
        ],
    ),
    (
        "cases.csv",
        &[
            ("case", "scenario, or `over` for the mean of the cases"),
            ("theory", "population that decided"),
            ("kind", "school, mix, ablation or null"),
            ("split", "part of the facts, as in scoreboard.csv"),
            ("facts", "facts; for `over` cases that have some"),
            ("score", "mean log score, blocks averaged first"),
            ("ci_low", "lower end of its 95% interval; empty for `over`"),
            ("ci_high", "upper end"),
            ("brier", "mean Brier score"),
            ("skill", "score minus that of the best null model of the case"),
            ("first_among_schools", "share of bootstrap samples; for `over` share of cases"),
        ],
    ),
    (
        "agreement.csv",
        &[
            ("fact", "id of a fact on which the coders differ"),
            ("school", "school"),
            ("ours", "sign in the scenario"),
            ("other", "sign of the other coder"),
        ],
    ),
];

/// Writes scores.csv, scoreboard.csv, blocks.csv, facts.csv and reliability.csv.
///
/// # Errors
/// If a table cannot be written.
pub fn write_tables(
    folder: &mut impl Tables,
    all: &[Hits],
    facts: &[Fact],
    scored: &[Board],
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
                &show(brier_score(h.hits[f], h.runs)),
            ])?;
        }
    }
    folder.close(table)?;
    let mut table = folder.table("scoreboard.csv", &header(COLUMNS, "scoreboard.csv"))?;
    for board in scored {
        for (k, (h, s)) in all.iter().zip(&board.scores).enumerate() {
            table.row([
                h.theory.as_str(),
                h.kind,
                board.part.name(),
                &show(s.mean),
                &show(s.interval.0),
                &show(s.interval.1),
                &s.plain_hits.to_string(),
                &s.facts.to_string(),
                &h.parameters.to_string(),
                &show(board.skill(all, k)),
                &show(s.brier),
                &show(if h.kind == "school" { board.first[k] } else { f64::NAN }),
            ])?;
        }
    }
    folder.close(table)?;
    let mut table = folder.table("blocks.csv", &header(COLUMNS, "blocks.csv"))?;
    for board in scored {
        for (h, s) in all.iter().zip(&board.scores) {
            for (block, log, brier) in &s.blocks {
                table.row([
                    h.theory.as_str(),
                    h.kind,
                    board.part.name(),
                    block,
                    &show(*log),
                    &show(*brier),
                ])?;
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
            &f.source,
            &f.coder,
            if separates(&f.claims) { "1" } else { "0" },
        ])?;
    }
    folder.close(table)?;
    let mut table = folder.table("reliability.csv", &header(COLUMNS, "reliability.csv"))?;
    for h in all {
        for bin in reliability(h, facts, Part::All) {
            table.row([
                h.theory.as_str(),
                h.kind,
                &show(bin.low),
                &show(bin.high),
                &bin.statements.to_string(),
                &show(bin.forecast),
                &show(bin.happened),
            ])?;
        }
    }
    folder.close(table)?;
    Ok(())
}

/// Writes record.csv and stances.csv of a case; with another coder's signs, both coders' stances.
///
/// # Errors
/// If a table cannot be written.
pub fn write_beside(
    folder: &mut impl Tables,
    case: &Case,
    verdict: &Verdict,
    other: Option<&Claims>,
) -> anyhow::Result<()> {
    if !case.series.is_empty() {
        let mut table = folder.table("record.csv", &header(COLUMNS, "record.csv"))?;
        for (series, list) in case.series.iter().zip(&verdict.correlations) {
            for (h, found) in verdict.hits.iter().zip(list) {
                table.row([
                    h.theory.as_str(),
                    h.kind,
                    &series.name,
                    &series.metric,
                    &found.changes.to_string(),
                    &show(found.value),
                    &show(found.null.0),
                    &show(found.null.1),
                    &show(found.p),
                ])?;
            }
        }
        folder.close(table)?;
    }
    let mut table = folder.table("stances.csv", &header(COLUMNS, "stances.csv"))?;
    let mut coders = vec![("scenario", case.facts.clone())];
    if let Some(claims) = other {
        coders.push((&claims.name, claims.recode(&case.facts)));
    }
    for (coder, facts) in &coders {
        for h in &verdict.hits {
            let Some(school) = SCHOOLS.iter().position(|s| *s == h.theory) else { continue };
            for stance in stances(h, facts, school) {
                table.row([
                    *coder,
                    &h.theory,
                    &stance.sign.to_string(),
                    &stance.facts.to_string(),
                    &stance.shown.to_string(),
                    &show(stance.log),
                    &show(stance.brier),
                ])?;
            }
        }
    }
    folder.close(table)
}

/// Writes cases.csv: every case, then the cases together.
///
/// # Errors
/// If the table cannot be written.
pub fn write_cases(folder: &mut impl Tables, cases: &[Case], verdicts: &[Verdict]) -> anyhow::Result<()> {
    let mut table = folder.table("cases.csv", &header(COLUMNS, "cases.csv"))?;
    for (case, verdict) in cases.iter().zip(verdicts) {
        for board in &verdict.boards {
            for (k, (h, s)) in verdict.hits.iter().zip(&board.scores).enumerate() {
                table.row([
                    case.scenario.name.as_str(),
                    &h.theory,
                    h.kind,
                    board.part.name(),
                    &s.facts.to_string(),
                    &show(s.mean),
                    &show(s.interval.0),
                    &show(s.interval.1),
                    &show(s.brier),
                    &show(board.skill(&verdict.hits, k)),
                    &show(if h.kind == "school" { board.first[k] } else { f64::NAN }),
                ])?;
            }
        }
    }
    for one in over(verdicts) {
        let share = one.first as f64 / one.cases as f64;
        table.row([
            "over",
            &one.theory,
            one.kind,
            one.part.name(),
            &one.cases.to_string(),
            &show(one.score),
            "",
            "",
            &show(one.brier),
            &show(one.skill),
            &show(if one.kind == "school" { share } else { f64::NAN }),
        ])?;
    }
    folder.close(table)
}

/// Writes agreement.csv: where the coders differ.
///
/// # Errors
/// If the table cannot be written.
pub fn write_agreement(folder: &mut impl Tables, agreement: &Agreement) -> anyhow::Result<()> {
    let mut table = folder.table("agreement.csv", &header(COLUMNS, "agreement.csv"))?;
    for (fact, school, ours, other) in &agreement.differ {
        table.row([fact.as_str(), SCHOOLS[*school], &ours.to_string(), &other.to_string()])?;
    }
    folder.close(table)
}

/// The scoreboard and the verdict in plain words. Bettors: a name and a probability for each fact, where one was given.
pub fn verdict(
    title: &str,
    all: &[Hits],
    facts: &[Fact],
    scored: &[Board],
    bettors: &[(String, Vec<Option<f64>>)],
) -> String {
    let width = all.iter().map(|h| h.theory.len()).max().unwrap_or(10);
    let runs = all.first().map_or(0, |h| h.runs);
    let mut text = format!(
        "{title}: theories on trial\n{} facts, {runs} runs each. Score: expected log of what a forecaster says of each fact who has seen {SEEN} runs, blocks\naveraged first; 0 is perfect. Brier: mean squared distance from what happened; 0 is perfect, .25 a shrug.\n\n",
        facts.len(),
    );
    if runs < SEEN {
        text += &format!(
            "Fewer than {SEEN} runs: intervals are wide, small differences mean nothing, and scores cannot be set beside those of longer comparisons.\n\n"
        );
    }
    let part = |part: Part| scored.iter().find(|b| b.part == part);
    let (Some(first), Some(second)) = (part(Part::Calibration), part(Part::Holdout)) else { return text };
    text += &format!(
        "{:width$}  {:>6}  {:>24}  {:>6}  {:>7}  {:>6}  {:>24}  {:>6}  {:>7}  {:>6}\n",
        "",
        "param.",
        "calibration (95%)",
        "Brier",
        "hits",
        "skill",
        "hold-out (95%)",
        "Brier",
        "hits",
        "skill"
    );
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| {
        let by = |board: &Board| board.scores[b].mean.total_cmp(&board.scores[a].mean);
        if second.scores[a].facts > 0 { by(second) } else { by(first) }
    });
    let cell = |board: &Board, k: usize| {
        let s = &board.scores[k];
        if s.facts == 0 {
            return format!("{:>24}  {:>6}  {:>7}  {:>6}", "no facts", "", "", "");
        }
        format!(
            "{:>24}  {:>6.3}  {:>7}  {:>+6.2}",
            format!("{:.2} ({:.2} to {:.2})", s.mean, s.interval.0, s.interval.1),
            s.brier,
            format!("{}/{}", s.plain_hits, s.facts),
            board.skill(all, k)
        )
    };
    for &k in &order {
        let row = format!("{}  {}", cell(first, k), cell(second, k));
        text += format!("{:width$}  {:>6}  {row}", all[k].theory, all[k].parameters).trim_end();
        text.push('\n');
    }
    text += "\nSkill is the score over the best null model: below 0, a school explains less than no theory at all.\n";
    for (board, name) in [(first, "calibration years"), (second, "hold-out years")] {
        let schools: Vec<usize> = order.iter().copied().filter(|&k| all[k].kind == "school").collect();
        if board.scores.first().is_none_or(|s| s.facts == 0) || schools.len() < 2 {
            continue;
        }
        let mut ranked = schools.clone();
        ranked.sort_by(|&a, &b| board.scores[b].mean.total_cmp(&board.scores[a].mean));
        let (a, b) = (ranked[0], ranked[1]);
        let gap = board.scores[a].mean - board.scores[b].mean;
        text += &if gap < SAME {
            format!("\nIn the {name} {} and {} score alike.", all[a].theory, all[b].theory)
        } else {
            format!(
                "\nIn the {name} {} comes first among the schools, in {:.0}% of bootstrap samples.",
                all[a].theory,
                100.0 * board.first[a]
            )
        };
        if gap >= SAME && board.first[a] < SURE {
            text += " That is within the noise: other facts or runs may well put another first.";
        }
        text += if board.skill(all, a) > 0.0 {
            " It beats the null models."
        } else {
            " It does not beat the best null model."
        };
        let mut gaps: Vec<(f64, &Fact)> = facts
            .iter()
            .enumerate()
            .filter(|(_, f)| board.part.holds(f))
            .map(|(f, fact)| {
                (log_score(all[a].hits[f], all[a].runs) - log_score(all[b].hits[f], all[b].runs), fact)
            })
            .collect();
        gaps.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()));
        text += &format!(" What decided it against {}:\n", all[b].theory);
        for (gap, fact) in gaps.iter().filter(|g| g.0 != 0.0).take(4) {
            let who = if *gap > 0.0 { &all[a].theory } else { &all[b].theory };
            text += &format!("  {} for {who}: {}\n", fact.id, fact.claim);
        }
    }
    for board in [part(Part::BlocToBloc), part(Part::Separating)].into_iter().flatten() {
        text += &apart(all, facts, board);
    }
    text += &unanswered(all, facts);
    text += &bets(all, bettors);
    text
}

/// Schools and the best null model on a part of the facts that is told apart.
fn apart(all: &[Hits], facts: &[Fact], board: &Board) -> String {
    let schools = ranking(all, board, "school");
    if schools.is_empty() || schools[0].0.is_nan() {
        return String::new();
    }
    let mine: Vec<&Fact> = facts.iter().filter(|f| board.part.holds(f)).collect();
    let list: Vec<String> = schools.iter().map(|(x, name)| format!("{name} {x:.2}")).collect();
    let null = board.best_null(all).map_or(String::new(), |(k, x)| {
        let place = if x > schools[0].0 { "ahead of every school" } else { "behind the first of them" };
        format!("; the best null model, {} {x:.2}, is {place}", all[k].theory)
    });
    let what = match board.part {
        Part::BlocToBloc => "Between the blocs, where the question lies".to_string(),
        _ => "On what separates the schools (one claims the fact, another speaks against it)".to_string(),
    };
    // the thesis is the source of facts that name its pages
    let thesis =
        board.part == Part::BlocToBloc && mine.iter().any(|f| !f.page.is_empty()) && schools.len() > 2;
    let thesis = match (thesis, schools[0].1 == "realism") {
        (false, _) => "",
        (true, true) => {
            " The thesis concludes (p.65) that realism explains best why the two do not cooperate; so it is here."
        }
        (true, false) => {
            " The thesis concludes (p.65) that realism explains best why the two do not cooperate; it is not so here."
        }
    };
    format!("\n{what}, {} facts: {}{null}.{thesis}\n", mine.len(), list.join(", "))
}

/// Mean scores of the populations of a kind, best first.
fn ranking<'h>(all: &'h [Hits], board: &Board, kind: &str) -> Vec<(f64, &'h str)> {
    let mut list: Vec<(f64, &str)> = all
        .iter()
        .zip(&board.scores)
        .filter(|(h, _)| h.kind == kind)
        .map(|(h, s)| (s.mean, h.theory.as_str()))
        .collect();
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    list
}

/// What stands beside the scores of a case: words and rules of each school, and the record. Empty without either.
pub fn beside(case: &Case, verdict: &Verdict) -> String {
    let mut text = String::new();
    for h in &verdict.hits {
        let Some(school) = SCHOOLS.iter().position(|s| *s == h.theory) else { continue };
        let [claims, denies, silent] = stances(h, &case.facts, school);
        text += &format!(
            "  {}: of {} facts it claims its runs show {}, of {} it speaks against {}, of {} on which it is silent {}\n",
            h.theory, claims.facts, claims.shown, denies.facts, denies.shown, silent.facts, silent.shown
        );
    }
    if !text.is_empty() {
        text = format!("\nWords and rules (shown: by more than half of the runs):\n{text}");
    }
    let told: Vec<usize> = (0..verdict.hits.len())
        .filter(|&k| ["school", "null"].contains(&verdict.hits[k].kind))
        .filter(|&k| verdict.correlations.iter().any(|list| list[k].value.is_finite()))
        .collect();
    if told.is_empty() {
        return text;
    }
    text += "\nChanges beside the record: correlation, and in brackets the middle 95% if the series' changes are shuffled. Dated acts are input\nand carry the ride under every reading: read a school's figure against the null models'.\n";
    for (series, list) in case.series.iter().zip(&verdict.correlations) {
        let figures: Vec<String> = told
            .iter()
            .filter(|&&k| list[k].value.is_finite())
            .map(|&k| {
                let found = list[k];
                format!(
                    "{} {:+.2} ({:+.2} to {:+.2})",
                    verdict.hits[k].theory, found.value, found.null.0, found.null.1
                )
            })
            .collect();
        let changes = told.iter().map(|&k| list[k].changes).max().unwrap_or(0);
        if figures.is_empty() {
            continue;
        }
        text += &format!(
            "  {} against {}, {changes} changes: {}\n",
            series.metric,
            series.name,
            figures.join(", ")
        );
    }
    text
}

/// The cases together, in words: a table of every case and of their mean, on the parts where the question lies.
pub fn together(cases: &[Case], verdicts: &[Verdict]) -> String {
    let Some(model) = verdicts.first() else { return String::new() };
    let all = over(verdicts);
    let width = model.hits.iter().map(|h| h.theory.len()).max().unwrap_or(10);
    let names: Vec<&str> = cases.iter().map(|c| c.scenario.name.as_str()).collect();
    let mut text = format!("{}: {} cases, one set of parameters\n", names.join(", "), cases.len());
    for (part, what) in [
        (Part::All, "every fact"),
        (Part::Holdout, "facts held out"),
        (Part::BlocToBloc, "facts between the blocs"),
        (Part::Separating, "facts that separate the schools"),
    ] {
        let mut mine: Vec<_> = all.iter().filter(|o| o.part == part && o.cases > 0).collect();
        if mine.is_empty() {
            continue;
        }
        mine.sort_by(|a, b| b.score.total_cmp(&a.score));
        text += &format!("\nScore and skill over the best null model, {what}\n{:width$}", "");
        for name in &names {
            text += &format!("  {:>17}", clip(name, 17));
        }
        text += &format!("  {:>17}  {:>6}\n", "over cases", "Brier");
        for one in mine {
            text += &format!("{:width$}", one.theory);
            for verdict in verdicts {
                let board = verdict.board(part);
                let cell = verdict
                    .place(&one.theory)
                    .filter(|&k| board.scores[k].facts > 0)
                    .map(|k| format!("{:.2} ({:+.2})", board.scores[k].mean, board.skill(&verdict.hits, k)));
                text += &format!("  {:>17}", cell.unwrap_or_default());
            }
            text +=
                &format!("  {:>17}  {:>6.3}\n", format!("{:.2} ({:+.2})", one.score, one.skill), one.brier);
        }
    }
    let mut leads: Vec<_> = all.iter().filter(|o| o.part == Part::All && o.kind == "school").collect();
    leads.sort_by(|a, b| b.first.cmp(&a.first).then(b.score.total_cmp(&a.score)));
    let list: Vec<String> =
        leads.iter().map(|o| format!("{} in {} of {}", o.theory, o.first, o.cases)).collect();
    if !list.is_empty() {
        text += &format!("\nFirst among the schools on every fact: {}.\n", list.join(", "));
    }
    text
}

fn clip(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
}

/// What another coder's signs change, in words.
pub fn recoded(cases: &[Case], verdicts: &[Verdict], claims: &Claims, agreement: &Agreement) -> String {
    let kappa = |x: f64| if x.is_finite() { format!("{x:.2}") } else { "not defined".to_string() };
    let each: Vec<String> =
        SCHOOLS.iter().zip(agreement.by_school).map(|(s, x)| format!("{s} {}", kappa(x))).collect();
    let mut text = format!(
        "\nTwo coders: {} agrees on {} of {} signs, Cohen's kappa {} ({}).\n",
        claims.name,
        agreement.same,
        agreement.pairs,
        kappa(agreement.kappa),
        each.join(", ")
    );
    for (case, verdict) in cases.iter().zip(verdicts) {
        let facts = claims.recode(&case.facts);
        let ours = verdict.board(Part::Separating);
        let theirs = score(&verdict.hits, &facts, Part::Separating, case.scenario.world.seed);
        let moved =
            case.facts.iter().zip(&facts).filter(|(a, b)| separates(&a.claims) != separates(&b.claims));
        let words = |board: &Board| {
            let list: Vec<String> = ranking(&verdict.hits, board, "school")
                .iter()
                .filter(|(x, _)| x.is_finite())
                .map(|(x, name)| format!("{name} {x:.2}"))
                .collect();
            if list.is_empty() { "no facts".to_string() } else { list.join(", ") }
        };
        text += &format!(
            "  {}: {} facts begin or cease to separate the schools. On those that do: {} by the scenario's signs, {} by {}'s.\n",
            case.scenario.name,
            moved.count(),
            words(ours),
            words(&theirs),
            claims.name
        );
    }
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
