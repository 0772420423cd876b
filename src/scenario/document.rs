//! A scenario file as typed: a tree of values that remember where they stand, and errors that point there.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A file that was read.
#[derive(Debug)]
pub struct Source {
    /// Its path as given.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Where a value was typed.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Bytes of a file.
    File(Arc<Source>, Range<usize>),
    /// A change made on the command line or by a design point, as typed.
    Change(String),
}

impl Origin {
    /// `file:line:column`, or the change in words.
    pub fn place(&self) -> String {
        match self {
            Origin::File(source, span) => {
                let before = &source.text[..span.start.min(source.text.len())];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                format!("{}:{line}:{column}", source.path.display())
            }
            Origin::Change(text) => format!("change `{text}`"),
        }
    }
}

impl Origin {
    /// The place of the bytes `part` of a text that was typed here. A text with escapes is not taken apart: its whole
    /// place stands for each part.
    #[must_use]
    pub fn within(&self, text: &str, part: Range<usize>) -> Origin {
        let Origin::File(source, span) = self else { return self.clone() };
        let typed = source.text.get(span.clone()).unwrap_or("");
        // the quotes, and the line break that TOML drops after three of them
        let Some(start) = typed.find(text).filter(|&s| s <= 5 && !text.is_empty()) else {
            return self.clone();
        };
        let (start, end) = (span.start + start + part.start, span.start + start + part.end);
        Origin::File(source.clone(), start..end)
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it was typed.
    pub origin: Origin,
}

/// A value of a scenario file.
#[derive(Clone, Debug)]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text, or a date written bare.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A table: key to place of the key and value.
    Table(BTreeMap<String, Entry>),
}

/// An entry of a table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key was typed.
    pub key: Origin,
    /// The value.
    pub node: Node,
}

/// One mistake in a scenario, worded once, with its place.
#[derive(Debug)]
pub struct Mistake {
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// Where.
    pub origin: Option<Origin>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Mistake {
    /// A mistake at a place.
    pub fn at(origin: &Origin, message: impl Into<String>) -> Self {
        Mistake { message: message.into(), origin: Some(origin.clone()), help: None }
    }

    /// A mistake that has no place in a file.
    pub fn general(message: impl Into<String>) -> Self {
        Mistake { message: message.into(), origin: None, help: None }
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" if one of `known` is close to `word`, or else lists them when they are few.
    #[must_use]
    pub fn suggest<'a>(mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        self.help = suggestion(word, &known).or(self.help);
        self
    }
}

/// "did you mean" for a word that is not among `known`.
pub fn suggestion(word: &str, known: &[&str]) -> Option<String> {
    if let Some(iso) = super::codes::iso_of(word).filter(|iso| known.contains(iso)) {
        return Some(format!(
            "`{word}` is a code of the Correlates of War project; here it is `{iso}` (ISO 3166)"
        ));
    }
    let score = |k: &&&str| {
        let (a, b) = (word.to_lowercase(), k.to_lowercase());
        (strsim::jaro_winkler(&a, &b).max(if a.len() > 2 && b.starts_with(&a) { 0.95 } else { 0.0 }) * 1e6)
            as i64
    };
    match known.iter().max_by_key(score) {
        Some(best) if score(&best) > 780_000 => Some(format!("did you mean `{best}`?")),
        _ if !known.is_empty() && known.len() <= 24 => Some(format!("known here: {}", known.join(", "))),
        _ => None,
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Level::ERROR.primary_title(self.message.as_str());
        let text = match &self.origin {
            Some(Origin::File(source, span)) => {
                let path = source.path.display().to_string();
                let end = source.text.len();
                let mut span = span.start.min(end)..span.end.min(end);
                if let Some(line) = source.text[span.clone()].find('\n') {
                    span.end = span.start + line;
                }
                let mut group = title.element(
                    Snippet::source(source.text.as_str())
                        .path(path.as_str())
                        .annotation(AnnotationKind::Primary.span(span)),
                );
                if let Some(help) = &self.help {
                    group = group.element(Level::HELP.message(help.as_str()));
                }
                return f.write_str(Renderer::plain().render(&[group]).trim_end());
            }
            Some(Origin::Change(change)) => format!("error: {}\n  in the change `{change}`", self.message),
            None => format!("error: {}", self.message),
        };
        f.write_str(&text)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Mistake {}

/// Most bytes of a scenario and all it includes, or of any other file that is read whole.
pub const MOST_BYTES: u64 = 16 << 20;
/// Most files a scenario is made of.
pub const MOST_FILES: usize = 256;
/// Most tables and lists inside each other.
pub const MOST_DEPTH: usize = 24;

/// The text of a file: regular, in UTF-8, of at most [`MOST_BYTES`]. What a shell hands over (`<(...)`, standard input) may
/// be read, other pipes and devices may not: they can make a program wait for ever.
///
/// # Errors
/// Why it cannot be read, in words that follow "cannot read FILE: ".
pub fn text_of(path: &Path) -> Result<String, String> {
    let kind = std::fs::metadata(path).map_err(|e| plain(&e))?;
    let handed =
        path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd") || path == Path::new("/dev/stdin");
    if kind.is_dir() {
        return Err(plain(&std::io::ErrorKind::IsADirectory.into()));
    }
    if !kind.is_file() && !handed {
        return Err("it is a pipe or a device, not a file".into());
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|e| plain(&e))?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|e| plain(&e))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("it is larger than {} MB", MOST_BYTES >> 20));
    }
    Ok(text)
}

