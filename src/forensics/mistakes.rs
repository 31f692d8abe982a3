//! The table of mistakes: what each is called, where it happens, what it means and what helps.

use serde::Serialize;

use super::StepName;

/// One line of the table for each mistake: name in Rust, name for programs, step, rarity, explanation, fix.
///
/// The order is that of likelihood among mistakes of the same rarity: where two explain a signature equally well, the
/// rarer one, then the later one, is not named.
macro_rules! table {
    ($($mistake:ident $name:literal $step:ident $rarity:literal $explanation:literal $fix:literal)*) => {
        /// A known way to get a signature wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is described by its own explanation")]
        #[non_exhaustive]
        pub enum Mistake {
            $(#[doc = $explanation] $mistake,)*
        }

        impl Mistake {
            /// All mistakes, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$mistake),*];

            /// What the table says about it.
            #[must_use]
            pub const fn description(self) -> Description {
                match self {
                    $(Self::$mistake => Description {
                        name: $name,
                        step: StepName::$step,
                        rarity: $rarity,
                        explanation: $explanation,
                        fix: $fix,
                    },)*
                }
            }
        }
    };
}

/// What is known of a mistake.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Its name, for programs.
    pub name: &'static str,
    /// The value of the [explanation](super::Explanation) that it spoils first.
    pub step: StepName,
    /// From 1, made often, to 9.
    #[serde(skip)]
    pub(super) rarity: u8,
    /// What was done, in a sentence.
    pub explanation: &'static str,
    /// What to do instead, in a sentence.
    pub fix: &'static str,
}

/// The whole table.
pub fn descriptions() -> impl Iterator<Item = Description> {
    Mistake::ALL.iter().map(|mistake| mistake.description())
}

table! {
    SecretAsText "secret-as-text" Secret 1
        "The private key was used as text: its base64 characters were the HMAC key."
        "Decode the private key from base64 and use the 64 bytes as the HMAC key."
    DigestAsHex "digest-as-hex" Digest 1
        "The SHA-256 digest was appended as hexadecimal text."
        "Append the 32 bytes of the digest to the path, not their hexadecimal digits."
    NonceMissing "nonce-missing" Hashed 1
        "The nonce was not put before the body when it was hashed."
        "Hash nonce ‖ body: the nonce in decimal, directly followed by the body, which has the nonce in it again."
    OutputHex "output-hex" Signature 1
        "The signature was written in hexadecimal."
        "Write the 64 bytes of the HMAC in base64."
}

/// A few mistakes at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Set(u64);

impl Set {
    pub(super) const NONE: Self = Self(0);

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

    pub(super) const fn has(self, mistake: Mistake) -> bool {
        self.0 & Self::of(&[mistake]).0 != 0
    }

    pub(super) const fn len(self) -> u32 {
        self.0.count_ones()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Mistake> {
        Mistake::ALL.iter().copied().filter(move |mistake| self.has(*mistake))
    }

    /// How unlikely, among sets of the same length; the order of the table decides between equals.
    pub(super) fn rarity(self) -> (u32, u64) {
        (self.iter().map(|mistake| u32::from(mistake.description().rarity)).sum(), self.0)
    }
}
