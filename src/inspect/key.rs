//! The first stage: the bytes that may have been used as the HMAC key.

use alloc::{string::String, vec::Vec};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_STANDARD,
};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Key,
    charset::{as_rare_text, as_text, utf16le},
    digest::{without_zeros, wrapped},
    explain::{hex, key_bytes},
    mistakes::Mistake,
    search::MOST,
    set::Set,
    variants::Variant,
};
use crate::Error;

/// Bytes that are wiped.
pub(super) type Bytes = Zeroizing<Vec<u8>>;

/// Every HMAC key that may have resulted from the private key, or from the API key in its place.
pub(super) struct Keys {
    /// The first one is right, if the private key can be read.
    variants: Vec<Variant<Bytes>>,
    /// Those that are left out of combinations of three mistakes.
    rare: Vec<Variant<Bytes>>,
    /// Those that are left out of all combinations.
    alone: Vec<Variant<Bytes>>,
    /// The reason why a strict decoder rejects a private key that is complete.
    pub(super) malformed: Option<Error>,
}

/// A decoder like those of many programs: it accepts missing padding and trailing bits.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Keys {
    pub(super) fn new(secret: Key<'_>, public: Option<&str>) -> Result<Self, Error> {
        use Mistake::{
            SecretAsText, SecretBytesAsText, SecretCut, SecretPlusLost, SecretSwapped, SecretUrlSafe, SecretWhiteSpace,
            Utf16,
        };

        // `raw` is the text that the program had. `repaired` is what Kraken had shown: no white space, standard alphabet.
        let raw = Zeroizing::new(match secret {
            Key::Text(text) => String::from(text),
            Key::Bytes(bytes) => BASE64_STANDARD.encode(bytes),
        });
        if MISSING.contains(&raw.trim_ascii()) {
            return Ok(Self::missing());
        }
        let repaired = Zeroizing::new(repaired(&raw));
        let strict = key_bytes(secret);
        let whole = key_bytes(Key::Text(&repaired));
        let mut keys = Self {
            variants: Vec::new(),
            rare: Vec::new(),
            alone: Vec::new(),
            malformed: strict.as_ref().err().copied().filter(|_| whole.is_ok()),
        };
        let right = match (strict, whole) {
            (Ok(key), _) | (_, Ok(key)) => {
                keys.add(&key, &[]);
                key
            }
            (Err(error), _) => {
                let key = lenient(repaired.bytes());
                if key.is_empty() {
                    return Err(error);
                }
                keys.add(&key, &[SecretCut]);
                key
            }
        };

        let text = raw.trim_ascii();
        keys.add(text.as_bytes(), &[SecretAsText]);
        keys.add(&Zeroizing::new(utf16le(text)), &[SecretAsText, Utf16]);
        for mut text in as_text(&right) {
            keys.add(text.as_bytes(), &[SecretBytesAsText]);
            text.zeroize();
        }

        keys.add(raw.as_bytes(), &[SecretAsText, SecretWhiteSpace]);
        for space in ["\n", "\r\n", " "] {
            keys.add(&Zeroizing::new([text, space].concat().into_bytes()), &[SecretAsText, SecretWhiteSpace]);
        }
        // Some decoders stop at the first white space.
        if let Some((before, _)) = text.split_once(|character: char| character.is_ascii_whitespace()) {
            keys.add(&lenient(before.bytes()), &[SecretWhiteSpace]);
        }

        let translated = |from: [u8; 2], to: [u8; 2]| {
            Zeroizing::new(
                text.bytes()
                    .map(|byte| {
                        if byte == from[0] {
                            to[0]
                        } else if byte == from[1] {
                            to[1]
                        } else {
                            byte
                        }
                    })
                    .collect::<Vec<_>>(),
            )
        };
        keys.add(&translated(*b"+/", *b"-_"), &[SecretAsText, SecretUrlSafe]);
        keys.add(&translated(*b"-_", *b"+/"), &[SecretAsText, SecretUrlSafe]);
        keys.add(&lenient(text.bytes().filter(|byte| !b"+/-_".contains(byte))), &[SecretUrlSafe]);
        keys.add(&lenient(text.bytes().take_while(|byte| !b"+/-_".contains(byte))), &[SecretUrlSafe]);
        keys.add(&lenient(repaired.bytes().filter(|byte| *byte != b'+')), &[SecretPlusLost]);
        if repaired.contains('+') {
            let spaced = Zeroizing::new(repaired.replace('+', " "));
            keys.add(spaced.as_bytes(), &[SecretAsText, SecretPlusLost]);
        }
        // As a program has it that removes quotation marks, for example.
        keys.add(repaired.as_bytes(), &[SecretAsText]);

        for lost in [1, 4] {
            keys.add_cut(&repaired, lost);
        }
        let bare = repaired.trim_end_matches('=');
        keys.add(bare.as_bytes(), &[SecretAsText, SecretCut]);

        if let Some(public) = public.map(str::trim_ascii) {
            keys.add(&lenient(public.bytes()), &[SecretSwapped]);
            keys.add(public.as_bytes(), &[SecretSwapped, SecretAsText]);
        }
        keys.add_rare(text, &repaired, &right);
        if public.is_some_and(|public| is_api_key(public, text)) {
            keys.all_are(&[SecretSwapped]);
        }
        Ok(keys)
    }

    /// Adds mistakes to each key.
    fn all_are(&mut self, mistakes: &[Mistake]) {
        for key in self.variants.iter_mut().chain(&mut self.rare).chain(&mut self.alone) {
            key.mistakes = key.mistakes.and(Set::of(mistakes));
        }
    }

    /// Returns the keys of a program in which the private key has no value.
    fn missing() -> Self {
        let mut keys = Self { variants: Vec::new(), rare: Vec::new(), alone: Vec::new(), malformed: None };
        keys.add_missing(MISSING);
        keys
    }

    fn add_missing(&mut self, texts: &[&str]) {
        // HMAC fills a key up with zeros, so that an empty one is the same as one of zeros.
        self.add(&[0], &[Mistake::SecretMissing]);
        for text in texts {
            self.add(text.as_bytes(), &[Mistake::SecretMissing]);
            self.add(&lenient(text.bytes()), &[Mistake::SecretMissing]);
        }
    }

    /// Adds the keys without this many characters at the beginning or end.
    fn add_cut(&mut self, repaired: &str, lost: usize) {
        use Mistake::{SecretAsText, SecretCut};

        let end = repaired.len().saturating_sub(lost);
        for cut in [repaired.get(..end), repaired.get(lost..)].into_iter().flatten() {
            self.add(&lenient(cut.bytes()), &[SecretCut]);
            self.add(cut.as_bytes(), &[SecretAsText, SecretCut]);
        }
    }

    /// Adds the keys of less common mistakes.
    fn add_rare(&mut self, text: &str, repaired: &str, right: &Bytes) {
        use Mistake::{SecretAsHex, SecretBytesAsText, SecretCut, SecretFromHex, SecretTwice, SecretZeroByte};

        let known = core::mem::take(&mut self.variants);
        for lost in [2, 3] {
            self.add_cut(repaired, lost);
        }
        for mut text in as_rare_text(right) {
            self.add(text.as_bytes(), &[SecretBytesAsText]);
            text.zeroize();
        }
        let mut digits = Zeroizing::new(hex(right));
        self.add(digits.as_bytes(), &[SecretAsHex]);
        digits.make_ascii_uppercase();
        self.add(digits.as_bytes(), &[SecretAsHex]);
        let twice = Zeroizing::new(BASE64_STANDARD.encode(text));
        self.add(twice.as_bytes(), &[SecretTwice]);
        self.add(&lenient(right.iter().copied()), &[SecretTwice]);
        for cut in without_zeros(right) {
            self.add(&cut, &[SecretZeroByte]);
        }
        self.add_missing(&["undefined", "null", "None"]);
        for bytes in from_hex(text) {
            self.add(&bytes, &[SecretFromHex]);
        }
        self.add(right.get(..32).unwrap_or_default(), &[SecretCut]);
        self.rare = new_ones(core::mem::take(&mut self.variants), &known, &[]);
        self.add_alone(text, right);
        self.alone = new_ones(core::mem::take(&mut self.variants), &known, &self.rare);
        self.variants = known;
    }

    /// Adds the keys of mistakes that are not combined with others.
    fn add_alone(&mut self, text: &str, right: &Bytes) {
        use Mistake::{SecretAsHex, SecretAsText, SecretCut, SecretHashed, Utf16};

        // The sizes of keys of other algorithms, and of buffers.
        for length in [16, 20, 24, 48, 63] {
            self.add(right.get(..length).unwrap_or_default(), &[SecretCut]);
        }
        for length in [32, 44, 64] {
            let cut = text.get(..length).unwrap_or_default();
            self.add(&lenient(cut.bytes()), &[SecretCut]);
            self.add(cut.as_bytes(), &[SecretAsText, SecretCut]);
        }
        // HMAC fills a key up with zeros, so that a zero byte after it changes only a key of more than 128 bytes.
        let digits = Zeroizing::new(hex(right));
        let lines = Zeroizing::new(wrapped(&digits));
        for (text, end) in [(&digits, "\0"), (&digits, "\n"), (&lines, ""), (&lines, "\n")] {
            self.add(&Zeroizing::new([text, end].concat().into_bytes()), &[SecretAsHex]);
        }
        for bytes in [text.as_bytes(), right] {
            let hash = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(bytes)));
            self.add(&*hash, &[SecretHashed]);
            self.add(Zeroizing::new(hex(&*hash)).as_bytes(), &[SecretHashed]);
        }
        let units = Zeroizing::new(utf16le(text));
        self.add(&Zeroizing::new([&**units, &[0; 2]].concat()), &[SecretAsText, Utf16]);
        self.add_missing(MISSING);
    }

    /// Returns the keys for combinations of up to `most` mistakes. The first one is right.
    pub(super) fn up_to(&self, most: u32) -> impl Iterator<Item = &Variant<Bytes>> {
        let rare = self.rare.iter().filter(move |_| most < MOST);
        self.variants.iter().chain(rare).chain(self.alone.iter().filter(move |_| most == 1))
    }

    fn add(&mut self, key: &[u8], mistakes: &[Mistake]) {
        if !key.is_empty() && Set::of(mistakes).is_searched() && self.variants.iter().all(|known| **known.value != *key)
        {
            self.variants.push(Variant { value: Zeroizing::new(key.into()), mistakes: Set::of(mistakes) });
        }
    }
}

