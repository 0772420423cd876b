//! Contracts as files: what a `[[proposition]]` block may say, and how it becomes runs.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::closed::CLOSED;
use super::operation::{Operation, world};
use super::{Direction, Measure, Proposition, Run, about};
use crate::analysis::expression::parse_among;
use crate::scenario::document::{Origin, read as read_file};
use crate::scenario::spec::{Key, Kind, PROPOSITION, REPLICATIONS, SEEDS};
use crate::scenario::{Mistake, Node, check_table, from_tree};
use crate::theory::SCHOOLS;

/// Name of the run that `change` makes.
const CHANGED: &str = "changed";
/// Name of the run as it is.
const BASE: &str = "base";

const fn may(name: &'static str, kind: Kind, default: &'static str, meaning: &'static str) -> Key {
    Key { name, kind, required: false, default, unit: "", meaning }
}

const fn must(name: &'static str, kind: Kind, meaning: &'static str) -> Key {
    Key { name, kind, required: true, default: "", unit: "", meaning }
}

/// The keys of a contract's file.
pub const CONTRACT: &[Key] = &[
    must("name", Kind::Text, "short name, used for the output folder"),
    may("title", Kind::Text, "the name", "title for the chart and the page"),
    may("description", Kind::Text, "", "what it holds, in plain words"),
    may("include", Kind::Set(&Kind::Text), "[]", "other files of propositions, relative to this one"),
    may("seeds", SEEDS, "[1991, 7]", "master seeds on which every proposition is measured"),
    may("replications", REPLICATIONS, "10", "pairs of runs for each seed"),
    may("proposition", Kind::List(&Kind::Table(PROPOSITION)), "", "the propositions"),
];

/// A file of propositions, checked.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Short name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Description in plain words.
    pub description: String,
    /// The propositions in their order.
    pub propositions: Vec<Proposition>,
    /// The whole tree, for hashes.
    pub tree: Node,
}

impl Contract {
    /// Name, title, description, and the SHA-256 of the file and of every world it runs, hexadecimal.
    pub fn head(&self) -> [String; 4] {
        let mut text = self.tree.to_json().to_string();
        for run in self.propositions.iter().flat_map(|p| &p.runs) {
            text += &run.scenario.hash;
        }
        let hash = Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        [self.name.clone(), self.title.clone(), self.description.clone(), hash]
    }
}

/// What takes the place of a contract's own numbers.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Pairs of runs for each seed.
    pub replications: Option<u64>,
    /// One master seed in place of the file's.
    pub seed: Option<u64>,
    /// Only propositions of this school.
    pub school: Option<String>,
    /// Only the propositions of this name or with a name that begins so.
    pub only: Vec<String>,
}

/// Reads a contract: a file of its own, or a scenario that holds propositions about itself.
///
/// ```
/// use twain::analysis::contract::{Wanted, read};
/// # fn main() -> anyhow::Result<()> {
/// let wanted = Wanted { replications: Some(2), ..Wanted::default() };
/// let contract = read("scenarios/contract/contract.toml".as_ref(), &wanted)?;
/// let first = &contract.propositions[0];
/// assert!(first.measure(|_| ())?.school.value.is_finite());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The first mistake, with its place: an unknown key, a proposition that stands twice, a change that leads nowhere, a measure that
/// asks for what is not there, a name of which `only` has none.
pub fn read(path: &Path, wanted: &Wanted) -> Result<Contract, Mistake> {
    let tree = read_file(path)?;
    let scenario = tree.get("run").is_some();
    if scenario {
        from_tree(path, tree.clone(), &[])?;
    } else {
        check_table(&tree, CONTRACT, "")?;
    }
    let text = |key: &str| tree.get(key).and_then(Node::text);
    let name = text("name").unwrap_or_default();
    let mut propositions: Vec<Proposition> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    for block in blocks(&tree) {
        let id = block.get("id").and_then(Node::text).unwrap_or_default();
        let school = block.get("school").and_then(Node::text).unwrap_or_default();
        if ids.contains(&id) {
            let place = block.get("id").unwrap_or(block);
            return Err(Mistake::at(&place.origin, format!("the proposition {id} stands twice")));
        }
        ids.push(id.clone());
        let chosen = wanted.only.is_empty() || wanted.only.iter().any(|begin| id.starts_with(begin.as_str()));
        if chosen && wanted.school.as_ref().is_none_or(|s| *s == school) {
            propositions.push(
                proposition(block, &tree, scenario.then_some(path), wanted).map_err(|m| about(&id, m))?,
            );
        }
    }
    for begin in &wanted.only {
        if !ids.iter().any(|id| id.starts_with(begin.as_str())) {
            let message = format!("no proposition begins with `{begin}`");
            return Err(Mistake::general(message).suggest(begin, ids.iter().map(String::as_str)));
        }
    }
    if propositions.is_empty() {
        let message = format!("{} holds no such proposition", path.display());
        return Err(
            Mistake::general(message).help("a proposition is a [[proposition]] block; see docs/contract.md")
        );
    }
    let title = text("title").unwrap_or_else(|| name.clone());
    Ok(Contract { title, description: text("description").unwrap_or_default(), name, propositions, tree })
}

