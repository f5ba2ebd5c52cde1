//! Sealing: authenticated encryption of one value for one place in the store.
//!
//! A sealed value is `version (1) · algorithm (1) · key id (4, big endian) · nonce (12) ·
//! ciphertext · tag (16)`. The header and the place (table, column, row) are authenticated with
//! it, so a value that is moved to another place, or whose header was changed, does not open.
//!
//! Nonces are random and handed in by the caller; one key seals at most 2^32 values, which is why
//! keys rotate.

use std::fmt;
use std::str::FromStr;

use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadCore, AeadInOut, Aes256Gcm, AesGcm, KeyInit, Nonce, Tag};
use sm4::Sm4;
use values::{Error, Kind, Result};
use zeroize::Zeroizing;

use super::keys::Key;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// The layout that is written.
const LAYOUT: u8 = 1;
const HEADER: usize = 6;
const NONCE: usize = 12;
const TAG: usize = 16;
/// How many bytes sealing adds to a value.
pub const OVERHEAD: usize = HEADER + NONCE + TAG;
/// Separates these authenticated texts from any other use of the keys.
const DOMAIN: &[u8] = b"heng/cell/v1";

/// The cipher a value is sealed with; a setting of the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Algorithm {
    /// AES-256 in Galois/Counter Mode (NIST SP 800-38D).
    #[default]
    Aes256Gcm,
    /// SM4 (GB/T 32907) in Galois/Counter Mode (RFC 8998).
    Sm4Gcm,
}

impl Algorithm {
    /// The byte that stands for it in sealed values.
    #[must_use]
    pub const fn id(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
            Self::Sm4Gcm => 2,
        }
    }

    const fn of(id: u8) -> Option<Self> {
        match id {
            1 => Some(Self::Aes256Gcm),
            2 => Some(Self::Sm4Gcm),
            _ => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aes256Gcm => "aes-256-gcm",
            Self::Sm4Gcm => "sm4-gcm",
        })
    }
}

impl FromStr for Algorithm {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "aes-256-gcm" => Ok(Self::Aes256Gcm),
            "sm4-gcm" => Ok(Self::Sm4Gcm),
            _ => Err(Error::invalid(
                "algorithm",
                "vault.algorithm_unknown",
                "加密算法应为 aes-256-gcm 或 sm4-gcm",
                "The algorithm must be aes-256-gcm or sm4-gcm",
            )),
        }
    }
}

/// Where a sealed value stands. The names are part of what is sealed: renaming a table or a column
/// means sealing its values again, or keeping the old name here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The key of the row.
    pub row: &'a [u8],
}

impl Place<'_> {
    /// What is authenticated beside the value: each part with its length, so no two places meet.
    fn authenticated(self, header: &[u8]) -> Vec<u8> {
        let parts = [header, self.table.as_bytes(), self.column.as_bytes(), self.row];
        let mut out =
            Vec::with_capacity(DOMAIN.len() + parts.iter().map(|p| p.len() + 8).sum::<usize>());
        out.extend_from_slice(DOMAIN);
        for part in parts {
            out.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

/// Seals a value for a place. The nonce must be fresh from a random source.
///
/// # Errors
/// Internal, should the cipher refuse (a value beyond 64 GiB).
pub fn seal(
    algorithm: Algorithm,
    key: &Key,
    key_id: u32,
    place: Place<'_>,
    nonce: [u8; 12],
    plain: &[u8],
) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(plain.len() + OVERHEAD);
    out.extend_from_slice(&[LAYOUT, algorithm.id()]);
    out.extend_from_slice(&key_id.to_be_bytes());
    let authenticated = place.authenticated(&out);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let body = out.get_mut(HEADER + NONCE..).unwrap_or_default();
    let tag = match algorithm {
        Algorithm::Aes256Gcm => encrypt::<Aes256Gcm>(key.expose(), nonce, &authenticated, body),
        Algorithm::Sm4Gcm => encrypt::<Sm4Gcm>(&*key.sm4()?, nonce, &authenticated, body),
    }?;
    out.extend_from_slice(&tag);
    Ok(out)
}

/// Opens a sealed value in its place; `key_of` finds the key by the id inside.
///
/// # Errors
/// Internal: `vault.key_missing` when `key_of` has no such key, `vault.sealed_wrong` when the value
/// was changed or belongs to another place, or is no sealed value at all.
pub fn open<'k>(
    bytes: &[u8],
    place: Place<'_>,
    key_of: impl FnOnce(u32) -> Option<&'k Key>,
) -> Result<Zeroizing<Vec<u8>>> {
    let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or_else(wrong)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(wrong)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or_else(wrong)?;
    let [LAYOUT, algorithm, key_id @ ..] = *header else { return Err(wrong()) };
    let algorithm = Algorithm::of(algorithm).ok_or_else(wrong)?;
    let key = key_of(u32::from_be_bytes(key_id)).ok_or_else(|| {
        Error::new(
            Kind::Internal,
            "vault.key_missing",
            "缺少打开此字段所需的密钥",
            "The key that opens this field is missing",
        )
    })?;
    let authenticated = place.authenticated(header);
    let mut plain = Zeroizing::new(body.to_vec());
    match algorithm {
        Algorithm::Aes256Gcm => {
            decrypt::<Aes256Gcm>(key.expose(), *nonce, &authenticated, &mut plain, *tag)
        }
        Algorithm::Sm4Gcm => {
            decrypt::<Sm4Gcm>(&*key.sm4()?, *nonce, &authenticated, &mut plain, *tag)
        }
    }?;
    Ok(plain)
}

