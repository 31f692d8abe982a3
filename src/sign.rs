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

    /// Starts again, with nothing.
    pub(crate) fn restart(&mut self) {
        self.0.restart(&State::SHA256);
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Signs the message, and starts again.
    pub(crate) fn sign(&mut self, secret: &Secret, prefix: &[u8]) -> ApiSign {
        let mut sign = ApiSign([b'='; ApiSign::LEN]);
        self.sign_to(secret, prefix, &mut sign.0);
        sign
    }

    /// The same into a place of the caller's, which is filled with padding.
    pub(crate) fn sign_to(&mut self, secret: &Secret, prefix: &[u8], text: &mut [u8; ApiSign::LEN]) {
        base::write_base64(&secret.mac([prefix, self.0.finish().as_ref()]), text);
        self.restart();
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
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn shows_nothing_of_what_is_hashed() {
        extern crate std;
        let mut message = crate::spot::Message::new(1_616_492_376_594);
        message.update(b"otp=password");
        assert_eq!(std::format!("{message:?}"), "Message(Message(..))");
    }

    #[test]
    fn starts_again_when_it_has_signed() {
        let secret = Secret::from_bytes(b"key").unwrap();
        let mut message = Message::new();
        let mut sign = |piece: &[u8]| {
            message.update(piece);
            message.sign(&secret, b"path")
        };
        let (one, other, again) = (sign(b"one"), sign(b"another"), sign(b"one"));
        assert!(one == again && one != other);
    }
}
