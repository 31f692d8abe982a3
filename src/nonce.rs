//! Nonces: unsigned 64-bit numbers that must increase with every request of an API key.
//!
//! Kraken remembers the highest nonce of a key forever, so a nonce that is too high cannot be undone. [`NonceSource`] follows
//! the clock, but does not rely on the clock to increase.

use core::{fmt, str::FromStr, time::Duration};

use crate::Error;

/// The earliest clock reading that is trusted (2026-01-01T00:00:00Z): a Worker's clock reads 0 until its first request. It is
/// a constant, because the date of the build would make builds differ.
const FLOOR: Duration = Duration::from_secs(1_767_225_600);

/// The first clock reading that is an error (2200-01-01T00:00:00Z): it is probably in microseconds instead of milliseconds,
/// and a nonce made from it would be too high permanently.
const CEILING: Duration = Duration::from_secs(7_258_118_400);

const DAY: Duration = Duration::from_secs(86_400);

/// The unit in which nonces count the time since 1970.
///
/// Once a key has been used with a finer unit, Kraken rejects nonces in every coarser unit. All senders of a key must use the
/// same unit. To switch from a client that uses microseconds or nanoseconds, keep its unit or create a new key.
///
/// ```
/// use kraken_signer::nonce::{NonceSource, Unit};
///
/// let mut source = NonceSource::new(Unit::Microseconds);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds, as in Kraken's own samples. This is the default.
    #[default]
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds. They exceed 2^53, so JavaScript numbers cannot hold them exactly.
    Nanoseconds,
}

impl Unit {
    /// Converts a time since 1970 to this unit. Times after the year 2500 are clamped.
    #[inline(never)]
    fn count(self, time: Duration) -> u64 {
        let (per_second, fraction) = match self {
            Self::Milliseconds => (1_000, time.subsec_millis()),
            Self::Microseconds => (1_000_000, time.subsec_micros()),
            Self::Nanoseconds => (1_000_000_000, time.subsec_nanos()),
        };
        // Nanoseconds of a later time would not fit into 64 bits.
        time.as_secs().min(1 << 34).wrapping_mul(per_second).wrapping_add(fraction.into())
    }
}

/// Generates the nonces of one key. Each nonce is higher than the one before, even if the clock stops or goes back.
///
/// ```
/// use core::time::Duration;
/// use kraken_signer::nonce::NonceSource;
///
/// let clock = Duration::from_millis(1_795_000_000_000); // with the feature `std`: kraken_signer::now()
/// let mut source = NonceSource::default();
/// assert_eq!(source.next(clock)?, 1_795_000_000_000);
/// assert_eq!(source.next(clock)?, 1_795_000_000_001);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct NonceSource {
    unit: Unit,
    last: u64,
}

impl NonceSource {
    /// Creates a source that starts at the current time.
    #[must_use]
    pub const fn new(unit: Unit) -> Self {
        Self { unit, last: 0 }
    }

    /// Creates a source that starts above `last`, a nonce that was already used with this key.
    #[must_use]
    pub const fn after(unit: Unit, last: u64) -> Self {
        Self { unit, last }
    }

    /// Returns the last nonce, or the nonce to start above. Returns 0 before the first nonce.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// Returns the next nonce: the clock's time since 1970, or the last nonce plus 1 if that is higher.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NonceExhausted`] after `u64::MAX`, and [`Error::NonceClock`] if the clock is beyond the year 2200.
    pub fn next(&mut self, clock: Duration) -> Result<u64, Error> {
        if clock >= CEILING {
            return Err(Error::NonceClock);
        }
        let above = self.last.checked_add(1).ok_or(Error::NonceExhausted)?;
        self.last = above.max(self.unit.count(clock.max(FLOOR)));
        Ok(self.last)
    }

    /// Checks that the last nonce is at most a day ahead of the clock. A nonce further ahead usually is in a finer unit.
    ///
    /// Call it before the first [`next`](Self::next) if the last nonce comes from outside. A clock before 2026 is not
    /// trusted, and every nonce passes.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NonceAhead`] if the last nonce is further ahead.
    pub fn check(&self, clock: Duration) -> Result<(), Error> {
        if clock >= FLOOR && self.last > self.unit.count(clock.saturating_add(DAY)) {
            return Err(Error::NonceAhead);
        }
        Ok(())
    }
}

