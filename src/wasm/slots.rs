//! Where keys live: slots that handles number, in memory that is grown without an allocator.
//!
//! Nobody else asks for memory, so the slots are one array, from the end of the static data to the end of the memory. They
//! never move, so none leaves a copy behind; freed slots are wiped and handed out again.

use core::{arch::wasm32, cell::UnsafeCell, ptr};

use crate::{Error, Secret, Totp};

/// What a slot can hold.
#[allow(clippy::large_enum_variant, reason = "a slot is as large as its largest key, on purpose")]
pub(super) enum Slot {
    /// Free; the next free slot is this one, if there is one.
    Free(Option<u32>),
    Secret(Secret),
    Totp(Totp),
}

/// A million keys, 160 MB.
const MOST: u32 = if cfg!(test) { 1 << 10 } else { 1 << 20 };
const PAGE: usize = 64 * 1024;

struct Slots {
    /// The first free slot of those that have been used.
    free: Option<u32>,
    /// How many slots have ever been used.
    used: u32,
}

struct Global(UnsafeCell<Slots>);

// SAFETY: the module has one thread; it is built without the atomics feature.
unsafe impl Sync for Global {}

static SLOTS: Global = Global(UnsafeCell::new(Slots { free: None, used: 0 }));

/// Puts a key into a free slot and returns its handle.
///
/// # Errors
///
/// [`Error::TooManyKeys`].
pub(super) fn insert(key: Slot) -> Result<u32, Error> {
    let slots = slots();
    let handle = slots.free.unwrap_or(slots.used);
    let place = place(handle).ok_or(Error::TooManyKeys)?;
    if slots.free.is_some() {
        // SAFETY: a slot in the list of free ones was initialised when it was freed.
        slots.free = if let Slot::Free(next) = unsafe { &*place } { *next } else { None };
    } else {
        slots.used = slots.used.wrapping_add(1);
    }
    // SAFETY: the slot lies in memory that is nobody else's. It holds nothing that would have to be dropped.
    unsafe { place.write(key) };
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
        // Dropping the key wipes it.
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
    if handle < slots().used { place(handle).ok_or(Error::Misuse) } else { Err(Error::Misuse) }
}

/// Where the slots begin: behind the static data, as the linker says.
#[cfg(not(test))]
fn base() -> usize {
    unsafe extern "C" {
        static __heap_base: u8;
    }
    (&raw const __heap_base).addr().next_multiple_of(align_of::<Slot>())
}

/// In tests from inside there is an allocator, and what lies behind the static data is its own.
#[cfg(test)]
fn base() -> usize {
    struct Room(UnsafeCell<core::mem::MaybeUninit<[Slot; MOST as usize]>>);
    // SAFETY: one thread.
    unsafe impl Sync for Room {}
    static ROOM: Room = Room(UnsafeCell::new(core::mem::MaybeUninit::uninit()));
    ROOM.0.get().expose_provenance()
}

/// Where a slot lies; the memory grows if it ends before.
#[inline(never)]
fn place(handle: u32) -> Option<*mut Slot> {
    if handle >= MOST {
        return None;
    }
    // A million slots lie below 2^32.
    let start = base().wrapping_add((handle as usize).wrapping_mul(size_of::<Slot>()));
    let end = start.wrapping_add(size_of::<Slot>());
    if end.div_ceil(PAGE) > wasm32::memory_size::<0>() && wasm32::memory_grow::<0>(1) == usize::MAX {
        return None;
    }
    Some(ptr::with_exposed_provenance_mut(start))
}
