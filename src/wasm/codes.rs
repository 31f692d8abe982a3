//! The error codes at the boundary between WebAssembly and JavaScript. They are never reused. `cargo xtask build` writes them,
//! with a message each, to `pkg-template/src/generated/error-codes.ts`.

use kraken_signer::Error;

/// Errors of the binding itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misuse {
    /// Every slot of the key table is in use.
    TableFull,
    /// A length, position or handle is invalid, or text is not UTF-8.
    Argument,
    /// A time is not a number, is before 1970, or is too far in the future.
    Time,
}

/// The codes of these errors.
pub(crate) const MISUSES: [(u8, Misuse); 3] = [(29, Misuse::Time), (80, Misuse::TableFull), (82, Misuse::Argument)];

/// The codes of the crate's errors.
pub(crate) const ERRORS: [(u8, Error); 36] = [
    (1, Error::SecretEmpty),
    (2, Error::SecretTooLong),
    (3, Error::SecretWhiteSpace { at: 0 }),
    (4, Error::SecretUrlSafe { at: 0 }),
    (5, Error::SecretCharacter { at: 0 }),
    (6, Error::SecretLength),
    (7, Error::SecretPadding { at: 0 }),
    (8, Error::SecretTrailingBits),
    (20, Error::OtpKeyEmpty),
    (21, Error::OtpKeyTooLong),
    (22, Error::OtpKeyCharacter { at: 0 }),
    (23, Error::OtpKeyLength),
    (24, Error::OtpKeyTrailingBits),
    (25, Error::OtpDigits),
    (26, Error::OtpPeriod),
    (27, Error::OtpAlgorithm),
    (28, Error::OtpWindow),
    (40, Error::UriScheme),
    (41, Error::UriType),
    (42, Error::UriSecretMissing),
    (43, Error::UriDuplicate { at: 0 }),
    (44, Error::UriEscape { at: 0 }),
    (45, Error::UriConflict),
    (46, Error::UriMigration),
    (47, Error::UriHtml { at: 0 }),
    (48, Error::UriUnencoded { at: 0 }),
    (49, Error::UriSteam),
    (60, Error::NonceDecimal),
    (61, Error::NonceRange),
    (62, Error::NonceAhead),
    (63, Error::NonceExhausted),
    (64, Error::NonceClock),
    (65, Error::NonceContradicts),
    (70, Error::FormFull),
    (71, Error::FixField),
    (81, Error::Random),
];
