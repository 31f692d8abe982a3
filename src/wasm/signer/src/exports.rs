//! The exports that JavaScript calls.

#![allow(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]

use core::time::Duration;

use kraken_signer::{
    Error, Secret, Totp, futures,
    nonce::{self, Decimal, NonceSource, Unit},
    otp::{Algorithm, Options},
    spot,
};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::zeroize_stack;

use crate::{
    codes::Misuse,
    failure::{Failure, answer},
    memory::{self, Key, with_input},
};

/// The number of bytes of stack that are overwritten after a key has been read or wiped, because the hashes copy key material
/// there. Reading the longest key uses less than a third of it.
const STACK: usize = 8 * 1024;

/// Returns the address of the buffer.
#[wasm_bindgen]
pub fn buffer() -> u32 {
    memory::address() as u32
}

/// Returns the size of the buffer in bytes.
#[wasm_bindgen]
pub fn capacity() -> u32 {
    memory::CAPACITY as u32
}

/// Reads a private key, in base64 or as bytes, and returns its handle.
#[wasm_bindgen]
pub fn secret(len: u32, base64: bool) -> i32 {
    insert(len, |input| {
        Ok(Key::Secret(if base64 { str::from_utf8(input)?.parse()? } else { Secret::try_from(input)? }))
    })
}

/// Reads a two-factor setup key or an `otpauth://` URI and returns its handle. `algorithm` is 1, 256 or 512. In `algorithm`,
/// `digits` and `period`, 0 means that the option is not set.
#[wasm_bindgen]
pub fn totp(len: u32, algorithm: u32, digits: u32, period: u32) -> i32 {
    insert(len, |input| {
        let given = |number: u32| (number != 0).then_some(number);
        let algorithm = match algorithm {
            0 => None,
            1 => Some(Algorithm::Sha1),
            256 => Some(Algorithm::Sha256),
            512 => Some(Algorithm::Sha512),
            _ => return Err(Error::OtpAlgorithm.into()),
        };
        let digits = given(digits).map(u8::try_from).transpose().map_err(|_| Error::OtpDigits)?;
        let options = Options { algorithm, digits, period: given(period) };
        Ok(Key::Totp(Totp::from_text(str::from_utf8(input)?, options)?))
    })
}

/// Reads a key and puts it into the table.
fn insert(len: u32, read: impl FnOnce(&[u8]) -> Result<Key, Failure>) -> i32 {
    /// Not inlined, so that its frame is released before the stack is overwritten.
    #[inline(never)]
    fn insert(len: u32, read: impl FnOnce(&[u8]) -> Result<Key, Failure>) -> Result<u32, Failure> {
        with_input(len, |input, keys| keys.insert(read(input)?))
    }
    let outcome = insert(len, read);
    zeroize_stack::<STACK>();
    answer(outcome)
}

/// Wipes a key.
#[wasm_bindgen]
pub fn free(handle: u32) -> i32 {
    let outcome = with_input(0, |_, keys| keys.free(handle).map(|()| 0_u32));
    zeroize_stack::<STACK>();
    answer(outcome)
}

/// Signs a request: the buffer holds path ‖ nonce ‖ body, and receives a signature of 88 characters. For Futures, the body is
/// the postData. A challenge is postData alone, and a FIX logon has no path.
#[wasm_bindgen]
pub fn sign(futures: bool, handle: u32, path_len: u32, nonce_len: u32, len: u32) -> i32 {
    answer(with_input(len, |input, keys| {
        let secret = keys.secret(handle)?;
        let (path, rest) = input.split_at_checked(path_len as usize).ok_or(Misuse::Argument)?;
        let (nonce, body) = rest.split_at_checked(nonce_len as usize).ok_or(Misuse::Argument)?;
        let path = str::from_utf8(path)?;
        // An empty nonce means that there is none. Only a Futures request may have none.
        if !nonce.is_empty() {
            nonce::parse(nonce)?;
        } else if !futures {
            return Err(Error::NonceDecimal.into());
        }
        Ok(if futures { futures::sign_text(secret, path, body, nonce) } else { spot::sign_message(secret, path, rest) })
    }))
}

/// Writes the next nonce above `last` and returns its number of digits. `unit` is 0 for milliseconds, 1 for microseconds and
/// 2 for nanoseconds. `clock` is in milliseconds since 1970.
///
/// If `first` is set, a `last` more than a day ahead of the clock is an error.
#[wasm_bindgen]
pub fn nonce(last: u64, unit: u32, clock: f64, first: bool) -> i32 {
    answer(with_input(0, |_, _| {
        let unit = match unit {
            0 => Unit::Milliseconds,
            1 => Unit::Microseconds,
            2 => Unit::Nanoseconds,
            _ => return Err(Misuse::Argument.into()),
        };
        // A clock before 1970 is treated as one at 1970: neither is trusted.
        let clock = time(if clock < 0.0 { 0.0 } else { clock }).map_err(|_| Error::NonceClock)?;
        let mut source = NonceSource::after(unit, last);
        if first {
            source.check(clock)?;
        }
        Ok(Decimal::from(source.next(clock)?))
    }))
}

/// Writes the code for a time in milliseconds since 1970 and returns its number of digits.
#[wasm_bindgen]
pub fn code(handle: u32, at: f64) -> i32 {
    answer(with_input(0, |_, keys| Ok(keys.totp(handle)?.code(time(at)?))))
}

/// Returns the milliseconds until the code for a time changes, rounded up: when they have passed, it has changed.
#[wasm_bindgen]
pub fn remaining(handle: u32, at: f64) -> i32 {
    answer(with_input(0, |_, keys| {
        let remaining = keys.totp(handle)?.remaining(time(at)?);
        // At most a day.
        Ok((remaining.as_secs() as u32).wrapping_mul(1_000).wrapping_add(remaining.subsec_nanos().div_ceil(1_000_000)))
    }))
}

/// Returns 1 if the buffer holds the code for a time, or for up to `window` steps before or after it, and 0 otherwise.
#[wasm_bindgen]
pub fn verify(handle: u32, len: u32, at: f64, window: u32) -> i32 {
    answer(with_input(len, |input, keys| {
        let totp = keys.totp(handle)?;
        Ok(u32::from(totp.verify(str::from_utf8(input)?, time(at)?, window)?))
    }))
}

/// Converts milliseconds since 1970.
fn time(milliseconds: f64) -> Result<Duration, Failure> {
    // The largest time that a JavaScript Date can hold.
    if !(0.0..=8.64e15).contains(&milliseconds) {
        return Err(Misuse::Time.into());
    }
    let seconds = (milliseconds / 1e3) as u64;
    // Rounding may give a full second.
    let nanos = (milliseconds - seconds as f64 * 1e3) * 1e6;
    Ok(Duration::new(seconds, (nanos as u32).min(999_999_999)))
}
