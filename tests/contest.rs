//! `twain tournament` and `twain evolve` as used and as misused.

use std::path::Path;

use crate::common::{bad, good, twain};
use tempfile::TempDir;
use twain::game::Player;
use twain::game::tournament::{Rules, expected, play};
use twain::random::{Purpose, stream};
use twain::scenario::contest::{Request, tournament};

/// Runs a verb on a file with this text and expects each of `words` in the error.
fn mistake(verb: &str, text: &str, words: &[&str]) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, text).expect("a file");
    let out = folder.path().join("out");
    let error = bad(&[verb, path.to_str().expect("a path"), "--out", out.to_str().expect("a path")]);
    for word in words {
        assert!(error.contains(word), "expected {word:?} in:\n{error}");
    }
    assert!(!out.exists());
}

fn flags(args: &[&str], words: &[&str]) {
    let error = bad(&[&["tournament"], args].concat());
    for word in words {
        assert!(error.contains(word), "expected {word:?} for {args:?} in:\n{error}");
    }
}

#[test]
fn unknown_players_are_suggested() {
    mistake(
        "tournament",
        "players = [\"tit-for-tat\",\n  \"gruger\"]",
        &["unknown strategy `gruger`", "mine.toml:2:3", "did you mean `grudger`?"],
    );
    flags(&["--players", "tit for tatt,defector"], &["unknown strategy", "did you mean `tit-for-tat`?"]);
    mistake("evolve", "players = [\"realism\", \"tft\", \"realizm\"]", &["did you mean `realism`?"]);
    mistake(
        "evolve",
        "players = [\"tft\", \"defector\"]\nstart = { tft = 0.5, defecter = 0.5 }",
        &["`defecter` is not one of the players", "did you mean `defector`?", "mine.toml:2:"],
    );
}

#[test]
fn numbers_outside_their_range_are_named() {
    mistake("tournament", "noise = 1.5", &["`noise` is 1.5, outside 0 to 1", "mine.toml:1:9"]);
    mistake("tournament", "turns = 0", &["`turns` is 0, outside 1 to 1000000"]);
    mistake(
        "evolve",
        "players = [\"tft\", \"alld\"]\nmutation = -0.1",
        &["`mutation` is -0.1, outside 0 to 1"],
    );
    flags(&["--turns", "0"], &["`turns` is 0, outside 1 to"]);
    flags(&["--prob-end", "1.2"], &["`prob_end` is 1.2, outside 0 to 1"]);
    flags(&["--noise", "nan"], &["`noise` must be a number"]);
    flags(&["--repetitions", "-3"], &["`repetitions` is -3"]);
    flags(&["--payoffs", "5,3,1"], &["has 3 payoffs, not four"]);
    let own = "players = [\"tft\"]\n[[player]]\nname = \"me\"\nmemory_one = [1, 0, 2, 0]";
    mistake("tournament", own, &["`player.memory_one` is 2, outside 0 to 1", "mine.toml:4:21"]);
}

#[test]
fn too_few_or_muddled_players_are_named() {
    flags(&["--players", "tft"], &["needs two players at least, here is 1"]);
    mistake("tournament", "players = []", &["here is 0"]);
    mistake("tournament", "players = [\"tft\", \"tit for tat\"]", &["`tit-for-tat` is there twice"]);
    let own = |rest: &str| format!("players = [\"tft\"]\n[[player]]\nname = \"me\"\n{rest}");
    mistake(
        "tournament",
        &own(""),
        &["none of `strategy`, `memory_one`, `machine`, `look_up`, `cycle`, `school`", "exactly one"],
    );
    mistake("tournament", &own("memory_one = [1, 0, 1]"), &["has 3 chances, not four"]);
    mistake("tournament", &own("strategy = \"joss\"\nthreat = 0.5"), &["`threat` has no meaning"]);
    mistake("tournament", &own("school = \"realism\"\nparameters = { k9 = 1 }"), &["unknown parameter `k9`"]);
    mistake("tournament", &own("school = \"realizm\""), &["did you mean `realism`?"]);
    mistake("tournament", "playrs = []", &["unknown key `playrs`", "did you mean"]);
    mistake("evolve", "population = 10", &["needs two players at least"]);
}

