//! What is cleaned up when a run is interrupted from outside (Ctrl-C, termination, a closed terminal).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::screen::note;

/// Folders half written now.
static PARTIAL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
/// Whether work in hand stops by itself once it is asked to.
static GENTLE: AtomicBool = AtomicBool::new(false);
/// Whether it was asked to.
static STOP: AtomicBool = AtomicBool::new(false);
static LISTENING: OnceLock<()> = OnceLock::new();

fn partial() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    PARTIAL.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen() {
    LISTENING.get_or_init(|| {
        // without a handler an interruption leaves its folder, which the next run clears away
        let _ = ctrlc::set_handler(|| {
            if GENTLE.load(Ordering::SeqCst) && !STOP.swap(true, Ordering::SeqCst) {
                return; // what is under way is kept, and the verb says so; a second signal ends it at once
            }
            for folder in partial().drain(..) {
                if std::fs::remove_dir_all(&folder).is_ok() {
                    note!("stopped; nothing was written");
                }
            }
            std::process::exit(130);
        });
    });
}

/// Removes `folder` if the program is interrupted before [`release`].
pub(super) fn guard(folder: &Path) {
    listen();
    partial().push(folder.to_path_buf());
}

/// The folder has its place, or is gone.
pub(super) fn release(folder: &Path) {
    partial().retain(|f| f != folder);
}

/// From now on the first interruption only sets the flag that is returned; a second one ends the program.
pub fn gently() -> &'static AtomicBool {
    listen();
    GENTLE.store(true, Ordering::SeqCst);
    &STOP
}

/// Interruptions end the program again.
pub fn at_once() {
    GENTLE.store(false, Ordering::SeqCst);
}
