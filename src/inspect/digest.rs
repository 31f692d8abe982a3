//! The digest stage: how the digest may have been made, and how it may have been written.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};
use sha2::{Digest, Sha256, Sha512, Sha512_256};
use zeroize::Zeroizing;

use super::{
    charset::{as_rare_text, as_text},
    explain::hex,
    mistakes::Mistake,
    search::OTHERS,
    set::Set,
    variants::Variant,
};

const HEX: Set = Set::of(&[Mistake::DigestAsHex]);
const TWICE: Set = Set::of(&[Mistake::DigestTwice]);
const OTHER: Set = Set::of(&[Mistake::DigestOtherHash]);

/// Which forms of a digest are wanted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Forms {
    /// Those of the most common mistakes.
    Common,
    /// Also decimal numbers, as the most common languages print them.
    Numbers,
    All,
}

impl Forms {
    /// The number of hashes that are computed for them.
    pub(super) const fn hashes(self) -> usize {
        if matches!(self, Self::All) { 7 } else { 2 }
    }
}

/// Returns these forms in which a digest may have been signed, with up to `most` mistakes. The first one is right.
pub(super) fn digests(hashed: &[u8], most: u32, wanted: Forms) -> Vec<Variant<Vec<u8>>> {
    use Forms::{All, Common};

    let mut forms = Vec::new();
    let sha256 = Sha256::digest(hashed);
    written(&sha256, Set::NONE, most, wanted, &mut forms);
    if most > 0 {
        written(&Sha512::digest(hashed), Set::of(&[Mistake::DigestSha512]), most, Common, &mut forms);
        written(&Sha256::digest(sha256), TWICE, most, Common, &mut forms);
    }
    if most > 0 && wanted == All {
        for (_, _, hash) in OTHERS {
            written(&hash(hashed), OTHER, most, Common, &mut forms);
        }
        written(&Sha512_256::digest(hashed), OTHER, most, Common, &mut forms);
    }
    if most > 1 {
        written(&Sha256::digest(hex(&sha256)), TWICE.and(HEX), most, Common, &mut forms);
        let mistakes = Set::of(&[Mistake::DigestAsText, Mistake::DigestAsBase64]);
        forms.extend(as_text(&sha256).map(|text| Variant { value: BASE64_STANDARD.encode(text).into(), mistakes }));
    }
    forms
}

fn written(digest: &[u8], mistakes: Set, most: u32, wanted: Forms, forms: &mut Vec<Variant<Vec<u8>>>) {
    let mut add = |value: Vec<u8>, more| forms.push(Variant { value, mistakes: mistakes.and(more) });
    add(digest.to_vec(), Set::NONE);
    if mistakes.len() >= most {
        return;
    }
    let digits = hex(digest);
    add(digits.to_ascii_uppercase().into(), HEX);
    add(BASE64_STANDARD.encode(digest).into(), Set::of(&[Mistake::DigestAsBase64]));
    for text in as_text(digest) {
        add(text.into(), Set::of(&[Mistake::DigestAsText]));
    }
    if wanted == Forms::Numbers {
        for text in common_numbers(digest) {
            add(text.into(), Set::of(&[Mistake::DigestAsNumbers]));
        }
    }
    if wanted == Forms::All {
        for text in hexadecimal(digest, &digits) {
            add(text.into(), HEX);
        }
        for engine in [BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD] {
            add(engine.encode(digest).into(), Set::of(&[Mistake::DigestAsBase64]));
        }
        add(format!("{}\n", BASE64_STANDARD.encode(digest)).into(), Set::of(&[Mistake::DigestAsBase64]));
        for text in as_rare_text(digest) {
            add(text.into(), Set::of(&[Mistake::DigestAsText]));
        }
        for text in numbers(digest) {
            add(text.into(), Set::of(&[Mistake::DigestAsNumbers]));
        }
        for text in OBJECTS {
            add((*text).into(), Set::of(&[Mistake::DigestAsObject]));
        }
        for cut in without_zeros(digest) {
            add(cut.to_vec(), Set::of(&[Mistake::DigestZeroByte]));
        }
    }
    add(digits.into(), HEX);
}

/// Returns bytes without zero bytes, and up to the first one, if there is one. The bytes may be a key.
pub(super) fn without_zeros(bytes: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    if !bytes.contains(&0) {
        return Vec::new();
    }
    // With the whole capacity, because a vector that grows leaves a copy behind.
    let mut others = Zeroizing::new(Vec::with_capacity(bytes.len()));
    others.extend(bytes.iter().copied().filter(|byte| *byte != 0));
    let before = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    vec![Zeroizing::new(before.into()), others]
}

