//! Files of `twain tournament` and `twain evolve`: who plays, by which rules, in what population.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::block::Block;
use super::document::{self, Change, Mistake, Node, Value};
use super::spec::{Key, Kind, SHARE, TEXTS, key, must};
use super::{check_table, is_folder_name, spec};
use crate::game::evolution::{Fitness, Graph, Process, Update};
use crate::game::strategy::{Call, spelling};
use crate::game::tournament::Rules;
use crate::game::{Payoffs, Player};
use crate::theory::SCHOOLS;

mod network;
mod players;

use players::players;

/// Keys of a tournament file.
pub const TOURNAMENT: &[Key] = &[
    key("name", Kind::Text, "the file's name", "", "short name, used for the output folder"),
    key("title", Kind::Text, "the name", "", "title for charts and summaries"),
    key("description", Kind::Text, "", "", "what the file shows, in plain words"),
    key(
        "players",
        TEXTS,
        "the well-known strategies",
        "",
        "strategies and schools by name: `davis`, `davis: 20` with settings, `patient = davis: 20` under a label",
    ),
    key("player", Kind::List(&Kind::Table(PLAYER)), "", "", "players with settings of their own"),
    key(
        "turns",
        Kind::Integer(1, 1_000_000),
        "200",
        "turns",
        "length of a match; the most if prob_end is set",
    ),
    key("prob_end", Kind::Number(0.0, 1.0), "0", "probability", "chance that a match ends after each turn"),
    key("noise", SHARE, "0", "probability", "chance that a move is executed wrongly"),
    key("misperception", SHARE, "0", "probability", "chance that a move is misread by the other"),
    key("repetitions", Kind::Integer(1, 1_000_000), "10", "runs", "times everyone meets everyone"),
    key("seed", Kind::Integer(0, i64::MAX), "1", "", "master seed of the random streams"),
    key(
        "payoffs",
        Kind::List(&Kind::Number(-100.0, 100.0)),
        "[5, 3, 1, 0]",
        "payoff units",
        "temptation, reward, punishment, sucker's payoff",
    ),
    key(
        "world",
        Kind::Parameters(crate::model::parameters::World::PARAMETERS),
        "",
        "",
        "parameters the schools share; shadow, sensitivity, friction, error, misperception, information, economy, group, memory and forgetting are used",
    ),
    key("theory", Kind::Table(spec::THEORY), "", "", "parameters of each school"),
    key(
        "ecology",
        Kind::Integer(0, 100_000),
        "0",
        "generations",
        "length of the ecological variant: shares of the players grow with what they earn (Axelrod 1984); 0 for none",
    ),
];

/// Keys that say who is next to whom: the players of a tournament, or the individuals of a population.
pub const GRAPH: &[Key] = &[
    key(
        "graph",
        Kind::Choice(&["well-mixed", "complete", "ring", "lattice", "edges"]),
        "well-mixed",
        "",
        "who meets (and, in a population, imitates) whom; in a tournament well-mixed and complete are the same",
    ),
    key(
        "degree",
        Kind::Integer(2, 1000),
        "2 on a ring, 4 on a lattice",
        "neighbours",
        "neighbours of each: an even number on a ring, 4 or 8 on a lattice",
    ),
    key(
        "columns",
        Kind::Integer(3, 100_000),
        "the square root of all",
        "individuals",
        "width of a lattice, whose ends meet; all must fill whole rows, three at least",
    ),
    key(
        "edges",
        Kind::List(&Kind::List(&Kind::Any)),
        "",
        "",
        "pairs of neighbours: numbers from 0, in a tournament also names of players",
    ),
];

