use core::fmt;

use base64ct::{Base64, Encoding};

use crate::Secret;

/// A signature in base64: the value of the headers `API-Sign` (Spot) and `Authent` (Futures), 88 ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ApiSign([u8; ApiSign::LEN]);

impl ApiSign {
    /// The number of characters: 64 bytes in base64.
    pub const LEN: usize = 88;

    /// base64(HMAC-SHA512(secret, prefix ‖ digest)): what all of Kraken's schemes end with.
    pub(crate) fn new(secret: &Secret, prefix: &[u8], digest: &[u8]) -> Self {
        let mut text = [0; Self::LEN];
        let mac = secret.mac([prefix, digest]);
        // 64 bytes always fill exactly 88 characters.
        let written = Base64::encode(&mac, &mut text).map(str::len);
        debug_assert_eq!(written, Ok(Self::LEN));
        Self(text)
    }

    /// The signature as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The signature as ASCII bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl AsRef<str> for ApiSign {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ApiSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ApiSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ApiSign").field(&self.as_str()).finish()
    }
}
