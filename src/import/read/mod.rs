//! Takes the figures out of the files, each with its place.

mod figures;
mod members;
mod places;
mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::layout::{self, Layout};
use super::log::{Kind, Log};
use super::request::{Column, Key, Members, Request};
use super::table::{Row, Table};
use crate::scenario::Mistake;
use crate::scenario::codes::{self, Code, Day};
use crate::scenario::document::Origin;

/// Columns that name a state, and the system each is in.
const STATE_COLUMNS: &[(&str, System)] = &[
    ("iso3", System::Iso),
    ("iso3c", System::Iso),
    ("iso", System::Iso),
    ("country_text_id", System::Iso),
    ("country code", System::Iso),
    ("code", System::Iso),
    ("ccode", System::Cow),
    ("cowcode", System::Cow),
    ("cown", System::Cow),
    ("cow", System::Cow),
    ("gwno", System::Gw),
    ("gwcode", System::Gw),
    ("gw", System::Gw),
    ("stateabb", System::Letters),
    ("cowc", System::Letters),
    ("state", System::Typed),
    ("country", System::Name),
    ("country_name", System::Name),
    ("country name", System::Name),
    ("entity", System::Name),
    ("statenme", System::Name),
    ("name", System::Name),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Iso,
    Cow,
    Gw,
    Letters,
    Name,
    /// ISO letters typed by a person: a mistake is worth a word.
    Typed,
}

/// What to know about some figures before trusting them: layout, state (or any), first and last year, words.
const REMARKS: &[(Layout, &str, i32, i32, &str)] = &[
    (Layout::WorldBank, "DEU", 1945, 1990, "the World Bank's Germany before 1991 has the East in it"),
    (Layout::WorldBank, "SRB", 1992, 2005, "the World Bank's Serbia leaves Montenegro out"),
    (Layout::Nmc, "SUN", 1991, 1991, "NMC 1991 puts Soviet spending beside the population of Russia"),
    (Layout::Nmc, "RUS", 1991, 1991, "NMC 1991 puts Soviet spending beside the population of Russia"),
    (Layout::Nmc, "SRB", 1992, 2005, "NMC has Serbia and Montenegro together to 2006"),
    (
        Layout::IdealPoints,
        "SRB",
        1992,
        2000,
        "Yugoslavia could hardly vote in the General Assembly from 1992 to 2000",
    ),
];

/// A figure, or why there is none.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The value, in the unit of the key.
    pub value: Option<f64>,
    /// File and line.
    pub place: String,
    /// Why there is no value.
    why: String,
    /// The code it stands under.
    code: Code,
}

/// What a row says.
struct Figure<'a> {
    /// Position of the state.
    at: usize,
    key: Key,
    year: i32,
    code: &'a Code,
    value: Option<f64>,
    /// Why there is no value, if there is none.
    why: &'a str,
}

/// A capital and the spell it was one.
#[derive(Clone, Debug)]
pub(super) struct Capital {
    pub name: String,
    pub from: Day,
    pub until: Day,
    pub point: (f64, f64),
    /// Number the spell is of; none in a table by ISO code.
    number: Option<i64>,
}

/// When a state was in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Membership {
    pub from: String,
    pub until: Option<String>,
}

