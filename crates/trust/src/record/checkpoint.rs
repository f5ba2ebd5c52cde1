//! Signed checkpoints: the size and root of the record's tree at a moment, in the text format of
//! C2SP tlog-checkpoint, signed as a C2SP signed note with Ed25519.
//!
//! ```text
//! heng/示例-0190…          the origin, which is also the name of the key
//! 1234                     how many entries the tree has
//! CsUYapGGPo4dkMgIAUqom…   its root, base64
//!
//! — heng/示例-0190… Az3grl…   key id (4 bytes) and signature, base64
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use values::{Error, Kind, Result};

use super::tree::Hash;

/// The byte that stands for Ed25519 in key ids and verifier keys.
const ED25519: u8 = 1;

/// What a checkpoint states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the record.
    pub origin: String,
    /// How many entries the tree has.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// What a signed or unsigned checkpoint states, without looking at its signatures.
    ///
    /// # Errors
    /// Invalid when the text is no checkpoint.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.split_once("\n\n").map_or(text, |(stated, _)| stated);
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(broken());
        };
        let root = STANDARD.decode(root).map_err(|_| broken())?;
        let root = Hash::try_from(root).map_err(|_| broken())?;
        let number: u64 = size.parse().map_err(|_| broken())?;
        if origin.is_empty() || number.to_string() != size {
            return Err(broken());
        }
        Ok(Self { origin: origin.to_owned(), size: number, root })
    }
}

/// Signs checkpoints under a name.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// The signer of a name and a secret seed.
    ///
    /// # Errors
    /// Invalid when the name is empty or has spaces, plus signs or control characters.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The name, which is also the origin of its checkpoints.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The signed checkpoint of a tree.
    #[must_use]
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let text = Checkpoint { origin: self.name.clone(), size, root }.text();
        let mut signed = self.verifier().key_id().to_vec();
        signed.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n— {} {}\n", self.name, STANDARD.encode(signed))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Verifies checkpoints. Its text form is the verifier key `name+hash+base64` of signed notes,
/// which a firm hands to whoever is to check its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    key: VerifyingKey,
}

impl Verifier {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key).
    #[must_use]
    pub fn key_id(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        digest.first_chunk::<4>().copied().unwrap_or_default()
    }

    /// What a checkpoint states, when this key signed it.
    ///
    /// # Errors
    /// Invalid: `record.checkpoint_broken` when it is no checkpoint, `record.checkpoint_unsigned`
    /// when this key did not sign it or it was changed, or it is another record's.
    pub fn verify(&self, signed: &str) -> Result<Checkpoint> {
        let text = self.verify_note(signed)?;
        let stated = Checkpoint::parse(text)?;
        if stated.origin == self.name { Ok(stated) } else { Err(unsigned()) }
    }

    /// The text of a signed note, when this key signed it.
    fn verify_note<'n>(&self, note: &'n str) -> Result<&'n str> {
        let (before, signatures) = note.rsplit_once("\n\n").ok_or_else(broken)?;
        // The newline that ends the text's last line is part of what is signed.
        let text = note.get(..before.len() + 1).ok_or_else(broken)?;
        if !signatures.ends_with('\n') {
            return Err(broken());
        }
        let mut found = false;
        for line in signatures.lines() {
            let (name, encoded) =
                line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(broken)?;
            let bytes = STANDARD.decode(encoded).map_err(|_| broken())?;
            let (id, signature) = bytes.split_first_chunk::<4>().ok_or_else(broken)?;
            if name != self.name || *id != self.key_id() {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| unsigned())?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| unsigned())?;
            found = true;
        }
        if found { Ok(text) } else { Err(unsigned()) }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        let id = u32::from_be_bytes(self.key_id());
        write!(f, "{}+{id:08x}+{}", self.name, STANDARD.encode(key))
    }
}

impl FromStr for Verifier {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            Error::invalid(
                "verifier",
                "record.verifier_wrong",
                "验证公钥格式有误，应为 名称+八位十六进制+base64",
                "The verifier key is wrong: it must be name+8 hexadecimal digits+base64",
            )
        };
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        check_name(name)?;
        let bytes = STANDARD.decode(key).map_err(|_| wrong())?;
        let Some((&ED25519, public)) = bytes.split_first() else { return Err(wrong()) };
        let public: [u8; 32] = public.try_into().map_err(|_| wrong())?;
        let key = VerifyingKey::from_bytes(&public).map_err(|_| wrong())?;
        let verifier = Self { name: name.to_owned(), key };
        let expected = format!("{:08x}", u32::from_be_bytes(verifier.key_id()));
        if expected == id { Ok(verifier) } else { Err(wrong()) }
    }
}

