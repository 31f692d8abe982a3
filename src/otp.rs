//! Two-factor codes: HOTP (RFC 4226) and TOTP (RFC 6238).
//!
//! A Kraken API key with two-factor authentication wants a code as the parameter `otp` in every REST request, inside the
//! signed body. A missing or wrong one is reported as `EAPI:Invalid signature`.

use core::{fmt, num::NonZeroU64, time::Duration};

use ctutils::CtEq;

use crate::{
    Error, base,
    hash::{self, Hash, Hmac, State},
};

/// The hash under the HMAC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1: what authenticator apps assume.
    #[default]
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// What a setup key alone does not say; `None` stands for what authenticator apps assume.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// SHA-1 if `None`.
    pub algorithm: Option<Algorithm>,
    /// Digits of a code: 6, 7 or 8; 6 if `None`.
    pub digits: Option<u8>,
    /// Seconds a code lasts: from 1 to 86,400; 30 if `None`.
    pub period: Option<u32>,
}

/// The same as plain numbers: algorithm (1, 256 or 512), digits and period, as far as they are given.
pub(crate) type Settings = [Option<u32>; 3];

impl From<Options> for Settings {
    fn from(options: Options) -> Self {
        let algorithm = options.algorithm.map(|algorithm| match algorithm {
            Algorithm::Sha1 => 1,
            Algorithm::Sha256 => 256,
            Algorithm::Sha512 => 512,
        });
        [algorithm, options.digits.map(u32::from), options.period]
    }
}

/// A two-factor key, kept only as HMAC state, which is wiped when the value is dropped.
pub struct Totp {
    key: Hmac,
    digits: u8,
    period: NonZeroU64,
}

impl Totp {
    /// The longest key that is read from base32, in bytes. RFC 4226 recommends 20.
    pub const MAX_KEY_BYTES: usize = 128;

    /// The most steps before and after the present one that [`verify`](Self::verify) looks at.
    pub const MAX_WINDOW: u32 = 20;

    /// Takes the bytes of a key.
    ///
    /// # Errors
    ///
    /// [`Error::OtpKeyEmpty`], [`Error::OtpDigits`], [`Error::OtpPeriod`].
    pub fn from_bytes(key: &[u8], options: Options) -> Result<Self, Error> {
        Self::new(key, options.into())
    }

    pub(crate) fn new(key: &[u8], [algorithm, digits, period]: Settings) -> Result<Self, Error> {
        let start = match algorithm.unwrap_or(1) {
            1 => State::SHA1,
            256 => State::SHA256,
            512 => State::SHA512,
            _ => return Err(Error::OtpAlgorithm),
        };
        let digits = match digits.unwrap_or(6) {
            6 => 6,
            7 => 7,
            8 => 8,
            _ => return Err(Error::OtpDigits),
        };
        let period = period.unwrap_or(30);
        let period = NonZeroU64::new(period.into()).filter(|period| period.get() <= 86_400).ok_or(Error::OtpPeriod)?;
        if key.is_empty() {
            return Err(Error::OtpKeyEmpty);
        }
        Ok(Self { key: Hmac::new(&start, key), digits, period })
    }

    /// Reads a setup key in base32 (RFC 4648) as people paste it: in upper or lower case, with blanks and hyphens between
    /// the characters, with or without padding.
    ///
    /// # Errors
    ///
    /// One of the `Otp…` variants of [`Error`] names what is wrong and where.
    pub fn from_setup_key(text: &str, options: Options) -> Result<Self, Error> {
        Self::from_base32(text.as_bytes(), 0, false, options.into())
    }

    /// Reads a setup key that starts at this offset, and may be `escaped` as in a URI.
    #[inline(never)]
    pub(crate) fn from_base32(text: &[u8], start: usize, escaped: bool, settings: Settings) -> Result<Self, Error> {
        let mut key = base::Key::new();
        read_base32(text, start, escaped, &mut key)?;
        Self::new(key.bytes(), settings)
    }

