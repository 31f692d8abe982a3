//! The middle stages: how nonce, body, path and digest may have been put together.

use super::{
    Api,
    mistakes::{Mistake, Set},
};

/// A value that is put together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Nonce,
    Body,
    Path,
    Digest,
}

/// An order in which values are hashed, and signed.
pub(super) struct Assembly {
    pub(super) hashed: &'static [Value],
    pub(super) message: &'static [Value],
    pub(super) mistakes: Set,
}

const fn assembly(hashed: &'static [Value], message: &'static [Value], mistakes: &[Mistake]) -> Assembly {
    Assembly { hashed, message, mistakes: Set::of(mistakes) }
}

/// Every order for an API. The first is the right one.
pub(super) const fn assemblies(api: Api) -> &'static [Assembly] {
    use Value::{Body, Digest, Nonce, Path};
    const SPOT: &[Assembly] =
        &[assembly(&[Nonce, Body], &[Path, Digest], &[]), assembly(&[Body], &[Path, Digest], &[Mistake::NonceMissing])];
    const FUTURES: &[Assembly] =
        &[assembly(&[Body, Nonce, Path], &[Digest], &[]), assembly(&[Body, Path], &[Digest], &[Mistake::NonceMissing])];
    match api {
        Api::Spot => SPOT,
        Api::Futures => FUTURES,
    }
}