/// Everything found so far.
#[derive(Debug)]
pub(super) struct Found<'a> {
    request: &'a Request,
    /// What was noticed.
    pub log: Log,
    /// Series by state and key.
    pub figures: BTreeMap<(usize, Key), BTreeMap<i32, Entry>>,
    /// Name of the data and of the file that gives a key.
    pub sources: BTreeMap<Key, (String, String)>,
    /// Names of the data behind capitals, borders and the members of a body.
    pub others: BTreeMap<String, String>,
    /// Capital of each state.
    pub capitals: Vec<Vec<Capital>>,
    /// Pairs of land neighbours, as positions.
    pub borders: BTreeSet<(usize, usize)>,
    /// Members of each body: position of the state and its spells.
    pub members: Vec<BTreeMap<usize, Vec<Membership>>>,
    spending: BTreeMap<(usize, i32), (f64, Origin)>,
    layouts: BTreeMap<Layout, String>,
    unknown: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Found<'a> {
    /// Nothing yet.
    pub fn new(request: &'a Request) -> Result<Self, Mistake> {
        let mut found = Found {
            request,
            log: Log::default(),
            figures: BTreeMap::new(),
            sources: BTreeMap::new(),
            others: BTreeMap::new(),
            capitals: vec![Vec::new(); request.states.len()],
            borders: BTreeSet::new(),
            members: vec![BTreeMap::new(); request.bodies.len()],
            spending: BTreeMap::new(),
            layouts: BTreeMap::new(),
            unknown: BTreeMap::new(),
        };
        for (at, body) in request.bodies.iter().enumerate() {
            if let Members::File(path) = &body.members {
                found.member_file(at, path)?;
            }
        }
        Ok(found)
    }

    /// Reads a file in one of the layouts of the field.
    pub fn file(&mut self, path: &Path) -> Result<(), Mistake> {
        let known = |h: &[String]| layout::recognise(h).is_some() || layout::is_cow_alliances(h);
        let (table, _) = Table::open(path, known)?;
        if layout::is_cow_alliances(&table.header) {
            return Err(table
                .mistake("these are alliances of Correlates of War, which have no exits and no entrants after 1999")
                .help("use the member level of ATOP, or --body CODE=FILE with a table of state, from and until"));
        }
        let Some(dataset) = layout::recognise(&table.header) else {
            let names: Vec<&str> = layout::DATASETS.iter().map(|d| d.name).collect();
            return Err(table
                .mistake(format!("the columns of {} are of no layout known", table.name()))
                .help(format!("known: {}; any other table: --read KEY=FILE:COLUMN", names.join(", "))));
        };
        if let Some(other) = self.layouts.insert(dataset.layout, table.name()) {
            return Err(table
                .mistake(format!("both {other} and {} are {}", table.name(), dataset.name))
                .help("leave one out"));
        }
        let cited = self.cite(&table.name(), layout::version(dataset, &table));
        self.log.add(Kind::File, format!("{}: {cited}, for {}", table.name(), dataset.gives));
        self.log.add(Kind::Terms, format!("{}: {}", dataset.name, dataset.terms));
        match dataset.layout {
            Layout::Nmc => self.nmc(&table, &cited),
            Layout::Vdem => self.vdem(&table, &cited),
            Layout::IdealPoints => self.ideal_points(&table, &cited),
            Layout::Sipri => self.sipri(&table, &cited),
            Layout::WorldBank => self.world_bank(&table, &cited),
            Layout::Contiguity => self.contiguity(&table, dataset, &cited),
            Layout::Atop => self.atop(&table, &cited),
            Layout::Capitals => self.capital_file(&table, &cited),
        }?;
        self.remark(dataset.layout);
        Ok(())
    }

    /// What to write into `source` for a file.
    fn cite(&self, file: &str, otherwise: String) -> String {
        let asked = self.request.cite.iter().find(|(f, _)| f == file);
        asked.map_or(otherwise, |(_, words)| words.clone())
    }

    fn claim(&mut self, key: Key, table: &Table, cited: &str) -> Result<(), Mistake> {
        match self.sources.insert(key, (cited.to_string(), table.name())) {
            Some((_, other)) => Err(table
                .mistake(format!("both {other} and {} give `{}`", table.name(), key.name()))
                .help("leave one out, or put single figures in with --give")),
            None => Ok(()),
        }
    }

    fn asked(&self, year: i32) -> bool {
        self.request.years.contains(&year)
    }

    /// The states asked for that `code` means in `year`; more than one only where a code was picked for a second.
    fn who(&mut self, code: &Code, year: i32, table: &Table) -> Vec<usize> {
        let states = &self.request.states;
        let mut found = Vec::new();
        match code {
            Code::Cow(number) | Code::Gw(number) => {
                let holder = codes::holder(code, year).map(|s| s.iso.as_str());
                for (at, iso) in states.iter().enumerate() {
                    let mine = match self.request.picked(iso, year) {
                        Some(pick) => pick.number == *number,
                        None => holder == Some(iso),
                    };
                    if mine {
                        found.push(at);
                    }
                }
            }
            Code::Iso(_) | Code::Letters(_) | Code::Name(_) => {
                let spell = codes::holder(code, year)
                    .or_else(|| codes::table().iter().rev().find(|s| codes::names(s, code)));
                let at = spell.and_then(|s| states.iter().position(|iso| *iso == s.iso));
                if let Some(at) = at {
                    if self.request.counts(&states[at], year) {
                        found.push(at);
                    } else if self.asked(year) {
                        let iso = states[at].clone();
                        let name = table.name();
                        self.log.add(
                            Kind::Note,
                            format!("{iso} {year}: {name} has a row, but {iso} was no state then; not used"),
                        );
                    }
                }
            }
        }
        if found.is_empty() && self.asked(year) && !codes::known(code) {
            let word = match code {
                Code::Cow(n) | Code::Gw(n) => n.to_string(),
                Code::Iso(t) | Code::Letters(t) | Code::Name(t) => t.clone(),
            };
            if !word.is_empty() {
                self.unknown.entry(table.name()).or_default().insert(word);
            }
        }
        found
    }

    /// Puts a figure in its place.
    fn put(&mut self, figure: Figure<'_>, row: &Row<'_>, column: usize) -> Result<(), Mistake> {
        let Figure { at, key, year, code, value, why } = figure;
        let iso = &self.request.states[at];
        if self.request.given(iso, Some(key), Some(year)).is_some() {
            return Ok(());
        }
        let asked = self.asked(year);
        if let Some(x) = value.filter(|_| asked) {
            in_range(key, x, iso, year, &row.origin(column))?;
        }
        let place = row.place();
        let entry = Entry { value, place: place.clone(), why: why.to_string(), code: code.clone() };
        let series = self.figures.entry((at, key)).or_default();
        let Some(old) = series.insert(year, entry) else { return Ok(()) };
        if !asked {
            // a year that was not asked for is only looked at to fill a gap, and this one cannot be trusted
            series.insert(
                year,
                Entry { value: None, place, why: "two rows give it".into(), code: code.clone() },
            );
            return Ok(());
        }
        let name = key.name();
        let mistake = row
            .mistake(column, format!("a second `{name}` of {iso} in {year}; the first is at {}", old.place));
        Err(match (&old.code, code) {
            (Code::Cow(a), Code::Cow(b)) | (Code::Gw(a), Code::Gw(b)) if a != b => mistake.help(format!(
                "two codes mean {iso} in {year}: take one with --code {iso}.{year}={a} or --code {iso}.{year}={b}"
            )),
            _ => mistake.help("one row a state and year: leave one out"),
        })
    }

    /// Reads a column of any table with a state, a year and a value.
    pub fn column(&mut self, asked: &Column) -> Result<(), Mistake> {
        let system = |h: &[String]| {
            STATE_COLUMNS
                .iter()
                .find_map(|(n, s)| h.iter().position(|c| c.eq_ignore_ascii_case(n)).map(|c| (c, *s)))
        };
        let (table, found) = Table::open(&asked.path, |h| {
            system(h).is_some() && h.iter().any(|c| c.eq_ignore_ascii_case("year"))
        })?;
        if !found {
            let names: Vec<&str> = STATE_COLUMNS.iter().map(|s| s.0).collect();
            return Err(table
                .mistake(format!("{} has no header with a state and a year", table.name()))
                .help(format!("call the year `year` and the state one of: {}", names.join(", "))));
        }
        let Some((state, system)) = system(&table.header) else { return Ok(()) };
        let [year] = columns(&table, ["year"])?;
        let [value] = columns(&table, [asked.column.as_deref().unwrap_or("value")])?;
        let why = table.column("source");
        let mut sources = BTreeSet::new();
        self.claim(asked.key, &table, "")?;
        for row in table.rows() {
            let row = row?;
            let when = row.year(year)?;
            let text = row.text(state)?.to_string();
            let code = match system {
                System::Iso => Code::Iso(text),
                System::Cow => Code::Cow(row.whole(state)?),
                System::Gw => Code::Gw(row.whole(state)?),
                System::Letters => Code::Letters(text),
                System::Name => Code::Name(text),
                System::Typed => {
                    self.typed(&row, state)?;
                    Code::Iso(text)
                }
            };
            for at in self.who(&code, when, &table) {
                let x = row.number(value)?.map(|x| x * asked.factor);
                self.put(
                    Figure { at, key: asked.key, year: when, code: &code, value: x, why: "no value" },
                    &row,
                    value,
                )?;
                if let Some(text) = why.and_then(|c| row.get(c)).filter(|t| !t.is_empty()) {
                    sources.insert(text.to_string());
                }
            }
        }
        let name = table.name();
        let listed = sources.into_iter().collect::<Vec<_>>().join("; ");
        let cited = self.cite(&name, if listed.is_empty() { name.clone() } else { listed });
        self.log.add(Kind::File, format!("{name}: {cited}, for {}", asked.key.name()));
        self.sources.insert(asked.key, (cited, name));
        Ok(())
    }

    fn remark(&mut self, layout: Layout) {
        for (which, iso, first, last, words) in REMARKS {
            let asked = self.request.years.iter().any(|y| (first..=last).contains(&y));
            if *which == layout && asked && self.request.states.iter().any(|s| s == iso) {
                self.log.add(Kind::Note, *words);
            }
        }
    }
}

fn in_range(key: Key, x: f64, iso: &str, year: i32, origin: &Origin) -> Result<(), Mistake> {
    let (low, high) = key.range();
    if (low..=high).contains(&x) {
        return Ok(());
    }
    let (name, unit) = (key.name(), key.unit());
    Err(Mistake::at(
        origin,
        format!(
            "`{name}` of {iso} in {year} comes to {}, outside {low} to {high} ({unit})",
            crate::import::write::round(x)
        ),
    )
    .help(format!("is the unit right? By hand: --give {iso}.{name}.{year}=VALUE")))
}

/// The positions of columns.
fn columns<const N: usize>(table: &Table, names: [&str; N]) -> Result<[usize; N], Mistake> {
    let mut found = [0; N];
    for (slot, name) in found.iter_mut().zip(names) {
        *slot = table.column(name).ok_or_else(|| {
            table
                .mistake(format!("{} has no column `{name}`", table.name()))
                .suggest(name, table.header.iter().map(String::as_str).filter(|h| !h.is_empty()))
        })?;
    }
    Ok(found)
}

/// A day as it is written.
fn word(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.0, day.1, day.2)
}