/// Keys an evolution file has besides those of a tournament.
pub const EVOLUTION: &[Key] = &[
    key("population", Kind::Integer(2, 100_000), "50", "individuals", "size of the population"),
    key(
        "process",
        Kind::Choice(&["moran", "death-birth", "fermi"]),
        "fermi",
        "",
        "how strategies spread: birth-death (Moran), death-birth, or pairwise comparison (Fermi)",
    ),
    key(
        "fitness",
        Kind::Choice(&["exponential", "linear"]),
        "exponential",
        "",
        "fitness from payoff, for moran and death-birth: exp(selection payoff) or 1 - selection + selection payoff",
    ),
    key("selection", Kind::Number(0.0, 1000.0), "0.1", "per payoff unit", "intensity of selection"),
    key("mutation", SHARE, "0.001", "probability", "chance that an update tries another strategy at random"),
    key("start", Kind::Named(&SHARE), "equal shares", "share", "shares of the strategies at the start"),
    key(
        "generations",
        Kind::Integer(1, 100_000_000),
        "1000",
        "generations",
        "length of a run; N updates each",
    ),
    key("samples", Kind::Integer(1, 10_000), "100", "", "points of the trajectory after the start"),
    key("runs", Kind::Integer(1, 100_000), "50", "runs", "runs of the population"),
    key(
        "fixation_runs",
        Kind::Integer(0, 10_000_000),
        "1000",
        "runs",
        "single mutants followed for each ordered pair of strategies",
    ),
    key(
        "patience",
        Kind::Integer(1, 100_000_000),
        "10000",
        "generations",
        "generations after which a mutant that neither spread nor vanished is given up",
    ),
    key(
        "matrix",
        Kind::List(&Kind::List(&Kind::Number(-1000.0, 1000.0))),
        "",
        "payoff units",
        "payoff of each row strategy against each column, instead of matches; `players` then only names the rows",
    ),
];

/// Keys of `[[player]]`.
pub const PLAYER: &[Key] = &[
    must("name", Kind::Text, "", "name in tables"),
    key("strategy", Kind::Text, "", "", "a strategy of the roster, to play under this name"),
    key(
        "memory_one",
        Kind::List(&SHARE),
        "",
        "probability",
        "chances of cooperating after CC, CD, DC, DD, own move first",
    ),
    key("first", SHARE, "1", "probability", "chance of cooperating first, for memory_one"),
    key(
        "machine",
        TEXTS,
        "",
        "",
        "a finite state machine, a line a transition: \"1 D -> 2 C\" is: in state 1, after the other's D, go to state 2 and play C",
    ),
    key("state", Kind::Integer(0, 1_000_000), "that of the first line", "", "the state a machine begins in"),
    key(
        "look_up",
        Kind::Text,
        "",
        "",
        "a look-up table: a letter C or D for each combination of the moves that `depths` looks at, in the order of words",
    ),
    key(
        "depths",
        Kind::List(&Kind::Integer(0, 16)),
        "",
        "turns",
        "what look_up looks at: last own moves, last moves of the other, opening moves of the other; together 16 at most",
    ),
    key("opening", Kind::Text, "all C", "", "first moves of a machine or of look_up, as letters C and D"),
    key("cycle", Kind::Text, "", "", "a word of C and D that is repeated whatever the other does"),
    key(
        "payoffs",
        Kind::List(&Kind::Number(-100.0, 100.0)),
        "those of the match",
        "payoff units",
        "what this player earns: temptation, reward, punishment, sucker's payoff (an asymmetric game)",
    ),
    key("school", Kind::Choice(&SCHOOLS), "", "", "a school whose rule decides every move"),
    key(
        "parameters",
        Kind::Named(&Kind::Number(-1e6, 1e6)),
        "",
        "",
        "parameters of this player's school, or settings of its strategy",
    ),
    key("power", Kind::Number(0.001, 1000.0), "1", "", "capability relative to the other players"),
    key("trust", SHARE, "0.5", "probability", "belief before the first move that the other cooperates"),
    key(
        "shadow",
        Kind::Number(0.0, 0.999),
        "1 - prob_end, or world.shadow",
        "probability",
        "the shadow of the future: chance that the match goes on",
    ),
    key("threat", SHARE, "the other's share of both powers", "0-1", "threat from the other"),
    key(
        "shared_threat",
        SHARE,
        "0",
        "0-1",
        "share of the player's threats that the other faces too and can do something about",
    ),
    key("hard", SHARE, "0", "0-1", "how far the issue touches military secrets"),
    key("stake", SHARE, "1", "0-1", "what the issue means to the player; friction is paid on it"),
    key("institution", SHARE, "0", "0-1", "stock of the body both sit in"),
    key("monitoring", SHARE, "0.6", "0-1", "how far that body, full, removes misperception"),
    key("members", Kind::Number(2.0, 1000.0), "2", "states", "states in that body"),
    key("sanction", Kind::Number(0.0, 100.0), "0", "payoff units", "expected sanction on a defection"),
    key("image", Kind::Number(-1.0, 1.0), "0", "-1 to 1", "image of the other at the start"),
];

