//! Character encodings: how text may have been encoded, and how bytes may have been treated as text.

use alloc::{borrow::Cow, format, string::String, vec, vec::Vec};

use zeroize::Zeroizing;

use super::{explain::hex, mistakes::Mistake, set::Set};

/// A way to join text and to encode it as bytes.
#[derive(Clone, Copy)]
pub(super) struct Charset {
    /// The byte order mark.
    pub(super) bom: &'static [u8],
    /// The encoder. UTF-8 if `None`.
    pub(super) encode: Option<fn(&str) -> Vec<u8>>,
    /// Whether it also encodes a nonce.
    pub(super) nonce: bool,
    /// Whether it also encodes a path that is signed next to the digest.
    pub(super) path: bool,
    /// What is between the parts: of the message if `path` is set, otherwise of the hashed text.
    pub(super) separator: &'static [u8],
    /// Whether it is left out of combinations of three mistakes.
    pub(super) rare: bool,
    pub(super) mistakes: Set,
}

impl Charset {
    /// Returns a text in this encoding, or `None` if these bytes are no text.
    pub(super) fn encoded<'a>(&self, bytes: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        match self.encode {
            Some(encode) => str::from_utf8(bytes).ok().map(|text| encode(text).into()),
            None => Some(bytes.into()),
        }
    }
}

/// The right encoding.
pub(super) const UTF8: Charset =
    Charset { bom: b"", encode: None, nonce: true, path: false, separator: b"", rare: false, mistakes: Set::NONE };

const UTF16: Charset = Charset { encode: Some(utf16le), mistakes: Set::of(&[Mistake::Utf16]), ..UTF8 };
const LATIN1: Charset = Charset { encode: Some(latin1), mistakes: Set::of(&[Mistake::Latin1]), ..UTF8 };
const ASCII: Charset = Charset { encode: Some(ascii), rare: true, mistakes: Set::of(&[Mistake::Ascii]), ..UTF8 };

const fn separated(separator: &'static [u8], path: bool) -> Charset {
    Charset { separator, path, rare: true, mistakes: Set::of(&[Mistake::PartsSeparated]), ..UTF8 }
}

/// Every encoding. The first one is right.
pub(super) const CHARSETS: &[Charset] = &[
    UTF8,
    UTF16,
    Charset { path: true, ..UTF16 },
    // Only the body, because the nonce was bytes already.
    Charset { nonce: false, rare: true, ..UTF16 },
    // With a byte order mark, as in Python and Java.
    Charset { bom: b"\xff\xfe", ..UTF16 },
    Charset { bom: b"\xff\xfe", nonce: false, rare: true, ..UTF16 },
    Charset { bom: b"\xfe\xff", encode: Some(utf16be), ..UTF16 },
    Charset { encode: Some(utf16be), rare: true, ..UTF16 },
    LATIN1,
    Charset { encode: Some(windows1252), rare: true, ..LATIN1 },
    Charset { encode: Some(truncated), rare: true, ..LATIN1 },
    ASCII,
    Charset { encode: Some(ascii_only), ..ASCII },
    separated(b"?", false),
    separated(b"&", false),
    separated(b"\n", false),
    separated(b"\r\n", false),
    separated(b" ", false),
    separated(b":", false),
    separated(b",", false),
    separated(b", ", false),
    separated(b"|", false),
    separated(b"+", false),
    separated(b".", false),
    separated(b"-", false),
    separated(b"\0", false),
];

/// What may be between the parts of the message, where the hashed text is right.
pub(super) const SEPARATORS: &[Charset] = &[
    separated(b"\n", true),
    separated(b" ", true),
    separated(b":", true),
    separated(b",", true),
    separated(b"|", true),
    separated(b"+", true),
    separated(b"?", true),
    separated(b"\0", true),
];

pub(super) fn utf16le(text: &str) -> Vec<u8> {
    utf16(text, u16::to_le_bytes)
}

fn utf16be(text: &str) -> Vec<u8> {
    utf16(text, u16::to_be_bytes)
}

/// Encodes with the whole capacity from the beginning, because the text may be a key, and a vector that grows leaves a copy behind.
fn utf16(text: &str, write: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mut made = Vec::with_capacity(text.len().saturating_mul(2));
    for unit in text.encode_utf16() {
        made.extend_from_slice(&write(unit));
    }
    made
}

