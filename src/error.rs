use core::fmt;

/// Why an input was refused.
///
/// Positions are byte offsets into the text that was given, from 0. No variant carries any part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "what `at` means is said once, above")]
pub enum Error {
    /// The private key is empty.
    SecretEmpty,
    /// The private key is longer than any Kraken has issued; see [`Secret::MAX_BYTES`](crate::Secret::MAX_BYTES).
    SecretTooLong,
    /// White space inside the private key: a line break or a blank that came along with copying.
    SecretWhiteSpace { at: usize },
    /// `-` or `_`: the private key is in the URL-safe alphabet; Kraken's has `+` and `/` in their places.
    SecretUrlSafe { at: usize },
    /// A character that base64 does not have.
    SecretCharacter { at: usize },
    /// The number of characters is not a multiple of four: some are missing.
    SecretLength,
    /// `=` somewhere else than in the last two places.
    SecretPadding { at: usize },
    /// The last character carries bits that belong to no byte: it was changed, or the end is missing.
    SecretTrailingBits,

    /// The setup key is empty.
    OtpKeyEmpty,
    /// The setup key is longer than [`Totp::MAX_KEY_BYTES`](crate::Totp::MAX_KEY_BYTES).
    OtpKeyTooLong,
    /// A character that base32 does not have. (It has A–Z and 2–7.)
    OtpKeyCharacter { at: usize },
    /// No number of bytes has this many base32 characters: some are missing.
    OtpKeyLength,
    /// The last character carries bits that belong to no byte: it was changed, or the end is missing.
    OtpKeyTrailingBits,
    /// A number of digits other than 6, 7 or 8.
    OtpDigits,
    /// A period of 0 seconds, or one longer than a day.
    OtpPeriod,
    /// An algorithm other than SHA-1, SHA-256 and SHA-512.
    OtpAlgorithm,
    /// More steps before and after than [`Totp::MAX_WINDOW`](crate::Totp::MAX_WINDOW).
    OtpWindow,
    /// A time that is no number, lies before 1970 or too far ahead.
    OtpTime,
    /// The URI begins with something other than `otpauth://`.
    UriScheme,
    /// The URI is for something other than time-based codes, such as `otpauth://hotp/`.
    UriType,
    /// The URI has no `secret`.
    UriSecretMissing,
    /// A parameter occurs twice.
    UriDuplicate { at: usize },
    /// `%` without two hexadecimal digits behind it.
    UriEscape { at: usize },
    /// An option contradicts the URI.
    UriConflict,

    /// A nonce that is not a decimal integer without sign and leading zeros.
    NonceDecimal,
    /// A nonce above 2^64 - 1.
    NonceRange,
    /// A nonce more than a day ahead of the clock: once sent, it would make the key refuse everything until then.
    NonceAhead,
    /// No number is left above the last nonce.
    NonceExhausted,
    /// A clock beyond the year 2200: its readings are not the time since 1970, or not in the unit they are taken for.
    NonceClock,

    /// The encoded form does not fit its buffer.
    FormFull,

    /// No room for another key.
    TooManyKeys,
    /// The source of random numbers failed.
    Random,
    /// A length, position or handle that the caller of the binding made up.
    Misuse,
}

impl Error {
    /// The number that stands for this error across the WebAssembly boundary: from 1 to 255, and never reused.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::SecretEmpty => 1,
            Self::SecretTooLong => 2,
            Self::SecretWhiteSpace { .. } => 3,
            Self::SecretUrlSafe { .. } => 4,
            Self::SecretCharacter { .. } => 5,
            Self::SecretLength => 6,
            Self::SecretPadding { .. } => 7,
            Self::SecretTrailingBits => 8,
            Self::OtpKeyEmpty => 20,
            Self::OtpKeyTooLong => 21,
            Self::OtpKeyCharacter { .. } => 22,
            Self::OtpKeyLength => 23,
            Self::OtpKeyTrailingBits => 24,
            Self::OtpDigits => 25,
            Self::OtpPeriod => 26,
            Self::OtpAlgorithm => 27,
            Self::OtpWindow => 28,
            Self::OtpTime => 29,
            Self::UriScheme => 40,
            Self::UriType => 41,
            Self::UriSecretMissing => 42,
            Self::UriDuplicate { .. } => 43,
            Self::UriEscape { .. } => 44,
            Self::UriConflict => 45,
            Self::NonceDecimal => 60,
            Self::NonceRange => 61,
            Self::NonceAhead => 62,
            Self::NonceExhausted => 63,
            Self::NonceClock => 64,
            Self::FormFull => 70,
            Self::TooManyKeys => 80,
            Self::Random => 81,
            Self::Misuse => 82,
        }
    }

    /// Where in the given text the mistake is, as a byte offset from 0, if it is in one place.
    #[must_use]
    pub const fn position(self) -> Option<usize> {
        match self {
            Self::SecretWhiteSpace { at }
            | Self::SecretUrlSafe { at }
            | Self::SecretCharacter { at }
            | Self::SecretPadding { at }
            | Self::OtpKeyCharacter { at }
            | Self::UriDuplicate { at }
            | Self::UriEscape { at } => Some(at),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretEmpty => "the private key is empty",
            Self::SecretTooLong => "the private key is too long to be one of Kraken's",
            Self::SecretWhiteSpace { .. } => "white space inside the private key",
            Self::SecretUrlSafe { .. } => {
                "the private key is in the URL-safe alphabet; Kraken's has + and / in place of - and _"
            }
            Self::SecretCharacter { .. } => "a character of the private key is not base64",
            Self::SecretLength => "the length of the private key is not a multiple of four: characters are missing",
            Self::SecretPadding { .. } => "= in the private key is allowed in the last two places only",
            Self::SecretTrailingBits => "the end of the private key was changed or is missing",
            Self::OtpKeyEmpty => "the setup key is empty",
            Self::OtpKeyTooLong => "the setup key is too long",
            Self::OtpKeyCharacter { .. } => "a character of the setup key is not base32, which has A to Z and 2 to 7",
            Self::OtpKeyLength => "the setup key has an impossible length: characters are missing",
            Self::OtpKeyTrailingBits => "the end of the setup key was changed or is missing",
            Self::OtpDigits => "a code has 6, 7 or 8 digits",
            Self::OtpPeriod => "a period lasts from 1 second to a day",
            Self::OtpAlgorithm => "the algorithm is SHA1, SHA256 or SHA512",
            Self::OtpWindow => "the window is too wide",
            Self::OtpTime => "the time is not one that codes exist for",
            Self::UriScheme => "the URI does not begin with otpauth://",
            Self::UriType => "the URI is not for time-based codes: otpauth://totp/ is expected",
            Self::UriSecretMissing => "the URI has no secret",
            Self::UriDuplicate { .. } => "a parameter of the URI occurs twice",
            Self::UriEscape { .. } => "% in the URI lacks its two hexadecimal digits",
            Self::UriConflict => "an option contradicts the URI",
            Self::NonceDecimal => "a nonce is a decimal integer without sign or leading zeros",
            Self::NonceRange => "a nonce is at most 2^64 - 1",
            Self::NonceAhead => "the nonce is more than a day ahead of the clock",
            Self::NonceExhausted => "no nonce is left above the last one",
            Self::NonceClock => "the clock is not in the unit that it is taken for, or far off",
            Self::FormFull => "the form does not fit its buffer",
            Self::TooManyKeys => "no room for another key",
            Self::Random => "the source of random numbers failed",
            Self::Misuse => "a length, position or handle is not one that was given out",
        })?;
        match self.position() {
            Some(at) => write!(f, " (at offset {at})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
