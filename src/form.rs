//! The form encoding (`application/x-www-form-urlencoded`) of request bodies.
//!
//! Kraken hashes the bytes it receives, so any encoding works as long as the signed bytes are the sent bytes. This one
//! keeps letters, digits and `-_.~`, and writes every other UTF-8 byte, including spaces, as `%XX`.

use crate::Error;

/// A form, encoded into a buffer that the caller provides.
///
/// ```
/// use kraken_signer::form::Form;
///
/// let mut buffer = [0; 64];
/// let mut form = Form::new(&mut buffer);
/// form.field("nonce", "1616492376594")?.field("price", "+5%")?;
/// assert_eq!(form.as_str(), "nonce=1616492376594&price=%2B5%25");
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Debug)]
pub struct Form<'b> {
    buffer: &'b mut [u8],
    len: usize,
}

impl<'b> Form<'b> {
    /// Creates an empty form.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// Appends `name=value`, percent-encoded. Nested names are written as `close[price]`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::FormFull`] if the buffer is too small. The form is then unchanged.
    pub fn field(&mut self, name: &str, value: &str) -> Result<&mut Self, Error> {
        let before = self.len;
        let separator: &[u8] = if before == 0 { b"" } else { b"&" };
        let written = self
            .push(separator)
            .and_then(|()| self.encode(name))
            .and_then(|()| self.push(b"="))
            .and_then(|()| self.encode(value));
        match written {
            Ok(()) => Ok(self),
            Err(error) => {
                self.len = before;
                Err(error)
            }
        }
    }

    /// Returns the encoded form as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The form is always ASCII.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Returns the encoded form as ASCII bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or_default()
    }

    fn encode(&mut self, text: &str) -> Result<(), Error> {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let hex = |half: u8| HEX.get(usize::from(half)).copied().unwrap_or_default();
        text.bytes().try_for_each(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => self.push(&[byte]),
            _ => self.push(&[b'%', hex(byte >> 4), hex(byte & 0x0f)]),
        })
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let end = self.len.checked_add(bytes.len()).ok_or(Error::FormFull)?;
        self.buffer.get_mut(self.len..end).ok_or(Error::FormFull)?.copy_from_slice(bytes);
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn escapes_everything_except_unreserved_characters() {
        let mut buffer = [0; 128];
        let mut form = Form::new(&mut buffer);
        form.field("orders[0][type]", "Az09-_.~").unwrap().field("key", "dépôt + %\0").unwrap().field("", "").unwrap();
        assert_eq!(form.as_bytes(), b"orders%5B0%5D%5Btype%5D=Az09-_.~&key=d%C3%A9p%C3%B4t%20%2B%20%25%00&=");
        assert_eq!(form.as_str().as_bytes(), form.as_bytes());
    }

    #[test]
    fn is_unchanged_by_a_field_that_does_not_fit() {
        let mut buffer = [0; 7];
        let mut form = Form::new(&mut buffer);
        form.field("a", "b").unwrap();
        assert_eq!(form.field("c", "de").map(|_| ()), Err(Error::FormFull));
        assert_eq!(form.as_bytes(), b"a=b");
        form.field("c", "d").unwrap();
        assert_eq!(form.as_bytes(), b"a=b&c=d");
        assert_eq!(form.field("", "").map(|_| ()), Err(Error::FormFull));
        assert!(Form::new(&mut []).as_bytes().is_empty());
    }
}
