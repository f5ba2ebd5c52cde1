//! A printed proof that an entry is in the record, in the text format of C2SP tlog-proof with the
//! entry's body as the extra data, and its verification from the text alone.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra eyJhY3Rpb24iOiJjb…      the entry's body, base64
//! index 5
//! lqKW0iTyhcZ77pPDD4owkV…       the hashes of the path, base64, from the leaf up
//!
//! heng/示例-0190…               the signed checkpoint
//! …
//! ```
//!
//! A stranger checks it without Heng. They need the file `proof.txt` and the firm's verifier key
//! `name+hash+base64` in `$VKEY`, and bash, sha256sum, base64, xxd and openssl 3:
//!
//! ```bash
//! hash() { xxd -r -p | sha256sum | cut -c1-64; }
//! sed -n 's/^extra //p' proof.txt | base64 -d                 # what the entry says
//! leaf=00$(sed -n 's/^extra //p' proof.txt | base64 -d | xxd -p | tr -d '\n')
//! node=$(hash <<< "$leaf")
//! at=$(sed -n 's/^index //p' proof.txt)
//! sed '1,/^$/d' proof.txt > signed.txt                        # the signed checkpoint
//! last=$(( $(sed -n 2p signed.txt) - 1 ))
//! for other in $(sed -n '/^index /,/^$/p' proof.txt | sed 1d | sed '/^$/d'); do
//!   other=$(base64 -d <<< "$other" | xxd -p -c 64)
//!   if (( at % 2 == 1 || at == last )); then
//!     node=$(hash <<< "01$other$node")
//!     while (( at % 2 == 0 && at != 0 )); do at=$((at / 2)); last=$((last / 2)); done
//!   else
//!     node=$(hash <<< "01$node$other")
//!   fi
//!   at=$((at / 2)); last=$((last / 2))
//! done
//! # 1. The path leads to the root that the checkpoint states, and is as long as it must be:
//! [[ $last == 0 && $node == $(sed -n 3p signed.txt | base64 -d | xxd -p -c 64) ]] && echo in
//! # 2. The firm's key signed the checkpoint:
//! key=$(cut -d+ -f3- <<< "$VKEY" | base64 -d | xxd -p -c 64)
//! xxd -r -p <<< "302a300506032b6570032100${key:2}" > key.der
//! sed '/^$/,$d' signed.txt > text.txt
//! sed '1,/^$/d' signed.txt | head -1 | cut -d' ' -f3 | base64 -d | tail -c +5 > signature.bin
//! openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text.txt \
//!   -sigfile signature.bin
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use values::{Error, Kind, Result};

use super::checkpoint::{Checkpoint, Verifier};
use super::tree::{self, Hash};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2^64 leaves has paths of this length; no proof is longer.
const PATH_MOST: usize = 64;

/// A proof with everything that is needed to check it, but the verifier key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The position of the entry in the tree, from 0.
    pub index: u64,
    /// The entry's body, as it was hashed.
    pub body: String,
    /// The hashes of the path, from the leaf up.
    pub path: Vec<Hash>,
    /// The signed checkpoint of the tree.
    pub checkpoint: String,
}

/// What a proof has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The position of the entry in the tree, from 0.
    pub index: u64,
    /// The entry's body.
    pub body: String,
    /// The checkpoint that covers it.
    pub checkpoint: Checkpoint,
}