/// A tournament as read.
#[derive(Clone, Debug)]
pub struct Contest {
    /// Short name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Description in plain words.
    pub description: String,
    /// Who plays.
    pub players: Vec<Player>,
    /// How matches are played.
    pub rules: Rules,
    /// Times everyone meets everyone.
    pub repetitions: u64,
    /// Master seed.
    pub seed: u64,
    /// Pairs that meet, by their places; `None` if everyone meets everyone.
    pub edges: Option<Vec<(usize, usize)>>,
    /// Generations of the ecological variant, 0 for none.
    pub ecology: u64,
    /// File name, if there is a file.
    pub file: Option<String>,
    /// SHA-256 of the resolved tree, hexadecimal.
    pub hash: String,
    /// The checked tree.
    pub tree: Node,
}

/// An evolving population as read.
#[derive(Clone, Debug)]
pub struct Evolution {
    /// Names of the strategies.
    pub names: Vec<String>,
    /// Payoff of row against column if it was given as a matrix, else matches are to be played.
    pub matrix: Option<Vec<f64>>,
    /// The update rule.
    pub process: Process,
    /// Individuals.
    pub population: usize,
    /// Who meets whom; `None` if well mixed.
    pub graph: Option<Graph>,
    /// Shares at the start; they sum to 1.
    pub start: Vec<f64>,
    /// Length of a run in generations.
    pub generations: u64,
    /// Points of the trajectory after the start.
    pub samples: usize,
    /// Runs of the population.
    pub runs: u64,
    /// Single mutants followed for each ordered pair.
    pub fixation_runs: u64,
    /// Generations after which a mutant is given up.
    pub patience: u64,
}

/// What a verb reads: an optional file, changes of single keys, and names to keep out of all players.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// The file.
    pub file: Option<&'a Path>,
    /// Changes from the command line.
    pub changes: Vec<Change>,
    /// If given, exactly these play, by name.
    pub only: Option<Vec<String>>,
}

/// The verb a file is for, if it is one of this room's: a world has states, these have players.
pub fn verb(tree: &Node) -> Option<&'static str> {
    let has = |keys: &[Key]| keys.iter().any(|k| tree.get(k.name).is_some());
    let players = ["players", "player", "turns", "matrix"].iter().any(|k| tree.get(k).is_some());
    if tree.get("run").is_some() || tree.get("state").is_some() || !players {
        return None;
    }
    Some(if has(EVOLUTION) { "evolve" } else { "tournament" })
}

/// Reads a tournament.
///
/// # Errors
/// The first mistake, with its place.
pub fn tournament(request: &Request<'_>) -> Result<Contest, Mistake> {
    tournament_of(typed(request)?, request)
}

/// Like [`tournament`], from a tree already read.
///
/// # Errors
/// The first mistake, with its place.
pub fn tournament_of(typed: Node, request: &Request<'_>) -> Result<Contest, Mistake> {
    let keys: Vec<Key> = TOURNAMENT.iter().chain(GRAPH).copied().collect();
    let tree = tree(typed, request, &keys)?;
    let players = players(&tree, true)?;
    if players.len() < 2 {
        return Err(few(&tree, players.len(), "a tournament"));
    }
    let names: Vec<&str> = players.iter().map(|p| p.name.as_str()).collect();
    let edges = match Block::new(&tree, GRAPH).word("graph").as_str() {
        "complete" => None,
        _ => network::edges(&tree, "players", names.len(), &names)?,
    };
    let ecology = Block::new(&tree, TOURNAMENT).whole("ecology");
    if let (Some(node), Some(_), true) = (tree.get("ecology"), &edges, ecology > 0) {
        return Err(Mistake::at(
            &node.origin,
            "the ecological variant has no neighbours: every share meets every other",
        )
        .help("leave out `ecology` or `graph`"));
    }
    Ok(Contest { edges, ecology, ..contest(request, tree, players)? })
}

/// Reads a match of two players; `request.only` names both.
///
/// # Errors
/// The first mistake, with its place.
pub fn duel(request: &Request<'_>) -> Result<Contest, Mistake> {
    let keys: Vec<Key> = TOURNAMENT.iter().chain(GRAPH).copied().collect();
    let mut request = request.clone();
    // twice the same name is two copies here, told apart by a number
    if let Some(only) = &mut request.only
        && let [a, b] = only.as_mut_slice()
        && spelling(a) == spelling(b)
    {
        let call = Call::parse(b);
        if call.label.is_none() {
            *b = format!("{} 2 = {b}", spelling(&call.name));
        }
    }
    let tree = tree(typed(&request)?, &request, &keys)?;
    let players = players(&tree, false)?;
    if players.len() != 2 {
        let message = format!("a match has two players, here are {}", players.len());
        return Err(Mistake::general(message).help("twain match tit-for-tat grudger"));
    }
    contest(&request, tree, players)
}