/// Returns whether a private key is the API key, by mistake, and not the reverse: API keys have 56 characters.
pub(super) fn is_api_key(public: &str, secret: &str) -> bool {
    public.trim_ascii() == secret.trim_ascii() && secret.trim_ascii().len() == 56
}

/// Returns the keys that are in none of the lists.
fn new_ones(keys: Vec<Variant<Bytes>>, known: &[Variant<Bytes>], rare: &[Variant<Bytes>]) -> Vec<Variant<Bytes>> {
    let is_new = |key: &Variant<Bytes>| known.iter().chain(rare).all(|other| *other.value != *key.value);
    keys.into_iter().filter(is_new).collect()
}

/// What programs write for a variable without a value.
pub(super) const MISSING: &[&str] =
    &["undefined", "null", "None", "nil", "NULL", "<nil>", "false", "NaN", "[object Promise]", "[object Object]"];

/// Returns what decoders of hexadecimal make of base64: those of Node, which stops at the first other character; of crypto-js, for
/// which other characters are 0; and of Ruby and Perl, for which all letters are digits.
fn from_hex(text: &str) -> [Bytes; 3] {
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let decode = |pair: fn([Option<u8>; 2], [u8; 2]) -> Option<u8>| {
        let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
        bytes.extend(pairs.iter().map_while(|&[high, low]| pair([digit(high), digit(low)], [high, low])));
        bytes
    };
    [
        decode(|digits, _| Some(digits[0]? << 4 | digits[1]?)),
        decode(|digits, characters| {
            Some(match (digits, characters) {
                ([Some(high), Some(low)], _) => high << 4 | low,
                // parseInt reads the digits before another character, and after a +.
                ([Some(one), None], _) | ([None, Some(one)], [b'+', _]) => one,
                _ => 0,
            })
        }),
        decode(|_, characters| {
            let nibble =
                |byte: u8| if byte.is_ascii_alphabetic() { (byte & 7).wrapping_add(9) & 15 } else { byte & 15 };
            Some(nibble(characters[0]) << 4 | nibble(characters[1]))
        }),
    ]
}

/// Undoes the changes of a key that lose nothing: white space, quotation marks, missing padding, and the URL-safe alphabet.
fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len().saturating_add(4));
    for character in text.chars() {
        match character {
            '-' => repaired.push('+'),
            '_' => repaired.push('/'),
            // The last ones are a byte order mark, and what documents and chats add or put in place of quotation marks.
            '='
            | '"'
            | '\''
            | '`'
            | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{2018}'..='\u{201f}'
            | '\u{ab}'
            | '\u{bb}' => {}
            _ if character.is_whitespace() || character.is_control() => {}
            _ => repaired.push(character),
        }
    }
    while matches!(repaired.len() % 4, 2 | 3) {
        repaired.push('=');
    }
    repaired
}

/// Decodes base64 leniently, and skips unknown characters.
fn lenient(text: impl Iterator<Item = u8>) -> Bytes {
    let mut known = Zeroizing::new(Vec::with_capacity(512));
    known.extend(text.filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)));
    if known.len() % 4 == 1 {
        known.pop();
    }
    Zeroizing::new(LENIENT.decode(&*known).unwrap_or_default())
}
