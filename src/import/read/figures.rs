//! Figures of the data sets of the field: a number for a state and a year.

use super::super::layout;
use super::super::log::Kind;
use super::super::request::Key;
use super::super::table::Table;
use super::{Figure, Found, columns};
use crate::scenario::Mistake;
use crate::scenario::codes::Code;

/// Fewer votes than these in a session make no estimate.
const VOTES: i64 = 15;

impl Found<'_> {
    pub(super) fn nmc(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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

    pub(super) fn vdem(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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

    pub(super) fn ideal_points(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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

    pub(super) fn sipri(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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

    pub(super) fn world_bank(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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
}
