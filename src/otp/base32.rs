//! Base32 (RFC 4648) as setup keys use it: uppercase or lowercase, with spaces and hyphens between the characters, with or
//! without padding. No crate decodes this without an allocator and reports the position of a mistake.

use super::Totp;
use crate::{Error, mac::wipe};

/// A setup key, decoded from digits of five bits. It is wiped when it is dropped.
pub(super) struct Key {
    bytes: [u8; Totp::MAX_KEY_BYTES],
    len: usize,
    /// The latest bits. The lowest `pending` of them do not fill a byte yet.
    bits: u16,
    pending: u8,
}

impl Key {
    /// Decodes characters, each with its offset.
    pub(super) fn read(characters: impl Iterator<Item = Result<(usize, u8), Error>>) -> Result<Self, Error> {
        let mut key = Self { bytes: [0; Totp::MAX_KEY_BYTES], len: 0, bits: 0, pending: 0 };
        let mut padding = None;
        for character in characters {
            let (at, character) = character?;
            let first = match character {
                b'A'..=b'Z' => b'A',
                b'a'..=b'z' => b'a',
                // The digits follow the 26 letters.
                b'2'..=b'7' => b'2' - 26,
                b' ' | b'\t' | b'\r' | b'\n' | b'-' => continue,
                b'=' => {
                    padding = padding.or(Some(at));
                    continue;
                }
                _ => return Err(Error::OtpKeyCharacter { at }),
            };
            if let Some(at) = padding {
                return Err(Error::OtpKeyCharacter { at });
            }
            key.push(character.wrapping_sub(first))?;
        }
        match key.pending {
            5.. => Err(Error::OtpKeyLength),
            pending if key.bits & !(u16::MAX << pending) != 0 => Err(Error::OtpKeyTrailingBits),
            _ => Ok(key),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    fn push(&mut self, digit: u8) -> Result<(), Error> {
        self.bits = self.bits << 5 | u16::from(digit);
        self.pending = self.pending.wrapping_add(5);
        if let Some(left) = self.pending.checked_sub(8) {
            let [byte, _] = (self.bits >> left).to_le_bytes();
            *self.bytes.get_mut(self.len).ok_or(Error::OtpKeyTooLong)? = byte;
            self.len = self.len.wrapping_add(1);
            self.pending = left;
        }
        Ok(())
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
        // These bits are zero, unless the key was invalid.
        self.bits = 0;
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn decoded(text: &str) -> Result<Vec<u8>, Error> {
        Key::read(text.bytes().enumerate().map(Ok)).map(|key| key.bytes().to_vec())
    }

    #[test]
    fn reads_the_vectors_of_rfc_4648() {
        for (text, bytes) in [
            ("", ""),
            ("MY======", "f"),
            ("MZXQ====", "fo"),
            ("MZXW6===", "foo"),
            ("MZXW6YQ=", "foob"),
            ("MZXW6YTB", "fooba"),
            ("MZXW6YTBOI======", "foobar"),
        ] {
            assert_eq!(decoded(text).unwrap(), bytes.as_bytes());
            assert_eq!(decoded(&text.to_lowercase()).unwrap(), bytes.as_bytes());
            assert_eq!(decoded(text.trim_end_matches('=')).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn accepts_its_digits_and_no_others() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        for character in 0..=u8::MAX {
            let text = [character, b'A'];
            let read = Key::read(text.into_iter().enumerate().map(Ok)).map(|key| key.bytes().to_vec());
            match alphabet.iter().position(|digit| *digit == character.to_ascii_uppercase()) {
                Some(digit) => assert_eq!(read, Ok(std::vec![(digit << 3) as u8]), "{character}"),
                None if b" \t\r\n-".contains(&character) => assert_eq!(read, Err(Error::OtpKeyLength)),
                None => assert_eq!(read, Err(Error::OtpKeyCharacter { at: 0 }), "{character}"),
            }
        }
    }

    #[test]
    fn reads_keys_as_they_are_pasted() {
        assert_eq!(decoded("mzxw 6ytb-oi\n").unwrap(), b"foobar");
        assert_eq!(decoded("  MZXW\t6YTB\r\nOI= = = ===").unwrap(), b"foobar");
    }

    #[test]
    fn reports_the_mistake_and_its_position() {
        assert_eq!(decoded("MZXW1YTB"), Err(Error::OtpKeyCharacter { at: 4 }));
        assert_eq!(decoded("mz xw 0"), Err(Error::OtpKeyCharacter { at: 6 }));
        assert_eq!(decoded("MZ8W"), Err(Error::OtpKeyCharacter { at: 2 }));
        assert_eq!(decoded("MZ=XW"), Err(Error::OtpKeyCharacter { at: 2 }));
        assert_eq!(decoded("é"), Err(Error::OtpKeyCharacter { at: 0 }));
        for text in ["A", "AAA", "AAAAAA", "AAAAAAAAA"] {
            assert_eq!(decoded(text), Err(Error::OtpKeyLength));
        }
        assert_eq!(decoded("MZ"), Err(Error::OtpKeyTrailingBits));
        assert_eq!(decoded("MZXW6YTBO"), Err(Error::OtpKeyLength));
        assert_eq!(decoded(&"A".repeat(205)).unwrap().len(), Totp::MAX_KEY_BYTES);
        assert_eq!(decoded(&"A".repeat(207)), Err(Error::OtpKeyTooLong));
    }
}
