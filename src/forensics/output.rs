//! The last stage: which bytes a signature may have been before it was written down.

use alloc::vec::Vec;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::mistakes::{Mistake, Set};

/// The bytes of a MAC, and the mistakes in writing them down.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) mac: Vec<u8>,
    pub(super) mistakes: Set,
}

/// Every MAC that the text can stand for: of 64 bytes, or 32 for HMAC-SHA256.
pub(super) fn targets(signature: &str) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let mut add = |mac: Option<Vec<u8>>, mistakes| {
        if let Some(mac) = mac.filter(|mac| matches!(mac.len(), 32 | 64)) {
            targets.push(Target { mac, mistakes: Set::of(mistakes) });
        }
    };
    add(BASE64_STANDARD.decode(signature).ok(), &[]);
    add(unhex(signature), &[Mistake::OutputHex]);
    targets
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let (pairs, []) = digits.as_deref()?.as_chunks::<2>() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
