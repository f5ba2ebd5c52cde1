//! Where rows of a workbook wait while it is written: a folder for its owner's eyes only, emptied
//! at start, should a crash ever leave something.

use std::fs;
use std::path::PathBuf;

use values::{Error, Result};

use crate::App;

/// The folder, made if need be.
///
/// # Errors
/// Unavailable when it cannot be made.
pub fn folder(app: &App) -> Result<PathBuf> {
    let folder = app.running.data_dir.join("scratch");
    if !folder.is_dir() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(Error::unavailable)?;
    }
    Ok(folder)
}

/// Removes what a killed process left; called once at start.
///
/// # Errors
/// Unavailable when the folder cannot be read.
pub fn sweep(app: &App) -> Result<()> {
    for entry in fs::read_dir(folder(app)?).map_err(Error::unavailable)? {
        let path = entry.map_err(Error::unavailable)?.path();
        if path.is_file() {
            fs::remove_file(&path).map_err(Error::unavailable)?;
        }
    }
    Ok(())
}
