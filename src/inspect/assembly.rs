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

/// An order in which values are hashed and signed.
pub(super) struct Assembly {
    pub(super) hashed: &'static [Value],
    pub(super) message: &'static [Value],
    pub(super) mistakes: Set,
}

const fn assembly(hashed: &'static [Value], message: &'static [Value], mistakes: &[Mistake]) -> Assembly {
    Assembly { hashed, message, mistakes: Set::of(mistakes) }
}

/// Returns every order for an API. The first one is right.
pub(super) const fn assemblies(api: Api) -> &'static [Assembly] {
    use Mistake::{
        HashMissing, HashOrder, MessageOrder, NonceMissing, PathInHash, PathMissing, SchemeOfFutures, SchemeOfSpot,
    };
    use Value::{Body, Digest, Nonce, Path};
    const SPOT: &[Assembly] = &[
        assembly(&[Nonce, Body], &[Path, Digest], &[]),
        assembly(&[Body], &[Path, Digest], &[NonceMissing]),
        assembly(&[Body, Nonce], &[Path, Digest], &[HashOrder]),
        assembly(&[Nonce, Body], &[Digest, Path], &[MessageOrder]),
        assembly(&[Body], &[Digest, Path], &[NonceMissing, MessageOrder]),
        assembly(&[Body, Nonce], &[Digest, Path], &[HashOrder, MessageOrder]),
        assembly(&[Nonce, Body], &[Digest], &[PathMissing]),
        assembly(&[Body], &[Digest], &[NonceMissing, PathMissing]),
        assembly(&[Body, Nonce], &[Digest], &[HashOrder, PathMissing]),
        assembly(&[Body, Nonce, Path], &[Digest], &[SchemeOfFutures]),
        assembly(&[Body, Path], &[Digest], &[SchemeOfFutures, NonceMissing]),
        assembly(&[Path, Nonce, Body], &[Digest], &[PathInHash]),
        assembly(&[Path, Body], &[Digest], &[PathInHash, NonceMissing]),
        assembly(&[Nonce, Path, Body], &[Digest], &[PathInHash, HashOrder]),
        assembly(&[], &[Path, Nonce, Body], &[HashMissing]),
        assembly(&[], &[Path, Body], &[HashMissing, NonceMissing]),
        assembly(&[], &[Nonce, Body, Path], &[HashMissing, MessageOrder]),
        assembly(&[], &[Nonce, Body], &[HashMissing, PathMissing]),
        assembly(&[], &[Nonce, Path, Body], &[HashMissing, HashOrder]),
        assembly(&[], &[Body, Nonce, Path], &[HashMissing, SchemeOfFutures]),
    ];
    const FUTURES: &[Assembly] = &[
        assembly(&[Body, Nonce, Path], &[Digest], &[]),
        assembly(&[Body, Path], &[Digest], &[NonceMissing]),
        assembly(&[Body, Nonce], &[Digest], &[PathMissing]),
        assembly(&[Body], &[Digest], &[PathMissing, NonceMissing]),
        assembly(&[Nonce, Body, Path], &[Digest], &[HashOrder]),
        assembly(&[Body, Path, Nonce], &[Digest], &[HashOrder]),
        assembly(&[Path, Nonce, Body], &[Digest], &[HashOrder]),
        assembly(&[Path, Body, Nonce], &[Digest], &[HashOrder]),
        assembly(&[Nonce, Path, Body], &[Digest], &[HashOrder]),
        assembly(&[Path, Body], &[Digest], &[HashOrder, NonceMissing]),
        assembly(&[Nonce, Body], &[Digest], &[HashOrder, PathMissing]),
        assembly(&[Nonce, Body], &[Path, Digest], &[SchemeOfSpot]),
        assembly(&[Body], &[Path, Digest], &[SchemeOfSpot, NonceMissing]),
        assembly(&[Body, Nonce], &[Path, Digest], &[SchemeOfSpot, HashOrder]),
        assembly(&[], &[Body, Nonce, Path], &[HashMissing]),
        assembly(&[], &[Body, Path], &[HashMissing, NonceMissing]),
        assembly(&[], &[Body, Nonce], &[HashMissing, PathMissing]),
        assembly(&[], &[Nonce, Body, Path], &[HashMissing, HashOrder]),
        assembly(&[], &[Path, Nonce, Body], &[HashMissing, SchemeOfSpot]),
    ];
    match api {
        Api::Spot => SPOT,
        Api::Futures => FUTURES,
    }
}
