//! The panic handler and the allocator, which `std` would provide. The binary must define both, and uses neither.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    panic::PanicInfo,
    ptr,
};

/// Turns a panic into a trap. The loader reports it and creates a new instance. The message is not formatted, so that no part
/// of it is linked.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// An allocator that always fails. The core does not allocate, and wasm-bindgen must not.
struct None;

// SAFETY: an allocator may fail always, and is only asked to free what it has allocated.
unsafe impl GlobalAlloc for None {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NONE: None = None;