#[test]
fn machines_and_tables_are_checked_with_their_place() {
    let own = |rest: &str| format!("players = [\"tft\"]\n[[player]]\nname = \"me\"\n{rest}");
    mistake(
        "tournament",
        &own("machine = [\"1 C -> 1 C\",\n\"1 D -> 2 D\"]"),
        &["state 2 is entered, but has no line for the other's D", "mine.toml:5:1", "add \"2 D -> ...\""],
    );
    mistake(
        "tournament",
        &own("machine = [\"1 C 1 C\", \"1 C 1 D\"]"),
        &["state 1 has two lines", "mine.toml:4:"],
    );
    mistake(
        "tournament",
        &own("machine = [\"1 X -> 1 C\"]"),
        &["`1 X -> 1 C` is no transition", "mine.toml:4:12"],
    );
    mistake(
        "tournament",
        &own("look_up = \"CDD\"\ndepths = [1, 1, 0]"),
        &["3 letters; 2 moves have 4 combinations"],
    );
    mistake("tournament", &own("look_up = \"CD\""), &["`look_up` needs `depths`"]);
    mistake("tournament", &own("look_up = \"CD\"\ndepths = [9, 9, 0]"), &["18 moves together, 16 at most"]);
    mistake(
        "tournament",
        &own("cycle = \"CXD\""),
        &["`cycle` is `CXD`, not a word of C and D", "mine.toml:4:9"],
    );
    mistake(
        "tournament",
        &own("strategy = \"davis\"\nparameters = { round = 3 }"),
        &["has no `round`", "rounds"],
    );
    mistake("tournament", &own("strategy = \"davis: 1.5\""), &["not a whole number", "mine.toml:4:12"]);
    mistake(
        "tournament",
        &own("strategy = \"joss\"\npayoffs = [1, 2]"),
        &["`payoffs` has 2 payoffs, not four"],
    );
}

#[test]
fn tournaments_on_graphs_are_checked() {
    let with = |rest: &str| format!("players = [\"tft\", \"alld\", \"allc\", \"joss\"]\n{rest}");
    mistake(
        "tournament",
        &with("graph = \"edges\"\nedges = [[\"tft\", \"jos\"]]"),
        &["`jos` is not one of the players", "did you mean `joss`?", "mine.toml:3:"],
    );
    mistake(
        "tournament",
        &with("graph = \"edges\"\nedges = [[0, 1], [2, 3]]"),
        &["`cooperator` cannot be reached"],
    );
    mistake("tournament", &with("graph = \"ring\"\necology = 10"), &["has no neighbours", "mine.toml:3:11"]);
    mistake("tournament", &with("graph = \"lattice\""), &["4 in 2 columns make no lattice"]);
    mistake("tournament", &with("degree = 2"), &["`degree` is not used when `graph` is `well-mixed`"]);
}

#[test]
fn populations_must_make_sense() {
    let base = "players = [\"tft\", \"defector\"]\npopulation = 6\n";
    let with = |rest: &str| format!("{base}{rest}");
    mistake("evolve", &with("start = { tft = 0.5 }"), &["sum to 0.5, not to 1"]);
    mistake("evolve", &with("graph = \"edges\""), &["there is no `edges`"]);
    mistake(
        "evolve",
        &with("graph = \"edges\"\nedges = [[0, 9]]"),
        &["not an edge", "0 to 5", "mine.toml:4:"],
    );
    mistake("evolve", &with("graph = \"edges\"\nedges = [[0, 1]]"), &["cannot be reached"]);
    mistake("evolve", &with("graph = \"ring\"\ndegree = 3"), &["`degree` is 3 on a ring of 6"]);
    mistake("evolve", &with("matrix = [[1, 2]]"), &["`matrix` has 1 rows for 2 players"]);
    mistake("evolve", &with("matrix = [[1, 2], [3]]"), &["has 1 payoffs, not 2"]);
    mistake(
        "evolve",
        "players = [\"allc\", \"alld\"]\npayoffs = [5, 3, 1, -1]\nprocess = \"moran\"\nfitness = \"linear\"\nselection = 1",
        &["linear fitness", "lower `selection`"],
    );
}

#[test]
fn payoffs_that_are_no_dilemma_are_called_by_their_name() {
    let folder = TempDir::new().expect("a folder");
    for (payoffs, words) in
        [("3,5,1,0", "a stag hunt"), ("4,3,0,1", "a game of chicken"), ("7,3,1,0", "taking turns")]
    {
        let out = folder.path().join(words.replace(' ', "-"));
        let out = out.to_str().expect("a path");
        let output = twain(&["tournament", "--players", "tft,alld", "--payoffs", payoffs, "--out", out]);
        assert!(output.status.success());
        let warning = String::from_utf8_lossy(&output.stderr);
        assert!(warning.contains("warning: ") && warning.contains(words), "{warning}");
    }
}

