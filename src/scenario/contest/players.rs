//! The players of a contest: named strategies with settings and labels, and [[player]] tables with rules, machines,
//! look-up tables and schools.

use super::{PLAYER, payoffs};
use crate::game::machine::{Fault, Machine, Transition};
use crate::game::player::Unknown;
use crate::game::strategies::WELL_KNOWN;
use crate::game::strategy::{Call, spelling};
use crate::game::table::LookUp;
use crate::game::{Diplomat, Player, Table, moves};
use crate::scenario::block::Block;
use crate::scenario::document::{Mistake, Node};
use crate::scenario::resolve::parameters_of;
use crate::theory::{Roster, SCHOOLS};

/// Everyone who plays. Nobody named at all: the whole roster if `all`, or a mistake later on.
pub(super) fn players(tree: &Node, all: bool) -> Result<Vec<Player>, Mistake> {
    let (named, own) = (tree.get("players"), tree.get("player"));
    let mut out: Vec<Player> = Vec::new();
    let mut add = |player: Player, place: &Node| {
        if out.iter().any(|p| p.name == player.name) {
            return Err(Mistake::at(&place.origin, format!("player `{}` is there twice", player.name)).help(
                format!("give one a label: \"another = {0}\", or [[player]] with a name", player.name),
            ));
        }
        out.push(player);
        Ok(())
    };
    for node in named.map_or(&[][..], Node::items) {
        add(by_name(tree, node)?, node)?;
    }
    for node in own.map_or(&[][..], Node::items) {
        add(own_player(tree, node)?, node.get("name").unwrap_or(node))?;
    }
    if all && named.is_none() && own.is_none() {
        out.extend(WELL_KNOWN.iter().filter_map(|name| Player::named(name)));
    }
    Ok(out)
}

fn by_name(tree: &Node, node: &Node) -> Result<Player, Mistake> {
    let call = Call::parse(&node.text().unwrap_or_default());
    let plain = spelling(&call.name);
    let Some(school) = SCHOOLS.iter().position(|s| *s == plain) else { return strategy(node, &call) };
    if let Some((key, _)) = call.values.first() {
        let key = key.as_deref().unwrap_or("...");
        return Err(Mistake::at(
            &node.origin,
            format!("`{plain}` is a school; its parameters stand in a [[player]]"),
        )
        .help(format!("[[player]] with name, school = \"{plain}\" and parameters = {{ {key} = ... }}")));
    }
    Ok(Player::school(call.label.as_deref().unwrap_or(&plain), 1.0, diplomat(tree, None, school)?))
}

fn strategy(node: &Node, call: &Call) -> Result<Player, Mistake> {
    if call.label.as_deref().is_some_and(str::is_empty) {
        return Err(Mistake::at(&node.origin, "the label before `=` is empty"));
    }
    Player::called(call).map_err(|unknown| mistake(node, unknown))
}

/// A call that names no player, at its place.
fn mistake(node: &Node, unknown: Unknown) -> Mistake {
    let mistake = Mistake::at(&node.origin, unknown.message);
    match unknown.meant {
        None => mistake.help("`twain list strategies` names them all, with their settings"),
        Some((typed, known)) => mistake
            .help("`twain list strategies` names them all")
            .suggest(&typed, known.into_iter().chain(SCHOOLS)),
    }
}

