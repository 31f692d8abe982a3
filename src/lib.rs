//! Signatures, nonces and two-factor codes for Kraken's private APIs.
//!
//! `no_std`, without an allocator, without `unsafe`: pure functions, to which time and randomness are arguments. The
//! cryptography is that of the crates `hmac`, `sha2`, `sha1`, `base64ct` and `base64`; here are the schemes, and what is said of
//! a key that is none.
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
//! [`Secret`] is a private key, kept as HMAC state; [`spot`], [`futures`] and [`fix`] hold a signature scheme each; [`nonce`]
//! makes numbers that only rise; [`otp`] makes two-factor codes, from setup keys and the URIs of QR codes; [`form`] is the
//! encoding of request bodies; [`ClientOrderId`] names orders. Every refusal is an [`Error`].
//!
//! # Features
//!
//! None is on by default, and the core needs none.
//!
//! - `std`: [`now()`](#features), the machine's clock.
//! - `getrandom`: `ClientOrderId::random`, with the operating system's random numbers.
//! - `inspect`: the module `inspect`, which explains a signature and finds the mistake behind a wrong one. It allocates.
//! - `web`: the module `web`, for Rust that is compiled to WebAssembly itself: it signs `web_sys::Request`, and brings
//!   JavaScript's clock and random numbers. It is there on WebAssembly only, and allocates.

#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc(test(attr(deny(warnings), allow(unused))))]
#![forbid(unsafe_code)]
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

mod client_order_id;
mod error;
pub mod fix;
pub mod form;
pub mod futures;
#[cfg(feature = "inspect")]
pub mod inspect;
mod mac;
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

/// The time since 1970 by the machine's clock, as [`Totp::code`] and [`NonceSource::next`](nonce::NonceSource::next) take it;
/// zero for a clock before 1970.
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

/// The README's example is a test, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
