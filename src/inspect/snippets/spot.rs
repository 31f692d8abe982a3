use std::time::{SystemTime, UNIX_EPOCH};

use kraken_signer::{Error, spot};

/// Returns the header `API-Sign` and the body, which must be sent unchanged. `params` must be percent-encoded.
pub fn request(secret: &str, path: &str, params: &str) -> Result<(String, String), Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nonce = now.as_secs() * 1_000 + u64::from(now.subsec_millis());
    let separator = if params.is_empty() { "" } else { "&" };
    let body = format!("nonce={nonce}{separator}{params}");
    let sign = spot::sign(&secret.parse()?, path, nonce, &body);
    Ok((sign.to_string(), body))
}
