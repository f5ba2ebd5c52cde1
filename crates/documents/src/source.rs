//! Where the bytes lie, in memory or in a file, read alike.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes shared between readings of the same file.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A file that can be read from its start as often as needed.
#[derive(Clone)]
pub(crate) enum Origin {
    /// Held in memory.
    Memory(Shared),
    /// On disk.
    Path(PathBuf),
}

impl Origin {
    pub(crate) fn memory(bytes: Vec<u8>) -> Self {
        Self::Memory(Shared(Arc::new(bytes)))
    }

    pub(crate) fn size(&self) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => Ok(bytes.as_ref().len() as u64),
            Self::Path(path) => Ok(std::fs::metadata(path)?.len()),
        }
    }

    pub(crate) fn bytes(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Ok(bytes.as_ref().to_vec()),
            Self::Path(path) => std::fs::read(path),
        }
    }

    pub(crate) fn open(&self) -> io::Result<Source> {
        match self {
            Self::Memory(bytes) => Ok(Source::Memory(Cursor::new(bytes.clone()))),
            Self::Path(path) => {
                Ok(Source::File(BufReader::with_capacity(1 << 16, File::open(path)?)))
            }
        }
    }
}

/// One reading of a file.
pub(crate) enum Source {
    /// From memory.
    Memory(Cursor<Shared>),
    /// From disk.
    File(BufReader<File>),
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Memory(bytes) => bytes.fill_buf(),
            Self::File(file) => file.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Memory(bytes) => bytes.consume(amount),
            Self::File(file) => file.consume(amount),
        }
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => bytes.seek(to),
            Self::File(file) => file.seek(to),
        }
    }
}