/// Parses a nonce from decimal ASCII, as it is written in a request.
///
/// ```
/// use kraken_signer::{Error, nonce};
///
/// assert_eq!(nonce::parse(b"1616492376594"), Ok(1616492376594));
/// assert_eq!(nonce::parse(b"01"), Err(Error::NonceDecimal));
/// ```
///
/// # Errors
///
/// Returns [`Error::NonceDecimal`] for anything except digits without leading zeros, and [`Error::NonceRange`] above 2^64 - 1.
pub fn parse(text: &[u8]) -> Result<u64, Error> {
    match text {
        [] | [b'0', _, ..] => return Err(Error::NonceDecimal),
        _ => {}
    }
    let mut nonce: u64 = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(Error::NonceDecimal);
        }
        // checked_mul would compile to a 128-bit multiplication.
        if nonce > u64::MAX / 10 {
            return Err(Error::NonceRange);
        }
        nonce = nonce.wrapping_mul(10).checked_add(digit.into()).ok_or(Error::NonceRange)?;
    }
    Ok(nonce)
}

/// A nonce in decimal, as it is written in a request: up to 20 ASCII digits. It needs no allocator.
///
/// ```
/// use kraken_signer::nonce::Decimal;
///
/// assert_eq!(Decimal::from(1616492376594).as_str(), "1616492376594");
/// assert_eq!("1616492376594".parse(), Ok(Decimal::from(1616492376594)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The digits, right-aligned and padded with zeros.
    digits: [u8; Self::MOST],
    start: usize,
}

impl Decimal {
    const MOST: usize = 20;

    /// Returns the digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Returns the digits as ASCII bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
}

impl From<u64> for Decimal {
    fn from(mut nonce: u64) -> Self {
        let mut digits = [b'0'; Self::MOST];
        let mut start = Self::MOST;
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            // The remainder is below 10.
            *digit |= (nonce % 10) as u8;
            nonce /= 10;
            start = at;
            if nonce == 0 {
                break;
            }
        }
        Self { digits, start }
    }
}

/// Parses a nonce; the errors are those of [`parse`].
impl TryFrom<&[u8]> for Decimal {
    type Error = Error;

    fn try_from(text: &[u8]) -> Result<Self, Error> {
        parse(text)?;
        let mut digits = [b'0'; Self::MOST];
        let start = Self::MOST.saturating_sub(text.len());
        for (digit, byte) in digits.iter_mut().skip(start).zip(text) {
            *digit = *byte;
        }
        Ok(Self { digits, start })
    }
}

/// Parses a nonce; the errors are those of [`parse`].
impl FromStr for Decimal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.as_bytes().try_into()
    }
}

impl AsRef<str> for Decimal {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Decimal {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Decimal").field(&self.as_str()).finish()
    }
}

/// Returns the nonce in a body as it is written there, from a field of a form or a member of a JSON object.
pub(crate) fn in_body(body: &[u8]) -> Option<&[u8]> {
    match body.trim_ascii_start() {
        [b'{', object @ ..] => in_json(object),
        form => form.split(|byte| *byte == b'&').find_map(|field| field.strip_prefix(b"nonce=")),
    }
}

/// Returns the member `nonce` of a JSON object without quotation marks. `object` starts after the opening brace.
fn in_json(object: &[u8]) -> Option<&[u8]> {
    let mut depth: usize = 0;
    let mut rest = object;
    let mut before: &[u8] = b"";
    loop {
        match rest {
            [b'"', text @ ..] => {
                let (string, behind) = string(text)?;
                rest = behind;
                before = string;
            }
            [b':', value @ ..] if depth == 0 && before == b"nonce" => {
                return match value.trim_ascii_start() {
                    [b'"', text @ ..] => string(text).map(|(string, _)| string),
                    number => number.split(|byte| !byte.is_ascii_alphanumeric() && !b"+-.".contains(byte)).next(),
                };
            }
            [byte, behind @ ..] => {
                match byte {
                    b'{' | b'[' => depth = depth.saturating_add(1),
                    b'}' | b']' => depth = depth.checked_sub(1)?,
                    _ => {}
                }
                rest = behind;
            }
            [] => return None,
        }
    }
}

