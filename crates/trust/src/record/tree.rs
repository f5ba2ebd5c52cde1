//! The Merkle tree of RFC 6962 over the entries of the record: leaf and node hashes, the root, and
//! proofs that an entry is in a tree (inclusion) and that a tree continues an older one
//! (consistency).
//!
//! A [`Frontier`] holds a tree of any size in at most 64 hashes and grows by one leaf at a time.
//! A [`Prover`] collects a proof from the leaf hashes as they stream by, so the tree of a long
//! record never has to fit in memory.

use std::ops::Range;

use sha2::{Digest, Sha256};
use values::{Error, Result};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256(0x00 ‖ body).
#[must_use]
pub fn leaf_hash(body: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(body).finalize().into()
}

/// The hash of two subtrees: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the empty tree: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root over leaf hashes.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    leaves.iter().copied().collect::<Frontier>().root()
}

/// A tree that can grow: the roots of its complete subtrees, the largest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, subtrees: Vec::new() }
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each trailing one of the size is a complete subtree that the new leaf completes further.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.subtrees.pop() else { break };
            hash = node_hash(&left, &hash);
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// The root of the tree as it stands.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut from_right = self.subtrees.iter().rev();
        let Some(&last) = from_right.next() else { return empty_root() };
        from_right.fold(last, |right, left| node_hash(left, &right))
    }

    /// The stored form: the size in eight bytes, big endian, and the subtrees' roots.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + self.subtrees.len() * 32);
        out.extend_from_slice(&self.size.to_be_bytes());
        out.extend(self.subtrees.iter().flatten());
        out
    }

    /// The tree of a stored form.
    ///
    /// # Errors
    /// Internal when the bytes are no such form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let broken = || Error::internal("the stored state of the record's tree is broken");
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or_else(broken)?;
        let size = u64::from_be_bytes(*size);
        let (subtrees, left_over) = rest.as_chunks::<32>();
        let expected = usize::try_from(size.count_ones()).map_err(Error::internal)?;
        if subtrees.len() != expected || !left_over.is_empty() {
            return Err(broken());
        }
        Ok(Self { size, subtrees: subtrees.to_vec() })
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

impl FromIterator<Hash> for Frontier {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        tree.extend(leaves);
        tree
    }
}

/// Collects one proof while all leaf hashes of the tree, from the first to the last, pass by.
#[derive(Debug, Clone)]
pub struct Prover {
    size: u64,
    seen: u64,
    /// The ranges of leaves whose subtree roots make the proof, in the proof's order.
    parts: Vec<(Range<u64>, Frontier)>,
}

impl Prover {
    /// For the proof that the leaf at `index` (from 0) is in the tree of `size` leaves.
    ///
    /// # Errors
    /// Invalid when the tree has no such leaf.
    pub fn inclusion(index: u64, size: u64) -> Result<Self> {
        if index >= size {
            return Err(outside());
        }
        let (mut ranges, mut start, mut end) = (Vec::new(), 0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                ranges.push(middle..end);
                end = middle;
            } else {
                ranges.push(start..middle);
                start = middle;
            }
        }
        Ok(Self::over(size, ranges))
    }

    /// For the proof that the tree of `new` leaves begins with the tree of `old` leaves.
    ///
    /// # Errors
    /// Invalid when the old tree is the larger.
    pub fn consistency(old: u64, new: u64) -> Result<Self> {
        if old > new {
            return Err(outside());
        }
        let mut ranges = Vec::new();
        if old > 0 {
            let (mut start, mut end, mut known) = (0, new, true);
            while end != old {
                let middle = start + split(end - start);
                if old <= middle {
                    ranges.push(middle..end);
                    end = middle;
                } else {
                    ranges.push(start..middle);
                    start = middle;
                    known = false;
                }
            }
            if !known {
                ranges.push(start..end);
            }
        }
        Ok(Self::over(new, ranges))
    }

    fn over(size: u64, from_the_top: Vec<Range<u64>>) -> Self {
        let parts = from_the_top.into_iter().rev().map(|r| (r, Frontier::new())).collect();
        Self { size, seen: 0, parts }
    }

    /// Takes the next leaf hash; leaves beyond the tree's size are left out.
    pub fn push(&mut self, leaf: Hash) {
        if let Some((_, part)) = self.parts.iter_mut().find(|(r, _)| r.contains(&self.seen)) {
            part.push(leaf);
        }
        self.seen += 1;
    }

    /// The proof.
    ///
    /// # Errors
    /// Internal when fewer leaves passed by than the tree has.
    pub fn finish(self) -> Result<Vec<Hash>> {
        if self.seen < self.size {
            return Err(Error::internal("a proof was asked for before all leaves were read"));
        }
        Ok(self.parts.into_iter().map(|(_, part)| part.root()).collect())
    }
}

/// The proof that the leaf at `index` is in the tree over all `leaves`.
///
/// # Errors
/// Invalid when there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: u64) -> Result<Vec<Hash>> {
    prove(Prover::inclusion(index, size_of(leaves))?, leaves)
}

/// The proof that the tree over all `leaves` begins with the tree over the first `old` of them.
///
/// # Errors
/// Invalid when there are fewer leaves than that.
pub fn consistency_proof(leaves: &[Hash], old: u64) -> Result<Vec<Hash>> {
    prove(Prover::consistency(old, size_of(leaves))?, leaves)
}

fn prove(mut prover: Prover, leaves: &[Hash]) -> Result<Vec<Hash>> {
    leaves.iter().for_each(|leaf| prover.push(*leaf));
    prover.finish()
}

/// Whether the proof shows that the leaf is at `index` in the tree of `size` leaves with this root
/// (RFC 9162, 2.1.3.2).
#[must_use]
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for other in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(other, &hash);
            if at & 1 == 0 {
                let shift = at.trailing_zeros();
                at = at.checked_shr(shift).unwrap_or(0);
                last = last.checked_shr(shift).unwrap_or(0);
            }
        } else {
            hash = node_hash(&hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the proof shows that the tree with `new_root` begins with the tree with `old_root`
/// (RFC 9162, 2.1.4.2).
#[must_use]
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> bool {
    if old == 0 || old >= new {
        let same = if old == 0 { *old_root == empty_root() } else { old_root == new_root };
        return same && old <= new && proof.is_empty();
    }
    let (mut at, mut last) = (old - 1, new - 1);
    let shift = at.trailing_ones();
    at = at.checked_shr(shift).unwrap_or(0);
    last = last.checked_shr(shift).unwrap_or(0);
    let (first, rest) = match proof.split_first() {
        _ if old.is_power_of_two() => (*old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return false,
    };
    let (mut of_old, mut of_new) = (first, first);
    for other in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            of_old = node_hash(other, &of_old);
            of_new = node_hash(other, &of_new);
            if at & 1 == 0 {
                let shift = at.trailing_zeros();
                at = at.checked_shr(shift).unwrap_or(0);
                last = last.checked_shr(shift).unwrap_or(0);
            }
        } else {
            of_new = node_hash(&of_new, other);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}

/// The largest power of two below `size`, which is at least 2.
const fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

fn size_of(leaves: &[Hash]) -> u64 {
    u64::try_from(leaves.len()).unwrap_or(u64::MAX)
}

fn outside() -> Error {
    Error::invalid(
        "index",
        "record.tree_range",
        "审计日志树中没有该位置",
        "The record's tree has no such position",
    )
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