/// Returns the hexadecimal digits of bytes as less common functions and programs write them.
fn hexadecimal(bytes: &[u8], digits: &str) -> Vec<String> {
    let pairs = |separator: &str| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(separator);
    let pairs_of = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    let each = |write: fn(&u8) -> String| bytes.iter().map(write).collect::<String>();
    vec![
        // .NET's BitConverter, and others.
        pairs("-"),
        pairs("-").to_ascii_lowercase(),
        pairs(":"),
        pairs(" "),
        // Without leading zeros, and with the signed bytes of Java.
        each(|byte| format!("{byte:x}")),
        each(|byte| format!("{:x}", i32::from(byte.cast_signed()))),
        digits.trim_start_matches('0').into(),
        format!("0x{digits}"),
        // The output of programs.
        format!("{digits}\n"),
        format!("{digits}  -"),
        format!("{digits}  -\n"),
        format!("(stdin)= {digits}"),
        format!("SHA256(stdin)= {digits}"),
        format!("SHA2-256(stdin)= {digits}"),
        // Swift's CryptoKit.
        format!("SHA256 digest: {digits}"),
        // xxd -p writes 60 digits on a line.
        wrapped(digits),
        format!("{}\n", wrapped(digits)),
        // od -An -tx1 writes 16 bytes on a line.
        bytes.chunks(16).flat_map(|line| [" ", &*pairs_of(line), "\n"].map(String::from)).collect(),
        BASE64_STANDARD.encode(digits),
    ]
}

/// Breaks hexadecimal digits into lines of 60, as `xxd -p` does.
pub(super) fn wrapped(digits: &str) -> String {
    let lines: Vec<String> =
        digits.as_bytes().chunks(60).map(|line| line.iter().copied().map(char::from).collect()).collect();
    lines.join("\n")
}

/// Returns bytes as JavaScript, Java, Rust, Go and shells print them.
fn common_numbers(bytes: &[u8]) -> [String; 6] {
    let unsigned = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let signed = bytes.iter().map(|byte| byte.cast_signed().to_string()).collect::<Vec<_>>().join(", ");
    let spaced = unsigned.replace(',', " ");
    [
        format!("[{signed}]"),
        format!("[{}]", unsigned.replace(',', ", ")),
        format!("[{spaced}]"),
        signed.replace(", ", ","),
        spaced,
        unsigned,
    ]
}

/// Returns bytes as decimal numbers, unsigned and signed, as several languages print them.
fn numbers(bytes: &[u8]) -> Vec<String> {
    let unsigned: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let signed: Vec<String> = bytes.iter().map(|byte| byte.cast_signed().to_string()).collect();
    let mut made = Vec::new();
    for values in [&unsigned, &signed] {
        let commas = values.join(",");
        let spaced = values.join(", ");
        made.push(format!("[{commas}]"));
        made.push(format!("[{spaced}]"));
        made.push(format!("[{}]", values.join(" ")));
        made.push(values.join(" "));
        made.push(values.concat());
        made.push(format!("{{{spaced}}}"));
        made.push(spaced);
        made.push(format!("{{\"type\":\"Buffer\",\"data\":[{commas}]}}"));
        made.push(commas);
    }
    let members = unsigned.iter().enumerate().map(|(at, value)| format!("\"{at}\":{value}"));
    made.push(format!("{{{}}}", members.collect::<Vec<_>>().join(",")));
    made.push(integer(bytes));
    // Java's BigInteger is negative if its first bit is set.
    if bytes.first().is_some_and(|byte| *byte >= 0x80) {
        let mut carry = true;
        let mut negated: Vec<u8> = bytes
            .iter()
            .rev()
            .map(|byte| {
                let inverted = !byte;
                let sum = inverted.wrapping_add(u8::from(carry));
                carry &= inverted == u8::MAX;
                sum
            })
            .collect();
        negated.reverse();
        made.push(format!("-{}", integer(&negated)));
        made.push(format!("-{}", hex(&negated).trim_start_matches('0')));
    }
    made
}

/// Returns the decimal digits of a number in big-endian bytes.
fn integer(bytes: &[u8]) -> String {
    let mut digits: Vec<u8> = Vec::new();
    let mut rest = bytes.to_vec();
    while rest.iter().any(|byte| *byte != 0) {
        let mut remainder: u16 = 0;
        for byte in &mut rest {
            let value = (remainder << 8) | u16::from(*byte);
            *byte = u8::try_from(value / 10).unwrap_or_default();
            remainder = value % 10;
        }
        digits.push(u8::try_from(remainder).unwrap_or_default().saturating_add(b'0'));
    }
    digits.iter().rev().copied().map(char::from).collect()
}

/// What programs print for bytes that they do not print.
pub(super) const OBJECTS: &[&str] = &[
    "[object ArrayBuffer]",
    "[object Promise]",
    "[object Object]",
    "[object Uint8Array]",
    "System.Byte[]",
    "undefined",
    "null",
    "None",
    "Array",
    // Swift.
    "32 bytes",
];
