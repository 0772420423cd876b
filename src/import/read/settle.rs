//! What was found is completed: by hand, by division, by what may be filled; what is missing is said.

use std::collections::BTreeMap;

use super::super::layout;
use super::super::log::Kind;
use super::super::request::Key;
use super::{Entry, Found, in_range};
use crate::scenario::codes::Code;
use crate::scenario::{Mistake, codes};

impl Found<'_> {
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

    pub(super) fn spending_over_gdp(&mut self) -> Result<(), Mistake> {
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
    pub(super) fn settle(&mut self, at: usize, key: Key) -> Result<(), Mistake> {
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
                            crate::import::write::round(x)
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
}
