//! Signatures, nonces and two-factor codes for Kraken's private APIs.
//!
//! `no_std`, without an allocator, without `unsafe`: pure functions, to which time and randomness are arguments.
//!
//! ```
//! use kraken_signer::{Secret, spot};
//!
//! let secret = Secret::from_base64(
//!     "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==",
//! )?;
//! let sign = spot::sign(&secret, "/0/private/Balance", 1616492376594, b"nonce=1616492376594");
//! assert_eq!(sign.as_str().len(), 88);
//! # Ok::<(), kraken_signer::Error>(())
//! ```
//!
//! The rooms: [`Secret`] is a private key, kept as HMAC state; [`spot`], [`futures`] and [`fix`] hold a signature scheme
//! each; [`nonce`] makes numbers that only rise; [`otp`] makes two-factor codes, and [`otpauth`] reads the URIs that
//! carry their keys; [`form`] is the encoding of request bodies; [`order_id`] makes client order ids. Every refusal is an
//! [`Error`].
//!
//! # Features
//!
//! None is on by default, and the core needs none.
//!
//! - `getrandom`: [`OrderId::random`](order_id::OrderId), with the operating system's random numbers.
//! - `inspect`: the module `forensics`, which explains a signature and finds the mistake behind a wrong one. It allocates.
//! - `inspect-wasm`: the JavaScript binding of `inspect`; only for the second binary of the npm package.
//! - `wasm`: the JavaScript binding behind the npm package of the same name; only for that package's binary, which
//!   brings its own panic handler and allocator.

#![no_std]
#![doc(test(attr(deny(warnings))))]
#![cfg_attr(not(feature = "wasm"), forbid(unsafe_code))]
#![cfg_attr(feature = "wasm", deny(unsafe_code))]
// No panic can be reached, so nothing may carry one. Tests may.
#![cfg_attr(test, allow(clippy::cast_possible_truncation, clippy::unchecked_time_subtraction))]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod base;
mod block;
mod error;
pub mod fix;
#[cfg(feature = "inspect")]
pub mod forensics;
pub mod form;
pub mod futures;
mod hash;
pub mod nonce;
pub mod order_id;
pub mod otp;
pub mod otpauth;
mod secret;
mod sign;
pub mod spot;

#[cfg(all(feature = "wasm", target_family = "wasm"))]
#[allow(unsafe_code)]
mod wasm;

#[cfg(all(feature = "inspect-wasm", target_family = "wasm"))]
mod inspect_wasm;

#[cfg(feature = "inspect")]
extern crate alloc;

pub use error::Error;
pub use otp::Totp;
pub use secret::Secret;
pub use sign::ApiSign;

/// The README's example is a test, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
