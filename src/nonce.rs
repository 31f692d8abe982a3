//! Nonces: per API key, unsigned 64-bit numbers that only rise.
//!
//! Kraken remembers the highest nonce of a key for ever. One that is too high can never be taken back, so what a clock
//! says is used, but never trusted to rise.

use core::{fmt, str::FromStr, time::Duration};

use crate::Error;

/// Clock readings before this instant (2026-01-01T00:00:00Z) are not believed: a Worker's clock stands at 0 until its
/// first request. A constant, because a build's own date would make builds differ.
const FLOOR: Duration = Duration::from_secs(1_767_225_600);

/// Clock readings from this instant (2200-01-01T00:00:00Z) on are refused: they are microseconds taken for milliseconds, or
/// something else that would burn the key.
const CEILING: Duration = Duration::from_secs(7_258_118_400);

const DAY: Duration = Duration::from_secs(86_400);

/// What a nonce counts since 1970.
///
/// A key that has seen a finer unit refuses every coarser one for good, so all senders of a key must agree. Who comes from a
/// client that counts in microseconds or nanoseconds, as several do, keeps that unit or takes a new key.
///
/// ```
/// use kraken_signer::nonce::{NonceSource, Unit};
///
/// let mut source = NonceSource::new(Unit::Microseconds);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds, as Kraken's own samples use them: the default.
    #[default]
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds. They pass 2^53, so JavaScript must not hold them in numbers.
    Nanoseconds,
}

impl Unit {
    /// A time since 1970 in this unit, up to the year 2500.
    #[inline(never)]
    fn count(self, time: Duration) -> u64 {
        let (per_second, fraction) = match self {
            Self::Milliseconds => (1_000, time.subsec_millis()),
            Self::Microseconds => (1_000_000, time.subsec_micros()),
            Self::Nanoseconds => (1_000_000_000, time.subsec_nanos()),
        };
        // No more than 64 bits hold in the finest unit.
        time.as_secs().min(1 << 34).wrapping_mul(per_second).wrapping_add(fraction.into())
    }
}

/// Makes the nonces of one key: each is above the one before, whatever the clock does.
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
    /// Starts at the clock.
    #[must_use]
    pub const fn new(unit: Unit) -> Self {
        Self { unit, last: 0 }
    }

    /// Starts above `last`, a nonce that was already used with this key.
    #[must_use]
    pub const fn after(unit: Unit, last: u64) -> Self {
        Self { unit, last }
    }

    /// The nonce that was made last, or the one to start above; 0 before the first.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// The next nonce: the clock's reading since 1970, or the last nonce and one where the clock has not moved on.
    ///
    /// # Errors
    ///
    /// [`Error::NonceExhausted`] after `u64::MAX`, [`Error::NonceClock`] for a clock beyond the year 2200.
    pub fn next(&mut self, clock: Duration) -> Result<u64, Error> {
        if clock >= CEILING {
            return Err(Error::NonceClock);
        }
        let above = self.last.checked_add(1).ok_or(Error::NonceExhausted)?;
        self.last = above.max(self.unit.count(clock.max(FLOOR)));
        Ok(self.last)
    }

    /// Refuses a last nonce more than a day ahead of the clock, which usually is one in a finer unit.
    ///
    /// Meant for nonces that come from outside, before the first [`next`](Self::next). A clock that stands before 2026
    /// proves nothing, so everything passes then.
    ///
    /// # Errors
    ///
    /// [`Error::NonceAhead`].
    pub fn check(&self, clock: Duration) -> Result<(), Error> {
        if clock >= FLOOR && self.last > self.unit.count(clock.saturating_add(DAY)) {
            return Err(Error::NonceAhead);
        }
        Ok(())
    }
}

/// Reads a nonce from decimal ASCII, as it stands in a request.
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
/// [`Error::NonceDecimal`] for anything but digits without leading zeros, [`Error::NonceRange`] above 2^64 - 1.
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
        // By hand: multiplying with a check takes 128 bits.
        if nonce > u64::MAX / 10 {
            return Err(Error::NonceRange);
        }
        nonce = nonce.wrapping_mul(10).checked_add(digit.into()).ok_or(Error::NonceRange)?;
    }
    Ok(nonce)
}

/// A nonce in decimal, as it stands in a request: up to 20 ASCII digits, without an allocator.
///
/// ```
/// use kraken_signer::nonce::Decimal;
///
/// assert_eq!(Decimal::from(1616492376594).as_str(), "1616492376594");
/// assert_eq!("1616492376594".parse(), Ok(Decimal::from(1616492376594)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// Right-aligned in the most that 64 bits need, behind zeros.
    digits: [u8; Self::MOST],
    start: usize,
}

impl Decimal {
    const MOST: usize = 20;

    /// The digits as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The digits as ASCII bytes.
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

/// The error is that of [`parse`].
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

/// The error is that of [`parse`].
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

/// The nonce that a body has, as it is written there: the field of a form, or the member of a JSON object.
pub(crate) fn in_body(body: &[u8]) -> Option<&[u8]> {
    match body.trim_ascii_start() {
        [b'{', object @ ..] => in_json(object),
        form => form.split(|byte| *byte == b'&').find_map(|field| field.strip_prefix(b"nonce=")),
    }
}

/// The value of the member `nonce` of a JSON object, from behind its brace, without quotation marks.
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

/// A JSON string from behind its first quotation mark, escapes as they stand, and what follows it.
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
    fn rises_when_the_clock_stands_or_goes_back() {
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
    fn ends_with_an_error_and_stays_there() {
        let mut source = NonceSource::after(Unit::Nanoseconds, u64::MAX - 1);
        assert_eq!(source.next(NOW), Ok(u64::MAX));
        assert_eq!(source.next(NOW), Err(Error::NonceExhausted));
        assert_eq!(source.next(NOW), Err(Error::NonceExhausted));
    }

    #[test]
    fn refuses_a_clock_in_another_unit() {
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
    fn refuses_to_start_far_ahead_of_the_clock() {
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
