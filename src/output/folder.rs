//! A result folder that appears only when it is whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::table::{Sink, Table, Tables};
use anyhow::{Context, bail};

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

impl Tables for Folder {
    fn table(&self, name: &str, header: &[&str]) -> anyhow::Result<Table> {
        let path = self.partial.join(name);
        let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Table::new(name, header, Sink::file(file))
    }

    fn close(&mut self, table: Table) -> anyhow::Result<()> {
        let closed = table.close()?;
        self.files.insert(closed.name, (closed.sha256, closed.rows));
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.done {
            fs::remove_dir_all(&self.partial).ok();
        }
    }
}
