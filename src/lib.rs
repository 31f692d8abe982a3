//! Signatures, nonces and two-factor codes for Kraken's private APIs.
//!
//! The crate is `no_std`, and uses no allocator and no `unsafe`. Its functions are pure: time and randomness are arguments.
//! The cryptography comes from the crates `hmac`, `sha2`, `sha1`, `base64ct` and `base64`. This crate adds Kraken's schemes,
//! and errors that say what is wrong with a key.
//!
//! ```
//! use kraken_signer::{Secret, Signature, spot};
//!
//! let secret: Secret =
//!     "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==".parse()?;
//! let sign: Signature = spot::sign(&secret, "/0/private/Balance", 1616492376594, b"nonce=1616492376594");
//! assert_eq!(sign.as_str().len(), 88);
//! # Ok::<(), kraken_signer::Error>(())
//! ```
//!
//! - [`Secret`] is a private key, kept as HMAC state.
//! - [`spot`], [`futures`] and [`fix`] implement one signature scheme each.
//! - [`nonce`] generates nonces that only increase.
//! - [`otp`] generates two-factor codes from setup keys and from the URIs of QR codes.
//! - [`form`] encodes request bodies.
//! - [`ClientOrderId`] identifies an order.
//!
//! Functions return an [`Error`] if an input is invalid.
//!
//! # Features
//!
//! No feature is enabled by default.
//!
//! - `std`: [`now()`](#features), which reads the system clock.
//! - `getrandom`: `ClientOrderId::random`, which uses the operating system's random number generator.
//! - `inspect`: the module `inspect`, which explains a signature and finds the mistake behind a wrong one. It allocates.
//! - `web`: the module `web`, for Rust programs that are compiled to WebAssembly. It signs `web_sys::Request`, and uses
//!   JavaScript's clock and random numbers. It is available on WebAssembly only, and allocates.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc(test(attr(deny(warnings), allow(unused))))]
#![forbid(unsafe_code)]
// No panic can be reached in the binary (see tests/traps.json), so code that could panic is not allowed outside of tests.
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

mod client_order_id;
mod error;
pub mod fix;
pub mod form;
pub mod futures;
#[cfg(feature = "inspect")]
pub mod inspect;
mod mac;
mod message;
pub mod nonce;
pub mod otp;
mod secret;
mod signature;
pub mod spot;
#[cfg(all(feature = "web", target_family = "wasm"))]
pub mod web;

#[cfg(any(feature = "inspect", all(feature = "web", target_family = "wasm")))]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub use client_order_id::ClientOrderId;
pub use error::Error;
pub use otp::Totp;
pub use secret::Secret;
pub use signature::Signature;

/// Returns the time since 1970 from the system clock, for [`Totp::code`] and [`NonceSource::next`](nonce::NonceSource::next).
///
/// Returns zero if the clock is set before 1970.
///
/// ```
/// use kraken_signer::nonce::NonceSource;
///
/// let nonce = NonceSource::default().next(kraken_signer::now())?;
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[cfg(feature = "std")]
#[must_use]
pub fn now() -> core::time::Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}

/// Runs the README's examples as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Runs the examples of the guide for Rust as tests.
#[cfg(doctest)]
#[doc = include_str!("../pkg-template/docs/rust.md")]
struct RustGuide;
