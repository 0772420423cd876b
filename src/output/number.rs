//! Numbers as text.

use std::fmt::Write;

/// A number for a table: six decimals at most, no trailing zeros, empty for a missing value.
pub fn show(x: f64) -> String {
    let mut text = String::new();
    show_into(x, &mut text);
    text
}

/// Writes what [`show`] gives into `text`, in place of what stood there: no allocation in long tables.
pub fn show_into(x: f64, text: &mut String) {
    text.clear();
    if !x.is_finite() {
        return;
    }
    let rounded = (x * 1e6).round() / 1e6;
    if rounded == 0.0 {
        text.push('0');
    } else {
        // writing to a string cannot fail
        let _ = write!(text, "{rounded}");
    }
}
