use core::fmt;

/// Why an input was refused.
///
/// Positions are byte offsets into the text that was given, from 0. No variant carries any part of a key.
///
/// ```
/// use kraken_signer::{Error, Secret};
///
/// let error = "AQEB\nAQE=".parse::<Secret>().unwrap_err();
/// assert_eq!(error, Error::SecretWhiteSpace { at: 4 });
/// assert_eq!(error.to_string(), "the private key has white space inside (at offset 4)");
/// ```
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
    /// The URI begins with something other than `otpauth://`.
    UriScheme,
    /// The URI is an export of an app, with all its keys: `otpauth-migration://`.
    UriMigration,
    /// The URI is for something other than time-based codes, such as `otpauth://hotp/`.
    UriType,
    /// The URI has no `secret`.
    UriSecretMissing,
    /// A parameter occurs twice.
    UriDuplicate { at: usize },
    /// `%` without two hexadecimal digits behind it.
    UriEscape { at: usize },
    /// `&amp;` in place of `&`: the URI was copied from the source of a page.
    UriHtml { at: usize },
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
    /// The body of a request has another nonce than the one that is given.
    NonceContradicts,

    /// The encoded form does not fit its buffer.
    FormFull,
    /// A field of a FIX logon that is empty, or that has the byte 1, which would end it.
    FixField,
    /// The source of random numbers failed.
    Random,
}

impl Error {
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
            | Self::UriEscape { at }
            | Self::UriHtml { at } => Some(at),
            _ => None,
        }
    }
}

impl Error {
    /// What is wrong, in words, without the place.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SecretEmpty => "the private key is empty",
            Self::SecretTooLong => "the private key is too long",
            Self::SecretWhiteSpace { .. } => "the private key has white space inside",
            Self::SecretUrlSafe { .. } => "the private key is URL-safe base64: it needs + and / for - and _",
            Self::SecretCharacter { .. } => "the private key has a character that is not base64",
            Self::SecretLength => "the private key lacks characters",
            Self::SecretPadding { .. } => "the private key has = before its last two places",
            Self::SecretTrailingBits => "the end of the private key was changed or is missing",

            Self::OtpKeyEmpty => "the setup key is empty",
            Self::OtpKeyTooLong => "the setup key is too long",
            Self::OtpKeyCharacter { .. } => "the setup key has a character that is not base32: A to Z, 2 to 7",
            Self::OtpKeyLength => "the setup key lacks characters",
            Self::OtpKeyTrailingBits => "the end of the setup key was changed or is missing",
            Self::OtpDigits => "a code has 6 to 8 digits",
            Self::OtpPeriod => "a period has 1 to 86400 seconds",
            Self::OtpAlgorithm => "the algorithm is SHA1, SHA256 or SHA512",
            Self::OtpWindow => "the window is a whole number from 0 to 20",

            Self::UriScheme => "the URI does not begin with otpauth://",
            Self::UriMigration => {
                "an otpauth-migration:// URI carries the keys of a whole app: use the setup key or the URI of this one"
            }
            Self::UriType => "the URI is not time-based: otpauth://totp/ is",
            Self::UriSecretMissing => "the URI has no secret",
            Self::UriDuplicate { .. } => "the URI has a parameter twice",
            Self::UriEscape { .. } => "the URI has % without two hexadecimal digits",
            Self::UriHtml { .. } => "the URI was copied from HTML: it needs & for &amp;",
            Self::UriConflict => "an option contradicts the URI",

            Self::NonceDecimal => "a nonce is a whole number without sign or leading zeros",
            Self::NonceRange => "a nonce is at most 2^64-1",
            Self::NonceAhead => "the last nonce is more than a day ahead of the clock, or in a finer unit",
            Self::NonceExhausted => "no nonce is left above the last",
            Self::NonceClock => "the clock is not the time since 1970, or in another unit",
            Self::NonceContradicts => "the body has another nonce than the one that is signed",

            Self::FormFull => "the form does not fit its buffer",
            Self::FixField => "a field of the logon is empty or has the byte 1 inside",
            Self::Random => "the source of random numbers failed",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())?;
        match self.position() {
            Some(at) => write!(f, " (at offset {at})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
