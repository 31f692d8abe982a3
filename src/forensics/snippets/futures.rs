use std::time::{SystemTime, UNIX_EPOCH};

use kraken_signer::{Error, Secret, futures};

/// The headers of a request whose `post_data` is sent exactly as it is: the query of a GET, the body of a POST.
pub fn request(secret: &str, path: &str, post_data: &str) -> Result<[(&'static str, String); 2], Error> {
    let nonce = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let sign = futures::sign(&Secret::from_base64(secret)?, path, post_data.as_bytes(), Some(nonce));
    Ok([("Nonce", nonce.to_string()), ("Authent", sign.to_string())])
}