fn blocks(tree: &Node) -> &[Node] {
    tree.get("proposition").map(Node::items).unwrap_or(&[])
}

fn operations(node: Option<&Node>) -> Result<Vec<(Operation, Origin)>, Mistake> {
    let items = node.map(Node::items).unwrap_or(&[]);
    items.iter().map(|item| Ok((Operation::parse(item)?, item.origin.clone()))).collect()
}

/// Every run that a proposition compares: its world, the world with its change, and those it names.
fn runs(block: &Node, own: Option<&Path>, population: &str) -> Result<Vec<Run>, Mistake> {
    let mut lists = vec![(BASE.to_string(), Vec::new())];
    if block.get("change").is_some() {
        lists.push((CHANGED.to_string(), operations(block.get("change"))?));
    }
    for (name, entry) in block.get("runs").into_iter().flat_map(Node::entries) {
        if lists.iter().any(|(known, _)| known == name) {
            return Err(Mistake::at(&entry.key, format!("a run is called `{name}` already")));
        }
        lists.push((name.to_string(), operations(Some(&entry.node))?));
    }
    let shared = operations(block.get("set"))?;
    let one = |(name, own_operations): (String, Vec<(Operation, Origin)>)| {
        let all: Vec<(Operation, Origin)> = shared.iter().cloned().chain(own_operations).collect();
        run(name, &all, block, own, population)
    };
    lists.into_iter().map(one).collect()
}

/// What a proposition measures over its runs: an expression, or a closed form.
fn measure(block: &Node, typed: &str, runs: &[Run]) -> Result<Measure, Mistake> {
    match (block.get("measure"), block.get("closed")) {
        (Some(node), None) => {
            let named: Vec<(&str, &crate::model::World)> =
                runs.iter().map(|run| (run.name.as_str(), &run.scenario.world)).collect();
            let read = parse_among(typed, &named).map_err(|fault| {
                let mistake = Mistake::at(&node.origin.within(typed, fault.span), fault.message);
                match fault.help {
                    Some(help) => mistake.help(help),
                    None => mistake,
                }
            });
            Ok(Measure::Expression(read?))
        }
        (None, Some(node)) => {
            let name = node.text().unwrap_or_default();
            let form = CLOSED.iter().find(|form| form.name == name).ok_or_else(|| {
                Mistake::at(&node.origin, format!("there is no closed form `{name}`"))
                    .suggest(&name, CLOSED.iter().map(|form| form.name))
            })?;
            if runs.len() != form.runs {
                let message =
                    format!("the closed form `{name}` compares {} runs, not {}", form.runs, runs.len());
                return Err(Mistake::at(&node.origin, message));
            }
            Ok(Measure::Closed(form))
        }
        (Some(_), Some(node)) => {
            Err(Mistake::at(&node.origin, "a proposition has a measure or a closed form, not both"))
        }
        (None, None) => Err(Mistake::at(&block.origin, "a proposition needs a `measure`")
            .help("or `closed`, the name of a closed form")),
    }
}

/// Whether a proposition is declared to hold, and why not if it is not.
fn holds(block: &Node) -> Result<(bool, String), Mistake> {
    let why = block.get("why").and_then(Node::text).unwrap_or_default();
    let declared = block.get("holds").map(|n| &n.value);
    let holds = !matches!(declared, Some(crate::scenario::document::Value::Boolean(false)));
    if holds != why.is_empty() {
        let (node, message) = if holds {
            (block.get("why"), "`why` says why a proposition does not hold, but this one holds")
        } else {
            (block.get("holds"), "a proposition that does not hold says `why`")
        };
        return Err(Mistake::at(&node.unwrap_or(block).origin, message));
    }
    Ok((holds, why))
}

