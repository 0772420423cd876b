//! A result folder that appears only when it is whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

/// A folder being written under a temporary name next to its final place.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    partial: PathBuf,
    force: bool,
    files: BTreeMap<String, (String, u64)>,
    done: bool,
}

impl Folder {
    /// Prepares `target`. Nothing is touched there until [`Folder::finish`].
    ///
    /// # Errors
    /// If `target` holds something and `force` is not set, or if its parent cannot be written.
    pub fn create(target: &Path, force: bool) -> anyhow::Result<Self> {
        if target.exists() && !force {
            let empty = target.is_dir() && fs::read_dir(target).is_ok_and(|mut d| d.next().is_none());
            if !empty {
                bail!("{} exists; give --force to replace it, or --out for another place", target.display());
            }
        }
        if target.is_file() {
            bail!("{} is a file, not a folder", target.display());
        }
        if force && target.is_dir() && !target.join("manifest.json").is_file() {
            let empty = fs::read_dir(target).is_ok_and(|mut d| d.next().is_none());
            if !empty {
                bail!(
                    "{} holds no manifest.json, so it is not a result of twain; --force does not replace it",
                    target.display()
                );
            }
        }
        let name = target.file_name().with_context(|| format!("{} names no folder", target.display()))?;
        let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        let partial = parent.join(format!(".{}.{}.partial", name.to_string_lossy(), std::process::id()));
        if partial.exists() {
            fs::remove_dir_all(&partial).with_context(|| format!("cannot clear {}", partial.display()))?;
        }
        fs::create_dir(&partial).with_context(|| format!("cannot write in {}", parent.display()))?;
        Ok(Folder { target: target.to_path_buf(), partial, force, files: BTreeMap::new(), done: false })
    }

    /// Where files are written until the folder is whole.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Opens a table in the folder.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn table(&self, name: &str, header: &[&str]) -> anyhow::Result<Table> {
        let path = self.partial.join(name);
        let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let mut writer = csv::Writer::from_writer(Hashing {
            inner: BufWriter::with_capacity(1 << 16, file),
            hash: Sha256::new(),
        });
        writer.write_record(header)?;
        Ok(Table { name: name.to_string(), writer, rows: 0 })
    }

    /// Closes a table and notes its checksum and number of rows.
    ///
    /// # Errors
    /// If the last bytes cannot be written.
    pub fn close(&mut self, table: Table) -> anyhow::Result<()> {
        let Table { name, writer, rows } = table;
        let mut hashing =
            writer.into_inner().map_err(|e| anyhow::anyhow!("cannot write {name}: {}", e.error()))?;
        hashing.flush().with_context(|| format!("cannot write {name}"))?;
        let digest = hashing.hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        self.files.insert(name, (digest, rows));
        Ok(())
    }

    /// Checksums and row counts of the tables closed so far.
    pub fn files(&self) -> serde_json::Value {
        let entry = |(hash, rows): &(String, u64)| serde_json::json!({ "sha256": hash, "rows": rows });
        serde_json::Value::Object(self.files.iter().map(|(k, v)| (k.clone(), entry(v))).collect())
    }

    /// Writes a file of text.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn text(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let path = self.partial.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Moves the whole folder to its place.
    ///
    /// # Errors
    /// If the move fails; the old result, if any, is then still there.
    pub fn finish(mut self) -> anyhow::Result<PathBuf> {
        let aside = self.partial.with_extension("old");
        let replaced = self.target.exists();
        if replaced {
            if !self.force && fs::read_dir(&self.target).is_ok_and(|mut d| d.next().is_some()) {
                bail!("{} appeared meanwhile; give --force to replace it", self.target.display());
            }
            fs::rename(&self.target, &aside)
                .with_context(|| format!("cannot replace {}", self.target.display()))?;
        }
        if let Err(error) = fs::rename(&self.partial, &self.target) {
            if replaced {
                fs::rename(&aside, &self.target).ok();
            }
            return Err(error).with_context(|| format!("cannot write {}", self.target.display()));
        }
        self.done = true;
        if replaced {
            fs::remove_dir_all(&aside).ok();
        }
        Ok(self.target.clone())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.done {
            fs::remove_dir_all(&self.partial).ok();
        }
    }
}

/// A table being written.
#[derive(Debug)]
pub struct Table {
    name: String,
    writer: csv::Writer<Hashing>,
    rows: u64,
}

impl Table {
    /// Writes one row.
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
}

impl Table {
    /// Writes one row made of fields already joined; for long tables, whose rows reuse one record.
    ///
    /// # Errors
    /// If the disk is full or the row has the wrong number of columns.
    pub fn record(&mut self, row: &csv::ByteRecord) -> anyhow::Result<()> {
        self.writer.write_byte_record(row).with_context(|| format!("cannot write {}", self.name))?;
        self.rows += 1;
        Ok(())
    }
}

#[derive(Debug)]
struct Hashing {
    inner: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
