//! What is asked of the importer, checked before any file is read.

use std::path::PathBuf;

use crate::model::date::Date;
use crate::scenario::Mistake;
use crate::scenario::codes::{self, Code, Day};
use crate::scenario::document::suggestion;
use crate::scenario::spec::{self, Kind};

/// A figure of a state that data sets give by year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Share of world capability (CINC), 0 to 1.
    Capability,
    /// Gross domestic product, billion US dollars.
    Gdp,
    /// Military spending, percent of GDP.
    Burden,
    /// Electoral democracy, 0 to 1.
    Regime,
    /// Foreign-policy position, an ideal point.
    Alignment,
}

impl Key {
    /// All keys, in the order of the states file.
    pub const ALL: [Key; 5] = [Key::Capability, Key::Gdp, Key::Burden, Key::Regime, Key::Alignment];

    /// The key as typed in a scenario.
    pub fn name(self) -> &'static str {
        match self {
            Key::Capability => "capability",
            Key::Gdp => "gdp",
            Key::Burden => "burden",
            Key::Regime => "regime",
            Key::Alignment => "alignment",
        }
    }

    /// The key called `name`.
    ///
    /// # Errors
    /// If there is none.
    pub fn called(name: &str) -> Result<Key, Mistake> {
        Key::ALL.into_iter().find(|k| k.name() == name).ok_or_else(|| {
            Mistake::general(format!("`{name}` is not a figure of a state by year"))
                .suggest(name, Key::ALL.map(Key::name))
        })
    }

    /// Lowest and highest value a scenario accepts.
    pub fn range(self) -> (f64, f64) {
        let key = spec::STATE.iter().find(|k| k.name == self.name());
        match key.map(|k| k.kind) {
            Some(Kind::Dated(low, high) | Kind::Number(low, high)) => (low, high),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// The unit, in words.
    pub fn unit(self) -> &'static str {
        spec::STATE.iter().find(|k| k.name == self.name()).map_or("", |k| k.unit)
    }
}

/// A column of any table with a state, a year and a value: `KEY=FILE[:COLUMN][*FACTOR]`.
#[derive(Clone, Debug)]
pub struct Column {
    /// What it gives.
    pub key: Key,
    /// The file.
    pub path: PathBuf,
    /// The column, if it is not called `value`.
    pub column: Option<String>,
    /// What its numbers are multiplied by to come to the unit of the key.
    pub factor: f64,
}

impl Column {
    /// Reads `KEY=FILE[:COLUMN][*FACTOR]`.
    ///
    /// # Errors
    /// Anything else, or an unknown key.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let bad = || {
            Mistake::general(format!("`{text}` does not name a column"))
                .help("write KEY=FILE, KEY=FILE:COLUMN or KEY=FILE:COLUMN*FACTOR, for instance gdp=wealth.csv:usd*0.001")
        };
        let (key, rest) = text.split_once('=').ok_or_else(bad)?;
        let key = Key::called(key.trim())?;
        let (rest, factor) = match rest.rsplit_once('*') {
            Some((rest, factor)) => (rest, factor.trim().parse().map_err(|_| bad())?),
            None => (rest, 1.0),
        };
        let (path, column) = match rest.rsplit_once(':') {
            Some((path, column)) if !column.contains(['/', '\\', '.']) => {
                (path, Some(column.trim().to_string()))
            }
            _ => (rest, None),
        };
        if path.trim().is_empty() || !f64::is_finite(factor) || column.as_deref() == Some("") {
            return Err(bad());
        }
        Ok(Column { key, path: PathBuf::from(path.trim()), column, factor })
    }
}

/// A figure given by hand: `STATE.KEY=VALUE` or `STATE.KEY.YEAR=VALUE`. It is a judgement, and wins over every file.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The state.
    pub state: String,
    /// The key; nothing for `habit`, which no data set gives.
    pub key: Option<Key>,
    /// The year, or nothing for all years.
    pub year: Option<i32>,
    /// The value, in the unit of the key.
    pub value: f64,
}

impl Given {
    /// Reads `STATE.KEY=VALUE` or `STATE.KEY.YEAR=VALUE`.
    ///
    /// # Errors
    /// Anything else, an unknown key, or a value outside the range of the key.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let bad = || {
            Mistake::general(format!("`{text}` does not give a figure"))
                .help("write STATE.KEY=VALUE or STATE.KEY.YEAR=VALUE, for instance BRN.regime=0.1")
        };
        let (left, value) = text.split_once('=').ok_or_else(bad)?;
        let value: f64 = value.trim().parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(bad)?;
        let mut parts = left.split('.').map(str::trim);
        let (state, key) = (parts.next().unwrap_or(""), parts.next().ok_or_else(bad)?);
        let year = parts.next().map(|y| y.parse().map_err(|_| bad())).transpose()?;
        if parts.next().is_some() || state.is_empty() || (key == "habit" && year.is_some()) {
            return Err(bad());
        }
        let key = if key == "habit" { None } else { Some(Key::called(key)?) };
        let (low, high) = key.map_or((0.0, 1.0), Key::range);
        if !(low..=high).contains(&value) {
            let message = format!("`{text}`: {value} lies outside {low} to {high}");
            return Err(Mistake::general(message));
        }
        Ok(Given { state: state.to_string(), key, year, value })
    }
}

