//! Spot REST: `API-Sign = base64(HMAC-SHA512(secret, path ‖ SHA256(nonce ‖ body)))`.
//!
//! The rule is from Kraken's documentation, «Spot REST authentication». It holds as well for the APIs that carry the nonce
//! in the header `API-Nonce` (Funding, Embed, Custody): their body does not repeat it, and is empty for a GET.

use crate::{ApiSign, Secret, nonce::Decimal, sign};

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
pub struct Message(sign::Message);

impl Message {
    /// A message with an empty body.
    #[must_use]
    pub fn new(nonce: u64) -> Self {
        let mut message = sign::Message::new();
        message.update(Decimal::from(nonce).as_ref());
        Self(message)
    }

    /// Appends to the body.
    pub fn update(&mut self, body: &[u8]) {
        self.0.update(body);
    }

    /// Signs the message for the request target `path`; see [`sign`](fn@sign).
    #[must_use]
    pub fn sign(mut self, secret: &Secret, path: &str) -> ApiSign {
        self.0.sign(secret, path.as_bytes())
    }
}
