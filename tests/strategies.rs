//! Strategies as a reader of the field meets them: against whom, and which moves are expected; then the whole roster
//! against matches played by Axelrod-Python 4.14 (tests/data, made by tests/peers/reference.py).

use twain::game::strategy::Call;
use twain::game::tournament::{Rules, play};
use twain::game::{Payoffs, Player, roster};
use twain::random::{Purpose, stream};

fn rules(turns: usize) -> Rules {
    Rules { payoffs: Payoffs::axelrod(), turns, ending: 0.0, noise: 0.0, misperception: 0.0 }
}

fn player(call: &str) -> Player {
    Player::called(&Call::parse(call)).unwrap_or_else(|e| panic!("{call}: {}", e.message))
}

fn letters(moves: &[bool]) -> String {
    moves.iter().map(|&c| if c { 'C' } else { 'D' }).collect()
}

/// The moves of `who` against `other` are `expected`.
fn versus(who: &str, other: &str, expected: &str) {
    let m = play([&player(who), &player(other)], &rules(expected.len()), &mut stream(1, Purpose::Match, 0));
    assert_eq!(letters(&m.moves[0]), expected, "{who} against {other}");
}

#[test]
fn tit_for_tat_and_kin() {
    versus("tit for tat", "cycler: CDDCC", "CCDDCC");
    versus("suspicious tit for tat", "cycler: CDDCC", "DCDDCC");
    versus("tit for two tats", "cycler: CDCDDC", "CCCCCDC");
    versus("hard tit for two tats", "cycler: CDDCCC", "CCCDDCC");
    versus("two tits for tat", "cycler: DCCCC", "CDDCC");
    versus("n-tits-for-m-tats: 3, 2", "cycler: CDDCCCCC", "CCCDDDCC");
    versus("spiteful tit for tat", "cycler: CDCDDC", "CCDCDDDD");
    versus("adaptive tit for tat", "defector", "CDDD");
    versus("slow-tit-for-two-tats-2", "cycler: CDCDDCCC", "CCCCCDDC");
    // the last turn is known
    versus("alexei", "cooperator", "CCCCD");
}

#[test]
fn both_graduals() {
    // each defection of an unconditional defector: one, two, three, ... answers with two turns of calm in 1996;
    // the variant of 2018 counts the defections it met while punishing, too
    versus("original gradual", "defector", "CDCCDDCCDDDCCDDDDCC");
    versus("gradual", "defector", "CDCCDDDDCCDDDDDDDDDD");
    // against who defects once there is no difference
    for name in ["gradual", "original-gradual", "gradual-1996"] {
        versus(name, "suspicious tit for tat", "CDCCCCCC");
    }
    versus("gradual killer", "gradual", "DDDDDCCDDDD");
}

#[test]
fn grudgers() {
    versus("grudger", "cycler: CCDCC", "CCCDDD");
    versus("davis", "cycler: DCCCC", "CCCCCCCCCCDD");
    versus("davis: 3", "cycler: DCCCC", "CCCDDD");
    versus("FirstByDavis(rounds_to_cooperate=3)", "cycler: DCCCC", "CCCDDD");
    versus("soft grudger", "cycler: DCCCCCCCCC", "CDDDDCCCC");
    versus("general soft grudger: n=2, d=3, c=1", "cycler: DDCCCCCCCC", "CCDDDCCC");
    versus("forgetful grudger: 2", "cycler: DCCCCCC", "CDDCCCC");
    versus("easy go", "tit for tat", "DDCCC");
}

#[test]
fn probers() {
    // who lets the probe pass is exploited, who answers is met with tit for tat
    versus("prober", "cooperator", "DCCDDD");
    versus("prober", "tit for tat", "DCCCCC");
    versus("hard prober", "cooperator", "DDCCDD");
    versus("prober 3", "tit for tat", "DCDCDC");
    versus("tester", "cooperator", "DCCDCDCD");
    versus("tester", "tit for tat", "DCCCCC");
    versus("detective", "cooperator", "CDCCDDD");
    versus("detective", "tit for tat", "CDCCCCC");
    versus("handshake", "handshake", "CDCCCC");
    versus("handshake", "cooperator", "CDDDDD");
}

#[test]
fn majorities_and_adaptation() {
    versus("go by majority", "cycler: CDDCC", "CCCDC");
    versus("hard go by majority", "cycler: CDDCC", "DCDDD");
    versus("GoByMajority: 3", "cycler: CCDDCCC", "CCCCDDCC");
    versus("adaptive", "cooperator", "CCCCCCDDDDDDDDD");
    versus("adaptive", "tit for tat", "CCCCCCDDDDDCCCC");
    versus("capri", "capri", "CCCCC");
    versus("aon 2", "cycler: CCDCC", "CCCDDD");
}

#[test]
fn machines_and_tables() {
    versus("fortress 3", "fortress 3", "DDCCCC");
    versus("fortress 3", "cooperator", "DDDDDD");
    versus("thumper", "cycler: CDCCCC", "CCDDCC");
    versus("winner 12", "defector", "CCDDDD");
}

