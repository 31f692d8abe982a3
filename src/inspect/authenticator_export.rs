//! Lists the accounts in an `otpauth-migration://` URI, with which authenticator apps export several keys at once.
//!
//! Google Authenticator defined the format, without a document: `data` is base64 of a message in Protocol Buffers.

use alloc::{string::String, vec::Vec};

use base64::{Engine, engine::general_purpose::STANDARD};
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

/// Returns the accounts in an export, or `None` if its parameter `data` is missing or incomplete.
pub(super) fn accounts(uri: &str) -> Option<Vec<ExportedAccount>> {
    let (_, query) = uri.trim_ascii().split_once('?')?;
    let data = query.split(['&', '#']).find_map(|field| field.strip_prefix("data="))?;
    // A `+` is a digit of base64 here. Some apps leave it as it is, so that others read it as a space.
    let base64 = Zeroizing::new(decoded(data).replace(' ', "+"));
    let bytes = Zeroizing::new(STANDARD.decode(base64.as_bytes()).ok()?);
    let export = Export::decode(bytes.as_slice()).ok()?;
    Some(export.accounts.iter().map(Account::described).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};

    fn uri(export: &Export) -> String {
        format!("otpauth-migration://offline?data={}", STANDARD.encode(export.encode_to_vec()).replace('+', "%2B"))
    }

    fn account(name: &str, issuer: &str, numbers: [i32; 3]) -> Account {
        let [algorithm, digits, kind] = numbers;
        Account { secret: vec![0x3e; 20], name: name.into(), issuer: issuer.into(), algorithm, digits, kind }
    }

    #[test]
    fn lists_the_accounts_of_an_export() {
        let export = Export { accounts: vec![account("Kraken:me", "", [1, 1, 2]), account("you", "Other", [3, 2, 1])] };
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
    fn an_incomplete_export_has_no_accounts_that_could_be_listed() {
        let whole = uri(&Export { accounts: vec![account("Kraken:me", "", [0; 3])] });
        for cut in
            ["otpauth-migration://offline", "otpauth-migration://offline?data=CjEKCkhlbGxv", &whole[..whole.len() - 8]]
        {
            assert_eq!(accounts(cut), None, "{cut}");
        }
    }
}
