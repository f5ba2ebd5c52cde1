//! The tree against published vectors, and against a second, recursive definition.

use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Hash {
    let digits: Vec<u8> =
        text.chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect();
    let bytes: Vec<u8> = digits.chunks(2).map(|p| p[0] << 4 | p[1]).collect();
    bytes.try_into().unwrap()
}

/// The inputs that implementations of Certificate Transparency test with.
fn known_leaves() -> Vec<Hash> {
    let inputs: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    inputs.iter().map(|i| leaf_hash(i)).collect()
}

fn leaves(n: usize) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

/// The definition of RFC 6962, section 2.1, word for word.
fn by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        more => {
            let middle = usize::try_from(split(size_of(more))).unwrap();
            node_hash(&by_definition(&more[..middle]), &by_definition(&more[middle..]))
        }
    }
}

#[test]
fn roots_agree_with_the_known_vectors() {
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    for (n, expected) in roots.iter().enumerate() {
        assert_eq!(root(&known_leaves()[..n]), hex(expected), "{n} leaves");
    }
}

#[test]
fn proofs_agree_with_the_known_vectors() {
    let all = known_leaves();
    assert_eq!(inclusion_proof(&all[..1], 0).unwrap(), Vec::<Hash>::new());
    let first = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(inclusion_proof(&all, 0).unwrap(), first.map(hex));
    let sixth = [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(inclusion_proof(&all, 5).unwrap(), sixth.map(hex));
    let six_to_eight = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(consistency_proof(&all, 6).unwrap(), six_to_eight.map(hex));
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_nothing_else_is() {
    for n in 1..=33 {
        let all = leaves(n);
        let (size, root) = (size_of(&all), root(&all));
        assert_eq!(root, by_definition(&all));
        for (index, leaf) in (0..).zip(&all) {
            let proof = inclusion_proof(&all, index).unwrap();
            assert!(verify_inclusion(index, size, leaf, &proof, &root));
            for elsewhere in (0..=size).filter(|at| *at != index) {
                assert!(!verify_inclusion(elsewhere, size, leaf, &proof, &root));
            }
            let longer: Vec<Hash> = proof.iter().copied().chain([*leaf]).collect();
            assert!(!verify_inclusion(index, size, leaf, &longer, &root));
            if let Some((_, shorter)) = proof.split_last() {
                assert!(!verify_inclusion(index, size, leaf, shorter, &root));
            }
        }
        assert!(inclusion_proof(&all, size).is_err());
    }
}

#[test]
fn every_small_tree_continues_every_smaller_one() {
    let all = leaves(33);
    for new in 0..=33 {
        for old in 0..=new {
            let (small, large) = (root(&all[..old]), root(&all[..new]));
            let proof = consistency_proof(&all[..new], u64::try_from(old).unwrap()).unwrap();
            let sizes = (u64::try_from(old).unwrap(), u64::try_from(new).unwrap());
            assert!(verify_consistency(sizes.0, sizes.1, &small, &large, &proof));
            let other = leaf_hash(b"other");
            assert!(!verify_consistency(sizes.0, sizes.1, &other, &large, &proof));
            if old > 0 {
                assert!(!verify_consistency(sizes.0, sizes.1, &small, &other, &proof));
            }
            if old < new {
                assert!(!verify_consistency(sizes.1, sizes.0, &large, &small, &proof));
            }
            let longer: Vec<Hash> = proof.iter().copied().chain([other]).collect();
            assert!(!verify_consistency(sizes.0, sizes.1, &small, &large, &longer));
        }
        assert!(consistency_proof(&all[..new], u64::try_from(new).unwrap() + 1).is_err());
    }
}

#[test]
fn a_stored_tree_reads_back_and_broken_bytes_are_refused() {
    let mut tree = Frontier::new();
    for leaf in leaves(100) {
        assert_eq!(Frontier::from_bytes(&tree.to_bytes()).unwrap(), tree);
        tree.push(leaf);
    }
    let bytes = tree.to_bytes();
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 32]).is_err());
    assert!(Frontier::from_bytes(&[]).is_err());
}

#[test]
fn a_prover_that_has_not_seen_all_leaves_gives_no_proof() {
    let mut prover = Prover::inclusion(2, 5).unwrap();
    leaves(4).into_iter().for_each(|leaf| prover.push(leaf));
    assert!(prover.clone().finish().is_err());
    // Leaves that came after the tree was sealed do not matter.
    leaves(9).into_iter().skip(4).for_each(|leaf| prover.push(leaf));
    assert_eq!(prover.finish().unwrap(), inclusion_proof(&leaves(5), 2).unwrap());
}

proptest! {
    #[test]
    fn growing_leaf_by_leaf_gives_the_root_of_the_whole(
        all in proptest::collection::vec(any::<[u8; 32]>(), 0..200), cut in 0_usize..200,
    ) {
        let cut = cut.min(all.len());
        let mut tree: Frontier = all[..cut].iter().copied().collect();
        prop_assert_eq!(tree.root(), by_definition(&all[..cut]));
        tree = Frontier::from_bytes(&tree.to_bytes()).unwrap();
        tree.extend(all[cut..].iter().copied());
        prop_assert_eq!(tree.size(), size_of(&all));
        prop_assert_eq!(tree.root(), by_definition(&all));
    }

    #[test]
    fn a_proof_holds_and_fails_when_any_bit_is_changed(
        n in 1_usize..300, index in 0_usize..300, part in 0_usize..12, bit in 0_usize..256,
    ) {
        let all = leaves(n);
        let (size, root, at) = (size_of(&all), root(&all), index % n);
        let index = u64::try_from(at).unwrap();
        let proof = inclusion_proof(&all, index).unwrap();
        prop_assert!(verify_inclusion(index, size, &all[at], &proof, &root));
        let flip = |hash: &Hash| { let mut h = *hash; h[bit / 8] ^= 1 << (bit % 8); h };
        prop_assert!(!verify_inclusion(index, size, &flip(&all[at]), &proof, &root));
        prop_assert!(!verify_inclusion(index, size, &all[at], &proof, &flip(&root)));
        if !proof.is_empty() {
            let mut changed = proof.clone();
            let part = part % proof.len();
            changed[part] = flip(&proof[part]);
            prop_assert!(!verify_inclusion(index, size, &all[at], &changed, &root));
        }
    }

    #[test]
    fn a_tree_whose_past_was_changed_does_not_continue_the_old_one(
        n in 2_usize..150, old in 1_usize..150, which in 0_usize..150,
    ) {
        let (all, old) = (leaves(n), 1 + old % (n - 1));
        let mut forged = all.clone();
        forged[which % old] = leaf_hash(b"forged");
        let sizes = (u64::try_from(old).unwrap(), u64::try_from(n).unwrap());
        let proof = consistency_proof(&forged, sizes.0).unwrap();
        prop_assert!(!verify_consistency(
            sizes.0, sizes.1, &root(&all[..old]), &root(&forged), &proof
        ));
    }

    #[test]
    fn no_proof_however_odd_makes_it_panic(
        a: u64, b: u64, leaf: [u8; 32],
        proof in proptest::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        prop_assert!(!verify_inclusion(a, b, &leaf, &proof, &[0; 32]));
        prop_assert!(!verify_consistency(a.max(1), b, &leaf, &[0; 32], &proof));
    }
}
