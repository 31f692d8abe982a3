//! The JavaScript binding of the signer: numbers in, numbers out.
//!
//! Nothing but numbers crosses the boundary. The caller writes its input into a static buffer, calls an export with lengths,
//! and reads the answer from the start of the buffer. That is smaller and faster than the strings of wasm-bindgen, and leaves
//! no copies behind: every export wipes the input it was given.
//!
//! A negative answer is an error: `-(code + 256 × place)`, with the code of `src/wasm/codes.rs`, and its position counted from
//! 1, or 0 where it has none.

#![cfg(target_family = "wasm")]
#![no_std]
#![deny(unsafe_code)]
// No panic can be reached, so nothing may carry one. Tests may.
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
mod memory;
mod refusal;
#[cfg(not(test))]
#[allow(unsafe_code)]
mod runtime;
#[cfg(test)]
#[allow(unsafe_code)]
mod tests;
