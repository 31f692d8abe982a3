//! What JavaScript can call.

#![allow(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]

use core::{cell::UnsafeCell, hint, time::Duration};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    answer,
    scratch::{self, Input},
    slots::{self, Slot},
};
use crate::{
    ApiSign, Error, Secret, Totp, futures,
    nonce::{self, NonceSource, Unit},
    otp::Settings,
    otpauth,
    sign::Message,
};

struct Running {
    message: Message,
    begun: bool,
}

struct Global(UnsafeCell<Running>);

// SAFETY: the module has one thread; it is built without the atomics feature.
unsafe impl Sync for Global {}

/// The message that is being hashed. One that is longer than the scratch is begun, continued, and only then signed.
static RUNNING: Global = Global(UnsafeCell::new(Running { message: Message::new(), begun: false }));

fn running() -> &'static mut Running {
    // SAFETY: one thread, and an export asks for it once.
    unsafe { &mut *RUNNING.0.get() }
}

/// Where the scratch begins.
#[wasm_bindgen]
pub fn scratch_address() -> u32 {
    scratch::address() as u32
}

/// How many bytes the scratch holds.
#[wasm_bindgen]
pub fn scratch_capacity() -> u32 {
    scratch::CAPACITY as u32
}

/// Reads a private key, in base64 or as bytes, and answers its handle.
#[wasm_bindgen]
pub fn secret_new(len: u32, base64: bool) -> i32 {
    insert(if base64 { Key::Base64 } else { Key::Bytes }, len)
}

/// Reads a two-factor setup key, or an `otpauth://` URI, and answers its handle. `algorithm` is 1, 256 or 512; 0 stands
/// for what is not given, here and in `digits` and `period`.
#[wasm_bindgen]
pub fn totp_new(len: u32, algorithm: u32, digits: u32, period: u32) -> i32 {
    insert(Key::Setup([algorithm, digits, period].map(|number| (number != 0).then_some(number))), len)
}

/// Wipes a key.
#[wasm_bindgen]
pub fn free(handle: u32) -> i32 {
    let outcome = slots::free(handle);
    burn();
    answer(outcome.map(|()| 0))
}

/// Begins a message that is longer than the scratch, which holds what stands before the body: the nonce of a Spot request,
/// nothing of a Futures request.
#[wasm_bindgen]
pub fn begin(nonce_len: u32) -> i32 {
    fn begin(nonce_len: u32) -> Result<u32, Error> {
        let nonce = Input::take(nonce_len)?;
        check_nonce(&nonce)?;
        let running = running();
        running.message.restart();
        running.begun = true;
        running.message.update(&nonce);
        Ok(0)
    }
    answer(begin(nonce_len))
}

/// Continues the message with a piece of its body.
#[wasm_bindgen]
pub fn absorb(len: u32) -> i32 {
    fn absorb(len: u32) -> Result<u32, Error> {
        let piece = Input::take(len)?;
        let running = running();
        if !running.begun {
            return Err(Error::Misuse);
        }
        running.message.update(&piece);
        Ok(0)
    }
    answer(absorb(len))
}

/// Signs a Spot request: the scratch holds path ‖ nonce ‖ body, the answer is 88 characters.
///
/// `begun` says that `begin` and `absorb` have taken nonce and body; the scratch then holds the path.
#[wasm_bindgen]
pub fn sign_spot(handle: u32, path_len: u32, nonce_len: u32, len: u32, begun: bool) -> i32 {
    answer(sign(Scheme::Spot, handle, [path_len, nonce_len, len], begun))
}

/// Signs a Futures request: the scratch holds path ‖ nonce ‖ postData, the answer is 88 characters. A challenge is
/// postData alone, a FIX logon has no path.
///
/// `begun` says that `begin` and `absorb` have taken the postData; the scratch then holds path ‖ nonce.
#[wasm_bindgen]
pub fn sign_futures(handle: u32, path_len: u32, nonce_len: u32, len: u32, begun: bool) -> i32 {
    answer(sign(Scheme::Futures, handle, [path_len, nonce_len, len], begun))
}

