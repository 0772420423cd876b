//! Puts down what was found as TOML, each figure with its source, each judgement marked.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Imported;
use super::log;
use super::read::{Found, Membership};
use super::request::{Key, Request};
use crate::scenario::Mistake;
use crate::scenario::codes;
use crate::scenario::spec::{self, Kind};

/// Three significant digits.
pub(super) fn round(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}

/// The texts of an import.
pub(super) fn imported(request: &Request, mut found: Found<'_>) -> Result<Imported, Mistake> {
    let states = states(request, &mut found)?;
    let organisations = organisations(request, &mut found);
    let scenario = scenario(request, &mut found);
    Ok(Imported { states, organisations, scenario, log: found.log })
}

fn states(request: &Request, found: &mut Found<'_>) -> Result<String, Mistake> {
    let mut out = format!(
        "# States of {}, made by `twain import`. Dated values are interpolated between the years given and flat\n\
         # beyond them. Figures have three significant digits. What is marked as a judgement was measured by nobody.\n#\n",
        request.name
    );
    for key in Key::ALL {
        line(&mut out, format!("# {:<11} {}", key.name(), key.unit()));
    }
    for (at, iso) in request.states.iter().enumerate() {
        let name = codes::on(&codes::Code::Iso(iso.clone()), request.first_day())
            .or_else(|| codes::spells(iso).next())
            .map_or(iso.as_str(), |s| s.name.as_str());
        let Some(capital) = found.capitals[at].first() else { continue };
        line(&mut out, format!("\n[state.{iso}]\nname = {}", quoted(name)));
        let (lat, lon) = capital.point;
        let place = if capital.name.is_empty() { String::new() } else { format!("   # {}", capital.name) };
        line(&mut out, format!("capital = [{:.1}, {:.1}]{place}", lat, lon));
        let mut sources: BTreeSet<String> = BTreeSet::new();
        sources.extend(found.others.get("capital").cloned());
        for key in Key::ALL {
            let (value, cited) = match request.given(iso, Some(key), None) {
                Some(given) => (given.value.to_string(), "judgement".to_string()),
                None => {
                    let series = found.figures.get(&(at, key));
                    let value: Vec<String> = series
                        .into_iter()
                        .flatten()
                        .filter_map(|(year, e)| Some(format!("{year} = {}", round(e.value?))))
                        .collect();
                    let cited = found.sources.get(&key).map_or("judgement", |s| s.0.as_str());
                    sources.insert(cited.to_string());
                    let by_hand: Vec<String> = series
                        .into_iter()
                        .flatten()
                        .filter(|(year, _)| request.given(iso, Some(key), Some(**year)).is_some())
                        .map(|(year, _)| year.to_string())
                        .collect();
                    let note = if by_hand.is_empty() || cited == "judgement" {
                        cited.to_string()
                    } else {
                        format!("{cited}; judgement: {}", by_hand.join(", "))
                    };
                    (format!("{{ {} }}", value.join(", ")), note)
                }
            };
            line(&mut out, format!("{} = {value}   # {cited}", key.name()));
        }
        match request.given(iso, None, None) {
            Some(given) => line(&mut out, format!("habit = {}   # judgement", given.value)),
            None => line(&mut out, "habit = 0.5   # judgement".into()),
        }
        if request.great.contains(iso) {
            line(&mut out, "great_power = true   # judgement".into());
        }
        out.push_str(&life(request, iso));
        let mut neighbours: Vec<&str> = found
            .borders
            .iter()
            .filter_map(|&(a, b)| {
                // each pair is said once, by the state that comes first in the alphabet
                let (a, b) = (request.states[a].as_str(), request.states[b].as_str());
                (a.min(b) == iso).then_some(a.max(b))
            })
            .collect();
        neighbours.sort_unstable();
        if !neighbours.is_empty() {
            let list: Vec<String> = neighbours.iter().map(|n| quoted(n)).collect();
            let cited = found.others.get("borders").map_or("", String::as_str);
            line(&mut out, format!("borders = [{}]   # {cited}", list.join(", ")));
            sources.insert(cited.to_string());
        }
        sources.remove("judgement");
        let named: Vec<String> = sources.into_iter().collect();
        line(
            &mut out,
            format!("source = {}", quoted(&format!("{}; what is marked is a judgement", named.join("; ")))),
        );
    }
    let habits = request.states.iter().filter(|s| request.given(s, None, None).is_none()).count();
    if habits > 0 {
        found.log.add(
            log::Kind::Judgement,
            format!("habit: 0.5, halfway, for {habits} states; no data set gives it"),
        );
    }
    if request.great.is_empty() {
        found.log.add(log::Kind::Judgement, "great_power: nobody (--great-powers names them)");
    } else {
        found.log.add(log::Kind::Judgement, format!("great_power: {}", request.great.join(", ")));
    }
    Ok(out)
}

