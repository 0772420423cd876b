//! A table of a file together with what the specification says of it: a key that is absent has the default named there, and
//! nowhere else.

use super::document::{Mistake, Node, Value};
use super::spec::{Key, Kind};
use crate::model::date::Date;

/// A table that was checked against `keys`.
#[derive(Clone, Copy)]
pub(crate) struct Block<'n> {
    pub node: &'n Node,
    keys: &'static [Key],
}

impl<'n> Block<'n> {
    /// # Panics
    /// Reading a key that is not among `keys`, or without a default that can be read as what is asked for: a fault of the
    /// program that any file shows.
    pub fn new(node: &'n Node, keys: &'static [Key]) -> Self {
        Block { node, keys }
    }

    fn key(&self, name: &str) -> &'static Key {
        self.keys
            .iter()
            .find(|k| k.name == name)
            .unwrap_or_else(|| panic!("the specification has no `{name}`"))
    }

    fn default<T: std::str::FromStr>(&self, name: &str) -> T {
        let default = self.key(name).default;
        default.parse().unwrap_or_else(|_| panic!("the default of `{name}`, `{default}`, cannot be read"))
    }

    /// What was typed, if anything was.
    pub fn get(&self, name: &str) -> Option<&'n Node> {
        debug_assert_eq!(self.key(name).name, name);
        self.node.get(name)
    }

    /// Where a key stands, or the table if it is absent.
    pub fn place(&self, name: &str) -> &'n Node {
        self.get(name).unwrap_or(self.node)
    }

    /// A number.
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).and_then(Node::number).unwrap_or_else(|| self.default(name))
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> u64 {
        self.get(name).and_then(Node::whole).unwrap_or_else(|| self.default(name))
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> bool {
        match self.get(name).map(|n| &n.value) {
            Some(Value::Boolean(b)) => *b,
            _ => self.default(name),
        }
    }

    /// A text; empty if there is none.
    pub fn text(&self, name: &str) -> String {
        self.get(name).and_then(Node::text).unwrap_or_default()
    }

    /// A word; the default if there is none.
    pub fn word(&self, name: &str) -> String {
        self.get(name).and_then(Node::text).unwrap_or_else(|| self.key(name).default.to_string())
    }

    /// A date.
    pub fn date(&self, name: &str) -> Option<Date> {
        self.get(name).and_then(as_date)
    }

    /// The items of a list; one value is a list of one.
    pub fn list(&self, name: &str) -> &'n [Node] {
        self.get(name).map(Node::items).unwrap_or(&[])
    }

    /// The tables in a list.
    pub fn blocks(&self, name: &str) -> impl Iterator<Item = Block<'n>> + use<'n> {
        let keys = match self.key(name).kind {
            Kind::List(Kind::Table(keys)) => keys,
            other => panic!("`{name}` is no list of tables but {other:?}"),
        };
        self.list(name).iter().map(|node| Block::new(node, keys))
    }

    /// What the word under a key stands for. A word without a meaning is never silently another.
    pub fn choose<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, Mistake> {
        let word = self.word(name);
        words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning).ok_or_else(|| {
            Mistake::at(&self.place(name).origin, format!("`{word}` is not a word that `{name}` takes"))
                .suggest(&word, words.iter().map(|(known, _)| *known))
        })
    }
}

/// A date as typed: text, or a whole number of a year.
pub(super) fn as_date(node: &Node) -> Option<Date> {
    match &node.value {
        Value::Text(t) => Date::parse(t),
        Value::Integer(year) => Some(Date::new(i32::try_from(*year).ok()?, 1)),
        _ => None,
    }
}
