//! What an `otpauth://` URI says, for people. The setup key itself is left out: whoever asks has it in the URI.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::{
    otp::Options,
    otpauth::{behind_sha, number, read},
};

/// What a URI says.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `totp` for time-based codes, which Kraken uses; `hotp` for counted ones. Empty if the URI is none.
    pub r#type: String,
    /// What an authenticator app shows, decoded: `Kraken:me@example.com`.
    pub label: String,
    /// Who issued the key: the parameter `issuer`, or what stands before the label's colon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The label without the issuer.
    pub account: String,
    /// `SHA1`, `SHA256` or `SHA512`, or what the URI has in its place.
    pub algorithm: String,
    /// Digits of a code; absent if the URI has something else in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
    /// Seconds a code lasts; absent if the URI has something else in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<u32>,
    /// How many bytes the setup key has; absent if it is missing or no base32.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_length: Option<usize>,
    /// Whether codes can be made from it at all.
    pub usable: bool,
    /// Whether its codes are of the sort that Kraken asks for: time-based, SHA-1, 30 seconds, 6 to 8 digits.
    pub kraken: bool,
    /// What is wrong or unusual, a sentence each.
    pub problems: Vec<String>,
}

/// Reads a URI, leniently: what cannot be read is a problem, not an error.
#[must_use]
pub fn report(uri: &str) -> Report {
    let read = read(uri, Options::default());
    let mut problems: Vec<String> = read.as_ref().err().map(sentence).into_iter().collect();
    let rest = uri.trim_ascii();
    let rest = match rest.split_at_checked(SCHEME.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => rest,
        _ => "",
    };
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (kind, label) = path.split_once('/').unwrap_or((path, ""));
    let parameter = |name: &str| {
        let fields = query.split('&').map(|field| field.split_once('=').unwrap_or((field, "")));
        fields.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };

    let label = decoded(label);
    let (before, account) = match label.split_once(':') {
        Some((issuer, account)) => (Some(issuer.trim().to_owned()), account.trim().to_owned()),
        None => (None, label.trim().to_owned()),
    };
    let issuer = parameter("issuer").map(|issuer| decoded(&issuer.replace('+', " ")));
    if let (Some(before), Some(issuer)) = (&before, &issuer)
        && before != issuer
    {
        problems.push("The label names another issuer than the parameter issuer.".into());
    }
    let stated = parameter("algorithm").unwrap_or("SHA1");
    let algorithm = match behind_sha(stated.as_bytes()).and_then(number) {
        Some(bits @ (1 | 256 | 512)) => format!("SHA{bits}"),
        _ => decoded(stated),
    };
    let setting = |name, otherwise| parameter(name).map_or(Some(otherwise), |text| number(text.as_bytes()));
    let (digits, period) = (setting("digits", 6), setting("period", 30));
    let usable = read.is_ok();
    if usable && algorithm != "SHA1" {
        problems.push("Kraken's own setup keys are for SHA-1.".into());
    }
    if usable && period != Some(30) {
        problems.push("Kraken's codes last 30 seconds.".into());
    }
    let key_length = parameter("secret").and_then(length);
    if usable && key_length.is_some_and(|length| length < 10) {
        problems.push("The setup key is very short: is a part of it missing?".into());
    }
    Report {
        r#type: kind.to_ascii_lowercase(),
        label,
        issuer: issuer.or(before),
        account,
        kraken: usable && algorithm == "SHA1" && period == Some(30),
        algorithm,
        digits,
        period,
        key_length,
        usable,
        problems,
    }
}

const SCHEME: &str = "otpauth://";

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// An error as a sentence.
fn sentence(error: &crate::Error) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).chain(['.']).collect()
}

/// The bytes that base32 stands for, without decoding it.
fn length(key: &str) -> Option<usize> {
    let mut characters: usize = 0;
    for byte in percent_decode_str(key) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'2'..=b'7' => characters = characters.saturating_add(1),
            b' ' | b'+' | b'\t' | b'\r' | b'\n' | b'-' | b'=' => {}
            _ => return None,
        }
    }
    Some(characters.saturating_mul(5) / 8).filter(|bytes| *bytes > 0)
}
