//! States and the codes that data sets give them, with the dates between which a code means a state.
//!
//! `codes.csv` is our own compilation: ISO 3166-1 letters (with SUN, DDR, CSK, YUG, VDR and YMD from ISO 3166-3, and XKX, which is
//! in use but not of ISO), numbers and letters of the Correlates of War state system (2016), numbers of Gleditsch and Ward (1999),
//! and the names the World Bank, SIPRI and V-Dem use. Dates are those on which a state began or ended after 1945, to the day where
//! the data sets agree; where the two lists differ (a state outside the United Nations, say), the earlier.

use std::sync::LazyLock;

/// A time during which a state had one set of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// ISO 3166-1 alpha-3, or the former code.
    pub iso: String,
    /// Name in English.
    pub name: String,
    /// Correlates of War number.
    pub cow: i64,
    /// Correlates of War letters; they look like ISO codes and are not.
    pub letters: String,
    /// Gleditsch and Ward number.
    pub gw: i64,
    /// First day, as year, month, day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Other names in use.
    pub names: Vec<String>,
}

/// A day: year, month, day. Compares as it should.
pub type Day = (i32, u32, u32);

/// Before every day of the table.
pub const ALWAYS: Day = (0, 1, 1);
/// After every day of the table.
pub const NEVER: Day = (9999, 12, 31);

/// First year the table speaks of.
pub const FIRST_YEAR: i32 = 1945;

/// How a data set names a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// ISO 3166-1 alpha-3.
    Iso(String),
    /// Correlates of War number.
    Cow(i64),
    /// Correlates of War letters.
    Letters(String),
    /// Gleditsch and Ward number.
    Gw(i64),
    /// A name in English.
    Name(String),
}

static TABLE: LazyLock<Vec<Spell>> = LazyLock::new(read);

/// All spells, in the order of Correlates of War numbers.
pub fn table() -> &'static [Spell] {
    &TABLE
}

fn read() -> Vec<Spell> {
    let mut reader = csv::Reader::from_reader(include_bytes!("codes.csv").as_slice());
    let spell = |r: csv::StringRecord| Spell {
        iso: r[0].to_string(),
        name: r[1].to_string(),
        cow: r[2].parse().unwrap_or(0),
        letters: r[3].to_string(),
        gw: r[4].parse().unwrap_or(0),
        from: day(&r[5]).unwrap_or(ALWAYS),
        until: day(&r[6]).unwrap_or(NEVER),
        names: r[7].split(';').filter(|n| !n.is_empty()).map(str::to_string).collect(),
    };
    reader.records().map_while(Result::ok).map(spell).collect()
}

/// Reads `1990-10-03` or `199010` (then the first of the month).
pub fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some((text[..4].parse().ok()?, text[4..].parse().ok()?, 1));
    }
    let mut parts = text.split('-');
    let day = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && (1..=12).contains(&day.1) && (1..=31).contains(&day.2)).then_some(day)
}

/// Days of `year` that lie in the spell, counted in months of 31: enough to compare two spells.
fn share(spell: &Spell, year: i32) -> i64 {
    let count = |d: Day| i64::from(d.0) * 372 + i64::from(d.1) * 31 + i64::from(d.2);
    let from = spell.from.max((year, 1, 1));
    let until = spell.until.min((year, 12, 31));
    (count(until) - count(from) + 1).max(0)
}

/// Whether the spell and the year share a day.
fn touches(spell: &Spell, year: i32) -> bool {
    spell.from <= (year, 12, 31) && spell.until >= (year, 1, 1)
}

/// Whether `code` is one of the spell's.
pub fn names(spell: &Spell, code: &Code) -> bool {
    match code {
        Code::Iso(iso) => spell.iso == *iso,
        Code::Cow(n) => spell.cow == *n,
        Code::Gw(n) => spell.gw == *n,
        Code::Letters(l) => spell.letters.eq_ignore_ascii_case(l),
        Code::Name(n) => std::iter::once(&spell.name).chain(&spell.names).any(|s| same(s, n)),
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The state that `code` means in `year`: the one that had it for most of the year. Nothing if it meant none.
pub fn holder(code: &Code, year: i32) -> Option<&'static Spell> {
    table().iter().filter(|s| names(s, code) && touches(s, year)).max_by_key(|s| share(s, year))
}

/// The state that `code` means on `day`.
pub fn on(code: &Code, day: Day) -> Option<&'static Spell> {
    table().iter().find(|s| names(s, code) && s.from <= day && s.until >= day)
}

/// Whether the code means a state at any time.
pub fn known(code: &Code) -> bool {
    table().iter().any(|s| names(s, code))
}

