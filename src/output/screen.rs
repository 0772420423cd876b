//! What goes to the terminal: plain text, and never a reason to fail.

use std::borrow::Cow;
use std::io::Write;

/// Text as it may stand on a terminal: control characters, which could command it, are written out (`\x1b` as `\\u{1b}`);
/// line ends and tabs stay.
///
/// ```
/// assert_eq!(twain::output::screen::plain("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\n");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    let wild = |c: char| c.is_control() && c != '\n' && c != '\t';
    if !text.contains(wild) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if wild(c) { out.extend(c.escape_default()) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Prints to stdout.
///
/// # Errors
/// If stdout is full or closed; a reader that has gone away is no error.
pub fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", plain(text)).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Prints to stderr as far as that is possible.
pub fn murmur(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", plain(text));
}

/// A remark on stderr that stops nothing.
macro_rules! note {
    ($($words:tt)*) => { $crate::output::screen::murmur(&format!("note: {}", format_args!($($words)*))) };
}
pub(crate) use note;
