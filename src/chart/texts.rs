//! Every word on a chart or page, in each language: the words of a chart beside it, all others in `texts/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A language of charts and pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its code (ISO 639-1), which is also the name of its files.
    pub code: &'static str,
    /// What its speakers call it.
    pub name: &'static str,
}

/// Every language. The first is the one that holds unless another is chosen. A new language is a line here, one in
/// `files!`, and a file in every folder that has an `en.toml`.
pub const LANGUAGES: [Language; 2] =
    [Language { code: "en", name: "English" }, Language { code: "fr", name: "français" }];

/// The texts of a folder in every language, in the order of [`LANGUAGES`].
macro_rules! files {
    ($folder:expr) => {
        [include_str!(concat!($folder, "/en.toml")), include_str!(concat!($folder, "/fr.toml"))]
    };
}
pub(super) use files;

/// Words of charts in general, of pages and of the laboratory: the section is the file's.
const SHARED: [&str; LANGUAGES.len()] = files!("texts");

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Many(Vec<String>),
}

type Section = BTreeMap<String, Text>;

static TEXTS: LazyLock<[BTreeMap<String, Section>; LANGUAGES.len()]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        let mut all: BTreeMap<String, Section> = toml::from_str(SHARED[k]).unwrap_or_default();
        for (name, files) in super::TEXTS {
            all.insert((*name).to_string(), toml::from_str(files[k]).unwrap_or_default());
        }
        all
    })
});

static CHOSEN: AtomicUsize = AtomicUsize::new(0);

/// Chooses the language of the charts and pages that this process makes from now on, by its code.
///
/// # Errors
/// A code that is none of [`LANGUAGES`]: the message names them.
pub fn choose(code: &str) -> anyhow::Result<()> {
    let Some(place) = LANGUAGES.iter().position(|l| l.code == code) else {
        let known: Vec<String> = LANGUAGES.iter().map(|l| format!("{} ({})", l.code, l.name)).collect();
        anyhow::bail!("there are no texts in `{code}`; there are {}", known.join(" and "));
    };
    CHOSEN.store(place, Ordering::Relaxed);
    Ok(())
}

/// The language chosen.
pub fn language() -> Language {
    LANGUAGES[CHOSEN.load(Ordering::Relaxed)]
}

fn section(name: &str) -> Option<&'static Section> {
    TEXTS[CHOSEN.load(Ordering::Relaxed)].get(name)
}

/// A text by its place, with `{name}` replaced by values. A value that is a name is told in the language chosen.
///
/// # Panics
/// In tests and debug builds, if the text does not exist.
pub fn text(section: &str, key: &str, values: &[(&str, &str)]) -> String {
    let found = find(section, key);
    debug_assert!(found.is_some(), "no text {section}.{key}");
    let values = values.iter().map(|(key, value)| (key, name(value)));
    values.fold(found.unwrap_or_default(), |t, (key, value)| t.replace(&format!("{{{key}}}"), &value))
}

/// A text that may not be there, such as the name of a population made in a scenario.
pub fn find(place: &str, key: &str) -> Option<String> {
    match section(place)?.get(key)? {
        Text::One(text) => Some(text.clone()),
        Text::Many(_) => None,
    }
}

/// A phrase of a page, which its English words name, in the language chosen.
pub fn phrase(english: &str) -> String {
    find("page", english).unwrap_or_else(|| english.to_string())
}

/// A state, body, event or proposal as the language calls it; as the scenario does if the language has no name for it.
pub fn name(named: &str) -> String {
    find("names", named).unwrap_or_else(|| named.to_string())
}

/// The same data with every text that is a name told in the language chosen.
pub fn named(data: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match data {
        Value::String(text) => Value::String(name(&text)),
        Value::Array(list) => list.into_iter().map(named).collect(),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, named(value))).collect())
        }
        other => other,
    }
}

/// A term of a decision as people read it.
pub fn term(name: &str) -> String {
    find("terms", name).unwrap_or_else(|| name.to_string())
}

