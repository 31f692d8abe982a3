//! SHA-256 of a message that arrives in pieces.

use core::mem::ManuallyDrop;

use hmac::{
    EagerHash,
    digest::{
        Output,
        array::Array,
        block_api::{Buffer, FixedOutputCore, UpdateCore},
    },
};
use sha2::Sha256;
use zeroize::optimization_barrier;

type Core = <Sha256 as EagerHash>::Core;

/// A message that is being hashed. It is wiped when it is dropped, because it may contain a password.
///
/// It is what `Sha256` is inside: the hash and its buffer. `Sha256` itself is moved, reset and wiped more often than signing needs.
#[derive(Clone, Default)]
pub(crate) struct Message {
    core: Core,
    /// Wiped by `drop` below. Its own `drop` would move a block of zeros into it.
    buffer: ManuallyDrop<Buffer<Core>>,
}

impl Message {
    /// Appends to the message.
    pub(crate) fn update(&mut self, part: &[u8]) {
        let Self { core, buffer } = self;
        buffer.digest_blocks(part, |blocks| core.update_blocks(blocks));
    }

    /// Returns the hash. The message is complete, and is not used afterwards.
    pub(crate) fn digest(&mut self) -> Output<Core> {
        let mut digest = Output::<Core>::default();
        self.core.finalize_fixed_core(&mut self.buffer, &mut digest);
        digest
    }
}

impl Drop for Message {
    /// Wipes the buffer. The core wipes itself.
    fn drop(&mut self) {
        self.buffer.set(Array::default(), 0);
        optimization_barrier(&self.buffer);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use sha2::Digest;
    use std::vec::Vec;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Every length up to three blocks, in pieces of every length.
    #[test]
    fn agrees_with_sha256_however_a_message_is_cut() {
        let message: Vec<u8> = (0..192).collect();
        for length in (0..=message.len()).step_by(if cfg!(miri) { 31 } else { 1 }) {
            for piece in (1..=length.max(1)).step_by(if cfg!(miri) { 29 } else { 1 }) {
                let mut hashed = Message::default();
                for part in message[..length].chunks(piece) {
                    hashed.update(part);
                }
                assert_eq!(
                    hashed.clone().digest(),
                    Sha256::digest(&message[..length]),
                    "{length} in pieces of {piece}"
                );
            }
        }
    }
}
