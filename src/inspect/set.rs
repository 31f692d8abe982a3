//! Sets of mistakes.

use super::{Mistake, search::MOST};

#[cfg(test)]
extern crate std;

#[cfg(test)]
std::thread_local! {
    /// The mistakes that a test leaves out of the search.
    pub(super) static LEFT_OUT: core::cell::Cell<Set> = const { core::cell::Cell::new(Set::NONE) };
}

#[cfg(test)]
fn left_out() -> Set {
    LEFT_OUT.get()
}

#[cfg(not(test))]
const fn left_out() -> Set {
    Set::NONE
}

/// A set of mistakes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(u128);

impl Set {
    pub(super) const NONE: Self = Self(0);

    /// Mistakes that are searched for in combinations of up to two: all combinations of three would take too long.
    pub(super) const UNCOMMON: Self = Self::of(&[
        Mistake::SecretAsHex,
        Mistake::SecretMissing,
        Mistake::SecretFromHex,
        Mistake::SecretTwice,
        Mistake::SecretZeroByte,
        Mistake::SecretHashed,
        Mistake::ParametersAdded,
        Mistake::ParameterNames,
        Mistake::ParametersNotSent,
        Mistake::OtpApart,
        Mistake::NonceNotation,
        Mistake::NumberFormat,
        Mistake::NestedAsText,
        Mistake::LiteralsAsText,
        Mistake::BodyQuoted,
        Mistake::BodyCharset,
        Mistake::LineEnds,
        Mistake::ParameterSeparator,
        Mistake::Ascii,
        Mistake::PartsSeparated,
        Mistake::PathPrefix,
        Mistake::PathOtherVersion,
        Mistake::PathOtherEndpoint,
        Mistake::QueryOrder,
        Mistake::QueryEncoding,
        Mistake::PathDoubleSlash,
        Mistake::DigestAsNumbers,
        Mistake::DigestAsObject,
        Mistake::DigestZeroByte,
        Mistake::DigestOtherHash,
        Mistake::MessageAsText,
        Mistake::MacOtherHash,
    ]);

    /// Returns whether a combination of this many mistakes may contain this set.
    pub(super) const fn within(self, count: u32) -> bool {
        count < MOST || self.common(Self::UNCOMMON).0 == 0
    }

    /// Returns whether all mistakes of this set are searched for. They are, except where a test leaves some out.
    pub(super) fn is_searched(self) -> bool {
        self.common(left_out()).is_empty()
    }

    pub(super) const fn of(mistakes: &[Mistake]) -> Self {
        let mut bits = 0;
        let mut rest = mistakes;
        while let [first, others @ ..] = rest {
            bits |= 1 << *first as u32;
            rest = others;
        }
        Self(bits)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn has(self, mistake: Mistake) -> bool {
        self.0 & Self::of(&[mistake]).0 != 0
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Mistake> {
        // From bit to bit, because most mistakes are not in a set.
        let bits = core::iter::successors(Some(self.0), |bits| Some(bits & bits.wrapping_sub(1)));
        let places = bits.take_while(|bits| *bits != 0).map(u128::trailing_zeros);
        places.filter_map(|at| Mistake::ALL.get(usize::try_from(at).ok()?).copied())
    }

    /// Returns how unlikely this set is, compared with others of the same size. The order of the table breaks ties.
    pub(super) fn rarity(self) -> (u32, u128) {
        (self.iter().map(|mistake| u32::from(mistake.description().rarity)).sum(), self.0)
    }
}
