use core::{fmt, hash};

use base64::{Engine, prelude::BASE64_STANDARD};
use ctutils::CtEq;

use crate::{Secret, message::Message};

/// A signature in base64: 88 ASCII characters, for the header `API-Sign` (Spot) or `Authent` (Futures).
///
/// Comparisons, including those with text, take constant time.
///
/// ```
/// use kraken_signer::{Secret, futures};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// let sign = futures::sign_challenge(&secret, "c100b894-1729-464d-ace1-52dbce11db42");
/// assert_eq!(sign.as_str().len(), 88);
/// assert_eq!(sign, *sign.to_string());
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Eq)]
pub struct Signature([u8; Signature::LEN]);

impl Signature {
    /// The number of characters in a signature: 64 bytes in base64.
    pub const LEN: usize = 88;

    /// Computes base64(HMAC-SHA512(secret, prefix ‖ SHA-256(message))), the last step of all schemes.
    pub(crate) fn new(secret: &Secret, prefix: &[u8], message: &mut Message) -> Self {
        let mac = secret.mac([prefix, &message.digest()]);
        let mut signature = Self([0; Self::LEN]);
        // 64 bytes are 88 characters in base64, so they always fit.
        let _ = BASE64_STANDARD.encode_slice(mac, &mut signature.0);
        signature
    }

    /// Computes base64(HMAC-SHA512(secret, prefix ‖ SHA-256(parts))). Hashed at once, the parts are copied less often.
    pub(crate) fn of(secret: &Secret, prefix: &str, parts: [&[u8]; 3]) -> Self {
        let mut message = Message::default();
        for part in parts {
            message.update(part);
        }
        Self::new(secret, prefix.as_bytes(), &mut message)
    }

    /// Returns the signature as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the signature as ASCII bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).to_bool()
    }
}

/// Compares with a signature as text. The duration depends only on the length of the text.
impl PartialEq<str> for Signature {
    fn eq(&self, other: &str) -> bool {
        self.0.as_slice().ct_eq(other.as_bytes()).to_bool()
    }
}

impl hash::Hash for Signature {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl AsRef<str> for Signature {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signature").field(&self.as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{
        collections::{HashSet, hash_map::RandomState},
        hash::BuildHasher,
        string::ToString,
    };
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn signed(challenge: &str) -> Signature {
        crate::futures::sign_challenge(&"AQEBAQE=".parse().unwrap(), challenge)
    }

    #[test]
    fn equals_itself_and_its_text_and_nothing_else() {
        let (one, other) = (signed("a"), signed("b"));
        assert!(one == signed("a") && one != other);
        assert!(one == *one.as_str() && one != *other.as_str());
        for at in 0..Signature::LEN {
            let mut text = *one.as_bytes();
            text[at] ^= 1;
            assert!(Signature(text) != one && one != *str::from_utf8(&text).unwrap());
        }
        assert!(one != *"" && one != one.as_str()[..87] && one != *(one.to_string() + "="));
        assert_eq!(HashSet::from([one, other, signed("a")]).len(), 2);
        let hasher = RandomState::new();
        assert_eq!(hasher.hash_one(one), hasher.hash_one(signed("a")));
        assert_ne!(hasher.hash_one(one), hasher.hash_one(other));
    }

    #[test]
    fn is_text_and_bytes() {
        let one = signed("a");
        assert_eq!(AsRef::<str>::as_ref(&one), one.as_str());
        assert_eq!(AsRef::<[u8]>::as_ref(&one), one.as_bytes());
        assert_eq!(std::format!("{one:?}"), std::format!("Signature({:?})", one.as_str()));
    }
}
