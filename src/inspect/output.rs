//! The last stage, in reverse: the bytes that a signature may have been before it was encoded.

use alloc::{string::String, vec::Vec};

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
    digest::OBJECTS,
    mistakes::Mistake,
    search::{Cut, Left, MOST, Targets},
    set::Set,
    variants::{Clues, Context, Rule, Variant, closure},
    work::Work,
};

/// Returns the name of the HMAC that has this many bytes, of those that are not looked for by default.
pub(super) const fn hash_of(length: usize) -> Option<&'static str> {
    match length {
        16 => Some("HMAC-MD5"),
        20 => Some("HMAC-SHA1"),
        28 => Some("HMAC-SHA224"),
        48 => Some("HMAC-SHA384"),
        _ => None,
    }
}

/// Returns the longer part of a signature that a log or a column shortened with dots, or nothing if it is whole.
fn shortened(signature: &str) -> Option<&str> {
    let text = signature.trim().trim_matches(['"', '\'']);
    let (start, end) = text.split_once('…').or_else(|| text.split_once("..."))?;
    let end = end.trim_start_matches('.');
    Some(if start.len() < end.len() { end } else { start })
}

/// Returns every MAC that the text may encode, with the mistakes of the encoding. A MAC has 64 bytes, 32 for HMAC-SHA256, and other
/// lengths for other hash functions.
pub(super) fn targets(signature: &str) -> Targets {
    let part = shortened(signature);
    let signature = part.unwrap_or(signature);
    let mut cuts = Vec::new();
    let work = Work::of_search();
    let nothing =
        Context { api: Api::Spot, clues: Clues::default(), body: &[], rare: true, guesses: false, work: &work };
    let mut targets: Vec<Variant<Vec<u8>>> = Vec::new();
    let mut add = |mac: Option<Vec<u8>>, mistakes: Set| {
        if let Some(mac) = mac.filter(|mac| matches!(mac.len(), 32 | 64) || hash_of(mac.len()).is_some())
            && mistakes.is_searched()
            && targets.iter().all(|known| known.value != mac)
        {
            targets.push(Variant { value: mac, mistakes });
        }
    };
    for Variant { value: text, mistakes } in closure(&nothing, signature.as_bytes(), WRITTEN, MOST) {
        let with = |mistake| mistakes.and(Set::of(&[mistake]));
        add(unhex(&digits(&text)), with(Mistake::OutputHex));
        add(numbers(&text), with(Mistake::OutputAsNumbers));
        // If something else shortened it, that is no mistake of the program.
        cut(&text, if part.is_some() { mistakes } else { with(Mistake::OutputCut) }, &mut cuts);
        for (alphabet, alphabet_mistakes) in ALPHABETS {
            let Ok(bytes) = alphabet.decode(&text) else { continue };
            let mistakes = mistakes.and(*alphabet_mistakes);
            let with = |mistake| mistakes.and(Set::of(&[mistake]));
            add(unhex(&digits(&bytes)), with(Mistake::OutputBase64OfHex));
            add(numbers(&bytes), with(Mistake::OutputAsNumbers));
            add(STANDARD.decode(&bytes).ok(), with(Mistake::OutputBase64Twice));
            add(untext(&bytes), with(Mistake::OutputBytesAsText));
            if str::from_utf8(&bytes).is_ok_and(|text| text.contains('\u{fffd}')) {
                let mistakes = with(Mistake::OutputBytesAsText);
                cuts.push(Cut { left: Left::Utf8(bytes.clone()), mistakes });
            }
            add(Some(bytes), mistakes);
            break;
        }
    }
    let mut targets = Targets::new(targets, cuts);
    targets.shown = part.map(|part| part.chars().count());
    targets
}

/// Returns whether the signature is the name of a type, as itself or as base64.
pub(super) fn is_object(signature: &str) -> bool {
    let text = signature.trim();
    let decoded = STANDARD.decode(text).unwrap_or_default();
    OBJECTS.iter().any(|object| text == *object || decoded == object.as_bytes())
}

