//! Every word on a chart or page, kept in one place: `texts/en.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Many(Vec<String>),
}

type Texts = BTreeMap<String, BTreeMap<String, Text>>;

static ENGLISH: LazyLock<Texts> =
    LazyLock::new(|| toml::from_str(include_str!("texts/en.toml")).unwrap_or_default());

/// A text by its place, with `{name}` replaced by values.
///
/// # Panics
/// In tests and debug builds, if the text does not exist.
pub fn text(section: &str, key: &str, values: &[(&str, &str)]) -> String {
    let found = find(section, key);
    debug_assert!(found.is_some(), "no text {section}.{key}");
    values.iter().fold(found.unwrap_or_default(), |t, (name, value)| t.replace(&format!("{{{name}}}"), value))
}

/// A text that may not be there, such as the name of a population made in a scenario.
pub fn find(section: &str, key: &str) -> Option<String> {
    match ENGLISH.get(section)?.get(key)? {
        Text::One(text) => Some(text.clone()),
        Text::Many(_) => None,
    }
}

/// A list of texts.
pub fn list(section: &str, key: &str) -> Vec<String> {
    match ENGLISH.get(section).and_then(|s| s.get(key)) {
        Some(Text::Many(list)) => list.clone(),
        _ => Vec::new(),
    }
}

/// All plain texts of a section, for the drawing functions.
pub fn words(section: &str) -> serde_json::Value {
    let pairs = ENGLISH.get(section).into_iter().flatten();
    let plain = pairs.filter_map(|(key, text)| match text {
        Text::One(text) => Some((key.clone(), text.clone().into())),
        Text::Many(_) => None,
    });
    serde_json::Value::Object(plain.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read() {
        assert!(!ENGLISH.is_empty());
        assert!(text("common", "caption", &[("name", "x")]).contains('x'));
    }
}
