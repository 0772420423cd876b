//! A table of somebody else's, read row by row, with the place of every field.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;

use crate::scenario::Mistake;
use crate::scenario::codes::{self, Day};
use crate::scenario::document::{Origin, Source};

/// Words that stand for "no value" in the tables of the field.
const NOTHING: &[&str] = &["", "NA", "N/A", "NaN", "..", "...", ". .", "xxx", "-9"];
/// How far down a header may stand: publishers put titles and notes above it.
const PREFACE: usize = 40;

/// A file whose header was found.
#[derive(Debug)]
pub(super) struct Table {
    source: Arc<Source>,
    delimiter: u8,
    /// Names of the columns, as they stand.
    pub header: Vec<String>,
    header_place: (usize, u64),
    /// What stands above the header.
    pub preface: Vec<Vec<String>>,
}

impl Table {
    /// Reads `path` and looks for the first row that `wanted` takes for a header. If there is none, the first row is the header and
    /// the second value is false.
    ///
    /// # Errors
    /// A file that cannot be read, is not text in UTF-8, or holds nothing.
    pub fn open(path: &Path, wanted: impl Fn(&[String]) -> bool) -> Result<(Table, bool), Mistake> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|e| {
            let why = match e.kind() {
                std::io::ErrorKind::NotFound => "no such file".to_string(),
                std::io::ErrorKind::IsADirectory => "it is a folder; name a file in it".to_string(),
                _ => e.to_string(),
            };
            Mistake::general(format!("cannot read {shown}: {why}"))
        })?;
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x1f\x8b") {
            return Err(Mistake::general(format!("{shown} is a packed file or a workbook, not text"))
                .help("unpack it, or save the sheet as CSV in UTF-8"));
        }
        let text = String::from_utf8(bytes).map_err(|e| {
            let good = e.utf8_error().valid_up_to();
            let line = e.as_bytes()[..good].iter().filter(|b| **b == b'\n').count() + 1;
            let start = e.as_bytes()[..good].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            Mistake::general(format!("{shown}:{line}:{}: this is not text in UTF-8", good - start + 1))
                .help("save it as CSV in UTF-8, or convert it: iconv -f latin1 -t utf-8")
        })?;
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_string(),
            None => text,
        };
        let source = Arc::new(Source { path: path.to_path_buf(), text });
        let delimiter = delimiter(&source.text);
        let mut first: Option<Table> = None;
        let mut preface = Vec::new();
        for record in reader(&source.text, delimiter).into_records().take(PREFACE) {
            let record = record.map_err(|e| Mistake::general(format!("{shown}: {e}")))?;
            let header: Vec<String> = record.iter().map(|f| f.trim().to_string()).collect();
            let place = place(&source.text, &record);
            let found = wanted(&header);
            if found || first.is_none() {
                let table = Table {
                    source: source.clone(),
                    delimiter,
                    header: header.clone(),
                    header_place: place,
                    preface: preface.clone(),
                };
                if found {
                    return Ok((table, true));
                }
                first = Some(table);
            }
            preface.push(header);
        }
        first.map(|table| (table, false)).ok_or_else(|| Mistake::general(format!("{shown} is empty")))
    }

    /// The position of the column called `name`, whatever its case.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h.eq_ignore_ascii_case(name))
    }

    /// The first of `names` that is a column.
    pub fn any(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|n| self.column(n))
    }

    /// A mistake that points at the header.
    pub fn mistake(&self, message: impl Into<String>) -> Mistake {
        let start = self.header_place.0;
        let end = self.source.text[start..].find('\n').map_or(self.source.text.len(), |n| start + n);
        Mistake::at(&Origin::File(self.source.clone(), start..end), message)
    }

    /// The last part of the path.
    pub fn name(&self) -> String {
        let path = &self.source.path;
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
    }

    /// Every row below the header.
    pub fn rows(&self) -> impl Iterator<Item = Result<Row<'_>, Mistake>> {
        let line = self.header_place.1;
        reader(&self.source.text, self.delimiter).into_records().filter_map(move |record| {
            let record = match record {
                Ok(record) => record,
                Err(e) => return Some(Err(self.mistake(format!("{}: {e}", self.name())))),
            };
            let place = self::place(&self.source.text, &record);
            (place.1 > line).then(|| self.row(record, place))
        })
    }

    fn row(&self, record: StringRecord, (byte, line): (usize, u64)) -> Result<Row<'_>, Mistake> {
        let row = Row { table: self, record, byte, line };
        match row.record.iter().position(|f| f.contains('\n')) {
            Some(column) => Err(row
                .mistake(column, "a quotation mark is opened here and not closed on its line")
                .help("close it, or write two of them inside a quoted field")),
            None => Ok(row),
        }
    }
}