/// A result is never replaced without being asked, and is the same for one thread and two.
#[test]
fn the_same_bytes_for_any_threads() {
    let folder = TempDir::new().expect("a folder");
    let place = |name: &str| folder.path().join(name).to_str().expect("a path").to_string();
    let tournament = ["tournament", "--players", "tft,joss,random,realism,constructivism,graaskamp"];
    let tournament = [&tournament[..], &["--noise", "0.03", "--prob-end", "0.02"]].concat();
    let evolve = ["evolve", "--players", "tft,joss,alld,institutionalism", "--noise", "0.03"];
    let evolve = [
        &evolve[..],
        &["--population", "20", "--generations", "300", "--runs", "9", "--set", "fixation_runs=100"],
    ]
    .concat();
    for (verb, args) in [("t", tournament), ("e", evolve)] {
        for threads in ["1", "2"] {
            let out = place(&format!("{verb}{threads}"));
            good(&[&args[..], &["--threads", threads, "--out", &out]].concat());
        }
        let mut tables = 0;
        for entry in std::fs::read_dir(place(&format!("{verb}1"))).expect("the folder").flatten() {
            let other = Path::new(&place(&format!("{verb}2"))).join(entry.file_name());
            // manifest and page hold the command as typed
            let typed =
                ["manifest.json", "report.html"].contains(&entry.file_name().to_string_lossy().as_ref());
            if entry.path().is_file() && !typed {
                assert_eq!(
                    std::fs::read(entry.path()).expect("a file"),
                    std::fs::read(&other).expect("a file"),
                    "{}",
                    other.display()
                );
                tables += 1;
            }
        }
        assert!(tables >= 4, "{tables}");
        let error = bad(&[&args[..], &["--out", &place(&format!("{verb}1"))]].concat());
        assert!(error.contains("exists; give --force"), "{error}");
    }
}

#[test]
fn graphs_and_matrices_run() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("mine.toml");
    for (k, text) in [
        "matrix = [[3, 0], [5, 1]]\nplayers = [\"C\", \"D\"]\nprocess = \"moran\"\ngraph = \"ring\"\ndegree = 4",
        "matrix = [[3, 0], [5, 1]]\nprocess = \"death-birth\"\ngraph = \"complete\"",
        "matrix = [[3, 0], [5, 1]]\nstart = { \"strategy-1\" = 1 }",
        "players = [\"tft\", \"alld\"]\npopulation = 3\ngraph = \"edges\"\nedges = [[0, 1], [1, 2]]\nmutation = 1",
    ]
    .iter()
    .enumerate()
    {
        let text = format!("{text}\ngenerations = 50\nfixation_runs = 20\nruns = 3\n");
        let text = if text.contains("population") { text } else { format!("population = 12\n{text}") };
        std::fs::write(&path, text).expect("a file");
        let out = folder.path().join(format!("out{k}"));
        let words =
            good(&["evolve", path.to_str().expect("a path"), "--out", out.to_str().expect("a path")]);
        assert!(words.contains("long run"), "{words}");
    }
}

/// Matches of memory-one players with noise and misperception have the expected payoff that the chain over the four
/// outcomes gives. Four standard errors, six figures: a false alarm has probability 0.04%.
#[test]
fn expected_payoffs_are_those_of_many_matches() {
    let rules = Rules {
        payoffs: twain::game::Payoffs::axelrod(),
        turns: 30,
        ending: 0.0,
        noise: 0.03,
        misperception: 0.04,
    };
    let names = ["tit-for-tat", "generous-tit-for-tat", "win-stay-lose-shift"];
    for (a, b) in [(0, 1), (1, 0), (0, 2), (2, 0), (0, 0), (1, 2)] {
        let pair = [a, b].map(|k: usize| Player::named(names[k]).expect("a player"));
        let wanted = expected([&pair[0], &pair[1]], &rules).expect("memory one");
        let runs = 4000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for r in 0..runs {
            let m = play([&pair[0], &pair[1]], &rules, &mut stream(8, Purpose::Match, r));
            let x = m.score[0] / 30.0;
            sum += x;
            squares += x * x;
        }
        let mean = sum / runs as f64;
        let error = ((squares / runs as f64 - mean * mean) / runs as f64).sqrt();
        assert!((mean - wanted).abs() < 4.0 * error, "{a} {b}: {mean} {wanted}");
    }
}

