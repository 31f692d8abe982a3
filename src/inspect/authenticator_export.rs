//! Lists the accounts in an `otpauth-migration://` URI, with which authenticator apps export several keys at once.
//!
//! Google Authenticator defined the format, without a document: `data` is base64 of a message in Protocol Buffers.

use alloc::{string::String, vec::Vec};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use prost::{Enumeration, Message};
use serde::Serialize;
use zeroize::{Zeroize, Zeroizing};

use super::otpauth::{decoded, label_parts};

/// An account in an export. The description does not contain the setup key.
///
/// ```
/// use kraken_signer::inspect::otpauth::report;
///
/// let export = report("otpauth-migration://offline?data=Ch0KCkhlbGxvId6tvu8SCUtyYWtlbjptZSABKAEwAhAB");
/// let [account] = &*export.accounts else { panic!("one account") };
/// assert_eq!((account.issuer.as_deref(), &*account.account, account.key_length), (Some("Kraken"), "me", 10));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedAccount {
    /// The issuer of the key, if the export names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The name of the account, without the issuer.
    pub account: String,
    /// `totp` for time-based codes, `hotp` for counter-based ones.
    pub r#type: &'static str,
    /// The algorithm: `SHA1`, `SHA256`, `SHA512` or `MD5`.
    pub algorithm: &'static str,
    /// The number of digits in a code.
    pub digits: u32,
    /// The length of the setup key in bytes.
    pub key_length: usize,
}

#[derive(Message)]
struct Export {
    #[prost(message, repeated, tag = "1")]
    accounts: Vec<Account>,
    #[prost(int32, tag = "3")]
    batch_size: i32,
    #[prost(int32, tag = "4")]
    batch_index: i32,
}

#[derive(Message)]
struct Account {
    #[prost(bytes = "vec", tag = "1")]
    secret: Vec<u8>,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(string, tag = "3")]
    issuer: String,
    #[prost(enumeration = "Hash", tag = "4")]
    algorithm: i32,
    #[prost(enumeration = "Digits", tag = "5")]
    digits: i32,
    #[prost(enumeration = "Kind", tag = "6")]
    kind: i32,
}

// In each of these, apps write nothing or 0 for the usual value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
enum Hash {
    Usual = 0,
    Sha1 = 1,
    Sha256 = 2,
    Sha512 = 3,
    Md5 = 4,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
enum Digits {
    Usual = 0,
    Six = 1,
    Eight = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumeration)]
#[repr(i32)]
enum Kind {
    Usual = 0,
    Hotp = 1,
    Totp = 2,
}

impl Drop for Account {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl Account {
    fn described(&self) -> ExportedAccount {
        let (before, account) = label_parts(&self.name);
        ExportedAccount {
            issuer: Some(self.issuer.clone()).filter(|issuer| !issuer.is_empty()).or(before),
            account,
            r#type: if self.kind() == Kind::Hotp { "hotp" } else { "totp" },
            algorithm: match self.algorithm() {
                Hash::Usual | Hash::Sha1 => "SHA1",
                Hash::Sha256 => "SHA256",
                Hash::Sha512 => "SHA512",
                Hash::Md5 => "MD5",
            },
            digits: if self.digits() == Digits::Eight { 8 } else { 6 },
            key_length: self.secret.len(),
        }
    }
}

/// What an export contains.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contents {
    pub(super) accounts: Vec<ExportedAccount>,
    /// The number of this part and of all parts, if an app has split the export into several QR codes.
    pub(super) part: Option<(i32, i32)>,
}

