use core::{fmt, str::FromStr};

use base64ct::{Base64, Encoding};
use hmac::digest::Output;
use sha2::Sha512;
use zeroize::ZeroizeOnDrop;

use crate::{
    Error,
    mac::{MacKey, wipe, without_trace},
};

/// A private key that signs requests.
///
/// It is parsed from the base64 text that Kraken shows, or created from its decoded bytes. Only the two SHA-512 states that
/// HMAC derives from the key are kept, and dropping the value wipes them. [`Debug`](fmt::Debug) does not show them.
///
/// ```
/// use kraken_signer::{Error, Secret};
///
/// let secret: Secret = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl".parse()?;
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
///
/// // The error contains the kind and the position of a mistake, and no part of the key.
/// let error = "a2V5IHRoYXQgaXMgb25seSBhbiBleGFt-GxlCg==".parse::<Secret>().unwrap_err();
/// assert_eq!(error, Error::SecretUrlSafe { at: 32 });
/// # Ok::<(), Error>(())
/// ```
pub struct Secret(MacKey<Sha512>);

impl Secret {
    /// The maximum length of a base64 key, in bytes. Kraken's keys have 64 bytes.
    pub const MAX_BYTES: usize = 384;

    /// Returns the HMAC-SHA512 of the concatenated parts.
    pub(crate) fn mac(&self, parts: [&[u8]; 2]) -> Output<Sha512> {
        self.0.mac(parts)
    }
}

/// The hash crates wipe the states on drop; `tests/core/memory.rs` checks that.
impl ZeroizeOnDrop for Secret {}

/// Parses a private key as Kraken shows it: standard base64 with padding.
///
/// White space around the key is ignored. Everything else is strict: a mistyped key that decodes anyway would sign, and
/// Kraken would only answer `EAPI:Invalid signature`.
///
/// The error is one of the `Secret…` variants of [`Error`].
impl FromStr for Secret {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        without_trace(|| {
            let key = text.trim_ascii();
            let start = text.len().saturating_sub(text.trim_ascii_start().len());
            let mut bytes = [0; Self::MAX_BYTES];
            // Decoding takes constant time. Only an invalid key is examined again, character by character.
            let secret = match Base64::decode(key, &mut bytes) {
                Ok(bytes) => MacKey::new(bytes, Error::SecretEmpty).map(Self),
                Err(_) => Err(diagnose(start, key.as_bytes())),
            };
            wipe(&mut bytes);
            secret
        })
    }
}

/// Creates a `Secret` from the decoded bytes of a private key, which must not be empty.
///
/// ```
/// use kraken_signer::{Error, Secret};
///
/// let bytes: [u8; 64] = [7; 64];
/// let secret = Secret::try_from(&bytes[..])?;
/// # Ok::<(), Error>(())
/// ```
impl TryFrom<&[u8]> for Secret {
    type Error = Error;

    fn try_from(key: &[u8]) -> Result<Self, Error> {
        without_trace(|| MacKey::new(key, Error::SecretEmpty).map(Self))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Returns the reason why a key is not valid base64. `start` is the offset of the key in the text.
fn diagnose(start: usize, key: &[u8]) -> Error {
    let mut padding = None;
    for (at, byte) in (start..).zip(key) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {
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

    fn error_of(text: &str) -> Error {
        text.parse::<Secret>().map(|_| ()).unwrap_err()
    }

    #[test]
    fn reports_the_mistake_and_its_position() {
        assert_eq!(error_of(""), Error::SecretEmpty);
        assert_eq!(error_of(" \n"), Error::SecretEmpty);
        assert_eq!(error_of("AQEB AQE="), Error::SecretWhiteSpace { at: 4 });
        assert_eq!(error_of("  AQ-BAQE="), Error::SecretUrlSafe { at: 4 });
        assert_eq!(error_of("AQ_BAQE="), Error::SecretUrlSafe { at: 2 });
        assert_eq!(error_of("AQEBAQ.="), Error::SecretCharacter { at: 6 });
        assert_eq!(error_of("AQEBé==="), Error::SecretCharacter { at: 4 });
        assert_eq!(error_of("AQEBAQE"), Error::SecretLength);
        assert_eq!(error_of("AQEBA"), Error::SecretLength);
        assert_eq!(error_of("AQ=BAQE="), Error::SecretPadding { at: 2 });
        assert_eq!(error_of("\tAQEB===="), Error::SecretPadding { at: 5 });
        assert_eq!(error_of("A==="), Error::SecretPadding { at: 1 });
        assert_eq!(error_of("AQF="), Error::SecretTrailingBits);
        assert_eq!(error_of("AR=="), Error::SecretTrailingBits);
    }

    #[test]
    fn accepts_keys_up_to_the_limit() {
        extern crate std;
        use std::borrow::ToOwned;
        let longest = "AQEB".repeat(Secret::MAX_BYTES / 3);
        assert!(longest.parse::<Secret>().is_ok());
        assert_eq!(error_of(&(longest.clone() + "AQEB")), Error::SecretTooLong);
        assert_eq!(error_of(&(longest.clone() + "AQ==")), Error::SecretTooLong);
        assert_eq!(error_of(&(longest[4..].to_owned() + "AR==")), Error::SecretTrailingBits);
    }

    #[test]
    fn reads_the_same_from_text_bytes_and_with_white_space_around() {
        let plain: Secret = "AQEBAQE=".parse().unwrap();
        let padded: Secret = " \tAQEBAQE=\r\n".parse().unwrap();
        let bytes = Secret::try_from(&[1; 5][..]).unwrap();
        assert_eq!(plain.mac([b"a", b"b"]), padded.mac([b"", b"ab"]));
        assert_eq!(plain.mac([b"a", b"b"]), bytes.mac([b"ab", b""]));
        assert_eq!(Secret::try_from(&[][..]).map(|_| ()), Err(Error::SecretEmpty));
    }

    #[test]
    fn debug_shows_no_key() {
        extern crate std;
        let secret: Secret = "AQEBAQE=".parse().unwrap();
        assert_eq!(std::format!("{secret:?}"), "Secret(..)");
    }
}