/// The schools at the table keep their character: a realist under threat cooperates less than one without relative
/// gains, an institution helps the institutionalist, an image helps the constructivist.
#[test]
fn schools_at_the_table_obey_their_rules() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("schools.toml");
    let text = r#"
        [[player]]
        name = "afraid"
        school = "realism"
        threat = 0.2
        shadow = 0.9
        [[player]]
        name = "calm"
        school = "realism"
        threat = 0.2
        shadow = 0.9
        parameters = { k0 = 0 }
        [[player]]
        name = "alone"
        school = "institutionalism"
        shadow = 0.5
        [[player]]
        name = "bound"
        school = "institutionalism"
        shadow = 0.5
        institution = 1
        sanction = 1
        [[player]]
        name = "foe"
        school = "constructivism"
        image = -0.9
        [[player]]
        name = "friend"
        school = "constructivism"
        image = 0.9
    "#;
    std::fs::write(&path, text).expect("a file");
    let contest = tournament(&Request { file: Some(&path), ..Request::default() }).expect("sound");
    let tft = Player::named("tit for tat").expect("a player");
    let share = |name: &str| {
        let player = contest.players.iter().find(|p| p.name == name).expect("a player");
        let total: usize = (0..50)
            .map(|r| play([player, &tft], &contest.rules, &mut stream(9, Purpose::Match, r)).cooperations[0])
            .sum();
        total as f64 / (50.0 * contest.rules.turns as f64)
    };
    for (less, more) in [("afraid", "calm"), ("alone", "bound"), ("foe", "friend")] {
        assert!(share(less) + 0.2 < share(more), "{less} {} {more} {}", share(less), share(more));
    }
}

/// A tournament is no world: the verb that takes it is named, and `check` knows it.
#[test]
fn other_verbs_name_the_right_one() {
    let said = bad(&["run", "scenarios/tournaments/axelrod-1980.toml"]);
    assert!(said.contains("is a file for `twain tournament`"), "{said}");
    let said = bad(&["sweep", "scenarios/evolution/which-school-spreads.toml", "--dry-run"]);
    assert!(said.contains("is a file for `twain evolve`"), "{said}");
    assert!(good(&["check", "scenarios/tournaments/axelrod-1980.toml"]).contains("is sound: "));
    assert!(good(&["check", "scenarios/evolution/which-school-spreads.toml"]).contains("5 players"));
}

/// A match is told move by move: who plays what, who earns what, what went wrong; as text, as table, as a page.
#[test]
fn a_match_is_told_move_by_move() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let place = out.to_str().expect("a path");
    let said = good(&["match", "TitForTat", "cycler: CDC", "--turns", "4", "--out", place]);
    assert!(said.contains("tit-for-tat  CCDC") && said.contains("cycler-cdc   CDCC"), "{said}");
    assert!(said.contains("Both earned 11"), "{said}");
    let moves = std::fs::read_to_string(out.join("moves.csv")).expect("the table");
    let lines: Vec<&str> = moves.lines().collect();
    assert_eq!(
        lines[1..],
        ["1,C,C,3,3,3,3,1,1,", "2,C,D,0,5,3,8,1,0,", "3,D,C,5,0,8,8,0,1,", "4,C,C,3,3,11,11,1,1,"]
    );
    let page = std::fs::read_to_string(out.join("report.html")).expect("the page");
    assert!(page.contains("tit-for-tat against cycler-cdc") && page.contains("does what the other last did"));
    // two of a kind are told apart; who is paid otherwise earns otherwise
    let out = folder.path().join("two");
    let two =
        ["match", "tft", "tft", "--turns", "2", "--opponent-payoffs", "9,7,2,0", "--no-charts", "--out"];
    let said = good(&[&two[..], &[out.to_str().expect("a path")]].concat());
    assert!(said.contains("tit-for-tat 2 earned more, 14 against 6"), "{said}");
    for (args, words) in [
        (&["match", "tft", "gruger"][..], "did you mean `grudger`?"),
        (&["match", "tft", "alld", "--opponent-payoffs", "1,2"], "not four numbers"),
        (&["match", "tft", "davis: x"], "`x` is no number"),
    ] {
        let error = bad(args);
        assert!(error.contains(words), "{error}");
    }
}