fn own_player(tree: &Node, node: &Node) -> Result<Player, Mistake> {
    let name = Block::new(node, PLAYER).text("name");
    if name.trim().is_empty() {
        return Err(Mistake::at(&node.origin, "a player needs a name"));
    }
    const KINDS: [&str; 6] = ["strategy", "memory_one", "machine", "look_up", "cycle", "school"];
    let given: Vec<&str> = KINDS.into_iter().filter(|k| node.get(k).is_some()).collect();
    let [kind] = given[..] else {
        let what = if given.is_empty() { "none of".to_string() } else { format!("{} of", given.len()) };
        return Err(Mistake::at(
            &node.origin,
            format!("player `{name}` has {what} `{}`", KINDS.join("`, `")),
        )
        .help("give exactly one of them"));
    };
    let allowed: &[&str] = match kind {
        "strategy" => &["strategy", "parameters"],
        "memory_one" => &["memory_one", "first"],
        "machine" => &["machine", "state", "opening"],
        "look_up" => &["look_up", "depths", "opening"],
        "cycle" => &["cycle"],
        _ => &[],
    };
    const NOT_OF_SCHOOLS: [&str; 4] = ["first", "state", "depths", "opening"];
    for (key, entry) in node.entries() {
        let stray = match kind {
            "school" => NOT_OF_SCHOOLS.contains(&key),
            _ => !allowed.contains(&key) && !["name", "power", "payoffs"].contains(&key),
        };
        if stray {
            return Err(Mistake::at(
                &entry.key,
                format!("`{key}` has no meaning for a player with `{kind}`"),
            ));
        }
    }
    let power = Block::new(node, PLAYER).number("power");
    let mut player = match kind {
        "strategy" => {
            let at = node.get("strategy").unwrap_or(node);
            let mut player = strategy(at, &Call::parse(&Block::new(node, PLAYER).text("strategy")))?;
            for (key, entry) in node.get("parameters").into_iter().flat_map(Node::entries) {
                let value = entry.node.number().unwrap_or(f64::NAN);
                player.set(Some(key), 0, value).map_err(|unknown| mistake(&entry.node, unknown))?;
            }
            player
        }
        "machine" => machine(&name, node)?,
        "look_up" => look_up(&name, node)?,
        "cycle" => {
            let at = node.get("cycle").unwrap_or(node);
            let word = letters(at, "cycle", &Block::new(node, PLAYER).text("cycle"))?;
            let machine = Machine::cycle(&word).ok_or_else(|| Mistake::at(&at.origin, "`cycle` is empty"))?;
            Player::machine(&name, machine)
        }
        "memory_one" => {
            let at = node.get("memory_one").unwrap_or(node);
            let list: Vec<f64> = at.items().iter().filter_map(Node::number).collect();
            let p: [f64; 4] = list.as_slice().try_into().map_err(|_| {
                Mistake::at(&at.origin, format!("`memory_one` has {} chances, not four", list.len()))
                    .help("the chances of cooperating after CC, CD, DC and DD, own move first")
            })?;
            Player::memory_one(&name, Block::new(node, PLAYER).number("first"), p)
        }
        _ => {
            let school = Block::new(node, PLAYER).text("school");
            let index = SCHOOLS.iter().position(|s| *s == school).unwrap_or(0);
            Player::school(&name, power, diplomat(tree, Some(node), index)?)
        }
    };
    player.name = name;
    player.power = power;
    player.payoffs = payoffs(node)?;
    Ok(player)
}

/// A word of C and D.
fn letters(node: &Node, key: &str, word: &str) -> Result<Vec<bool>, Mistake> {
    moves(word).ok_or_else(|| {
        Mistake::at(&node.origin, format!("`{key}` is `{word}`, not a word of C and D"))
            .help("C cooperates, D defects: \"CCD\"")
    })
}

/// A finite state machine from its lines.
fn machine(name: &str, node: &Node) -> Result<Player, Mistake> {
    const SHAPE: &str = "\"1 D -> 2 C\": in state 1, after the other's D, go to state 2 and play C";
    let lines = node.get("machine").map_or(&[][..], Node::items);
    let mut transitions = Vec::new();
    for line in lines {
        let text = line.text().unwrap_or_default();
        let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
        let letter = |p: &str| moves(p).filter(|m| m.len() == 1).map(|m| m[0]);
        let read = match parts[..] {
            [state, theirs, next, mine] => {
                let numbers = state.parse().ok().zip(next.parse().ok());
                numbers.zip(letter(theirs).zip(letter(mine)))
            }
            _ => None,
        };
        let Some(((state, next), (theirs, mine))) = read else {
            return Err(
                Mistake::at(&line.origin, format!("`{text}` is no transition of a machine")).help(SHAPE)
            );
        };
        transitions.push(Transition { state, theirs, next, mine });
    }
    let at = node.get("machine").unwrap_or(node);
    let Some(first) = transitions.first() else {
        return Err(Mistake::at(&at.origin, "`machine` has no transition").help(SHAPE));
    };
    let start = node.get("state").and_then(Node::whole).unwrap_or(first.state);
    let place = node.get("opening").unwrap_or(node);
    let opening =
        letters(place, "opening", &node.get("opening").and_then(Node::text).unwrap_or_else(|| "C".into()))?;
    if opening.len() != 1 {
        return Err(Mistake::at(&place.origin, "a machine has one opening move").help("opening = \"D\""));
    }
    let made = Machine::new(opening[0], start, &transitions).map_err(|fault| match fault {
        Fault::Twice(k) => {
            let t = transitions[k];
            let message = format!("state {} has two lines for the other's {}", t.state, letter(t.theirs));
            Mistake::at(&lines[k].origin, message).help("one line for each state and each move of the other")
        }
        Fault::Missing(state, theirs, from) => {
            let place = match from {
                Some(k) => &lines[k].origin,
                None => &node.get("state").unwrap_or(at).origin,
            };
            let message =
                format!("state {state} is entered, but has no line for the other's {}", letter(theirs));
            Mistake::at(place, message).help(format!("add \"{state} {} -> ...\"", letter(theirs)))
        }
    })?;
    Ok(Player::machine(name, made))
}

