//! Numbers as text.

/// A number for a table: six decimals at most, no trailing zeros, empty for a missing value.
pub fn show(x: f64) -> String {
    if !x.is_finite() {
        return String::new();
    }
    let rounded = (x * 1e6).round() / 1e6;
    if rounded == 0.0 { "0".into() } else { format!("{rounded}") }
}