/// Reads an evolving population: the matches its payoffs come from, and the population.
///
/// # Errors
/// The first mistake, with its place.
pub fn evolution(request: &Request<'_>) -> Result<(Contest, Evolution), Mistake> {
    evolution_of(typed(request)?, request)
}

/// Like [`evolution`], from a tree already read.
///
/// # Errors
/// The first mistake, with its place.
pub fn evolution_of(typed: Node, request: &Request<'_>) -> Result<(Contest, Evolution), Mistake> {
    let keys: Vec<Key> = TOURNAMENT.iter().chain(GRAPH).chain(EVOLUTION).copied().collect();
    let tree = tree(typed, request, &keys)?;
    let (players, names, matrix) = match tree.get("matrix") {
        Some(node) => {
            let (names, matrix) = matrix(&tree, node)?;
            (Vec::new(), names, Some(matrix))
        }
        None => {
            let players = players(&tree, false)?;
            let names = players.iter().map(|p| p.name.clone()).collect();
            (players, names, None)
        }
    };
    if names.len() < 2 {
        return Err(few(&tree, names.len(), "evolution"));
    }
    if names.len() > 64 {
        return Err(Mistake::general(format!("{} strategies; evolution takes 64 at most", names.len())));
    }
    let own = Block::new(&tree, EVOLUTION);
    let population = own.whole("population") as usize;
    let processes = [("fermi", Update::Fermi), ("moran", Update::Moran), ("death-birth", Update::DeathBirth)];
    let update = own.choose("process", &processes)?;
    let kinds = [("exponential", Fitness::Exponential), ("linear", Fitness::Linear)];
    let fitness = own.choose("fitness", &kinds)?;
    let selection = own.number("selection");
    if fitness == Fitness::Linear && selection > 1.0 {
        let node = tree.get("selection").unwrap_or(&tree);
        return Err(Mistake::at(&node.origin, format!("`selection` is {selection}, outside 0 to 1"))
            .help("linear fitness is 1 - selection + selection times payoff"));
    }
    let evolution = Evolution {
        matrix,
        process: Process { update, fitness, selection, mutation: own.number("mutation") },
        population,
        graph: network::edges(&tree, "population", population, &[])?.map(|e| Graph::new(population, &e)),
        start: start(&tree, &names)?,
        names,
        generations: own.whole("generations"),
        samples: own.whole("samples") as usize,
        runs: own.whole("runs"),
        fixation_runs: own.whole("fixation_runs"),
        patience: own.whole("patience"),
    };
    Ok((contest(request, tree, players)?, evolution))
}

fn few(tree: &Node, count: usize, what: &str) -> Mistake {
    let node = tree.get("players").or_else(|| tree.get("player")).unwrap_or(tree);
    let message = format!("{what} needs two players at least, here is {count}");
    Mistake::at(&node.origin, message).help("name more in `players` or add a [[player]]")
}

/// What was typed: the file if there is one.
fn typed(request: &Request<'_>) -> Result<Node, Mistake> {
    match request.file {
        Some(path) => document::read(path),
        None => document::parse(Path::new("command line"), String::new()),
    }
}

/// The tree with the changes, checked.
fn tree(mut tree: Node, request: &Request<'_>, keys: &[Key]) -> Result<Node, Mistake> {
    for change in &request.changes {
        document::apply(&mut tree, change)?;
    }
    check_table(&tree, keys, "")?;
    if let Some(only) = &request.only {
        keep(&mut tree, only)?;
    }
    Ok(tree)
}

/// Leaves exactly the players called for: those of the file by their name, the rest from the roster.
fn keep(tree: &mut Node, only: &[String]) -> Result<(), Mistake> {
    let Value::Table(table) = &mut tree.value else { return Ok(()) };
    let mut own = BTreeSet::new();
    if let Some(entry) = table.get_mut("player")
        && let Value::List(list) = &mut entry.node.value
    {
        let called = |node: &Node| node.get("name").and_then(Node::text).unwrap_or_default();
        list.retain(|node| only.iter().any(|o| spelling(o) == spelling(&called(node))));
        own.extend(list.iter().map(|n| spelling(&called(n))));
        if list.is_empty() {
            table.remove("player");
        }
    }
    let rest: Vec<String> =
        only.iter().filter(|o| !own.contains(&spelling(o))).map(|o| format!("{o:?}")).collect();
    document::apply(tree, &Change { path: "players".into(), value: format!("[{}]", rest.join(", ")) })
}

