//! Everything that outlives a call: the buffer that input and output pass through, and the table of keys. Both are static, so
//! nothing ever moves and leaves a copy behind.

use core::cell::UnsafeCell;

use kraken_signer::{Secret, Signature, Totp, nonce::Decimal, otp::Code};
use zeroize::optimization_barrier;

use crate::{codes::Misuse, refusal::Refusal};

/// The longest input. Kraken's longest requests, batches of orders, have some kilobytes.
pub(crate) const CAPACITY: usize = 256 * 1024;

/// How many keys there can be at a time: 3.4 MB of addresses, of which only what is used takes memory.
///
/// Nobody has that many, but people forget to free what they make. A server that makes a client for each request relies on the
/// garbage collector, which lets up to 8,000 of them pile up in Node 20 (400 in Node 26); this is twice as many.
pub(crate) const SLOTS: usize = 16 * 1024;

/// A place for a key. The numbers are explicit so that a free slot is all zeros, which takes no room in the binary.
///
/// A key is moved here by itself, not as a slot: what lay on the stack before does not come along, as `tests/core/scan.mjs` sees.
#[repr(u8)]
enum Slot {
    Free = 0,
    Secret(Secret) = 1,
    Totp(Totp) = 2,
}

/// A key for the table.
#[allow(clippy::large_enum_variant, reason = "it only passes by")]
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

/// Where the buffer begins in linear memory.
pub(crate) fn address() -> usize {
    // The buffer may lie anywhere in the memory.
    MEMORY.0.get().addr().wrapping_add(core::mem::offset_of!(Memory, buffer))
}

/// Gives an export the memory.
fn with<T>(run: impl FnOnce(&mut Memory) -> T) -> T {
    // SAFETY: there is one thread, only exports call this, each once, and none calls another: there is no other reference.
    #[allow(unsafe_code)]
    run(unsafe { &mut *MEMORY.0.get() })
}

/// Gives an export its input and the keys, wipes the input, and leaves what it answers in its place.
pub(crate) fn with_input<A: Answer>(
    len: u32,
    run: impl FnOnce(&[u8], &mut Keys<'_>) -> Result<A, Refusal>,
) -> Result<u32, Refusal> {
    with(|Memory { buffer, slots }| {
        let input = buffer.get_mut(..len as usize).ok_or(Misuse::Argument)?;
        let answer = run(input, &mut Keys(slots));
        input.fill(0);
        // The zeros are for whoever reads the memory from outside: they must be written.
        optimization_barrier(input);
        match &answer {
            Ok(answer) => Ok(answer.leave(buffer)),
            Err(refusal) => Err(*refusal),
        }
    })
}

/// What an export answers with.
pub(crate) trait Answer {
    /// Leaves the answer at the start of the buffer, and returns its length; a number has no need of the buffer.
    fn leave(&self, buffer: &mut [u8]) -> u32;
}

impl Answer for u32 {
    fn leave(&self, _: &mut [u8]) -> u32 {
        *self
    }
}

impl Answer for Signature {
    fn leave(&self, buffer: &mut [u8]) -> u32 {
        leave(self.as_bytes(), buffer)
    }
}

impl Answer for Code {
    fn leave(&self, buffer: &mut [u8]) -> u32 {
        leave(self.as_bytes(), buffer)
    }
}

impl Answer for Decimal {
    fn leave(&self, buffer: &mut [u8]) -> u32 {
        leave(self.as_bytes(), buffer)
    }
}

fn leave(text: &[u8], buffer: &mut [u8]) -> u32 {
    for (place, byte) in buffer.iter_mut().zip(text) {
        *place = *byte;
    }
    text.len() as u32
}

/// The table of keys. A handle is the number of a slot.
pub(crate) struct Keys<'m>(&'m mut [Slot; SLOTS]);

impl Keys<'_> {
    /// Puts a key into a free slot and returns its handle.
    ///
    /// # Errors
    ///
    /// [`Misuse::TableFull`].
    pub(crate) fn insert(&mut self, key: Key) -> Result<u32, Refusal> {
        let free = (0..).zip(self.0.iter_mut()).find(|(_, slot)| matches!(slot, Slot::Free));
        let (handle, slot) = free.ok_or(Misuse::TableFull)?;
        *slot = match key {
            Key::Secret(secret) => Slot::Secret(secret),
            Key::Totp(totp) => Slot::Totp(totp),
        };
        Ok(handle)
    }

    /// The private key behind a handle.
    ///
    /// # Errors
    ///
    /// [`Misuse::Argument`] for a handle that was not given out for one.
    pub(crate) fn secret(&self, handle: u32) -> Result<&Secret, Refusal> {
        match self.0.get(handle as usize) {
            Some(Slot::Secret(secret)) => Ok(secret),
            _ => Err(Misuse::Argument.into()),
        }
    }

    /// The two-factor key behind a handle.
    ///
    /// # Errors
    ///
    /// [`Misuse::Argument`] for a handle that was not given out for one.
    pub(crate) fn totp(&self, handle: u32) -> Result<&Totp, Refusal> {
        match self.0.get(handle as usize) {
            Some(Slot::Totp(totp)) => Ok(totp),
            _ => Err(Misuse::Argument.into()),
        }
    }

    /// Wipes a key and hands its slot back. Freeing a slot twice changes nothing.
    ///
    /// # Errors
    ///
    /// [`Misuse::Argument`] for a handle that there cannot be.
    pub(crate) fn free(&mut self, handle: u32) -> Result<(), Refusal> {
        // Dropping the key wipes it.
        *self.0.get_mut(handle as usize).ok_or(Misuse::Argument)? = Slot::Free;
        Ok(())
    }
}
