//! The state that outlives a call: the buffer for input and output, and the table of keys. Both are static, so that no key is
//! moved and leaves a copy behind.

use core::cell::UnsafeCell;

use kraken_signer::{Secret, Signature, Totp, nonce::Decimal, otp::Code};
use zeroize::optimization_barrier;

use crate::{codes::Misuse, failure::Failure};

/// The maximum length of an input. Kraken's longest requests, batches of orders, have a few kilobytes.
pub(crate) const CAPACITY: usize = 256 * 1024;

/// The maximum number of keys at a time. The table has 3.4 MB of addresses, but only used slots take memory.
///
/// A server that creates a client for each request, and does not free it, relies on the garbage collector. In Node 20, up to
/// 8,000 clients are alive before it runs (400 in Node 26); the table has twice as many slots.
pub(crate) const SLOTS: usize = 16 * 1024;

/// A slot for a key. The discriminants are explicit so that a free slot is all zeros, which takes no space in the binary.
///
/// A key is moved into its slot by itself, not as a whole slot, because that would copy earlier contents of the stack.
/// `tests/core/scan.mjs` checks that.
#[repr(u8)]
enum Slot {
    Free = 0,
    Secret(Secret) = 1,
    Totp(Totp) = 2,
}

/// A key to insert into the table.
#[allow(clippy::large_enum_variant, reason = "it is moved into the table at once")]
pub(crate) enum Key {
    Secret(Secret),
    Totp(Totp),
}

pub(crate) struct Memory {
    buffer: [u8; CAPACITY],
    slots: [Slot; SLOTS],
}

struct Static(UnsafeCell<Memory>);

// SAFETY: the module has one thread; it is built without the atomics feature.
#[allow(unsafe_code)]
unsafe impl Sync for Static {}

static MEMORY: Static = Static(UnsafeCell::new(Memory { buffer: [0; CAPACITY], slots: [const { Slot::Free }; SLOTS] }));

/// Returns the address of the buffer in linear memory.
pub(crate) fn address() -> usize {
    // The compiler may place the buffer anywhere in `Memory`.
    MEMORY.0.get().addr().wrapping_add(core::mem::offset_of!(Memory, buffer))
}

/// Calls `run` with the memory.
fn with<T>(run: impl FnOnce(&mut Memory) -> T) -> T {
    // SAFETY: there is one thread, each export calls this once, and no export calls another. So there is no other reference.
    #[allow(unsafe_code)]
    run(unsafe { &mut *MEMORY.0.get() })
}

/// Calls `run` with the input and the keys, wipes the input, and writes the answer to the buffer.
pub(crate) fn with_input<A: Answer>(
    len: u32,
    run: impl FnOnce(&[u8], &mut Keys<'_>) -> Result<A, Failure>,
) -> Result<u32, Failure> {
    with(|Memory { buffer, slots }| {
        let input = buffer.get_mut(..len as usize).ok_or(Misuse::Argument)?;
        let answer = run(input, &mut Keys(slots));
        input.fill(0);
        // Without the barrier, the compiler could leave out these writes, which nothing here reads.
        optimization_barrier(input);
        match &answer {
            Ok(answer) => Ok(answer.write(buffer)),
            Err(failure) => Err(*failure),
        }
    })
}

/// The answer of an export.
pub(crate) trait Answer {
    /// Writes the answer to the start of the buffer, and returns its length. A number is returned itself instead.
    fn write(&self, buffer: &mut [u8]) -> u32;
}

impl Answer for u32 {
    fn write(&self, _: &mut [u8]) -> u32 {
        *self
    }
}

impl Answer for Signature {
    fn write(&self, buffer: &mut [u8]) -> u32 {
        write(self.as_bytes(), buffer)
    }
}

impl Answer for Code {
    fn write(&self, buffer: &mut [u8]) -> u32 {
        write(self.as_bytes(), buffer)
    }
}

impl Answer for Decimal {
    fn write(&self, buffer: &mut [u8]) -> u32 {
        write(self.as_bytes(), buffer)
    }
}

fn write(text: &[u8], buffer: &mut [u8]) -> u32 {
    for (place, byte) in buffer.iter_mut().zip(text) {
        *place = *byte;
    }
    text.len() as u32
}

/// The table of keys. A handle is the index of a slot.
pub(crate) struct Keys<'m>(&'m mut [Slot; SLOTS]);

impl Keys<'_> {
    /// Puts a key into a free slot and returns its handle.
    ///
    /// # Errors
    ///
    /// Returns [`Misuse::TableFull`] if no slot is free.
    pub(crate) fn insert(&mut self, key: Key) -> Result<u32, Failure> {
        let free = (0..).zip(self.0.iter_mut()).find(|(_, slot)| matches!(slot, Slot::Free));
        let (handle, slot) = free.ok_or(Misuse::TableFull)?;
        *slot = match key {
            Key::Secret(secret) => Slot::Secret(secret),
            Key::Totp(totp) => Slot::Totp(totp),
        };
        Ok(handle)
    }

    /// Returns the private key of a handle.
    ///
    /// # Errors
    ///
    /// Returns [`Misuse::Argument`] if the handle has no key of this kind.
    pub(crate) fn secret(&self, handle: u32) -> Result<&Secret, Failure> {
        match self.0.get(handle as usize) {
            Some(Slot::Secret(secret)) => Ok(secret),
            _ => Err(Misuse::Argument.into()),
        }
    }

    /// Returns the two-factor key of a handle.
    ///
    /// # Errors
    ///
    /// Returns [`Misuse::Argument`] if the handle has no key of this kind.
    pub(crate) fn totp(&self, handle: u32) -> Result<&Totp, Failure> {
        match self.0.get(handle as usize) {
            Some(Slot::Totp(totp)) => Ok(totp),
            _ => Err(Misuse::Argument.into()),
        }
    }

    /// Wipes a key and frees its slot. Freeing a free slot has no effect.
    ///
    /// # Errors
    ///
    /// Returns [`Misuse::Argument`] if the handle is out of range.
    pub(crate) fn free(&mut self, handle: u32) -> Result<(), Failure> {
        // Dropping the key wipes it.
        *self.0.get_mut(handle as usize).ok_or(Misuse::Argument)? = Slot::Free;
        Ok(())
    }
}
