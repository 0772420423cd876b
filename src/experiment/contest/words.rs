//! Words that the summaries of contests share.

use crate::game::tournament::Rules;

/// The rules in words.
pub(crate) fn rules_in_words(rules: &Rules) -> String {
    let p = rules.payoffs;
    let mut text = if rules.ending > 0.0 {
        format!("matches that end after each turn with probability {}", rules.ending)
    } else {
        format!("matches of {} turns", rules.turns)
    };
    text += &format!(", payoffs {}, {}, {}, {}", p.temptation, p.reward, p.punishment, p.sucker);
    if rules.noise > 0.0 {
        text += &format!(", {} of moves executed wrongly", percent(rules.noise));
    }
    if rules.misperception > 0.0 {
        text += &format!(", {} of moves misread", percent(rules.misperception));
    }
    text
}

pub(crate) fn percent(x: f64) -> String {
    let x = 100.0 * x;
    if x > 0.0 && x < 1.0 { format!("{x:.1}%") } else { format!("{x:.0}%") }
}

/// How long a line of the paragraph may get.
const WIDTH: usize = 100;

/// Breaks a paragraph into lines.
pub(crate) fn wrap(text: &str) -> String {
    let (mut out, mut width) = (String::new(), 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out += word;
        width += length;
    }
    out
}