/// Reads a file and all it includes; tables of the including file win over those of the included.
///
/// # Errors
/// A file that cannot be read, is not TOML, includes itself, or is too large with all it includes.
pub fn read(path: &Path) -> Result<Node, Mistake> {
    read_nested(path, None, &mut Reading::default())
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    chain: Vec<PathBuf>,
    files: usize,
    bytes: u64,
}

fn read_nested(path: &Path, from: Option<&Origin>, so_far: &mut Reading) -> Result<Node, Mistake> {
    let fail = |text: String| match from {
        Some(origin) => Mistake::at(origin, text),
        None => Mistake::general(text),
    };
    let read = if from.is_some() && std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        Err("it is a pipe or a device, not a file".into())
    } else {
        text_of(path)
    };
    let text = read.map_err(|why| {
        let mistake = fail(format!("cannot read {}: {why}", path.display()));
        if from.is_none() && !path.exists() {
            let neighbours = neighbours(path);
            let names: Vec<&str> = neighbours.iter().map(String::as_str).collect();
            mistake.suggest(&path.display().to_string(), names)
        } else {
            mistake
        }
    })?;
    so_far.files += 1;
    so_far.bytes += text.len() as u64;
    if so_far.files > MOST_FILES || so_far.bytes > MOST_BYTES {
        let limits = format!("at most {MOST_FILES} files and {} MB", MOST_BYTES >> 20);
        return Err(fail(format!("the includes make the scenario too large: {limits}")));
    }
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    if so_far.chain.contains(&canonical) {
        return Err(fail(format!("{} includes itself", path.display())));
    }
    so_far.chain.push(canonical);
    let mut root = parse(path, text)?;
    if let Value::Table(table) = &mut root.value
        && let Some(entry) = table.get("include")
        && let Value::List(files) = &entry.node.value
    {
        let mut base: BTreeMap<String, Entry> = BTreeMap::new();
        let mut names: Vec<&str> = Vec::new();
        for file in files {
            let Value::Text(name) = &file.value else {
                return Err(Mistake::at(&file.origin, "an include is the name of a file, in quotes"));
            };
            if names.contains(&name.as_str()) {
                return Err(Mistake::at(&file.origin, format!("`include` names `{name}` twice")));
            }
            names.push(name);
            let included = path.parent().unwrap_or(Path::new(".")).join(name);
            let node = read_nested(&included, Some(&file.origin), so_far)?;
            if let Value::Table(other) = node.value {
                overlay(&mut base, other);
            }
        }
        overlay(&mut base, std::mem::take(table));
        // what was included stands in the tree now: where it came from is no part of the scenario
        base.remove("include");
        *table = base;
    }
    so_far.chain.pop();
    Ok(root)
}

fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::InvalidData => "it is not text in UTF-8".into(),
        std::io::ErrorKind::IsADirectory => "it is a folder; name a file in it".into(),
        _ => error.to_string(),
    }
}

