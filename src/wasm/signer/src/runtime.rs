//! What `std` would bring along: the binary needs a panic handler and an allocator by name, and uses neither.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    panic::PanicInfo,
    ptr,
};

/// A panic is a trap: the loader reports it and builds a new instance. Without formatting, nothing of the message is
/// linked.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// The core does not allocate; what wasm-bindgen would like to allocate, it does not get.
struct None;

// SAFETY: an allocator may refuse everything, and is never asked to free what it did not give.
unsafe impl GlobalAlloc for None {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NONE: None = None;
