//! `otpauth://` URIs, which two-factor QR codes carry: `otpauth://totp/Label?secret=…&algorithm=…&digits=…&period=…`.
//!
//! The format was defined by Google Authenticator («Key Uri Format»); there is no RFC.

use crate::{
    Error, Totp, base, nonce,
    otp::{Options, Settings},
};

const SCHEME: &[u8] = b"otpauth://";

/// The parameters that [`Settings`] come from, in their order, and what is said of a value that is none.
const SETTINGS: [(&[u8], Error); 3] =
    [(b"algorithm", Error::OtpAlgorithm), (b"digits", Error::OtpDigits), (b"period", Error::OtpPeriod)];

/// Reads the key of a URI. `options` add what the URI leaves open.
///
/// Parameters that have no bearing on codes (`issuer`, `image` …) are ignored.
///
/// # Errors
///
/// One of the `Uri…` or `Otp…` variants of [`Error`]; [`Error::UriConflict`] where an option says something else than the
/// URI. Offsets count from the start of the URI.
pub fn read(uri: &str, options: Options) -> Result<Totp, Error> {
    read_ascii(uri.as_bytes(), options.into())
}

pub(crate) fn read_ascii(uri: &[u8], given: Settings) -> Result<Totp, Error> {
    let (start, uri) = base::trim(uri);
    let (scheme, rest) = uri.split_at_checked(SCHEME.len()).ok_or(Error::UriScheme)?;
    if !is(scheme, SCHEME) {
        return Err(Error::UriScheme);
    }
    // The fragment means nothing, and what stands before the query is type and label.
    let (path, mut query) = cut(cut(rest, b'#').0, b'?');
    if !is(cut(path, b'/').0, b"totp") {
        return Err(Error::UriType);
    }

    let mut at = start.wrapping_add(SCHEME.len()).wrapping_add(path.len()).wrapping_add(1);
    let mut secret = None;
    let mut settings = [None; 3];
    while !query.is_empty() {
        let (parameter, rest) = cut(query, b'&');
        let (name, value) = cut(parameter, b'=');
        let mut again = false;
        if is(name, b"secret") {
            again = secret.replace((value, at.wrapping_add(name.len()).wrapping_add(1))).is_some();
        }
        for ((word, refusal), setting) in SETTINGS.iter().zip(&mut settings) {
            if is(name, word) {
                let digits = if *refusal == Error::OtpAlgorithm { behind_sha(value) } else { Some(value) };
                again = setting.replace(digits.and_then(number).ok_or(*refusal)?).is_some();
            }
        }
        if again {
            return Err(Error::UriDuplicate { at });
        }
        at = at.wrapping_add(parameter.len()).wrapping_add(1);
        query = rest;
    }

    let (value, at) = secret.ok_or(Error::UriSecretMissing)?;
    for (setting, given) in settings.iter_mut().zip(given) {
        match (*setting, given) {
            (Some(stated), Some(given)) if stated != given => return Err(Error::UriConflict),
            (None, given) => *setting = given,
            _ => {}
        }
    }
    Totp::from_base32(value, at, true, settings)
}

/// What stands before and behind a separator; the whole and nothing, where there is none.
#[inline(never)]
fn cut(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    let mut parts = text.splitn(2, |byte| *byte == separator);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

#[inline(never)]
fn is(text: &[u8], word: &[u8]) -> bool {
    text.eq_ignore_ascii_case(word)
}

/// `1` of `SHA1` or `SHA-1`.
pub(crate) fn behind_sha(name: &[u8]) -> Option<&[u8]> {
    let (sha, bits) = name.split_at_checked(3)?;
    is(sha, b"SHA").then(|| bits.strip_prefix(b"-").unwrap_or(bits))
}

pub(crate) fn number(text: &[u8]) -> Option<u32> {
    u32::try_from(nonce::parse(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::otp::Algorithm;
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
