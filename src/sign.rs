use core::fmt;

use crate::{
    Secret, base,
    hash::{Hash, State},
};

/// What all of Kraken's schemes share: base64(HMAC-SHA512(secret, prefix ‖ SHA256(message))).
#[derive(Clone)]
pub(crate) struct Message(Hash);

impl Message {
    pub(crate) const fn new() -> Self {
        Self(Hash::new(State::SHA256))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Ends the message, and signs it.
    pub(crate) fn sign(&mut self, secret: &Secret, prefix: &[u8]) -> ApiSign {
        let mut sign = ApiSign([0; ApiSign::LEN]);
        base::write_base64(self.mac(secret, prefix), &mut sign.0);
        sign
    }

    /// The same as bytes.
    pub(crate) fn mac(&mut self, secret: &Secret, prefix: &[u8]) -> &[u8] {
        let digest: [u8; 32] = self.0.finish().first_chunk().copied().unwrap_or_default();
        secret.mac(&mut self.0, [prefix, &digest])
    }
}

/// What is hashed may hold a password.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Message(..)")
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

#[cfg(test)]
mod tests {
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn shows_nothing_of_what_is_hashed() {
        extern crate std;
        let mut message = crate::spot::Message::new(1_616_492_376_594);
        message.update(b"otp=password");
        assert_eq!(std::format!("{message:?}"), "Message(Message(..))");
    }
}
