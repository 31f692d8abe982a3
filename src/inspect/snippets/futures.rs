use std::time::{SystemTime, UNIX_EPOCH};

use kraken_signer::{Error, futures};

/// Returns the headers `Authent` and `Nonce`. `post_data` is the text exactly as sent: the query of a GET, or the body of a POST.
pub fn request(secret: &str, path: &str, post_data: &str) -> Result<(String, String), Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nonce = now.as_secs() * 1_000 + u64::from(now.subsec_millis());
    let sign = futures::sign(&secret.parse()?, path, post_data, Some(nonce));
    Ok((sign.to_string(), nonce.to_string()))
}
