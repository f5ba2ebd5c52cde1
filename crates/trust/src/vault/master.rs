//! The master key: where it comes from, the text file it is kept in, and the recovery sheet.
//!
//! On the sheet and in the file the key is nine blocks of seven characters (Crockford's base 32:
//! no I, L, O, U). The last character of a block checks the six before it and the block's position:
//! it is a Reed-Solomon symbol over 32 elements, so one wrong character, any two characters of a
//! block exchanged, or two blocks exchanged are always noticed, and the wrong block is named. The
//! nine blocks have 14 bits more than the key needs; these check the whole.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use values::{Error, Kind, Result};
use zeroize::Zeroizing;

use super::keys::Key;

/// What a key file starts with.
pub const FILE_HEADER: &str = "heng-master-key-v1:";
/// How many blocks a key has.
pub const BLOCKS: usize = 9;
/// How many characters of a block carry the key; one more checks them.
const CARRIED: usize = 6;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Argon2id for passphrases (RFC 9106, second recommended choice): memory in KiB.
pub const PASSPHRASE_MEMORY_KIB: u32 = 64 * 1024;
/// Argon2id for passphrases: passes over the memory.
pub const PASSPHRASE_PASSES: u32 = 3;
/// Argon2id for passphrases: lanes.
pub const PASSPHRASE_LANES: u32 = 4;
/// The fewest characters a passphrase may have.
pub const PASSPHRASE_LEAST: usize = 12;

/// Where the master key comes from; a setting: `file:PATH`, `command:LINE` or `passphrase`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterSource {
    /// A key file.
    File(PathBuf),
    /// A command that prints what a key file would hold, such as a client of a key service.
    Command(String),
    /// A passphrase that is asked for at start.
    Passphrase,
}

impl FromStr for MasterSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            Some(("command", line)) if !line.trim().is_empty() => Ok(Self::Command(line.into())),
            None if text == "passphrase" => Ok(Self::Passphrase),
            _ => Err(Error::invalid(
                "master",
                "vault.master_source",
                "主密钥来源应写作 file:路径、command:命令 或 passphrase",
                "The master key's source must be file:PATH, command:LINE or passphrase",
            )),
        }
    }
}

impl fmt::Display for MasterSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Command(line) => write!(f, "command:{line}"),
            Self::Passphrase => f.write_str("passphrase"),
        }
    }
}

/// Something about the master key's place that should be put right, though the key works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Others than the owner may read the key file; its mode is given.
    OpenToOthers(u32),
}

impl Warning {
    /// The warning in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let Self::OpenToOthers(mode) = self;
        format!("主密钥文件权限为 {mode:04o}，其他用户可以读取；请改为 0600")
    }

    /// The warning in English.
    #[must_use]
    pub fn en(&self) -> String {
        let Self::OpenToOthers(mode) = self;
        format!("The master key file has mode {mode:04o}: others may read it; make it 0600")
    }
}

/// A master key that was read, with what should be put right.
#[derive(Debug)]
pub struct Loaded {
    /// The key.
    pub key: Key,
    /// What should be put right.
    pub warnings: Vec<Warning>,
}

impl MasterSource {
    /// Reads the key. `ask` gives the passphrase and is called only when one is needed; `salt` is
    /// the store's own, made when the store was.
    ///
    /// # Errors
    /// Invalid when the source cannot be read or holds no key.
    pub fn load(
        &self,
        salt: &[u8; 16],
        ask: impl FnOnce() -> Result<Zeroizing<String>>,
    ) -> Result<Loaded> {
        match self {
            Self::File(path) => read_file(path),
            Self::Command(line) => {
                Ok(Loaded { key: parse_text(&run(line)?)?, warnings: Vec::new() })
            }
            Self::Passphrase => {
                Ok(Loaded { key: from_passphrase(&ask()?, salt)?, warnings: Vec::new() })
            }
        }
    }

    /// Whether the key lies in the folder it protects, where a copied folder would carry it along.
    #[must_use]
    pub fn is_beside_store(&self, data_dir: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        matches!(self, Self::File(path) if real(path).starts_with(real(data_dir)))
    }
}

/// Reads a key file, and looks at who else may read it.
///
/// # Errors
/// Invalid when the file cannot be read or holds no key.
pub fn read_file(path: &Path) -> Result<Loaded> {
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|e| unreadable(path, e))?;
    let key = parse_text(&text)?;
    Ok(Loaded { key, warnings: mode_warning(path).into_iter().collect() })
}

