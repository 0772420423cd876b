//! A result folder that appears only when it is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::interrupt;
use super::screen::note;
use super::table::{Sink, Table, Tables};
use anyhow::{Context, bail};

/// The list of a result's own files, in its manifest.
const CONTENTS: &str = "contents";

/// A folder being written under a temporary name next to its final place.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    partial: PathBuf,
    place: Place,
    files: BTreeMap<String, (String, u64)>,
    /// Held as long as the folder is being written, so that another process knows it from what a dead one left.
    _held: Option<File>,
    done: bool,
}

/// What to do if something stands in the place of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Refuse.
    Free,
    /// Replace a result of twain, and nothing else.
    Replace,
    /// Take the next free name: `run-2`, `run-3`, ...
    Next,
}

impl Folder {
    /// Prepares `target`. Nothing is touched there until [`Folder::finish`]. What dead processes left beside it is cleared
    /// away, and a result that one of them had moved aside is put back; both are said on stderr.
    ///
    /// # Errors
    /// If `target` holds something that `place` does not allow to replace, or if its parent cannot be written.
    pub fn create(target: &Path, place: Place) -> anyhow::Result<Self> {
        let name = target.file_name().with_context(|| format!("{} names no folder", target.display()))?;
        let parent = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        tidy(parent, target, name);
        check(target, place)?;
        let partial = parent.join(aside(name, std::process::id(), "partial"));
        if partial.exists() {
            fs::remove_dir_all(&partial).with_context(|| format!("cannot clear {}", partial.display()))?;
        }
        fs::create_dir(&partial).with_context(|| format!("cannot write in {}", parent.display()))?;
        interrupt::guard(&partial);
        // a file system without locks is no reason not to write
        let held = File::open(&partial).ok().filter(|folder| folder.try_lock().is_ok());
        let target = target.to_path_buf();
        Ok(Folder { target, partial, place, files: BTreeMap::new(), _held: held, done: false })
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
    /// If it cannot be written; a torn file is removed.
    pub fn text(&self, name: &str, text: &str) -> anyhow::Result<()> {
        whole(&self.partial.join(name), text.as_bytes())
    }

    /// Moves the whole folder to its place: on the disk first, with its own files listed in its manifest, then under its
    /// name. Files of others that stood in a replaced result are kept in the new one.
    ///
    /// # Errors
    /// If the move fails; the old result, if any, is then still there.
    pub fn finish(mut self) -> anyhow::Result<PathBuf> {
        self.list_contents()?;
        sync(&self.partial).with_context(|| format!("cannot write {}", self.target.display()))?;
        let parent = self.partial.parent().unwrap_or(Path::new(".")).to_path_buf();
        if self.place == Place::Next {
            self.target = free(&self.target);
        }
        let replaced = self.target.exists() && !is_empty(&self.target);
        if replaced {
            if self.place != Place::Replace {
                bail!("{} appeared meanwhile; give --force to replace it", self.target.display());
            }
            check(&self.target, self.place)?;
        } else if self.target.exists() {
            fs::remove_dir(&self.target)
                .with_context(|| format!("cannot replace {}", self.target.display()))?;
        }
        let old = self.partial.with_extension("old");
        if replaced {
            fs::rename(&self.target, &old)
                .with_context(|| format!("cannot replace {}", self.target.display()))?;
        }
        if let Err(error) = fs::rename(&self.partial, &self.target) {
            if replaced {
                fs::rename(&old, &self.target).ok();
            }
            return Err(error).with_context(|| format!("cannot write {}", self.target.display()));
        }
        self.done = true;
        interrupt::release(&self.partial);
        if replaced {
            retire(&old, &self.target);
        }
        // the name itself; a file system that cannot is no reason to fail
        File::open(&parent).and_then(|folder| folder.sync_all()).ok();
        Ok(self.target.clone())
    }

    fn list_contents(&self) -> anyhow::Result<()> {
        let path = self.partial.join(MANIFEST);
        let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
        let mut manifest: serde_json::Value = serde_json::from_str(&text)?;
        let mut own = Vec::new();
        walk(&self.partial, Path::new(""), &mut own).context("cannot list the result")?;
        manifest[CONTENTS] = own.into_iter().collect();
        whole(&path, format!("{manifest:#}\n").as_bytes())
    }
}

const MANIFEST: &str = "manifest.json";

/// Writes a whole file, or none: what a full disk has torn is removed.
///
/// # Errors
/// If it cannot be written.
pub fn whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).map_err(|error| {
        fs::remove_file(path).ok();
        anyhow::Error::new(error).context(format!("cannot write {}", path.display()))
    })
}

