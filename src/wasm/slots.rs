//! Where keys live: slots that handles number, in memory that is grown without an allocator.
//!
//! The slots lie in chunks, of which each has twice as many as the one before. Chunks stay where they are, so a slot never
//! moves and leaves no copy behind; freed slots are wiped and handed out again.

use core::{arch::wasm32, cell::UnsafeCell, mem::MaybeUninit, ptr};

use crate::{Error, Secret, Totp};

/// What a slot can hold.
#[allow(clippy::large_enum_variant, reason = "a slot is as large as its largest key, on purpose")]
pub(super) enum Slot {
    /// Free; the next free slot is this one, if there is one.
    Free(Option<u32>),
    Secret(Secret),
    Totp(Totp),
}

/// The first chunk is static: whoever has a few keys never grows the memory.
const FIRST: usize = 32;
/// 32 slots doubled 15 times: a million in all, 300 MB.
const CHUNKS: usize = 15;
const PAGE: usize = 64 * 1024;

struct Slots {
    /// The first free slot of those that have been used.
    free: Option<u32>,
    /// How many slots have ever been used.
    used: u32,
    chunks: [*mut Slot; CHUNKS],
    first: [MaybeUninit<Slot>; FIRST],
}

struct Global(UnsafeCell<Slots>);

// SAFETY: the module has one thread; it is built without the atomics feature.
unsafe impl Sync for Global {}

static SLOTS: Global = Global(UnsafeCell::new(Slots {
    free: None,
    used: 0,
    chunks: [ptr::null_mut(); CHUNKS],
    first: [const { MaybeUninit::uninit() }; FIRST],
}));

/// Runs `make` and puts what it returns into a free slot.
///
/// # Errors
///
/// What `make` returns, and [`Error::TooManyKeys`].
pub(super) fn insert(make: impl FnOnce() -> Result<Slot, Error>) -> Result<u32, Error> {
    let slots = slots();
    let handle = slots.free.unwrap_or(slots.used);
    let place = slots.place(handle).ok_or(Error::TooManyKeys)?;
    if slots.free.is_some() {
        // SAFETY: a slot in the list of free ones was initialised when it was freed.
        if let Slot::Free(next) = unsafe { &*place } {
            let next = *next;
            // SAFETY: as above; the slot is inside a chunk, and nothing else refers to it.
            unsafe { place.write(make()?) };
            slots.free = next;
        }
    } else {
        // SAFETY: the slot is inside a chunk and has never been used.
        unsafe { place.write(make()?) };
        slots.used = slots.used.saturating_add(1);
    }
    Ok(handle)
}

/// The key behind a handle.
///
/// # Errors
///
/// [`Error::Misuse`] for a handle that was not given out.
pub(super) fn get(handle: u32) -> Result<&'static Slot, Error> {
    // SAFETY: a used slot is initialised. It is changed by `insert` and `free` only, and no export calls them while it
    // holds what it got from here.
    used(handle).map(|place| unsafe { &*place })
}

/// Wipes a key and hands its slot back. Freeing a slot twice changes nothing.
///
/// # Errors
///
/// [`Error::Misuse`] for a handle that was not given out.
#[inline(never)]
pub(super) fn free(handle: u32) -> Result<(), Error> {
    let place = used(handle)?;
    // SAFETY: a used slot is initialised, and nothing refers to it now.
    let slot = unsafe { &mut *place };
    if !matches!(slot, Slot::Free(_)) {
        let slots = slots();
        // Dropping the key wipes it: the crates `hmac`, `sha1` and `sha2` have their feature `zeroize`.
        *slot = Slot::Free(slots.free);
        slots.free = Some(handle);
    }
    Ok(())
}

fn slots() -> &'static mut Slots {
    // SAFETY: one thread, and no function of this file calls another one while it holds what it got from here.
    unsafe { &mut *SLOTS.0.get() }
}

fn used(handle: u32) -> Result<*mut Slot, Error> {
    let slots = slots();
    if handle < slots.used { slots.place(handle).ok_or(Error::Misuse) } else { Err(Error::Misuse) }
}

impl Slots {
    /// Where a slot lies; its chunk is made if it does not exist yet.
    fn place(&mut self, handle: u32) -> Option<*mut Slot> {
        // Chunk k begins with slot FIRST × (2^k - 1).
        let number = (handle as usize).checked_div(FIRST)?.checked_add(1)?.ilog2();
        let capacity = FIRST.checked_shl(number)?;
        let offset = (handle as usize).checked_sub(capacity.checked_sub(FIRST)?)?;
        let chunk = self.chunks.get_mut(number as usize)?;
        if chunk.is_null() {
            *chunk = if number == 0 { self.first.as_mut_ptr().cast() } else { grow(capacity)? };
        }
        // SAFETY: `offset` is below `capacity`, the number of slots in the chunk.
        Some(unsafe { chunk.add(offset) })
    }
}

/// Asks for memory for `capacity` slots.
fn grow(capacity: usize) -> Option<*mut Slot> {
    let pages = capacity.checked_mul(size_of::<Slot>())?.div_ceil(PAGE);
    match wasm32::memory_grow::<0>(pages) {
        usize::MAX => None,
        before => Some(ptr::with_exposed_provenance_mut(before.checked_mul(PAGE)?)),
    }
}
