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
use values::{Error, ImportId, Result};

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
    let mut into = BufWriter::new(create(&target)?);
    let mut piece = full_piece(&mut from)?;
    for number in 0.. {
        let next = full_piece(&mut from)?;
        let last = next.is_empty();
        let row = row(id, number, last);
        let place = Place { table: "import_run", column: "file", row: &row };
        let sealed = app.keyring.seal::<ImportFile>(place, &BASE64.encode(&piece))?.to_store();
        let length = u32::try_from(sealed.len()).map_err(Error::internal)?;
        into.write_all(&[u8::from(last)]).map_err(Error::unavailable)?;
        into.write_all(&length.to_be_bytes()).map_err(Error::unavailable)?;
        into.write_all(&sealed).map_err(Error::unavailable)?;
        if last {
            break;
        }
        piece = next;
    }
    into.flush().map_err(Error::unavailable)?;
    into.get_ref().sync_all().map_err(Error::unavailable)
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
        let mut head = [0; 5];
        from.read_exact(&mut head).map_err(Error::internal)?;
        let [last, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(Error::internal)?;
        if length > SEALED_MOST {
            return Err(Error::internal("a sealed piece is too long"));
        }
        let mut sealed = vec![0; length];
        from.read_exact(&mut sealed).map_err(Error::internal)?;
        let opened = opened(&app.keyring, permit, &row(id, number, last == 1), sealed)?;
        plain.write(&opened)?;
        if last == 1 {
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
        values::Kind::NotFound,
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
        if path.extension().is_some_and(|extension| extension == "plain") {
            fs::remove_file(&path).map_err(Error::unavailable)?;
        }
    }
    Ok(())
}
