//! What an export answers in place of a value.

use kraken_signer::Error;

use crate::codes::{ERRORS, MISUSES, Misuse};

/// Why an export refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// What the crate refuses.
    Core(Error),
    /// What the binding refuses.
    Binding(Misuse),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<Misuse> for Refusal {
    fn from(misuse: Misuse) -> Self {
        Self::Binding(misuse)
    }
}

/// Text that is not UTF-8: who calls this encodes it himself.
impl From<core::str::Utf8Error> for Refusal {
    fn from(_: core::str::Utf8Error) -> Self {
        Misuse::Argument.into()
    }
}

/// The answer of an export: a value from 0 to `i32::MAX`, or an error below zero.
#[inline(never)]
pub(crate) fn answer(outcome: Result<u32, Refusal>) -> i32 {
    match outcome {
        Ok(value) => i32::try_from(value).unwrap_or(i32::MAX),
        Err(refusal) => refusal.number(),
    }
}

impl Refusal {
    fn number(self) -> i32 {
        let (code, position) = match self {
            Self::Core(error) => (core_code(error), error.position()),
            Self::Binding(misuse) => {
                let code = MISUSES.iter().find(|(_, known)| *known == misuse).map_or(0, |(code, _)| *code);
                (code, None)
            }
        };
        // Positions lie within the buffer, so nothing saturates.
        let place = position.and_then(|at| i32::try_from(at).ok()).map_or(0, |at| at.saturating_add(1));
        place.saturating_mul(-256).saturating_sub(code.into())
    }
}

fn core_code(error: Error) -> u8 {
    let kind = core::mem::discriminant(&error);
    ERRORS.iter().find(|(_, known)| core::mem::discriminant(known) == kind).map_or(0, |(code, _)| *code)
}
