use core::fmt;

/// The reason why an input is invalid.
///
/// Positions are byte offsets into the given text, starting at 0. No variant carries any part of a key.
///
/// ```
/// use kraken_signer::{Error, Secret};
///
/// let error = "AQEB\nAQE=".parse::<Secret>().unwrap_err();
/// assert_eq!(error, Error::SecretWhiteSpace { at: 4 });
/// assert_eq!(error.to_string(), "the private key contains white space (at offset 4)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "`at` is documented once, above")]
pub enum Error {
    /// The private key is empty.
    SecretEmpty,
    /// The private key is longer than [`Secret::MAX_BYTES`](crate::Secret::MAX_BYTES).
    SecretTooLong,
    /// The private key contains white space, such as a line break or a space from copying.
    SecretWhiteSpace { at: usize },
    /// The private key contains `-` or `_`, so it is in the URL-safe alphabet. Kraken's keys use `+` and `/`.
    SecretUrlSafe { at: usize },
    /// The private key contains a character that is not base64.
    SecretCharacter { at: usize },
    /// The private key is incomplete: its length is not a multiple of four.
    SecretLength,
    /// The private key contains `=` before its last two characters.
    SecretPadding { at: usize },
    /// The last character of the private key has bits set that are not part of any byte: it was altered, or the end is missing.
    SecretTrailingBits,

    /// The setup key is empty.
    OtpKeyEmpty,
    /// The setup key is longer than [`Totp::MAX_KEY_BYTES`](crate::Totp::MAX_KEY_BYTES).
    OtpKeyTooLong,
    /// The setup key contains a character that is not base32 (A–Z and 2–7).
    OtpKeyCharacter { at: usize },
    /// The setup key is incomplete: no base32 text has its length.
    OtpKeyLength,
    /// The last character of the setup key has bits set that are not part of any byte: it was altered, or the end is missing.
    OtpKeyTrailingBits,
    /// The number of digits is not 6, 7 or 8.
    OtpDigits,
    /// The period is 0 seconds or longer than a day.
    OtpPeriod,
    /// The algorithm is not SHA-1, SHA-256 or SHA-512.
    OtpAlgorithm,
    /// The window is larger than [`Totp::MAX_WINDOW`](crate::Totp::MAX_WINDOW).
    OtpWindow,
    /// The URI does not start with `otpauth://`.
    UriScheme,
    /// The URI is an `otpauth-migration://` export, which contains all keys of an app.
    UriMigration,
    /// The URI is not for time-based codes. `otpauth://hotp/`, for example, is for counter-based ones.
    UriType,
    /// The URI has no `secret` parameter.
    UriSecretMissing,
    /// The URI repeats a parameter.
    UriDuplicate { at: usize },
    /// The URI contains a `%` that is not followed by two hexadecimal digits.
    UriEscape { at: usize },
    /// The URI contains `&amp;` instead of `&`: it was copied from HTML.
    UriHtml { at: usize },
    /// The URI has no parameter `secret`, but a `?` or `#` that should probably be percent-encoded, before it.
    UriUnencoded { at: usize },
    /// The URI asks for codes of Steam's own kind.
    UriSteam,
    /// An option contradicts the URI.
    UriConflict,

    /// The nonce is not a decimal integer without a sign or leading zeros.
    NonceDecimal,
    /// The nonce is above 2^64 - 1.
    NonceRange,
    /// The nonce is more than a day ahead of the clock. If it were sent, Kraken would reject every nonce below it from then on.
    NonceAhead,
    /// The last nonce is `u64::MAX`, so no higher one exists.
    NonceExhausted,
    /// The clock is beyond the year 2200: its readings are not the time since 1970, or are in a different unit.
    NonceClock,
    /// The nonce in the body differs from the nonce that is signed.
    NonceContradicts,

    /// The buffer is too small for the encoded form.
    FormFull,
    /// A field of a FIX logon is empty, or contains the byte 0x01, which would end the field.
    FixField,
    /// The random number generator failed.
    Random,
}

impl Error {
    /// Returns the byte offset of the mistake in the given text, starting at 0. Returns `None` if the mistake has no single position.
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
            | Self::UriHtml { at }
            | Self::UriUnencoded { at } => Some(at),
            _ => None,
        }
    }
}

impl Error {
    /// Returns a description of what is wrong, without the position.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SecretEmpty => "the private key is empty",
            Self::SecretTooLong => "the private key is too long",
            Self::SecretWhiteSpace { .. } => "the private key contains white space",
            Self::SecretUrlSafe { .. } => "the private key is in URL-safe base64; replace - with + and _ with /",
            Self::SecretCharacter { .. } => "the private key contains a character that is not base64",
            Self::SecretLength => "the private key is incomplete",
            Self::SecretPadding { .. } => "the private key contains = before its last two characters",
            Self::SecretTrailingBits => "the end of the private key is altered or missing",

            Self::OtpKeyEmpty => "the setup key is empty",
            Self::OtpKeyTooLong => "the setup key is too long",
            Self::OtpKeyCharacter { .. } => "the setup key contains a character that is not base32 (A to Z, 2 to 7)",
            Self::OtpKeyLength => "the setup key is incomplete",
            Self::OtpKeyTrailingBits => "the end of the setup key is altered or missing",
            Self::OtpDigits => "the number of digits must be from 6 to 8",
            Self::OtpPeriod => "the period must be from 1 to 86400 seconds",
            Self::OtpAlgorithm => "the algorithm must be SHA1, SHA256 or SHA512",
            Self::OtpWindow => "the window must be a whole number from 0 to 20",

            Self::UriScheme => "the URI does not start with otpauth://",
            Self::UriMigration => "the URI is an authenticator app's export (otpauth-migration://); use one setup key",
            Self::UriType => "the URI must start with otpauth://totp/ (time-based codes)",
            Self::UriSecretMissing => "the URI has no secret parameter",
            Self::UriDuplicate { .. } => "the URI repeats a parameter",
            Self::UriEscape { .. } => "the URI contains % without two hexadecimal digits",
            Self::UriHtml { .. } => "the URI was copied from HTML; replace &amp; with &",
            Self::UriUnencoded { .. } => "the URI has a raw ? or # before a parameter; write %3F or %23",
            Self::UriSteam => "the URI is for Steam's codes, which contain letters",
            Self::UriConflict => "an option contradicts the URI",

            Self::NonceDecimal => "a nonce must be a whole number without sign or leading zeros",
            Self::NonceRange => "a nonce must be at most 2^64-1",
            Self::NonceAhead => "the last nonce is more than a day ahead of the clock, or in a finer unit",
            Self::NonceExhausted => "no nonce is above the last one",
            Self::NonceClock => "the clock does not give the time since 1970, or gives it in a different unit",
            Self::NonceContradicts => "the nonce in the body differs from the nonce that is signed",

            Self::FormFull => "the buffer is too small for the form",
            Self::FixField => "a field of the logon is empty or contains the byte 0x01",
            Self::Random => "the random number generator failed",
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