/// The id of the key that a sealed value needs.
///
/// # Errors
/// Internal when the bytes are no sealed value.
pub fn key_id_of(bytes: &[u8]) -> Result<u32> {
    match bytes.split_first_chunk::<HEADER>() {
        Some((&[LAYOUT, _, a, b, c, d], _)) => Ok(u32::from_be_bytes([a, b, c, d])),
        _ => Err(wrong()),
    }
}

fn wrong() -> Error {
    Error::new(
        Kind::Internal,
        "vault.sealed_wrong",
        "加密字段校验失败：内容可能被改动或移位",
        "A sealed field did not pass its check: it may have been changed or moved",
    )
}

fn encrypt<C>(
    key: &[u8],
    nonce: [u8; 12],
    authenticated: &[u8],
    body: &mut [u8],
) -> Result<[u8; 16]>
where
    C: KeyInit + AeadInOut + AeadCore<NonceSize = U12, TagSize = U16>,
{
    let cipher = C::new_from_slice(key).map_err(Error::internal)?;
    let nonce: Nonce<U12> = nonce.into();
    let tag = cipher
        .encrypt_inout_detached(&nonce, authenticated, InOutBuf::from(body))
        .map_err(|_| Error::internal("a value is too long to be sealed"))?;
    Ok(tag.into())
}