/// The classic chances at 5, 3, 1, 0, and that they follow the payoffs.
#[test]
fn zero_determinant_chances_follow_the_payoffs() {
    let usual = Payoffs::axelrod();
    for (name, wanted) in [
        ("ZDExtort2", [8.0 / 9.0, 0.5, 1.0 / 3.0, 0.0]),
        ("ZDGTFT2", [1.0, 1.0 / 8.0, 1.0, 1.0 / 4.0]),
        ("GTFT", [1.0, 1.0 / 3.0, 1.0, 1.0 / 3.0]),
    ] {
        let (_, p) = player(name).as_memory_one(&usual).expect("memory one");
        assert!(p.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12), "{name}: {p:?}");
    }
    // extortion holds theirs - P = s (mine - P) with s = 1/2 in other payoffs as well: the identity of Press and Dyson
    let other = Payoffs::new(6.0, 4.0, 2.0, 1.0);
    let (_, p) = player("ZDExtort2").as_memory_one(&other).expect("memory one");
    let phi = 1.0 / 9.0;
    for (k, (mine, theirs)) in [(4.0, 4.0), (1.0, 6.0), (6.0, 1.0), (2.0, 2.0)].into_iter().enumerate() {
        let repeats = if k < 2 { 1.0 } else { 0.0 };
        let line = phi * (0.5 * (mine - 2.0) - (theirs - 2.0));
        assert!((p[k] - repeats - line).abs() < 1e-12, "{k}: {} {line}", p[k] - repeats);
    }
}

#[test]
fn calls_are_understood_and_refused() {
    for (call, name) in [
        ("TitForTat", "tit-for-tat"),
        ("Tit For Tat", "tit-for-tat"),
        ("ZD-Extort-2: 0.1, 0.5", "zd-extort-2"),
        ("zd_extort_2(phi=0.1)", "zd-extort-2"),
        ("patient = Davis: 20", "patient"),
        ("OmegaTFT", "omega-tit-for-tat"),
        ("First by Davis: 10", "davis"),
        ("Cycler: CDD", "cycler-cdd"),
    ] {
        assert_eq!(player(call).name, name);
    }
    for (call, words) in [
        ("davis: many", "`many` is no number"),
        ("davis: 2.5", "not a whole number"),
        ("davis: 1, 2", "takes 1 number; it has rounds"),
        ("davis: round=3", "has no `round`; it has rounds"),
        ("tit for tat: 3", "has nothing to set"),
        ("joss: 1.5", "`p` is 1.5, outside 0 to 1"),
        ("cycler: CX", "a word of C and D, not `CX`"),
        ("gruger", "unknown strategy `gruger`"),
    ] {
        let error = Player::called(&Call::parse(call)).expect_err(call).message;
        assert!(error.contains(words), "{call}: {error}");
    }
    assert_eq!(
        Call::split("a = ZDExtort2: 0.1, s=0.5, TitForTat,b=Davis(rounds=3),GTFT(p=0.2) , "),
        ["a = ZDExtort2: 0.1, s=0.5", "TitForTat", "b=Davis(rounds=3)", "GTFT(p=0.2)"]
    );
}

fn rows(file: &str) -> Vec<csv::StringRecord> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    csv::Reader::from_path(path).expect("the table").records().map(|r| r.expect("a row")).collect()
}

/// Every rule without chance plays, move by move, what Axelrod-Python plays.
#[test]
fn the_roster_plays_as_the_reference() {
    let rows = rows("strategies.csv");
    let mut wrong = Vec::new();
    for row in &rows {
        let m = play([&player(&row[0]), &player(&row[1])], &rules(100), &mut stream(1, Purpose::Match, 0));
        let mine = [m.score[0], m.score[1], m.cooperations[0] as f64, m.cooperations[1] as f64];
        let theirs = [2, 3, 4, 5].map(|k| row[k].parse::<f64>().expect("a number"));
        let moves = [0, 1].map(|k| letters(&m.moves[k][..20]));
        if mine != theirs || moves[0] != row[6] || moves[1] != row[7] {
            wrong.push(format!(
                "{} against {}: {mine:?} {} for {theirs:?} {}",
                &row[0], &row[1], moves[0], &row[6]
            ));
        }
    }
    assert!(
        rows.len() > 1000 && wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

/// Every rule with chance earns and cooperates as in Axelrod-Python, within 4.5 standard errors of the difference: with
/// some 300 figures a false alarm has probability 0.2%, and the seed is fixed.
#[test]
fn rules_with_chance_agree_with_the_reference() {
    const RUNS: u64 = 1000;
    let rows = rows("strategies_chance.csv");
    assert!(rows.len() > 100, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let pair = [player(&row[0]), player(&row[1])];
        let mut sums = [[0.0f64; 2]; 2];
        for r in 0..RUNS {
            let m = play([&pair[0], &pair[1]], &rules(60), &mut stream(3, Purpose::Match, r));
            for (s, x) in sums.iter_mut().zip([m.score[0] / 60.0, m.cooperations[0] as f64 / 60.0]) {
                s[0] += x;
                s[1] += x * x;
            }
        }
        let n = RUNS as f64;
        for (k, s) in sums.iter().enumerate() {
            let number = |c: usize| row[c].parse::<f64>().expect("a number");
            let (wanted, se) = (number(2 + 2 * k), number(3 + 2 * k));
            let mean = s[0] / n;
            let own = ((s[1] / n - mean * mean).max(0.0) / (n - 1.0)).sqrt();
            // six digits are kept
            if (mean - wanted).abs() > 4.5 * (se * se + own * own).sqrt() + 1e-5 {
                wrong.push(format!("{} against {}, figure {k}: {mean} for {wanted}", &row[0], &row[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nobody answers with anything but a chance, whatever the moves and whoever the other.
#[test]
fn chances_are_chances() {
    for s in roster() {
        let (who, other) = (Player::from(*s), player("random: 0.6"));
        let mut open = rules(150);
        open.noise = 0.1;
        for r in 0..10 {
            twain::game::tournament::play_watched(
                [&who, &other],
                &open,
                &mut stream(4, Purpose::Match, r),
                |turn| {
                    assert!((0.0..=1.0).contains(&turn.chance[0]), "{}: {}", s.name, turn.chance[0]);
                },
            );
        }
    }
}
