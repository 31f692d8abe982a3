//! What JavaScript can call.

#![allow(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]

use core::{cell::UnsafeCell, hint, mem, time::Duration};

use wasm_bindgen::prelude::wasm_bindgen;

use super::{
    answer, scratch,
    slots::{self, Slot},
};
use crate::{
    Error, Secret, Totp, futures,
    nonce::{self, NonceSource, Unit},
    order_id::OrderId,
    otp::{Algorithm, Options},
    otpauth,
    sign::Message,
};

// js-sys has this too, but links its futures along with it: 0.8 KB, and traps in functions that nobody calls.
#[wasm_bindgen]
extern "C" {
    /// The machine's clock, in milliseconds since 1970.
    #[wasm_bindgen(js_namespace = Date)]
    pub fn now() -> f64;
}

struct Running(UnsafeCell<Option<Message>>);

// SAFETY: the module has one thread; it is built without the atomics feature.
unsafe impl Sync for Running {}

/// A message that is too long for the scratch, between `begin` and the export that signs it.
static RUNNING: Running = Running(UnsafeCell::new(None));

impl Running {
    fn take(&self) -> Result<Message, Error> {
        // SAFETY: one thread; the reference ends with this expression.
        unsafe { mem::take(&mut *self.0.get()) }.ok_or(Error::Misuse)
    }

    fn put(&self, message: Message) {
        // SAFETY: as above.
        unsafe { *self.0.get() = Some(message) };
    }
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

/// Reads a private key in base64 and answers its handle.
#[wasm_bindgen]
pub fn secret_from_base64(len: u32) -> i32 {
    insert(len, |text| Secret::from_base64_ascii(text).map(Slot::Secret))
}

/// Takes the bytes of a private key and answers its handle.
#[wasm_bindgen]
pub fn secret_from_bytes(len: u32) -> i32 {
    insert(len, |key| Secret::from_bytes(key).map(Slot::Secret))
}

/// Reads a two-factor setup key, or an `otpauth://` URI, and answers its handle. `algorithm` is 1, 256 or 512; 0 stands
/// for what is not given, here and in `digits` and `period`.
#[wasm_bindgen]
pub fn totp_new(len: u32, algorithm: u32, digits: u32, period: u32) -> i32 {
    insert(len, |text| {
        let options = Options {
            algorithm: match algorithm {
                0 => None,
                1 => Some(Algorithm::Sha1),
                256 => Some(Algorithm::Sha256),
                512 => Some(Algorithm::Sha512),
                _ => return Err(Error::OtpAlgorithm),
            },
            digits: given(digits).map(u8::try_from).transpose().map_err(|_| Error::OtpDigits)?,
            period: given(period),
        };
        // Base32 has no colon, so a text with one is meant as a URI.
        if text.contains(&b':') {
            otpauth::read_ascii(text, options).map(Slot::Totp)
        } else {
            Totp::from_base32_ascii(text, options).map(Slot::Totp)
        }
    })
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
    answer(scratch::take(nonce_len, |nonce| {
        check_nonce(nonce)?;
        let mut message = Message::default();
        message.update(nonce);
        RUNNING.put(message);
        Ok([])
    }))
}

/// Continues the message with a piece of its body.
#[wasm_bindgen]
pub fn absorb(len: u32) -> i32 {
    answer(scratch::take(len, |piece| {
        let mut message = RUNNING.take()?;
        message.update(piece);
        RUNNING.put(message);
        Ok([])
    }))
}

/// Signs a Spot request: the scratch holds path ‖ nonce ‖ body, the answer is 88 characters.
///
/// `begun` says that `begin` and `absorb` have taken nonce and body; the scratch then holds the path.
#[wasm_bindgen]
pub fn sign_spot(handle: u32, path_len: u32, nonce_len: u32, len: u32, begun: bool) -> i32 {
    sign(handle, [path_len, nonce_len, len], begun, |path, nonce, body, message| {
        message.update(nonce);
        message.update(body);
        path
    })
}

/// Signs a Futures request: the scratch holds path ‖ nonce ‖ postData, the answer is 88 characters. A challenge is
/// postData alone, a FIX logon has no path.
///
/// `begun` says that `begin` and `absorb` have taken the postData; the scratch then holds path ‖ nonce.
#[wasm_bindgen]
pub fn sign_futures(handle: u32, path_len: u32, nonce_len: u32, len: u32, begun: bool) -> i32 {
    sign(handle, [path_len, nonce_len, len], begun, |path, nonce, post_data, message| {
        message.update(post_data);
        message.update(nonce);
        message.update(futures::signed_path(path));
        &[]
    })
}

/// Writes the next nonce above `last` and answers how many digits it has. `unit` is 0 for milliseconds, 1 for
/// microseconds, 2 for nanoseconds; `clock` is in milliseconds since 1970, and NaN asks for the machine's own.
///
/// With `first`, a `last` more than a day ahead of the clock is refused.
#[wasm_bindgen]
pub fn nonce_next(last: u64, unit: u32, clock: f64, first: bool) -> i32 {
    answer(scratch::take(0, |_| {
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
        source.next(clock).map(nonce::Decimal::from)
    }))
}

/// Writes the code of a time in milliseconds since 1970, or of now for NaN, and answers how many digits it has.
#[wasm_bindgen]
pub fn totp_code(handle: u32, at: f64) -> i32 {
    answer(scratch::take(0, |_| {
        let code = totp(handle)?.code(time(at)?);
        let mut digits = [0; 8];
        for (place, digit) in digits.iter_mut().zip(code.as_bytes()) {
            *place = *digit;
        }
        Ok(Prefix { bytes: digits, len: code.as_bytes().len() })
    }))
}

/// Milliseconds until the code of a time changes; below zero for an error.
#[wasm_bindgen]
pub fn totp_remaining(handle: u32, at: f64) -> i32 {
    let remaining = || Ok(totp(handle)?.remaining(time(at)?));
    answer(remaining().map(|remaining| u32::try_from(remaining.as_millis()).unwrap_or_default()))
}

/// Whether the scratch holds the code of a time, or of up to `window` steps before or after it: 1 or 0.
#[wasm_bindgen]
pub fn totp_verify(handle: u32, len: u32, at: f64, window: u32) -> i32 {
    let mut accepted = false;
    let outcome = scratch::take(len, |code| {
        accepted = totp(handle)?.verify_ascii(code, time(at)?, window)?;
        Ok([])
    });
    answer(outcome.map(|_| accepted.into()))
}

/// Makes a client order id of 16 random bytes and answers its 36 characters.
#[wasm_bindgen]
pub fn order_id(len: u32) -> i32 {
    answer(scratch::take(len, |random| {
        let random = random.try_into().map_err(|_| Error::Misuse)?;
        Ok(*OrderId::new(random).as_bytes())
    }))
}

fn insert(len: u32, make: impl FnOnce(&[u8]) -> Result<Slot, Error>) -> i32 {
    /// Not inlined: its frame must be gone when the stack is wiped.
    #[inline(never)]
    fn insert(len: u32, make: impl FnOnce(&[u8]) -> Result<Slot, Error>) -> Result<u32, Error> {
        let mut handle = 0;
        scratch::take(len, |input| {
            handle = slots::insert(|| make(input))?;
            Ok([])
        })?;
        Ok(handle)
    }
    let outcome = insert(len, make);
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

/// Signs what `scheme` makes of path, nonce and body: it completes the message, and returns what stands before its digest.
fn sign(
    handle: u32,
    [path_len, nonce_len, len]: [u32; 3],
    begun: bool,
    scheme: impl for<'a> FnOnce(&'a [u8], &[u8], &[u8], &mut Message) -> &'a [u8],
) -> i32 {
    answer(scratch::take(len, |input| {
        // A message that was begun and left is dropped.
        let running = RUNNING.take();
        let mut message = if begun { running? } else { Message::default() };
        let (path, rest) = input.split_at_checked(path_len as usize).ok_or(Error::Misuse)?;
        let (nonce, body) = rest.split_at_checked(nonce_len as usize).ok_or(Error::Misuse)?;
        check_nonce(nonce)?;
        let prefix = scheme(path, nonce, body, &mut message);
        Ok(*message.sign(secret(handle)?, prefix).as_bytes())
    }))
}

fn secret(handle: u32) -> Result<&'static Secret, Error> {
    match slots::get(handle)? {
        Slot::Secret(secret) => Ok(secret),
        _ => Err(Error::Misuse),
    }
}

