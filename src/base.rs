//! Base64 and base32 (RFC 4648), as keys and signatures are written in them.
//!
//! Keys are read in constant time: which digit a character stands for decides no branch and no address. (Whether it is one
//! does, in base32.) The crate `base64ct` does the same for base64; it takes 2 KB more of the WebAssembly binary, and
//! 0.3 µs more of a signature.

use zeroize::optimization_barrier;

/// Ranges of characters, and what the first of each stands for.
type Alphabet = [(u8, u8, i16)];

const BASE64: &Alphabet = &[(b'A', b'Z', 0), (b'a', b'z', 26), (b'0', b'9', 52), (b'+', b'+', 62), (b'/', b'/', 63)];

/// In upper and in lower case.
const BASE32: &Alphabet = &[(b'A', b'Z', 0), (b'a', b'z', 0), (b'2', b'7', 26)];

/// What a character stands for in base64; below zero for one that it does not have.
pub(crate) fn base64_digit(character: u8) -> i16 {
    digit(BASE64, character)
}

/// What a character stands for in base32; below zero for one that it does not have.
pub(crate) fn base32_digit(character: u8) -> i16 {
    digit(BASE32, character)
}

#[inline(never)]
fn digit(alphabet: &Alphabet, character: u8) -> i16 {
    let character = i16::from(character);
    let mut digit: i16 = -1;
    for (first, last, value) in alphabet {
        let offset = character.wrapping_sub((*first).into());
        // The sign of the lower one of two differences: all ones outside the range, else zero.
        let outside = offset.min(i16::from(*last).wrapping_sub(character)) >> 15;
        // At most one range has the character, and takes the -1 back.
        digit = digit.wrapping_add(!outside & offset.wrapping_add(*value).wrapping_add(1));
    }
    digit
}

/// A key that is put together from digits. It is wiped when it is dropped.
pub(crate) struct Key {
    bytes: [u8; Self::MOST],
    len: usize,
    /// The last bits, of which `held` are in no byte yet: at most 7 before a digit, 13 after.
    bits: u16,
    held: u8,
}

impl Key {
    /// How many bytes a key may have.
    pub(crate) const MOST: usize = 384;

    #[inline(never)]
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; Self::MOST], len: 0, bits: 0, held: 0 }
    }

    /// Appends a digit of so many bits; nothing if there is no room for a byte that it completes.
    #[inline(never)]
    pub(crate) fn push(&mut self, digit: i16, width: u8) -> Option<()> {
        self.bits = (self.bits << width).wrapping_add(digit.cast_unsigned() & !(u16::MAX << width));
        self.held = self.held.wrapping_add(width);
        if self.held >= 8 {
            self.held = self.held.wrapping_sub(8);
            let [byte, _] = (self.bits >> self.held).to_le_bytes();
            *self.bytes.get_mut(self.len)? = byte;
            self.len = self.len.wrapping_add(1);
        }
        Some(())
    }

    /// The bits that are in no byte, which have to be zero; nothing if they are as many as a whole digit, of this width,
    /// which no number of bytes leaves.
    pub(crate) fn rest(&self, width: u8) -> Option<u16> {
        (self.held < width).then_some(self.bits & !(u16::MAX << self.held))
    }

    /// The bytes that are complete.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl Drop for Key {
    #[inline(never)]
    fn drop(&mut self) {
        self.bytes = [0; Self::MOST];
        self.bits = 0;
        optimization_barrier(self);
    }
}

/// Reads strict base64: whole groups of four, padded, with nothing in the bits that belong to no byte.
///
/// Returns nothing if the text is not base64, or too long; then it is worth a closer look.
pub(crate) fn read_base64<'k>(text: &[u8], key: &'k mut Key) -> Option<&'k [u8]> {
    let padding: usize = match text {
        [.., b'=', b'='] => 2,
        [.., b'='] => 1,
        _ => 0,
    };
    let mut digits = 0;
    for character in text.get(..text.len().wrapping_sub(padding))? {
        let digit = base64_digit(*character);
        digits |= digit;
        key.push(digit, 6)?;
    }
    (text.len().is_multiple_of(4) && digits >= 0 && key.rest(6) == Some(0)).then_some(key.bytes())
}

