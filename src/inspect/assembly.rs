//! The order in which nonce, body, path and digest may have been joined.

use super::{Api, mistakes::Mistake, set::Set};

/// A part of the hashed text or of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Nonce,
    Body,
    Path,
    Digest,
}

/// An order in which values are hashed, and the orders in which the digest may be signed then.
pub(super) struct Assembly {
    pub(super) hashed: &'static [Value],
    pub(super) messages: &'static [Message],
}

/// An order in which values are signed.
pub(super) struct Message {
    pub(super) values: &'static [Value],
    /// The mistakes of both orders.
    pub(super) mistakes: Set,
}

impl Assembly {
    /// Returns whether a value is hashed or signed.
    pub(super) fn has(&self, value: Value) -> bool {
        self.hashed.contains(&value) || self.messages.iter().any(|message| message.values.contains(&value))
    }

    /// Returns the number of mistakes of the likeliest message together with `set`.
    pub(super) fn fewest(&self, set: Set) -> u32 {
        self.messages.iter().map(|message| set.and(message.mistakes).len()).min().unwrap_or(u32::MAX)
    }
}

const fn assembly(hashed: &'static [Value], messages: &'static [Message]) -> Assembly {
    Assembly { hashed, messages }
}

const fn message(values: &'static [Value], mistakes: &[Mistake]) -> Message {
    Message { values, mistakes: Set::of(mistakes) }
}

/// Returns every order for an API. The first one is right.
pub(super) const fn assemblies(api: Api) -> &'static [Assembly] {
    use Mistake::{
        HashMissing, HashOrder, MessageOrder, NonceMissing, PathInHash, PathMissing, SchemeOfFutures, SchemeOfSpot,
    };
    use Value::{Body, Digest, Nonce, Path};
    const SPOT: &[Assembly] = &[
        assembly(
            &[Nonce, Body],
            &[
                message(&[Path, Digest], &[]),
                message(&[Digest, Path], &[MessageOrder]),
                message(&[Digest], &[PathMissing]),
            ],
        ),
        assembly(
            &[Body],
            &[
                message(&[Path, Digest], &[NonceMissing]),
                message(&[Digest, Path], &[NonceMissing, MessageOrder]),
                message(&[Digest], &[NonceMissing, PathMissing]),
            ],
        ),
        assembly(
            &[Body, Nonce],
            &[
                message(&[Path, Digest], &[HashOrder]),
                message(&[Digest, Path], &[HashOrder, MessageOrder]),
                message(&[Digest], &[HashOrder, PathMissing]),
            ],
        ),
        assembly(&[Body, Nonce, Path], &[message(&[Digest], &[SchemeOfFutures])]),
        assembly(&[Body, Path], &[message(&[Digest], &[SchemeOfFutures, NonceMissing])]),
        assembly(&[Path, Nonce, Body], &[message(&[Digest], &[PathInHash])]),
        assembly(&[Path, Body], &[message(&[Digest], &[PathInHash, NonceMissing])]),
        assembly(&[Nonce, Path, Body], &[message(&[Digest], &[PathInHash, HashOrder])]),
        assembly(&[], &[message(&[Path, Nonce, Body], &[HashMissing])]),
        assembly(&[], &[message(&[Path, Body], &[HashMissing, NonceMissing])]),
        assembly(&[], &[message(&[Nonce, Body, Path], &[HashMissing, MessageOrder])]),
        assembly(&[], &[message(&[Nonce, Body], &[HashMissing, PathMissing])]),
        assembly(&[], &[message(&[Nonce, Path, Body], &[HashMissing, HashOrder])]),
        assembly(&[], &[message(&[Body, Nonce, Path], &[HashMissing, SchemeOfFutures])]),
    ];
    const FUTURES: &[Assembly] = &[
        assembly(&[Body, Nonce, Path], &[message(&[Digest], &[])]),
        assembly(&[Body, Path], &[message(&[Digest], &[NonceMissing])]),
        assembly(
            &[Body, Nonce],
            &[message(&[Digest], &[PathMissing]), message(&[Path, Digest], &[SchemeOfSpot, HashOrder])],
        ),
        assembly(
            &[Body],
            &[
                message(&[Digest], &[PathMissing, NonceMissing]),
                message(&[Path, Digest], &[SchemeOfSpot, NonceMissing]),
            ],
        ),
        assembly(&[Nonce, Body, Path], &[message(&[Digest], &[HashOrder])]),
        assembly(&[Body, Path, Nonce], &[message(&[Digest], &[HashOrder])]),
        assembly(&[Path, Nonce, Body], &[message(&[Digest], &[HashOrder])]),
        assembly(&[Path, Body, Nonce], &[message(&[Digest], &[HashOrder])]),
        assembly(&[Nonce, Path, Body], &[message(&[Digest], &[HashOrder])]),
        assembly(&[Path, Body], &[message(&[Digest], &[HashOrder, NonceMissing])]),
        assembly(
            &[Nonce, Body],
            &[message(&[Path, Digest], &[SchemeOfSpot]), message(&[Digest], &[HashOrder, PathMissing])],
        ),
        assembly(&[], &[message(&[Body, Nonce, Path], &[HashMissing])]),
        assembly(&[], &[message(&[Body, Path], &[HashMissing, NonceMissing])]),
        assembly(&[], &[message(&[Body, Nonce], &[HashMissing, PathMissing])]),
        assembly(&[], &[message(&[Nonce, Body, Path], &[HashMissing, HashOrder])]),
        assembly(&[], &[message(&[Path, Nonce, Body], &[HashMissing, SchemeOfSpot])]),
    ];
    match api {
        Api::Spot => SPOT,
        Api::Futures => FUTURES,
    }
}
