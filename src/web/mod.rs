//! For Rust that is compiled to WebAssembly itself, on Cloudflare Workers or in a browser: signs the `Request` that is sent.
//!
//! The clock is JavaScript's ([`now`]), and random numbers come from `crypto.getRandomValues`
//! ([`ClientOrderId::random`](crate::ClientOrderId::random)).
//!
//! [`sign`] puts the headers on a request that exists; [`Fields`] makes the body before, with nonce and code.
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

/// The time since 1970 by JavaScript's clock, as [`Totp::code`](crate::Totp::code) and
/// [`NonceSource::next`](crate::nonce::NonceSource::next) take it. In Workers it stands at zero in the global scope, and still
/// between I/O.
///
/// ```no_run
/// use kraken_signer::{nonce::NonceSource, web};
///
/// let nonce = NonceSource::default().next(web::now())?;
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[must_use]
pub fn now() -> Duration {
    Duration::try_from_secs_f64(Date::now() / 1e3).unwrap_or_default()
}

/// Signs a request in place: sets the headers that its API wants.
///
/// | address | headers |
/// | --- | --- |
/// | `/0/private/…` | `API-Key`, `API-Sign`; the body has the nonce |
/// | `/derivatives/…`, `/api/…` (Futures) | `APIKey`, `Authent`, `Nonce` |
/// | others (Funding, Embed) | `API-Key`, `API-Sign`, `API-Nonce` |
///
/// The body is read from a copy of the request, so that it can still be sent. A two-factor code stands in the body of a Spot
/// request, as [`Fields::code`] puts it there.
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
/// [`Error::NonceMissing`] and [`Error::Signer`] with [`NonceContradicts`](crate::Error::NonceContradicts) for a Spot body without
/// this nonce; [`Error::ApiKey`]; [`Error::JavaScript`] for a body that was sent already, or headers that cannot be changed, as those
/// of a request that a Worker was given.
pub async fn sign(secret: &Secret, request: &Request, api_key: &str, nonce: u64) -> Result<(), Error> {
    let body = JsFuture::from(request.clone()?.array_buffer()?).await?;
    let body = Uint8Array::new(&body).to_vec();
    sign_headers(secret, &request.headers(), &request.url(), &body, api_key, nonce)
}

/// Sets the headers of a request that does not exist yet, for its `RequestInit`. `body` is exactly what will be sent, nothing for a
/// GET.
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
/// Those of [`sign`], and [`Error::JavaScript`] for an address that is none.
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
        // A GET has its query as postData.
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
