//! Futures REST: `Authent = base64(HMAC-SHA512(secret, SHA256(postData ‖ nonce ‖ endpointPath)))`, and the challenge of
//! the Futures WebSocket: the same over the challenge alone.
//!
//! The rules are from Kraken's documentation, «Futures REST authentication» and «Futures WebSocket challenge».

use crate::{ApiSign, Secret, nonce::Decimal, sign};

/// What stands before the path in the URL and is not signed.
const PREFIX: &[u8] = b"/derivatives";

/// Signs a request whose postData is at hand.
///
/// `post_data` is the encoded form exactly as sent: the query of a GET, the body of a POST or PUT. `endpoint_path` has no
/// query; a leading `/derivatives` is left out of the signature, other paths (`/api/history/v2/…`) are signed whole. The
/// nonce is optional; if there is one, it goes into the header `Nonce`.
#[must_use]
pub fn sign(secret: &Secret, endpoint_path: &str, post_data: &[u8], nonce: Option<u64>) -> ApiSign {
    let mut message = Message::new();
    message.update(post_data);
    message.sign(secret, endpoint_path, nonce)
}

/// Signs the UUID text that the Futures WebSocket sends as a challenge.
#[must_use]
pub fn sign_challenge(secret: &Secret, challenge: &str) -> ApiSign {
    let mut message = sign::Message::new();
    message.update(challenge.as_bytes());
    message.sign(secret, &[])
}

/// A request whose postData arrives in pieces.
#[derive(Clone, Debug)]
pub struct Message(sign::Message);

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

impl Message {
    /// A message without postData.
    #[must_use]
    pub const fn new() -> Self {
        Self(sign::Message::new())
    }

    /// Appends to the postData.
    pub fn update(&mut self, post_data: &[u8]) {
        self.0.update(post_data);
    }

    /// Signs the message for `endpoint_path`; see [`sign`](fn@sign).
    #[must_use]
    pub fn sign(mut self, secret: &Secret, endpoint_path: &str, nonce: Option<u64>) -> ApiSign {
        if let Some(nonce) = nonce {
            self.0.update(Decimal::from(nonce).as_ref());
        }
        self.0.update(signed_path(endpoint_path.as_bytes()));
        self.0.sign(secret, &[])
    }
}

/// The part of a path that is signed. `/derivativesque` is another path, not this prefix.
pub(crate) fn signed_path(endpoint_path: &[u8]) -> &[u8] {
    match endpoint_path.strip_prefix(PREFIX) {
        Some(rest @ [b'/', ..]) => rest,
        _ => endpoint_path,
    }
}
