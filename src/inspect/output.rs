//! The last stage, in reverse: the bytes that a signature may have been before it was encoded.

use alloc::vec::Vec;

use base64::{
    Engine,
    engine::{
        GeneralPurpose,
        general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
    },
};
use percent_encoding::percent_decode;

use super::{
    Api,
    mistakes::{Mistake, Set},
    search::{MOST, Targets},
    variants::{Context, Rule, Variant, closure},
};

/// Returns every MAC that the text may encode, with the mistakes of the encoding. A MAC has 64 bytes, or 32 for HMAC-SHA256.
pub(super) fn targets(signature: &str) -> Targets {
    let nothing = Context { api: Api::Spot, nonce: None, body: &[] };
    let mut targets: Vec<Variant<Vec<u8>>> = Vec::new();
    let mut add = |mac: Option<Vec<u8>>, mistakes: Set| {
        if let Some(mac) = mac.filter(|mac| matches!(mac.len(), 32 | 64))
            && targets.iter().all(|known| known.value != mac)
        {
            targets.push(Variant { value: mac, mistakes });
        }
    };
    for Variant { value: text, mistakes } in closure(&nothing, signature.as_bytes(), WRITTEN, MOST) {
        let with = |mistake| mistakes.and(Set::of(&[mistake]));
        add(unhex(&text), with(Mistake::OutputHex));
        for (alphabet, alphabet_mistakes) in ALPHABETS {
            let Ok(bytes) = alphabet.decode(&text) else { continue };
            let mistakes = mistakes.and(*alphabet_mistakes);
            let with = |mistake| mistakes.and(Set::of(&[mistake]));
            add(unhex(&bytes), with(Mistake::OutputBase64OfHex));
            add(STANDARD.decode(&bytes).ok(), with(Mistake::OutputBase64Twice));
            add(untext(&bytes), with(Mistake::OutputBytesAsText));
            add(Some(bytes), mistakes);
            break;
        }
    }
    Targets::new(targets)
}

/// Rules that undo changes of the encoded signature.
const WRITTEN: &[&[Rule]] = &[
    &[Rule(Mistake::OutputWhiteSpace, |_, text, add| {
        add(text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
    })],
    &[Rule(Mistake::OutputQuoted, |_, text, add| {
        for (open, close) in [(&b"\""[..], &b"\""[..]), (b"'", b"'"), (b"b'", b"'"), (b"b\"", b"\"")] {
            text.strip_prefix(open)
                .and_then(|text| text.strip_suffix(close))
                .into_iter()
                .for_each(|text| add(text.into()));
        }
    })],
    &[Rule(Mistake::OutputPercentEncoded, |_, text, add| add(percent_decode(text).collect()))],
];

/// The base64 alphabets. The first one that decodes a text is used, because without - and _ they are the same.
const ALPHABETS: &[(GeneralPurpose, Set)] = &[
    (STANDARD, Set::NONE),
    (STANDARD_NO_PAD, Set::of(&[Mistake::OutputUnpadded])),
    (URL_SAFE, Set::of(&[Mistake::OutputUrlSafe])),
    (URL_SAFE_NO_PAD, Set::of(&[Mistake::OutputUrlSafe])),
];

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Option<Vec<u8>> = text.iter().map(digit).collect();
    let (pairs, []) = digits.as_deref()?.as_chunks::<2>() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// Returns the bytes that were treated as characters.
fn untext(bytes: &[u8]) -> Option<Vec<u8>> {
    str::from_utf8(bytes).ok()?.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}
