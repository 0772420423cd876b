//! Members of bodies, from the treaties of ATOP or a table made by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::log::Kind;
use super::super::request::{Members, file_name};
use super::super::table::{Row, Table};
use super::{Found, Membership, columns, word};
use crate::model::date::Date;
use crate::scenario::codes::{Code, Day};
use crate::scenario::{Mistake, codes};

/// A member that is back within so many days never left: the phases of a treaty.
const PHASE: i64 = 31;

/// Entry and exit; no exit for one who is still in.
type Phase = (Day, Option<Day>);

impl Found<'_> {
    /// The state typed in a table made by hand; nothing if it is known but not among those asked for.
    pub(super) fn typed(&self, row: &Row<'_>, column: usize) -> Result<Option<usize>, Mistake> {
        let text = row.text(column)?;
        let iso = crate::import::request::state(text, self.request.start).map_err(|m| {
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

    pub(super) fn atop(&mut self, table: &Table, cited: &str) -> Result<(), Mistake> {
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

    pub(super) fn member_file(&mut self, place: usize, path: &Path) -> Result<(), Mistake> {
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