/// The next byte of percent-encoded text, where `%XX` is a byte and `+` a blank, and what follows.
pub(crate) fn unescape(first: u8, behind: &[u8]) -> Option<(u8, &[u8])> {
    fn hex(digit: u8) -> Option<u8> {
        char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
    }
    match (first, behind) {
        (b'%', [high, low, rest @ ..]) => Some(((hex(*high)? << 4).wrapping_add(hex(*low)?), rest)),
        (b'%', _) => None,
        (b'+', _) => Some((b' ', behind)),
        _ => Some((first, behind)),
    }
}

/// The text without the white space around it, and the offset where it starts.
#[inline(never)]
pub(crate) fn trim(text: &[u8]) -> (usize, &[u8]) {
    let trimmed = text.trim_ascii_start();
    (text.len().wrapping_sub(trimmed.len()), trimmed.trim_ascii_end())
}

/// Writes 64 bytes in base64. They are a signature, and no secret.
pub(crate) fn write_base64(bytes: &[u8], text: &mut [u8; 88]) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u8| DIGITS.get(usize::from(bits & 63)).copied().unwrap_or_default();
    let (groups, rest) = bytes.as_chunks();
    let mut places = text.as_chunks_mut().0.iter_mut();
    for ([a, b, c], place) in groups.iter().zip(&mut places) {
        *place = [digit(a >> 2), digit((a << 4).wrapping_add(b >> 4)), digit((b << 2).wrapping_add(c >> 6)), digit(*c)];
    }
    if let ([a], Some(place)) = (rest, places.next()) {
        *place = [digit(a >> 2), digit(a << 4), b'=', b'='];
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use base64ct::{Base64, Encoding};
    use std::{string::String, vec::Vec};
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Every character of the text, changed in turn to each of these.
    const OTHERS: &[u8] = b"AZaz09+/=-_.@[`{:\0\x7f\x80\xff ";

    fn read(text: &[u8]) -> Option<Vec<u8>> {
        read_base64(text, &mut Key::new()).map(<[u8]>::to_vec)
    }

    fn bytes(len: usize) -> Vec<u8> {
        (0..len).map(|at| (at * at * 31 + at * 7 + len) as u8).collect()
    }

    #[test]
    fn knows_its_digits_and_no_others() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let place = |alphabet: &[u8], character| {
            alphabet.iter().position(|one| *one == character).map_or(-1, |at| i16::try_from(at).unwrap())
        };
        for character in 0..=u8::MAX {
            assert_eq!(base64_digit(character), place(alphabet, character));
            let upper = character.to_ascii_uppercase();
            assert_eq!(base32_digit(character), place(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", upper));
        }
    }

    #[test]
    fn reads_and_refuses_what_base64ct_does() {
        for len in (0..70).chain(Key::MOST - 3..=Key::MOST) {
            let text = Base64::encode_string(&bytes(len));
            assert_eq!(read(text.as_bytes()), Some(bytes(len)), "{len} bytes");
        }
        assert_eq!(read(Base64::encode_string(&bytes(Key::MOST + 1)).as_bytes()), None);
        let mut refused = 0;
        for len in 0..8 {
            let text = Base64::encode_string(&bytes(len)).into_bytes();
            for at in 0..text.len() {
                for other in OTHERS {
                    let mut wrong = text.clone();
                    wrong[at] = *other;
                    let expected =
                        String::from_utf8(wrong.clone()).ok().and_then(|text| Base64::decode_vec(&text).ok());
                    refused += usize::from(expected.is_none());
                    assert_eq!(read(&wrong), expected, "{wrong:?}");
                }
                assert_eq!(read(&text[..at]).is_some(), at.is_multiple_of(4), "{len} bytes, {at} characters");
            }
        }
        assert!(refused > 100);
    }

    #[test]
    fn writes_what_base64ct_writes() {
        for seed in 0..200 {
            let bytes: [u8; 64] = core::array::from_fn(|at| (at * at + at * seed + seed) as u8);
            let mut text = [0; 88];
            write_base64(&bytes, &mut text);
            assert_eq!(str::from_utf8(&text).unwrap(), Base64::encode_string(&bytes));
        }
    }
}
