//! The middle stages: how nonce, body, path and digest may have been joined and encoded, and how the digest may have been
//! written.

use alloc::{string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256, Sha512};

use super::{
    Api,
    explain::hex,
    mistakes::{Mistake, Set},
    variants::Variant,
};

/// A part of the hashed text or of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Nonce,
    Body,
    Path,
    Digest,
}

/// An order in which values are hashed and signed.
pub(super) struct Assembly {
    pub(super) hashed: &'static [Value],
    pub(super) message: &'static [Value],
    pub(super) mistakes: Set,
}

const fn assembly(hashed: &'static [Value], message: &'static [Value], mistakes: &[Mistake]) -> Assembly {
    Assembly { hashed, message, mistakes: Set::of(mistakes) }
}

/// Returns every order for an API. The first one is right.
pub(super) const fn assemblies(api: Api) -> &'static [Assembly] {
    use Mistake::{
        HashMissing, HashOrder, MessageOrder, NonceMissing, PathInHash, PathMissing, SchemeOfFutures, SchemeOfSpot,
    };
    use Value::{Body, Digest, Nonce, Path};
    const SPOT: &[Assembly] = &[
        assembly(&[Nonce, Body], &[Path, Digest], &[]),
        assembly(&[Body], &[Path, Digest], &[NonceMissing]),
        assembly(&[Body, Nonce], &[Path, Digest], &[HashOrder]),
        assembly(&[Nonce, Body], &[Digest, Path], &[MessageOrder]),
        assembly(&[Body], &[Digest, Path], &[NonceMissing, MessageOrder]),
        assembly(&[Body, Nonce], &[Digest, Path], &[HashOrder, MessageOrder]),
        assembly(&[Nonce, Body], &[Digest], &[PathMissing]),
        assembly(&[Body], &[Digest], &[NonceMissing, PathMissing]),
        assembly(&[Body, Nonce], &[Digest], &[HashOrder, PathMissing]),
        assembly(&[Body, Nonce, Path], &[Digest], &[SchemeOfFutures]),
        assembly(&[Body, Path], &[Digest], &[SchemeOfFutures, NonceMissing]),
        assembly(&[Path, Nonce, Body], &[Digest], &[PathInHash]),
        assembly(&[Path, Body], &[Digest], &[PathInHash, NonceMissing]),
        assembly(&[Nonce, Path, Body], &[Digest], &[PathInHash, HashOrder]),
        assembly(&[], &[Path, Nonce, Body], &[HashMissing]),
        assembly(&[], &[Path, Body], &[HashMissing, NonceMissing]),
        assembly(&[], &[Nonce, Body, Path], &[HashMissing, MessageOrder]),
        assembly(&[], &[Nonce, Body], &[HashMissing, PathMissing]),
        assembly(&[], &[Body, Nonce, Path], &[HashMissing, SchemeOfFutures]),
    ];
    const FUTURES: &[Assembly] = &[
        assembly(&[Body, Nonce, Path], &[Digest], &[]),
        assembly(&[Body, Path], &[Digest], &[NonceMissing]),
        assembly(&[Body, Nonce], &[Digest], &[PathMissing]),
        assembly(&[Body], &[Digest], &[PathMissing, NonceMissing]),
        assembly(&[Nonce, Body, Path], &[Digest], &[HashOrder]),
        assembly(&[Body, Path, Nonce], &[Digest], &[HashOrder]),
        assembly(&[Path, Nonce, Body], &[Digest], &[HashOrder]),
        assembly(&[Path, Body, Nonce], &[Digest], &[HashOrder]),
        assembly(&[Nonce, Path, Body], &[Digest], &[HashOrder]),
        assembly(&[Path, Body], &[Digest], &[HashOrder, NonceMissing]),
        assembly(&[Nonce, Body], &[Digest], &[HashOrder, PathMissing]),
        assembly(&[Nonce, Body], &[Path, Digest], &[SchemeOfSpot]),
        assembly(&[Body], &[Path, Digest], &[SchemeOfSpot, NonceMissing]),
        assembly(&[Body, Nonce], &[Path, Digest], &[SchemeOfSpot, HashOrder]),
        assembly(&[], &[Body, Nonce, Path], &[HashMissing]),
        assembly(&[], &[Body, Path], &[HashMissing, NonceMissing]),
        assembly(&[], &[Body, Nonce], &[HashMissing, PathMissing]),
        assembly(&[], &[Nonce, Body, Path], &[HashMissing, HashOrder]),
        assembly(&[], &[Path, Nonce, Body], &[HashMissing, SchemeOfSpot]),
    ];
    match api {
        Api::Spot => SPOT,
        Api::Futures => FUTURES,
    }
}

