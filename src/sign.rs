use core::fmt;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use crate::Secret;

/// What all of Kraken's schemes share: base64(HMAC-SHA512(secret, prefix ‖ SHA256(message))).
///
/// Its functions stay functions in the binary: inlined into each scheme and export, they would be half of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message(Sha256);

impl Message {
    #[inline(never)]
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    #[inline(never)]
    pub(crate) fn sign(self, secret: &Secret, prefix: &[u8]) -> ApiSign {
        let mut text = [0; ApiSign::LEN];
        let mac = secret.mac([prefix, &self.0.finalize()]);
        // 64 bytes always fill exactly 88 characters.
        let written = Base64::encode(&mac, &mut text).map(str::len);
        debug_assert_eq!(written, Ok(ApiSign::LEN));
        ApiSign(text)
    }
}

/// A signature in base64: the value of the headers `API-Sign` (Spot) and `Authent` (Futures), 88 ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ApiSign([u8; ApiSign::LEN]);

impl ApiSign {
    /// The number of characters: 64 bytes in base64.
    pub const LEN: usize = 88;

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