/// First byte and line of a record: the reader counts from the empty lines it skipped.
fn place(text: &str, record: &StringRecord) -> (usize, u64) {
    let (mut byte, mut line) = record.position().map_or((0, 1), |p| (p.byte() as usize, p.line()));
    while let Some(skipped @ (b'\n' | b'\r')) = text.as_bytes().get(byte) {
        byte += 1;
        line += u64::from(*skipped == b'\n');
    }
    (byte, line)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// Comma, semicolon or tab: whichever the first lines hold most of.
fn delimiter(text: &str) -> u8 {
    let head: Vec<u8> = text.lines().take(PREFACE).flat_map(str::bytes).collect();
    let count = |d: u8| head.iter().filter(|b| **b == d).count();
    // of equal counts the last wins: the comma
    [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',')
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<'a> {
    table: &'a Table,
    record: StringRecord,
    byte: usize,
    /// Line of the file, from 1.
    pub line: u64,
}

impl Row<'_> {
    /// The field, without spaces around it; nothing where the row is too short.
    pub fn get(&self, column: usize) -> Option<&str> {
        self.record.get(column).map(str::trim)
    }

    /// The field.
    ///
    /// # Errors
    /// If the row is too short to have it.
    pub fn text(&self, column: usize) -> Result<&str, Mistake> {
        self.get(column).ok_or_else(|| {
            let last = self.record.len().saturating_sub(1);
            let header = &self.table.header;
            self.mistake(
                last,
                format!(
                    "this row has {} fields, the header {}: `{}` is missing",
                    self.record.len(),
                    header.len(),
                    header.get(column).map_or("", String::as_str)
                ),
            )
            .help("was the file cut, or a line broken in two?")
        })
    }

    /// The number in the field; nothing for the words that stand for no value.
    ///
    /// # Errors
    /// If it is neither.
    pub fn number(&self, column: usize) -> Result<Option<f64>, Mistake> {
        let text = self.text(column)?;
        if NOTHING.contains(&text) || text.parse() == Ok(-9.0) {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(x) if x.is_finite() => Ok(Some(x)),
            _ => {
                let name = self.table.header.get(column).map_or("", String::as_str);
                let mistake = self.mistake(column, format!("`{text}` in column `{name}` is not a number"));
                Err(if text.contains(',') {
                    mistake.help("write a decimal point and no marks between thousands")
                } else {
                    mistake.help("a missing value is an empty field, NA, .., ..., xxx or -9")
                })
            }
        }
    }

    /// The number in the field, which must be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn measure(&self, column: usize) -> Result<f64, Mistake> {
        let text = self.text(column)?;
        text.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| {
            let name = self.table.header.get(column).map_or("", String::as_str);
            self.mistake(column, format!("`{text}` in column `{name}` is not a number"))
        })
    }

    /// The whole number in the field.
    ///
    /// # Errors
    /// If it is none.
    pub fn whole(&self, column: usize) -> Result<i64, Mistake> {
        let text = self.text(column)?;
        let whole = text.parse::<f64>().ok().filter(|x| x.fract() == 0.0 && x.abs() < 1e12);
        whole.map(|x| x as i64).ok_or_else(|| {
            let name = self.table.header.get(column).map_or("", String::as_str);
            self.mistake(column, format!("`{text}` in column `{name}` is not a whole number"))
        })
    }

    /// The whole number in the field, between two bounds, both included.
    ///
    /// # Errors
    /// If it is none, or lies outside.
    pub fn bounded(&self, column: usize, low: i32, high: i32) -> Result<i32, Mistake> {
        let whole = self.whole(column)?;
        i32::try_from(whole).ok().filter(|n| (low..=high).contains(n)).ok_or_else(|| {
            let name = self.table.header.get(column).map_or("", String::as_str);
            self.mistake(column, format!("{whole} in column `{name}` lies outside {low} to {high}"))
        })
    }

    /// The year in the field.
    ///
    /// # Errors
    /// If it is none.
    pub fn year(&self, column: usize) -> Result<i32, Mistake> {
        self.bounded(column, 1000, 2999)
    }

    /// The day in the field, `1990-10-03` or `199010`.
    ///
    /// # Errors
    /// If it is none.
    pub fn day(&self, column: usize) -> Result<Day, Mistake> {
        let text = self.text(column)?;
        codes::day(text).ok_or_else(|| {
            self.mistake(column, format!("`{text}` is not a day"))
                .help("write 1990-10-03, or 199010 for a month")
        })
    }

    /// File and line, as `cow.csv:12`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.table.name(), self.line)
    }

    /// Where the field stands.
    pub fn origin(&self, column: usize) -> Origin {
        Origin::File(self.table.source.clone(), self.span(column))
    }

    /// A mistake that points at the field.
    pub fn mistake(&self, column: usize, message: impl Into<String>) -> Mistake {
        Mistake::at(&self.origin(column), message)
    }

    /// The bytes of the field as they stand in the file.
    fn span(&self, column: usize) -> Range<usize> {
        let text = self.table.source.text.as_bytes();
        let (mut quoted, mut seen, mut at) = (false, 0, self.byte);
        let mut start = at;
        while at < text.len() {
            let byte = text[at];
            let ends = !quoted && (byte == self.table.delimiter || byte == b'\n' || byte == b'\r');
            if ends {
                if seen == column || byte != self.table.delimiter {
                    break;
                }
                seen += 1;
                start = at + 1;
            } else if byte == b'"' {
                quoted = !quoted;
            }
            at += 1;
        }
        start..at.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text).expect("written");
        Table::open(&path, |h| h.iter().any(|c| c == "year")).expect("a table").0
    }

    #[test]
    fn a_header_below_a_title_is_found_and_fields_keep_their_place() {
        let t = table("\u{feff}\"A title\",\n\nstate,year,value\n\"AAA\",2000,\"1,5\"\nBBB,2001,\n");
        assert_eq!(t.preface.len(), 1);
        let rows: Vec<_> = t.rows().map(|r| r.expect("a row")).collect();
        assert_eq!((rows.len(), rows[0].line, rows[0].whole(1).expect("a year")), (2, 4, 2000));
        assert_eq!(rows[1].number(2).expect("a gap"), None);
        let said = rows[0].number(2).expect_err("a comma is no decimal point").to_string();
        assert!(said.contains("t.csv:4:12") && said.contains("decimal point"), "{said}");
    }

    #[test]
    fn semicolons_and_short_rows() {
        let t = table("state;year;value\nAAA;2000;1.5\nBBB;2001\n");
        let rows: Vec<_> = t.rows().map(|r| r.expect("a row")).collect();
        assert_eq!(rows[0].number(2).expect("a number"), Some(1.5));
        let said = rows[1].number(2).expect_err("too short").to_string();
        assert!(said.contains("2 fields, the header 3") && said.contains("t.csv:3"), "{said}");
    }

    #[test]
    fn an_open_quotation_mark_is_found() {
        let t = table("state,year,value\nAAA,2000,\"1.5\nBBB,2001,2\n");
        let said = t.rows().find_map(Result::err).expect("a mistake").to_string();
        assert!(said.contains("not closed") && said.contains("t.csv:2:10"), "{said}");
    }
}
