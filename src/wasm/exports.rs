//! What JavaScript can call.

#![allow(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]

use core::{hint, time::Duration};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    answer,
    scratch::{self, Input},
    slots::{self, Slot},
};
use crate::{
    ApiSign, Error, Secret, Totp, base, futures,
    nonce::{self, NonceSource, Unit},
    otp::Settings,
    sign::Message,
};

/// Where the scratch begins.
#[wasm_bindgen]
pub fn scratch() -> u32 {
    scratch::address() as u32
}

/// How many bytes the scratch holds.
#[wasm_bindgen]
pub fn capacity() -> u32 {
    scratch::CAPACITY as u32
}

/// Reads a private key, in base64 or as bytes, and answers its handle.
#[wasm_bindgen]
pub fn secret(len: u32, base64: bool) -> i32 {
    insert(if base64 { Key::Base64 } else { Key::Bytes }, len)
}

/// Reads a two-factor setup key and answers its handle. `algorithm` is 1, 256 or 512; 0 stands
/// for what is not given, here and in `digits` and `period`.
#[wasm_bindgen]
pub fn totp(len: u32, algorithm: u32, digits: u32, period: u32) -> i32 {
    insert(Key::Setup([algorithm, digits, period].map(|number| (number != 0).then_some(number))), len)
}

/// Wipes a key.
#[wasm_bindgen]
pub fn free(handle: u32) -> i32 {
    let outcome = slots::free(handle);
    burn();
    answer(outcome.map(|()| 0))
}

/// Signs a request: the scratch holds path ‖ nonce ‖ body, the answer is 88 characters. Of Futures, the body is the postData;
/// a challenge is postData alone, a FIX logon has no path.
#[wasm_bindgen]
pub fn sign(futures: bool, handle: u32, path_len: u32, nonce_len: u32, len: u32) -> i32 {
    answer(mac(futures, handle, path_len, nonce_len, len))
}

/// Writes the next nonce above `last` and answers how many digits it has. `unit` is 0 for milliseconds, 1 for
/// microseconds, 2 for nanoseconds; `clock` is in milliseconds since 1970.
///
/// With `first`, a `last` more than a day ahead of the clock is refused.
#[wasm_bindgen]
pub fn nonce(last: u64, unit: u32, clock: f64, first: bool) -> i32 {
    fn next(last: u64, unit: u32, clock: f64, first: bool) -> Result<u32, Error> {
        let unit = match unit {
            0 => Unit::Milliseconds,
            1 => Unit::Microseconds,
            2 => Unit::Nanoseconds,
            _ => return Err(Error::Misuse),
        };
        // Whatever lies before 1970 is as little believed as 1970.
        let clock = time(if clock < 0.0 { 0.0 } else { clock }).map_err(|_| Error::NonceClock)?;
        let mut source = NonceSource::after(unit, last);
        if first {
            source.check(clock)?;
        }
        Ok(Input::take(0)?.answer(nonce::Decimal::from(source.next(clock)?).as_ref()))
    }
    answer(next(last, unit, clock, first))
}

/// Writes the code of a time in milliseconds since 1970 and answers how many digits it has.
#[wasm_bindgen]
pub fn code(handle: u32, at: f64) -> i32 {
    fn code(handle: u32, at: f64) -> Result<u32, Error> {
        let (totp, at) = timed(handle, at)?;
        Ok(Input::take(0)?.answer(totp.code(at).as_bytes()))
    }
    answer(code(handle, at))
}

/// Milliseconds until the code of a time changes; below zero for an error.
#[wasm_bindgen]
pub fn remaining(handle: u32, at: f64) -> i32 {
    fn remaining(handle: u32, at: f64) -> Result<u32, Error> {
        let (totp, at) = timed(handle, at)?;
        let remaining = totp.remaining(at);
        // At most a day.
        Ok((remaining.as_secs() as u32).wrapping_mul(1_000).wrapping_add(remaining.subsec_millis()))
    }
    answer(remaining(handle, at))
}

/// Whether the scratch holds the code of a time, or of up to `window` steps before or after it: 1 or 0.
#[wasm_bindgen]
pub fn verify(handle: u32, len: u32, at: f64, window: u32) -> i32 {
    fn verify(handle: u32, len: u32, at: f64, window: u32) -> Result<u32, Error> {
        let code = Input::take(len)?;
        let (totp, at) = timed(handle, at)?;
        Ok(totp.verify_ascii(&code, at, window)?.into())
    }
    answer(verify(handle, len, at, window))
}

/// How a key is written in the scratch.
#[derive(Clone, Copy)]
enum Key {
    Base64,
    Bytes,
    Setup(Settings),
}

fn insert(key: Key, len: u32) -> i32 {
    /// Not inlined: its frame must be gone when the stack is wiped.
    #[inline(never)]
    fn insert(key: Key, len: u32) -> Result<u32, Error> {
        let input = Input::take(len)?;
        slots::insert(match key {
            Key::Base64 => Slot::Secret(Secret::from_base64_ascii(&input)?),
            Key::Bytes => Slot::Secret(Secret::from_bytes(&input)?),
            Key::Setup(settings) => Slot::Totp(Totp::from_base32(&input, 0, false, settings)?),
        })
    }
    let outcome = insert(key, len);
    burn();
    answer(outcome)
}

/// Overwrites the part of the stack that the functions called before have used: the hashes copy key material there.
#[inline(never)]
fn burn() {
    // Reading a key of the longest kind takes less than a third of this.
    let mut stack = [0_u8; 8 * 1024];
    hint::black_box(&mut stack);
}

fn mac(futures: bool, handle: u32, path_len: u32, nonce_len: u32, len: u32) -> Result<u32, Error> {
    let input = Input::take(len)?;
    let Slot::Secret(secret) = slots::get(handle)? else { return Err(Error::Misuse) };
    let (path, rest) = input.split_at_checked(path_len as usize).ok_or(Error::Misuse)?;
    let (nonce, body) = rest.split_at_checked(nonce_len as usize).ok_or(Error::Misuse)?;
    // A nonce that is not there is none; one that is there has to be one.
    if !nonce.is_empty() {
        nonce::parse(nonce)?;
    }
    let mut message = Message::new();
    let prefix = if futures {
        message.update(body);
        message.update(nonce);
        message.update(futures::signed_path(path));
        &[]
    } else {
        // Nonce and body, which lie side by side.
        message.update(rest);
        path
    };
    let mac = message.mac(secret, prefix);
    if let Some(text) = input.place().first_chunk_mut::<{ ApiSign::LEN }>() {
        base::write_base64(mac, text);
    }
    Ok(ApiSign::LEN as u32)
}

/// A two-factor key, and a time in milliseconds since 1970 for it.
#[inline(never)]
fn timed(handle: u32, at: f64) -> Result<(&'static Totp, Duration), Error> {
    match slots::get(handle)? {
        Slot::Totp(totp) => Ok((totp, time(at)?)),
        _ => Err(Error::Misuse),
    }
}

/// A time since 1970 from milliseconds.
#[inline(never)]
fn time(milliseconds: f64) -> Result<Duration, Error> {
    // JavaScript's own dates end here.
    if !(0.0..=8.64e15).contains(&milliseconds) {
        return Err(Error::OtpTime);
    }
    let seconds = (milliseconds / 1e3) as u64;
    // Rounding may put this just outside of a second.
    let nanos = (milliseconds - seconds as f64 * 1e3) * 1e6;
    Ok(Duration::new(seconds, (nanos as u32).min(999_999_999)))
}
