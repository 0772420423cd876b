//! The verdict: tables of scores, and what they say in plain words.

use crate::analysis::coders::{Agreement, Claims};
use crate::analysis::compare::{Case, Verdict, over, stances};
use crate::analysis::facts::Fact;
use crate::analysis::score::{
    Board, Hits, Part, SEEN, brier_score, log_score, reliability, score, separates, share,
};
use crate::output::Tables;
use crate::output::rows::{self, Figure};
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
    let mut table = folder.open::<rows::FactScore>()?;
    for h in all {
        let school = SCHOOLS.iter().position(|s| *s == h.theory);
        for (f, fact) in facts.iter().enumerate() {
            let (p, low, high) = share(h.hits[f], h.runs);
            table.write(&rows::FactScore {
                theory: (&h.theory).into(),
                kind: h.kind.into(),
                fact: (&fact.id).into(),
                block: (&fact.block).into(),
                split: split(fact).into(),
                weight: Figure(fact.weight),
                claims: school.map(|s| fact.claims[s]),
                hits: h.hits[f],
                runs: h.runs,
                missing: h.missing[f],
                share: Figure(p),
                ci_low: Figure(low),
                ci_high: Figure(high),
                log_score: Figure(log_score(h.hits[f], h.runs)),
                brier_score: Figure(brier_score(h.hits[f], h.runs)),
            })?;
        }
    }
    folder.close(table)?;
    let mut table = folder.open::<rows::BoardScore>()?;
    for board in scored {
        for (k, (h, s)) in all.iter().zip(&board.scores).enumerate() {
            table.write(&rows::BoardScore {
                theory: (&h.theory).into(),
                kind: h.kind.into(),
                split: board.part.name().into(),
                score: Figure(s.mean),
                ci_low: Figure(s.interval.0),
                ci_high: Figure(s.interval.1),
                hits: s.plain_hits,
                facts: s.facts,
                free_parameters: h.parameters,
                skill: Figure(board.skill(all, k)),
                brier: Figure(s.brier),
                first_among_schools: Figure(if h.kind == "school" { board.first[k] } else { f64::NAN }),
            })?;
        }
    }
    folder.close(table)?;
    let mut table = folder.open::<rows::BlockScore>()?;
    for board in scored {
        for (h, s) in all.iter().zip(&board.scores) {
            for (block, log, brier) in &s.blocks {
                table.write(&rows::BlockScore {
                    theory: (&h.theory).into(),
                    kind: h.kind.into(),
                    split: board.part.name().into(),
                    block: block.as_str().into(),
                    score: Figure(*log),
                    brier: Figure(*brier),
                })?;
            }
        }
    }
    folder.close(table)?;
    folder.rows(facts.iter().map(|f| rows::Fact {
        fact: (&f.id).into(),
        claim: (&f.claim).into(),
        page: (&f.page).into(),
        period: (&f.period).into(),
        block: (&f.block).into(),
        split: split(f).into(),
        weight: Figure(f.weight),
        measure: (&f.measure).into(),
        source: (&f.source).into(),
        coder: (&f.coder).into(),
        separating: u8::from(separates(&f.claims)),
    }))?;
    let bins = all.iter().flat_map(|h| reliability(h, facts, Part::All).into_iter().map(move |bin| (h, bin)));
    folder.rows(bins.map(|(h, bin)| rows::Bin {
        theory: (&h.theory).into(),
        kind: h.kind.into(),
        low: Figure(bin.low),
        high: Figure(bin.high),
        statements: bin.statements,
        forecast: Figure(bin.forecast),
        happened: Figure(bin.happened),
    }))
}

/// The part of the facts that one belongs to.
fn split(fact: &Fact) -> &'static str {
    if fact.holdout { "holdout" } else { "calibration" }
}