fn neighbours(path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for folder in [folder, Path::new("scenarios")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let other = ["Cargo.toml", "clippy.toml", "rustfmt.toml"].iter().any(|n| name == *n);
            if entry.path().extension().is_some_and(|e| e == "toml") && !other {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Lays `top` over `base`: tables merge key by key, lists of tables append, anything else is replaced.
fn overlay(base: &mut BTreeMap<String, Entry>, top: BTreeMap<String, Entry>) {
    for (key, entry) in top {
        match base.get_mut(&key) {
            Some(old) => match (&mut old.node.value, entry.node.value) {
                (Value::Table(a), Value::Table(b)) => overlay(a, b),
                (Value::List(a), Value::List(mut b))
                    if b.iter().all(|n| matches!(n.value, Value::Table(_))) =>
                {
                    a.append(&mut b);
                }
                (_, value) => {
                    *old = Entry { key: entry.key, node: Node { value, origin: entry.node.origin } }
                }
            },
            None => {
                base.insert(key, entry);
            }
        }
    }
}

/// How a mistake begins that TOML itself refuses.
const NOT_TOML: &str = "not valid TOML";

/// Parses the text of one file.
///
/// # Errors
/// The first place that is not TOML.
pub fn parse(path: &Path, text: String) -> Result<Node, Mistake> {
    let source = Arc::new(Source { path: path.to_path_buf(), text });
    match toml::de::DeTable::parse(&source.text) {
        Ok(table) => {
            let span = table.span();
            let value = convert_table(table.into_inner(), &source, 0)?;
            Ok(Node { value, origin: Origin::File(source.clone(), span) })
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().lines().next().unwrap_or("not valid TOML").to_string();
            Err(Mistake::at(&Origin::File(source.clone(), span), format!("{NOT_TOML}: {message}")))
        }
    }
}

fn convert_table(table: toml::de::DeTable<'_>, source: &Arc<Source>, depth: usize) -> Result<Value, Mistake> {
    let mut out = BTreeMap::new();
    for (key, value) in table {
        let origin = Origin::File(source.clone(), key.span());
        out.insert(
            key.into_inner().into_owned(),
            Entry { key: origin, node: convert(value, source, depth)? },
        );
    }
    Ok(Value::Table(out))
}

fn convert(
    value: toml::Spanned<toml::de::DeValue<'_>>,
    source: &Arc<Source>,
    depth: usize,
) -> Result<Node, Mistake> {
    use toml::de::DeValue;
    let origin = Origin::File(source.clone(), value.span());
    if depth > MOST_DEPTH {
        return Err(Mistake::at(&origin, format!("nested too deep: at most {MOST_DEPTH} tables and lists")));
    }
    let value = match value.into_inner() {
        DeValue::Boolean(b) => Value::Boolean(b),
        DeValue::String(s) => {
            // they could command a terminal, and no name needs them
            if let Some(c) = s.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                let words = format!("a text holds the control character {}", c.escape_unicode());
                return Err(
                    Mistake::at(&origin, words).help("texts may hold line ends and tabs, but no others")
                );
            }
            Value::Text(s.into_owned())
        }
        DeValue::Integer(i) => Value::Integer(i64::from_str_radix(i.as_str(), i.radix()).map_err(|_| {
            Mistake::at(&origin, format!("the whole number {} is out of range", shorten(i.as_str())))
                .help(format!("whole numbers go from {} to {}", i64::MIN, i64::MAX))
        })?),
        DeValue::Float(f) => {
            let x: f64 = f
                .as_str()
                .parse()
                .map_err(|_| Mistake::at(&origin, format!("{} is not a number", f.as_str())))?;
            if !x.is_finite() {
                return Err(Mistake::at(&origin, format!("{} is not a finite number", shorten(f.as_str())))
                    .help("every value of a scenario is a finite number"));
            }
            Value::Float(x)
        }
        DeValue::Datetime(d) => Value::Text(d.to_string()),
        DeValue::Array(list) => {
            Value::List(list.into_iter().map(|v| convert(v, source, depth + 1)).collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => convert_table(table, source, depth + 1)?,
    };
    Ok(Node { value, origin })
}

/// A text for a message: its beginning, if it is long.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_string(),
    }
}

/// A number for a message: as typed where that is short, with an exponent where it is not.
pub fn number_words(x: f64) -> String {
    if x != 0.0 && x.is_finite() && !(1e-5..1e15).contains(&x.abs()) {
        format!("{x:e}")
    } else {
        x.to_string()
    }
}

/// A change of one value: `path = value`, as on the command line after `--set` or in a design point.
#[derive(Clone, Debug)]
pub struct Change {
    /// Dotted path of the value, for instance `theory.realism.k0`.
    pub path: String,
    /// The value as typed.
    pub value: String,
}

impl Change {
    /// Reads `path=value`.
    ///
    /// # Errors
    /// If there is no `=` or one side is empty.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        match text.split_once('=') {
            Some((path, value)) if !path.trim().is_empty() && !value.trim().is_empty() => {
                Ok(Change { path: path.trim().to_string(), value: value.trim().to_string() })
            }
            _ => Err(Mistake::general(format!("`{}` is not a change", shorten(text)))
                .help("write it as path=value, for instance theory.realism.k0=0.5")),
        }
    }
}

