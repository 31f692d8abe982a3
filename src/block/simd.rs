//! SHA-256 and SHA-512 for WebAssembly: the message schedule with SIMD, four or two words at a time, and as few rounds unrolled
//! as pays. The crate `sha2` unrolls 32 of each: 1.1 KB more of the compressed binary, and slower in V8 than this.

#[cfg(all(target_family = "wasm", target_feature = "simd128"))]
use core::arch::wasm32::{
    i32x4_add, i64x2_add, u8x16_shuffle, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_shuffle, u64x2,
    u64x2_extract_lane, u64x2_shl, u64x2_shr, u64x2_shuffle, v128, v128_xor,
};

#[cfg(not(all(target_family = "wasm", target_feature = "simd128")))]
use super::lanes::{
    i32x4_add, i64x2_add, u8x16_shuffle, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_shuffle, u64x2,
    u64x2_extract_lane, u64x2_shl, u64x2_shr, u64x2_shuffle, v128, v128_xor,
};

/// FIPS 180-4, section 4.2.3: the first 64 bits of the fractional parts of the cube roots of the first 80 primes. The
/// constants of SHA-256 (section 4.2.2) are the first 32 bits of the first 64 of them.
#[rustfmt::skip]
static CONSTANTS: [v128; 40] = [
    u64x2(0x428a_2f98_d728_ae22, 0x7137_4491_23ef_65cd), u64x2(0xb5c0_fbcf_ec4d_3b2f, 0xe9b5_dba5_8189_dbbc),
    u64x2(0x3956_c25b_f348_b538, 0x59f1_11f1_b605_d019), u64x2(0x923f_82a4_af19_4f9b, 0xab1c_5ed5_da6d_8118),
    u64x2(0xd807_aa98_a303_0242, 0x1283_5b01_4570_6fbe), u64x2(0x2431_85be_4ee4_b28c, 0x550c_7dc3_d5ff_b4e2),
    u64x2(0x72be_5d74_f27b_896f, 0x80de_b1fe_3b16_96b1), u64x2(0x9bdc_06a7_25c7_1235, 0xc19b_f174_cf69_2694),
    u64x2(0xe49b_69c1_9ef1_4ad2, 0xefbe_4786_384f_25e3), u64x2(0x0fc1_9dc6_8b8c_d5b5, 0x240c_a1cc_77ac_9c65),
    u64x2(0x2de9_2c6f_592b_0275, 0x4a74_84aa_6ea6_e483), u64x2(0x5cb0_a9dc_bd41_fbd4, 0x76f9_88da_8311_53b5),
    u64x2(0x983e_5152_ee66_dfab, 0xa831_c66d_2db4_3210), u64x2(0xb003_27c8_98fb_213f, 0xbf59_7fc7_beef_0ee4),
    u64x2(0xc6e0_0bf3_3da8_8fc2, 0xd5a7_9147_930a_a725), u64x2(0x06ca_6351_e003_826f, 0x1429_2967_0a0e_6e70),
    u64x2(0x27b7_0a85_46d2_2ffc, 0x2e1b_2138_5c26_c926), u64x2(0x4d2c_6dfc_5ac4_2aed, 0x5338_0d13_9d95_b3df),
    u64x2(0x650a_7354_8baf_63de, 0x766a_0abb_3c77_b2a8), u64x2(0x81c2_c92e_47ed_aee6, 0x9272_2c85_1482_353b),
    u64x2(0xa2bf_e8a1_4cf1_0364, 0xa81a_664b_bc42_3001), u64x2(0xc24b_8b70_d0f8_9791, 0xc76c_51a3_0654_be30),
    u64x2(0xd192_e819_d6ef_5218, 0xd699_0624_5565_a910), u64x2(0xf40e_3585_5771_202a, 0x106a_a070_32bb_d1b8),
    u64x2(0x19a4_c116_b8d2_d0c8, 0x1e37_6c08_5141_ab53), u64x2(0x2748_774c_df8e_eb99, 0x34b0_bcb5_e19b_48a8),
    u64x2(0x391c_0cb3_c5c9_5a63, 0x4ed8_aa4a_e341_8acb), u64x2(0x5b9c_ca4f_7763_e373, 0x682e_6ff3_d6b2_b8a3),
    u64x2(0x748f_82ee_5def_b2fc, 0x78a5_636f_4317_2f60), u64x2(0x84c8_7814_a1f0_ab72, 0x8cc7_0208_1a64_39ec),
    u64x2(0x90be_fffa_2363_1e28, 0xa450_6ceb_de82_bde9), u64x2(0xbef9_a3f7_b2c6_7915, 0xc671_78f2_e372_532b),
    u64x2(0xca27_3ece_ea26_619c, 0xd186_b8c7_21c0_c207), u64x2(0xeada_7dd6_cde0_eb1e, 0xf57d_4f7f_ee6e_d178),
    u64x2(0x06f0_67aa_7217_6fba, 0x0a63_7dc5_a2c8_98a6), u64x2(0x113f_9804_bef9_0dae, 0x1b71_0b35_131c_471b),
    u64x2(0x28db_77f5_2304_7d84, 0x32ca_ab7b_40c7_2493), u64x2(0x3c9e_be0a_15c9_bebc, 0x431d_67c4_9c10_0d4c),
    u64x2(0x4cc5_d4be_cb3e_42b6, 0x597f_299c_fc65_7e2a), u64x2(0x5fcb_6fab_3ad6_faec, 0x6c44_198c_4a47_5817),
];