fn decrypt<C>(
    key: &[u8],
    nonce: [u8; 12],
    authenticated: &[u8],
    body: &mut [u8],
    tag: [u8; 16],
) -> Result<()>
where
    C: KeyInit + AeadInOut + AeadCore<NonceSize = U12, TagSize = U16>,
{
    let cipher = C::new_from_slice(key).map_err(Error::internal)?;
    let (nonce, tag): (Nonce<U12>, Tag<U16>) = (nonce.into(), tag.into());
    cipher
        .decrypt_inout_detached(&nonce, authenticated, InOutBuf::from(body), &tag)
        .map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Algorithm; 2] = [Algorithm::Aes256Gcm, Algorithm::Sm4Gcm];

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> =
            text.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    fn place<'a>(row: &'a [u8]) -> Place<'a> {
        Place { table: "client", column: "phone", row }
    }

    /// One published vector: the ciphertext and tag must come out, and the text come back.
    fn agrees<C>(key: &str, nonce: &str, beside: &str, plain: &str, sealed: &str, tag: &str)
    where
        C: KeyInit + AeadInOut + AeadCore<NonceSize = U12, TagSize = U16>,
    {
        let nonce: [u8; 12] = hex(nonce).try_into().unwrap();
        let mut body = hex(plain);
        let got = encrypt::<C>(&hex(key), nonce, &hex(beside), &mut body).unwrap();
        assert_eq!(body, hex(sealed));
        assert_eq!(got.to_vec(), hex(tag));
        decrypt::<C>(&hex(key), nonce, &hex(beside), &mut body, got).unwrap();
        assert_eq!(body, hex(plain));
    }

    #[test]
    fn aes_256_gcm_agrees_with_the_published_vectors() {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16.
        let zero = "00".repeat(32);
        let nonce = "00".repeat(12);
        agrees::<Aes256Gcm>(&zero, &nonce, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b");
        agrees::<Aes256Gcm>(
            &zero,
            &nonce,
            "",
            &"00".repeat(16),
            "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919",
        );
        let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
        let nonce = "cafebabefacedbaddecaf888";
        let plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                     1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
        let sealed = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                      8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
        agrees::<Aes256Gcm>(key, nonce, "", plain, sealed, "b094dac5d93471bdec1a502270e3cc6c");
        agrees::<Aes256Gcm>(
            key,
            nonce,
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            &plain[..120],
            &sealed[..120],
            "76fc6ece0f4e1768cddf8853bb2d551b",
        );
    }

    #[test]
    fn sm4_gcm_agrees_with_rfc_8998() {
        agrees::<Sm4Gcm>(
            "0123456789abcdeffedcba9876543210",
            "00001234567800000000abcd",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
            "83de3541e4c2b58177e065a9bf7b62ec",
        );
    }

    #[test]
    fn changing_any_byte_of_a_sealed_value_is_noticed() {
        let key = Key::from_bytes([5; 32]);
        for algorithm in BOTH {
            let sealed =
                seal(algorithm, &key, 7, place(b"row"), [9; 12], "13800001234".as_bytes()).unwrap();
            assert_eq!(sealed.len(), 11 + OVERHEAD);
            for at in 0..sealed.len() {
                for bit in 0..8 {
                    let mut changed = sealed.clone();
                    changed[at] ^= 1 << bit;
                    // The same key is offered whatever id is asked for.
                    assert!(open(&changed, place(b"row"), |_| Some(&key)).is_err(), "byte {at}");
                }
            }
            for short in 0..sealed.len() {
                assert!(open(&sealed[..short], place(b"row"), |_| Some(&key)).is_err());
            }
        }
    }

    #[test]
    fn a_value_moved_to_another_table_column_or_row_does_not_open() {
        let key = Key::from_bytes([5; 32]);
        for algorithm in BOTH {
            let home = Place { table: "client", column: "phone", row: b"row-1" };
            let sealed = seal(algorithm, &key, 7, home, [9; 12], b"13800001234").unwrap();
            assert_eq!(&*open(&sealed, home, |_| Some(&key)).unwrap(), b"13800001234");
            for elsewhere in [
                Place { table: "user", ..home },
                Place { column: "fax", ..home },
                Place { row: b"row-2", ..home },
                Place { table: "clientp", column: "hone", ..home },
                Place { column: "phoner", row: b"ow-1", ..home },
            ] {
                let refused = open(&sealed, elsewhere, |_| Some(&key)).unwrap_err();
                assert_eq!(refused.code(), "vault.sealed_wrong");
            }
        }
    }

    #[test]
    fn the_key_id_inside_names_the_key_to_open_with() {
        let (right, wrong) = (Key::from_bytes([5; 32]), Key::from_bytes([6; 32]));
        let sealed = seal(BOTH[0], &right, 0xABCD_1234, place(b"r"), [0; 12], b"x").unwrap();
        assert_eq!(key_id_of(&sealed).unwrap(), 0xABCD_1234);
        assert!(key_id_of(b"abc").is_err());
        let missing = open(&sealed, place(b"r"), |_| None).unwrap_err();
        assert_eq!(missing.code(), "vault.key_missing");
        assert!(open(&sealed, place(b"r"), |_| Some(&wrong)).is_err());
        assert!(open(&sealed, place(b"r"), |id| (id == 0xABCD_1234).then_some(&right)).is_ok());
    }

    #[test]
    fn every_algorithm_reads_back_from_its_name_and_its_byte() {
        for algorithm in BOTH {
            assert_eq!(algorithm.to_string().parse::<Algorithm>().unwrap(), algorithm);
            assert_eq!(Algorithm::of(algorithm.id()), Some(algorithm));
        }
        assert!("rot13".parse::<Algorithm>().is_err());
    }

    proptest! {
        #[test]
        fn any_value_survives_sealing(
            key: [u8; 32],
            id: u32,
            nonce: [u8; 12],
            table in "[a-z_]{1,20}",
            column in ".{0,20}",
            row in proptest::collection::vec(any::<u8>(), 0..40),
            plain in proptest::collection::vec(any::<u8>(), 0..300),
            sm4: bool,
        ) {
            let algorithm = if sm4 { Algorithm::Sm4Gcm } else { Algorithm::Aes256Gcm };
            let key = Key::from_bytes(key);
            let place = Place { table: &table, column: &column, row: &row };
            let sealed = seal(algorithm, &key, id, place, nonce, &plain).unwrap();
            prop_assert_eq!(key_id_of(&sealed).unwrap(), id);
            prop_assert_eq!(&*open(&sealed, place, |_| Some(&key)).unwrap(), &plain);
        }
    }
}