/// A way to encode text as bytes.
#[derive(Clone, Copy)]
pub(super) struct Charset {
    /// The byte order mark.
    pub(super) bom: &'static [u8],
    /// The encoder. UTF-8 if `None`.
    pub(super) encode: Option<fn(&str) -> Vec<u8>>,
    /// Whether it also encodes a path that is signed next to the digest.
    pub(super) path: bool,
    pub(super) mistakes: Set,
}

/// The right encoding.
pub(super) const UTF8: Charset = Charset { bom: b"", encode: None, path: false, mistakes: Set::NONE };

/// Every encoding. The first one is right.
pub(super) const CHARSETS: &[Charset] = &[
    UTF8,
    Charset { bom: b"", encode: Some(utf16le), path: false, mistakes: UTF16 },
    Charset { bom: b"", encode: Some(utf16le), path: true, mistakes: UTF16 },
    // With a byte order mark, as in Python and Java.
    Charset { bom: b"\xff\xfe", encode: Some(utf16le), path: false, mistakes: UTF16 },
    Charset { bom: b"\xfe\xff", encode: Some(utf16be), path: false, mistakes: UTF16 },
    Charset { bom: b"", encode: Some(latin1), path: false, mistakes: Set::of(&[Mistake::Latin1]) },
];

const UTF16: Set = Set::of(&[Mistake::Utf16]);

pub(super) fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// Encodes characters that Latin-1 does not have as `?`.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
}

/// Returns every form in which a digest may have been signed, with up to `most` mistakes. The first one is right.
pub(super) fn digests(hashed: &[u8], most: u32) -> Vec<Variant<Vec<u8>>> {
    let mut forms = Vec::new();
    let sha256 = Sha256::digest(hashed);
    written(&sha256, Set::NONE, most, &mut forms);
    if most > 0 {
        written(&Sha512::digest(hashed), Set::of(&[Mistake::DigestSha512]), most, &mut forms);
        written(&Sha256::digest(sha256), TWICE, most, &mut forms);
    }
    if most > 1 {
        written(&Sha256::digest(hex(&sha256)), TWICE.and(HEX), most, &mut forms);
    }
    forms
}

const HEX: Set = Set::of(&[Mistake::DigestAsHex]);
const TWICE: Set = Set::of(&[Mistake::DigestTwice]);

fn written(digest: &[u8], mistakes: Set, most: u32, forms: &mut Vec<Variant<Vec<u8>>>) {
    let mut add = |value, more| forms.push(Variant { value, mistakes: mistakes.and(more) });
    add(digest.to_vec(), Set::NONE);
    if mistakes.len() < most {
        add(hex(digest).into(), HEX);
        add(hex(digest).to_ascii_uppercase().into(), HEX);
        add(BASE64_STANDARD.encode(digest).into(), Set::of(&[Mistake::DigestAsBase64]));
        for text in as_text(digest) {
            add(text.into(), Set::of(&[Mistake::DigestAsText]));
        }
    }
}

/// Returns the texts that result when bytes are treated as text: decoded as Latin-1, or as UTF-8 with replacement characters.
pub(super) fn as_text(bytes: &[u8]) -> [String; 2] {
    [bytes.iter().copied().map(char::from).collect(), String::from_utf8_lossy(bytes).into_owned()]
}
