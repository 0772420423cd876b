//! Scenario files: from what was typed to what was meant.
//!
//! [`document`] reads TOML and remembers places; [`spec`] says what may be there and `validate` holds the file
//! against it; `resolve` turns the checked tree into a [`World`]. Changes (`--set`, design
//! points, what-ifs) are applied to the tree before any check, so they meet the same validation.

pub(crate) mod block;
pub mod codes;
pub mod contest;
pub mod document;
mod populations;
mod resolve;
mod sense;
pub mod spec;
mod validate;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::World;
use crate::model::world::Population;
pub use document::{Change, Mistake, Node};
pub use populations::{NEUTRAL, NULLS, ablations, population, pure_weights};
pub use resolve::{MOST_NAME, is_folder_name};
pub use sense::idle;
pub use validate::table as check_table;

/// A scenario that has been read, checked and resolved.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Path as given.
    pub path: PathBuf,
    /// Short name.
    pub name: String,
    /// Title for charts.
    pub title: String,
    /// Description in plain words.
    pub description: String,
    /// Runs per population.
    pub replications: u64,
    /// Labels of populations to run.
    pub theories: Vec<String>,
    /// The world.
    pub world: World,
    /// The checked tree, for parts of the program that own a table of their own (facts, what-ifs, sweeps).
    pub tree: Node,
    /// What tells this run from others of the same file, as given by `--label`; empty if nothing was.
    pub label: String,
    /// Changes made to the file: `--set`, `--seed`, design points, what-ifs.
    pub changes: Vec<Change>,
    /// SHA-256 of the resolved tree, hexadecimal: the same for the same content however it is laid out, whatever the number of
    /// replications, the seed and the populations.
    pub hash: String,
}

/// Reads, changes and checks a scenario.
///
/// ```
/// use twain::scenario::{Change, load};
/// # fn main() -> Result<(), twain::scenario::Mistake> {
/// let longer = Change::parse("world.shadow=0.9")?;
/// let scenario = load("scenarios/two-blocs.toml".as_ref(), &[longer])?;
/// assert_eq!(scenario.world.common.shadow, 0.9);
/// // a mistake has its place and, where one lies near, a suggestion
/// let wrong = load("scenarios/two-blocs.toml".as_ref(), &[Change::parse("world.shadwo=0.9")?]).unwrap_err();
/// assert!(wrong.to_string().contains("did you mean `shadow`"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The first mistake, with its place and a suggestion.
pub fn load(path: &Path, changes: &[Change]) -> Result<Scenario, Mistake> {
    load_tree(path, document::read(path)?, changes)
}

/// Like [`load`], from a tree already read.
///
/// # Errors
/// The first mistake, or a file of players.
pub fn load_tree(path: &Path, tree: Node, changes: &[Change]) -> Result<Scenario, Mistake> {
    if let Some(verb) = contest::verb(&tree) {
        let message = format!("{} is a file for `twain {verb}`, not a scenario of states", path.display());
        return Err(Mistake::general(message).help(format!("twain {verb} {}", path.display())));
    }
    if tree.get("sweep").is_some() && tree.get("run").is_none() && tree.get("state").is_none() {
        let message = format!("{} is a design, not a scenario of states", path.display());
        return Err(
            Mistake::general(message).help(format!("twain check SCENARIO --design {}", path.display()))
        );
    }
    from_tree(path, tree, changes)
}

/// Like [`load`], from one text that includes nothing: a resolved scenario (see [`Node::to_toml`]).
///
/// # Errors
/// The first mistake.
pub fn from_text(path: &Path, text: &str, changes: &[Change]) -> Result<Scenario, Mistake> {
    from_tree(path, document::parse(path, text.to_string())?, changes)
}

/// Like [`load`], from a tree already read: design points and what-ifs read the file once.
///
/// # Errors
/// The first mistake.
pub fn from_tree(path: &Path, mut tree: Node, changes: &[Change]) -> Result<Scenario, Mistake> {
    for change in changes {
        document::apply(&mut tree, change)?;
    }
    validate::table(&tree, spec::ROOT, "")?;
    let (world, head) = resolve::resolve(&tree)?;
    sense::check(&tree, &world.calendar)?;
    let json = identity(&tree).to_string();
    let hash = Sha256::digest(json.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let scenario = Scenario {
        path: path.to_path_buf(),
        name: head.name,
        title: head.title,
        description: head.description,
        replications: head.replications,
        theories: head.theories,
        world,
        tree,
        label: String::new(),
        changes: changes.to_vec(),
        hash,
    };
    for label in &scenario.theories {
        population(&scenario, label)?;
    }
    Ok(scenario)
}

/// What makes a scenario this one: everything but how often, with which seed and under which populations it is run, which
/// the manifest says apart.
fn identity(tree: &Node) -> serde_json::Value {
    let mut json = tree.to_json();
    if let Some(run) = json.get_mut("run").and_then(serde_json::Value::as_object_mut) {
        for key in ["replications", "seed", "theories"] {
            run.remove(key);
        }
    }
    json
}

impl Scenario {
    /// What tells this run from others of the same file: its label, else the values that were changed, else nothing.
    pub fn variant(&self) -> String {
        if !self.label.is_empty() {
            return self.label.clone();
        }
        let told = |c: &&Change| idle(&c.path).is_none() && c.path != "run.seed";
        let said = |c: &Change| format!("{} = {}", c.path, c.value);
        self.changes.iter().filter(told).map(said).collect::<Vec<_>>().join(", ")
    }

    /// The title, with what tells this run from others of the same file.
    pub fn named(&self) -> String {
        let variant = self.variant();
        if variant.is_empty() { self.title.clone() } else { format!("{} ({variant})", self.title) }
    }

    /// The population with this label: a school, a null model, an ablation, or a mix of the scenario's.
    ///
    /// ```
    /// # fn main() -> Result<(), twain::scenario::Mistake> {
    /// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
    /// assert_eq!(scenario.population("realism")?.label, "realism");
    /// assert!(scenario.population("realsim").is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An unknown label, or weights that do not sum to 1.
    pub fn population(&self, label: &str) -> Result<Population, Mistake> {
        population(self, label)
    }
}
