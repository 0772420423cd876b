//! Every word on a chart or page, kept in one place: `texts/en.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static ENGLISH: LazyLock<BTreeMap<String, BTreeMap<String, String>>> =
    LazyLock::new(|| toml::from_str(include_str!("texts/en.toml")).unwrap_or_default());

/// A text by its place, with `{name}` replaced by values.
///
/// # Panics
/// In tests and debug builds, if the text does not exist.
pub fn text(section: &str, key: &str, values: &[(&str, &str)]) -> String {
    let found = ENGLISH.get(section).and_then(|s| s.get(key));
    debug_assert!(found.is_some(), "no text {section}.{key}");
    values
        .iter()
        .fold(found.cloned().unwrap_or_default(), |t, (name, value)| t.replace(&format!("{{{name}}}"), value))
}

/// All plain texts of a section, for the drawing functions.
pub fn words(section: &str) -> serde_json::Value {
    serde_json::to_value(ENGLISH.get(section)).unwrap_or_default()
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