/// Writes correlations.csv and stances.csv of a case; with another coder's signs, both coders' stances.
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
        let all = case.series.iter().zip(&verdict.correlations);
        let all =
            all.flat_map(|(series, list)| verdict.hits.iter().zip(list).map(move |(h, x)| (series, h, x)));
        folder.rows(all.map(|(series, h, found)| rows::Correlation {
            theory: (&h.theory).into(),
            kind: h.kind.into(),
            series: (&series.name).into(),
            metric: (&series.metric).into(),
            changes: found.changes,
            correlation: Figure(found.value),
            null_low: Figure(found.null.0),
            null_high: Figure(found.null.1),
            p: Figure(found.p),
        }))?;
    }
    let mut table = folder.open::<rows::Stance>()?;
    let mut coders = vec![("scenario", case.facts.clone())];
    if let Some(claims) = other {
        coders.push((&claims.name, claims.recode(&case.facts)));
    }
    for (coder, facts) in &coders {
        for h in &verdict.hits {
            let Some(school) = SCHOOLS.iter().position(|s| *s == h.theory) else { continue };
            for stance in stances(h, facts, school) {
                table.write(&rows::Stance {
                    coder: (*coder).into(),
                    theory: (&h.theory).into(),
                    sign: stance.sign,
                    facts: stance.facts,
                    shown: stance.shown,
                    log_score: Figure(stance.log),
                    brier_score: Figure(stance.brier),
                })?;
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
    let mut table = folder.open::<rows::CaseScore>()?;
    let own = |kind: &str, share: f64| Figure(if kind == "school" { share } else { f64::NAN });
    for (case, verdict) in cases.iter().zip(verdicts) {
        for board in &verdict.boards {
            for (k, (h, s)) in verdict.hits.iter().zip(&board.scores).enumerate() {
                table.write(&rows::CaseScore {
                    case: (&case.scenario.name).into(),
                    theory: (&h.theory).into(),
                    kind: h.kind.into(),
                    split: board.part.name().into(),
                    facts: s.facts,
                    score: Figure(s.mean),
                    ci_low: Figure(s.interval.0),
                    ci_high: Figure(s.interval.1),
                    brier: Figure(s.brier),
                    skill: Figure(board.skill(&verdict.hits, k)),
                    first_among_schools: own(h.kind, board.first[k]),
                })?;
            }
        }
    }
    for one in over(verdicts) {
        table.write(&rows::CaseScore {
            case: "over".into(),
            theory: (&one.theory).into(),
            kind: one.kind.into(),
            split: one.part.name().into(),
            facts: one.cases,
            score: Figure(one.score),
            ci_low: Figure(f64::NAN),
            ci_high: Figure(f64::NAN),
            brier: Figure(one.brier),
            skill: Figure(one.skill),
            first_among_schools: own(one.kind, one.first as f64 / one.cases as f64),
        })?;
    }
    folder.close(table)
}

/// Writes agreement.csv: where the coders differ.
///
/// # Errors
/// If the table cannot be written.
pub fn write_agreement(folder: &mut impl Tables, agreement: &Agreement) -> anyhow::Result<()> {
    folder.rows(agreement.differ.iter().map(|(fact, school, ours, other)| rows::Dissent {
        fact: fact.into(),
        school: SCHOOLS[*school].into(),
        ours: *ours,
        other: *other,
    }))
}

/// The table of scores, a row a forecaster.
fn table(all: &[Hits], first: &Board, second: &Board, order: &[usize]) -> String {
    let width = all.iter().map(|h| h.theory.len()).max().unwrap_or(10);
    let mut text = format!(
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
    for &k in order {
        let row = format!("{}  {}", cell(first, k), cell(second, k));
        text += format!("{:width$}  {:>6}  {row}", all[k].theory, all[k].parameters).trim_end();
        text.push('\n');
    }
    text
}

/// Which school comes first in a part of the facts, how surely, and what decided it.
fn ahead(all: &[Hits], facts: &[Fact], board: &Board, name: &str, order: &[usize]) -> String {
    let schools: Vec<usize> = order.iter().copied().filter(|&k| all[k].kind == "school").collect();
    if board.scores.first().is_none_or(|s| s.facts == 0) || schools.len() < 2 {
        return String::new();
    }
    let mut ranked = schools.clone();
    ranked.sort_by(|&a, &b| board.scores[b].mean.total_cmp(&board.scores[a].mean));
    let (a, b) = (ranked[0], ranked[1]);
    let gap = board.scores[a].mean - board.scores[b].mean;
    let mut text = if gap < SAME {
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
    text
}

/// The scoreboard and the verdict in plain words. Bettors: a name and a probability for each fact, where one was given.
pub fn verdict(
    title: &str,
    all: &[Hits],
    facts: &[Fact],
    scored: &[Board],
    bettors: &[(String, Vec<Option<f64>>)],
) -> String {
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
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|&a, &b| {
        let by = |board: &Board| board.scores[b].mean.total_cmp(&board.scores[a].mean);
        if second.scores[a].facts > 0 { by(second) } else { by(first) }
    });
    text += &table(all, first, second, &order);
    text += "\nSkill is the score over the best null model: below 0, a school explains less than no theory at all.\n";
    for (board, name) in [(first, "calibration years"), (second, "hold-out years")] {
        text += &ahead(all, facts, board, name, &order);
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
