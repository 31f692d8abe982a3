//! `otpauth://` URIs, which two-factor QR codes carry: `otpauth://totp/Label?secret=…&algorithm=…&digits=…&period=…`.
//!
//! The format was defined by Google Authenticator («Key Uri Format»); there is no RFC.

use crate::{
    Error, Totp,
    otp::{Algorithm, Options},
};

const SCHEME: &[u8] = b"otpauth://";

/// Reads the key of a URI. `options` add what the URI leaves open.
///
/// Parameters that have no bearing on codes (`issuer`, `image` …) are ignored.
///
/// # Errors
///
/// One of the `Uri…` or `Otp…` variants of [`Error`]; [`Error::UriConflict`] where an option says something else than the
/// URI. Offsets count from the start of the URI.
pub fn read(uri: &str, options: Options) -> Result<Totp, Error> {
    read_ascii(uri.as_bytes(), options)
}

pub(crate) fn read_ascii(uri: &[u8], options: Options) -> Result<Totp, Error> {
    let start = uri.len().saturating_sub(uri.trim_ascii_start().len());
    let text = uri.trim_ascii();
    let rest = match text.split_at_checked(SCHEME.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => rest,
        _ => return Err(Error::UriScheme),
    };
    let mut at = start.saturating_add(SCHEME.len());

    // The fragment means nothing, and what stands before the query is type and label.
    let rest = rest.split(|byte| *byte == b'#').next().unwrap_or_default();
    let path = rest.split(|byte| *byte == b'?').next().unwrap_or_default();
    let kind = path.split(|byte| *byte == b'/').next().unwrap_or_default();
    if !kind.eq_ignore_ascii_case(b"totp") {
        return Err(Error::UriType);
    }
    let query = path.len().saturating_add(1);
    at = at.saturating_add(query);

    let mut secret = None;
    let mut stated = Options::default();
    for parameter in rest.get(query..).unwrap_or_default().split(|byte| *byte == b'&') {
        let name = parameter.split(|byte| *byte == b'=').next().unwrap_or_default();
        let value_at = name.len().saturating_add(1);
        let value = parameter.get(value_at..).unwrap_or_default();
        let again = if name.eq_ignore_ascii_case(b"secret") {
            secret.replace((value, at.saturating_add(value_at))).is_some()
        } else if name.eq_ignore_ascii_case(b"algorithm") {
            stated.algorithm.replace(algorithm(value)?).is_some()
        } else if name.eq_ignore_ascii_case(b"digits") {
            stated.digits.replace(number(value).ok_or(Error::OtpDigits)?).is_some()
        } else if name.eq_ignore_ascii_case(b"period") {
            stated.period.replace(number(value).ok_or(Error::OtpPeriod)?).is_some()
        } else {
            false
        };
        if again {
            return Err(Error::UriDuplicate { at });
        }
        at = at.saturating_add(parameter.len()).saturating_add(1);
    }

    let (value, at) = secret.ok_or(Error::UriSecretMissing)?;
    let options = Options {
        algorithm: agree(stated.algorithm, options.algorithm)?,
        digits: agree(stated.digits, options.digits)?,
        period: agree(stated.period, options.period)?,
    };
    Totp::from_base32(Unescaped { rest: value, at }, options)
}

fn agree<T: PartialEq>(stated: Option<T>, given: Option<T>) -> Result<Option<T>, Error> {
    match (&stated, &given) {
        (Some(stated), Some(given)) if stated != given => Err(Error::UriConflict),
        _ => Ok(stated.or(given)),
    }
}

fn algorithm(name: &[u8]) -> Result<Algorithm, Error> {
    [
        (&b"SHA1"[..], Algorithm::Sha1),
        (b"SHA-1", Algorithm::Sha1),
        (b"SHA256", Algorithm::Sha256),
        (b"SHA-256", Algorithm::Sha256),
        (b"SHA512", Algorithm::Sha512),
        (b"SHA-512", Algorithm::Sha512),
    ]
    .iter()
    .find(|(known, _)| name.eq_ignore_ascii_case(known))
    .map(|(_, algorithm)| *algorithm)
    .ok_or(Error::OtpAlgorithm)
}

fn number<T: TryFrom<u64>>(text: &[u8]) -> Option<T> {
    crate::nonce::parse(text).ok().and_then(|number| T::try_from(number).ok())
}

/// Percent-decoding, with the offset of each byte in the URI. `+` is a blank, as in forms.
struct Unescaped<'a> {
    rest: &'a [u8],
    at: usize,
}