/// Writes the next nonce above `last` and answers how many digits it has. `unit` is 0 for milliseconds, 1 for
/// microseconds, 2 for nanoseconds; `clock` is in milliseconds since 1970.
///
/// With `first`, a `last` more than a day ahead of the clock is refused.
#[wasm_bindgen]
pub fn nonce_next(last: u64, unit: u32, clock: f64, first: bool) -> i32 {
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
pub fn totp_code(handle: u32, at: f64) -> i32 {
    fn code(handle: u32, at: f64) -> Result<u32, Error> {
        let (totp, at) = totp(handle, at)?;
        Ok(Input::take(0)?.answer(totp.code(at).as_bytes()))
    }
    answer(code(handle, at))
}

/// Milliseconds until the code of a time changes; below zero for an error.
#[wasm_bindgen]
pub fn totp_remaining(handle: u32, at: f64) -> i32 {
    fn remaining(handle: u32, at: f64) -> Result<u32, Error> {
        let (totp, at) = totp(handle, at)?;
        let remaining = totp.remaining(at);
        // At most a day.
        Ok((remaining.as_secs() as u32).wrapping_mul(1_000).wrapping_add(remaining.subsec_millis()))
    }
    answer(remaining(handle, at))
}

/// Whether the scratch holds the code of a time, or of up to `window` steps before or after it: 1 or 0.
#[wasm_bindgen]
pub fn totp_verify(handle: u32, len: u32, at: f64, window: u32) -> i32 {
    fn verify(handle: u32, len: u32, at: f64, window: u32) -> Result<u32, Error> {
        let code = Input::take(len)?;
        let (totp, at) = totp(handle, at)?;
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
            Key::Setup(settings) => Slot::Totp(if otpauth::is_meant(&input) {
                otpauth::read_ascii(&input, settings)?
            } else {
                Totp::from_base32(&input, 0, false, settings)?
            }),
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

#[derive(Clone, Copy)]
enum Scheme {
    Spot,
    Futures,
}

#[inline(never)]
fn sign(scheme: Scheme, handle: u32, lens: [u32; 3], begun: bool) -> Result<u32, Error> {
    let [.., len] = lens;
    let input = Input::take(len)?;
    let mut sign = [b'='; ApiSign::LEN];
    let running = running();
    let signed = secret(handle).and_then(|secret| running.sign(scheme, secret, &input, lens, begun, &mut sign));
    running.begun = false;
    signed.inspect_err(|_| running.message.restart())?;
    Ok(input.answer(&sign))
}

impl Running {
    fn sign(
        &mut self,
        scheme: Scheme,
        secret: &Secret,
        input: &[u8],
        [path_len, nonce_len, _]: [u32; 3],
        begun: bool,
        sign: &mut [u8; ApiSign::LEN],
    ) -> Result<(), Error> {
        if begun != self.begun {
            if begun {
                return Err(Error::Misuse);
            }
            // A message that was begun and left is dropped.
            self.message.restart();
        }
        let (path, rest) = input.split_at_checked(path_len as usize).ok_or(Error::Misuse)?;
        let (nonce, body) = rest.split_at_checked(nonce_len as usize).ok_or(Error::Misuse)?;
        check_nonce(nonce)?;
        let prefix = match scheme {
            Scheme::Spot => {
                // Nonce and body, which lie side by side.
                self.message.update(rest);
                path
            }
            Scheme::Futures => {
                self.message.update(body);
                self.message.update(nonce);
                self.message.update(futures::signed_path(path));
                &[]
            }
        };
        self.message.sign_to(secret, prefix, sign);
        Ok(())
    }
}

fn secret(handle: u32) -> Result<&'static Secret, Error> {
    match slots::get(handle)? {
        Slot::Secret(secret) => Ok(secret),
        _ => Err(Error::Misuse),
    }
}

/// A two-factor key, and a time in milliseconds since 1970 for it.
#[inline(never)]
fn totp(handle: u32, at: f64) -> Result<(&'static Totp, Duration), Error> {
    match slots::get(handle)? {
        Slot::Totp(totp) => Ok((totp, time(at)?)),
        _ => Err(Error::Misuse),
    }
}

/// A nonce that is not there is none; one that is there has to be one.
fn check_nonce(nonce: &[u8]) -> Result<(), Error> {
    if nonce.is_empty() { Ok(()) } else { nonce::parse(nonce).map(|_| ()) }
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