fn contest(request: &Request<'_>, tree: Node, players: Vec<Player>) -> Result<Contest, Mistake> {
    let stem = request.file.and_then(Path::file_stem).map(|s| s.to_string_lossy().into_owned());
    let own = Block::new(&tree, TOURNAMENT);
    let name = own.get("name").and_then(Node::text).or(stem).unwrap_or_default();
    if let Some(node) = tree.get("name")
        && !is_folder_name(&name)
    {
        return Err(Mistake::at(&node.origin, "the name must be usable as the name of a folder"));
    }
    let ending = own.number("prob_end");
    // without a fixed length the most turns are never reached: the chance is below 1e-12
    let usual = if ending > 0.0 { (28.0 / ending).ceil().min(1e6) as u64 } else { 200 };
    let rules = Rules {
        payoffs: payoffs(&tree)?.unwrap_or_default(),
        turns: own.get("turns").and_then(Node::whole).unwrap_or(usual) as usize,
        ending,
        noise: own.number("noise"),
        misperception: own.number("misperception"),
    };
    let json = tree.to_json().to_string();
    Ok(Contest {
        title: own.get("title").and_then(Node::text).unwrap_or_else(|| name.clone()),
        name,
        description: own.text("description"),
        players,
        rules,
        repetitions: own.whole("repetitions"),
        seed: own.whole("seed"),
        edges: None,
        ecology: 0,
        file: request.file.and_then(Path::file_name).map(|f| f.to_string_lossy().into_owned()),
        hash: Sha256::digest(json.as_bytes()).iter().map(|b| format!("{b:02x}")).collect(),
        tree,
    })
}

/// Four payoffs, if the node has any.
fn payoffs(tree: &Node) -> Result<Option<Payoffs>, Mistake> {
    let Some(node) = tree.get("payoffs") else { return Ok(None) };
    let list: Vec<f64> = node.items().iter().filter_map(Node::number).collect();
    let [t, r, p, s] = list[..] else {
        return Err(Mistake::at(&node.origin, format!("`payoffs` has {} payoffs, not four", list.len()))
            .help("temptation, reward, punishment, sucker's payoff: [5, 3, 1, 0]"));
    };
    Ok(Some(Payoffs::new(t, r, p, s)))
}

fn matrix(tree: &Node, node: &Node) -> Result<(Vec<String>, Vec<f64>), Mistake> {
    if let Some(Value::Table(table)) = Some(&tree.value)
        && let Some(entry) = table.get("player")
    {
        return Err(Mistake::at(
            &entry.key,
            "with a `matrix` there are no matches to play, so no [[player]]",
        )
        .help("name the rows in `players`"));
    }
    let rows = node.items();
    let names: Vec<String> = match tree.get("players") {
        Some(list) => list.items().iter().filter_map(Node::text).collect(),
        None => (1..=rows.len()).map(|k| format!("strategy-{k}")).collect(),
    };
    if names.len() != rows.len() {
        let message = format!("`matrix` has {} rows for {} players", rows.len(), names.len());
        return Err(Mistake::at(&node.origin, message));
    }
    if let Some(twice) = names.iter().enumerate().find(|(k, n)| names[..*k].contains(n)) {
        return Err(Mistake::at(&node.origin, format!("player `{}` is there twice", twice.1)));
    }
    let mut out = Vec::new();
    for row in rows {
        let cells: Vec<f64> = row.items().iter().filter_map(Node::number).collect();
        if cells.len() != rows.len() {
            let message = format!("a row of `matrix` has {} payoffs, not {}", cells.len(), rows.len());
            return Err(Mistake::at(&row.origin, message));
        }
        out.extend(cells);
    }
    Ok((names, out))
}

fn start(tree: &Node, names: &[String]) -> Result<Vec<f64>, Mistake> {
    let Some(node) = tree.get("start") else { return Ok(vec![1.0 / names.len() as f64; names.len()]) };
    let mut out = vec![0.0; names.len()];
    for (name, entry) in node.entries() {
        let place = names.iter().position(|n| n == name).or_else(|| {
            let plain = spelling(name);
            names.iter().position(|n| *n == plain)
        });
        let Some(k) = place else {
            return Err(Mistake::at(&entry.key, format!("`{name}` is not one of the players"))
                .suggest(name, names.iter().map(String::as_str)));
        };
        out[k] = entry.node.number().unwrap_or(0.0);
    }
    let sum: f64 = out.iter().sum();
    if (sum - 1.0).abs() > 1e-9 {
        return Err(Mistake::at(&node.origin, format!("the shares at the start sum to {sum}, not to 1")));
    }
    Ok(out)
}