impl Iterator for Unescaped<'_> {
    type Item = Result<(usize, u8), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let (byte, rest) = match *self.rest {
            [] => return None,
            [b'%', high, low, ref rest @ ..] => match (hex(high), hex(low)) {
                (Some(high), Some(low)) => ((high << 4).wrapping_add(low), rest),
                _ => return Some(Err(Error::UriEscape { at })),
            },
            [b'%', ..] => return Some(Err(Error::UriEscape { at })),
            [b'+', ref rest @ ..] => (b' ', rest),
            [byte, ref rest @ ..] => (byte, rest),
        };
        self.at = at.saturating_add(self.rest.len().saturating_sub(rest.len()));
        self.rest = rest;
        Some(Ok((at, byte)))
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use core::time::Duration;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const AT: Duration = Duration::from_secs(1_700_000_000);

    fn code(uri: &str) -> crate::otp::Code {
        read(uri, Options::default()).unwrap().code(AT)
    }

    fn refused(uri: &str) -> Error {
        read(uri, Options::default()).map(|_| ()).unwrap_err()
    }

    #[test]
    fn reads_the_same_key_however_it_is_written() {
        let plain = Totp::from_setup_key("MZXW6YTBOI", Options::default()).unwrap().code(AT);
        for uri in [
            "otpauth://totp/Kraken:me@example.com?secret=MZXW6YTBOI",
            "OTPAUTH://TOTP/x?SECRET=mzxw6ytboi",
            "otpauth://totp?secret=MZXW6YTBOI",
            "otpauth://totp/?issuer=Kraken&secret=mzxw%206ytb+oi%3d%3D====&",
            "  otpauth://totp/a%20b/c?secret=MZXW6YTBOI&image=https%3A%2F%2Fx#secret=nothing \n",
            "otpauth://totp/x?secret=MZXW6YTBOI&algorithm=SHA1&digits=6&period=30",
        ] {
            assert_eq!(code(uri), plain, "{uri}");
        }
    }

    #[test]
    fn takes_its_parameters() {
        for (name, algorithm) in [("sha256", Algorithm::Sha256), ("SHA-512", Algorithm::Sha512)] {
            let options = Options { algorithm: Some(algorithm), digits: Some(8), period: Some(60) };
            let expected = Totp::from_setup_key("MZXW6YTBOI", options).unwrap().code(AT);
            let uri = std::format!("otpauth://totp/x?algorithm={name}&secret=MZXW6YTBOI&period=60&digits=8");
            assert_eq!(code(&uri), expected);
            let bare = "otpauth://totp/x?secret=MZXW6YTBOI";
            assert_eq!(read(bare, options).unwrap().code(AT), expected);
            assert_eq!(read(&uri, options).unwrap().code(AT), expected);
        }
    }

    #[test]
    fn names_the_mistake_and_its_place() {
        for uri in ["", "otpauth:", "otpauth:/totp/", "https://totp/x?secret=MZXW6YTB", "MZXW6YTB", "é"] {
            assert_eq!(refused(uri), Error::UriScheme, "{uri}");
        }
        for uri in ["otpauth://hotp/x?secret=MZXW6YTB&counter=1", "otpauth://?secret=MZXW6YTB", "otpauth://totpx/?"] {
            assert_eq!(refused(uri), Error::UriType, "{uri}");
        }
        for uri in ["otpauth://totp", "otpauth://totp/x", "otpauth://totp/x?", "otpauth://totp/x?issuer=a#?secret=A"] {
            assert_eq!(refused(uri), Error::UriSecretMissing, "{uri}");
        }
        assert_eq!(refused("otpauth://totp/x?secret"), Error::OtpKeyEmpty);
        assert_eq!(refused("otpauth://totp/x?secret=MZ1W"), Error::OtpKeyCharacter { at: 26 });
        assert_eq!(refused(" otpauth://totp/x?secret=%4DZ%31W"), Error::OtpKeyCharacter { at: 29 });
        assert_eq!(refused("otpauth://totp/x?secret=MZ%3"), Error::UriEscape { at: 26 });
        assert_eq!(refused("otpauth://totp/x?secret=MZ%g1"), Error::UriEscape { at: 26 });
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&secret=MZXW6YTB"), Error::UriDuplicate { at: 33 });
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&digits=9"), Error::OtpDigits);
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&digits=262"), Error::OtpDigits);
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&digits="), Error::OtpDigits);
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&period=0"), Error::OtpPeriod);
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&period=30s"), Error::OtpPeriod);
        assert_eq!(refused("otpauth://totp/x?secret=MZXW6YTB&algorithm=MD5"), Error::OtpAlgorithm);
    }

    #[test]
    fn refuses_options_that_contradict_it() {
        let uri = "otpauth://totp/x?secret=MZXW6YTB&digits=6";
        let options = Options { digits: Some(8), ..Options::default() };
        assert_eq!(read(uri, options).map(|_| ()), Err(Error::UriConflict));
    }
}