/// A round (sections 6.2.2 and 6.4.2), which leaves the working variables where they are: the next round takes them turned
/// by one. `$word` is the schedule's word and the constant.
macro_rules! round {
    ($big0:ident $big1:ident, $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident, $word:expr) => {
        $h = $h.wrapping_add($word).wrapping_add($big1($e)).wrapping_add($g ^ ($e & ($f ^ $g)));
        $d = $d.wrapping_add($h);
        $h = $h.wrapping_add($big0($a)).wrapping_add(($a & $b) ^ ($c & ($a ^ $b)));
    };
}

/// SHA-256, section 6.2.2.
#[allow(clippy::many_single_char_names, reason = "as the standard calls them")]
pub(crate) fn sha256(state: &mut [u32; 8], blocks: &[[u8; 64]]) {
    let big0 = |word: u32| word.rotate_right(2) ^ word.rotate_right(13) ^ word.rotate_right(22);
    let big1 = |word: u32| word.rotate_right(6) ^ word.rotate_right(11) ^ word.rotate_right(25);
    let load = |bytes| {
        let words = load(bytes);
        u8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(words, words)
    };
    for block in blocks {
        let [p, q, r, s] = block.as_chunks().0 else { return };
        let mut words = [load(p), load(q), load(r), load(s)];
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
        for [low, high] in CONSTANTS.as_chunks().0.iter().take(16) {
            let sum = i32x4_add(words[0], u32x4_shuffle::<1, 3, 5, 7>(*low, *high));
            schedule256(&mut words);
            round!(big0 big1, a b c d e f g h, u32x4_extract_lane::<0>(sum));
            round!(big0 big1, h a b c d e f g, u32x4_extract_lane::<1>(sum));
            round!(big0 big1, g h a b c d e f, u32x4_extract_lane::<2>(sum));
            round!(big0 big1, f g h a b c d e, u32x4_extract_lane::<3>(sum));
            (a, b, c, d, e, f, g, h) = (e, f, g, h, a, b, c, d);
        }
        for (word, sum) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(sum);
        }
    }
}

/// SHA-512, section 6.4.2.
#[allow(clippy::many_single_char_names, reason = "as the standard calls them")]
pub(crate) fn sha512(state: &mut [u64; 8], blocks: &[[u8; 128]]) {
    let big0 = |word: u64| word.rotate_right(28) ^ word.rotate_right(34) ^ word.rotate_right(39);
    let big1 = |word: u64| word.rotate_right(14) ^ word.rotate_right(18) ^ word.rotate_right(41);
    let load = |bytes| {
        let words = load(bytes);
        u8x16_shuffle::<7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8>(words, words)
    };
    for block in blocks {
        let [p, q, r, s, t, u, v, w] = block.as_chunks().0 else { return };
        let mut words = [load(p), load(q), load(r), load(s), load(t), load(u), load(v), load(w)];
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
        for constants in &CONSTANTS {
            let sum = i64x2_add(words[0], *constants);
            schedule512(&mut words);
            round!(big0 big1, a b c d e f g h, u64x2_extract_lane::<0>(sum));
            round!(big0 big1, h a b c d e f g, u64x2_extract_lane::<1>(sum));
            (a, b, c, d, e, f, g, h) = (g, h, a, b, c, d, e, f);
        }
        for (word, sum) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(sum);
        }
    }
}

/// Replaces the first four of 16 words by the four that come after the last. The last two of these depend on the first two.
#[inline]
fn schedule256(words: &mut [v128; 4]) {
    let [first, second, third, last] = *words;
    let none = u64x2(0, 0);
    let next = u32x4_shuffle::<1, 2, 3, 4>(first, second);
    let rotated = |by| v128_xor(u32x4_shr(next, by), u32x4_shl(next, 32_u32.wrapping_sub(by)));
    let small0 = v128_xor(v128_xor(rotated(7), rotated(18)), u32x4_shr(next, 3));
    // Of a word that stands twice in 64 bits, a shift to the right leaves the rotated word in the lower half.
    let small1 = |twice| v128_xor(v128_xor(u64x2_shr(twice, 17), u64x2_shr(twice, 19)), u32x4_shr(twice, 10));
    let sum = i32x4_add(i32x4_add(first, u32x4_shuffle::<1, 2, 3, 4>(third, last)), small0);
    let from_last = small1(u32x4_shuffle::<2, 2, 3, 3>(last, last));
    let sum = i32x4_add(sum, u32x4_shuffle::<0, 2, 4, 4>(from_last, none));
    let from_sum = small1(u32x4_shuffle::<0, 0, 1, 1>(sum, sum));
    *words = [second, third, last, i32x4_add(sum, u32x4_shuffle::<4, 4, 0, 2>(from_sum, none))];
}

/// Replaces the first two of 16 words by the two that come after the last.
#[inline]
fn schedule512(words: &mut [v128; 8]) {
    let [first, second, third, fourth, fifth, sixth, seventh, last] = *words;
    let rotated = |word, by| v128_xor(u64x2_shr(word, by), u64x2_shl(word, 64_u32.wrapping_sub(by)));
    let next = u64x2_shuffle::<1, 2>(first, second);
    let small0 = v128_xor(v128_xor(rotated(next, 1), rotated(next, 8)), u64x2_shr(next, 7));
    let small1 = v128_xor(v128_xor(rotated(last, 19), rotated(last, 61)), u64x2_shr(last, 6));
    let sum = i64x2_add(i64x2_add(first, u64x2_shuffle::<1, 2>(fifth, sixth)), i64x2_add(small0, small1));
    *words = [second, third, fourth, fifth, sixth, seventh, last, sum];
}

/// One instruction in WebAssembly.
#[inline]
fn load(bytes: &[u8; 16]) -> v128 {
    let [low, high] = bytes.as_chunks().0 else { return u64x2(0, 0) };
    u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high))
}