/// Which number stands for a state in a year: `STATE.YEAR=NUMBER`. It lets a successor inherit, knowingly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The state.
    pub state: String,
    /// The year.
    pub year: i32,
    /// The number, Correlates of War or Gleditsch and Ward.
    pub number: i64,
}

impl Pick {
    /// Reads `STATE.YEAR=NUMBER`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let read = || {
            let (left, number) = text.split_once('=')?;
            let (state, year) = left.split_once('.')?;
            Some(Pick {
                state: state.trim().to_string(),
                year: year.trim().parse().ok()?,
                number: number.trim().parse().ok()?,
            })
        };
        read().ok_or_else(|| {
            Mistake::general(format!("`{text}` does not pick a code"))
                .help("write STATE.YEAR=NUMBER, for instance DEU.1990=255 or RUS.1991=365")
        })
    }
}

/// Where the members of a body stand.
#[derive(Clone, Debug)]
pub enum Members {
    /// The number of an alliance in the ATOP file.
    Alliance(i64),
    /// A table with `state`, `from` and, if it ends, `until`.
    File(PathBuf),
}

/// A body whose members are wanted: `CODE=ATOP-NUMBER` or `CODE=FILE`.
#[derive(Clone, Debug)]
pub struct Body {
    /// The code of the organisation.
    pub code: String,
    /// Where its members stand.
    pub members: Members,
}

impl Body {
    /// Reads `CODE=ATOP-NUMBER` or `CODE=FILE`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let bad = || {
            Mistake::general(format!("`{text}` does not name a body"))
                .help("write CODE=FILE, a table of state, from and until, or CODE=NUMBER, an alliance of the ATOP file")
        };
        let (code, from) = text.split_once('=').ok_or_else(bad)?;
        let (code, from) = (code.trim(), from.trim());
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if code.is_empty() || !code.chars().all(plain) || from.is_empty() {
            return Err(bad());
        }
        let members = match from.parse() {
            Ok(number) => Members::Alliance(number),
            Err(_) => Members::File(PathBuf::from(from)),
        };
        Ok(Body { code: code.to_string(), members })
    }
}

/// What is typed about states, years and files.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Name of the scenario and of its files.
    pub name: String,
    /// States: ISO codes, `cow:NUMBER` or `gw:NUMBER`.
    pub states: Vec<String>,
    /// Years with commas between, or `FIRST-LAST`, or `FIRST-LAST/STEP`.
    pub years: String,
    /// First step of the run; else the first year.
    pub start: Option<String>,
    /// Last step of the run; else the end of the last year.
    pub end: Option<String>,
    /// Files in a layout of the field.
    pub files: Vec<PathBuf>,
    /// Columns of other tables.
    pub columns: Vec<Column>,
    /// Figures by hand.
    pub given: Vec<Given>,
    /// Codes picked.
    pub picks: Vec<Pick>,
    /// Great powers.
    pub great: Vec<String>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// How many years away a gap may be filled from; 0 fills nothing.
    pub fill: i32,
    /// What to write into `source` for a file: `FILE=TEXT`.
    pub cite: Vec<String>,
}

/// A request that makes sense: states are known, years are in order.
#[derive(Clone, Debug)]
pub struct Request {
    /// Name of the scenario and of its files.
    pub name: String,
    /// ISO codes, as typed, each once.
    pub states: Vec<String>,
    /// Years, in order.
    pub years: Vec<i32>,
    /// First step.
    pub start: Date,
    /// Last step.
    pub end: Date,
    /// Files in a layout of the field.
    pub files: Vec<PathBuf>,
    /// Columns of other tables.
    pub columns: Vec<Column>,
    /// Figures by hand.
    pub given: Vec<Given>,
    /// Codes picked.
    pub picks: Vec<Pick>,
    /// Great powers, by ISO code.
    pub great: Vec<String>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// Years a fill may come from.
    pub fill: i32,
    /// File name and what to write into `source` for it.
    pub cite: Vec<(String, String)>,
}