/// `from` and `until` of a state that begins or ends within the run; nothing for one that was picked to stand for another before.
fn life(request: &Request, iso: &str) -> String {
    let (mut out, last) = (String::new(), (request.end.year(), request.end.month().unsigned_abs(), 28));
    let Some((from, until)) = codes::life(iso) else { return out };
    let picked = request.picks.iter().any(|p| p.state == iso && p.year <= from.0);
    let word = |d: codes::Day| format!("{:04}-{:02}-{:02}", d.0, d.1, d.2);
    if from > request.first_day() && !picked {
        line(&mut out, format!("from = {}", quoted(&word(from))));
    }
    if until < last {
        line(&mut out, format!("until = {}", quoted(&word(until))));
    }
    out
}

fn line(out: &mut String, text: String) {
    // writing to a string cannot fail
    let _ = writeln!(out, "{text}");
}

/// Members as a table: a date for one open spell, else a list of spells.
fn members(request: &Request, spells: &std::collections::BTreeMap<usize, Vec<Membership>>) -> String {
    let spell = |m: &Membership| match &m.until {
        Some(until) => format!("[{}, {}]", quoted(&m.from), quoted(until)),
        None => format!("[{}]", quoted(&m.from)),
    };
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (at, list) in spells {
        let said = match list.as_slice() {
            [one] if one.until.is_none() => quoted(&one.from),
            many => format!("[{}]", many.iter().map(spell).collect::<Vec<_>>().join(", ")),
        };
        lines.push((
            list.first().map_or("", |m| m.from.as_str()),
            format!("{} = {said}", request.states[*at]),
        ));
    }
    lines.sort();
    lines.into_iter().map(|l| l.1).collect::<Vec<_>>().join(", ")
}

fn organisations(request: &Request, found: &mut Found<'_>) -> String {
    let mut out = format!(
        "# Organisations of {}, made by `twain import`. Dates come from data; all else is a judgement,\n# written with its default for you to change.\n",
        request.name
    );
    for (place, body) in request.bodies.iter().enumerate() {
        let code = &body.code;
        let cited = found.others.get(&format!("members of {code}")).cloned().unwrap_or_default();
        line(&mut out, format!("\n[organisation.{code}]\nname = {}", quoted(code)));
        line(&mut out, "# leader = \"CODE\"".into());
        line(&mut out, format!("members = {{ {} }}", members(request, &found.members[place])));
        line(&mut out, format!("source = {}", quoted(&format!("{cited}; all but the dates is a judgement"))));
        let mut left = Vec::new();
        for key in spec::ORGANISATION.iter().filter(|k| !k.default.is_empty() && k.default != "[]") {
            let value = match key.kind {
                Kind::Choice(_) | Kind::Text => quoted(key.default),
                Kind::Number(..) | Kind::Integer(..) | Kind::Boolean => key.default.to_string(),
                _ => continue,
            };
            line(&mut out, format!("{} = {value}   # judgement: {}", key.name, key.meaning));
            left.push(key.name);
        }
        found.log.add(
            log::Kind::Judgement,
            format!("organisation {code}: all but the dates: {}", left.join(", ")),
        );
    }
    out
}

fn scenario(request: &Request, found: &mut Found<'_>) -> String {
    let name = &request.name;
    let blocs: Vec<String> = request.bodies.iter().take(2).map(|b| quoted(&b.code)).collect();
    let blocs = if blocs.len() == 2 { format!("blocs = [{}]\n", blocs.join(", ")) } else { String::new() };
    let included = if request.bodies.is_empty() {
        format!("\"states/{name}.toml\"")
    } else {
        format!("\"states/{name}.toml\", \"organisations/{name}.toml\"")
    };
    found.log.add(
        log::Kind::Judgement,
        "issue security: a placeholder; issues, beliefs, events and proposals are yours to write",
    );
    format!(
        "# A scenario begun by `twain import`. Issues, beliefs, events and proposals are yours to write.\n\
         name = {quoted_name}\ntitle = {quoted_name}\ninclude = [{included}]\n\n\
         [run]\nstart = \"{start}\"\nend = \"{end}\"\nstep = \"quarter\"\nreplications = 100\n{blocs}\n\
         [issue.security]               # judgement: a placeholder\nname = \"Security\"\n\
         game = \"prisoners-dilemma\"\npayoffs = [5, 3, 1, 0]\nlevel = 0.5\n",
        quoted_name = quoted(name),
        start = request.start,
        end = request.end,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_kept() {
        for (x, shown) in [
            (0.00013576579, "0.000136"),
            (7639.74, "7640"),
            (3.638, "3.64"),
            (-1.572266, "-1.57"),
            (0.0, "0"),
        ] {
            assert_eq!(round(x).to_string(), shown);
        }
    }
}
