//! Who is next to whom in a contest: rings, lattices, and edges by number or name.

use super::GRAPH;
use crate::game::evolution::Graph;
use crate::scenario::block::Block;
use crate::scenario::document::{Mistake, Node};

/// Pairs of neighbours among `n`, who are counted by the key `of` and may have names; `None` if all meet all.
pub(super) fn edges(
    tree: &Node,
    of: &str,
    n: usize,
    names: &[&str],
) -> Result<Option<Vec<(usize, usize)>>, Mistake> {
    let at = |key: &str| tree.get(key).unwrap_or(tree).origin.clone();
    let kind = Block::new(tree, GRAPH).word("graph");
    for (key, kinds) in
        [("edges", &["edges"][..]), ("degree", &["ring", "lattice"]), ("columns", &["lattice"])]
    {
        if let Some(node) = tree.get(key)
            && !kinds.contains(&kind.as_str())
        {
            return Err(Mistake::at(&node.origin, format!("`{key}` is not used when `graph` is `{kind}`"))
                .help(format!("write graph = \"{}\"", kinds[0])));
        }
    }
    let edges: Vec<(usize, usize)> = match kind.as_str() {
        "complete" if n > 3000 => {
            return Err(Mistake::at(&at(of), format!("a complete graph of {n} is too large"))
                .help("well-mixed is the same and faster"));
        }
        "complete" => (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).collect(),
        "ring" => {
            let degree = tree.get("degree").and_then(Node::whole).unwrap_or(2) as usize;
            if degree % 2 == 1 || degree >= n {
                return Err(Mistake::at(&at("degree"), format!("`degree` is {degree} on a ring of {n}"))
                    .help(format!("an even number below the {n} of `{of}`")));
            }
            (0..n).flat_map(|i| (1..=degree / 2).map(move |d| (i, (i + d) % n))).collect()
        }
        "lattice" => lattice(tree, of, n)?,
        "edges" => {
            let node = tree.get("edges").ok_or_else(|| {
                Mistake::at(&at("graph"), "`graph` is `edges`, but there is no `edges`")
                    .help("edges = [[0, 1], [1, 2], ...]")
            })?;
            node.items().iter().map(|edge| pair(edge, n, names)).collect::<Result<_, _>>()?
        }
        _ => return Ok(None),
    };
    match Graph::new(n, &edges).unreached() {
        None => Ok(Some(edges)),
        Some(v) => {
            let name =
                |v: usize| names.get(v).map_or_else(|| format!("individual {v}"), |n| format!("`{n}`"));
            Err(Mistake::at(&at("edges"), format!("{} cannot be reached from {}", name(v), name(0)))
                .help("the graph must hang together"))
        }
    }
}

/// A lattice whose ends meet: each has the neighbours beside, above and below it, and with degree 8 the diagonal ones.
fn lattice(tree: &Node, of: &str, n: usize) -> Result<Vec<(usize, usize)>, Mistake> {
    let at = |key: &str| tree.get(key).or_else(|| tree.get("graph")).unwrap_or(tree).origin.clone();
    let columns =
        tree.get("columns").and_then(Node::whole).unwrap_or((n as f64).sqrt().round() as u64) as usize;
    if columns < 3 || !n.is_multiple_of(columns) || n / columns < 3 {
        let message = format!("{n} in {columns} columns make no lattice of whole rows, three at least");
        return Err(
            Mistake::at(&at("columns"), message).help(format!("change `columns`, or the number of `{of}`"))
        );
    }
    let steps: &[(usize, usize)] = match tree.get("degree").and_then(Node::whole).unwrap_or(4) {
        4 => &[(1, 0), (0, 1)],
        8 => &[(1, 0), (0, 1), (1, 1), (columns - 1, 1)],
        degree => {
            return Err(
                Mistake::at(&at("degree"), format!("`degree` is {degree} on a lattice")).help("4 or 8")
            );
        }
    };
    let rows = n / columns;
    let to = |v: usize, (right, down): (usize, usize)| {
        ((v / columns + down) % rows) * columns + (v % columns + right) % columns
    };
    Ok((0..n).flat_map(|v| steps.iter().map(move |&step| (v, to(v, step)))).collect())
}

/// One edge: two different ones by number or name.
fn pair(edge: &Node, n: usize, names: &[&str]) -> Result<(usize, usize), Mistake> {
    let help = match names {
        [] => format!("a pair of two different individuals, 0 to {}", n.saturating_sub(1)),
        _ => format!("a pair of two different players, by name or by number, 0 to {}", n.saturating_sub(1)),
    };
    let mut ends = Vec::new();
    for end in edge.items() {
        if let (Some(name), false) = (end.text(), names.is_empty()) {
            let plain = crate::game::strategy::spelling(&name);
            let place = names.iter().position(|k| *k == name || *k == plain).ok_or_else(|| {
                Mistake::at(&end.origin, format!("`{name}` is not one of the players"))
                    .suggest(&name, names.iter().copied())
            })?;
            ends.push(place);
        } else if let Some(x) = end.number().filter(|x| x.fract() == 0.0 && *x >= 0.0 && *x < n as f64) {
            ends.push(x as usize);
        }
    }
    match (&ends[..], edge.items().len()) {
        (&[a, b], 2) if a != b => Ok((a, b)),
        _ => Err(Mistake::at(&edge.origin, "not an edge").help(help)),
    }
}
