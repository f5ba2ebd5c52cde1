//! Keys: 32 bytes that are wiped when dropped, what a key is for, how keys are made from other
//! keys, and how they are wrapped under the master key for storage.

use std::fmt;
use std::str::FromStr;

use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use values::{Entropy, Error, Kind, Result};
use zeroize::Zeroizing;

use super::cipher::{self, Algorithm, Place};

/// Separates every derivation of this product from those of others.
const DERIVATION_SALT: &[u8] = b"heng/keys/v1";
/// The key id written into wrapped keys: they are sealed under the master key, which has no number.
const MASTER_KEY_ID: u32 = 0;

/// A secret of 32 bytes. It is wiped on drop, cannot be copied by accident, and never prints.
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A fresh key from the random source.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        entropy.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// The key of given bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key of a slice that must hold 32 bytes.
    ///
    /// # Errors
    /// Internal when the length is another.
    pub fn from_slice(bytes: &[u8]) -> Result<Self> {
        let bytes: [u8; 32] =
            bytes.try_into().map_err(|_| Error::internal("a key must have 32 bytes"))?;
        Ok(Self::from_bytes(bytes))
    }

    /// The secret bytes; every caller of this is worth a look.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A second holder of the same secret.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// A key of its own for a purpose named by a label (HKDF-SHA256).
    ///
    /// # Errors
    /// Internal, should the derivation ever refuse.
    pub fn derive(&self, label: &str) -> Result<Self> {
        let mut out = Zeroizing::new([0_u8; 32]);
        self.expand(label, out.as_mut_slice())?;
        Ok(Self(out))
    }

    /// The 128-bit key that SM4 works with.
    ///
    /// # Errors
    /// Internal, should the derivation ever refuse.
    pub fn sm4(&self) -> Result<Zeroizing<[u8; 16]>> {
        let mut out = Zeroizing::new([0_u8; 16]);
        self.expand("sm4-gcm", out.as_mut_slice())?;
        Ok(out)
    }

    /// Eight hexadecimal digits to tell keys apart by; they reveal nothing usable of the key.
    ///
    /// # Errors
    /// Internal, should the derivation ever refuse.
    pub fn fingerprint(&self) -> Result<String> {
        let mut out = [0_u8; 4];
        self.expand("fingerprint", &mut out)?;
        Ok(format!("{:08x}", u32::from_be_bytes(out)))
    }

    fn expand(&self, label: &str, out: &mut [u8]) -> Result<()> {
        Hkdf::<Sha256>::new(Some(DERIVATION_SALT), self.0.as_slice())
            .expand(label.as_bytes(), out)
            .map_err(|_| Error::internal("a derived key was asked for that is too long"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for Key {}

/// What a stored key is for. A key unwraps only for the purpose it was wrapped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Sealing fields of one level of the catalogue, 1 to 4.
    Level(u8),
    /// Keyed tokens for exact search on sealed fields.
    Blind,
    /// Wrapping the keys of the core store's revisions.
    Core,
    /// Keyed addresses of immutable contents.
    Address,
    /// The seed of the key that signs checkpoints of the record.
    Signing,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(f, "level-{level}"),
            Self::Blind => f.write_str("blind"),
            Self::Core => f.write_str("core"),
            Self::Address => f.write_str("address"),
            Self::Signing => f.write_str("signing"),
        }
    }
}

impl FromStr for Purpose {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "level-1" => Ok(Self::Level(1)),
            "level-2" => Ok(Self::Level(2)),
            "level-3" => Ok(Self::Level(3)),
            "level-4" => Ok(Self::Level(4)),
            "blind" => Ok(Self::Blind),
            "core" => Ok(Self::Core),
            "address" => Ok(Self::Address),
            "signing" => Ok(Self::Signing),
            _ => Err(Error::internal("a stored key has an unknown purpose")),
        }
    }
}

/// Wraps a key under the master key. The result opens only with the same id and purpose.
///
/// # Errors
/// Internal, should the cipher refuse.
pub fn wrap(
    master: &Key,
    key_id: u32,
    purpose: Purpose,
    algorithm: Algorithm,
    nonce: [u8; 12],
    key: &Key,
) -> Result<Vec<u8>> {
    let under = master.derive("wrap")?;
    let (column, row) = (purpose.to_string(), key_id.to_be_bytes());
    let place = Place { table: "keys", column: &column, row: &row };
    cipher::seal(algorithm, &under, MASTER_KEY_ID, place, nonce, key.expose())
}

