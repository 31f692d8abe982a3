use core::fmt;

use wasm_bindgen::JsValue;

/// Why a request was not signed.
///
/// ```no_run
/// use kraken_signer::{Secret, web};
///
/// # async fn sign(secret: Secret, request: web_sys::Request, api_key: &str, nonce: u64) {
/// match web::sign(&secret, &request, api_key, nonce).await {
///     Err(web::Error::Signer(kraken_signer::Error::NonceContradicts)) => { /* the body has another nonce */ }
///     Err(error) => { /* error.to_string() says what is wrong */ }
///     Ok(()) => { /* send it */ }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// What the rest of the crate refuses.
    Signer(crate::Error),
    /// The API key is empty, or has characters that a header cannot have.
    ApiKey,
    /// The body of a Spot request has no nonce.
    NonceMissing,
    /// JavaScript threw this.
    JavaScript(JsValue),
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Signer(error)
    }
}

impl From<JsValue> for Error {
    fn from(thrown: JsValue) -> Self {
        Self::JavaScript(thrown)
    }
}

/// What JavaScript threw, or an `Error` with the words.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        match error {
            Error::JavaScript(thrown) => thrown,
            other => js_sys::Error::new(&alloc::format!("{other}")).into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signer(error) => error.fmt(f),
            Self::ApiKey => f.write_str("the API key is empty or has characters that a header cannot have"),
            Self::NonceMissing => f.write_str("the body of a Spot request has no nonce"),
            Self::JavaScript(thrown) => write!(f, "JavaScript threw {thrown:?}"),
        }
    }
}

impl core::error::Error for Error {}
