//! Tables: rows of CSV with a checksum, into a file or into memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::rows::Row;

/// Where tables are kept: a folder of results, or memory.
pub trait Tables {
    /// Opens a table with its header.
    ///
    /// # Errors
    /// If it cannot be created.
    fn table(&self, name: &str, header: &[&str]) -> anyhow::Result<Table>;

    /// Closes a table and keeps it with its checksum and number of rows.
    ///
    /// # Errors
    /// If the last bytes cannot be written.
    fn close(&mut self, table: Table) -> anyhow::Result<()>;

    /// Opens the table of these rows.
    ///
    /// # Errors
    /// If it cannot be created.
    fn open<R: Row>(&self) -> anyhow::Result<Table> {
        self.table(R::SPEC.name, &R::SPEC.header())
    }

    /// Writes a whole table from its rows.
    ///
    /// # Errors
    /// If it cannot be written.
    fn rows<R: Row>(&mut self, rows: impl IntoIterator<Item = R>) -> anyhow::Result<()> {
        let mut table = self.open::<R>()?;
        for row in rows {
            table.write(&row)?;
        }
        self.close(table)
    }
}

/// Tables that are never written to a disk.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The text of each table that was closed, by name.
    pub tables: BTreeMap<String, String>,
}

impl Tables for Memory {
    fn table(&self, name: &str, header: &[&str]) -> anyhow::Result<Table> {
        Table::new(name, header, Sink::Memory(Vec::new()))
    }

    fn close(&mut self, table: Table) -> anyhow::Result<()> {
        let closed = table.close()?;
        let text = String::from_utf8(closed.bytes).context("a table holds bytes that are no text")?;
        self.tables.insert(closed.name, text);
        Ok(())
    }
}

/// A table being written.
#[derive(Debug)]
pub struct Table {
    name: String,
    writer: csv::Writer<Hashing>,
    rows: u64,
}

/// A table that is whole.
#[cfg_attr(not(feature = "native"), expect(dead_code, reason = "a browser writes no files"))]
pub(super) struct Closed {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) rows: u64,
    /// What was written; empty if it went to a file.
    pub(super) bytes: Vec<u8>,
}

impl Table {
    pub(super) fn new(name: &str, header: &[&str], sink: Sink) -> anyhow::Result<Self> {
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(Hashing { inner: sink, hash: Sha256::new() });
        writer.write_record(header)?;
        Ok(Table { name: name.to_string(), writer, rows: 0 })
    }

    /// Writes one row of the table it was opened for.
    ///
    /// # Errors
    /// If the disk is full.
    ///
    /// # Panics
    /// If the row is of another table.
    pub fn write<R: Row>(&mut self, row: &R) -> anyhow::Result<()> {
        assert_eq!(self.name, R::SPEC.name, "a row of another table");
        self.writer.serialize(row).with_context(|| format!("cannot write {}", self.name))?;
        self.rows += 1;
        Ok(())
    }

    /// Writes one row of a table whose columns a design chooses.
    ///
    /// # Errors
    /// If the disk is full or the row has the wrong number of columns.
    pub fn row<I, T>(&mut self, row: I) -> anyhow::Result<()>
    where
        I: IntoIterator<Item = T>,
        T: AsRef<[u8]>,
    {
        self.writer.write_record(row).with_context(|| format!("cannot write {}", self.name))?;
        self.rows += 1;
        Ok(())
    }

    /// Writes one row made of fields already joined; for long tables, whose rows reuse one record.
    ///
    /// # Errors
    /// If the disk is full or the row has the wrong number of columns.
    pub fn record(&mut self, row: &csv::ByteRecord) -> anyhow::Result<()> {
        self.writer.write_byte_record(row).with_context(|| format!("cannot write {}", self.name))?;
        self.rows += 1;
        Ok(())
    }

    pub(super) fn close(self) -> anyhow::Result<Closed> {
        let Table { name, writer, rows } = self;
        let mut hashing =
            writer.into_inner().map_err(|e| anyhow::anyhow!("cannot write {name}: {}", e.error()))?;
        hashing.flush().with_context(|| format!("cannot write {name}"))?;
        let sha256 = hashing.hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        let bytes = match hashing.inner {
            Sink::File(_) => Vec::new(),
            Sink::Memory(bytes) => bytes,
        };
        Ok(Closed { name, sha256, rows, bytes })
    }
}

#[derive(Debug)]
pub(super) enum Sink {
    File(BufWriter<File>),
    Memory(Vec<u8>),
}

impl Sink {
    #[cfg_attr(not(feature = "native"), expect(dead_code, reason = "a browser writes no files"))]
    pub(super) fn file(file: File) -> Self {
        Sink::File(BufWriter::with_capacity(1 << 16, file))
    }
}

#[derive(Debug)]
struct Hashing {
    inner: Sink,
    hash: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = match &mut self.inner {
            Sink::File(file) => file.write(bytes)?,
            Sink::Memory(all) => all.write(bytes)?,
        };
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.inner {
            Sink::File(file) => file.flush(),
            Sink::Memory(_) => Ok(()),
        }
    }
}