/// Opens a wrapped key.
///
/// # Errors
/// Invalid with code `vault.master_wrong` when the master key is another, or the wrapped key was
/// changed, or it was stored for another id or purpose.
pub fn unwrap(master: &Key, key_id: u32, purpose: Purpose, wrapped: &[u8]) -> Result<Key> {
    let under = master.derive("wrap")?;
    let (column, row) = (purpose.to_string(), key_id.to_be_bytes());
    let place = Place { table: "keys", column: &column, row: &row };
    let plain = cipher::open(wrapped, place, |id| (id == MASTER_KEY_ID).then_some(&under))
        .map_err(|source| {
            Error::new(
                Kind::Invalid,
                "vault.master_wrong",
                "主密钥与此数据存储不符，或密钥表已被改动",
                "The master key does not fit this store, or the stored keys were changed",
            )
            .with_source(source)
        })?;
    Key::from_slice(&plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use values::SeededEntropy;

    use super::*;

    fn key(seed: u64) -> Key {
        Key::generate(&SeededEntropy::new(seed))
    }

    #[test]
    fn a_key_never_prints_its_bytes() {
        assert_eq!(format!("{:?}", Key::from_bytes([7; 32])), "Key(…)");
    }

    #[test]
    fn derived_keys_depend_on_the_label_and_on_the_key() {
        let (a, b) = (key(1), key(2));
        assert_eq!(a.derive("x").unwrap(), a.derive("x").unwrap());
        assert_ne!(a.derive("x").unwrap(), a.derive("y").unwrap());
        assert_ne!(a.derive("x").unwrap(), b.derive("x").unwrap());
        assert_ne!(a.derive("x").unwrap(), a);
        assert_ne!(a.fingerprint().unwrap(), b.fingerprint().unwrap());
        assert_eq!(a.fingerprint().unwrap().len(), 8);
    }

    #[test]
    fn derivation_is_hkdf_sha256_and_stays_the_same_for_ever() {
        // RFC 5869 appendix A.1, through the same function of the library.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let mut okm = [0_u8; 42];
        Hkdf::<Sha256>::new(Some(&salt), &[0x0b; 22]).expand(&info, &mut okm).unwrap();
        assert_eq!(&okm[..8], &[0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a]);
        assert_eq!(Key::from_bytes([0; 32]).fingerprint().unwrap(), "73dd4439");
    }

    #[test]
    fn a_wrapped_key_opens_with_the_same_master_id_and_purpose_only() {
        let (master, data) = (key(3), key(4));
        for algorithm in [Algorithm::Aes256Gcm, Algorithm::Sm4Gcm] {
            let kept = wrap(&master, 9, Purpose::Level(3), algorithm, [1; 12], &data).unwrap();
            assert_eq!(unwrap(&master, 9, Purpose::Level(3), &kept).unwrap(), data);
            for wrong in [
                unwrap(&key(5), 9, Purpose::Level(3), &kept),
                unwrap(&master, 8, Purpose::Level(3), &kept),
                unwrap(&master, 9, Purpose::Level(4), &kept),
                unwrap(&master, 9, Purpose::Blind, &kept),
            ] {
                assert_eq!(wrong.unwrap_err().code(), "vault.master_wrong");
            }
        }
    }

    #[test]
    fn every_purpose_reads_back_from_its_name() {
        for purpose in [
            Purpose::Level(1),
            Purpose::Level(4),
            Purpose::Blind,
            Purpose::Core,
            Purpose::Address,
            Purpose::Signing,
        ] {
            assert_eq!(purpose.to_string().parse::<Purpose>().unwrap(), purpose);
        }
        assert!("level-5".parse::<Purpose>().is_err());
    }

    proptest! {
        #[test]
        fn any_key_survives_wrapping(
            master: [u8; 32], bytes: [u8; 32], id: u32, nonce: [u8; 12], level in 1_u8..=4,
        ) {
            let (master, data) = (Key::from_bytes(master), Key::from_bytes(bytes));
            let purpose = Purpose::Level(level);
            let kept = wrap(&master, id, purpose, Algorithm::Aes256Gcm, nonce, &data).unwrap();
            prop_assert!(unwrap(&master, id, purpose, &kept).unwrap() == data);
        }
    }
}
