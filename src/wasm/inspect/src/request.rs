//! Reads the signed parts of a JavaScript `Request`.

use js_sys::Uint8Array;
use kraken_signer::inspect::Api;
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Url};

/// The parts of a request that concern its signature.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
    api: Api,
    method: String,
    path: String,
    /// The nonce of a header. A Spot request may have it in the body instead.
    nonce: Option<String>,
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
    key: Option<String>,
    signature: Option<String>,
    otp: Option<String>,
}

/// Reads a request. The body is read from a copy, so that the request can still be sent.
#[wasm_bindgen]
pub async fn read_request(request: Request) -> Result<JsValue, JsValue> {
    let body = JsFuture::from(request.clone()?.array_buffer()?).await?;
    let url = Url::new(&request.url())?;
    let headers = request.headers();
    let futures = headers.has("Authent")? || headers.has("APIKey")?;
    let header = |spot: &str, other: &str| headers.get(if futures { other } else { spot });
    let parts = Parts {
        api: if futures { Api::Futures } else { Api::Spot },
        method: request.method(),
        path: url.pathname() + &url.search(),
        nonce: header("API-Nonce", "Nonce")?,
        body: Uint8Array::new(&body).to_vec(),
        key: header("API-Key", "APIKey")?,
        signature: header("API-Sign", "Authent")?,
        otp: headers.get("API-OTP")?,
    };
    super::write(&parts)
}
