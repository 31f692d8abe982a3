use core::fmt;

use wasm_bindgen::JsValue;

/// The reason why a request was not signed.
///
/// ```no_run
/// use kraken_signer::{Secret, web};
///
/// # async fn sign(secret: Secret, request: web_sys::Request, api_key: &str, nonce: u64) {
/// match web::sign(&secret, &request, api_key, nonce).await {
///     Err(web::Error::Signer(kraken_signer::Error::NonceContradicts)) => { /* the body contains a different nonce */ }
///     Err(error) => { /* error.to_string() says what is wrong */ }
///     Ok(()) => { /* send it */ }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// An error of the rest of the crate.
    Signer(crate::Error),
    /// The API key is empty, or contains characters that are not allowed in a header.
    ApiKey,
    /// The body of a Spot request has no nonce.
    NonceMissing,
    /// JavaScript threw this value.
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

/// Returns the value that JavaScript threw, or a JavaScript `Error` with the message.
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
            Self::ApiKey => f.write_str("the API key is empty or contains characters that are not allowed in a header"),
            Self::NonceMissing => f.write_str("the body of a Spot request has no nonce"),
            Self::JavaScript(thrown) => write!(f, "JavaScript threw {thrown:?}"),
        }
    }
}

impl core::error::Error for Error {}
