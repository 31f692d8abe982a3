//! Spot REST: `API-Sign = base64(HMAC-SHA512(secret, path ‖ SHA256(nonce ‖ body)))`.
//!
//! The rule is from Kraken's documentation, «Spot REST authentication». It holds as well for the APIs that carry the nonce
//! in the header `API-Nonce` (Funding, Embed, Custody): their body does not repeat it, and is empty for a GET.

use core::fmt;

use sha2::{Digest, Sha256};

use crate::{
    Error, Secret, Signature,
    nonce::{Decimal, in_body},
};

/// Signs a request whose body is at hand.
///
/// `path` is the request target: from `/0/private/…` on, with its query if it has one, without the host. `body` is exactly
/// the bytes that are sent, form or JSON.
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
/// If the body has another nonce than the one given, in a form or in JSON: Kraken would answer `EAPI:Invalid signature`, always.
/// [`try_sign`] returns an error instead.
#[must_use]
pub fn sign(secret: &Secret, path: &str, nonce: u64, body: impl AsRef<[u8]>) -> Signature {
    let body = body.as_ref();
    assert!(
        agrees(nonce, body),
        "the body has another nonce than the one that is signed: Kraken would refuse the signature"
    );
    signed(secret, path, nonce, body)
}

/// Signs like [`sign`], and refuses a nonce that contradicts the body.
///
/// ```
/// use kraken_signer::{Error, Secret, spot};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let refused = spot::try_sign(&secret, "/0/private/Balance", 1616492376595, "nonce=1616492376594");
/// assert_eq!(refused, Err(Error::NonceContradicts));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NonceContradicts`]. A body without a nonce, as the APIs have it that carry it in a header, contradicts nothing.
pub fn try_sign(secret: &Secret, path: &str, nonce: u64, body: impl AsRef<[u8]>) -> Result<Signature, Error> {
    let body = body.as_ref();
    if agrees(nonce, body) { Ok(signed(secret, path, nonce, body)) } else { Err(Error::NonceContradicts) }
}

fn signed(secret: &Secret, path: &str, nonce: u64, body: &[u8]) -> Signature {
    let mut hasher = BodyHasher::new(nonce);
    hasher.update(body);
    hasher.sign(secret, path)
}

fn agrees(nonce: u64, body: &[u8]) -> bool {
    in_body(body).is_none_or(|written| written == Decimal::from(nonce).as_bytes())
}

/// Hashes a body that arrives in pieces, and signs it when all have arrived.
///
/// The pieces are not searched for a nonce that contradicts the one given.
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
pub struct BodyHasher(Sha256);

impl BodyHasher {
    /// Starts with an empty body.
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

/// Starts with a nonce that is in decimal already.
impl From<&Decimal> for BodyHasher {
    fn from(nonce: &Decimal) -> Self {
        Self(Sha256::new_with_prefix(nonce.as_bytes()))
    }
}

/// What is hashed may hold a password.
impl fmt::Debug for BodyHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyHasher(..)")
    }
}
