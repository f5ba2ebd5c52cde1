//! What kind of container a file is, and whether it is safe to unpack.

use std::io::Read;

use zip::ZipArchive;

use crate::error::{ReadError, Reason};
use crate::limits::Limits;
use crate::source::Source;

/// More parts than any workbook has.
const MAX_PARTS: usize = 20_000;
/// Below this size the ratio says nothing: a small sheet of equal rows packs very well.
const RATIO_FROM: u64 = 16 << 20;

/// Judges a zip package: it must be an `.xlsx`, and its parts, unpacked for real and not as the
/// directory claims, must stay within the limits.
pub(crate) fn check_zip(source: Source, size: u64, limits: &Limits) -> Result<(), ReadError> {
    let mut archive =
        ZipArchive::new(source).map_err(|error| ReadError::new(Reason::Damaged).because(error))?;
    if archive.len() > MAX_PARTS {
        return Err(ReadError::new(Reason::Bomb));
    }
    let names: Vec<String> =
        archive.file_names().filter_map(|name| Some(name.ok()?.to_ascii_lowercase())).collect();
    check_kind(&names)?;
    let mut total = 0_u64;
    let mut buffer = vec![0; 1 << 16];
    for index in 0..archive.len() {
        // A part that cannot be unpacked matters only if the reader needs it; it will say so.
        let Ok(mut part) = archive.by_index(index) else { continue };
        if part.encrypted() {
            return Err(ReadError::new(Reason::Encrypted));
        }
        let name = part.name().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let streamed = name.contains("worksheets/") || name.contains("media/");
        let mut unpacked = 0_u64;
        while let Ok(read @ 1..) = part.read(&mut buffer) {
            unpacked += read as u64;
            total += read as u64;
            if total > limits.max_unpacked_bytes
                || (total > RATIO_FROM && total > size.saturating_mul(limits.max_ratio))
                || (!streamed && unpacked > limits.max_part_bytes)
            {
                return Err(ReadError::new(Reason::Bomb));
            }
        }
    }
    Ok(())
}

fn check_kind(names: &[String]) -> Result<(), ReadError> {
    let has = |part: &str| names.iter().any(|name| name == part);
    if has("xl/workbook.bin") || (has("content.xml") && has("mimetype")) {
        return Err(ReadError::new(Reason::Unsupported));
    }
    if has("encryptedpackage") || has("encryptioninfo") {
        return Err(ReadError::new(Reason::Encrypted));
    }
    if !names.iter().any(|name| name.starts_with("xl/") || name.starts_with("/xl/")) {
        return Err(ReadError::new(Reason::NotAWorkbook));
    }
    Ok(())
}

/// Judges an OLE container: it must hold a workbook's stream, and not an encrypted package.
pub(crate) fn check_ole(mut source: Source) -> Result<(), ReadError> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(ReadError::io)?;
    if holds_name(&bytes, "EncryptedPackage") {
        return Err(ReadError::new(Reason::Encrypted));
    }
    if !holds_name(&bytes, "Workbook") && !holds_name(&bytes, "Book") {
        return Err(ReadError::new(Reason::NotAWorkbook));
    }
    Ok(())
}

/// Whether a stream of this name is listed: directories spell names in UTF-16, little end first.
fn holds_name(bytes: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wide.len()).any(|window| window == wide)
}
