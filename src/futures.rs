//! Futures REST: `Authent = base64(HMAC-SHA512(secret, SHA256(postData ‖ nonce ‖ endpointPath)))`. The challenge of the
//! Futures WebSocket is signed the same way, with the challenge alone as the hashed text.
//!
//! Kraken's documentation defines both in "Futures REST authentication" and "Futures WebSocket challenge".

use core::fmt;

use crate::{Secret, Signature, message::Message, nonce::Decimal};

/// The prefix of the path in the URL that is not signed.
const PREFIX: &str = "/derivatives";

/// Signs a request.
///
/// `post_data` is the encoded form exactly as it is sent: the query of a GET, or the body of a POST or PUT.
/// `endpoint_path` has no query. A leading `/derivatives` is not signed; other paths (`/api/history/v2/…`) are signed
/// whole. The nonce is optional; send it in the header `Nonce`.
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

/// Signs a request like [`sign`], with a nonce that is already in decimal, as it is sent; empty if there is none. It does not check the
/// nonce: [`nonce::parse`](crate::nonce::parse) does.
///
/// ```
/// use kraken_signer::{Secret, futures};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let authent = futures::sign_text(&secret, "/derivatives/api/v3/openorders", "", "1616492376594");
/// assert_eq!(authent, futures::sign(&secret, "/derivatives/api/v3/openorders", "", Some(1616492376594)));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[must_use]
pub fn sign_text(
    secret: &Secret,
    endpoint_path: &str,
    post_data: impl AsRef<[u8]>,
    nonce: impl AsRef<[u8]>,
) -> Signature {
    Signature::of(secret, "", [post_data.as_ref(), nonce.as_ref(), signed_path(endpoint_path).as_bytes()])
}

/// Signs the challenge of the Futures WebSocket, a UUID as text.
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
    Signature::of(secret, "", [challenge.as_bytes(), &[], &[]])
}

/// Hashes postData in pieces, and signs it once it is complete.
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
pub struct PostDataHasher(Message);

impl PostDataHasher {
    /// Creates a hasher with empty postData.
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

    /// Signs the postData for `endpoint_path`, with a nonce that is already in decimal; see [`sign`](fn@sign).
    #[must_use]
    pub fn sign_decimal(mut self, secret: &Secret, endpoint_path: &str, nonce: Option<&Decimal>) -> Signature {
        if let Some(nonce) = nonce {
            self.0.update(nonce.as_bytes());
        }
        self.0.update(signed_path(endpoint_path).as_bytes());
        Signature::new(secret, &[], &mut self.0)
    }
}

/// Shows no contents, because the postData may contain a password.
impl fmt::Debug for PostDataHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostDataHasher(..)")
    }
}

/// Returns the part of a path that is signed. `/derivativesque` does not start with the prefix `/derivatives`.
pub(crate) fn signed_path(endpoint_path: &str) -> &str {
    endpoint_path.strip_prefix(PREFIX).filter(|rest| rest.starts_with('/')).unwrap_or(endpoint_path)
}
