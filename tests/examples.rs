//! The example programs run and answer what they say they answer.

#[path = "../examples/explain.rs"]
mod explain;
#[path = "../examples/run.rs"]
mod run;
#[path = "../examples/sweep.rs"]
mod sweep;
#[path = "../examples/tournament.rs"]
mod tournament;
#[path = "../examples/what_if.rs"]
mod what_if;

#[test]
fn a_run_has_a_line_for_each_school() {
    run::main().expect("it runs");
    let lines = run::answer().expect("an answer");
    for school in twain::theory::SCHOOLS {
        assert!(lines.contains(&format!("{school}: a framework in ")), "{lines}");
    }
}

/// A longer shadow never hurts (CF2): every school cooperates more.
#[test]
fn a_longer_shadow_helps_in_pairs() {
    what_if::main().expect("it runs");
    let lines = what_if::answer().expect("an answer");
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(lines.lines().all(|l| l.contains(": +0.")), "{lines}");
}

#[test]
fn an_explanation_has_terms_and_a_sum() {
    explain::main().expect("it runs");
    let text = explain::answer().expect("an answer");
    assert!(text.contains("How did ASH vote") && text.contains("sum") && text.contains("setup"), "{text}");
}

/// In each column of the map cooperation rises with the shadow.
#[test]
fn a_sweep_draws_a_map() {
    sweep::main().expect("it runs");
    let map = sweep::answer().expect("an answer");
    let rows: Vec<Vec<f64>> = map
        .lines()
        .skip(1)
        .map(|l| l.split_whitespace().skip(1).map(|x| x.parse().expect("a number")).collect())
        .collect();
    assert!(rows.len() == 4 && rows.iter().all(|r| r.len() == 3), "{map}");
    for pair in rows.windows(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(a, b)| a < b), "{map}");
    }
}

#[test]
fn a_tournament_ranks_everyone() {
    tournament::main().expect("it runs");
    let lines = tournament::answer().expect("an answer");
    assert_eq!(lines.lines().count(), 4, "{lines}");
    let first = lines.lines().next().expect("a winner");
    assert!(!first.starts_with("defector"), "{lines}");
}