/// Mistakes of execution and of reading are named on their turn.
#[test]
fn a_match_names_what_went_wrong() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let place = out.to_str().expect("a path");
    let run = [
        "match",
        "a = allc",
        "b = alld",
        "--turns",
        "40",
        "--noise",
        "0.2",
        "--misperception",
        "0.2",
        "--no-charts",
    ];
    good(&[&run[..], &["--out", place]].concat());
    let mut reader = csv::Reader::from_path(out.join("moves.csv")).expect("the table");
    let (mut slips, mut misread) = (0, 0);
    for row in reader.records() {
        let row = row.expect("a row");
        // a cooperator that shows D slipped, and so did a defector that shows C
        assert_eq!(&row[1] == "D", row[9].contains("player slipped"), "{row:?}");
        assert_eq!(&row[2] == "C", row[9].contains("opponent slipped"), "{row:?}");
        slips += usize::from(&row[1] == "D") + usize::from(&row[2] == "C");
        misread += usize::from(row[9].contains("misread"));
    }
    assert!(slips > 5 && misread > 5, "{slips} {misread}");
}

/// Neighbours on a graph meet and nobody else; a defector among cooperators in a ring of four is met by two.
#[test]
fn a_tournament_on_a_graph_has_neighbours_only() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("ring.toml");
    let text = "players = [\"a = allc\", \"b = allc\", \"c = allc\", \"alld\"]\ngraph = \"ring\"\nrepetitions = 2\nturns = 10";
    std::fs::write(&path, text).expect("a file");
    let contest = tournament(&Request { file: Some(&path), ..Request::default() }).expect("sound");
    let played = twain::experiment::contest::tournament::play(&contest, || (), None).expect("played");
    assert_eq!([0, 1, 2, 3].map(|i| played.table.score(i).0), [1.5, 3.0, 1.5, 5.0]);
    assert_eq!(twain::experiment::contest::tournament::payoffs(&played.table).len(), 8);
    assert!(played.table.payoff[2].is_nan());
}

/// Success breeds success: among cooperators the defector takes over, and then tit for tat would have been better off.
#[test]
fn the_ecological_variant_follows_its_equation() {
    let players: Vec<Player> =
        ["alld", "tft", "allc"].iter().map(|n| Player::named(n).expect("one")).collect();
    let rules = Rules {
        payoffs: twain::game::Payoffs::axelrod(),
        turns: 10,
        ending: 0.0,
        noise: 0.0,
        misperception: 0.0,
    };
    let table = twain::game::tournament::round_robin(&players, &rules, 1, 1, || ());
    let shares = twain::game::tournament::ecology(&table, 60).expect("payoffs above nought");
    // payoffs of the three against each other: 1, 1.4, 5; .9, 3, 3; 0, 3, 3
    let earned = [7.4 / 9.0, 6.9 / 9.0, 6.0 / 9.0];
    let all: f64 = earned.iter().sum();
    for (x, e) in shares[1].iter().zip(earned) {
        assert!((x - e / all).abs() < 1e-12, "{x} {}", e / all);
    }
    assert!(shares[60][1] > 0.5 && shares[60][0] < 1e-3, "{:?}", shares[60]);
    let negative = Rules { payoffs: twain::game::Payoffs::new(5.0, 3.0, -1.0, -2.0), ..rules };
    let table = twain::game::tournament::round_robin(&players, &negative, 1, 1, || ());
    assert_eq!(twain::game::tournament::ecology(&table, 5), None);
}

/// Every match is there when asked for, with as many moves as turns, and the page is left.
#[test]
fn interactions_are_written_when_asked_for() {
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().join("out");
    let place = out.to_str().expect("a path");
    let run = [
        "tournament",
        "--players",
        "tft,a = joss: 0.5,alld",
        "--repetitions",
        "3",
        "--turns",
        "12",
        "--interactions",
    ];
    good(&[&run[..], &["--ecology", "20", "--out", place]].concat());
    let mut reader = csv::Reader::from_path(out.join("interactions.csv")).expect("the table");
    let rows: Vec<twain::output::rows::Interaction> =
        reader.deserialize().map(|r| r.expect("a row")).collect();
    assert_eq!(rows.len(), 18);
    for row in &rows {
        assert_eq!((row.player_moves.len(), row.opponent_moves.len()), (12, 12));
    }
    assert!(rows.iter().any(|r| r.player == "tit-for-tat" && r.opponent == "a"));
    let page = std::fs::read_to_string(out.join("report.html")).expect("the page");
    assert!(page.contains("The ranking") && page.contains("ecological variant"));
}
