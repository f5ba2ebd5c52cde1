//! The uploaded files: kept sealed beside the store, opened for the time of a reading.
//!
//! A file is sealed in pieces, each bound to its import, its place and whether it is the last, so
//! that pieces can be neither swapped nor left out.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use trust::access::Permit;
use trust::vault::{Field, Keyring, Opens, Place, Sealed};
use values::{Error, ImportId, Kind, Result};

use crate::App;
use crate::clients::actions::RunImport;

/// An uploaded workbook: it may hold identity numbers, so it is sealed as they are.
pub struct ImportFile;

impl Field for ImportFile {
    const ITEM: &'static str = "legal_rep_id_no";
    const LEVEL: u8 = 4;
}

impl Opens<ImportFile> for RunImport {}

/// Bytes of one sealed piece.
const PIECE: usize = 192 * 1024;
/// No piece is longer once it is sealed.
const SEALED_MOST: usize = 512 * 1024;

/// The folder of the sealed files.
fn folder(app: &App) -> Result<PathBuf> {
    let folder = app.running.data_dir.join("imports");
    if !folder.is_dir() {
        fs::create_dir_all(&folder).map_err(Error::unavailable)?;
        restrict(&folder, 0o700)?;
    }
    Ok(folder)
}

fn sealed_path(app: &App, id: ImportId) -> Result<PathBuf> {
    Ok(folder(app)?.join(format!("{id}.sealed")))
}

/// Where a sealed file waits until it is whole.
fn arriving(app: &App) -> Result<PathBuf> {
    let mark = values::new_uuid(&*app.clock, &*app.entropy);
    Ok(folder(app)?.join(format!("{mark}.sealing")))
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(Error::unavailable)
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> Result<()> {
    Ok(())
}

fn create(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map_err(Error::unavailable)
}

/// A file in clear that is gone when this is dropped.
pub struct Plain {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl Plain {
    /// An empty file to write into, for its owner's eyes only.
    ///
    /// # Errors
    /// Unavailable when the folder cannot be written.
    pub fn new(app: &App) -> Result<Self> {
        let mark = values::new_uuid(&*app.clock, &*app.entropy);
        let path = folder(app)?.join(format!("{mark}.plain"));
        let file = Some(BufWriter::new(create(&path)?));
        Ok(Self { path, file })
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// Unavailable when the disk is full.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(bytes).map_err(Error::unavailable),
            None => Err(Error::internal("the file was closed")),
        }
    }

    /// Ends writing; the file can be read now.
    ///
    /// # Errors
    /// Unavailable when the disk is full.
    pub fn close(&mut self) -> Result<()> {
        match self.file.take() {
            Some(mut file) => file.flush().map_err(Error::unavailable),
            None => Ok(()),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.file = None;
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(?error, "an opened import file could not be removed");
        }
    }
}

fn row(id: ImportId, number: u64, last: bool) -> Vec<u8> {
    let mut row = id.as_bytes().to_vec();
    row.extend_from_slice(&number.to_be_bytes());
    row.push(u8::from(last));
    row
}

/// Seals a file for its import. Blocking.
///
/// # Errors
/// Unavailable when a file cannot be read or written.
pub fn keep(app: &App, id: ImportId, plain: &Path) -> Result<()> {
    let mut from = BufReader::new(File::open(plain).map_err(Error::unavailable)?);
    let target = sealed_path(app, id)?;
    let arriving = arriving(app)?;
    let mut into = BufWriter::new(create(&arriving)?);
    let mut piece = full_piece(&mut from)?;
    for number in 0.. {
        let next = full_piece(&mut from)?;
        let last = next.is_empty();
        let row = row(id, number, last);
        let place = Place { table: "import_run", column: "file", row: &row };
        let sealed = app.keyring.seal::<ImportFile>(place, &BASE64.encode(&piece))?.to_store();
        put(&mut into, last, &sealed)?;
        if last {
            break;
        }
        piece = next;
    }
    settle(into, &arriving, &target)
}

/// Writes a sealed piece with its head: whether it is the last, and how long it is.
fn put(into: &mut impl Write, last: bool, sealed: &[u8]) -> Result<()> {
    let length = u32::try_from(sealed.len()).map_err(Error::internal)?;
    into.write_all(&[u8::from(last)]).map_err(Error::unavailable)?;
    into.write_all(&length.to_be_bytes()).map_err(Error::unavailable)?;
    into.write_all(sealed).map_err(Error::unavailable)
}

/// The next sealed piece and whether it is the last.
fn take(from: &mut impl Read) -> Result<(bool, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head).map_err(Error::internal)?;
    let [last, length @ ..] = head;
    let length = usize::try_from(u32::from_be_bytes(length)).map_err(Error::internal)?;
    if length > SEALED_MOST {
        return Err(Error::internal("a sealed piece is too long"));
    }
    let mut sealed = vec![0; length];
    from.read_exact(&mut sealed).map_err(Error::internal)?;
    Ok((last == 1, sealed))
}

