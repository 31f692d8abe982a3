//! Two-factor codes: HOTP (RFC 4226) and TOTP (RFC 6238).
//!
//! A Kraken API key with two-factor authentication requires a code in every REST request, as the parameter `otp` of the
//! signed body. Kraken reports a missing or wrong code as `EAPI:Invalid signature`.

mod base32;
pub(crate) mod uri;

use core::{fmt, num::NonZeroU64, str::FromStr, time::Duration};

use ctutils::CtEq;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::ZeroizeOnDrop;

use crate::{
    Error,
    mac::{MacKey, without_trace},
};

/// The hash function of the HMAC.
///
/// ```
/// use kraken_signer::otp::Algorithm;
///
/// assert_eq!(Algorithm::default(), Algorithm::Sha1); // as authenticator apps assume
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// SHA-1, which authenticator apps assume.
    #[default]
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// Settings that a setup key does not contain. `None` stands for the value that authenticator apps assume.
///
/// ```
/// use kraken_signer::{Totp, otp::Options};
///
/// let options = Options { digits: Some(8), ..Options::default() };
/// let totp = Totp::from_setup_key("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", options)?;
/// assert_eq!(totp.hotp(1).as_str(), "94287082");
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The hash function. SHA-1 if `None`.
    pub algorithm: Option<Algorithm>,
    /// The number of digits in a code: 6, 7 or 8. 6 if `None`.
    pub digits: Option<u8>,
    /// How long a code is valid, in seconds: from 1 to 86,400. 30 if `None`.
    pub period: Option<u32>,
}

impl Options {
    /// Fills in missing options from `others`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::UriConflict`] if both set an option to different values.
    fn and(self, others: Self) -> Result<Self, Error> {
        fn one<T: PartialEq>(this: Option<T>, other: Option<T>) -> Result<Option<T>, Error> {
            match (this, other) {
                (Some(this), Some(other)) if this != other => Err(Error::UriConflict),
                (this, other) => Ok(this.or(other)),
            }
        }
        Ok(Self {
            algorithm: one(self.algorithm, others.algorithm)?,
            digits: one(self.digits, others.digits)?,
            period: one(self.period, others.period)?,
        })
    }
}

/// An HMAC key of one of three sizes. The smaller ones are padded with zeros, because moving a value copies all of its
/// bytes, and must not copy earlier contents of the stack, such as a part of the key. The gaps between fields are copied;
/// each is shorter than 16 bytes.
#[allow(dead_code, reason = "the zeros are not read")]
enum Key {
    Sha1(MacKey<Sha1>, [u8; padding::<MacKey<Sha1>>()]),
    Sha256(MacKey<Sha256>, [u8; padding::<MacKey<Sha256>>()]),
    Sha512(MacKey<Sha512>),
}

/// Returns the size difference between the largest key and `K`.
#[allow(clippy::arithmetic_side_effects, reason = "evaluated by the compiler")]
const fn padding<K>() -> usize {
    size_of::<MacKey<Sha512>>() - size_of::<K>()
}

impl Key {
    fn new(algorithm: Algorithm, key: &[u8]) -> Result<Self, Error> {
        let empty = Error::OtpKeyEmpty;
        Ok(match algorithm {
            Algorithm::Sha1 => Self::Sha1(MacKey::new(key, empty)?, [0; _]),
            Algorithm::Sha256 => Self::Sha256(MacKey::new(key, empty)?, [0; _]),
            Algorithm::Sha512 => Self::Sha512(MacKey::new(key, empty)?),
        })
    }
}

/// A two-factor key that generates codes.
///
/// It is read from a setup key in base32 or from an `otpauth://` URI. Only the HMAC state is kept, and dropping the value
/// wipes it.
///
/// ```
/// use core::time::Duration;
/// use kraken_signer::Totp;
///
/// let totp: Totp = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq".parse()?;
/// let at = Duration::from_secs(59); // with the feature `std`: kraken_signer::now()
/// assert_eq!(totp.code(at).as_str(), "287082");
/// assert_eq!(totp.remaining(at), Duration::from_secs(1));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
pub struct Totp {
    key: Key,
    digits: u8,
    period: NonZeroU64,
}