    /// The code of a counter: HOTP.
    #[must_use]
    pub fn hotp(&self, counter: u64) -> Code {
        let mut hash = Hash::new(State::SHA1);
        let digest = self.key.mac(&mut hash, [&hash::be_bytes(counter), &[]]);
        // RFC 4226, section 5.3: 31 bits from the place that the last half byte names, modulo a power of ten.
        let place = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
        let word = digest.get(place..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        let mut rest = u32::from_be_bytes(word) & 0x7fff_ffff;
        let mut code = Code { digits: [0; 8], len: self.digits };
        for digit in code.digits.iter_mut().take(self.digits.into()).rev() {
            // The remainder is below 10.
            *digit = b'0'.wrapping_add((rest % 10) as u8);
            rest /= 10;
        }
        code
    }

    /// The code at a time since 1970.
    #[must_use]
    pub fn code(&self, at: Duration) -> Code {
        self.hotp(self.step(at))
    }

    /// How long the code of this time still lasts: above zero, up to the whole period.
    #[must_use]
    pub fn remaining(&self, at: Duration) -> Duration {
        let seconds = self.period.get().saturating_sub(at.as_secs() % self.period);
        match at.subsec_nanos() {
            0 => Duration::from_secs(seconds),
            nanos => Duration::new(seconds.saturating_sub(1), 1_000_000_000_u32.saturating_sub(nanos)),
        }
    }

    /// Whether `code` is the one of this time, or of up to `window` steps before or after it.
    ///
    /// Takes the same time whichever step matches, and whether one does.
    ///
    /// # Errors
    ///
    /// [`Error::OtpWindow`] above [`MAX_WINDOW`](Self::MAX_WINDOW).
    pub fn verify(&self, code: &str, at: Duration, window: u32) -> Result<bool, Error> {
        self.verify_ascii(code.as_bytes(), at, window)
    }

    pub(crate) fn verify_ascii(&self, code: &[u8], at: Duration, window: u32) -> Result<bool, Error> {
        if window > Self::MAX_WINDOW {
            return Err(Error::OtpWindow);
        }
        let mut given = [0; 8];
        for (place, digit) in given.iter_mut().zip(code) {
            *place = *digit;
        }
        if code.len() != usize::from(self.digits) {
            return Ok(false);
        }
        let step = self.step(at);
        let window = u64::from(window);
        let mut matches = ctutils::Choice::FALSE;
        for counter in step.saturating_sub(window)..=step.saturating_add(window) {
            matches |= u64::from_ne_bytes(self.hotp(counter).digits).ct_eq(&u64::from_ne_bytes(given));
        }
        Ok(matches.to_bool())
    }

    fn step(&self, at: Duration) -> u64 {
        at.as_secs() / self.period
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp(..)")
    }
}

/// A code: 6 to 8 ASCII digits, leading zeros included.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code {
    digits: [u8; 8],
    len: u8,
}