/// Adds what the text may be of a signature whose beginning or end is missing: at least 128 bits, so that no other one has them.
fn cut(text: &[u8], mistakes: Set, cuts: &mut Vec<Cut>) {
    let Ok(text) = str::from_utf8(text) else { return };
    let mut add = |bytes: Option<Vec<u8>>, mistakes: Set| {
        if let Some(bytes) = bytes.filter(|bytes| (16..64).contains(&bytes.len())) {
            cuts.push(Cut { left: Left::Part { text: text.into(), bytes }, mistakes });
        }
    };
    let characters = text.len();
    let url = text.contains(['-', '_']);
    let alphabet = if url { URL_SAFE } else { STANDARD };
    let of_alphabet = if url { mistakes.and(Set::of(&[Mistake::OutputUrlSafe])) } else { mistakes };
    // The beginning of a signature may end within a group of 4 characters, and its end may begin within one.
    let start = text.trim_end_matches('=');
    let start = start.get(..start.len().saturating_sub(start.len() % 4)).unwrap_or_default();
    add(alphabet.decode(start).ok(), of_alphabet);
    add(alphabet.decode(text).ok(), of_alphabet);
    let end = text.get(characters % 4..).unwrap_or_default();
    add(alphabet.decode(end).ok(), of_alphabet);
    let even = characters.saturating_sub(characters % 2);
    let mistakes = mistakes.and(Set::of(&[Mistake::OutputHex]));
    add(text.get(..even).and_then(|text| unhex(text.as_bytes())), mistakes);
    add(text.get(characters.saturating_sub(even)..).and_then(|text| unhex(text.as_bytes())), mistakes);
}

/// Returns hexadecimal digits without what programs put around and between them.
fn digits(text: &[u8]) -> Vec<u8> {
    let text = text.trim_ascii();
    let text = text.strip_suffix(b"-").unwrap_or(text).trim_ascii_end();
    // The output of OpenSSL: SHA512(stdin)= 12ab….
    let after = text.iter().rposition(|byte| *byte == b'=').map_or(0, |at| at.saturating_add(1));
    let text = text.get(after..).unwrap_or_default().trim_ascii_start();
    // The text of Swift's CryptoKit.
    let mut swift = [&b"HMAC with SHA512: "[..], b"HMAC with SHA256: "].into_iter();
    let text = swift.find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    text.iter().copied().filter(|byte| !b"-: ".contains(byte)).collect()
}

/// Returns bytes that were written as decimal numbers from -128 to 255.
fn numbers(text: &[u8]) -> Option<Vec<u8>> {
    // The JSON of a `Buffer` of Node has its type before the numbers.
    let text = str::from_utf8(text).ok()?.rsplit(['[', '{']).next()?.trim_end_matches([']', '}', ' ', '\n']);
    let byte = |number: &str| {
        let number: i16 = number.parse().ok()?;
        (-128..=255).contains(&number).then(|| number.to_le_bytes()[0])
    };
    let numbers = text.split([',', ' ']).filter(|number| !number.is_empty());
    numbers.map(byte).collect()
}

/// Rules that undo changes of the encoded signature.
const WRITTEN: &[&[Rule]] = &[
    &[Rule(Mistake::OutputPlusLost, |_, text, add| {
        // White space that is left around base64 is no lost +.
        let spaced = text.contains(&b' ') && matches!(text.len(), 86 | 88);
        if spaced {
            add(text.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect());
        }
    })],
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
        // JSON that escapes / and +, as in PHP and .NET.
        let json = String::from_utf8_lossy(text);
        let json = json.trim_matches('"').replace("\\/", "/");
        // A line break as Ruby and others print it.
        let json = json.replace("\\r\\n", "").replace("\\n", "");
        add(json
            .replace("\\u002B", "+")
            .replace("\\u002b", "+")
            .replace("\\u003D", "=")
            .replace("\\u003d", "=")
            .into());
    })],
    &[
        Rule(Mistake::OutputPercentEncoded, |_, text, add| add(percent_decode(text).collect())),
        Rule(Mistake::OutputPercentTwice, |_, text, add| {
            let once: Vec<u8> = percent_decode(text).collect();
            add(percent_decode(&once).collect());
        }),
    ],
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