/// A share in percent, to `digits`, as the language writes it.
pub fn percent(share: f64, digits: usize) -> String {
    if share.is_nan() {
        "–".into()
    } else {
        text("locale", "percent", &[("n", &figure(100.0 * share, digits))])
    }
}

/// A number with `digits` decimals, as the language writes it.
pub fn figure(x: f64, digits: usize) -> String {
    format!("{x:.digits$}").replace('.', &text("locale", "decimal", &[]))
}

/// A number with as many decimals as it has, as the language writes it.
pub fn written(x: f64) -> String {
    x.to_string().replace('.', &text("locale", "decimal", &[]))
}

/// A difference with its sign and two decimals, as the language writes it.
pub fn signed(x: f64) -> String {
    format!("{x:+.2}").replace('.', &text("locale", "decimal", &[]))
}

/// A list of texts.
pub fn list(place: &str, key: &str) -> Vec<String> {
    match section(place).and_then(|s| s.get(key)) {
        Some(Text::Many(list)) => list.clone(),
        _ => Vec::new(),
    }
}

/// All plain texts of a section, for the drawing functions.
pub fn words(place: &str) -> serde_json::Value {
    let pairs = section(place).into_iter().flatten();
    let plain = pairs.filter_map(|(key, text)| match text {
        Text::One(text) => Some((key.clone(), text.clone().into())),
        Text::Many(_) => None,
    });
    serde_json::Value::Object(plain.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section, key and number of each text, and the values it has places for.
    fn shape(place: usize) -> BTreeMap<(String, String, usize), Vec<String>> {
        let values = |text: &String| {
            let mut named: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('}')?.0.to_string()))
                .collect();
            named.sort();
            named.dedup();
            named
        };
        let mut out = BTreeMap::new();
        for (name, section) in &TEXTS[place] {
            for (key, text) in section {
                match text {
                    Text::One(text) => drop(out.insert((name.clone(), key.clone(), 0), values(text))),
                    Text::Many(list) => {
                        for (n, text) in list.iter().enumerate() {
                            out.insert((name.clone(), key.clone(), n + 1), values(text));
                        }
                    }
                }
            }
        }
        out
    }

    #[test]
    fn every_language_says_the_same_things_with_the_same_values() {
        // names and phrases that are told in English by the code or the page itself
        const NAMES: [&str; 4] = ["populations", "terms", "names", "page"];
        let told = |place| {
            let mut all = shape(place);
            all.retain(|text, _| !NAMES.contains(&text.0.as_str()));
            all
        };
        let first = told(0);
        assert!(first.len() > 300, "the texts are read");
        for place in 1..LANGUAGES.len() {
            let other = told(place);
            for (text, values) in &first {
                assert_eq!(other.get(text), Some(values), "{} in {}", text.1, LANGUAGES[place].code);
            }
            assert_eq!(first.len(), other.len(), "{} has a text of its own", LANGUAGES[place].code);
        }
    }

    #[test]
    fn schools_and_terms_have_names_in_every_language() {
        let file =
            |p: &str| std::fs::read_to_string(format!("{}/src/theory/{p}.rs", env!("CARGO_MANIFEST_DIR")));
        let mut names: Vec<String> = Vec::new();
        for room in ["terms", "realism", "institutionalism", "constructivism"] {
            let source = file(room).expect("a room of the theory");
            for key in ["name: \"", "against: \""] {
                names.extend(
                    source.split(key).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_string())),
                );
            }
        }
        assert!(names.len() > 50, "the terms are read");
        for texts in &TEXTS[1..] {
            for name in &names {
                assert!(texts["terms"].contains_key(name), "no word for the term {name}");
            }
            for school in crate::theory::SCHOOLS {
                assert!(texts["populations"].contains_key(school), "no word for {school}");
            }
        }
    }

    #[test]
    fn a_language_that_is_not_there_is_named_with_those_that_are() {
        let error = choose("tlh").expect_err("no such language").to_string();
        assert_eq!(error, "there are no texts in `tlh`; there are en (English) and fr (français)");
    }
}