/// Gives a file that is whole its name, so that nobody ever meets half of one.
fn settle(mut whole: BufWriter<File>, from: &Path, to: &Path) -> Result<()> {
    whole.flush().map_err(Error::unavailable)?;
    whole.get_ref().sync_all().map_err(Error::unavailable)?;
    fs::rename(from, to).map_err(Error::unavailable)
}

fn full_piece(from: &mut impl Read) -> Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(PIECE);
    from.take(PIECE as u64).read_to_end(&mut piece).map_err(Error::unavailable)?;
    Ok(piece)
}

/// Opens an import's file for the time that it is read. Blocking.
///
/// # Errors
/// NotFound when it is gone, Internal when it was changed.
pub fn open(app: &App, permit: &Permit<'_, RunImport>, id: ImportId) -> Result<Plain> {
    let mut from = match File::open(sealed_path(app, id)?) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(gone()),
        Err(error) => return Err(Error::unavailable(error)),
    };
    let mut plain = Plain::new(app)?;
    for number in 0.. {
        let (last, sealed) = take(&mut from)?;
        let opened = opened(&app.keyring, permit, &row(id, number, last), sealed)?;
        plain.write(&opened)?;
        if last {
            break;
        }
    }
    plain.close()?;
    Ok(plain)
}

fn opened(
    keyring: &Keyring,
    permit: &Permit<'_, RunImport>,
    row: &[u8],
    sealed: Vec<u8>,
) -> Result<Vec<u8>> {
    let place = Place { table: "import_run", column: "file", row };
    let text = keyring.open(permit, place, &Sealed::<ImportFile>::stored(sealed))?;
    BASE64.decode(text.as_bytes()).map_err(Error::internal)
}

fn gone() -> Error {
    Error::new(
        Kind::NotFound,
        "import.file_gone",
        "原文件已不在，请重新上传",
        "The file is gone; upload it again",
    )
}

/// Removes an import's file, if it is there.
///
/// # Errors
/// Unavailable when it cannot be removed.
pub fn discard(app: &App, id: ImportId) -> Result<()> {
    match fs::remove_file(sealed_path(app, id)?) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::unavailable(error))
        }
        _ => Ok(()),
    }
}

/// Removes what a killed process left open; called once at start, before any import goes on.
///
/// # Errors
/// Unavailable when the folder cannot be read.
pub fn sweep(app: &App) -> Result<()> {
    for entry in fs::read_dir(folder(app)?).map_err(Error::unavailable)? {
        let path = entry.map_err(Error::unavailable)?.path();
        if path.extension().is_some_and(|extension| extension == "plain" || extension == "sealing")
        {
            fs::remove_file(&path).map_err(Error::unavailable)?;
        }
    }
    Ok(())
}

/// Seals the kept file after one again with the current keys, for whoever rotates them: how many
/// pieces an old key had sealed, and which file it was; nothing when there are no more. Blocking.
///
/// A file that cannot be opened stays as it is and is logged, for it must not hold up the others.
///
/// # Errors
/// Unavailable when a file cannot be read or written.
pub fn reseal_file(app: &App, after: Option<ImportId>) -> Result<Option<(i64, ImportId)>> {
    let mut ids: Vec<ImportId> = Vec::new();
    for entry in fs::read_dir(folder(app)?).map_err(Error::unavailable)? {
        let path = entry.map_err(Error::unavailable)?.path();
        if path.extension().is_some_and(|extension| extension == "sealed") {
            ids.extend(path.file_stem().and_then(|stem| stem.to_str()?.parse::<ImportId>().ok()));
        }
    }
    let next = ids.into_iter().filter(|id| after.is_none_or(|after| *id > after)).min();
    let Some(id) = next else { return Ok(None) };
    let sealed = resealed(app, id).or_else(|error| match error.kind() {
        Kind::Internal => {
            tracing::error!(import = %id, ?error, "a kept file could not be sealed again");
            Ok(0)
        }
        _ => Err(error),
    })?;
    Ok(Some((sealed, id)))
}

/// Seals one kept file again; who reads it meanwhile has the old one to its end.
fn resealed(app: &App, id: ImportId) -> Result<i64> {
    let path = sealed_path(app, id)?;
    let again = arriving(app)?;
    let mut from = BufReader::new(File::open(&path).map_err(Error::unavailable)?);
    let mut into = BufWriter::new(create(&again)?);
    let mut sealed = 0;
    for number in 0.. {
        let (last, piece) = take(&mut from)?;
        let row = row(id, number, last);
        let place = Place { table: "import_run", column: "file", row: &row };
        let renewed = app.keyring.resealed(place, &piece)?;
        sealed += i64::from(renewed.is_some());
        put(&mut into, last, &renewed.unwrap_or(piece))?;
        if last {
            break;
        }
    }
    // An import that was dismissed meanwhile must not find its file back.
    if sealed == 0 || !path.exists() {
        fs::remove_file(&again).map_err(Error::unavailable)?;
        return Ok(0);
    }
    settle(into, &again, &path)?;
    Ok(sealed)
}