/// Splits off a JSON string without decoding its escapes. `text` starts after the opening quotation mark.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })?;
    Some((text.get(..end)?, text.get(end.saturating_add(1)..)?))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const NOW: Duration = Duration::from_millis(1_795_000_000_123);

    #[test]
    fn follows_the_clock_in_its_unit() {
        let clock = NOW + Duration::from_nanos(456_789);
        for (unit, nonce) in [
            (Unit::Milliseconds, 1_795_000_000_123),
            (Unit::Microseconds, 1_795_000_000_123_456),
            (Unit::Nanoseconds, 1_795_000_000_123_456_789),
        ] {
            assert_eq!(NonceSource::new(unit).next(clock), Ok(nonce));
        }
    }

    #[test]
    fn increases_when_the_clock_stops_or_goes_back() {
        let mut source = NonceSource::new(Unit::Milliseconds);
        let first = source.next(NOW).unwrap();
        assert_eq!(source.next(NOW), Ok(first + 1));
        assert_eq!(source.next(NOW - DAY), Ok(first + 2));
        assert_eq!(source.next(Duration::ZERO), Ok(first + 3));
        assert_eq!(source.next(NOW + Duration::from_millis(3)), Ok(first + 4));
        assert_eq!(source.next(NOW + Duration::from_millis(9)), Ok(first + 9));
        assert_eq!(source.last(), first + 9);
    }

    #[test]
    fn starts_at_the_floor_when_the_clock_is_at_zero() {
        assert_eq!(NonceSource::default().next(Duration::ZERO), Ok(1_767_225_600_000));
    }

    #[test]
    fn fails_after_the_highest_nonce() {
        let mut source = NonceSource::after(Unit::Nanoseconds, u64::MAX - 1);
        assert_eq!(source.next(NOW), Ok(u64::MAX));
        assert_eq!(source.next(NOW), Err(Error::NonceExhausted));
        assert_eq!(source.next(NOW), Err(Error::NonceExhausted));
    }

    #[test]
    fn rejects_a_clock_in_a_different_unit() {
        for (clock, outcome) in [
            (CEILING - Duration::from_nanos(1), Ok(7_258_118_399_999)),
            (CEILING, Err(Error::NonceClock)),
            (Duration::from_millis(NOW.as_micros() as u64), Err(Error::NonceClock)),
            (Duration::MAX, Err(Error::NonceClock)),
        ] {
            assert_eq!(NonceSource::default().next(clock), outcome);
        }
    }

    #[test]
    fn rejects_a_start_far_ahead_of_the_clock() {
        let day_ahead = (NOW + DAY).as_millis() as u64;
        assert_eq!(NonceSource::after(Unit::Milliseconds, day_ahead).check(NOW), Ok(()));
        let further = NonceSource::after(Unit::Milliseconds, day_ahead + 1);
        assert_eq!(further.check(NOW), Err(Error::NonceAhead));
        assert_eq!(further.check(Duration::ZERO), Ok(()));
        assert_eq!(further.check(FLOOR), Err(Error::NonceAhead));
        let microseconds = NonceSource::after(Unit::Milliseconds, NOW.as_micros() as u64);
        assert_eq!(microseconds.check(NOW), Err(Error::NonceAhead));
    }

    #[test]
    fn reads_only_canonical_decimals() {
        assert_eq!(parse(b"0"), Ok(0));
        assert_eq!(parse(b"18446744073709551615"), Ok(u64::MAX));
        assert_eq!(parse(b"18446744073709551616"), Err(Error::NonceRange));
        assert_eq!(parse(b"99999999999999999999"), Err(Error::NonceRange));
        assert_eq!(parse(&[b'9'; 40]), Err(Error::NonceRange));
        for text in ["", "00", "01", "-1", "+1", "1.0", "1e3", " 1", "1 ", "0x1", "1_000", "a", "\u{661}", "1/", "1:"] {
            assert_eq!(parse(text.as_bytes()), Err(Error::NonceDecimal), "{text:?}");
        }
    }

    #[test]
    fn finds_the_nonce_of_a_body() {
        for (body, nonce) in [
            ("nonce=1", Some("1")),
            ("pair=a&nonce=12&nonce=3", Some("12")),
            ("xnonce=1&nonces=2&pair=nonce", None),
            ("", None),
            (r#"{"nonce":1}"#, Some("1")),
            (r#" { "a" : "\"nonce\": 3", "nonce" : "12" }"#, Some("12")),
            (r#"{"orders":[{"nonce":7}],"note":"nonce","nonce": 1.5 }"#, Some("1.5")),
            (r#"{"orders":[{"nonce":7}]}"#, None),
            (r#"{"a":"b\\","nonce":-4}"#, Some("-4")),
            (r#"{"a":"b\"","nonce":5}"#, Some("5")),
            (r#"{"nonce"#, None),
            (r#"{}"nonce":1"#, None),
        ] {
            assert_eq!(in_body(body.as_bytes()), nonce.map(str::as_bytes), "{body}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for nonce in [0, 1, 9, 10, 99, 100, 1_616_492_376_594, u64::MAX - 1, u64::MAX] {
            let decimal = Decimal::from(nonce);
            assert_eq!(decimal.as_str(), nonce.to_string());
            assert_eq!(std::format!("{decimal} {decimal:?}"), std::format!("{nonce} Decimal(\"{nonce}\")"));
            assert_eq!(AsRef::<str>::as_ref(&decimal).as_bytes(), AsRef::<[u8]>::as_ref(&decimal));
            assert_eq!(decimal.as_str().parse(), Ok(decimal));
            assert_eq!(parse(decimal.as_bytes()), Ok(nonce));
        }
    }
}
