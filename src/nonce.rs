//! Nonces: per API key, unsigned 64-bit numbers that only rise.
//!
//! Kraken remembers the highest nonce of a key for ever. One that is too high can never be taken back, so what a clock
//! says is used, but never trusted to rise.

use core::time::Duration;

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
/// A key that has seen a finer unit refuses every coarser one for good, so all senders of a key must agree.
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

/// A nonce in decimal ASCII, right-aligned in the most that 64 bits need.
pub(crate) struct Decimal {
    digits: [u8; 20],
    start: usize,
}

impl From<u64> for Decimal {
    fn from(mut nonce: u64) -> Self {
        let mut digits = [b'0'; 20];
        let mut start = digits.len();
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

impl AsRef<[u8]> for Decimal {
    fn as_ref(&self) -> &[u8] {
        self.digits.get(self.start..).unwrap_or_default()
    }
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
    fn writes_what_it_reads() {
        for nonce in [0, 1, 9, 10, 99, 100, 1_616_492_376_594, u64::MAX - 1, u64::MAX] {
            let decimal = Decimal::from(nonce);
            assert_eq!(decimal.as_ref(), nonce.to_string().as_bytes());
            assert_eq!(parse(decimal.as_ref()), Ok(nonce));
        }
    }
}