/// Applies a change to the tree. The path may name a table that is not there yet; whether its name is known is
/// checked later, with everything else. Entries of lists are reached by label or id (`event.Kosovo.size`, quoted where
/// the label has a point in it: `event."St. Malo".size`) or by position from 0 (`event.0.size`).
///
/// # Errors
/// A value that is not TOML, or a path that passes through something that is not a table.
pub fn apply(root: &mut Node, change: &Change) -> Result<(), Mistake> {
    let origin = Origin::Change(format!("{}={}", shorten(&change.path), shorten(&change.value)));
    let node = parse_value(&change.value, &origin)?;
    let mut here = root;
    let keys = parts(&change.path);
    if keys.len() > MOST_DEPTH {
        return Err(Mistake::at(&origin, format!("the path has {} parts, at most {MOST_DEPTH}", keys.len())));
    }
    if keys.iter().any(|key| key.is_empty()) {
        return Err(Mistake::at(&origin, "the path has an empty part").help("between dots stands a name"));
    }
    for (depth, key) in keys.iter().enumerate() {
        let walked = keys[..depth].join(".");
        here = match &mut here.value {
            Value::Table(table) => {
                &mut table
                    .entry((*key).to_string())
                    .or_insert_with(|| Entry {
                        key: origin.clone(),
                        node: Node { value: Value::Table(BTreeMap::new()), origin: origin.clone() },
                    })
                    .node
            }
            Value::List(list) => {
                let at =
                    entry(list, key, &walked).map_err(|m| Mistake { origin: Some(origin.clone()), ..m })?;
                &mut list[at]
            }
            _ => {
                return Err(Mistake::at(&origin, format!("`{walked}` is a single value, it has no `{key}`")));
            }
        };
    }
    *here = node;
    Ok(())
}

/// The parts of a path: split at points, but not inside double quotes, which are left out.
fn parts(path: &str) -> Vec<&str> {
    let mut inside = false;
    path.split(|c| {
        inside ^= c == '"';
        c == '.' && !inside
    })
    .map(|part| {
        let part = part.trim();
        part.strip_prefix('"').and_then(|p| p.strip_suffix('"')).unwrap_or(part)
    })
    .collect()
}

/// What an entry of a list is called: its id and its label, where it has them.
pub fn names(node: &Node) -> impl Iterator<Item = String> + '_ {
    ["id", "label", "path"].into_iter().filter_map(|key| node.get(key).and_then(Node::text))
}

/// The place in a list of the entry called `key`, or at that position.
fn entry(list: &[Node], key: &str, walked: &str) -> Result<usize, Mistake> {
    if let Ok(position) = key.parse::<usize>()
        && position < list.len()
    {
        return Ok(position);
    }
    let called: Vec<usize> = (0..list.len()).filter(|&i| names(&list[i]).any(|n| n == key)).collect();
    match called[..] {
        [one] => Ok(one),
        [] => {
            let known: Vec<String> = list.iter().flat_map(names).collect();
            let message = if known.is_empty() {
                format!("`{walked}` is a list of {} without labels: `{key}` is not a position", list.len())
            } else {
                format!(
                    "`{walked}` has no entry called `{key}`, and it is not a position below {}",
                    list.len()
                )
            };
            let mistake = Mistake::general(message).suggest(key, known.iter().map(String::as_str));
            Err(if mistake.help.is_some() { mistake } else { mistake.help("positions count from 0") })
        }
        _ => {
            let places: Vec<String> = called.iter().map(|i| format!("{walked}.{i}")).collect();
            Err(Mistake::general(format!("{} entries of `{walked}` are called `{key}`", called.len()))
                .help(format!("give the position: {}", places.join(" or "))))
        }
    }
}

