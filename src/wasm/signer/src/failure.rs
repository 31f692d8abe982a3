//! The errors of exports, and their encoding as numbers.

use kraken_signer::Error;

use crate::codes::{ERRORS, MISUSES, Misuse};

/// The reason why an export failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// An error of the crate.
    Core(Error),
    /// An error of the binding.
    Binding(Misuse),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        Self::Binding(misuse)
    }
}

/// The caller encodes text as UTF-8, so other bytes are a misuse.
impl From<core::str::Utf8Error> for Failure {
    fn from(_: core::str::Utf8Error) -> Self {
        Misuse::Argument.into()
    }
}

/// Returns the return value of an export: a value from 0 to `i32::MAX`, or a negative number for an error.
#[inline(never)]
pub(crate) fn answer(outcome: Result<u32, Failure>) -> i32 {
    match outcome {
        Ok(value) => i32::try_from(value).unwrap_or(i32::MAX),
        Err(failure) => failure.number(),
    }
}

impl Failure {
    fn number(self) -> i32 {
        let (code, position) = match self {
            Self::Core(error) => (core_code(error), error.position()),
            Self::Binding(misuse) => {
                let code = MISUSES.iter().find(|(_, known)| *known == misuse).map_or(0, |(code, _)| *code);
                (code, None)
            }
        };
        // Positions are within the buffer, so this does not saturate.
        let position = position.and_then(|at| i32::try_from(at).ok()).map_or(0, |at| at.saturating_add(1));
        position.saturating_mul(-256).saturating_sub(code.into())
    }
}

fn core_code(error: Error) -> u8 {
    let kind = core::mem::discriminant(&error);
    ERRORS.iter().find(|(_, known)| core::mem::discriminant(known) == kind).map_or(0, |(code, _)| *code)
}
