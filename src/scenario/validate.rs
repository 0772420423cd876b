//! Holds a document against the specification: unknown keys, wrong types, values out of range.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Mistake, Node, Value, number_words};
use super::spec::{Key, Kind};
use crate::model::date::Date;

/// Checks `node` against the keys of a table; `path` is where it stands, for messages.
///
/// # Errors
/// The first mistake, with its place.
pub fn table(node: &Node, keys: &[Key], path: &str) -> Result<(), Mistake> {
    let Value::Table(entries) = &node.value else {
        return Err(Mistake::at(&node.origin, format!("`{path}` must be a table, not {}", what(node))));
    };
    for (name, entry) in entries {
        let Some(key) = keys.iter().find(|k| k.name == name) else {
            let at = if path.is_empty() { String::from("the file") } else { format!("`{path}`") };
            return Err(Mistake::at(&entry.key, format!("unknown key `{name}` in {at}"))
                .suggest(name, keys.iter().map(|k| k.name)));
        };
        value(&entry.node, &key.kind, &join(path, name))?;
    }
    for key in keys.iter().filter(|k| k.required) {
        if !entries.contains_key(key.name) {
            let at = if path.is_empty() { String::from("the file") } else { format!("`{path}`") };
            return Err(Mistake::at(&node.origin, format!("{at} lacks the key `{}`", key.name))
                .help(format!("`{}` is {}", key.name, key.meaning)));
        }
    }
    Ok(())
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

fn what(node: &Node) -> &'static str {
    match node.value {
        Value::Boolean(_) => "true or false",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Table(_) => "a table",
    }
}

fn wrong(node: &Node, path: &str, wanted: &str) -> Mistake {
    Mistake::at(&node.origin, format!("`{path}` must be {wanted}, not {}", what(node)))
}

fn number(node: &Node, low: f64, high: f64, path: &str) -> Result<(), Mistake> {
    let Some(x) = node.number() else { return Err(wrong(node, path, "a number")) };
    if x.is_finite() && (low..=high).contains(&x) {
        return Ok(());
    }
    let shown = number_words(x);
    Err(Mistake::at(&node.origin, format!("`{path}` is {shown}, outside {low} to {high}")))
}

/// Refuses a list that says one thing twice. Dates are the same if they are the same month, however written.
fn different(list: &[Node], inner: &Kind, path: &str) -> Result<(), Mistake> {
    let mut seen = BTreeSet::new();
    for item in list {
        let typed = item.text().unwrap_or_else(|| item.to_json().to_string());
        let same = match inner {
            Kind::Date => Date::parse(&typed).map_or_else(|| typed.clone(), |d| d.to_string()),
            // 1 and 1.0 are one value
            _ => item.number().map_or_else(|| typed.trim().to_string(), number_words),
        };
        if !seen.insert(same) {
            return Err(Mistake::at(&item.origin, format!("`{path}` names `{typed}` twice"))
                .help("each stands there once"));
        }
    }
    Ok(())
}

fn date(node: &Node, path: &str) -> Result<(), Mistake> {
    let good = match &node.value {
        Value::Text(text) => Date::parse(text).is_some(),
        Value::Integer(year) => (1000..=2999).contains(year),
        _ => return Err(wrong(node, path, "a date")),
    };
    if good {
        return Ok(());
    }
    Err(Mistake::at(&node.origin, format!("`{path}` is not a date"))
        .help("write 1999, \"1999Q2\", \"1999-04\" or \"1999-04-24\""))
}

/// A number, or one for each of several dates.
fn dated(node: &Node, low: f64, high: f64, path: &str) -> Result<(), Mistake> {
    let Value::Table(entries) = &node.value else { return number(node, low, high, path) };
    if entries.is_empty() {
        return Err(Mistake::at(&node.origin, format!("`{path}` has no dated value")));
    }
    let mut dates: BTreeMap<Date, &str> = BTreeMap::new();
    for (key, entry) in entries {
        let Some(date) = Date::parse(key) else {
            return Err(Mistake::at(&entry.key, format!("`{key}` in `{path}` is not a date"))
                .help("write dated values as { 1991 = 0.1, 2004 = 0.2 }"));
        };
        if let Some(other) = dates.insert(date, key) {
            let message = format!("`{path}` has two values at {date}: `{other}` and `{key}`");
            return Err(Mistake::at(&entry.key, message)
                .help("dates count by the month: 1999 is 1999Q1, days are dropped"));
        }
        number(&entry.node, low, high, path)?;
    }
    Ok(())
}