/// Puts a whole file in the place of another, or leaves that one as it is.
///
/// # Errors
/// If it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().with_context(|| format!("{} names no file", path.display()))?;
    let partial = path.with_file_name(aside(name, std::process::id(), "partial"));
    whole(&partial, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    fs::rename(&partial, path).map_err(|error| {
        fs::remove_file(&partial).ok();
        anyhow::Error::new(error).context(format!("cannot write {}", path.display()))
    })
}

/// A hidden name beside a result: of its process, and for what.
fn aside(name: &OsStr, process: u32, what: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{process}.{what}"));
    hidden
}

/// Whether something may be written under this name.
fn check(target: &Path, place: Place) -> anyhow::Result<()> {
    let shown = target.display();
    if target.is_symlink() {
        bail!("{shown} is a link; name the folder itself");
    }
    if !target.exists() || place == Place::Next {
        return Ok(());
    }
    if !target.is_dir() {
        bail!("{shown} exists, and is a file, not a folder");
    }
    if is_empty(target) {
        return Ok(());
    }
    match place {
        Place::Replace if own_files(target).is_some() => Ok(()),
        Place::Replace => {
            bail!(
                "{shown} holds no manifest of twain, so it is not a result of twain; --force does not replace it"
            )
        }
        _ => bail!("{shown} exists; give --force to replace it, or --out for another place"),
    }
}

fn is_empty(folder: &Path) -> bool {
    folder.is_dir() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// The files that the manifest of a result lists as its own; `None` if it is no result of twain.
fn own_files(folder: &Path) -> Option<BTreeSet<PathBuf>> {
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.join(MANIFEST)).ok()?).ok()?;
    manifest["twain"].as_str()?;
    let listed = manifest[CONTENTS].as_array()?;
    Some(listed.iter().filter_map(|name| name.as_str().map(PathBuf::from)).collect())
}

/// Every file below `folder`, as paths from it, sorted.
fn walk(folder: &Path, below: &Path, out: &mut Vec<String>) -> std::io::Result<()> {
    let mut entries = fs::read_dir(folder.join(below))?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(folder, &path, out)?;
        } else {
            out.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Every file and folder below on the disk itself, before it gets its name.
fn sync(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    File::open(folder)?.sync_all()
}

/// The next free name after `target`.
fn free(target: &Path) -> PathBuf {
    let named = |k: u32| {
        let mut name = target.file_name().unwrap_or_default().to_os_string();
        name.push(format!("-{k}"));
        target.with_file_name(name)
    };
    let taken = |p: &PathBuf| p.exists() && !is_empty(p);
    std::iter::once(target.to_path_buf()).chain((2..).map(named)).find(|p| !taken(p)).unwrap_or_default()
}

/// Removes a replaced result, but moves what its manifest does not list into the new one.
fn retire(old: &Path, new: &Path) {
    let own = own_files(old).unwrap_or_default();
    let mut all = Vec::new();
    if walk(old, Path::new(""), &mut all).is_err() {
        return;
    }
    let mut stays = false;
    for name in all.iter().filter(|name| name.as_str() != MANIFEST && !own.contains(Path::new(name))) {
        let to = new.join(name);
        let moved = !to.exists()
            && to.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok())
            && fs::rename(old.join(name), &to).is_ok();
        stays |= !moved;
        if moved {
            note!("{} is not twain's: it is kept in the new result", to.display());
        }
    }
    if stays {
        note!("files that are not twain's are kept in {}", old.display());
    } else {
        fs::remove_dir_all(old).ok();
    }
}

/// Looks for what dead processes left of this result: half-written folders are removed, a result moved aside is put back.
fn tidy(parent: &Path, target: &Path, name: &OsStr) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    let head = format!(".{}.", name.to_string_lossy());
    let process = |entry: &fs::DirEntry, what: &str| -> Option<u32> {
        let hidden = entry.file_name().to_string_lossy().into_owned();
        hidden.strip_prefix(&head)?.strip_suffix(what)?.strip_suffix('.')?.parse().ok()
    };
    let mut entries: Vec<fs::DirEntry> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    let alive = |partial: &Path| {
        File::open(partial).is_ok_and(|f| matches!(f.try_lock(), Err(TryLockError::WouldBlock)))
    };
    for entry in &entries {
        let Some(id) = process(entry, "old") else { continue };
        if id == std::process::id() || alive(&parent.join(aside(name, id, "partial"))) {
            continue;
        }
        if target.exists() {
            note!("{} is what a stopped run had replaced; remove it when you like", entry.path().display());
        } else if fs::rename(entry.path(), target).is_ok() {
            note!("{} was moved aside by a run that was stopped: it is back", target.display());
        }
    }
    for entry in &entries {
        let Some(id) = process(entry, "partial") else { continue };
        if id != std::process::id() && !alive(&entry.path()) && fs::remove_dir_all(entry.path()).is_ok() {
            note!("removed {}, which a stopped run had left", entry.path().display());
        }
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
            interrupt::release(&self.partial);
        }
    }
}
