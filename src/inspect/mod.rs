//! What lies behind `EAPI:Invalid signature`: [`explain`] shows every intermediate value of a signature, [`investigate`]
//! finds the mistakes that produce exactly a refused one, and [`otpauth`](otpauth::report) reads a two-factor URI.
//!
//! Kraken answers every mistake of authentication with the same words. Mistakes, however, are few, and each changes the
//! signature in its own way: so all of them are tried, alone and up to three together, until one reproduces the signature.
//! Nothing is claimed that was not reproduced, and no output has the private key in it.

mod assembly;
mod body;
mod explain;
mod finding;
mod key;
mod mistakes;
mod nonce;
pub mod otpauth;
mod output;
mod path;
mod rewrite;
mod search;
mod snippets;
mod variants;

use alloc::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use explain::{Explanation, Part, Step, StepName, explain};
pub use finding::{Case, Finding, Kind, Sent, Suspicion, investigate};
pub use mistakes::{Description, Mistake, descriptions};
pub use snippets::{Language, Snippet};

/// Which of Kraken's two products, and so which signature scheme.
///
/// ```
/// use kraken_signer::inspect::Api;
///
/// assert_ne!(Api::Spot, Api::Futures); // each has a scheme of its own
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Spot REST: [`spot`](crate::spot).
    Spot,
    /// Futures REST: [`futures`](crate::futures).
    Futures,
}

/// A private key as it was given.
///
/// ```
/// use kraken_signer::inspect::Key;
///
/// let key = Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl");
/// assert_eq!(format!("{key:?}"), "Key(..)");
/// ```
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// In base64, as Kraken shows it.
    Text(&'a str),
    /// Its decoded bytes.
    Bytes(&'a [u8]),
}

impl core::fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// What is, or was, to be signed.
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
    /// The scheme.
    pub api: Api,
    /// The private key.
    pub secret: Key<'a>,
    /// The request target (Spot) or endpoint path (Futures).
    pub path: &'a str,
    /// The nonce; if it is not given, the one in the body.
    pub nonce: Option<&'a str>,
    /// The body (Spot) or postData (Futures), byte for byte.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// The same with the query of a Futures path where it belongs: a GET has its query as postData.
    fn settled(self) -> Self {
        match (self.api, self.path.split_once('?')) {
            (Api::Futures, Some((path, query))) if self.body.is_empty() => {
                Self { path, body: query.as_bytes(), ..self }
            }
            _ => self,
        }
    }

    /// The part of the path that is signed.
    fn signed_path(&self) -> &'a str {
        match self.api {
            Api::Spot => self.path,
            Api::Futures => crate::futures::signed_path(self.path),
        }
    }

    /// The nonce that goes into the signature: the one given, or the one in the body, or none.
    fn nonce(&self) -> Cow<'a, str> {
        self.nonce.map_or_else(|| self.body_nonce().unwrap_or_default(), Into::into)
    }

    /// The nonce that Kraken sees: the one in the body goes before the one given.
    fn sent_nonce(&self) -> Cow<'a, str> {
        self.body_nonce().unwrap_or_else(|| self.nonce.unwrap_or_default().into())
    }

    /// The nonce in the body of a Spot request.
    fn body_nonce(&self) -> Option<Cow<'a, str>> {
        if self.api == Api::Spot { body::nonce(self.body).map(Into::into) } else { None }
    }
}

#[cfg(test)]
mod tests;
