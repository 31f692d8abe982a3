//! The JavaScript binding: the only room that knows JavaScript, and the only one with `unsafe` code.
//!
//! Nothing but numbers crosses the boundary. The caller writes its input into a static buffer, the scratch, calls an
//! export with lengths, and reads the answer from the start of the scratch. That is smaller and faster than the strings
//! of wasm-bindgen, and leaves no copies behind: every export wipes the input it was given.
//!
//! A negative answer is an error: `-(code + 256 × place)`, with the [code](crate::Error::code) of [`Error`], and its
//! [position](crate::Error::position) counted from 1, or 0 where it has none. The scratch then begins with what is wrong, in
//! words: a line with its end. It names no part of the input.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pointers have 32 bits here, and casts from floats saturate"
)]

mod exports;
#[cfg(not(test))]
mod runtime;
mod scratch;
mod slots;
#[cfg(test)]
mod tests;

use crate::Error;

/// What an export answers: a value from 0 to `i32::MAX`, or an error below zero.
#[inline(never)]
fn answer(outcome: Result<u32, Error>) -> i32 {
    match outcome {
        Ok(value) => i32::try_from(value).unwrap_or(i32::MAX),
        Err(error) => {
            scratch::leave(error.text());
            // Positions lie within the scratch, so nothing saturates.
            let place = error.position().and_then(|at| i32::try_from(at).ok()).map_or(0, |at| at.saturating_add(1));
            place.saturating_mul(-256).saturating_sub(error.code().into())
        }
    }
}