/// Writes a new key file that only its owner may read; an existing file is never overwritten.
///
/// # Errors
/// Invalid when the file exists or cannot be written.
pub fn write_new_file(path: &Path, key: &Key) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| unwritable(path, e))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|e| unwritable(path, e))?;
    file.write_all(file_text(key).as_bytes()).map_err(|e| unwritable(path, e))?;
    file.sync_all().map_err(|e| unwritable(path, e))
}

/// The text of a key file.
#[must_use]
pub fn file_text(key: &Key) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "# Heng's master key. Whoever has it can read every sealed field; without it nobody can.\n\
         {FILE_HEADER} {}\n",
        blocks(key).join(" ")
    ))
}

/// The key in the text of a key file: lines that start with `#` are left out, then the header, then
/// the blocks with any white space between them.
///
/// # Errors
/// Invalid when the text is no key file, or a block is wrong.
pub fn parse_text(text: &str) -> Result<Key> {
    let words: Vec<&str> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect();
    match words.split_first() {
        Some((&FILE_HEADER, blocks)) => from_blocks(blocks),
        _ => Err(Error::new(
            Kind::Invalid,
            "vault.master_file",
            format!("这不是主密钥文件：应以 {FILE_HEADER} 开头"),
            format!("This is no master key file: it must start with {FILE_HEADER}"),
        )),
    }
}

/// The key that a passphrase gives with the store's salt (Argon2id).
///
/// # Errors
/// Invalid when the passphrase is too short.
pub fn from_passphrase(passphrase: &str, salt: &[u8; 16]) -> Result<Key> {
    let passphrase = passphrase.trim_end_matches(['\r', '\n']);
    if passphrase.chars().count() < PASSPHRASE_LEAST {
        return Err(Error::invalid(
            "passphrase",
            "vault.passphrase_short",
            format!("主密码至少 {PASSPHRASE_LEAST} 个字符"),
            format!("The passphrase needs at least {PASSPHRASE_LEAST} characters"),
        ));
    }
    let params = Params::new(PASSPHRASE_MEMORY_KIB, PASSPHRASE_PASSES, PASSPHRASE_LANES, Some(32))
        .map_err(|e| Error::internal(e.to_string()))?;
    let mut out = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, out.as_mut_slice())
        .map_err(|e| Error::internal(e.to_string()))?;
    Ok(Key::from_bytes(*out))
}

/// The key as the blocks of the recovery sheet.
#[must_use]
pub fn blocks(key: &Key) -> Vec<String> {
    let mut bytes = Zeroizing::new([0_u8; 34]);
    for (to, from) in bytes.iter_mut().zip(key.expose().iter().chain(&sum_of(key))) {
        *to = *from;
    }
    let mut symbols = Zeroizing::new(Vec::with_capacity(BLOCKS * CARRIED));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes.iter() {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 && symbols.len() < BLOCKS * CARRIED {
            bits -= 5;
            symbols.push(u8::try_from(held >> bits & 31).unwrap_or(0));
        }
    }
    let letter = |s: &u8| ALPHABET.get(usize::from(*s)).map_or('0', |b| char::from(*b));
    symbols
        .chunks(CARRIED)
        .zip(1_u8..)
        .map(|(carried, position)| {
            carried.iter().chain(&[check_of(carried, position)]).map(letter).collect()
        })
        .collect()
}

/// The key of typed blocks, in their order. Lower case, full-width characters, hyphens, and O, I
/// and L for 0 and 1 are understood.
///
/// # Errors
/// Invalid; the field is the number of the first wrong block, counted from 1.
pub fn from_blocks<S: AsRef<str>>(typed: &[S]) -> Result<Key> {
    if typed.len() != BLOCKS {
        return Err(Error::invalid(
            "blocks",
            "vault.blocks_count",
            format!("应有 {BLOCKS} 组，现为 {} 组", typed.len()),
            format!("There must be {BLOCKS} blocks, not {}", typed.len()),
        ));
    }
    let mut symbols = Zeroizing::new(Vec::with_capacity(BLOCKS * CARRIED));
    for (block, position) in typed.iter().zip(1_u8..) {
        let read = symbols_of(block.as_ref());
        match read.as_deref().map(|all| all.split_last()) {
            Some(Some((check, carried)))
                if carried.len() == CARRIED && *check == check_of(carried, position) =>
            {
                symbols.extend_from_slice(carried);
            }
            _ => return Err(block_wrong(position)),
        }
    }
    assemble(&symbols)
}

