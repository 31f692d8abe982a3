//! Spot REST: `API-Sign = base64(HMAC-SHA512(secret, path ‖ SHA256(nonce ‖ body)))`.
//!
//! Kraken's documentation defines the scheme in "Spot REST authentication". It also applies to the APIs that take the nonce
//! in the header `API-Nonce` (Funding, Embed, Custody). Their body does not contain the nonce, and is empty for a GET.

use core::fmt;

use crate::{
    Error, Secret, Signature,
    message::Message,
    nonce::{Decimal, in_body},
};

/// Signs a request.
///
/// `path` is the request target: `/0/private/…` with its query, if any, and without the host. `body` is a form or JSON,
/// exactly as it is sent.
///
/// ```
/// use kraken_signer::{Secret, Signature, spot};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let sign: Signature = spot::sign(&secret, "/0/private/Balance", 1616492376594, "nonce=1616492376594");
/// assert!(sign.as_str().starts_with("cmt9qKFx2ulAfDco"));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
///
/// # Panics
///
/// Panics if the body, a form or JSON, contains a different nonce: Kraken would always answer `EAPI:Invalid signature`.
/// [`try_sign`] returns an error instead.
#[must_use]
pub fn sign(secret: &Secret, path: &str, nonce: u64, body: impl AsRef<[u8]>) -> Signature {
    let body = body.as_ref();
    assert!(
        agrees(nonce, body),
        "the nonce in the body differs from the nonce that is signed: Kraken would reject the signature"
    );
    signed(secret, path, nonce, body)
}

/// Signs a request like [`sign`], and returns an error if the body contains a different nonce.
///
/// ```
/// use kraken_signer::{Error, Secret, spot};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let signed = spot::try_sign(&secret, "/0/private/Balance", 1616492376595, "nonce=1616492376594");
/// assert_eq!(signed, Err(Error::NonceContradicts));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
///
/// Returns [`Error::NonceContradicts`] if the nonces differ. A body without a nonce is valid: some APIs take it in a header.
pub fn try_sign(secret: &Secret, path: &str, nonce: u64, body: impl AsRef<[u8]>) -> Result<Signature, Error> {
    let body = body.as_ref();
    if agrees(nonce, body) { Ok(signed(secret, path, nonce, body)) } else { Err(Error::NonceContradicts) }
}

/// Signs nonce ‖ body that lie one after the other, as Kraken hashes them. Nothing is copied, so it is the fastest way.
///
/// It checks neither the nonce, which [`nonce::parse`](crate::nonce::parse) does, nor whether the body contains a different one.
///
/// ```
/// use kraken_signer::{Secret, spot};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let message = "1616492376594nonce=1616492376594";
/// let body = &message[13..];
/// assert_eq!(spot::sign_message(&secret, "/0/private/Balance", message), spot::sign(&secret, "/0/private/Balance", 1616492376594, body));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[must_use]
pub fn sign_message(secret: &Secret, path: &str, message: impl AsRef<[u8]>) -> Signature {
    Signature::of(secret, path, [message.as_ref(), &[], &[]])
}

fn signed(secret: &Secret, path: &str, nonce: u64, body: &[u8]) -> Signature {
    let mut hasher = BodyHasher::new(nonce);
    hasher.update(body);
    hasher.sign(secret, path)
}

fn agrees(nonce: u64, body: &[u8]) -> bool {
    in_body(body).is_none_or(|written| written == Decimal::from(nonce).as_bytes())
}

/// Hashes a body in pieces, and signs it once it is complete.
///
/// It does not check whether the body contains a different nonce.
///
/// ```
/// use kraken_signer::{Secret, spot};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let mut hasher = spot::BodyHasher::new(1616492376594);
/// hasher.update(b"nonce=");
/// hasher.update(b"1616492376594");
/// let sign = hasher.sign(&secret, "/0/private/Balance");
/// assert_eq!(sign, spot::sign(&secret, "/0/private/Balance", 1616492376594, "nonce=1616492376594"));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone)]
pub struct BodyHasher(Message);

impl BodyHasher {
    /// Creates a hasher with an empty body.
    #[must_use]
    pub fn new(nonce: u64) -> Self {
        Self::from(&Decimal::from(nonce))
    }

    /// Appends to the body.
    pub fn update(&mut self, body: &[u8]) {
        self.0.update(body);
    }

    /// Signs the body for the request target `path`; see [`sign`](fn@sign).
    #[must_use]
    pub fn sign(mut self, secret: &Secret, path: &str) -> Signature {
        Signature::new(secret, path.as_bytes(), &mut self.0)
    }
}

/// Creates a hasher from a nonce that is already in decimal.
impl From<&Decimal> for BodyHasher {
    fn from(nonce: &Decimal) -> Self {
        let mut hasher = Self(Message::default());
        hasher.update(nonce.as_bytes());
        hasher
    }
}

/// Shows no contents, because the body may contain a password.
impl fmt::Debug for BodyHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyHasher(..)")
    }
}
