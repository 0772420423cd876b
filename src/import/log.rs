//! What the importer noticed, kept for the reader.

use std::fmt::Write;

/// What a line of the log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A file that was read, and as what.
    File,
    /// Nobody measured it: somebody judged.
    Judgement,
    /// A value that is not there.
    Gap,
    /// A gap that was filled from a near year, because that was asked for.
    Fill,
    /// Something to know before the figures are trusted.
    Note,
    /// The terms of a data set.
    Terms,
}

impl Kind {
    /// All kinds, in the order of the log.
    pub const ALL: [Kind; 6] = [Kind::File, Kind::Judgement, Kind::Gap, Kind::Fill, Kind::Note, Kind::Terms];

    /// The word at the start of a line.
    pub fn word(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Judgement => "judgement",
            Kind::Gap => "gap",
            Kind::Fill => "fill",
            Kind::Note => "note",
            Kind::Terms => "terms",
        }
    }
}

/// The log of one import.
#[derive(Clone, Debug, Default)]
pub struct Log {
    lines: Vec<(Kind, String)>,
}

impl Log {
    /// Adds a line, unless it is there.
    pub(super) fn add(&mut self, kind: Kind, text: impl Into<String>) {
        let line = (kind, text.into());
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// The lines of one kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.lines.iter().filter(move |l| l.0 == kind).map(|l| l.1.as_str())
    }

    /// The whole log as text: one line each, kind by kind.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for kind in Kind::ALL {
            for line in self.of(kind) {
                // writing to a string cannot fail
                let _ = writeln!(out, "{:<10}{line}", kind.word());
            }
        }
        out
    }
}
