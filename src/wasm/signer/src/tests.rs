//! Tests of the binding from inside, for calls that JavaScript cannot easily make.

extern crate std;

use core::{ptr, slice};
use std::{format, string::String, vec::Vec};

use wasm_bindgen_test::wasm_bindgen_test;

use kraken_signer::Error;

use crate::{
    codes::Misuse,
    exports::*,
    failure::{self, Failure},
    memory,
};

const SECRET: &str = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
const PATH: &str = "/0/private/AddOrder";
const NONCE: &str = "1616492376594";
const BODY: &str = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25";
const SIGN: &str = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==";

fn write(text: &str) -> u32 {
    assert!(text.len() <= memory::CAPACITY);
    unsafe { ptr::copy_nonoverlapping(text.as_ptr(), address(), text.len()) };
    text.len() as u32
}

fn address() -> *mut u8 {
    ptr::with_exposed_provenance_mut(memory::address())
}

fn read(len: usize) -> Vec<u8> {
    unsafe { slice::from_raw_parts(address(), len) }.to_vec()
}

fn text(len: i32) -> String {
    String::from_utf8(read(usize::try_from(len).expect("an answer"))).expect("text")
}

fn error(failure: impl Into<Failure>) -> i32 {
    failure::answer(Err(failure.into()))
}

fn secret_text(len: u32) -> i32 {
    secret(len, true)
}

fn secret_handle() -> u32 {
    u32::try_from(secret_text(write(SECRET))).expect("a handle")
}

fn sign(handle: u32, path: &str, nonce: &str, body: &str) -> i32 {
    let len = write(&format!("{path}{nonce}{body}"));
    crate::exports::sign(false, handle, path.len() as u32, nonce.len() as u32, len)
}

#[wasm_bindgen_test]
fn signs() {
    let handle = secret_handle();
    assert_eq!(text(sign(handle, PATH, NONCE, BODY)), SIGN);
    // A failed call does not affect the next one.
    assert_eq!(sign(handle, PATH, "07", "left over"), error(Error::NonceDecimal));
    assert_eq!(text(sign(handle, PATH, NONCE, BODY)), SIGN);
    // The longest input that fits the buffer.
    let longest = memory::CAPACITY - PATH.len() - NONCE.len();
    assert_eq!(sign(handle, PATH, NONCE, &"b".repeat(longest)), 88);
    assert!(read(memory::CAPACITY).iter().skip(88).all(|byte| *byte == 0));
    assert_eq!(free(handle), 0);
}

#[wasm_bindgen_test]
fn wipes_its_input() {
    let handle = secret_handle();
    assert!(read(SECRET.len()).iter().all(|byte| *byte == 0));
    for (handle, nonce, answered) in [(handle, NONCE, 88), (handle, "x", 0), (u32::MAX, NONCE, 0)] {
        sign(handle, PATH, nonce, BODY);
        assert!(read(200).iter().take(answered).all(|byte| *byte != 0));
        assert!(read(200).iter().skip(answered).all(|byte| *byte == 0));
        write(&"\0".repeat(200));
    }
    assert_eq!(free(handle), 0);
}

#[wasm_bindgen_test]
fn rejects_handles_that_it_did_not_return() {
    let handle = secret_handle();
    let totp = u32::try_from(totp(write("GEZDGNBVGY3TQOJQ"), 0, 0, 0)).expect("a handle");
    for wrong in [totp, handle + 1000, u32::MAX, u32::MAX / 2] {
        assert_eq!(sign(wrong, PATH, NONCE, BODY), error(Misuse::Argument), "{wrong}");
    }
    for wrong in [handle, u32::MAX] {
        assert_eq!(code(wrong, 0.0), error(Misuse::Argument));
        assert_eq!(remaining(wrong, 0.0), error(Misuse::Argument));
        assert_eq!(verify(wrong, 0, 0.0, 1), error(Misuse::Argument));
    }
    assert_eq!(free(u32::MAX), error(Misuse::Argument));
    assert_eq!((free(handle), free(handle)), (0, 0));
    assert_eq!(sign(handle, PATH, NONCE, BODY), error(Misuse::Argument));
    assert_eq!(free(totp), 0);
}

#[wasm_bindgen_test]
fn rejects_lengths_that_do_not_fit() {
    let handle = secret_handle();
    let capacity = memory::CAPACITY as u32;
    for (path, nonce, len) in
        [(9, 0, 8), (0, 9, 8), (5, 4, 8), (u32::MAX, 1, 8), (1, u32::MAX, 8), (0, 0, capacity + 1)]
    {
        for futures in [false, true] {
            write("11111111");
            assert_eq!(
                crate::exports::sign(futures, handle, path, nonce, len),
                error(Misuse::Argument),
                "{path} {nonce} {len}"
            );
        }
    }
    for read_key in [secret_text, |len| secret(len, false), |len| totp(len, 0, 0, 0)] {
        assert_eq!(read_key(capacity + 1), error(Misuse::Argument));
        assert_eq!(read_key(u32::MAX), error(Misuse::Argument));
    }
    assert_eq!(free(handle), 0);
}

