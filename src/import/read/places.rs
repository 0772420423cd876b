//! Where states lie: capitals and land borders.

use super::super::layout::Dataset;
use super::super::log::Kind;
use super::super::table::Table;
use super::{Capital, Found, columns, word};
use crate::scenario::codes::Day;
use crate::scenario::{Mistake, codes};

impl Found<'_> {
    /// The day on which states that lie side by side are looked at: the start, or the first day both are there.
    pub(super) fn first_day(&self, states: &[usize]) -> Day {
        let born = states.iter().filter_map(|at| codes::life(&self.request.states[*at])).map(|life| life.0);
        born.fold(self.request.first_day(), Day::max)
    }

    /// The position of the state that has this number on the first day it counts.
    pub(super) fn numbered(&self, number: i64) -> Option<usize> {
        let spells = |iso: &str| codes::spells(iso).filter(|s| s.cow == number).collect::<Vec<_>>();
        self.request.states.iter().enumerate().position(|(at, iso)| {
            let day = self.first_day(&[at]);
            spells(iso).iter().any(|s| s.from <= day && s.until >= day)
        })
    }

    pub(super) fn contiguity(
        &mut self,
        table: &Table,
        dataset: &Dataset,
        cited: &str,
    ) -> Result<(), Mistake> {
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

    pub(super) fn capital_file(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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

    pub(super) fn settle_capital(&mut self, at: usize) -> Result<(), Mistake> {
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