fn check_name(name: &str) -> Result<()> {
    let wrong = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    if name.is_empty() || name.contains(wrong) {
        return Err(Error::invalid(
            "name",
            "record.name_wrong",
            "审计日志名称不能为空，也不能含空格或加号",
            "The record's name must not be empty nor have spaces or plus signs",
        ));
    }
    Ok(())
}

fn broken() -> Error {
    Error::new(
        Kind::Invalid,
        "record.checkpoint_broken",
        "这不是有效的检查点文本",
        "This is no checkpoint",
    )
}

fn unsigned() -> Error {
    Error::new(
        Kind::Invalid,
        "record.checkpoint_unsigned",
        "检查点签名不符：内容被改动，或并非此审计日志所签",
        "The checkpoint's signature does not fit: it was changed, or another record signed it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "heng/示例-1";

    fn signer() -> Signer {
        Signer::new(NAME, &[7; 32]).unwrap()
    }

    #[test]
    fn a_signed_checkpoint_verifies_with_the_key_from_its_text() {
        let signed = signer().sign(1234, [9; 32]);
        let verifier: Verifier = signer().verifier().to_string().parse().unwrap();
        assert_eq!(verifier, signer().verifier());
        let stated = verifier.verify(&signed).unwrap();
        assert_eq!(stated, Checkpoint { origin: NAME.into(), size: 1234, root: [9; 32] });
        assert_eq!(Checkpoint::parse(&signed).unwrap(), stated);
        assert_eq!(Checkpoint::parse(&stated.text()).unwrap(), stated);
    }

    #[test]
    fn a_signed_note_of_the_go_library_verifies() {
        // The example of golang.org/x/mod/sumdb/note.
        let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let note = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSN\
                    XgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let verifier: Verifier = key.parse().unwrap();
        assert_eq!(verifier.to_string(), key);
        assert!(verifier.verify_note(note).is_ok());
        assert!(verifier.verify_note(&note.replace("answer", "Answer")).is_err());
    }

    #[test]
    fn changing_anything_in_a_signed_checkpoint_is_noticed() {
        let signed = signer().sign(1234, [9; 32]);
        let verifier = signer().verifier();
        let unsigned = |text: &str| verifier.verify(text).unwrap_err().code();
        assert_eq!(unsigned(&signed.replace("1234", "1233")), "record.checkpoint_unsigned");
        assert_eq!(unsigned(&signed.replacen("CQkJ", "CQkK", 1)), "record.checkpoint_unsigned");
        assert!(verifier.verify(&signed.replacen("示例", "例示", 1)).is_err());
        for (at, letter) in signed.char_indices() {
            let other = if letter == 'A' { "B" } else { "A" };
            let mut changed = signed.clone();
            changed.replace_range(at..at + letter.len_utf8(), other);
            assert!(verifier.verify(&changed).is_err(), "{at}");
        }
        for cut in (0..signed.len()).filter(|at| signed.is_char_boundary(*at)) {
            assert!(verifier.verify(&signed[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn the_signature_of_another_key_or_name_is_not_taken() {
        let signed = signer().sign(5, [1; 32]);
        let other_key = Signer::new(NAME, &[8; 32]).unwrap();
        let other_name = Signer::new("heng/别家", &[7; 32]).unwrap();
        for other in [&other_key, &other_name] {
            let refused = other.verifier().verify(&signed).unwrap_err();
            assert_eq!(refused.code(), "record.checkpoint_unsigned");
        }
        // Another signature beside the right one, such as a witness's, does no harm.
        let line = other_name.sign(5, [1; 32]).lines().last().unwrap().to_owned();
        assert!(signer().verifier().verify(&format!("{signed}{line}\n")).is_ok());
    }

    #[test]
    fn texts_that_are_no_checkpoints_are_refused() {
        for text in ["", "\n\n", "a\nb\nc\n", "a\n01\n\n", "a\n-1\nAA==\n", "a\n1\nAA==\n"] {
            assert_eq!(Checkpoint::parse(text).unwrap_err().code(), "record.checkpoint_broken");
            assert!(signer().verifier().verify(text).is_err());
        }
        let root = STANDARD.encode([0; 32]);
        for size in ["01", "+1", "", "1 ", "18446744073709551616"] {
            assert!(Checkpoint::parse(&format!("a\n{size}\n{root}\n")).is_err(), "{size}");
        }
    }

    #[test]
    fn wrong_names_and_verifier_keys_are_refused() {
        for name in ["", "a b", "a+b", "a\nb", "a\u{3000}b"] {
            assert!(Signer::new(name, &[1; 32]).is_err(), "{name:?}");
        }
        let right = signer().verifier().to_string();
        assert!(right.replacen("heng", "hang", 1).parse::<Verifier>().is_err());
        for text in ["", "a", "a+b", "a+00000000+AQ==", "a+00000000+!"] {
            assert!(text.parse::<Verifier>().is_err(), "{text}");
        }
    }
}
