//! Describes an `otpauth://` URI. The description does not contain the setup key.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::percent_decode_str;
use serde::Serialize;

pub use super::authenticator_export::ExportedAccount;
use super::authenticator_export::{self, Contents};
use crate::{
    Error, Totp,
    otp::{
        Algorithm,
        uri::{Encoded, Parts},
    },
};

/// The description of a URI.
///
/// ```
/// use kraken_signer::inspect::otpauth::report;
///
/// let report = report("otpauth://totp/Kraken:me?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
/// assert_eq!((report.issuer.as_deref(), &*report.account, report.kraken), (Some("Kraken"), "me", true));
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `totp` for time-based codes, which Kraken uses, `hotp` for counter-based ones, or `migration` for an app's export of several keys.
    /// Empty if the text is not such a URI.
    pub r#type: String,
    /// The decoded label that an authenticator app shows, such as `Kraken:me@example.com`.
    pub label: String,
    /// The issuer of the key: the parameter `issuer`, or the part of the label before the colon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The label without the issuer.
    pub account: String,
    /// The algorithm: `SHA1`, `SHA256`, `SHA512`, or whatever else the URI contains.
    pub algorithm: String,
    /// The number of digits in a code. `None` if the URI contains something other than a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
    /// How long a code is valid, in seconds. `None` if the URI contains something other than a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<u32>,
    /// The length of the setup key in bytes. `None` if it is missing or not base32.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_length: Option<usize>,
    /// Whether [`Totp::from_uri`] accepts the URI.
    pub usable: bool,
    /// Whether its codes are of the kind that Kraken expects: time-based, SHA-1, 30 seconds, 6 to 8 digits.
    pub kraken: bool,
    /// The accounts, if the URI is the export of an authenticator app (`otpauth-migration://`); otherwise none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<ExportedAccount>,
    /// What is wrong or unusual, one sentence each.
    pub problems: Vec<String>,
}

/// Describes a URI. Anything that cannot be read is reported in [`problems`](Report::problems).
///
/// ```
/// let report = kraken_signer::inspect::otpauth::report("otpauth://hotp/x?secret=GEZDGNBV");
/// assert_eq!(report.problems, ["The URI must start with otpauth://totp/ (time-based codes)."]);
/// ```
#[must_use]
pub fn report(uri: &str) -> Report {
    let read = Totp::from_uri(uri);
    let mut problems: Vec<String> = read.as_ref().err().map(sentence).into_iter().collect();
    let is_export = matches!(read, Err(Error::UriMigration));
    let exported = if is_export { authenticator_export::contents(uri) } else { None };
    if is_export {
        problems.extend(export_problem(exported.as_ref()));
    }
    let parts = Parts::of(uri).ok();
    let parameter = |name: &str| {
        let mut fields = parts.into_iter().flat_map(Parts::fields);
        fields.find(|(known, _)| known.is(name)).map(|(_, value)| value)
    };

    let label = parts.map(Parts::label).unwrap_or_default();
    let (before, account) = label_parts(label);
    let issuer = parameter("issuer").map(|issuer| decoded(&issuer.as_str().replace('+', " ")));
    if let (Some(before), Some(issuer)) = (&before, &issuer)
        && before != issuer
    {
        problems.push("The issuer in the label differs from the parameter issuer.".into());
    }
    let algorithm = match parameter("algorithm") {
        None => "SHA1".into(),
        Some(stated) => match stated.algorithm() {
            Some(Algorithm::Sha1) => "SHA1".into(),
            Some(Algorithm::Sha256) => "SHA256".into(),
            Some(Algorithm::Sha512) => "SHA512".into(),
            None => decoded(stated.as_str()),
        },
    };
    let setting = |name, otherwise| parameter(name).map_or(Some(otherwise), Encoded::number);
    let (digits, period) = (setting("digits", 6), setting("period", 30));
    let usable = read.is_ok();
    if usable && algorithm != "SHA1" {
        problems.push("Kraken's setup keys use SHA-1.".into());
    }
    if usable && period != Some(30) {
        problems.push("Kraken's codes are valid for 30 seconds.".into());
    }
    let key_length = parameter("secret").and_then(length);
    if usable && key_length.is_some_and(|length| length < 10) {
        problems.push("The setup key is very short; part of it may be missing.".into());
    }
    Report {
        r#type: if is_export {
            "migration".into()
        } else {
            parts.map(|parts| parts.kind().to_ascii_lowercase()).unwrap_or_default()
        },
        label: decoded(label),
        issuer: issuer.or(before),
        account,
        kraken: usable && algorithm == "SHA1" && period == Some(30),
        algorithm,
        digits,
        period,
        key_length,
        usable,
        accounts: exported.map(|exported| exported.accounts).unwrap_or_default(),
        problems,
    }
}

/// Returns what the accounts of an export do not tell.
fn export_problem(exported: Option<&Contents>) -> Option<String> {
    match exported {
        None => Some("The accounts of the export cannot be read; part of it may be missing.".into()),
        Some(Contents { accounts, .. }) if accounts.is_empty() => Some("The export contains no account.".into()),
        Some(Contents { part, .. }) => part.map(|(this, all)| {
            format!("It is part {this} of {all} of the export; the accounts in the other parts are not listed.")
        }),
    }
}

/// Returns the decoded issuer and account of a label. The separator is the first unencoded colon, or otherwise the first encoded
/// one, because either part may contain encoded colons.
pub(super) fn label_parts(label: &str) -> (Option<String>, String) {
    let decoded_label = decoded(label);
    let (issuer, account) = match (label.split_once(':'), decoded_label.split_once(':')) {
        (Some((issuer, account)), _) => (Some(decoded(issuer)), decoded(account)),
        (None, Some((issuer, account))) => (Some(issuer.to_owned()), account.to_owned()),
        (None, None) => (None, decoded_label.clone()),
    };
    (issuer.map(|issuer| issuer.trim().to_owned()), account.trim().to_owned())
}

pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Returns an error as a sentence.
fn sentence(error: &Error) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).chain(['.']).collect()
}

/// Returns the number of bytes that base32 text encodes.
fn length(key: Encoded<'_>) -> Option<usize> {
    let mut characters: usize = 0;
    for byte in key.bytes() {
        match byte.ok()?.1 {
            b'A'..=b'Z' | b'a'..=b'z' | b'2'..=b'7' => characters = characters.saturating_add(1),
            b' ' | b'\t' | b'\r' | b'\n' | b'-' | b'=' => {}
            _ => return None,
        }
    }
    Some(characters.saturating_mul(5) / 8).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::report;

    #[test]
    fn splits_a_label_before_decoding_it() {
        for (uri, issuer, account) in [
            ("otpauth://totp/Kraken:me?secret=MZXW6YTBOJQXEYTB", "Kraken", "me"),
            ("otpauth://totp/Kraken%3Ame?secret=MZXW6YTBOJQXEYTB", "Kraken", "me"),
            (
                "otpauth://totp/Text%3A%20More%20Text:Secret?secret=MZXW6YTBOJQXEYTB&issuer=Text%3A%20More%20Text",
                "Text: More Text",
                "Secret",
            ),
        ] {
            let report = report(uri);
            assert_eq!((report.issuer.as_deref(), &*report.account), (Some(issuer), account), "{uri}");
            assert!(report.problems.is_empty(), "{:?}", report.problems);
        }
    }
}
