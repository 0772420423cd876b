//! Takes the figures out of the files, each with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::layout::{self, Dataset, Layout};
use super::log::{Kind, Log};
use super::request::{Column, Key, Members, Request, file_name};
use super::table::{Row, Table};
use crate::model::date::Date;
use crate::scenario::Mistake;
use crate::scenario::codes::{self, Code, Day};
use crate::scenario::document::Origin;

/// Fewer votes than these in a session make no estimate.
const VOTES: i64 = 15;
/// A member that is back within so many days never left: the phases of a treaty.
const PHASE: i64 = 31;

/// Entry and exit; no exit for one who is still in.
type Phase = (Day, Option<Day>);

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

    fn nmc(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        self.claim(Key::Capability, table, cited)?;
        let [state, year, cinc] = columns(table, ["ccode", "year", "cinc"])?;
        let milex = table.column("milex");
        for row in table.rows() {
            let row = row?;
            let (code, when) = (Code::Cow(row.whole(state)?), row.year(year)?);
            for at in self.who(&code, when, table) {
                self.put(
                    Figure {
                        at,
                        key: Key::Capability,
                        year: when,
                        code: &code,
                        value: row.number(cinc)?,
                        why: "no value",
                    },
                    &row,
                    cinc,
                )?;
                if let Some(column) = milex
                    && let Some(x) = row.number(column)?
                {
                    self.spending.insert((at, when), (x, row.origin(column)));
                }
            }
        }
        let years = &self.request.years;
        if years.first().is_some_and(|y| *y <= 2016) && years.last().is_some_and(|y| *y > 2016) {
            self.log.add(
                Kind::Note,
                "NMC v7.0 counts cities anew from 2017: capability moves between 2016 and 2017 with no event behind it",
            );
        }
        Ok(())
    }

    fn vdem(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        self.claim(Key::Regime, table, cited)?;
        let [state, year, value] = columns(table, ["country_text_id", "year", "v2x_polyarchy"])?;
        let number = table.column("COWcode");
        for row in table.rows() {
            let row = row?;
            let when = row.year(year)?;
            // V-Dem's letters go back before the state they name: the number says which it was
            let code = match number.map(|c| row.number(c)).transpose()?.flatten() {
                Some(n) => Code::Cow(n as i64),
                None => Code::Iso(row.text(state)?.to_string()),
            };
            for at in self.who(&code, when, table) {
                self.put(
                    Figure {
                        at,
                        key: Key::Regime,
                        year: when,
                        code: &code,
                        value: row.number(value)?,
                        why: "no value",
                    },
                    &row,
                    value,
                )?;
            }
        }
        Ok(())
    }

    fn ideal_points(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        self.claim(Key::Alignment, table, cited)?;
        let [state, session, value] = columns(table, ["ccode", "session", "IdealPointAll"])?;
        let votes = table.column("NVotesAll");
        for row in table.rows() {
            let row = row?;
            let when = 1945 + row.bounded(session, 1, 200)?;
            let code = Code::Cow(row.whole(state)?);
            for at in self.who(&code, when, table) {
                let cast = votes.map(|c| row.number(c)).transpose()?.flatten();
                let few = cast.filter(|v| *v < VOTES as f64);
                let (value_here, why) = match few {
                    Some(n) => (None, format!("rests on {n} votes, fewer than {VOTES}")),
                    None => (row.number(value)?, "no value".into()),
                };
                self.put(
                    Figure { at, key: Key::Alignment, year: when, code: &code, value: value_here, why: &why },
                    &row,
                    value,
                )?;
            }
        }
        self.log.add(
            Kind::Note,
            "ideal points: session n opens in the autumn of 1945 + n and is put under that year",
        );
        Ok(())
    }

    fn sipri(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        self.claim(Key::Burden, table, cited)?;
        let [country] = columns(table, ["Country"])?;
        for row in table.rows() {
            let row = row?;
            let code = Code::Name(row.get(country).unwrap_or("").to_string());
            let yearly = table.header.iter().enumerate().filter_map(|(c, h)| Some((c, layout::year(h)?)));
            for (column, when) in yearly {
                // region headings are short rows, or rows of empty fields
                let Some(text) = row.get(column).filter(|t| !t.is_empty()) else { continue };
                let percent = text.strip_suffix('%').map(|t| t.trim().parse::<f64>());
                for at in self.who(&code, when, table) {
                    let value = match &percent {
                        Some(Ok(x)) => Some(*x),
                        Some(Err(_)) => return Err(row.mistake(column, format!("`{text}` is not a share"))),
                        None => row.number(column)?.map(|x| x * 100.0),
                    };
                    let why = format!("`{text}`");
                    self.put(
                        Figure { at, key: Key::Burden, year: when, code: &code, value, why: &why },
                        &row,
                        column,
                    )?;
                }
            }
        }
        self.log.add(Kind::Note, "SIPRI marks estimates by colour, which a CSV file does not keep");
        Ok(())
    }

    fn world_bank(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        self.claim(Key::Gdp, table, cited)?;
        let [state, indicator] = columns(table, ["Country Code", "Indicator Code"])?;
        let yearly: Vec<(usize, i32)> =
            table.header.iter().enumerate().filter_map(|(c, h)| Some((c, layout::year(h)?))).collect();
        if yearly.is_empty() {
            return Err(table.mistake("no column is a year").help("use the wide form: one column a year"));
        }
        for row in table.rows() {
            let row = row?;
            let code = Code::Iso(row.text(state)?.to_string());
            let what = row.text(indicator)?;
            for (column, when) in &yearly {
                for at in self.who(&code, *when, table) {
                    if what != "NY.GDP.MKTP.CD" {
                        return Err(row
                            .mistake(indicator, format!("`{what}` is not GDP in current US dollars"))
                            .help("download the indicator NY.GDP.MKTP.CD"));
                    }
                    let value = row.number(*column)?.map(|x| x / 1e9);
                    self.put(
                        Figure { at, key: Key::Gdp, year: *when, code: &code, value, why: "empty field" },
                        &row,
                        *column,
                    )?;
                }
            }
        }
        Ok(())
    }

    /// The day on which states that lie side by side are looked at: the start, or the first day both are there.
    fn first_day(&self, states: &[usize]) -> Day {
        let born = states.iter().filter_map(|at| codes::life(&self.request.states[*at])).map(|life| life.0);
        born.fold(self.request.first_day(), Day::max)
    }

    /// The position of the state that has this number on the first day it counts.
    fn numbered(&self, number: i64) -> Option<usize> {
        let spells = |iso: &str| codes::spells(iso).filter(|s| s.cow == number).collect::<Vec<_>>();
        self.request.states.iter().enumerate().position(|(at, iso)| {
            let day = self.first_day(&[at]);
            spells(iso).iter().any(|s| s.from <= day && s.until >= day)
        })
    }

    fn contiguity(&mut self, table: &Table, dataset: &Dataset, cited: &str) -> Result<(), Mistake> {
        let names = if table.column("ccode1").is_some() { dataset.needs[0] } else { dataset.needs[1] };
        let mut place = [0; 5];
        for (slot, name) in place.iter_mut().zip(names) {
            [*slot] = columns(table, [*name])?;
        }
        let [one, two, kind, from, until] = place;
        let mut rows = Vec::new();
        for row in table.rows() {
            let row = row?;
            let pair = (self.numbered(row.whole(one)?), self.numbered(row.whole(two)?));
            rows.push((pair, row.whole(kind)?, row.day(from)?, row.day(until)?));
        }
        let last = rows.iter().map(|r| r.3).max().unwrap_or(codes::NEVER);
        for ((one, two), kind, from, until) in rows {
            let (Some(a), Some(b)) = (one, two) else { continue };
            let day = self.first_day(&[a, b]);
            // a spell that ends where the file ends has not ended
            if kind == 1 && from <= day && (until >= day || until == last) {
                self.borders.insert((a.min(b), a.max(b)));
            }
        }
        if last < self.request.first_day() {
            self.log.add(Kind::Note, format!("borders are those of {}, where {} ends", last.0, table.name()));
        }
        self.others.insert("borders".into(), cited.to_string());
        Ok(())
    }

    fn capital_file(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        let numbered = table.column("ccode").filter(|_| table.column("stdate").is_some());
        let state = match numbered {
            Some(column) => column,
            None => columns(table, ["state"])?[0],
        };
        let [lat] = columns(table, ["lat"])?;
        let lon = table.any(&["lng", "lon"]).unwrap_or(lat);
        let name = table.column("capital");
        let (from, until) = (table.any(&["stdate", "from"]), table.any(&["enddate", "until"]));
        for row in table.rows() {
            let row = row?;
            let (at, number) = match numbered {
                Some(column) => {
                    let number = row.whole(column)?;
                    let mine = |iso: &String| codes::spells(iso).any(|s| s.cow == number);
                    // a number may be of two of the states asked for, one after the other
                    let all: Vec<usize> =
                        (0..self.request.states.len()).filter(|i| mine(&self.request.states[*i])).collect();
                    (all, Some(number))
                }
                None => (self.typed(&row, state)?.into_iter().collect(), None),
            };
            for at in at {
                let (a, b) = (row.measure(lat)?, row.measure(lon)?);
                if !(-90.0..=90.0).contains(&a) || !(-180.0..=180.0).contains(&b) {
                    return Err(row
                        .mistake(lat, format!("({a}, {b}) is no place on Earth"))
                        .help("latitude first, in degrees"));
                }
                let day = |column: Option<usize>, otherwise: Day| match column {
                    Some(c) if row.get(c).is_some_and(|t| !t.is_empty()) => row.day(c),
                    _ => Ok(otherwise),
                };
                let capital = Capital {
                    name: name.and_then(|c| row.get(c)).unwrap_or("").to_string(),
                    from: day(from, codes::ALWAYS)?,
                    until: day(until, codes::NEVER)?,
                    point: (a, b),
                    number,
                };
                self.capitals[at].push(capital);
            }
        }
        self.others.insert("capital".into(), cited.to_string());
        Ok(())
    }

    /// The state typed in a table made by hand; nothing if it is known but not among those asked for.
    fn typed(&self, row: &Row<'_>, column: usize) -> Result<Option<usize>, Mistake> {
        let text = row.text(column)?;
        let iso = super::request::state(text, self.request.start).map_err(|m| {
            let mistake = row.mistake(column, m.message);
            let digits = text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
            match m.help {
                _ if digits => mistake.help(
                    "a column of numbers is called ccode (Correlates of War) or gwno (Gleditsch and Ward)",
                ),
                Some(help) => mistake.help(help),
                None => mistake,
            }
        })?;
        Ok(self.request.states.iter().position(|s| *s == iso))
    }

    fn atop(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
        let [id, member, yrent, yrexit, defense] =
            columns(table, ["atopid", "member", "yrent", "yrexit", "defense"])?;
        let part = |names: [&str; 2]| columns(table, names);
        let ([moent, dayent], [moexit, dayexit]) = (part(["moent", "dayent"])?, part(["moexit", "dayexit"])?);
        let mut spells: BTreeMap<(i64, usize), Vec<Phase>> = BTreeMap::new();
        let mut without_defence: BTreeMap<(i64, usize), i32> = BTreeMap::new();
        for row in table.rows() {
            let row = row?;
            let day = |y, m, d| -> Result<Option<Day>, Mistake> {
                let (year, month, day) = (row.whole(y)?, row.bounded(m, 0, 12)?, row.bounded(d, 0, 31)?);
                Ok((year > 0).then_some((
                    year as i32,
                    month.max(1).unsigned_abs(),
                    day.max(1).unsigned_abs(),
                )))
            };
            let Some(from) = day(yrent, moent, dayent)? else {
                return Err(row.mistake(yrent, "a member without a year of entry"));
            };
            let until = day(yrexit, moexit, dayexit)?;
            let alliance = row.whole(id)?;
            let Some(spell) = codes::on(&Code::Cow(row.whole(member)?), from) else { continue };
            let Some(at) = self.request.states.iter().position(|s| *s == spell.iso) else { continue };
            if row.whole(defense)? == 1 {
                spells.entry((alliance, at)).or_default().push((from, until));
            } else {
                without_defence.insert((alliance, at), from.0);
            }
        }
        let held: BTreeSet<i64> = spells.keys().map(|k| k.0).collect();
        let mut used = false;
        for (place, body) in self.request.bodies.iter().enumerate() {
            let Members::Alliance(number) = body.members else { continue };
            used = true;
            if !held.contains(&number) {
                let known: Vec<String> = held.iter().map(i64::to_string).collect();
                let words = if without_defence.keys().any(|k| k.0 == number) {
                    format!("alliance {number} binds none of the states asked for to defend another")
                } else {
                    format!("no alliance {number} with a state asked for in {}", table.name())
                };
                return Err(table.mistake(words).help(format!(
                    "with a duty to defend: {}; a body that is no alliance: --body {}=FILE",
                    if known.is_empty() { "none".to_string() } else { known.join(", ") },
                    body.code
                )));
            }
            for ((_, at), phases) in spells.iter().filter(|(k, _)| k.0 == number) {
                let joined = join(phases.clone());
                let spell = |(from, until): Phase| Membership { from: word(from), until: until.map(word) };
                self.members[place].insert(*at, joined.into_iter().map(spell).collect());
            }
            for (_, at) in
                without_defence.keys().filter(|k| k.0 == number && !self.members[place].contains_key(&k.1))
            {
                let (iso, code) = (&self.request.states[*at], &body.code);
                self.log.add(
                    Kind::Note,
                    format!("{code}: {iso} signed without a duty to defend and is left out"),
                );
            }
            self.others.insert(format!("members of {}", body.code), cited.to_string());
        }
        if !used {
            self.log.add(
                Kind::Note,
                format!("{} was not used: --body CODE=NUMBER takes an alliance from it", table.name()),
            );
        }
        Ok(())
    }

    fn member_file(&mut self, place: usize, path: &Path) -> Result<(), Mistake> {
        let wanted =
            |h: &[String]| ["state", "from"].iter().all(|n| h.iter().any(|c| c.eq_ignore_ascii_case(n)));
        let (table, _) = Table::open(path, wanted)?;
        let [state, from] = columns(&table, ["state", "from"])?;
        let (until, why) = (table.column("until"), table.column("source"));
        let code = self.request.bodies[place].code.clone();
        let mut sources = BTreeSet::new();
        let mut outside = Vec::new();
        for row in table.rows() {
            let row = row?;
            let Some(at) = self.typed(&row, state)? else {
                outside.push(row.text(state)?.to_string());
                continue;
            };
            let date = |column: usize| -> Result<(String, Date), Mistake> {
                let text = row.text(column)?;
                let date = Date::parse(text).ok_or_else(|| {
                    row.mistake(column, format!("`{text}` is not a date"))
                        .help("write 1999, 1999Q2, 1999-04 or 1999-04-24")
                })?;
                Ok((text.to_string(), date))
            };
            let (first, begins) = date(from)?;
            let last = until.filter(|c| row.get(*c).is_some_and(|t| !t.is_empty())).map(date).transpose()?;
            if let Some((text, ends)) = &last
                && (*ends < begins || (*ends == begins && *text < first))
            {
                return Err(row
                    .mistake(from, format!("a member from {first} until {text}"))
                    .help("the end lies before the beginning"));
            }
            let spells = self.members[place].entry(at).or_default();
            if spells.last().is_some_and(|s: &Membership| {
                s.until.as_deref().and_then(Date::parse).is_none_or(|until| until > begins)
            }) {
                let iso = &self.request.states[at];
                return Err(row
                    .mistake(state, format!("{iso} is still a member then"))
                    .help("put spells in order, each but the last with an end"));
            }
            spells.push(Membership { from: first, until: last.map(|l| l.0) });
            if let Some(text) = why.and_then(|c| row.get(c)).filter(|t| !t.is_empty()) {
                sources.insert(text.to_string());
            }
        }
        if self.members[place].is_empty() {
            return Err(table.mistake(format!("{} names no member among the states asked for", table.name())));
        }
        if !outside.is_empty() {
            self.log.add(
                Kind::Note,
                format!("{code}: members not asked for are left out: {}", outside.join(", ")),
            );
        }
        let name = file_name(path);
        let listed = sources.into_iter().collect::<Vec<_>>().join("; ");
        let cited = self.cite(&name, if listed.is_empty() { name.clone() } else { listed });
        self.log.add(Kind::File, format!("{name}: members of {code}"));
        self.others.insert(format!("members of {code}"), cited);
        Ok(())
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

    /// Puts in what was given by hand, works out spending where no file gives it, fills what may be filled, and looks for what
    /// is missing.
    pub fn finish(&mut self) -> Result<(), Mistake> {
        for (name, codes) in &self.unknown {
            let some: Vec<&str> = codes.iter().take(8).map(String::as_str).collect();
            let more = if codes.len() > 8 { ", ..." } else { "" };
            self.log.add(
                Kind::Note,
                format!(
                    "{name}: rows under codes that mean no state are not used: {}{more}",
                    some.join(", ")
                ),
            );
        }
        if let Some(at) = self.members.iter().position(BTreeMap::is_empty) {
            let code = &self.request.bodies[at].code;
            return Err(Mistake::general(format!("no file gives the members of {code}"))
                .help("the number of an alliance needs the member-level file of ATOP"));
        }
        if !self.sources.contains_key(&Key::Burden) {
            self.spending_over_gdp()?;
        }
        for given in &self.request.given {
            let place = "given by hand".to_string();
            let name = given.key.map_or("habit", Key::name);
            let when = given.year.map_or(String::new(), |y| format!(" {y}"));
            self.log.add(Kind::Judgement, format!("{} {name}{when}: {} by hand", given.state, given.value));
            if let (Some(at), Some(key), Some(year)) =
                (self.request.states.iter().position(|s| *s == given.state), given.key, given.year)
            {
                let code = Code::Iso(given.state.clone());
                let entry = Entry { value: Some(given.value), place, why: String::new(), code };
                self.figures.entry((at, key)).or_default().insert(year, entry);
            }
        }
        for at in 0..self.request.states.len() {
            for key in Key::ALL {
                self.settle(at, key)?;
            }
            self.settle_capital(at)?;
        }
        if !self.others.contains_key("borders") {
            self.log.add(Kind::Judgement, "borders: no file gives them, so no state has a land neighbour");
        }
        Ok(())
    }

    fn spending_over_gdp(&mut self) -> Result<(), Mistake> {
        let mut any = false;
        for ((at, year), (thousands, origin)) in std::mem::take(&mut self.spending) {
            let iso = &self.request.states[at];
            let wealth = self.figures.get(&(at, Key::Gdp)).and_then(|s| s.get(&year)).and_then(|e| e.value);
            let Some(gdp) = wealth.filter(|g| *g > 0.0) else { continue };
            if self.request.given(iso, Some(Key::Burden), Some(year)).is_some() {
                continue;
            }
            let burden = thousands / 1e6 / gdp * 100.0;
            if self.asked(year) {
                in_range(Key::Burden, burden, iso, year, &origin)?;
            }
            any = true;
            let entry = Entry {
                value: Some(burden),
                place: origin.place(),
                why: String::new(),
                code: Code::Iso(iso.clone()),
            };
            self.figures.entry((at, Key::Burden)).or_default().insert(year, entry);
        }
        if any {
            let nmc = self.sources.get(&Key::Capability).map_or("NMC", |s| s.0.as_str());
            let gdp = self.sources.get(&Key::Gdp).map_or("GDP", |s| s.0.as_str());
            let cited = format!("spending of {nmc} over GDP of {gdp}");
            let judged =
                format!("burden: {cited}, at official exchange rates, for want of a file that gives it");
            self.log.add(Kind::Judgement, judged);
            self.sources.insert(Key::Burden, (cited, "spending over GDP".into()));
        }
        Ok(())
    }

    /// Keeps what was asked for, fills what may be filled, and says what is missing.
    fn settle(&mut self, at: usize, key: Key) -> Result<(), Mistake> {
        let (iso, name) = (self.request.states[at].clone(), key.name());
        if self.request.given(&iso, Some(key), None).is_some() {
            self.figures.remove(&(at, key));
            return Ok(());
        }
        let Some((_, file)) = self.sources.get(&key).cloned() else {
            if self.figures.get(&(at, key)).is_some_and(|s| !s.is_empty()) {
                return Ok(());
            }
            let by = layout::DATASETS.iter().find(|d| d.gives == name).map_or("a file", |d| d.name);
            return Err(Mistake::general(format!("no file gives `{name}` ({}) of {iso}", key.unit()))
                .help(format!("{by}, or --read {name}=FILE, or --give {iso}.{name}=VALUE")));
        };
        let all = self.figures.remove(&(at, key)).unwrap_or_default();
        let value = |year: i32| all.get(&year).filter(|e| e.value.is_some());
        let mut kept: BTreeMap<i32, Entry> = BTreeMap::new();
        for given in self.request.given.iter().filter(|g| g.state == iso && g.key == Some(key)) {
            if let Some(year) = given.year
                && let Some(entry) = value(year)
            {
                kept.insert(year, entry.clone());
            }
        }
        for &year in &self.request.years {
            if !self.request.counts(&iso, year) {
                self.log.add(Kind::Note, format!("{iso} {year}: no state then, no figures"));
                continue;
            }
            if let Some(pick) = self.request.picked(&iso, year) {
                self.log.add(
                    Kind::Judgement,
                    format!("{iso} {year}: figures under number {} are taken for it", pick.number),
                );
            }
            if let Some(entry) = value(year) {
                kept.insert(year, entry.clone());
                continue;
            }
            let why =
                all.get(&year).map_or(format!("nothing in {file}"), |e| format!("{} at {}", e.why, e.place));
            let near = |d: &i32| {
                [year - d, year + d].into_iter().find(|y| {
                    !self.request.years.contains(y) && codes::existed(&iso, *y) && value(*y).is_some()
                })
            };
            let from = (1..=self.request.fill).find_map(|d| near(&d));
            match from.and_then(|y| Some((y, value(y)?.clone()))) {
                Some((other, entry)) => {
                    let x = entry.value.unwrap_or_default();
                    self.log.add(
                        Kind::Fill,
                        format!(
                            "{iso} {name} {year}: {why}; the value of {other} is written under {other} ({})",
                            super::write::round(x)
                        ),
                    );
                    kept.insert(other, entry);
                }
                None => {
                    let within = if self.request.fill > 0 {
                        format!(", and none within {} years", self.request.fill)
                    } else {
                        String::new()
                    };
                    self.log.add(Kind::Gap, format!("{iso} {name} {year}: {why}{within}"));
                }
            }
        }
        if kept.is_empty() {
            let years: Vec<String> = self.request.years.iter().map(i32::to_string).collect();
            let near = if all.values().any(|e| e.value.is_some()) {
                "--fill YEARS takes the nearest year; or give it"
            } else {
                "give it"
            };
            return Err(Mistake::general(format!(
                "{file} has no `{name}` of {iso} for {}",
                years.join(", ")
            ))
            .help(format!("{near} by hand: --give {iso}.{name}=VALUE (it is marked as a judgement)")));
        }
        self.figures.insert((at, key), kept);
        Ok(())
    }

    fn settle_capital(&mut self, at: usize) -> Result<(), Mistake> {
        let iso = &self.request.states[at];
        let day = self.first_day(&[at]);
        let last = (self.request.end.year(), self.request.end.month().unsigned_abs(), 31);
        let numbers = |d: Day| codes::spells(iso).filter(move |s| s.from <= d && s.until >= d).map(|s| s.cow);
        let fits = |c: &Capital, d: Day| {
            c.from <= d && c.until >= d && c.number.is_none_or(|n| numbers(d).any(|m| m == n))
        };
        let all = std::mem::take(&mut self.capitals[at]);
        let Some(first) = all.iter().find(|c| fits(c, day)) else {
            return Err(Mistake::general(format!("no file gives the capital of {iso} on {}", word(day)))
                .help("a table with the columns state, capital, lat, lon will do"));
        };
        for moved in all.iter().filter(|c| c.from > day && c.from <= last && c.point != first.point) {
            self.log.add(
                Kind::Note,
                format!(
                    "{iso}: the capital moves from {} to {} on {}; {} is written",
                    first.name,
                    moved.name,
                    word(moved.from),
                    first.name
                ),
            );
        }
        self.capitals[at] = vec![first.clone()];
        Ok(())
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
            super::write::round(x)
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

fn word(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.0, day.1, day.2)
}

/// Joins the phases of a treaty into the spells of a member: first entry to last exit, unless it was away in between.
fn join(mut phases: Vec<Phase>) -> Vec<Phase> {
    let count = |d: Day| i64::from(d.0) * 372 + i64::from(d.1) * 31 + i64::from(d.2);
    phases.sort_unstable();
    let mut joined: Vec<Phase> = Vec::new();
    for (from, until) in phases {
        match joined.last_mut() {
            Some((_, last)) if last.is_none_or(|l| count(from) - count(l) <= PHASE) => {
                *last = match (*last, until) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => joined.push((from, until)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_joined_and_absences_kept() {
        let phases = vec![
            ((1992, 5, 15), Some((1999, 4, 20))),
            ((2002, 10, 7), None),
            ((1999, 4, 20), Some((2002, 10, 7))),
        ];
        assert_eq!(join(phases), [((1992, 5, 15), None)]);
        let away = vec![((2006, 8, 17), Some((2012, 6, 28))), ((1992, 5, 15), Some((1999, 4, 20)))];
        assert_eq!(join(away), [((1992, 5, 15), Some((1999, 4, 20))), ((2006, 8, 17), Some((2012, 6, 28)))]);
    }
}
