use core::fmt;

use crate::{
    Error, base,
    hash::{Hash, Hmac, State},
};

/// A private key, kept only as the two SHA-512 states that HMAC derives from it.
///
/// The states are wiped when the value is dropped. Neither [`Debug`](fmt::Debug) nor any other output shows them.
pub struct Secret(Hmac);

impl Secret {
    /// The longest private key that [`from_base64`](Self::from_base64) takes, in bytes. Kraken's have 64.
    pub const MAX_BYTES: usize = base::Key::MOST;

    /// Reads a private key as Kraken shows it: standard base64 with its padding.
    ///
    /// White space around the key is ignored. Everything else is strict, because a key that is decoded leniently signs,
    /// and then Kraken is blamed: `EAPI:Invalid signature`.
    ///
    /// # Errors
    ///
    /// One of the `Secret…` variants of [`Error`] names what is wrong and where.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        Self::from_base64_ascii(text.as_bytes())
    }

    pub(crate) fn from_base64_ascii(text: &[u8]) -> Result<Self, Error> {
        let (start, text) = base::trim(text);
        // Constant-time decoding; only a key that is none is looked at again, character by character.
        match base::read_base64(text, &mut base::Key::new()) {
            Some(key) => Self::from_bytes(key),
            None => Err(diagnose(start, text)),
        }
    }

    /// Takes the decoded bytes of a private key, of any length but 0.
    ///
    /// # Errors
    ///
    /// [`Error::SecretEmpty`].
    pub fn from_bytes(key: &[u8]) -> Result<Self, Error> {
        if key.is_empty() {
            return Err(Error::SecretEmpty);
        }
        Ok(Self(Hmac::new(&State::SHA512, key)))
    }

    /// HMAC-SHA512 of the concatenated parts, in the place of a hash.
    pub(crate) fn mac<'h>(&self, hash: &'h mut Hash, parts: [&[u8]; 2]) -> &'h [u8] {
        self.0.mac(hash, parts)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Says why base64 was refused, which starts at this offset.
fn diagnose(start: usize, key: &[u8]) -> Error {
    let mut padding = None;
    for (at, byte) in (start..).zip(key) {
        match byte {
            _ if base::base64_digit(*byte) >= 0 => {
                if let Some(at) = padding {
                    return Error::SecretPadding { at };
                }
            }
            b'=' => padding = padding.or(Some(at)),
            b'-' | b'_' => return Error::SecretUrlSafe { at },
            _ if byte.is_ascii_whitespace() => return Error::SecretWhiteSpace { at },
            _ => return Error::SecretCharacter { at },
        }
    }
    let end = start.saturating_add(key.len());
    match padding {
        _ if !key.len().is_multiple_of(4) => Error::SecretLength,
        Some(at) if end.saturating_sub(at) > 2 => Error::SecretPadding { at },
        _ if key.len() > Secret::MAX_BYTES / 3 * 4 => Error::SecretTooLong,
        _ => Error::SecretTrailingBits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn refused(text: &str) -> Error {
        Secret::from_base64(text).map(|_| ()).unwrap_err()
    }

    #[test]
    fn names_the_mistake_and_its_place() {
        assert_eq!(refused(""), Error::SecretEmpty);
        assert_eq!(refused(" \n"), Error::SecretEmpty);
        assert_eq!(refused("AQEB AQE="), Error::SecretWhiteSpace { at: 4 });
        assert_eq!(refused("  AQ-BAQE="), Error::SecretUrlSafe { at: 4 });
        assert_eq!(refused("AQ_BAQE="), Error::SecretUrlSafe { at: 2 });
        assert_eq!(refused("AQEBAQ.="), Error::SecretCharacter { at: 6 });
        assert_eq!(refused("AQEBé==="), Error::SecretCharacter { at: 4 });
        assert_eq!(refused("AQEBAQE"), Error::SecretLength);
        assert_eq!(refused("AQEBA"), Error::SecretLength);
        assert_eq!(refused("AQ=BAQE="), Error::SecretPadding { at: 2 });
        assert_eq!(refused("\tAQEB===="), Error::SecretPadding { at: 5 });
        assert_eq!(refused("A==="), Error::SecretPadding { at: 1 });
        assert_eq!(refused("AQF="), Error::SecretTrailingBits);
        assert_eq!(refused("AR=="), Error::SecretTrailingBits);
    }

    #[test]
    fn takes_keys_up_to_the_limit() {
        extern crate std;
        use std::borrow::ToOwned;
        let longest = "AQEB".repeat(Secret::MAX_BYTES / 3);
        assert!(Secret::from_base64(&longest).is_ok());
        assert_eq!(refused(&(longest.clone() + "AQEB")), Error::SecretTooLong);
        assert_eq!(refused(&(longest.clone() + "AQ==")), Error::SecretTooLong);
        assert_eq!(refused(&(longest[4..].to_owned() + "AR==")), Error::SecretTrailingBits);
    }

    #[test]
    fn ignores_white_space_around_the_key() {
        let plain = Secret::from_base64("AQEBAQE=").unwrap();
        let padded = Secret::from_base64(" \tAQEBAQE=\r\n").unwrap();
        let (mut one, mut other) = (Hash::new(State::SHA1), Hash::new(State::SHA1));
        assert_eq!(plain.mac(&mut one, [b"a", b"b"]), padded.mac(&mut other, [b"", b"ab"]));
    }

    #[test]
    fn shows_nothing() {
        extern crate std;
        let secret = Secret::from_base64("AQEBAQE=").unwrap();
        assert_eq!(std::format!("{secret:?}"), "Secret(..)");
    }
}
