//! What a proposition does to a world: one line each.

use std::path::PathBuf;

use crate::scenario::document::{self, Change, Entry, Mistake, Node, Origin, Value, read};

/// The forms of an operation and what each does.
pub const FORMS: &[(&str, &str)] = &[
    ("PATH = VALUE", "sets a value, as --set does; `*` in the path stands for every name there"),
    ("PATH *= FACTOR", "multiplies a number, every number of a list, or every dated number"),
    ("drop LABEL", "the events of this label do not happen"),
    ("population LABEL", "another population decides"),
    ("world FILE", "another world, relative to this file"),
];

/// One change of a world or of who decides in it.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A value is set.
    Set(Change),
    /// A figure is multiplied.
    Scale {
        /// Dotted path, with `*` for every name.
        path: String,
        /// By what.
        factor: f64,
    },
    /// Events of this label do not happen.
    Drop(String),
    /// Another population decides.
    Population(String),
    /// Another world, by its file.
    World(PathBuf),
}

impl Operation {
    /// Reads an operation from a text of the file.
    ///
    /// # Errors
    /// A text that has none of the forms, at its place.
    pub fn parse(node: &Node) -> Result<Self, Mistake> {
        let text = node.text().unwrap_or_default();
        let wrong = |message: String| Mistake::at(&node.origin, message);
        let rest = |word: &str| text.trim().strip_prefix(word).map(|rest| rest.trim().to_string());
        let named = [rest("drop "), rest("population "), rest("world ")];
        if let Some(kind) = named.iter().position(Option::is_some) {
            let name = named.into_iter().flatten().next().unwrap_or_default();
            return Ok(match kind {
                0 => Operation::Drop(name),
                1 => Operation::Population(name),
                _ => {
                    let Origin::File(source, _) = &node.origin else {
                        return Err(wrong("a world is named in a file".into()));
                    };
                    Operation::World(source.path.with_file_name("").join(name))
                }
            });
        }
        if let Some((path, factor)) = text.split_once("*=") {
            let factor = factor.trim().parse::<f64>().ok().filter(|x| x.is_finite());
            let factor = factor.ok_or_else(|| {
                wrong(format!("`{text}` multiplies by nothing"))
                    .help("write it as PATH *= FACTOR, for instance state.RUS.capability *= 3")
            })?;
            return Ok(Operation::Scale { path: path.trim().to_string(), factor });
        }
        if text.contains('=') {
            let change =
                Change::parse(&text).map_err(|m| Mistake { origin: Some(node.origin.clone()), ..m })?;
            return Ok(Operation::Set(change));
        }
        let forms: Vec<&str> = FORMS.iter().map(|form| form.0).collect();
        Err(wrong(format!("`{text}` is no change")).help(format!("write one of: {}", forms.join("; "))))
    }

    /// Does it to a tree; the population and the world are the caller's.
    ///
    /// # Errors
    /// A path that leads nowhere, or an event that is not there, at `origin`.
    pub fn apply(&self, tree: &mut Node, origin: &Origin) -> Result<(), Mistake> {
        match self {
            Operation::Set(change) => {
                for path in expand(tree, &change.path, origin)? {
                    let one = Change { path, value: change.value.clone() };
                    document::apply(tree, &one).map_err(|m| Mistake { origin: Some(origin.clone()), ..m })?;
                }
                Ok(())
            }
            Operation::Scale { path, factor } => {
                for path in expand(tree, path, origin)? {
                    scale(find(tree, &path, origin)?, *factor, &path, origin)?;
                }
                Ok(())
            }
            Operation::Drop(label) => drop_events(tree, label, origin),
            Operation::Population(_) | Operation::World(_) => Ok(()),
        }
    }
}

/// The world of a list of operations: the last one named, or `default`.
pub(super) fn world(operations: &[(Operation, Origin)], default: &Node) -> Result<(PathBuf, Node), Mistake> {
    let named = operations.iter().rev().find_map(|(operation, origin)| match operation {
        Operation::World(path) => Some((path.clone(), origin)),
        _ => None,
    });
    let (path, origin) = match named {
        Some(found) => found,
        None => {
            let Origin::File(source, _) = &default.origin else {
                return Err(Mistake::at(&default.origin, "a world is named in a file"));
            };
            (source.path.with_file_name("").join(default.text().unwrap_or_default()), &default.origin)
        }
    };
    let tree = read(&path).map_err(|m| match m.origin {
        Some(_) => m,
        None => Mistake { origin: Some(origin.clone()), ..m },
    })?;
    Ok((path, tree))
}