impl Totp {
    /// The maximum length of a base32 key, in bytes. RFC 4226 recommends 20.
    pub const MAX_KEY_BYTES: usize = 128;

    /// The maximum window of [`verify`](Self::verify), in steps before and after the current one.
    pub const MAX_WINDOW: u32 = 20;

    /// Creates a `Totp` from the bytes of a key.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OtpKeyEmpty`], [`Error::OtpDigits`] or [`Error::OtpPeriod`].
    pub fn from_bytes(key: &[u8], options: Options) -> Result<Self, Error> {
        without_trace(|| Self::new(key, options))
    }

    /// Creates a `Totp` from a setup key in base32 (RFC 4648). It may be uppercase or lowercase, with spaces and hyphens
    /// between the characters, with or without padding.
    ///
    /// # Errors
    ///
    /// Returns one of the `Otp…` variants of [`Error`].
    pub fn from_setup_key(text: &str, options: Options) -> Result<Self, Error> {
        without_trace(|| Self::new(base32::Key::read(text.bytes().enumerate().map(Ok))?.bytes(), options))
    }

    /// Creates a `Totp` from an `otpauth://totp/…` URI, as in two-factor QR codes. Names and values may be percent-encoded.
    /// Parameters that do not affect codes (`issuer`, `image` …) are ignored.
    ///
    /// ```
    /// use core::time::Duration;
    /// use kraken_signer::Totp;
    ///
    /// let totp = Totp::from_uri("otpauth://totp/Kraken:me?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8")?;
    /// assert_eq!(totp.code(Duration::from_secs(59)).as_str(), "94287082");
    /// # Ok::<(), kraken_signer::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns one of the `Uri…` or `Otp…` variants of [`Error`]. Offsets count from the start of the URI.
    pub fn from_uri(uri: &str) -> Result<Self, Error> {
        Self::from_uri_with(uri, Options::default())
    }

    /// Creates a `Totp` from a URI like [`from_uri`](Self::from_uri). `options` set what the URI does not contain.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`from_uri`](Self::from_uri), and [`Error::UriConflict`] if an option differs from the URI.
    pub fn from_uri_with(uri: &str, options: Options) -> Result<Self, Error> {
        without_trace(|| {
            let parameters = uri::read(uri)?;
            let options = parameters.options.and(options)?;
            Self::new(base32::Key::read(parameters.secret.bytes())?.bytes(), options)
        })
    }

    /// Creates a `Totp` from a URI or a setup key. A text with a colon is a URI, because no setup key contains one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`from_setup_key`](Self::from_setup_key) and [`from_uri_with`](Self::from_uri_with).
    pub fn from_text(setup_key_or_uri: &str, options: Options) -> Result<Self, Error> {
        if setup_key_or_uri.contains(':') {
            Self::from_uri_with(setup_key_or_uri, options)
        } else {
            Self::from_setup_key(setup_key_or_uri, options)
        }
    }

    fn new(key: &[u8], options: Options) -> Result<Self, Error> {
        let digits = options.digits.unwrap_or(6);
        if !matches!(digits, 6..=8) {
            return Err(Error::OtpDigits);
        }
        let period = options.period.unwrap_or(30);
        let period = NonZeroU64::new(period.into()).filter(|period| period.get() <= 86_400).ok_or(Error::OtpPeriod)?;
        Ok(Self { key: Key::new(options.algorithm.unwrap_or_default(), key)?, digits, period })
    }

    /// Returns the code for a counter (HOTP).
    #[must_use]
    pub fn hotp(&self, counter: u64) -> Code {
        let message = [&counter.to_be_bytes(), &[][..]];
        match &self.key {
            Key::Sha1(key, _) => self.truncated(&key.mac(message)),
            Key::Sha256(key, _) => self.truncated(&key.mac(message)),
            Key::Sha512(key) => self.truncated(&key.mac(message)),
        }
    }

