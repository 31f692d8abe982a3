//! The first stage: which bytes may have been the HMAC key.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{
    Key,
    mistakes::{Mistake, Set},
};
use crate::Error;

/// A key, and the mistakes that lead to it.
pub(super) struct Variant {
    pub(super) key: Zeroizing<Vec<u8>>,
    pub(super) mistakes: Set,
}

/// Every key that the private key, or the public one taken for it, may have become. The first is the right one.
pub(super) fn variants(secret: Key<'_>, _public: Option<&str>) -> Result<Vec<Variant>, Error> {
    let mut variants = Vec::new();
    let mut add = |key: &[u8], mistakes: &[Mistake]| {
        if !key.is_empty() && variants.iter().all(|known: &Variant| *known.key != key) {
            variants.push(Variant { key: Zeroizing::new(key.into()), mistakes: Set::of(mistakes) });
        }
    };
    add(&super::explain::key_bytes(secret)?, &[]);
    if let Key::Text(text) = secret {
        add(text.trim_ascii().as_bytes(), &[Mistake::SecretAsText]);
    }
    Ok(variants)
}