fn parse_value(text: &str, origin: &Origin) -> Result<Node, Mistake> {
    // spreadsheets and other programs write `.5`, `0.` and `1e5`, which TOML does not take
    if let Some(x) = plain_number(text) {
        return Ok(Node { value: Value::Float(x), origin: origin.clone() });
    }
    let parsed = match parse(Path::new("change"), format!("value = {text}")) {
        Err(mistake) if mistake.message.starts_with(NOT_TOML) => {
            let quoted = format!("value = {}", toml::Value::String(text.to_string()));
            parse(Path::new("change"), quoted)
        }
        other => other,
    };
    let bad = || Mistake::at(origin, format!("`{text}` is not a value"));
    let Value::Table(mut table) = parsed.map_err(|m| Mistake { origin: Some(origin.clone()), ..m })?.value
    else {
        return Err(bad());
    };
    let entry = table.remove("value").ok_or_else(bad)?;
    let mut node = entry.node;
    relocate(&mut node, origin);
    Ok(node)
}

/// A number that begins or ends with its point, such as `.5`, `-0.` or `2.e3`.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.trim_start_matches(['+', '-']);
    let odd =
        digits.starts_with('.') || digits.ends_with('.') || digits.contains(".e") || digits.contains(".E");
    let only = digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !odd || !only {
        return None;
    }
    text.parse().ok().filter(|x: &f64| x.is_finite())
}

fn relocate(node: &mut Node, origin: &Origin) {
    node.origin = origin.clone();
    match &mut node.value {
        Value::List(list) => list.iter_mut().for_each(|n| relocate(n, origin)),
        Value::Table(table) => table.values_mut().for_each(|e| {
            e.key = origin.clone();
            relocate(&mut e.node, origin);
        }),
        _ => {}
    }
}

impl Node {
    /// The entry `key` of a table.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(key).map(|e| &e.node),
            _ => None,
        }
    }

    /// The entries of a table, in the order of their keys; none for anything else.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        let table = match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        };
        table.into_iter().flatten().map(|(k, e)| (k.as_str(), e))
    }

    /// The items of a list, or the value itself if it is not a list.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(list) => list,
            _ => std::slice::from_ref(self),
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Value::Integer(i) => Some(i as f64),
            Value::Float(x) => Some(x),
            _ => None,
        }
    }

    /// The whole number, if it is one, to the last digit.
    pub fn whole(&self) -> Option<u64> {
        match self.value {
            Value::Integer(i) => u64::try_from(i).ok(),
            _ => None,
        }
    }

    /// The text, if it is one (a bare year counts).
    pub fn text(&self) -> Option<String> {
        match &self.value {
            Value::Text(s) => Some(s.clone()),
            _ => None,
        }
    }

    /// The tree as one TOML document that includes nothing: the same scenario, with the same hash.
    pub fn to_toml(&self) -> String {
        let value = self.to_toml_value();
        value.as_table().map(toml::Table::to_string).unwrap_or_default()
    }

    fn to_toml_value(&self) -> toml::Value {
        match &self.value {
            Value::Boolean(b) => (*b).into(),
            Value::Integer(i) => (*i).into(),
            Value::Float(x) => (*x).into(),
            Value::Text(s) => s.clone().into(),
            Value::List(list) => toml::Value::Array(list.iter().map(Node::to_toml_value).collect()),
            Value::Table(table) => {
                let pairs = table.iter().map(|(k, e)| (k.clone(), e.node.to_toml_value()));
                toml::Value::Table(pairs.collect())
            }
        }
    }

    /// The tree as JSON, for manifests and hashes.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Boolean(b) => (*b).into(),
            Value::Integer(i) => (*i).into(),
            Value::Float(x) => (*x).into(),
            Value::Text(s) => s.clone().into(),
            Value::List(list) => list.iter().map(Node::to_json).collect(),
            Value::Table(table) => {
                serde_json::Value::Object(table.iter().map(|(k, e)| (k.clone(), e.node.to_json())).collect())
            }
        }
    }
}