fn letter(cooperates: bool) -> char {
    if cooperates { 'C' } else { 'D' }
}

/// A look-up table from its word.
fn look_up(name: &str, node: &Node) -> Result<Player, Mistake> {
    let at = node.get("look_up").unwrap_or(node);
    let answers = letters(at, "look_up", &Block::new(node, PLAYER).text("look_up"))?;
    let place = node.get("depths").ok_or_else(|| {
        Mistake::at(&at.origin, "`look_up` needs `depths`")
            .help("depths = [1, 2, 0]: one own move, two of the other, none of its opening")
    })?;
    let depths: Vec<usize> = place.items().iter().filter_map(Node::number).map(|x| x as usize).collect();
    let depths: [usize; 3] = depths.as_slice().try_into().map_err(|_| {
        Mistake::at(&place.origin, format!("`depths` has {} numbers, not three", depths.len()))
            .help("last own moves, last moves of the other, opening moves of the other")
    })?;
    let all: usize = depths.iter().sum();
    if all > LookUp::DEEPEST {
        let message = format!("`depths` look at {all} moves together, {} at most", LookUp::DEEPEST);
        return Err(Mistake::at(&place.origin, message));
    }
    let first = match node.get("opening") {
        Some(opening) => letters(opening, "opening", &Block::new(node, PLAYER).text("opening"))?,
        None => Vec::new(),
    };
    let need = depths.iter().copied().max().unwrap_or(0);
    if let Some(opening) = node.get("opening").filter(|_| first.len() != need) {
        let message = format!("`opening` has {} moves; the table looks back {need}", first.len());
        return Err(
            Mistake::at(&opening.origin, message).help("one move for each turn before it can look back")
        );
    }
    let chances: Vec<f64> = answers.iter().map(|&c| f64::from(u8::from(c))).collect();
    let table = LookUp::new(depths, &first, &chances).ok_or_else(|| {
        let message =
            format!("`look_up` has {} letters; {all} moves have {} combinations", answers.len(), 1u64 << all);
        Mistake::at(&at.origin, message).help(
            "own moves first, oldest first, then the other's, then its opening; C before D: CC, CD, DC, DD",
        )
    })?;
    Ok(Player::look_up(name, table))
}

/// A school at the table with the attributes of its [[player]], if it has one.
fn diplomat(tree: &Node, node: Option<&Node>, school: usize) -> Result<Diplomat, Mistake> {
    let (common, mut roster) = parameters_of(tree);
    for (key, entry) in node.and_then(|n| n.get("parameters")).into_iter().flat_map(Node::entries) {
        let list = Roster::parameters(school);
        let Some(p) = list.iter().find(|p| p.name == key) else {
            return Err(Mistake::at(&entry.key, format!("unknown parameter `{key}` of {}", SCHOOLS[school]))
                .suggest(key, list.iter().map(|p| p.name)));
        };
        let x = entry.node.number().unwrap_or(p.default);
        if !(p.low..=p.high).contains(&x) {
            let message = format!("`{key}` is {x}, outside {} to {}", p.low, p.high);
            return Err(Mistake::at(&entry.node.origin, message));
        }
        roster.set(school, key, x);
    }
    let get = |name: &str| node.and_then(|n| n.get(name)).and_then(Node::number);
    let or = |name: &str, default: f64| get(name).unwrap_or(default);
    let plain = Table::default();
    let table = Table {
        stake: or("stake", plain.stake),
        hard: or("hard", plain.hard),
        shared_threat: or("shared_threat", plain.shared_threat),
        institution: or("institution", plain.institution),
        monitoring: or("monitoring", plain.monitoring),
        members: or("members", plain.members),
        sanction: or("sanction", plain.sanction),
        image: or("image", plain.image),
    };
    let (shadow, threat, trust) = (get("shadow"), get("threat"), or("trust", 0.5));
    Ok(Diplomat { school, roster, common, table, shadow, threat, trust })
}
