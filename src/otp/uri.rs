//! `otpauth://` URIs, as in two-factor QR codes: `otpauth://totp/Label?secret=…&algorithm=…&digits=…&period=…`.
//!
//! Google Authenticator defined the format ("Key Uri Format"); there is no RFC. Names and values may be percent-encoded.

use super::{Algorithm, Options};
use crate::{Error, nonce};

const SCHEME: &str = "otpauth://";
const MIGRATION: &str = "otpauth-migration:";

/// A percent-encoded part of a URI, and its offset.
#[derive(Clone, Copy)]
pub(crate) struct Encoded<'u> {
    text: &'u str,
    start: usize,
}

/// The parameters of a URI that affect codes.
pub(crate) struct Parameters<'u> {
    pub(crate) secret: Encoded<'u>,
    pub(crate) options: Options,
}

/// The parts of a URI.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'u> {
    /// Type and label.
    path: &'u str,
    query: Encoded<'u>,
    /// What follows `#`, which is not read.
    fragment: Encoded<'u>,
}

impl<'u> Parts<'u> {
    /// Splits a URI.
    ///
    /// # Errors
    ///
    /// Returns [`Error::UriScheme`] or [`Error::UriMigration`].
    pub(crate) fn of(uri: &'u str) -> Result<Self, Error> {
        let trimmed = uri.trim_ascii();
        let Some(rest) = strip_prefix(trimmed, SCHEME) else {
            return Err(if strip_prefix(trimmed, MIGRATION).is_some() {
                Error::UriMigration
            } else {
                Error::UriScheme
            });
        };
        let (rest, fragment) = split(rest, '#');
        let (path, query) = split(rest, '?');
        // A part is a slice of the URI, so this is its offset.
        let part = |text: &'u str| Encoded { text, start: text.as_ptr().addr().saturating_sub(uri.as_ptr().addr()) };
        Ok(Self { path, query: part(query), fragment: part(fragment) })
    }

    /// Returns why there is no parameter `secret`: a `?` or `#` that is not encoded may have ended the label before it.
    fn secret_missing(self) -> Error {
        if !self.fragment.text.is_empty() {
            Error::UriUnencoded { at: self.fragment.start.saturating_sub(1) }
        } else if !split(self.query.text, '?').1.is_empty() {
            Error::UriUnencoded { at: self.query.start.saturating_sub(1) }
        } else {
            Error::UriSecretMissing
        }
    }

    /// Returns the type after `otpauth://`, such as `totp`.
    pub(crate) fn kind(self) -> &'u str {
        split(self.path, '/').0
    }

    /// Returns the label that an authenticator app shows, percent-encoded.
    #[cfg(feature = "inspect")]
    pub(crate) fn label(self) -> &'u str {
        split(self.path, '/').1
    }

    /// Returns the name and value of each parameter.
    pub(crate) fn fields(self) -> impl Iterator<Item = (Encoded<'u>, Encoded<'u>)> {
        let mut start = self.query.start;
        self.query.text.split('&').map(move |field| {
            let (name, value) = split(field, '=');
            let name = Encoded { text: name, start };
            let value = Encoded { text: value, start: start.saturating_add(name.text.len()).saturating_add(1) };
            start = start.saturating_add(field.len()).saturating_add(1);
            (name, value)
        })
    }
}

/// Parses a URI. Parameters that do not affect codes (`issuer`, `image` …) are ignored.
///
/// # Errors
///
/// Returns one of the `Uri…` variants of [`Error`], [`Error::OtpAlgorithm`], [`Error::OtpDigits`] or [`Error::OtpPeriod`].
pub(crate) fn read(uri: &str) -> Result<Parameters<'_>, Error> {
    let parts = Parts::of(uri)?;
    if parts.kind().eq_ignore_ascii_case("steam") {
        return Err(Error::UriSteam);
    }
    if !parts.kind().eq_ignore_ascii_case("totp") {
        return Err(Error::UriType);
    }
    let mut secret = None;
    let mut options = Options::default();
    for (name, value) in parts.fields() {
        let repeated = if name.is("secret") {
            secret.replace(value).is_some()
        } else if name.is("algorithm") {
            options.algorithm.replace(value.algorithm().ok_or(Error::OtpAlgorithm)?).is_some()
        } else if name.is("digits") {
            let digits = value.number().and_then(|number| number.try_into().ok());
            options.digits.replace(digits.ok_or(Error::OtpDigits)?).is_some()
        } else if name.is("period") {
            options.period.replace(value.number().ok_or(Error::OtpPeriod)?).is_some()
        } else if name.is("encoder") && value.is("steam") {
            return Err(Error::UriSteam);
        } else if strip_prefix(name.text, "amp;").is_some() {
            return Err(Error::UriHtml { at: name.start });
        } else {
            false
        };
        if repeated {
            return Err(Error::UriDuplicate { at: name.start });
        }
    }
    // A raw # hides the parameters after it.
    let secret = secret.filter(|_| split(parts.fragment.text, '=').1.is_empty());
    Ok(Parameters { secret: secret.ok_or_else(|| parts.secret_missing())?, options })
}