/// Encodes characters that Latin-1 does not have as `?`.
pub(super) fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
}

/// Keeps the lower byte of each UTF-16 unit, as JavaScript's `Buffer` does for Latin-1.
fn truncated(text: &str) -> Vec<u8> {
    text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect()
}

/// Encodes characters that ASCII does not have as `?`.
fn ascii(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect()
}

/// Leaves out characters that ASCII does not have.
fn ascii_only(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii).collect()
}

/// The characters of Windows-1252 from 0x80 to 0x9f. Bytes without a character are themselves, as in browsers.
const WINDOWS1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows1252(text: &str) -> Vec<u8> {
    let encode = |character: char| {
        let at = WINDOWS1252.iter().position(|known| *known == character);
        let byte = at.and_then(|at| u8::try_from(at.saturating_add(0x80)).ok());
        byte.or_else(|| u8::try_from(u32::from(character)).ok()).unwrap_or(b'?')
    };
    text.chars().map(encode).collect()
}

fn windows1252_text(bytes: &[u8]) -> String {
    let decode = |byte: &u8| {
        let at = byte.checked_sub(0x80).map(usize::from);
        at.and_then(|at| WINDOWS1252.get(at).copied()).unwrap_or(char::from(*byte))
    };
    bytes.iter().map(decode).collect()
}

/// Returns the texts that result when bytes are treated as text: decoded as Latin-1, or as UTF-8 with replacement characters.
pub(super) fn as_text(bytes: &[u8]) -> [String; 2] {
    [bytes.iter().copied().map(char::from).collect(), String::from_utf8_lossy(bytes).into_owned()]
}

/// Returns the texts that result when bytes are treated as text in less common ways.
pub(super) fn as_rare_text(bytes: &[u8]) -> Vec<String> {
    let each = |decode: fn(u8) -> char| bytes.iter().copied().map(decode).collect::<String>();
    let mut units = Zeroizing::new(Vec::with_capacity(bytes.len()));
    units.extend(bytes.as_chunks::<2>().0.iter().copied().map(u16::from_le_bytes));
    vec![
        windows1252_text(bytes),
        // Signed bytes as UTF-16 units, as in Java and Google Apps Script.
        each(|byte| char::from_u32(u32::from(byte) | if byte < 0x80 { 0 } else { 0xff00 }).unwrap_or_default()),
        // ASCII in .NET, Java and Node.
        each(|byte| if byte.is_ascii() { char::from(byte) } else { '?' }),
        each(|byte| if byte.is_ascii() { char::from(byte) } else { '\u{fffd}' }),
        each(|byte| char::from(byte & 0x7f)),
        // UTF-8 in Python, without what is none.
        String::from_utf8_lossy(bytes).replace('\u{fffd}', ""),
        String::from_utf16_lossy(&units),
        python_bytes(bytes),
    ]
}

/// Returns bytes as Python prints them: b'…'.
pub(super) fn python_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut text = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' if char::from(*byte) == quote => text.extend(['\\', quote]),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => text.extend(["\\x", &hex(&[*byte])]),
        }
    }
    text.push(quote);
    text
}

/// Returns the UTF-8 of a body that is in another encoding, or that was encoded twice, and the reverse.
pub(super) fn reencoded(body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    add(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).into());
    add([b"\xef\xbb\xbf", body].concat());
    let units = |read: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().copied().map(read).collect();
        String::from_utf16(&units).unwrap_or_default().trim_start_matches('\u{feff}').as_bytes().to_vec()
    };
    if body.contains(&0) {
        add(units(u16::from_le_bytes, body));
        add(units(u16::from_be_bytes, body));
    }
    if body.is_ascii() {
        return;
    }
    add(as_text(body)[0].as_bytes().to_vec());
    add(windows1252_text(body).into());
    if let Ok(text) = str::from_utf8(body) {
        // Only what is UTF-8 again: the rest is text that was encoded as Latin-1 for the hash.
        [latin1(text), windows1252(text)].into_iter().filter(|text| str::from_utf8(text).is_ok()).for_each(add);
    }
}
