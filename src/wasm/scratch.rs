//! The buffer that input and output pass through.

use core::{cell::UnsafeCell, ptr, sync::atomic};

use crate::Error;

/// Requests that fit are signed in one call; longer bodies come in pieces.
pub(super) const CAPACITY: usize = 16 * 1024;

struct Scratch(UnsafeCell<[u8; CAPACITY]>);

// SAFETY: the module has one thread; it is built without the atomics feature.
unsafe impl Sync for Scratch {}

static SCRATCH: Scratch = Scratch(UnsafeCell::new([0; CAPACITY]));

/// Where the scratch lies in linear memory.
pub(super) fn address() -> *mut u8 {
    SCRATCH.0.get().cast()
}

/// Gives the first `len` bytes to `work`, wipes them, and leaves the answer of `work` at the start.
///
/// `work` returns its answer by value, so it cannot keep the input.
pub(super) fn take<A: AsRef<[u8]>>(len: u32, work: impl FnOnce(&[u8]) -> Result<A, Error>) -> Result<u32, Error> {
    let len = len as usize;
    if len > CAPACITY {
        return Err(Error::Misuse);
    }
    // SAFETY: `len` bytes from the address lie within the static. Exports do not call each other and have no other way
    // to the scratch, and JavaScript does not run in between, so nothing else looks at it while `input` lives.
    let input = unsafe { core::slice::from_raw_parts(address(), len) };
    let outcome = work(input);
    wipe(len);
    let answer = outcome?;
    let answer = answer.as_ref();
    let len = answer.len().min(CAPACITY);
    // SAFETY: at most CAPACITY bytes, from a value that does not live in the scratch.
    unsafe { ptr::copy_nonoverlapping(answer.as_ptr(), address(), len) };
    Ok(len as u32)
}

fn wipe(len: usize) {
    // SAFETY: the caller has checked that `len` is within the static.
    unsafe { ptr::write_bytes(address(), 0, len) };
    // The writes are for whoever reads the memory from outside: they must happen.
    atomic::compiler_fence(atomic::Ordering::SeqCst);
}
