//! Client order IDs: random UUIDs for `cl_ord_id`.

use core::fmt;

/// A client order ID: a version 4 UUID (RFC 9562, section 5.4), written as 36 lowercase ASCII characters.
///
/// With the feature `getrandom`, `ClientOrderId::random()` creates one.
///
/// ```
/// use kraken_signer::ClientOrderId;
///
/// let id = ClientOrderId::new([7; 16]); // 16 random bytes
/// assert_eq!(id.as_str(), "07070707-0707-4707-8707-070707070707");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientOrderId([u8; ClientOrderId::LEN]);

impl ClientOrderId {
    /// The number of characters in an ID.
    pub const LEN: usize = 36;

    /// Creates an ID from 16 random bytes. The version and variant fields overwrite 6 of their bits.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        let mut bytes = random;
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;

        let mut text = [b'-'; Self::LEN];
        // Positions 8, 13, 18 and 23 are hyphens; the others hold the 32 hexadecimal digits.
        let places = text.iter_mut().enumerate().filter(|(at, _)| !matches!(at, 8 | 13 | 18 | 23));
        let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
        for ((_, place), half) in places.zip(halves) {
            *place = if half < 10 { b'0' | half } else { b'W'.wrapping_add(half) };
        }
        Self(text)
    }

    /// Creates an ID from the operating system's random number generator.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Random`](crate::Error::Random) if the generator fails.
    #[cfg(feature = "getrandom")]
    pub fn random() -> Result<Self, crate::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| crate::Error::Random)?;
        Ok(Self::new(random))
    }

    /// Returns the ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the ID as ASCII bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl AsRef<str> for ClientOrderId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientOrderId").field(&self.as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_family = "wasm")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn has_version_and_variant_and_keeps_the_rest() {
        extern crate std;
        let zero = ClientOrderId::new([0; 16]);
        assert_eq!(zero.as_str(), "00000000-0000-4000-8000-000000000000");
        assert_eq!(zero.as_bytes(), zero.as_str().as_bytes());
        assert_eq!(AsRef::<str>::as_ref(&zero), zero.as_str());
        assert_eq!(std::format!("{zero}"), zero.as_str());
        assert_eq!(std::format!("{zero:?}"), "ClientOrderId(\"00000000-0000-4000-8000-000000000000\")");
        assert_eq!(ClientOrderId::new([0xff; 16]).as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let counted = core::array::from_fn(|at| (at as u8) * 0x11);
        assert_eq!(ClientOrderId::new(counted).as_str(), "00112233-4455-4677-8899-aabbccddeeff");
    }

    #[cfg(feature = "getrandom")]
    #[test]
    fn differs_each_time() {
        assert_ne!(ClientOrderId::random().unwrap(), ClientOrderId::random().unwrap());
    }
}