fn totp(handle: u32) -> Result<&'static Totp, Error> {
    match slots::get(handle)? {
        Slot::Totp(totp) => Ok(totp),
        _ => Err(Error::Misuse),
    }
}

/// A nonce that is not there is none; one that is there has to be one.
fn check_nonce(nonce: &[u8]) -> Result<(), Error> {
    if nonce.is_empty() { Ok(()) } else { nonce::parse(nonce).map(|_| ()) }
}

fn given(option: u32) -> Option<u32> {
    (option != 0).then_some(option)
}

/// A time since 1970 from milliseconds; NaN stands for now.
fn time(milliseconds: f64) -> Result<Duration, Error> {
    let milliseconds = if milliseconds.is_nan() { now() } else { milliseconds };
    // JavaScript's own dates end here.
    if !(0.0..=8.64e15).contains(&milliseconds) {
        return Err(Error::OtpTime);
    }
    let whole = milliseconds as u64;
    // Below a million, whatever rounding does: so the sum stays below a second.
    let fraction = (((milliseconds - whole as f64) * 1e6) as u32).min(999_999);
    let nanos = ((whole % 1_000) as u32).wrapping_mul(1_000_000).wrapping_add(fraction);
    Ok(Duration::new(whole / 1_000, nanos))
}

/// The first `len` of some bytes.
struct Prefix {
    bytes: [u8; 8],
    len: usize,
}

impl AsRef<[u8]> for Prefix {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}
