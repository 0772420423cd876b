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
    let millionths = (x * 1e6).round();
    if millionths == 0.0 {
        text.push('0');
    } else if millionths.abs() < 9e15 {
        millionths_into(millionths as i64, text);
    } else {
        // writing to a string cannot fail
        let _ = write!(text, "{}", millionths / 1e6);
    }
}

/// Writes a whole number of millionths as a decimal, digit by digit from the last.
fn millionths_into(millionths: i64, text: &mut String) {
    let mut digits = [b'0'; 24];
    let (mut rest, mut at, mut place) = (millionths.unsigned_abs(), digits.len(), 0);
    let mut seen = false;
    while rest > 0 || place <= 6 {
        let digit = (rest % 10) as u8;
        rest /= 10;
        // zeros at the end are left out
        seen |= digit > 0 || place >= 6;
        if seen {
            at -= 1;
            digits[at] = b'0' + digit;
        }
        place += 1;
        if place == 6 && seen {
            at -= 1;
            digits[at] = b'.';
        }
    }
    if millionths < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    text.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

/// A probability that may be tiny: twelve digits, in powers of ten below a millionth; empty for a missing value.
pub(super) fn small(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-6 {
        format!("{x:.11e}")
    } else if x.is_finite() {
        format!("{}", (x * 1e12).round() / 1e12)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_shortest_decimal() {
        let mut rng = crate::random::stream(1, crate::random::Purpose::Design, 0);
        let fixed =
            [0.0, -0.0, 1.0, -1.0, 0.5, 1e-6, -1e-6, 4e-7, 1_234_567.25, 1e9, -123.000_001, 1e17, 0.1 + 0.2];
        let drawn = (0..20_000).map(|k| {
            let u = crate::random::uniform(&mut rng);
            (u - 0.5) * 10f64.powi(k % 14 - 6)
        });
        for x in fixed.into_iter().chain(drawn) {
            let rounded = (x * 1e6).round() / 1e6;
            let plain = if rounded == 0.0 { "0".to_string() } else { format!("{rounded}") };
            assert_eq!(show(x), plain);
        }
    }
}
