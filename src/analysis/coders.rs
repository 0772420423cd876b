//! Two coders: another hand's signs for the facts, and how far the two agree.

use std::path::Path;

use super::facts::Fact;
use crate::scenario::Mistake;
use crate::theory::SCHOOLS;

/// The signs that a coder may give.
pub const SIGNS: [char; 3] = ['+', '-', '0'];

/// Another coder's signs.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// Name of the file they came from.
    pub name: String,
    /// For each fact coded, the sign for each school in the order of the roster; none where the cell is empty.
    pub signs: Vec<(String, [Option<char>; 3])>,
}

/// Agreement of two coders over signs.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Signs that both gave.
    pub pairs: usize,
    /// Signs on which they agree.
    pub same: usize,
    /// Cohen's kappa over all schools; NaN if chance alone would make them agree always.
    pub kappa: f64,
    /// Cohen's kappa of each school, in the order of the roster.
    pub by_school: [f64; 3],
    /// Where they differ: fact, school, the scenario's sign, the other's.
    pub differ: Vec<(String, usize, char, char)>,
}

impl Claims {
    /// Reads a table with a column `fact` and a column for each school coded: cells +, -, 0 or empty. Semicolons between cells are
    /// understood.
    ///
    /// # Errors
    /// A file that cannot be read or has no such columns, an unknown school, a fact of no case compared, one that
    /// stands twice, or a cell that is no sign; the line is named.
    pub fn read(path: &Path, facts: &[&Fact]) -> Result<Self, Mistake> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Mistake::general(format!("cannot read {shown}: {error}")))?;
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or("");
        let delimiter = if first.contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let broken = |error: csv::Error| Mistake::general(format!("cannot read {shown}: {error}"));
        let header = reader.headers().map_err(broken)?.clone();
        let Some(key) = header.iter().position(|h| h.trim() == "fact") else {
            return Err(Mistake::general(format!("{shown} has no column `fact`"))
                .help("the columns are fact and the schools coded; cells hold +, - or 0"));
        };
        let mut columns: Vec<(usize, usize)> = Vec::new();
        for (c, name) in header.iter().enumerate().filter(|(c, _)| *c != key) {
            let name = name.trim();
            match SCHOOLS.iter().position(|s| *s == name) {
                Some(school) => columns.push((c, school)),
                None => {
                    return Err(Mistake::general(format!("{shown}:1: unknown school `{name}`"))
                        .suggest(name, SCHOOLS));
                }
            }
        }
        let mut signs: Vec<(String, [Option<char>; 3])> = Vec::new();
        for row in reader.records() {
            let row = row.map_err(broken)?;
            let line = row.position().map_or(0, csv::Position::line);
            let id = row.get(key).unwrap_or("").trim();
            if !facts.iter().any(|f| f.id == id) {
                return Err(Mistake::general(format!(
                    "{shown}:{line}: `{id}` is a fact of no case compared"
                ))
                .suggest(id, facts.iter().map(|f| f.id.as_str())));
            }
            if signs.iter().any(|s| s.0 == id) {
                return Err(Mistake::general(format!("{shown}:{line}: `{id}` stands twice")));
            }
            let mut own = [None; 3];
            for &(c, school) in &columns {
                let cell = row.get(c).unwrap_or("").trim();
                // spreadsheets turn a hyphen into a dash or a minus sign
                let cell = if ["\u{2013}", "\u{2212}"].contains(&cell) { "-" } else { cell };
                own[school] = match cell.chars().next() {
                    None => None,
                    Some(sign) if cell.chars().count() == 1 && SIGNS.contains(&sign) => Some(sign),
                    Some(_) => {
                        return Err(Mistake::general(format!("{shown}:{line}: `{cell}` is not a sign"))
                            .help(
                                "+ the school accounts for the fact, - it speaks against it, 0 it is silent",
                            ));
                    }
                };
            }
            signs.push((id.to_string(), own));
        }
        if signs.iter().all(|s| s.1.iter().all(Option::is_none)) {
            return Err(Mistake::general(format!("{shown} holds no signs")));
        }
        let name = path.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        Ok(Claims { name, signs })
    }

    /// Facts with this coder's signs where they gave any.
    pub fn recode(&self, facts: &[Fact]) -> Vec<Fact> {
        let mut out = facts.to_vec();
        for fact in &mut out {
            if let Some((_, own)) = self.signs.iter().find(|s| s.0 == fact.id) {
                for (sign, other) in fact.claims.iter_mut().zip(own) {
                    *sign = other.unwrap_or(*sign);
                }
            }
        }
        out
    }

    /// How far this coder agrees with the signs that stand in the facts.
    pub fn agreement(&self, facts: &[&Fact]) -> Agreement {
        let mut pairs: Vec<(usize, char, char)> = Vec::new();
        let mut differ = Vec::new();
        for (id, own) in &self.signs {
            let Some(fact) = facts.iter().find(|f| f.id == *id) else { continue };
            for (school, other) in own.iter().enumerate() {
                let Some(other) = *other else { continue };
                pairs.push((school, fact.claims[school], other));
                if other != fact.claims[school] {
                    differ.push((id.clone(), school, fact.claims[school], other));
                }
            }
        }
        let of = |school: Option<usize>| -> Vec<(char, char)> {
            pairs.iter().filter(|p| school.is_none_or(|s| s == p.0)).map(|p| (p.1, p.2)).collect()
        };
        Agreement {
            pairs: pairs.len(),
            same: pairs.len() - differ.len(),
            kappa: kappa(&of(None)),
            by_school: [0, 1, 2].map(|s| kappa(&of(Some(s)))),
            differ,
        }
    }
}

/// Cohen's kappa (Cohen 1960): agreement over what the coders' own frequencies would give by chance. NaN without pairs, or if
/// both coders give one and the same sign throughout.
pub fn kappa(pairs: &[(char, char)]) -> f64 {
    let n = pairs.len() as f64;
    let observed = pairs.iter().filter(|p| p.0 == p.1).count() as f64 / n;
    let chance: f64 = SIGNS
        .iter()
        .map(|&sign| {
            let of = |count: usize| count as f64 / n;
            of(pairs.iter().filter(|p| p.0 == sign).count())
                * of(pairs.iter().filter(|p| p.1 == sign).count())
        })
        .sum();
    let room = 1.0 - chance;
    if room > 1e-12 { (observed - chance) / room } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(counts: &[(char, char, usize)]) -> Vec<(char, char)> {
        counts.iter().flat_map(|&(a, b, n)| std::iter::repeat_n((a, b), n)).collect()
    }

    #[test]
    fn kappa_of_known_tables() {
        // Cohen 1960, table 2 as a two-way table: .7 agree where .5 would by chance
        let fair = pairs(&[('+', '+', 20), ('+', '-', 5), ('-', '+', 10), ('-', '-', 15)]);
        assert!((kappa(&fair) - 0.4).abs() < 1e-12);
        assert!((kappa(&pairs(&[('+', '+', 3), ('0', '0', 2)])) - 1.0).abs() < 1e-12);
        let crossed = pairs(&[('+', '-', 1), ('-', '+', 1)]);
        assert!((kappa(&crossed) + 1.0).abs() < 1e-12);
        assert!(kappa(&pairs(&[('+', '+', 4)])).is_nan() && kappa(&[]).is_nan());
    }
}