/// The seeds that a proposition is measured on.
fn seeds(block: &Node, tree: &Node, own: Option<&Path>, wanted: &Wanted) -> Result<Vec<u64>, Mistake> {
    let listed = block.get("seeds").or_else(|| tree.get("seeds").filter(|_| own.is_none()));
    let seeds: Vec<u64> = match (wanted.seed, listed) {
        (Some(seed), _) => vec![seed],
        (None, Some(list)) => list.items().iter().filter_map(Node::whole).collect(),
        (None, None) => vec![1991, 7],
    };
    if seeds.is_empty() {
        let node = block.get("seeds").unwrap_or(block);
        return Err(Mistake::at(&node.origin, "there are no seeds to measure on"));
    }
    Ok(seeds)
}

/// What is changed between the runs, as it was typed.
fn changes(block: &Node) -> String {
    let items = |node: &Node| node.items().iter().filter_map(Node::text).collect::<Vec<_>>().join("; ");
    let words = |key: &str| block.get(key).map(items).filter(|w| !w.is_empty());
    let named = block.get("runs").into_iter().flat_map(Node::entries).map(|(name, entry)| {
        let changed = items(&entry.node);
        format!("{name}: {}", if changed.is_empty() { "as it is" } else { &changed })
    });
    words("set").into_iter().chain(words("change")).chain(named).collect::<Vec<_>>().join(" | ")
}

fn proposition(
    block: &Node,
    tree: &Node,
    own: Option<&Path>,
    wanted: &Wanted,
) -> Result<Proposition, Mistake> {
    let text = |key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
    let whole =
        |key: &str| block.get(key).or_else(|| tree.get(key).filter(|_| own.is_none())).and_then(Node::whole);
    let (id, school) = (text("id"), text("school"));
    let population = match block.get("theory").and_then(Node::text) {
        Some(theory) => theory,
        None if SCHOOLS.contains(&school.as_str()) => school.clone(),
        None => {
            return Err(Mistake::at(
                &block.origin,
                format!("`{school}` is no population; the block lacks the key `theory`"),
            ));
        }
    };
    let runs = runs(block, own, &population)?;
    let typed = text("measure");
    let measure = measure(block, &typed, &runs)?;
    let (holds, why) = holds(block)?;
    let seeds = seeds(block, tree, own, wanted)?;
    Ok(Proposition {
        id,
        school,
        claim: text("claim"),
        source: text("source"),
        world: block.get("world").and_then(Node::text).unwrap_or_else(|| "this scenario".into()),
        change: changes(block),
        runs,
        measure,
        typed: if typed.is_empty() { format!("closed form: {}", text("closed")) } else { typed },
        direction: if text("direction") == "at least" { Direction::AtLeast } else { Direction::AtMost },
        bound: block.get("least").and_then(Node::number).unwrap_or_default(),
        seeds,
        replications: wanted.replications.or(whole("replications")).unwrap_or(10),
        holds,
        why,
        note: text("note"),
    })
}

/// One run: the world with all operations done, checked like any scenario.
fn run(
    name: String,
    operations: &[(Operation, Origin)],
    block: &Node,
    own: Option<&Path>,
    population: &str,
) -> Result<Run, Mistake> {
    let named = operations.iter().any(|(operation, _)| matches!(operation, Operation::World(_)));
    let (path, mut tree) = match (block.get("world"), own) {
        (Some(node), _) => world(operations, node)?,
        (None, _) if named => world(operations, block)?,
        (None, Some(path)) => (path.to_path_buf(), read_file(path)?),
        (None, None) => {
            return Err(Mistake::at(&block.origin, "a proposition in a file of its own needs a `world`"));
        }
    };
    let mut label = (population.to_string(), &block.get("theory").unwrap_or(block).origin);
    for (operation, origin) in operations {
        operation.apply(&mut tree, origin)?;
        if let Operation::Population(other) = operation {
            label = (other.clone(), origin);
        }
    }
    let scenario = from_tree(&path, tree, &[]).map_err(|m| match &m.origin {
        // a mistake that a change made is shown where the change was typed
        Some(Origin::Change(text)) => {
            let typed = operations.iter().find(|(operation, _)| {
                matches!(operation, Operation::Set(c) if text.starts_with(c.path.as_str()) || c.path.contains('*'))
            });
            let place = typed.map_or(&block.origin, |(_, origin)| origin);
            Mistake { origin: Some(place.clone()), ..m }
        }
        _ => m,
    })?;
    let population = scenario
        .population(&label.0)
        .map_err(|m| Mistake { origin: m.origin.or(Some(label.1.clone())), ..m })?;
    Ok(Run { name, scenario, population })
}