impl Code {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The code as ASCII bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(..self.len.into()).unwrap_or_default()
    }
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// Reads base32 that starts at this offset, and may be `escaped` as in a URI.
fn read_base32(text: &[u8], start: usize, escaped: bool, key: &mut base::Key) -> Result<(), Error> {
    let mut padding = None;
    let mut at = start;
    let mut text = text;
    while let [first, behind @ ..] = text {
        let (character, rest) =
            if escaped { base::unescape(*first, behind).ok_or(Error::UriEscape { at })? } else { (*first, behind) };
        let digit = base::base32_digit(character);
        match (character, padding) {
            (b' ' | b'\t' | b'\r' | b'\n' | b'-', _) => {}
            (b'=', _) => padding = padding.or(Some(at)),
            _ if digit < 0 => return Err(Error::OtpKeyCharacter { at }),
            (_, Some(at)) => return Err(Error::OtpKeyCharacter { at }),
            (_, None) => key.push(digit, 5).ok_or(Error::OtpKeyTooLong)?,
        }
        at = at.wrapping_add(text.len()).wrapping_sub(rest.len());
        text = rest;
    }
    match key.rest(5) {
        _ if key.bytes().len() > Totp::MAX_KEY_BYTES => Err(Error::OtpKeyTooLong),
        None => Err(Error::OtpKeyLength),
        Some(0) => Ok(()),
        Some(_) => Err(Error::OtpKeyTrailingBits),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn decoded(text: &str) -> Result<Vec<u8>, Error> {
        let mut key = base::Key::new();
        read_base32(text.as_bytes(), 0, false, &mut key)?;
        Ok(key.bytes().to_vec())
    }

    #[test]
    fn reads_the_vectors_of_rfc_4648() {
        for (text, bytes) in [
            ("", ""),
            ("MY======", "f"),
            ("MZXQ====", "fo"),
            ("MZXW6===", "foo"),
            ("MZXW6YQ=", "foob"),
            ("MZXW6YTB", "fooba"),
            ("MZXW6YTBOI======", "foobar"),
        ] {
            assert_eq!(decoded(text).unwrap(), bytes.as_bytes());
            assert_eq!(decoded(&text.to_lowercase()).unwrap(), bytes.as_bytes());
            assert_eq!(decoded(text.trim_end_matches('=')).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn reads_keys_as_they_are_pasted() {
        assert_eq!(decoded("mzxw 6ytb-oi\n").unwrap(), b"foobar");
        assert_eq!(decoded("  MZXW\t6YTB\r\nOI= = = ===").unwrap(), b"foobar");
    }

    #[test]
    fn names_the_mistake_and_its_place() {
        assert_eq!(decoded("MZXW1YTB"), Err(Error::OtpKeyCharacter { at: 4 }));
        assert_eq!(decoded("mz xw 0"), Err(Error::OtpKeyCharacter { at: 6 }));
        assert_eq!(decoded("MZ8W"), Err(Error::OtpKeyCharacter { at: 2 }));
        assert_eq!(decoded("MZ=XW"), Err(Error::OtpKeyCharacter { at: 2 }));
        assert_eq!(decoded("é"), Err(Error::OtpKeyCharacter { at: 0 }));
        for text in ["A", "AAA", "AAAAAA", "AAAAAAAAA"] {
            assert_eq!(decoded(text), Err(Error::OtpKeyLength));
        }
        assert_eq!(decoded("MZ"), Err(Error::OtpKeyTrailingBits));
        assert_eq!(decoded("MZXW6YTBO"), Err(Error::OtpKeyLength));
        assert_eq!(decoded(&"A".repeat(205)).unwrap().len(), Totp::MAX_KEY_BYTES);
        assert_eq!(decoded(&"A".repeat(207)), Err(Error::OtpKeyTooLong));
    }

    #[test]
    fn refuses_parameters_that_no_app_has() {
        let make = |digits, period| {
            Totp::from_setup_key("MZXW6YTB", Options { digits, period, ..Options::default() }).map(|_| ())
        };
        for digits in [0, 5, 9, 255] {
            assert_eq!(make(Some(digits), None), Err(Error::OtpDigits));
        }
        for period in [0, 86_401, u32::MAX] {
            assert_eq!(make(None, Some(period)), Err(Error::OtpPeriod));
        }
        for (digits, period) in [(6, 1), (7, 30), (8, 86_400)] {
            assert_eq!(make(Some(digits), Some(period)), Ok(()));
        }
        assert_eq!(Totp::from_setup_key(" - ", Options::default()).map(|_| ()), Err(Error::OtpKeyEmpty));
    }

    #[test]
    fn verifies_within_the_window_only() {
        let totp = Totp::from_setup_key("MZXW6YTB", Options::default()).unwrap();
        let at = Duration::from_secs(1_700_000_000);
        let code = totp.code(at);
        for (steps, window, accepted) in [(0, 0, true), (1, 0, false), (1, 1, true), (2, 1, false), (3, 3, true)] {
            let away = Duration::from_secs(30 * steps);
            assert_eq!(totp.verify(code.as_str(), at + away, window), Ok(accepted), "{steps} late, window {window}");
            assert_eq!(totp.verify(code.as_str(), at - away, window), Ok(accepted), "{steps} early, window {window}");
        }
        for wrong in ["", "12345", &code.as_str()[..5], &std::format!("{code}0"), &std::format!(" {code}")] {
            assert_eq!(totp.verify(wrong, at, 1), Ok(false));
        }
        assert_eq!(totp.verify(code.as_str(), at, Totp::MAX_WINDOW), Ok(true));
        assert_eq!(totp.verify(code.as_str(), at, Totp::MAX_WINDOW + 1), Err(Error::OtpWindow));
        assert_eq!(totp.verify(totp.hotp(0).as_str(), Duration::ZERO, 1), Ok(true));
        assert_eq!(totp.verify(totp.code(Duration::MAX).as_str(), Duration::MAX, 1), Ok(true));
    }

    #[test]
    fn shows_nothing() {
        let totp = Totp::from_setup_key("MZXW6YTB", Options::default()).unwrap();
        assert_eq!(std::format!("{totp:?} {:?}", totp.hotp(0)), "Totp(..) Code(..)");
    }

    #[test]
    fn says_how_long_a_code_lasts() {
        let options = Options { period: Some(45), ..Options::default() };
        let totp = Totp::from_setup_key("MZXW6YTB", options).unwrap();
        for (at, remaining) in [(0, 45_000), (1, 44_999), (44_999, 1), (45_000, 45_000), (100_500, 34_500)] {
            assert_eq!(totp.remaining(Duration::from_millis(at)), Duration::from_millis(remaining));
        }
    }
}
