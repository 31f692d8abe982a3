//! Futures REST: `Authent = base64(HMAC-SHA512(secret, SHA256(postData ‖ nonce ‖ endpointPath)))`, and the challenge of
//! the Futures WebSocket: the same over the challenge alone.
//!
//! The rules are from Kraken's documentation, «Futures REST authentication» and «Futures WebSocket challenge».

use core::fmt;

use sha2::{Digest, Sha256};

use crate::{Secret, Signature, nonce::Decimal};

/// What stands before the path in the URL and is not signed.
const PREFIX: &str = "/derivatives";

/// Signs a request whose postData is at hand.
///
/// `post_data` is the encoded form exactly as sent: the query of a GET, the body of a POST or PUT. `endpoint_path` has no
/// query; a leading `/derivatives` is left out of the signature, other paths (`/api/history/v2/…`) are signed whole. The
/// nonce is optional; if there is one, it goes into the header `Nonce`.
///
/// ```
/// use kraken_signer::{Secret, futures};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let authent = futures::sign(&secret, "/derivatives/api/v3/sendorder", "symbol=PI_XBTUSD&size=1", None);
/// assert_eq!(authent, futures::sign(&secret, "/api/v3/sendorder", "symbol=PI_XBTUSD&size=1", None));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[must_use]
pub fn sign(secret: &Secret, endpoint_path: &str, post_data: impl AsRef<[u8]>, nonce: Option<u64>) -> Signature {
    let mut hasher = PostDataHasher::new();
    hasher.update(post_data.as_ref());
    hasher.sign(secret, endpoint_path, nonce)
}

/// Signs the UUID text that the Futures WebSocket sends as a challenge.
///
/// ```
/// use kraken_signer::{Secret, futures};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let signed_challenge = futures::sign_challenge(&secret, "c100b894-1729-464d-ace1-52dbce11db42");
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[must_use]
pub fn sign_challenge(secret: &Secret, challenge: &str) -> Signature {
    Signature::new(secret, &[], &mut Sha256::new_with_prefix(challenge))
}

/// Hashes postData that arrives in pieces, and signs it when all have arrived.
///
/// ```
/// use kraken_signer::{Secret, futures};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let mut hasher = futures::PostDataHasher::new();
/// hasher.update(b"symbol=PI_XBTUSD");
/// hasher.update(b"&size=1");
/// let authent = hasher.sign(&secret, "/api/v3/sendorder", None);
/// assert_eq!(authent, futures::sign(&secret, "/api/v3/sendorder", "symbol=PI_XBTUSD&size=1", None));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct PostDataHasher(Sha256);

impl PostDataHasher {
    /// Starts without postData.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends to the postData.
    pub fn update(&mut self, post_data: &[u8]) {
        self.0.update(post_data);
    }

    /// Signs the postData for `endpoint_path`; see [`sign`](fn@sign).
    #[must_use]
    pub fn sign(self, secret: &Secret, endpoint_path: &str, nonce: Option<u64>) -> Signature {
        self.sign_decimal(secret, endpoint_path, nonce.map(Decimal::from).as_ref())
    }

    /// Signs the postData with a nonce that is in decimal already.
    #[must_use]
    pub fn sign_decimal(mut self, secret: &Secret, endpoint_path: &str, nonce: Option<&Decimal>) -> Signature {
        if let Some(nonce) = nonce {
            self.0.update(nonce);
        }
        self.0.update(signed_path(endpoint_path));
        Signature::new(secret, &[], &mut self.0)
    }
}

/// What is hashed may hold a password.
impl fmt::Debug for PostDataHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostDataHasher(..)")
    }
}

/// The part of a path that is signed. `/derivativesque` is another path, not this prefix.
pub(crate) fn signed_path(endpoint_path: &str) -> &str {
    endpoint_path.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/')).unwrap_or(endpoint_path)
}
