//! The instructions that `simd` uses, in plain Rust: so that it can be tested where there is no WebAssembly.

use core::array;

#[allow(non_camel_case_types, reason = "named as in core::arch::wasm32")]
#[derive(Clone, Copy)]
pub(super) struct v128(u128);

pub(super) const fn u64x2(low: u64, high: u64) -> v128 {
    v128((high as u128) << 64 | low as u128)
}

fn bytes(of: v128) -> [u8; 16] {
    of.0.to_le_bytes()
}

/// A lane of 32 bits, of those of the first and then of the second.
fn lane32(a: v128, b: v128, at: usize) -> u32 {
    (if at < 4 { a } else { b }.0 >> (at % 4 * 32)) as u32
}

/// A lane of 64 bits, of those of the first and then of the second.
fn lane64(a: v128, b: v128, at: usize) -> u64 {
    (if at < 2 { a } else { b }.0 >> (at % 2 * 64)) as u64
}

fn lanes32(lane: impl Fn(usize) -> u32) -> v128 {
    (0..4).rev().fold(v128(0), |all, at| v128(all.0 << 32 | u128::from(lane(at))))
}

fn lanes64(lane: impl Fn(usize) -> u64) -> v128 {
    u64x2(lane(0), lane(1))
}

pub(super) fn v128_xor(a: v128, b: v128) -> v128 {
    v128(a.0 ^ b.0)
}

pub(super) fn i32x4_add(a: v128, b: v128) -> v128 {
    lanes32(|at| lane32(a, a, at).wrapping_add(lane32(b, b, at)))
}

pub(super) fn i64x2_add(a: v128, b: v128) -> v128 {
    lanes64(|at| lane64(a, a, at).wrapping_add(lane64(b, b, at)))
}

pub(super) fn u32x4_shl(a: v128, by: u32) -> v128 {
    lanes32(|at| lane32(a, a, at) << by)
}

pub(super) fn u32x4_shr(a: v128, by: u32) -> v128 {
    lanes32(|at| lane32(a, a, at) >> by)
}

pub(super) fn u64x2_shl(a: v128, by: u32) -> v128 {
    lanes64(|at| lane64(a, a, at) << by)
}

pub(super) fn u64x2_shr(a: v128, by: u32) -> v128 {
    lanes64(|at| lane64(a, a, at) >> by)
}

pub(super) fn u32x4_extract_lane<const AT: usize>(a: v128) -> u32 {
    lane32(a, a, AT)
}

pub(super) fn u64x2_extract_lane<const AT: usize>(a: v128) -> u64 {
    lane64(a, a, AT)
}

pub(super) fn u32x4_shuffle<const A: usize, const B: usize, const C: usize, const D: usize>(a: v128, b: v128) -> v128 {
    lanes32(|at| lane32(a, b, [A, B, C, D][at]))
}

pub(super) fn u64x2_shuffle<const A: usize, const B: usize>(a: v128, b: v128) -> v128 {
    lanes64(|at| lane64(a, b, [A, B][at]))
}

#[rustfmt::skip]
pub(super) fn u8x16_shuffle<
    const A: usize, const B: usize, const C: usize, const D: usize, const E: usize, const F: usize, const G: usize,
    const H: usize, const I: usize, const J: usize, const K: usize, const L: usize, const M: usize, const N: usize,
    const O: usize, const P: usize,
>(a: v128, _: v128) -> v128 {
    let order = [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P];
    v128(u128::from_le_bytes(array::from_fn(|at| bytes(a)[order[at]])))
}