impl Proof {
    /// The printed form.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out =
            format!("{HEADER}\nextra {}\nindex {}\n", STANDARD.encode(&self.body), self.index);
        for hash in &self.path {
            out.push_str(&STANDARD.encode(hash));
            out.push('\n');
        }
        out.push('\n');
        out.push_str(&self.checkpoint);
        out
    }

    /// The proof of a printed form, not yet verified.
    ///
    /// # Errors
    /// Invalid when the text is no proof.
    pub fn parse(text: &str) -> Result<Self> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(broken)?;
        let mut lines = head.lines();
        if lines.next() != Some(HEADER) {
            return Err(broken());
        }
        let extra = lines.next().and_then(|l| l.strip_prefix("extra ")).ok_or_else(broken)?;
        let body = STANDARD.decode(extra).map_err(|_| broken())?;
        let index = lines.next().and_then(|l| l.strip_prefix("index ")).ok_or_else(broken)?;
        let number: u64 = index.parse().map_err(|_| broken())?;
        let path = lines
            .map(|line| STANDARD.decode(line).ok().and_then(|bytes| Hash::try_from(bytes).ok()))
            .collect::<Option<Vec<Hash>>>()
            .ok_or_else(broken)?;
        if path.len() > PATH_MOST || number.to_string() != index {
            return Err(broken());
        }
        Ok(Self {
            index: number,
            body: String::from_utf8(body).map_err(|_| broken())?,
            path,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// Checks the signature and the path.
    ///
    /// # Errors
    /// Invalid: as [`Verifier::verify`], and `record.proof_wrong` when the entry is not in the tree
    /// at that position.
    pub fn verify(self, verifier: &Verifier) -> Result<Proven> {
        let checkpoint = verifier.verify(&self.checkpoint)?;
        let leaf = tree::leaf_hash(self.body.as_bytes());
        let size = checkpoint.size;
        if !tree::verify_inclusion(self.index, size, &leaf, &self.path, &checkpoint.root) {
            return Err(Error::new(
                Kind::Invalid,
                "record.proof_wrong",
                "证明不成立：该条目不在检查点所述的审计日志中",
                "The proof does not hold: the entry is not in the record that was signed",
            ));
        }
        Ok(Proven { index: self.index, body: self.body, checkpoint })
    }
}

/// Checks a printed proof.
///
/// # Errors
/// As [`Proof::parse`] and [`Proof::verify`].
pub fn verify_text(text: &str, verifier: &Verifier) -> Result<Proven> {
    Proof::parse(text)?.verify(verifier)
}

fn broken() -> Error {
    Error::new(
        Kind::Invalid,
        "record.proof_broken",
        "这不是有效的证明文本",
        "This is no proof of inclusion",
    )
}

#[cfg(test)]
mod tests {
    use super::super::checkpoint::Signer;
    use super::*;

    fn signer() -> Signer {
        Signer::new("heng/示例-1", &[7; 32]).unwrap()
    }

    fn body(index: u64) -> String {
        format!("{{\"action\":\"client.view\",\"purpose\":\"第{index}次\"}}")
    }

    fn proof(index: u64, size: u64) -> Proof {
        let leaves: Vec<Hash> = (0..size).map(|i| tree::leaf_hash(body(i).as_bytes())).collect();
        Proof {
            index,
            body: body(index),
            path: tree::inclusion_proof(&leaves, index).unwrap(),
            checkpoint: signer().sign(size, tree::root(&leaves)),
        }
    }

    #[test]
    fn a_printed_proof_verifies_from_its_text_alone() {
        for (index, size) in [(0, 1), (0, 2), (5, 8), (6, 7), (99, 100)] {
            let text = proof(index, size).text();
            let shown = verify_text(&text, &signer().verifier()).unwrap();
            assert_eq!((shown.index, shown.checkpoint.size), (index, size));
            assert_eq!(shown.body, body(index));
        }
    }

    #[test]
    fn a_proof_with_anything_changed_does_not_hold() {
        let (right, verifier) = (proof(5, 8), signer().verifier());
        let code = |proof: &Proof| proof.clone().verify(&verifier).unwrap_err().code();
        let mut other_body = right.clone();
        other_body.body = body(4);
        assert_eq!(code(&other_body), "record.proof_wrong");
        let mut other_index = right.clone();
        other_index.index = 4;
        assert_eq!(code(&other_index), "record.proof_wrong");
        let mut short = right.clone();
        short.path.pop();
        assert_eq!(code(&short), "record.proof_wrong");
        let mut other_tree = right.clone();
        other_tree.checkpoint = proof(5, 9).checkpoint;
        assert_eq!(code(&other_tree), "record.proof_wrong");
        let mut unsigned = right.clone();
        unsigned.checkpoint = right.checkpoint.replacen("\n8\n", "\n9\n", 1);
        assert_eq!(code(&unsigned), "record.checkpoint_unsigned");
        let text = right.text();
        for (at, letter) in text.char_indices() {
            let mut changed = text.clone();
            let other = if letter == 'A' { "B" } else { "A" };
            changed.replace_range(at..at + letter.len_utf8(), other);
            assert!(verify_text(&changed, &verifier).is_err(), "{at}");
        }
    }

    #[test]
    fn texts_that_are_no_proofs_are_refused() {
        let verifier = signer().verifier();
        let right = proof(0, 2).text();
        for text in [
            String::new(),
            "\n\n".into(),
            right.replacen("@v1", "@v2", 1),
            right.replacen("index 0", "index 00", 1),
            right.replacen("index 0", "index x", 1),
            right.replacen("extra ", "", 1),
            right.replacen("index 0\n", &format!("index 0\n{}", "AAAA\n".repeat(2)), 1),
        ] {
            let refused = verify_text(&text, &verifier).unwrap_err();
            assert_eq!(refused.code(), "record.proof_broken", "{text}");
        }
    }
}