/// The paths that `path` stands for, its stars replaced by every name there.
fn expand(tree: &Node, path: &str, origin: &Origin) -> Result<Vec<String>, Mistake> {
    let keys: Vec<&str> = path.split('.').map(str::trim).collect();
    let mut found: Vec<(Vec<String>, Option<&Node>)> = vec![(Vec::new(), Some(tree))];
    for key in keys {
        let mut next = Vec::new();
        for (walked, node) in found {
            if key != "*" {
                let longer = walked.into_iter().chain([key.to_string()]).collect();
                next.push((longer, node.and_then(|n| child(n, key))));
                continue;
            }
            let names: Vec<String> = match node.map(|n| &n.value) {
                Some(Value::Table(table)) => table.keys().cloned().collect(),
                Some(Value::List(list)) => (0..list.len()).map(|k| k.to_string()).collect(),
                _ => Vec::new(),
            };
            for name in names {
                let inner = node.and_then(|n| child(n, &name));
                next.push((walked.iter().cloned().chain([name]).collect(), inner));
            }
        }
        found = next;
    }
    if found.is_empty() {
        return Err(Mistake::at(
            origin,
            format!("`{path}` stands for nothing: there are no names at its `*`"),
        ));
    }
    Ok(found.into_iter().map(|(walked, _)| walked.join(".")).collect())
}

fn child<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    match &node.value {
        Value::List(list) => key.parse::<usize>().ok().and_then(|k| list.get(k)),
        _ => node.get(key),
    }
}

fn find<'a>(tree: &'a mut Node, path: &str, origin: &Origin) -> Result<&'a mut Node, Mistake> {
    let mut here = tree;
    for key in path.split('.') {
        let names: Vec<String> = here.entries().map(|e| e.0.to_string()).collect();
        let inner = match &mut here.value {
            Value::Table(table) => table.get_mut(key).map(|e: &mut Entry| &mut e.node),
            Value::List(list) => key.parse::<usize>().ok().and_then(|k| list.get_mut(k)),
            _ => None,
        };
        here = inner.ok_or_else(|| {
            Mistake::at(
                origin,
                format!("`{path}` is not in the world's file, so there is nothing to multiply"),
            )
            .help("set it first: PATH = VALUE")
            .suggest(key, names.iter().map(String::as_str))
        })?;
    }
    Ok(here)
}

fn scale(node: &mut Node, factor: f64, path: &str, origin: &Origin) -> Result<(), Mistake> {
    match &mut node.value {
        Value::Integer(_) | Value::Float(_) => {
            let x = node.number().unwrap_or_default();
            node.value = Value::Float(x * factor);
            // what is out of range is said of the change, not of the world's file
            node.origin = origin.clone();
            Ok(())
        }
        Value::List(list) => list.iter_mut().try_for_each(|inner| scale(inner, factor, path, origin)),
        Value::Table(table) => {
            table.values_mut().try_for_each(|entry| scale(&mut entry.node, factor, path, origin))
        }
        Value::Boolean(_) | Value::Text(_) => {
            Err(Mistake::at(origin, format!("`{path}` is no number, it cannot be multiplied")))
        }
    }
}

fn drop_events(tree: &mut Node, label: &str, origin: &Origin) -> Result<(), Mistake> {
    let events = match &mut tree.value {
        Value::Table(root) => root.get_mut("event").map(|e| &mut e.node.value),
        _ => None,
    };
    let Some(Value::List(events)) = events else {
        return Err(Mistake::at(origin, "the world has no events to drop"));
    };
    let labels: Vec<String> = events.iter().filter_map(|e| e.get("label").and_then(Node::text)).collect();
    if !labels.iter().any(|known| known == label) {
        return Err(Mistake::at(origin, format!("no event is called `{label}`"))
            .suggest(label, labels.iter().map(String::as_str)));
    }
    events.retain(|e| e.get("label").and_then(Node::text).as_deref() != Some(label));
    Ok(())
}
