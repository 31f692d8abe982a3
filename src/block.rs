//! The block functions of SHA-1, SHA-256 and SHA-512 (FIPS 180-4, section 6).
//!
//! Natively, the latter two are those of the crate `sha2`, which uses the machine's own instructions for them. WebAssembly has
//! no such instructions, and there size counts: what it has is in `simd`.

#[cfg(all(test, not(all(target_family = "wasm", target_feature = "simd128"))))]
mod lanes;
#[cfg(any(test, all(target_family = "wasm", target_feature = "simd128")))]
mod simd;

#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
pub(crate) use sha2::block_api::{compress256 as sha256, compress512 as sha512};
#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
pub(crate) use simd::{sha256, sha512};

/// The block function of SHA-1 (FIPS 180-4, section 6.1.2), in a loop. Unrolled, as the crate `sha1` has it, it would be a
/// fifth of the WebAssembly binary; and a code takes two blocks.
#[allow(clippy::many_single_char_names, reason = "as the standard calls them")]
pub(crate) fn sha1(state: &mut [u32; 5], blocks: &[[u8; 64]]) {
    for block in blocks {
        let Some(bytes) = block.as_chunks().0.first_chunk::<16>() else { return };
        let mut words = bytes.map(u32::from_be_bytes);
        let [mut a, mut b, mut c, mut d, mut e] = *state;
        for round in 0_usize..80 {
            let (mixed, constant) = match round / 20 {
                0 => (d ^ (b & (c ^ d)), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c).wrapping_add(d & (b ^ c)), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let word = |ahead: usize| words.get(round.wrapping_add(ahead) & 15).copied().unwrap_or_default();
            let next =
                a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(word(0));
            (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
            // The word of the round that comes 16 later.
            let later = (word(0) ^ word(2) ^ word(8) ^ word(13)).rotate_left(1);
            if let Some(word) = words.get_mut(round & 15) {
                *word = later;
            }
        }
        for (word, sum) in state.iter_mut().zip([a, b, c, d, e]) {
            *word = word.wrapping_add(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::simd::{sha256, sha512};
    use std::vec::Vec;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Bytes of a linear congruential generator (Knuth's MMIX), whose higher bits are random enough.
    fn random(state: &mut u64) -> u8 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 56) as u8
    }

    /// 2000 random states, each with up to three random blocks; and blocks of one value.
    #[test]
    fn agrees_with_the_crate_sha2() {
        let mut seed = 1;
        for case in 0..if cfg!(miri) { 8_usize } else { 2_000 } {
            let mut word = || u64::from_le_bytes(core::array::from_fn(|_| random(&mut seed)));
            let long: [u64; 8] = core::array::from_fn(|_| word());
            let short = long.map(|word| word as u32);
            let blocks: Vec<[u8; 128]> = (0..case % 4)
                .map(|_| core::array::from_fn(|_| if case < 20 { (case * 13) as u8 } else { random(&mut seed) }))
                .collect();

            let (mut ours, mut theirs) = (long, long);
            sha512(&mut ours, &blocks);
            sha2::block_api::compress512(&mut theirs, &blocks);
            assert_eq!(ours, theirs, "SHA-512, {blocks:?}");
            assert_eq!(ours == long, blocks.is_empty());

            let (mut ours, mut theirs) = (short, short);
            sha256(&mut ours, blocks.as_flattened().as_chunks().0);
            sha2::block_api::compress256(&mut theirs, blocks.as_flattened().as_chunks().0);
            assert_eq!(ours, theirs, "SHA-256, {blocks:?}");
        }
    }
}