    /// Truncates an HMAC to a code (RFC 4226, section 5.3): the lowest 4 bits give the offset of 31 bits, of which the last
    /// decimal digits are the code.
    fn truncated(&self, mac: &[u8]) -> Code {
        let offset = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
        let word = mac.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        let mut rest = u32::from_be_bytes(word) & 0x7fff_ffff;
        let mut code = Code { digits: [0; 8], len: self.digits };
        for digit in code.digits.iter_mut().take(self.digits.into()).rev() {
            // The remainder is below 10.
            *digit = b'0'.wrapping_add((rest % 10) as u8);
            rest /= 10;
        }
        code
    }

    /// Returns the code for a time since 1970.
    #[must_use]
    pub fn code(&self, at: Duration) -> Code {
        self.hotp(self.step(at))
    }

    /// Returns how long the code for this time remains valid: more than zero, at most the period.
    #[must_use]
    pub fn remaining(&self, at: Duration) -> Duration {
        let seconds = self.period.get().saturating_sub(at.as_secs() % self.period);
        match at.subsec_nanos() {
            0 => Duration::from_secs(seconds),
            nanos => Duration::new(seconds.saturating_sub(1), 1_000_000_000_u32.saturating_sub(nanos)),
        }
    }

    /// Returns whether `code` is valid for this time, or for up to `window` steps before or after it.
    ///
    /// The duration does not depend on whether a step matches, and on which one.
    ///
    /// # Errors
    ///
    /// Returns [`Error::OtpWindow`] if the window is above [`MAX_WINDOW`](Self::MAX_WINDOW).
    pub fn verify(&self, code: &str, at: Duration, window: u32) -> Result<bool, Error> {
        if window > Self::MAX_WINDOW {
            return Err(Error::OtpWindow);
        }
        let mut given = [0; 8];
        for (place, digit) in given.iter_mut().zip(code.bytes()) {
            *place = digit;
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

/// The hash crates wipe the states on drop; `tests/core/memory.rs` checks that.
impl ZeroizeOnDrop for Totp {}

/// Parses a setup key or an `otpauth://` URI; see [`Totp::from_text`].
impl FromStr for Totp {
    type Err = Error;

    fn from_str(setup_key_or_uri: &str) -> Result<Self, Error> {
        Self::from_text(setup_key_or_uri, Options::default())
    }
}

/// Creates a `Totp` from the bytes of a key, which must not be empty.
impl TryFrom<&[u8]> for Totp {
    type Error = Error;

    fn try_from(key: &[u8]) -> Result<Self, Error> {
        Self::from_bytes(key, Options::default())
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp(..)")
    }
}

/// A two-factor code: 6 to 8 ASCII digits, including leading zeros. [`Debug`](fmt::Debug) does not show it.
///
/// ```
/// use kraken_signer::Totp;
///
/// let code = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".parse::<Totp>()?.hotp(0);
/// assert_eq!(code.as_str(), "755224");
/// assert_eq!(format!("otp={code} {code:?}"), "otp=755224 Code(..)");
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code {
    digits: [u8; 8],
    len: u8,
}

impl Code {
    /// Returns the code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Returns the code as ASCII bytes.
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

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn rejects_invalid_options() {
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
    fn debug_shows_no_key_and_no_code() {
        let totp = Totp::from_setup_key("MZXW6YTB", Options::default()).unwrap();
        assert_eq!(std::format!("{totp:?} {:?}", totp.hotp(0)), "Totp(..) Code(..)");
    }

    #[test]
    fn returns_how_long_a_code_remains_valid() {
        let options = Options { period: Some(45), ..Options::default() };
        let totp = Totp::from_setup_key("MZXW6YTB", options).unwrap();
        for (at, remaining) in [(0, 45_000), (1, 44_999), (44_999, 1), (45_000, 45_000), (100_500, 34_500)] {
            assert_eq!(totp.remaining(Duration::from_millis(at)), Duration::from_millis(remaining));
        }
    }
}
