use std::time::{SystemTime, UNIX_EPOCH};

use kraken_signer::{Error, Secret, spot};

/// The headers of a request and its body, which is sent exactly as it is.
pub fn request(secret: &str, path: &str, params: &str) -> Result<([(&'static str, String); 1], String), Error> {
    let nonce = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let body = format!("nonce={nonce}&{params}");
    let sign = spot::sign(&Secret::from_base64(secret)?, path, nonce, body.as_bytes());
    Ok(([("API-Sign", sign.to_string())], body))
}