/// The ISO code of the state that the Correlates of War project abbreviates so, if the two differ.
pub fn iso_of(letters: &str) -> Option<&'static str> {
    let last = table().iter().rev().find(|s| s.letters == letters)?;
    (last.iso != letters).then_some(last.iso.as_str())
}

/// All spells of a state.
pub fn spells(iso: &str) -> impl Iterator<Item = &'static Spell> {
    table().iter().filter(move |s| s.iso == iso)
}

/// Whether the state existed for a day of `year`.
pub fn existed(iso: &str, year: i32) -> bool {
    spells(iso).any(|s| touches(s, year))
}

/// The first and the last day of a state.
pub fn life(iso: &str) -> Option<(Day, Day)> {
    let from = spells(iso).map(|s| s.from).min()?;
    Some((from, spells(iso).map(|s| s.until).max()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(code: Code, year: i32) -> &'static str {
        holder(&code, year).map_or("nobody", |s| s.iso.as_str())
    }

    #[test]
    fn every_line_of_the_table_is_whole() {
        let lines = include_str!("codes.csv").lines().count() - 1;
        assert_eq!(table().len(), lines);
        for s in table() {
            assert!(s.iso.len() == 3 && s.letters.len() == 3 && s.cow > 0 && s.gw > 0, "{s:?}");
            assert!(s.from < s.until, "{s:?}");
        }
    }

    #[test]
    fn no_code_means_two_states_on_one_day() {
        for (i, a) in table().iter().enumerate() {
            for b in &table()[i + 1..] {
                let apart = a.until < b.from || b.until < a.from;
                assert!(
                    apart || (a.cow != b.cow && a.gw != b.gw && a.iso != b.iso && a.letters != b.letters),
                    "{a:?}\n{b:?}"
                );
                assert!(apart || !same(&a.name, &b.name), "{a:?}\n{b:?}");
            }
        }
    }

    #[test]
    fn germany_twice_and_once() {
        assert_eq!((who(Code::Cow(260), 1989), who(Code::Cow(255), 1989)), ("DEU", "nobody"));
        assert_eq!((who(Code::Cow(255), 1995), who(Code::Cow(260), 1995)), ("DEU", "nobody"));
        assert_eq!((who(Code::Gw(260), 1989), who(Code::Gw(260), 1995)), ("DEU", "DEU"));
        assert_eq!(who(Code::Cow(265), 1990), "DDR");
        assert!(existed("DDR", 1990) && !existed("DDR", 1991));
        let numbers: Vec<i64> = spells("DEU").filter(|s| touches(s, 1990)).map(|s| s.cow).collect();
        assert_eq!(numbers, [260, 255]);
    }

    #[test]
    fn the_soviet_union_and_yugoslavia_are_not_their_successors() {
        assert_eq!(
            (who(Code::Cow(365), 1985), who(Code::Cow(365), 1991), who(Code::Cow(365), 1992)),
            ("SUN", "SUN", "RUS")
        );
        assert!(!existed("RUS", 1990) && !existed("SUN", 1992));
        assert_eq!((who(Code::Cow(345), 1991), who(Code::Cow(345), 1992)), ("YUG", "SRB"));
        assert_eq!(
            (who(Code::Gw(345), 2005), who(Code::Gw(340), 2007), who(Code::Cow(345), 2007)),
            ("SRB", "SRB", "SRB")
        );
        assert_eq!((who(Code::Cow(315), 1992), who(Code::Cow(316), 1993)), ("CSK", "CZE"));
        assert_eq!(
            (who(Code::Cow(678), 1989), who(Code::Cow(679), 1991), who(Code::Gw(678), 1991)),
            ("YEM", "YEM", "YEM")
        );
        assert_eq!(who(Code::Name("Yugoslavia".into()), 1985), "YUG");
    }

    #[test]
    fn letters_are_not_iso_codes() {
        assert_eq!(who(Code::Letters("MNG".into()), 2010), "MNE");
        assert_eq!(who(Code::Iso("MNG".into()), 2010), "MNG");
        assert_eq!(who(Code::Letters("AUS".into()), 2010), "AUT");
        assert_eq!((iso_of("UKG"), iso_of("GFR"), iso_of("YUG")), (Some("GBR"), Some("DEU"), Some("SRB")));
        assert_eq!((iso_of("GBR"), iso_of("RUS"), iso_of("YEM")), (None, None, None));
        assert_eq!(who(Code::Name("Viet Nam".into()), 2010), "VNM");
        assert_eq!(who(Code::Name("türkiye".into()), 2010), "TUR");
    }

    #[test]
    fn days_are_read_in_two_forms() {
        assert_eq!(
            (day("1990-10-03"), day("199010"), day("soon"), day("1990-13-01")),
            (Some((1990, 10, 3)), Some((1990, 10, 1)), None, None)
        );
    }
}