impl Encoded<'_> {
    /// Returns the decoded bytes, each with its offset. `%XX` is a byte, and `+` is a space.
    pub(crate) fn bytes(self) -> impl Iterator<Item = Result<(usize, u8), Error>> {
        let mut bytes = (self.start..).zip(self.text.bytes());
        core::iter::from_fn(move || {
            let (at, byte) = bytes.next()?;
            Some(match byte {
                b'%' => {
                    let mut digit = || bytes.next().and_then(|(_, digit)| char::from(digit).to_digit(16));
                    let escaped = digit().zip(digit()).and_then(|(high, low)| u8::try_from(high << 4 | low).ok());
                    escaped.map(|byte| (at, byte)).ok_or(Error::UriEscape { at })
                }
                b'+' => Ok((at, b' ')),
                _ => Ok((at, byte)),
            })
        })
    }

    /// Returns whether the decoded text is `word`, ignoring case.
    pub(crate) fn is(self, word: &str) -> bool {
        let bytes = self.bytes().map(|byte| byte.ok().map(|(_, byte)| byte.to_ascii_lowercase()));
        bytes.eq(word.bytes().map(|byte| Some(byte.to_ascii_lowercase())))
    }

    pub(crate) fn algorithm(self) -> Option<Algorithm> {
        let names = [
            ("sha1", Algorithm::Sha1),
            ("sha-1", Algorithm::Sha1),
            ("sha256", Algorithm::Sha256),
            ("sha-256", Algorithm::Sha256),
            ("sha512", Algorithm::Sha512),
            ("sha-512", Algorithm::Sha512),
        ];
        names.into_iter().find_map(|(name, algorithm)| self.is(name).then_some(algorithm))
    }

    pub(crate) fn number(self) -> Option<u32> {
        let mut digits = [0; 10];
        let mut len: usize = 0;
        for byte in self.bytes() {
            *digits.get_mut(len)? = byte.ok()?.1;
            len = len.saturating_add(1);
        }
        nonce::parse(digits.get(..len)?).ok()?.try_into().ok()
    }

    /// Returns the text without decoding it.
    #[cfg(feature = "inspect")]
    pub(crate) const fn as_str(&self) -> &str {
        self.text
    }
}