/// Values of parameters from a registry.
fn parameters(node: &Node, list: &[crate::theory::Parameter], path: &str) -> Result<(), Mistake> {
    let Value::Table(entries) = &node.value else { return Err(wrong(node, path, "a table")) };
    for (name, entry) in entries {
        let Some(p) = list.iter().find(|p| p.name == name) else {
            return Err(Mistake::at(&entry.key, format!("unknown parameter `{name}` in `{path}`"))
                .suggest(name, list.iter().map(|p| p.name)));
        };
        number(&entry.node, p.low, p.high, &join(path, name))?;
    }
    Ok(())
}

fn value(node: &Node, kind: &Kind, path: &str) -> Result<(), Mistake> {
    match kind {
        Kind::Number(low, high) => number(node, *low, *high, path),
        Kind::Integer(low, high) => match node.value {
            Value::Integer(i) if (*low..=*high).contains(&i) => Ok(()),
            Value::Integer(i) if *high == i64::MAX => {
                Err(Mistake::at(&node.origin, format!("`{path}` is {i}, it must be at least {low}")))
            }
            Value::Integer(i) => {
                Err(Mistake::at(&node.origin, format!("`{path}` is {i}, outside {low} to {high}")))
            }
            _ => Err(wrong(node, path, "a whole number")),
        },
        Kind::Text => match node.value {
            Value::Text(_) => Ok(()),
            _ => Err(wrong(node, path, "a text in quotes")),
        },
        Kind::Boolean => match node.value {
            Value::Boolean(_) => Ok(()),
            _ => Err(wrong(node, path, "true or false")),
        },
        Kind::Date => date(node, path),
        Kind::Spells => match &node.value {
            Value::List(list) => list.iter().try_for_each(|spell| match &spell.value {
                Value::List(dates) if (1..=2).contains(&dates.len()) => {
                    dates.iter().try_for_each(|d| date(d, path))
                }
                _ => Err(wrong(spell, path, "a spell [from] or [from, until]")),
            }),
            _ => date(node, path),
        },
        Kind::Dated(low, high) => dated(node, *low, *high, path),
        Kind::Choice(words) => match &node.value {
            Value::Text(text) if words.contains(&text.as_str()) => Ok(()),
            Value::Text(text) => Err(Mistake::at(&node.origin, format!("`{path}` cannot be `{text}`"))
                .suggest(text, words.iter().copied())),
            _ => Err(wrong(node, path, "a word in quotes")),
        },
        Kind::List(inner) => match &node.value {
            Value::List(list) => list.iter().try_for_each(|item| value(item, inner, path)),
            _ => Err(wrong(node, path, "a list")),
        },
        Kind::Set(inner) => match &node.value {
            Value::List(list) => {
                list.iter().try_for_each(|item| value(item, inner, path))?;
                different(list, inner, path)
            }
            _ => Err(wrong(node, path, "a list")),
        },
        Kind::OneOrMany(inner) => {
            node.items().iter().try_for_each(|item| value(item, inner, path))?;
            different(node.items(), inner, path)
        }
        Kind::Point => match &node.value {
            Value::List(list) if list.len() == 2 => {
                number(&list[0], -90.0, 90.0, path)?;
                number(&list[1], -180.0, 180.0, path)
            }
            _ => Err(wrong(node, path, "a pair [latitude, longitude]")),
        },
        Kind::Table(keys) => table(node, keys, path),
        Kind::Named(inner) => match &node.value {
            Value::Table(entries) => {
                entries.iter().try_for_each(|(name, e)| value(&e.node, inner, &join(path, name)))
            }
            _ => Err(wrong(node, path, "a table")),
        },
        Kind::Parameters(list) => parameters(node, list, path),
        Kind::Any => match node.value {
            Value::Table(_) => Err(wrong(node, path, "a single value or a list")),
            _ => Ok(()),
        },
    }
}
