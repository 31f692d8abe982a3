//! The work that a search may do. It is counted in bytes and not in time, so that the same input always gives the same answer.

use core::cell::Cell;

/// The work for one signature: about a second in WebAssembly on a slow machine.
const ALL: usize = 112 << 20;

/// The work for the last search, for a nonce some distance away, which comes after all others.
const DISTANT: usize = 12 << 20;

/// The work that computing a MAC is, besides its message.
pub(super) const MAC: usize = 300;

/// The work that is left.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<usize>,
    /// What later levels of the search keep.
    kept: Cell<usize>,
    /// Whether something was left out because there was no work left for it.
    short: Cell<bool>,
}

impl Work {
    pub(super) const fn of_search() -> Self {
        Self::new(ALL)
    }

    pub(super) const fn of_distant() -> Self {
        Self::new(DISTANT)
    }

    pub(super) const fn new(left: usize) -> Self {
        Self { left: Cell::new(left), kept: Cell::new(0), short: Cell::new(false) }
    }

    /// Keeps a part of what is left for combinations of more than `count` mistakes.
    pub(super) fn share(&self, count: u32) {
        let left = self.left.get().saturating_add(self.kept.get());
        let kept = if count == 2 { left / 3 } else { 0 };
        self.kept.set(kept);
        self.left.set(left.saturating_sub(kept));
    }

    /// Returns half of what is left.
    pub(super) const fn half(&self) -> usize {
        self.left.get() / 2
    }

    /// Takes the work for this many bytes, or returns false if there is not so much left above `kept`.
    pub(super) fn take_above(&self, kept: usize, bytes: usize) -> bool {
        self.left.get().saturating_sub(kept) > bytes && self.take(bytes)
    }

    /// Takes the work for this many bytes, or returns false if there is not so much left.
    pub(super) fn take(&self, bytes: usize) -> bool {
        match self.left.get().checked_sub(bytes) {
            Some(left) => self.left.set(left),
            None => self.leave_out(),
        }
        !self.is_done()
    }

    fn leave_out(&self) {
        self.left.set(0);
        self.note();
    }

    /// Notes that something is left out.
    pub(super) fn note(&self) {
        self.short.set(true);
    }

    /// Returns whether no work is left.
    pub(super) fn is_done(&self) -> bool {
        self.left.get() == 0
    }

    /// Returns whether something was left out.
    pub(super) fn is_short(&self) -> bool {
        self.short.get()
    }
}
