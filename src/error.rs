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

/// The numbers of all errors, and their texts.
macro_rules! errors {
    ($($name:ident $code:literal $text:literal)*) => {
        const CODES: &[u8] = &[$($code),*];

        /// In the order of the codes, a line each: a table of texts would take half as much again of the WebAssembly binary.
        const TEXTS: &str = concat!($($text, "\n"),*);

        impl Error {
            /// The number that stands for this error across the WebAssembly boundary: from 1 to 255, and never reused.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$name { .. } => $code,)*
                }
            }
        }
    };
}

errors! {
    SecretEmpty 1 "the private key is empty"
    SecretTooLong 2 "the private key is too long"
    SecretWhiteSpace 3 "the private key has white space inside"
    SecretUrlSafe 4 "the private key is URL-safe base64: it needs + and / for - and _"
    SecretCharacter 5 "the private key has a character that is not base64"
    SecretLength 6 "the private key lacks characters"
    SecretPadding 7 "the private key has = before its last two places"
    SecretTrailingBits 8 "the end of the private key was changed or is missing"
    OtpKeyEmpty 20 "the setup key is empty"
    OtpKeyTooLong 21 "the setup key is too long"
    OtpKeyCharacter 22 "the setup key has a character that is not base32: A to Z, 2 to 7"
    OtpKeyLength 23 "the setup key lacks characters"
    OtpKeyTrailingBits 24 "the end of the setup key was changed or is missing"
    OtpDigits 25 "a code has 6 to 8 digits"
    OtpPeriod 26 "a period has 1 to 86400 seconds"
    OtpAlgorithm 27 "the algorithm is SHA1, SHA256 or SHA512"
    OtpWindow 28 "the window is a whole number from 0 to 20"
    OtpTime 29 "a time is milliseconds since 1970"
    UriScheme 40 "the URI does not begin with otpauth://"
    UriType 41 "the URI is not time-based: otpauth://totp/ is"
    UriSecretMissing 42 "the URI has no secret"
    UriDuplicate 43 "the URI has a parameter twice"
    UriEscape 44 "the URI has % without two hexadecimal digits"
    UriConflict 45 "an option contradicts the URI"
    NonceDecimal 60 "a nonce is a whole number without sign or leading zeros"
    NonceRange 61 "a nonce is at most 2^64-1"
    NonceAhead 62 "the last nonce is more than a day ahead of the clock, or in a finer unit: allowAhead takes it"
    NonceExhausted 63 "no nonce is left above the last"
    NonceClock 64 "the clock is not milliseconds since 1970"
    FormFull 70 "the form does not fit its buffer"
    TooManyKeys 80 "too many keys: free() some"
    Random 81 "the source of random numbers failed"
    Misuse 82 "a length or handle that was not given out"
}

impl Error {
    /// What is wrong, in words that serve Rust and JavaScript: a line of ASCII with its end.
    pub(crate) fn text(self) -> &'static [u8] {
        let lines = TEXTS.as_bytes().split_inclusive(|byte| *byte == b'\n');
        CODES.iter().zip(lines).find(|(code, _)| **code == self.code()).map_or(b"\n", |(_, text)| text)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(self.text().trim_ascii_end()).unwrap_or_default())?;
        match self.position() {
            Some(at) => write!(f, " (at offset {at})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}