impl Request {
    /// Checks what was asked.
    ///
    /// # Errors
    /// An unknown state, years that are none, or a run that ends before it starts.
    pub fn new(asked: Asked) -> Result<Self, Mistake> {
        let years = years(&asked.years)?;
        let (first, last) = (years[0], years[years.len() - 1]);
        let start = date("--start", asked.start.as_deref(), Date::new(first, 1))?;
        let end = date("--end", asked.end.as_deref(), Date::new(last, 12))?;
        if end < start {
            return Err(Mistake::general(format!("the run ends in {end}, before it starts in {start}")));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if asked.name.is_empty() || !asked.name.chars().all(plain) {
            return Err(Mistake::general(format!("`{}` cannot be the name of files", asked.name))
                .help("letters, digits, - and _"));
        }
        let mut states: Vec<String> = Vec::new();
        for typed in &asked.states {
            let iso = state(typed, start)?;
            if states.contains(&iso) {
                return Err(Mistake::general(format!("{iso} is named twice among the states")));
            }
            if !years.iter().any(|y| codes::existed(&iso, *y)) && !asked.picks.iter().any(|p| p.state == iso)
            {
                let (from, until) = life(&iso);
                return Err(Mistake::general(format!(
                    "{iso} is a state from {from} to {until}, in none of the years asked"
                )));
            }
            states.push(iso);
        }
        if states.len() < 2 {
            return Err(Mistake::general("a world needs at least two states").help("--states USA,CHN,..."));
        }
        let named = asked.given.iter().map(|g| (&g.state, "--give"));
        let named = named.chain(asked.picks.iter().map(|p| (&p.state, "--code")));
        for (who, option) in named.chain(asked.great.iter().map(|g| (g, "--great-powers"))) {
            if !states.contains(who) {
                return Err(Mistake::general(format!(
                    "{option} speaks of `{who}`, which is not among the states"
                ))
                .suggest(who, states.iter().map(String::as_str)));
            }
        }
        let mut cite = Vec::new();
        for text in &asked.cite {
            let (file, words) =
                text.split_once('=').filter(|(f, w)| !f.is_empty() && !w.is_empty()).ok_or_else(|| {
                    Mistake::general(format!("`{text}` does not say what to cite"))
                        .help("write FILE=TEXT, for instance vdem.csv=\"V-Dem v15\"")
                })?;
            let paths = asked.files.iter().chain(asked.columns.iter().map(|c| &c.path));
            let bodies = asked.bodies.iter().filter_map(|b| match &b.members {
                Members::File(path) => Some(path),
                Members::Alliance(_) => None,
            });
            let names: Vec<String> = paths.chain(bodies).map(|p| file_name(p)).collect();
            if !names.iter().any(|n| n == file) {
                return Err(Mistake::general(format!(
                    "--cite speaks of `{file}`, which is not among the files"
                ))
                .suggest(file, names.iter().map(String::as_str)));
            }
            cite.push((file.to_string(), words.to_string()));
        }
        Ok(Request {
            name: asked.name,
            states,
            years,
            start,
            end,
            files: asked.files,
            columns: asked.columns,
            given: asked.given,
            picks: asked.picks,
            great: asked.great,
            bodies: asked.bodies,
            fill: asked.fill,
            cite,
        })
    }

    /// The first day of the run.
    pub(super) fn first_day(&self) -> Day {
        (self.start.year(), self.start.month().unsigned_abs(), 1)
    }

    /// What was picked for a state in a year.
    pub(super) fn picked(&self, iso: &str, year: i32) -> Option<&Pick> {
        self.picks.iter().find(|p| p.state == iso && p.year == year)
    }

    /// Whether figures of `iso` in `year` may be used: it was a state then, or this was asked for.
    pub(super) fn counts(&self, iso: &str, year: i32) -> bool {
        codes::existed(iso, year) || self.picked(iso, year).is_some()
    }

    /// What was given by hand for a state, a key and a year.
    pub(super) fn given(&self, iso: &str, key: Option<Key>, year: Option<i32>) -> Option<&Given> {
        self.given.iter().find(|g| g.state == iso && g.key == key && (g.year.is_none() || g.year == year))
    }
}

pub(super) fn file_name(path: &std::path::Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// First and last day of a state, in words.
fn life(iso: &str) -> (String, String) {
    let word = |d: Day| format!("{:04}-{:02}-{:02}", d.0, d.1, d.2);
    match codes::life(iso) {
        Some((from, until)) => (
            if from == codes::ALWAYS { "before 1945".into() } else { word(from) },
            if until == codes::NEVER { "today".into() } else { word(until) },
        ),
        None => ("never".into(), "never".into()),
    }
}

fn date(option: &str, text: Option<&str>, otherwise: Date) -> Result<Date, Mistake> {
    let Some(text) = text else { return Ok(otherwise) };
    Date::parse(text).ok_or_else(|| {
        Mistake::general(format!("{option} {text} is not a date"))
            .help("write 1999, 1999Q2, 1999-04 or 1999-04-24")
    })
}

fn years(text: &str) -> Result<Vec<i32>, Mistake> {
    let bad = || {
        Mistake::general(format!("--years {text} does not name years"))
            .help("write 1995,2000,2005 or 1995-2010 or 1995-2010/5")
    };
    let number = |t: &str| t.trim().parse::<i32>().map_err(|_| bad());
    let mut found = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, number(step)?),
            None => (part, 1),
        };
        let (first, last) = match range.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(range)?, number(range)?),
        };
        if step < 1 || last < first || last > 2999 {
            return Err(bad());
        }
        found.extend((first..=last).step_by(step.unsigned_abs() as usize));
    }
    if let Some(early) = found.iter().find(|y| **y < codes::FIRST_YEAR) {
        return Err(Mistake::general(format!(
            "{early} lies before {}, where the table of codes begins",
            codes::FIRST_YEAR
        )));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The ISO code of a state as typed.
pub(super) fn state(typed: &str, start: Date) -> Result<String, Mistake> {
    let typed = typed.trim();
    let day = (start.year(), start.month().unsigned_abs(), 28);
    if let Some((system, number)) = typed.split_once(':') {
        let number: i64 = number.parse().map_err(|_| {
            Mistake::general(format!("`{typed}` is not a state"))
                .help("write cow:365, gw:365 or an ISO code such as RUS")
        })?;
        let code = match system {
            "cow" => Code::Cow(number),
            "gw" => Code::Gw(number),
            _ => {
                return Err(Mistake::general(format!("`{system}` is not a system of codes"))
                    .help("cow, gw, or an ISO code alone"));
            }
        };
        return codes::on(&code, day)
            .map(|s| s.iso.clone())
            .ok_or_else(|| Mistake::general(format!("`{typed}` means no state at the start, {start}")));
    }
    if codes::known(&Code::Iso(typed.to_string())) {
        return Ok(typed.to_string());
    }
    let mistake = Mistake::general(format!("unknown state `{typed}`"));
    for code in [Code::Letters(typed.to_string()), Code::Name(typed.to_string())] {
        if let Some(spell) = codes::table().iter().rev().find(|s| codes::names(s, &code)) {
            return Err(mistake.help(format!("{} is {} in ISO letters", spell.name, spell.iso)));
        }
    }
    let known: Vec<&str> = codes::table().iter().map(|s| s.iso.as_str()).collect();
    let help = suggestion(typed, &known)
        .unwrap_or_else(|| "states are named by their ISO 3166-1 letters, for instance IDN".into());
    Err(mistake.help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_lists_and_ranges() {
        assert_eq!(years("2000,1995").expect("years"), [1995, 2000]);
        assert_eq!(years("1995-2010/5").expect("years"), [1995, 2000, 2005, 2010]);
        assert_eq!(years("1999-2001").expect("years"), [1999, 2000, 2001]);
        for text in ["soon", "2000-1990", "1995-2010/0", "1930"] {
            assert!(years(text).is_err(), "{text}");
        }
    }

    #[test]
    fn states_are_typed_in_three_systems() {
        let start = Date::new(1995, 1);
        assert_eq!(state("DEU", start).expect("a state"), "DEU");
        assert_eq!(state("cow:255", start).expect("a state"), "DEU");
        assert_eq!(state("gw:260", start).expect("a state"), "DEU");
        assert_eq!(state("cow:365", Date::new(1985, 1)).expect("a state"), "SUN");
        let said = state("GMY", start).expect_err("letters").to_string();
        assert!(said.contains("Germany is DEU"), "{said}");
        assert!(
            state("cow:260", start).is_err() && state("un:5", start).is_err() && state("QQQ", start).is_err()
        );
    }

    #[test]
    fn columns_and_figures_are_read_as_typed() {
        let c = Column::parse("gdp=a/b.csv:usd*0.001").expect("a column");
        assert_eq!(
            (c.key, c.path.to_str(), c.column.as_deref(), c.factor),
            (Key::Gdp, Some("a/b.csv"), Some("usd"), 0.001)
        );
        assert_eq!(Column::parse("gdp=b.csv").expect("a column").column, None);
        assert!(
            Column::parse("habits=b.csv").is_err()
                && Column::parse("gdp=:x").is_err()
                && Column::parse("gdp=b*x").is_err()
        );
        let g = Given::parse("BRN.regime.2000=0.1").expect("a figure");
        assert_eq!((g.state.as_str(), g.key, g.year, g.value), ("BRN", Some(Key::Regime), Some(2000), 0.1));
        assert!(
            Given::parse("BRN.regime=7").is_err()
                && Given::parse("BRN=1").is_err()
                && Given::parse("BRN.habit.2000=1").is_err()
        );
        assert_eq!(Pick::parse("DEU.1990=255").expect("a pick").number, 255);
        assert!(Pick::parse("DEU=255").is_err());
    }
}