/// Whether a typed block is the one at a position (counted from 1) of the key's sheet.
#[must_use]
pub fn block_matches(key: &Key, position: usize, typed: &str) -> bool {
    let sheet = blocks(key);
    let right = position.checked_sub(1).and_then(|at| sheet.get(at)).and_then(|b| symbols_of(b));
    right.is_some() && right == symbols_of(typed)
}

fn assemble(symbols: &[u8]) -> Result<Key> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(34));
    let (mut held, mut bits) = (0_u32, 0_u32);
    for symbol in symbols {
        held = held << 5 | u32::from(*symbol);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 255).unwrap_or(0));
        }
    }
    bytes.push(u8::try_from(held << (8 - bits) & 255).unwrap_or(0));
    let (key, sum) = bytes.split_at_checked(32).unwrap_or_default();
    let key = Key::from_slice(key)?;
    if sum == sum_of(&key) {
        return Ok(key);
    }
    Err(Error::invalid(
        "blocks",
        "vault.blocks_wrong",
        "各组单独无误，但整体校验不符：可能混用了两张恢复单",
        "Each block is right by itself, but not together: two sheets may have been mixed",
    ))
}

fn block_wrong(position: u8) -> Error {
    Error::invalid(
        position.to_string(),
        "vault.block_wrong",
        format!("第 {position} 组有误：请核对字符和各组的顺序"),
        format!("Block {position} is wrong: check its characters and the order of the blocks"),
    )
}

/// The 14 bits that check the whole key, at the left of two bytes.
fn sum_of(key: &Key) -> [u8; 2] {
    let digest = Sha256::new().chain_update(b"heng/recovery/v1").chain_update(key.expose());
    match digest.finalize().first_chunk::<2>() {
        Some([a, b]) => [*a, b & 0xFC],
        None => [0; 2],
    }
}

/// The symbols of a typed block; `None` when a character is not of the alphabet.
fn symbols_of(block: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(Vec::with_capacity(CARRIED + 1));
    for typed in block.trim().chars() {
        let half = match u32::from(typed) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0)?,
            _ => typed,
        };
        let plain = match half.to_ascii_uppercase() {
            '-' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        out.push(u8::try_from(ALPHABET.iter().position(|a| char::from(*a) == plain)?).ok()?);
    }
    Some(out)
}

/// The check symbol of a block: the sum, in the field of 32 elements, of its symbols and its
/// position, each times a different power of the generator 2.
fn check_of(carried: &[u8], position: u8) -> u8 {
    const WEIGHTS: [u8; CARRIED] = [2, 4, 8, 16, 5, 10];
    const POSITION_WEIGHT: u8 = 20;
    let sum = carried.iter().zip(WEIGHTS).fold(0, |sum, (s, w)| sum ^ times(*s, w));
    sum ^ times(position, POSITION_WEIGHT)
}

/// Multiplication modulo x^5 + x^2 + 1.
const fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut product) = (a, b, 0);
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = if a & 16 == 0 { a << 1 } else { (a << 1 ^ 0b10_0101) & 31 };
        b >>= 1;
    }
    product
}

#[cfg(unix)]
fn mode_warning(path: &Path) -> Option<Warning> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(Warning::OpenToOthers(mode))
}

#[cfg(not(unix))]
const fn mode_warning(_path: &Path) -> Option<Warning> {
    None
}

/// What a command prints. It runs through the shell, as the person who starts Heng.
fn run(line: &str) -> Result<Zeroizing<String>> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let failed = |source: String| {
        Error::new(
            Kind::Invalid,
            "vault.master_command",
            "取得主密钥的命令失败",
            "The command that gives the master key failed",
        )
        .with_source(source)
    };
    let done =
        Command::new(shell).arg(flag).arg(line).output().map_err(|e| failed(e.to_string()))?;
    let printed = Zeroizing::new(done.stdout);
    if !done.status.success() {
        return Err(failed(String::from_utf8_lossy(&done.stderr).into_owned()));
    }
    let text = std::str::from_utf8(&printed).map_err(|e| failed(e.to_string()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::new(
        Kind::Invalid,
        "vault.master_unreadable",
        format!("无法读取主密钥文件 {}：{source}", path.display()),
        format!("Cannot read the master key file {}: {source}", path.display()),
    )
    .with_source(source)
}

fn unwritable(path: &Path, source: std::io::Error) -> Error {
    Error::new(
        Kind::Invalid,
        "vault.master_unwritable",
        format!("无法写入主密钥文件 {}：{source}", path.display()),
        format!("Cannot write the master key file {}: {source}", path.display()),
    )
    .with_source(source)
}

#[cfg(test)]
#[path = "master_tests.rs"]
mod tests;
