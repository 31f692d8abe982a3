//! The JavaScript binding of the signer.
//!
//! Only numbers cross the boundary. The caller writes its input into a static buffer, calls an export with the lengths, and
//! reads the answer from the start of the buffer. This is smaller and faster than the strings of wasm-bindgen, and leaves no
//! copies behind: every export wipes its input.
//!
//! A negative return value is an error: `-(code + 256 × position)`. The code is one of `src/wasm/codes.rs`; the position counts
//! from 1, and is 0 if there is none.

#![cfg(target_family = "wasm")]
#![no_std]
#![deny(unsafe_code)]
// No panic can be reached in the binary (see tests/traps.json), so code that could panic is not allowed outside of tests.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pointers have 32 bits here, and casts from floats saturate"
)]

#[path = "../../codes.rs"]
mod codes;
mod exports;
mod failure;
mod memory;
#[cfg(not(test))]
#[allow(unsafe_code)]
mod runtime;
#[cfg(test)]
#[allow(unsafe_code)]
mod tests;
