//! The two-player core against the field's reference: results of matches played by Axelrod-Python 4.14, kept as facts
//! in tests/data (200 turns, payoffs 5, 3, 1, 0).

use twain::game::tournament::{Rules, play, round_robin};
use twain::game::{GameKind, Payoffs, Player};
use twain::random::{Purpose, stream};

fn rules(noise: f64) -> Rules {
    Rules { payoffs: Payoffs::axelrod(), turns: 200, ending: 0.0, noise, misperception: 0.0 }
}

fn rows(file: &str) -> Vec<csv::StringRecord> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).expect("the table").records().map(|r| r.expect("a row")).collect()
}

fn letters(moves: &[bool]) -> String {
    moves.iter().take(20).map(|&c| if c { 'C' } else { 'D' }).collect()
}

/// Noise-free matches agree to the point and to the move.
#[test]
fn deterministic_matches_are_those_of_the_reference() {
    let rows = rows("matches.csv");
    assert!(rows.len() >= 200, "{} matches", rows.len());
    for row in rows {
        let players = [0, 1].map(|k| Player::named(&row[k]).unwrap_or_else(|| panic!("{}", &row[k])));
        let m = play([&players[0], &players[1]], &rules(0.0), &mut stream(1, Purpose::Match, 0));
        let who = format!("{} against {}", &row[0], &row[1]);
        assert_eq!(
            [letters(&m.moves[0]), letters(&m.moves[1])],
            [row[6].to_string(), row[7].to_string()],
            "{who}"
        );
        assert_eq!(m.score.map(|s| s.to_string()), [row[2].to_string(), row[3].to_string()], "{who}");
        assert_eq!(m.cooperations.map(|c| c.to_string()), [row[4].to_string(), row[5].to_string()], "{who}");
    }
}

/// Noisy matches agree within four standard errors of the difference. Four figures for each of some 85 pairs are
/// compared; at four standard errors a false alarm has probability 6e-5 a figure, about 2% for the whole test, and the
/// seed is fixed.
#[test]
fn noisy_matches_agree_with_the_reference() {
    const RUNS: u64 = 400;
    for row in rows("matches_noise.csv") {
        let players = [0, 1].map(|k| Player::named(&row[k]).unwrap_or_else(|| panic!("{}", &row[k])));
        let mut sums = [[0.0f64; 2]; 4];
        for r in 0..RUNS {
            let m = play([&players[0], &players[1]], &rules(0.05), &mut stream(2, Purpose::Match, r));
            let c = m.cooperations;
            let figures = [m.score[0], m.score[1], c[0] as f64, c[1] as f64].map(|x| x / 200.0);
            for (s, x) in sums.iter_mut().zip(figures) {
                s[0] += x;
                s[1] += x * x;
            }
        }
        let n = RUNS as f64;
        for (k, (value, error)) in [(2, 3), (4, 5), (6, 7), (8, 9)].into_iter().enumerate() {
            let (wanted, se): (f64, f64) =
                (row[value].parse().expect("a number"), row[error].parse().expect("a number"));
            let mean = sums[k][0] / n;
            let own = ((sums[k][1] / n - mean * mean).max(0.0) / (n - 1.0)).sqrt();
            let bound = 4.0 * (se * se + own * own).sqrt() + 1e-9;
            assert!(
                (mean - wanted).abs() <= bound,
                "{} against {}, figure {k}: {mean} and {wanted} +- {bound}",
                &row[0],
                &row[1]
            );
        }
    }
}

/// T6: noisy tit for tat against itself ends at one half for any error rate; generosity g = 1/3 gives
/// q/(1-p+q) with p = 1-e, q = (1-g)e + g(1-e). Long matches; tolerance .01 as in the published check.
#[test]
fn noise_and_generosity_have_their_closed_form() {
    let long = Rules { turns: 100_000, ..rules(0.05) };
    for (name, expected) in [("tit-for-tat", 0.5), ("generous-tit-for-tat", 0.875)] {
        let s = Player::named(name).expect("a strategy");
        let m = play([&s, &s], &long, &mut stream(3, Purpose::Match, 0));
        let share = (m.cooperations[0] + m.cooperations[1]) as f64 / 2e5;
        assert!((share - expected).abs() < 0.01, "{name}: {share}");
    }
}

#[test]
fn games_are_recognised() {
    for (payoffs, kind) in [
        (Payoffs::axelrod(), GameKind::PrisonersDilemma),
        (Payoffs::new(2.5, 3.0, 1.0, 0.0), GameKind::StagHunt),
        (Payoffs::new(4.0, 3.0, 0.0, 1.0), GameKind::Chicken),
        (Payoffs::new(2.0, 3.0, 0.0, 1.0), GameKind::Harmony),
        (Payoffs::new(5.0, 1.0, 3.0, 0.0), GameKind::Deadlock),
    ] {
        assert_eq!(payoffs.kind(), kind);
        assert_eq!(GameKind::from_name(kind.name()), Some(kind));
    }
}

#[test]
fn ratings_of_a_small_tournament() {
    let players: Vec<Player> =
        ["cooperator", "defector", "tit-for-tat"].iter().map(|n| Player::named(n).expect("one")).collect();
    let table = round_robin(&players, &rules(0.0), 2, 1, || ());
    let scores = &table.by_repetition[0];
    // cooperator: (0 + 3)/2; defector: (5 + (5 + 199)/200)/2; tit for tat: (3 + 199/200)/2
    for (score, wanted) in scores.iter().zip([1.5, (5.0 + 1.02) / 2.0, (3.0 + 0.995) / 2.0]) {
        assert!((score - wanted).abs() < 1e-12, "{score} {wanted}");
    }
    let good = &table.good_partner;
    assert_eq!([good[0], good[1]], [1.0, 0.0]);
    let jesus = table.eigenjesus();
    assert!((jesus[0] - 1.0).abs() < 1e-9 && jesus[1] < 0.01, "{jesus:?}");
}
