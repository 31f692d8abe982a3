//! Signs `Request` objects, for Rust programs that are compiled to WebAssembly for Cloudflare Workers or a browser.
//!
//! [`Fields`] builds the body with the nonce and the two-factor code, and [`sign`] sets the headers of the request. The clock
//! is JavaScript's ([`now`]), and random numbers come from `crypto.getRandomValues`
//! ([`ClientOrderId::random`](crate::ClientOrderId::random)).
//!
//! ```no_run
//! use kraken_signer::{Secret, Totp, nonce::NonceSource, web};
//! use web_sys::{Request, RequestInit};
//!
//! # async fn order(secret: Secret, totp: Totp, mut nonces: NonceSource, api_key: &str) -> Result<Request, web::Error> {
//! let nonce = nonces.next(web::now())?;
//! let body = web::Fields::new(nonce)
//!     .code(&totp.code(web::now()))
//!     .field("pair", "XBTUSD")
//!     .field("type", "buy")
//!     .field("ordertype", "market")
//!     .field("volume", "0.1");
//! let request = body.post("https://api.kraken.com/0/private/AddOrder")?;
//! web::sign(&secret, &request, api_key, nonce).await?; // API-Key and API-Sign
//! # Ok(request)
//! # }
//! ```

mod error;
mod fields;

use core::time::Duration;

use js_sys::{Date, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, Url};

pub use error::Error;
pub use fields::Fields;

use crate::{
    Secret, futures,
    nonce::{Decimal, in_body},
    spot,
};

/// Returns the time since 1970 from JavaScript's clock, for [`Totp::code`](crate::Totp::code) and
/// [`NonceSource::next`](crate::nonce::NonceSource::next).
///
/// In Workers the clock reads zero in the global scope, and advances only with I/O.
///
/// ```no_run
/// use kraken_signer::{nonce::NonceSource, web};
///
/// let nonce = NonceSource::default().next(web::now())?;
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts from floats saturate")]
pub fn now() -> Duration {
    // A whole number of milliseconds. As a fraction of seconds, every second one would be a nanosecond short.
    Duration::from_millis(Date::now() as u64)
}

/// Signs a request in place: sets the headers that its API requires.
///
/// | path | headers |
/// | --- | --- |
/// | `/0/private/…` | `API-Key`, `API-Sign`; the body must contain the nonce |
/// | `/derivatives/…`, `/api/…` (Futures) | `APIKey`, `Authent`, `Nonce` |
/// | others (Funding, Embed) | `API-Key`, `API-Sign`, `API-Nonce` |
///
/// The body is read from a copy of the request, so that the request can still be sent. For Spot, add a two-factor code to the
/// body with [`Fields::code`].
///
/// ```no_run
/// use kraken_signer::{Secret, web};
///
/// # async fn balance(secret: Secret, api_key: &str, nonce: u64) -> Result<web_sys::Request, web::Error> {
/// let request = web::Fields::new(nonce).post("https://api.kraken.com/0/private/Balance")?;
/// web::sign(&secret, &request, api_key, nonce).await?;
/// # Ok(request)
/// # }
/// ```
///
/// # Errors
///
/// Returns [`Error::ApiKey`] if the API key is invalid, [`Error::NonceMissing`] if a Spot body has no nonce, and
/// [`Error::Signer`] with [`NonceContradicts`](crate::Error::NonceContradicts) if it has a different one. Returns
/// [`Error::JavaScript`] if the body was already read, or if the headers are immutable, as those of a request that a Worker
/// received.
pub async fn sign(secret: &Secret, request: &Request, api_key: &str, nonce: u64) -> Result<(), Error> {
    let body = JsFuture::from(request.clone()?.array_buffer()?).await?;
    let body = Uint8Array::new(&body).to_vec();
    sign_headers(secret, &request.headers(), &request.url(), &body, api_key, nonce)
}

/// Signs a request that does not exist yet: sets headers for its `RequestInit`. `body` is exactly what will be sent, and empty for
/// a GET.
///
/// ```no_run
/// use kraken_signer::{Secret, web};
/// use web_sys::{Headers, RequestInit};
///
/// # fn orders(secret: Secret, api_key: &str, nonce: u64) -> Result<RequestInit, web::Error> {
/// let headers = Headers::new()?;
/// let url = "https://futures.kraken.com/derivatives/api/v3/openorders";
/// web::sign_headers(&secret, &headers, url, b"", api_key, nonce)?; // APIKey, Authent, Nonce
/// let init = RequestInit::new();
/// init.set_headers(&headers);
/// # Ok(init)
/// # }
/// ```
///
/// # Errors
///
/// Returns the errors of [`sign`], and [`Error::JavaScript`] if the URL is invalid.
pub fn sign_headers(
    secret: &Secret,
    headers: &Headers,
    url: &str,
    body: &[u8],
    api_key: &str,
    nonce: u64,
) -> Result<(), Error> {
    if api_key.is_empty() || !api_key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::ApiKey);
    }
    let url = Url::new(url)?;
    let (path, query) = (url.pathname(), url.search());
    let decimal = Decimal::from(nonce);
    if path.starts_with("/derivatives/") || path.starts_with("/api/") {
        // The postData of a GET is its query.
        let query = query.strip_prefix('?').unwrap_or_default();
        let post_data = if body.is_empty() { query.as_bytes() } else { body };
        headers.set("APIKey", api_key)?;
        headers.set("Nonce", decimal.as_str())?;
        headers.set("Authent", futures::sign(secret, &path, post_data, Some(nonce)).as_str())?;
        return Ok(());
    }
    let target = [&*path, &*query].concat();
    let sign = spot::try_sign(secret, &target, nonce, body)?;
    if path.starts_with("/0/") {
        in_body(body).ok_or(Error::NonceMissing)?;
    } else {
        headers.set("API-Nonce", decimal.as_str())?;
    }
    headers.set("API-Key", api_key)?;
    headers.set("API-Sign", sign.as_str())?;
    Ok(())
}
