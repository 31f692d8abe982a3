use alloc::{string::String, vec};

use wasm_bindgen::JsValue;
use web_sys::{Request, RequestInit, RequestRedirect};

use super::Error;
use crate::{form::Form, nonce::Decimal, otp::Code};

/// The body of a private Spot request: a form that starts with the nonce.
///
/// ```no_run
/// use kraken_signer::web::Fields;
///
/// let body = Fields::new(1616492376594).field("pair", "XBTUSD");
/// assert_eq!(body.as_str(), "nonce=1616492376594&pair=XBTUSD");
/// ```
#[derive(Clone)]
pub struct Fields(String);

impl Fields {
    /// Creates a body with a nonce.
    #[must_use]
    pub fn new(nonce: u64) -> Self {
        Self(String::new()).field("nonce", Decimal::from(nonce).as_str())
    }

    /// Creates an empty body, for the postData of a Futures request, or for an API that takes the nonce in a header.
    #[must_use]
    pub const fn without_nonce() -> Self {
        Self(String::new())
    }

    /// Appends a two-factor code as the field `otp`.
    #[must_use]
    pub fn code(self, code: &Code) -> Self {
        self.field("otp", code.as_str())
    }

    /// Appends a field, percent-encoded. Nested names are written as `close[price]`.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        // At most three characters per byte, and the equals sign.
        let capacity = name.len().saturating_add(value.len()).saturating_mul(3).saturating_add(1);
        let mut buffer = vec![0; capacity];
        let mut form = Form::new(&mut buffer);
        if form.field(name, value).is_ok() {
            if !self.0.is_empty() {
                self.0.push('&');
            }
            self.0.push_str(str::from_utf8(form.as_bytes()).unwrap_or_default());
        }
        self
    }

    /// Returns the encoded form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates a POST request with this body. It is not signed yet.
    ///
    /// The request does not follow redirects, because they could send the signature to another host.
    ///
    /// # Errors
    ///
    /// Returns [`Error::JavaScript`] if the URL is invalid.
    pub fn post(&self, url: &str) -> Result<Request, Error> {
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(&JsValue::from_str(&self.0));
        init.set_redirect(RequestRedirect::Manual);
        let request = Request::new_with_str_and_init(url, &init)?;
        let headers = request.headers();
        headers.set("Content-Type", "application/x-www-form-urlencoded")?;
        // Workers send no User-Agent by default. Browsers ignore this header.
        headers.set("User-Agent", concat!("kraken-signer/", env!("CARGO_PKG_VERSION")))?;
        Ok(request)
    }
}

/// Shows no contents, because the body may contain a two-factor code.
impl core::fmt::Debug for Fields {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Fields(..)")
    }
}