/// Base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads an export. Returns `None` if its parameter `data` is missing or incomplete.
pub(super) fn contents(uri: &str) -> Option<Contents> {
    let (_, query) = uri.trim_ascii().split_once('?')?;
    let data = query.split(['&', '#']).find_map(|field| field.strip_prefix("data="))?;
    // A `+` is a digit of base64 here. Some apps leave it as it is, so that others read it as a space, and some write base64url.
    let text = Zeroizing::new(decoded(data));
    let digits = text.chars().map(|digit| match digit {
        ' ' | '-' => '+',
        '_' => '/',
        _ => digit,
    });
    let base64 = Zeroizing::new(digits.collect::<String>());
    let bytes = Zeroizing::new(BASE64.decode(base64.as_bytes()).ok()?);
    let export = Export::decode(bytes.as_slice()).ok()?;
    let Export { batch_size: all, batch_index: index, .. } = export;
    Some(Contents {
        accounts: export.accounts.iter().map(Account::described).collect(),
        part: (0..all).contains(&index).then(|| (index.saturating_add(1), all)).filter(|_| all > 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

    fn accounts(uri: &str) -> Option<Vec<ExportedAccount>> {
        contents(uri).map(|contents| contents.accounts)
    }

    /// An export in one part.
    fn export(accounts: Vec<Account>) -> Export {
        Export { accounts, batch_size: 1, batch_index: 0 }
    }

    fn uri(export: &Export) -> String {
        format!("otpauth-migration://offline?data={}", STANDARD.encode(export.encode_to_vec()).replace('+', "%2B"))
    }

    fn account(name: &str, issuer: &str, numbers: [i32; 3]) -> Account {
        let [algorithm, digits, kind] = numbers;
        Account { secret: vec![0x3e; 20], name: name.into(), issuer: issuer.into(), algorithm, digits, kind }
    }

    #[test]
    fn lists_the_accounts_of_an_export() {
        let export = export(vec![account("Kraken:me", "", [1, 1, 2]), account("you", "Other", [3, 2, 1])]);
        let listed = |issuer: &str, account: &str, r#type, algorithm, digits| ExportedAccount {
            issuer: Some(issuer.into()),
            account: account.into(),
            r#type,
            algorithm,
            digits,
            key_length: 20,
        };
        let expected = vec![listed("Kraken", "me", "totp", "SHA1", 6), listed("Other", "you", "hotp", "SHA512", 8)];
        assert_eq!(accounts(&uri(&export)), Some(expected.clone()));
        let unencoded = uri(&export).replace("%2B", "+");
        assert!(unencoded.contains('+'));
        assert_eq!(accounts(&unencoded), Some(expected));
    }

    #[test]
    fn reads_an_export_that_another_program_made() {
        // The bytes by the format's field numbers, as any encoder writes them: one account, a version, a batch.
        let bytes =
            b"\n\x23\n\nHello!\xde\xad\xbe\xef\x12\x09Kraken:me\x1a\x06Kraken\x20\x01\x28\x01\x30\x02\x10\x01\x18\x01";
        let uri = format!("OTPAUTH-MIGRATION://offline?data={}", STANDARD.encode(&bytes[..]));
        let found = accounts(&uri).unwrap();
        assert_eq!((found.len(), found[0].account.as_str(), found[0].key_length), (1, "me", 10));
    }

    #[test]
    fn reads_base64_in_each_variant() {
        let export = export(vec![account("Kraken:me>>>???", "", [1, 1, 2])]);
        let expected = accounts(&uri(&export));
        assert!(expected.is_some());
        let bytes = export.encode_to_vec();
        for data in [
            URL_SAFE.encode(&bytes),
            URL_SAFE_NO_PAD.encode(&bytes),
            STANDARD.encode(&bytes).trim_end_matches('=').into(),
        ] {
            assert_eq!(accounts(&format!("otpauth-migration://offline?data={data}")), expected, "{data}");
        }
    }

    #[test]
    fn names_the_part_of_an_export_in_several_parts() {
        for ([batch_index, batch_size], part) in [
            ([0, 1], None),
            ([0, 3], Some((1, 3))),
            ([2, 3], Some((3, 3))),
            ([3, 3], None),
            ([-1, 3], None),
            ([0, 0], None),
            ([0, -1], None),
        ] {
            let export = Export { accounts: vec![account("me", "", [0; 3])], batch_size, batch_index };
            assert_eq!(contents(&uri(&export)).unwrap().part, part, "{batch_index} of {batch_size}");
        }
    }

    #[test]
    fn an_incomplete_export_has_no_accounts_that_could_be_listed() {
        let whole = uri(&export(vec![account("Kraken:me", "", [0; 3])]));
        for cut in
            ["otpauth-migration://offline", "otpauth-migration://offline?data=CjEKCkhlbGxv", &whole[..whole.len() - 8]]
        {
            assert_eq!(accounts(cut), None, "{cut}");
        }
    }
}