#[wasm_bindgen_test]
fn reuses_a_freed_slot() {
    let handles: Vec<u32> = (0..200).map(|_| secret_handle()).collect();
    let mut sorted = handles.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), handles.len(), "every key has a slot of its own");
    let highest = *sorted.last().expect("handles");
    for handle in &handles {
        assert_eq!(text(sign(*handle, PATH, NONCE, BODY)), SIGN);
        assert_eq!(free(*handle), 0);
    }
    for _ in 0..10_000 {
        let handle = secret_handle();
        assert!(handle <= highest);
        assert_eq!(free(handle), 0);
    }
    // An invalid key takes no slot.
    for _ in 0..10_000 {
        assert_eq!(secret_text(write("AQE")), error(Error::SecretLength));
    }
    assert!(secret_handle() <= highest);
}

#[wasm_bindgen_test]
fn returns_the_error_and_its_position() {
    assert_eq!(secret_text(write("AQEB_QE=")), -(4 + 256 * 5));
    assert_eq!(totp(write("MZ1W"), 0, 0, 0), -(22 + 256 * 3));
    assert_eq!(totp(write("MZXW6YTB"), 2, 0, 0), error(Error::OtpAlgorithm));
    assert_eq!(totp(write("MZXW6YTB"), 0, 262, 0), error(Error::OtpDigits));
    assert_eq!(totp(write("MZXW6YTB"), 0, 0, u32::MAX), error(Error::OtpPeriod));
}

#[wasm_bindgen_test]
fn rejects_text_that_is_not_utf8() {
    let handle = secret_handle();
    let broken = |len: usize| unsafe { ptr::write_bytes(address(), 0xff, len) };
    broken(20);
    assert_eq!(crate::exports::sign(true, handle, 8, 0, 20), error(Misuse::Argument));
    broken(20);
    assert_eq!(crate::exports::sign(false, handle, 0, 8, 20), error(Error::NonceDecimal));
    broken(20);
    assert_eq!(secret(20, true), error(Misuse::Argument));
    broken(20);
    assert_eq!(totp(20, 0, 0, 0), error(Misuse::Argument));
    assert_eq!(free(handle), 0);
}

#[wasm_bindgen_test]
fn reads_setup_keys_and_uris() {
    let uri = "otpauth://totp/x?s%65cret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8";
    let handle = u32::try_from(totp(write(uri), 0, 0, 0)).expect("a handle");
    assert_eq!(text(code(handle, 59_000.0)), "94287082");
    assert_eq!(totp(write(uri), 0, 6, 0), error(Error::UriConflict));
    assert_eq!(totp(write("otpauth://totp/x?secret=MZ1W"), 0, 0, 0), -(22 + 256 * 27));
    assert_eq!(free(handle), 0);
}

#[wasm_bindgen_test]
fn has_a_handle_for_every_slot_and_fails_when_all_are_used() {
    let handles: Vec<u32> = (0..memory::SLOTS).map_while(|_| u32::try_from(secret_text(write(SECRET))).ok()).collect();
    assert_eq!(secret_text(write(SECRET)), error(Misuse::TableFull));
    assert_eq!(totp(write("GEZDGNBVGY3TQOJQ"), 0, 0, 0), error(Misuse::TableFull));
    for handle in handles {
        assert_eq!(free(handle), 0);
    }
}

/// Every error has a code of its own.
#[wasm_bindgen_test]
fn has_one_code_for_every_error() {
    use crate::codes::{ERRORS, MISUSES};
    let numbers: Vec<u8> = ERRORS.iter().map(|(code, _)| *code).chain(MISUSES.iter().map(|(code, _)| *code)).collect();
    let mut different = numbers.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), numbers.len());
    assert!(!numbers.contains(&0));
}

#[wasm_bindgen_test]
fn uses_the_time_of_the_caller() {
    assert_eq!(text(nonce(0, 0, 1_795_000_000_000.0, false)), "1795000000000");
    assert_eq!(text(nonce(0, 1, 1_795_000_000_000.5, false)), "1795000000000500");
    assert_eq!(text(nonce(5, 2, 0.0, false)), "1767225600000000000");
    assert_eq!(text(nonce(5, 2, -1.0, false)), "1767225600000000000");
    assert_eq!(nonce(u64::MAX, 0, 0.0, false), error(Error::NonceExhausted));
    assert_eq!(nonce(1_795_000_000_000_000, 0, 1_795_000_000_000.0, true), error(Error::NonceAhead));
    assert_eq!(text(nonce(1_795_000_000_000_000, 0, 1_795_000_000_000.0, false)), "1795000000000001");
    for clock in [1.8e15, 1e300, f64::INFINITY, f64::NAN] {
        assert_eq!(nonce(0, 0, clock, false), error(Error::NonceClock), "{clock}");
    }
    assert_eq!(nonce(0, 3, 0.0, false), error(Misuse::Argument));

    let totp = u32::try_from(totp(write("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), 0, 8, 0)).expect("a handle");
    assert_eq!(text(code(totp, 59_000.0)), "94287082");
    assert_eq!(remaining(totp, 59_000.5), 1000);
    assert_eq!(remaining(totp, 59_999.5), 1);
    for time in [-1.0, 8.7e15, f64::INFINITY, f64::NAN] {
        assert_eq!(code(totp, time), error(Misuse::Time), "{time}");
    }
    assert_eq!(verify(totp, write("94287082"), 59_000.0, 0), 1);
    assert_eq!(verify(totp, write("94287083"), 59_000.0, 0), 0);
    assert_eq!(verify(totp, 0, 59_000.0, 21), error(Error::OtpWindow));
    assert_eq!(free(totp), 0);
}
