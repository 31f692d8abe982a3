//! The form encoding (`application/x-www-form-urlencoded`) of request bodies.
//!
//! Kraken hashes the bytes it receives, so any encoding works as long as the bytes signed are the bytes sent. This one
//! leaves letters, digits and `-_.~` as they are and writes everything else, spaces included, as `%XX` of its UTF-8.

use crate::Error;

/// A form, written into a buffer of the caller's.
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
    /// An empty form.
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// Appends `name=value`. Nested names are written as `close[price]`.
    ///
    /// # Errors
    ///
    /// [`Error::FormFull`] if the buffer is too short; the form is then as it was.
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

    /// The encoded form as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // It is ASCII.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// The encoded form as ASCII bytes.
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
    fn escapes_everything_but_the_unreserved() {
        let mut buffer = [0; 128];
        let mut form = Form::new(&mut buffer);
        form.field("orders[0][type]", "Az09-_.~").unwrap().field("key", "dépôt + %\0").unwrap().field("", "").unwrap();
        assert_eq!(form.as_bytes(), b"orders%5B0%5D%5Btype%5D=Az09-_.~&key=d%C3%A9p%C3%B4t%20%2B%20%25%00&=");
        assert_eq!(form.as_str().as_bytes(), form.as_bytes());
    }

    #[test]
    fn stays_as_it_was_when_it_is_full() {
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
