//! Client order ids: random UUIDs for `cl_ord_id`.

use core::fmt;

/// A UUID of version 4 (RFC 9562, section 5.4) in its usual form: 36 ASCII characters, lower case.
///
/// With the feature `getrandom`, `ClientOrderId::random()` makes one.
///
/// ```
/// use kraken_signer::ClientOrderId;
///
/// let id = ClientOrderId::new([7; 16]); // 16 bytes from a source of random numbers
/// assert_eq!(id.as_str(), "07070707-0707-4707-8707-070707070707");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientOrderId([u8; ClientOrderId::LEN]);

impl ClientOrderId {
    /// The number of characters.
    pub const LEN: usize = 36;

    /// Makes an id of 16 random bytes, of which version and variant take 6 bits.
    #[must_use]
    pub fn new(random: [u8; 16]) -> Self {
        let mut bytes = random;
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;

        let mut text = [b'-'; Self::LEN];
        // Hyphens stand at 8, 13, 18 and 23; the rest are the 32 half bytes.
        let places = text.iter_mut().enumerate().filter(|(at, _)| !matches!(at, 8 | 13 | 18 | 23));
        let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
        for ((_, place), half) in places.zip(halves) {
            *place = if half < 10 { b'0' | half } else { b'W'.wrapping_add(half) };
        }
        Self(text)
    }

    /// Makes an id of the operating system's random numbers.
    ///
    /// # Errors
    ///
    /// [`Error::Random`](crate::Error::Random) if there are none.
    #[cfg(feature = "getrandom")]
    pub fn random() -> Result<Self, crate::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| crate::Error::Random)?;
        Ok(Self::new(random))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The id as ASCII bytes.
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
