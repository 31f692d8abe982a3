//! Finds the mistake behind `EAPI:Invalid signature`.
//!
//! [`explain`] returns every intermediate value of a signature. [`investigate`] finds the mistakes that produce a rejected
//! signature. [`otpauth`](otpauth::report) reads a two-factor URI.
//!
//! Kraken answers every authentication mistake with the same error. But each known mistake changes the signature in its own
//! way, so `investigate` tries all of them, and combinations of up to two, or three of the more common ones, until one reproduces
//! the signature. It reports only mistakes that reproduce the signature. For long bodies, it tries the likeliest combinations and says that
//! it did not try all. No output contains the private key.

mod assembly;
mod authenticator_export;
mod body;
mod charset;
mod differences;
mod digest;
mod distant;
mod explain;
mod finding;
mod fix;
mod key;
mod mistakes;
mod nonce;
mod numbers;
pub mod otpauth;
mod output;
mod path;
mod rewrite;
mod search;
mod set;
mod snippets;
mod suspicions;
mod text;
mod unsent;
mod values;
mod variants;
mod work;

use alloc::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use explain::{Explanation, Part, Step, StepName, explain};
pub use finding::{Case, Finding, Kind, Sent, Suspicion, investigate};
pub use mistakes::{Description, Mistake, descriptions};
pub use snippets::{Language, Snippet};

/// The API, which decides the signature scheme.
///
/// ```
/// use kraken_signer::inspect::Api;
///
/// assert_ne!(Api::Spot, Api::Futures); // each has its own scheme
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Spot REST: [`spot`](crate::spot).
    Spot,
    /// Futures REST: [`futures`](crate::futures).
    Futures,
}

/// A private key, as text or as bytes.
///
/// ```
/// use kraken_signer::inspect::Key;
///
/// let key = Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl");
/// assert_eq!(format!("{key:?}"), "Key(..)");
/// ```
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// The key in base64, as Kraken shows it.
    Text(&'a str),
    /// The decoded bytes of the key.
    Bytes(&'a [u8]),
}

impl core::fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// A request to sign.
///
/// ```
/// use kraken_signer::inspect::{Api, Key, Request, explain};
///
/// let request = Request {
///     api: Api::Spot,
///     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
///     path: "/0/private/Balance",
///     nonce: Some("1616492376594"),
///     body: b"nonce=1616492376594",
/// };
/// assert_eq!(explain(&request)?.signature.len(), 88);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The API, which decides the scheme.
    pub api: Api,
    /// The private key.
    pub secret: Key<'a>,
    /// The request target (Spot) or endpoint path (Futures). What a proxy's URL has before it is not signed, and left out.
    pub path: &'a str,
    /// The nonce. If `None`, the nonce in the body.
    pub nonce: Option<&'a str>,
    /// The body (Spot) or postData (Futures), byte for byte.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Removes what a proxy's URL has before the path, and moves the query of a Futures GET from the path to the postData, where it
    /// is signed.
    fn normalized(self) -> Self {
        let request = Self { path: path::without_prefix(self.api, self.path), ..self };
        request.with_query_as_data()
    }

    fn with_query_as_data(self) -> Self {
        match (self.api, self.path.split_once('?')) {
            (Api::Futures, Some((path, query))) if self.body.is_empty() => {
                Self { path, body: query.as_bytes(), ..self }
            }
            _ => self,
        }
    }

    /// Moves the query of a Spot request without a body there, if it has a nonce, as Kraken expects it.
    fn with_query_as_body(self) -> Option<Self> {
        let (path, query) = self.path.split_once('?')?;
        let is_moved = self.api == Api::Spot && self.body.is_empty() && body::nonce(query.as_bytes()).is_some();
        is_moved.then_some(Self { path, body: query.as_bytes(), ..self })
    }

    /// Returns the part of the path that is signed.
    fn signed_path(&self) -> &'a str {
        match self.api {
            Api::Spot => self.path,
            Api::Futures => crate::futures::signed_path(self.path),
        }
    }

    /// Returns the nonce to sign: the given one, or the one in the body, or an empty text.
    fn nonce(&self) -> Cow<'a, str> {
        self.nonce.map_or_else(|| self.body_nonce().unwrap_or_default(), Into::into)
    }

    /// Returns the nonce that Kraken reads: the one in the body, or the given one.
    fn sent_nonce(&self) -> Cow<'a, str> {
        self.body_nonce().unwrap_or_else(|| self.nonce.unwrap_or_default().into())
    }

    /// Returns the nonce in the body of a Spot request.
    fn body_nonce(&self) -> Option<Cow<'a, str>> {
        if self.api == Api::Spot { body::nonce(self.body).map(Into::into) } else { None }
    }
}

#[cfg(test)]
mod tests;
