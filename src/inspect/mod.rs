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
    /// Returns what is signed as the body: of Futures, the query before the body. The body may also be the query, as its author knows it.
    fn data(&self) -> Cow<'a, [u8]> {
        match (self.api, self.path.split_once('?')) {
            (Api::Futures, Some((_, query))) if query.as_bytes() != self.body => {
                [query.as_bytes(), self.body].concat().into()
            }
            _ => self.body.into(),
        }
    }

    /// Removes what a proxy's URL has before the path, and the query of Futures, which is in the [`data`](Self::data).
    fn normalized<'d>(self, data: &'d [u8]) -> Request<'d>
    where
        'a: 'd,
    {
        let path = path::without_prefix(self.api, self.path);
        let bare = if self.api == Api::Futures { path.split('?').next() } else { None };
        Request { path: bare.unwrap_or(path), body: data, ..self }
    }

    /// Returns the request that a program may have signed by mistake, with the mistake: of Spot, without a body, the one with its query as
    /// the body, if it has a nonce; of Futures, the one without its query.
    fn with_other_query(self) -> Option<(Self, Mistake)> {
        let (path, query) = self.path.split_once('?')?;
        match self.api {
            Api::Futures => (!self.body.is_empty()).then_some((Self { path, ..self }, Mistake::PathWithoutQuery)),
            Api::Spot if self.body.is_empty() && body::nonce(query.as_bytes()).is_some() => {
                Some((Self { path, body: query.as_bytes(), ..self }, Mistake::ParametersInQuery))
            }
            Api::Spot => None,
        }
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