/// Removes a prefix, ignoring case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Splits a text at the first separator. Without a separator, the second part is empty.
fn split(text: &str, separator: char) -> (&str, &str) {
    text.split_once(separator).unwrap_or_else(|| text.split_at_checked(text.len()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{Totp, otp::Code};
    use core::time::Duration;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const AT: Duration = Duration::from_secs(1_700_000_000);

    fn code(uri: &str) -> Code {
        Totp::from_uri(uri).unwrap().code(AT)
    }

    fn error_of(uri: &str) -> Error {
        Totp::from_uri(uri).map(|_| ()).unwrap_err()
    }

    #[test]
    fn reads_the_same_key_however_it_is_written() {
        let plain = Totp::from_setup_key("MZXW6YTBOI", Options::default()).unwrap().code(AT);
        for uri in [
            "otpauth://totp/Kraken:me@example.com?secret=MZXW6YTBOI",
            "OTPAUTH://TOTP/x?SECRET=mzxw6ytboi",
            "otpauth://totp?secret=MZXW6YTBOI",
            "otpauth://totp/?issuer=Kraken&secret=mzxw%206ytb+oi%3d%3D====&",
            "  otpauth://totp/a%20b/c?secret=MZXW6YTBOI&image=https%3A%2F%2Fx#nothing \n",
            "otpauth://totp/x?secret=MZXW6YTBOI&algorithm=SHA1&digits=6&period=30",
            "otpauth://totp/x?s%65cret=MZXW6YTBOI&%41lgorithm=SHA%2D1&digits=%36&period=%33%30&im%age=%",
        ] {
            assert_eq!(code(uri), plain, "{uri}");
        }
    }

    #[test]
    fn applies_the_parameters_of_the_uri() {
        for (name, algorithm) in [("sha256", Algorithm::Sha256), ("SHA-512", Algorithm::Sha512)] {
            let options = Options { algorithm: Some(algorithm), digits: Some(8), period: Some(60) };
            let expected = Totp::from_setup_key("MZXW6YTBOI", options).unwrap().code(AT);
            let uri = std::format!("otpauth://totp/x?algorithm={name}&secret=MZXW6YTBOI&period=60&digits=8");
            assert_eq!(code(&uri), expected);
            let bare = "otpauth://totp/x?secret=MZXW6YTBOI";
            assert_eq!(Totp::from_uri_with(bare, options).unwrap().code(AT), expected);
            assert_eq!(Totp::from_uri_with(&uri, options).unwrap().code(AT), expected);
        }
    }

    #[test]
    fn reports_the_mistake_and_its_position() {
        for uri in ["", "otpauth:", "otpauth:/totp/", "https://totp/x?secret=MZXW6YTB", "MZXW6YTB", "é"] {
            assert_eq!(error_of(uri), Error::UriScheme, "{uri}");
        }
        for uri in ["otpauth://hotp/x?secret=MZXW6YTB&counter=1", "otpauth://?secret=MZXW6YTB", "otpauth://totpx/?"] {
            assert_eq!(error_of(uri), Error::UriType, "{uri}");
        }
        for uri in ["otpauth://totp", "otpauth://totp/x", "otpauth://totp/x?", "otpauth://totp/x?secrets=a"] {
            assert_eq!(error_of(uri), Error::UriSecretMissing, "{uri}");
        }
        for (uri, at) in [
            ("otpauth://totp/a?b:me?Secret=MZXW6YTB&issuer=a", 16),
            (" otpauth://totp/a?b:me&c?secret=MZXW6YTB", 17),
            ("otpauth://totp/a#1:me?secret=MZXW6YTB", 16),
            ("otpauth://totp/x?issuer=a#1&secret=MZXW6YTB", 25),
            ("otpauth://totp/x?secret=MZXW6YTB&issuer=a#1&digits=8", 41),
            ("otpauth://totp/x?secret=MZXW6YTB&#38;digits=8", 33),
            ("otpauth://totp/x?secret=MZXW6YTB&image=x#secret=nothing", 40),
        ] {
            assert_eq!(error_of(uri), Error::UriUnencoded { at }, "{uri}");
        }
        // What follows the setup key may contain them.
        assert!(Totp::from_uri("otpauth://totp/x?secret=MZXW6YTB&image=https://x?y=1#z?secret").is_ok());
        for uri in ["otpauth://steam/x?secret=MZXW6YTB", "otpauth://totp/Steam:x?secret=MZXW6YTB&encoder=Steam"] {
            assert_eq!(error_of(uri), Error::UriSteam, "{uri}");
        }
        assert_eq!(error_of("otpauth-migration://offline?data=CjEK"), Error::UriMigration);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&amp;digits=8"), Error::UriHtml { at: 33 });
        assert_eq!(error_of("otpauth://totp/é?secret=MZXW6YTB&s%45cret=MZXW6YTB"), Error::UriDuplicate { at: 34 });
        assert_eq!(error_of("otpauth://totp/x?secret"), Error::OtpKeyEmpty);
        assert_eq!(error_of("otpauth://totp/x?secret=MZ1W"), Error::OtpKeyCharacter { at: 26 });
        assert_eq!(error_of(" otpauth://totp/x?secret=%4DZ%31W"), Error::OtpKeyCharacter { at: 29 });
        assert_eq!(error_of("otpauth://totp/x?secret=MZ%3"), Error::UriEscape { at: 26 });
        assert_eq!(error_of("otpauth://totp/x?secret=MZ%g1"), Error::UriEscape { at: 26 });
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&secret=MZXW6YTB"), Error::UriDuplicate { at: 33 });
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&digits=9"), Error::OtpDigits);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&digits=262"), Error::OtpDigits);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&digits="), Error::OtpDigits);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&digits=%3"), Error::OtpDigits);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&period=00000000030"), Error::OtpPeriod);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&algorithm=SHA"), Error::OtpAlgorithm);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&algorithm=SHA--1"), Error::OtpAlgorithm);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&period=0"), Error::OtpPeriod);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&period=30s"), Error::OtpPeriod);
        assert_eq!(error_of("otpauth://totp/x?secret=MZXW6YTB&algorithm=MD5"), Error::OtpAlgorithm);
    }

    #[test]
    fn rejects_options_that_contradict_the_uri() {
        let uri = "otpauth://totp/x?secret=MZXW6YTB&digits=6";
        let options = Options { digits: Some(8), ..Options::default() };
        assert_eq!(Totp::from_uri_with(uri, options).map(|_| ()), Err(Error::UriConflict));
    }
}
