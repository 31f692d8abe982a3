//! Spot REST: `API-Sign = base64(HMAC-SHA512(secret, path ‖ SHA256(nonce ‖ body)))`.
//!
//! The rule is from Kraken's documentation, «Spot REST authentication». It holds as well for the APIs that carry the nonce
//! in the header `API-Nonce` (Funding, Embed, Custody): their body does not repeat it, and is empty for a GET.

use sha2::{Digest, Sha256};

use crate::{ApiSign, Secret, nonce::Decimal};

/// Signs a request whose body is at hand.
///
/// `path` is the request target: from `/0/private/…` on, with its query if it has one, without the host. `body` is exactly
/// the bytes that are sent, form or JSON.
#[must_use]
pub fn sign(secret: &Secret, path: &str, nonce: u64, body: &[u8]) -> ApiSign {
    let mut message = Message::new(nonce);
    message.update(body);
    message.sign(secret, path)
}

/// A request whose body arrives in pieces.
#[derive(Clone, Debug)]
pub struct Message(Sha256);

impl Message {
    /// A message with an empty body.
    #[must_use]
    pub fn new(nonce: u64) -> Self {
        Self(Sha256::new_with_prefix(Decimal::from(nonce)))
    }

    /// Appends to the body.
    pub fn update(&mut self, body: &[u8]) {
        self.0.update(body);
    }

    /// Signs the message for the request target `path`; see [`sign`](fn@sign).
    #[must_use]
    pub fn sign(self, secret: &Secret, path: &str) -> ApiSign {
        finish(secret, path.as_bytes(), self.0)
    }
}

/// The second half of the scheme, over a hash that has taken nonce and body.
pub(crate) fn finish(secret: &Secret, path: &[u8], hash: Sha256) -> ApiSign {
    ApiSign::new(secret, path, &hash.finalize())
}
