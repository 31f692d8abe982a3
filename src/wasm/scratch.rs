//! The buffer that input and output pass through.

use core::{cell::UnsafeCell, ops::Deref, ptr, slice, sync::atomic};

use crate::Error;

/// The longest input. Kraken's longest requests, batches of orders, have some kilobytes.
pub(super) const CAPACITY: usize = 256 * 1024;

struct Scratch(UnsafeCell<[u8; CAPACITY]>);

// SAFETY: the module has one thread; it is built without the atomics feature.
unsafe impl Sync for Scratch {}

static SCRATCH: Scratch = Scratch(UnsafeCell::new([0; CAPACITY]));

/// Where the scratch lies in linear memory.
pub(super) fn address() -> *mut u8 {
    SCRATCH.0.get().cast()
}

/// The first bytes of the scratch. They are wiped when this is dropped.
pub(super) struct Input {
    len: usize,
}

impl Input {
    /// The first `len` bytes. An export takes its input once.
    ///
    /// # Errors
    ///
    /// [`Error::Misuse`] for more than the scratch has.
    pub(super) fn take(len: u32) -> Result<Self, Error> {
        let len = len as usize;
        if len > CAPACITY { Err(Error::Misuse) } else { Ok(Self { len }) }
    }

    /// Wipes the input, leaves an answer in its place, and returns how long it is.
    pub(super) fn answer(self, answer: &[u8]) -> u32 {
        drop(self);
        leave(answer)
    }

    /// Wipes the input, and hands out its place for an answer.
    pub(super) fn place(self) -> &'static mut [u8; CAPACITY] {
        drop(self);
        // SAFETY: the static itself. What was borrowed from the input ended with it, and an export takes its input once.
        unsafe { &mut *SCRATCH.0.get() }
    }
}

/// Leaves an answer, and returns how long it is.
#[inline(never)]
pub(super) fn leave(answer: &[u8]) -> u32 {
    for (place, byte) in (Input { len: 0 }).place().iter_mut().zip(answer) {
        *place = *byte;
    }
    answer.len() as u32
}

impl Deref for Input {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `len` bytes from the address lie within the static. There is one input at a time, nothing writes while it
        // lives, and JavaScript does not run in between.
        unsafe { slice::from_raw_parts(address(), self.len) }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        // SAFETY: `len` bytes from the address lie within the static.
        unsafe { ptr::write_bytes(address(), 0, self.len) };
        // The writes are for whoever reads the memory from outside: they must happen.
        atomic::compiler_fence(atomic::Ordering::SeqCst);
    }
}
