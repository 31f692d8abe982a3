//! The search: tries every combination of a number of mistakes, and finds the likeliest one that reproduces the signature.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
    vec::Vec,
};
use core::cell::OnceCell;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE},
};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::{
    Api, Request,
    assembly::{Assembly, Message, Value, assemblies},
    body,
    charset::{CHARSETS, Charset, SEPARATORS, UTF8},
    digest::{Forms, digests},
    explain::hex,
    key::{Bytes, Keys},
    mistakes::Mistake,
    nonce, path, rewrite,
    set::Set,
    variants::{Clues, Context, Variant},
    work::{self, Work},
};
use crate::{Error, mac::MacKey};

/// The maximum number of mistakes in a combination.
pub(super) const MOST: u32 = 3;

/// The result of a search.
pub(super) struct Outcome {
    /// The mistakes that reproduce the signature, or the empty set if it is right.
    pub(super) found: Option<Set>,
    /// The nonces that reproduce the signature.
    pub(super) nonces: Nonces,
    /// The length of the MAC that was found, in bytes.
    pub(super) length: usize,
    /// The number of combinations that were computed.
    pub(super) tried: u32,
}

/// The nonces that were signed.
#[derive(Clone, Default)]
pub(super) struct Nonces {
    /// The nonce that was hashed before or after the body.
    pub(super) hashed: String,
    /// The nonce in the body that was hashed.
    pub(super) body: Option<String>,
}

/// The variants of each stage of a signature. The first variant of each stage is right.
struct Stages {
    api: Api,
    keys: Stage<Keyed>,
    bodies: Stage<Vec<u8>>,
    nonces: Stage<Vec<u8>>,
    paths: Stage<Vec<u8>>,
}

/// An HMAC key, prepared for every way in which it may have been used.
struct Keyed {
    bytes: Bytes,
    sha512: MacKey<Sha512>,
    sha256: MacKey<Sha256>,
}

/// The variants of a stage, fewest mistakes first, and the union of their mistakes.
struct Stage<T> {
    variants: Vec<Variant<T>>,
    mistakes: Set,
}

impl<T> Stage<T> {
    fn new(mut variants: Vec<Variant<T>>) -> Self {
        variants.sort_by_key(|variant| variant.mistakes.len());
        let mistakes = variants.iter().fold(Set::NONE, |all, variant| all.and(variant.mistakes));
        Self { variants, mistakes }
    }

    /// Returns the variants that have, together with `set`, at most `count` mistakes.
    fn within(&self, set: Set, count: u32) -> impl Iterator<Item = &Variant<T>> {
        // A mistake in both sets counts once.
        let budget = count.saturating_sub(set.len()).saturating_add(set.common(self.mistakes).len());
        let near = self.variants.iter().take_while(move |variant| variant.mistakes.len() <= budget);
        near.filter(move |variant| set.and(variant.mistakes).len() <= count)
    }
}

impl Stages {
    fn new(request: &Request<'_>, keys: &Keys, clues: Clues<'_>, most: u32, work: &Work) -> Self {
        // No variant is an empty key, so none is filtered out.
        let keyed = |variant: &Variant<Bytes>| {
            let key = Keyed {
                bytes: variant.value.clone(),
                sha512: sha512_key(&variant.value)?,
                sha256: MacKey::new(&variant.value, Error::SecretEmpty).ok()?,
            };
            Some(Variant { value: key, mistakes: variant.mistakes })
        };
        let Request { api, body, .. } = *request;
        let nonce = request.sent_nonce();
        let context = Context { api, clues, body, rare: true, guesses: false, work };
        Self {
            api,
            keys: Stage::new(keys.up_to(most).filter_map(keyed).collect()),
            bodies: Stage::new(rewrite::variants(&context, body, most)),
            nonces: Stage::new(nonce::variants(&context, &nonce, most)),
            paths: Stage::new(path::variants(&context, request.signed_path(), most)),
        }
    }
}

/// The MACs to look for.
pub(super) struct Targets {
    /// The MACs, sorted by value.
    macs: Vec<Variant<Vec<u8>>>,
    /// What is left of signatures.
    cuts: Vec<Cut>,
    /// The distinct pairs of length and mistakes.
    kinds: Vec<(usize, Set)>,
    /// Whether one has a length that only other hash functions make.
    other: bool,
    /// The number of characters that are there, if something shortened the signature.
    pub(super) shown: Option<usize>,
}

/// A signature of which something is lost.
pub(super) struct Cut {
    pub(super) left: Left,
    pub(super) mistakes: Set,
}

/// What is left of a signature.
pub(super) enum Left {
    /// Its beginning or its end.
    Part {
        /// The characters that are there, as base64 or hexadecimal.
        text: String,
        /// The bytes of the MAC that they are, without those that are there in part.
        bytes: Vec<u8>,
    },
    /// The MAC that was read as UTF-8, with U+FFFD in place of what is none.
    Utf8(Vec<u8>),
}

impl Left {
    /// Returns whether this is left of a MAC.
    fn is_of(&self, mac: &[u8]) -> bool {
        let (text, bytes) = match self {
            Self::Utf8(read) => return String::from_utf8_lossy(mac).as_bytes() == read,
            Self::Part { text, bytes } => (text, bytes),
        };
        if !mac.starts_with(bytes) && !mac.ends_with(bytes) {
            return false;
        }
        [BASE64_STANDARD.encode(mac), BASE64_URL_SAFE.encode(mac), hex(mac)]
            .iter()
            .any(|whole| whole.starts_with(&**text) || whole.ends_with(&**text))
            // The MAC was cut before it was encoded.
            || BASE64_STANDARD.encode(bytes) == *text
    }
}

impl Targets {
    pub(super) fn new(mut macs: Vec<Variant<Vec<u8>>>, cuts: Vec<Cut>) -> Self {
        macs.sort_by(|one, other| one.value.cmp(&other.value));
        let whole = macs.iter().map(|mac| (mac.value.len(), mac.mistakes));
        let cut = cuts.iter().flat_map(|cut| [(64, cut.mistakes), (32, cut.mistakes)]);
        let kinds: BTreeSet<_> = whole.chain(cut).collect();
        let other = kinds.iter().any(|(length, _)| !matches!(length, 32 | 64));
        Self { kinds: kinds.into_iter().collect(), other, shown: None, macs, cuts }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.macs.is_empty() && self.cuts.is_empty()
    }

    /// Returns the length of the MACs, if no hash function with 32 or 64 bytes makes it.
    pub(super) fn other_length(&self) -> Option<usize> {
        let mut lengths = self.macs.iter().map(|mac| mac.value.len());
        lengths.next().filter(|length| self.other && lengths.all(|other| other == *length))
    }

    /// Returns the mistakes in the encoding of a MAC, if it is one of the targets.
    pub(super) fn find(&self, mac: &[u8], fits: impl Fn(Set) -> bool) -> Option<Set> {
        let whole = self.macs.binary_search_by(|target| (*target.value).cmp(mac)).ok();
        let whole = whole.and_then(|at| self.macs.get(at)).map(|target| target.mistakes);
        let cut = self.cuts.iter().filter(|cut| cut.left.is_of(mac)).map(|cut| cut.mistakes);
        whole.into_iter().chain(cut).find(|mistakes| fits(*mistakes))
    }
}

/// Finds the likeliest combination of exactly `count` mistakes that produces one of the targets, as far as there is work left.
pub(super) fn search(
    request: &Request<'_>,
    clues: Clues<'_>,
    keys: &Keys,
    targets: &Targets,
    count: u32,
    work: &Work,
) -> Outcome {
    let stages = &Stages::new(request, keys, clues, count, work);
    let mut level = Level {
        stages,
        targets,
        work,
        count,
        found: None,
        length: 0,
        tried_values: None,
        hashed: Vec::new(),
        message: Vec::new(),
        nonces: Nonces::default(),
        tried: 0,
    };
    level.run();
    Outcome { found: level.found, nonces: level.nonces, length: level.length, tried: level.tried }
}

const SHA256: Set = Set::of(&[Mistake::MacSha256]);
const OTHER: Set = Set::of(&[Mistake::MacOtherHash]);
const SWAPPED: Set = Set::of(&[Mistake::MacSwapped]);
const PLAIN: Set = Set::of(&[Mistake::MacPlain]);
const AS_TEXT: Set = Set::of(&[Mistake::MessageAsText]);

/// Prepares a key. It is not inlined, because it is large.
#[inline(never)]
pub(super) fn sha512_key(key: &[u8]) -> Option<MacKey<Sha512>> {
    MacKey::new(key, Error::SecretEmpty).ok()
}

type Hash = fn(&[u8]) -> Vec<u8>;

/// The lengths of digests and blocks of hash functions that are wrong for the HMAC and for the digest.
pub(super) const OTHERS: &[(usize, usize, Hash)] = &[
    (16, 64, |data| Md5::digest(data).to_vec()),
    (20, 64, |data| Sha1::digest(data).to_vec()),
    (28, 64, |data| Sha224::digest(data).to_vec()),
    (48, 128, |data| Sha384::digest(data).to_vec()),
];

/// Computes an HMAC of any hash function: slowly, but in little code.
fn hmac(hash: Hash, block: usize, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut padded = Zeroizing::new(Vec::with_capacity(block));
    if key.len() > block {
        padded.extend(hash(key));
    } else {
        padded.extend_from_slice(key);
    }
    padded.resize(block, 0);
    let keyed = |pad: u8, data: &[u8]| {
        let mut joined = Zeroizing::new(Vec::with_capacity(block.saturating_add(data.len())));
        joined.extend(padded.iter().map(|byte| byte ^ pad));
        joined.extend_from_slice(data);
        hash(&joined)
    };
    keyed(0x5c, &keyed(0x36, message))
}

/// The search for combinations of exactly `count` mistakes.
struct Level<'a> {
    stages: &'a Stages,
    targets: &'a Targets,
    work: &'a Work,
    count: u32,
    found: Option<Set>,
    /// The length of the MAC that was found.
    length: usize,
    /// The body and the nonce that are being tried.
    tried_values: Option<[&'a Variant<Vec<u8>>; 2]>,
    /// Buffers of the hashed text and of the message, which are used again for each combination.
    hashed: Vec<u8>,
    message: Vec<u8>,
    /// The nonces of what was found.
    nonces: Nonces,
    tried: u32,
}

impl<'a> Level<'a> {
    /// Tries all bodies, in an order that is good if there is not enough work for all: the right one, then those that leave nothing
    /// for the other stages and so take the least work, then the others, the likeliest first.
    fn run(&mut self) {
        let bodies = self.stages.bodies.within(Set::NONE, self.count).skip(1);
        let leaves = |body: &&Variant<Vec<u8>>| body.mistakes.len() < self.count;
        let (others, full): (Vec<_>, Vec<_>) = bodies.partition(leaves);
        for body in self.stages.bodies.variants.first().into_iter().chain(full).chain(others) {
            for charset in CHARSETS {
                let set = body.mistakes.and(charset.mistakes);
                if self.work.is_done() || set.len() > self.count || charset.rare && self.count == MOST {
                    continue;
                }
                if let Some(text) = charset.encoded(&body.value) {
                    self.assemble(&Start { body, text: &text, charset }, set);
                }
            }
        }
    }

    /// Tries all orders, nonces and paths with a body.
    fn assemble(&mut self, start: &Start<'a, '_>, set: Set) {
        let Stages { api, nonces, paths, .. } = self.stages;
        let count = self.count;
        let all = |wanted| if wanted { usize::MAX } else { 1 };
        // What is hashed often begins with the body, which is hashed once for all nonces and paths.
        let begun = Begun::default();
        for assembly in assemblies(*api) {
            for nonce in nonces.within(set, count).take(all(assembly.has(Value::Nonce))) {
                let set = set.and(nonce.mistakes);
                if self.work.is_done() || assembly.fewest(set) > count {
                    continue;
                }
                self.tried_values = Some([start.body, nonce]);
                for path in paths.within(set, count).take(all(assembly.hashed.contains(&Value::Path))) {
                    let set = set.and(path.mistakes);
                    if assembly.fewest(set) <= count {
                        let Start { body, text, charset } = *start;
                        self.hash(assembly, &Parts { body, text, nonce, path, charset }, &begun, set);
                    }
                }
            }
        }
    }

    fn hash(&mut self, assembly: &Assembly, parts: &Parts<'_>, begun: &Begun, set: Set) {
        if assembly.hashed.is_empty() {
            self.sign(assembly, parts, &[], set);
            return;
        }
        let mut hashed = core::mem::take(&mut self.hashed);
        let budget = self.count.saturating_sub(assembly.fewest(set));
        if !parts.join(assembly.hashed, &[], parts.charset, true, &mut hashed) {
            // The charset changes nothing.
        } else if budget == 0 {
            if let Some(digest) = begun.digest(self.work, assembly, parts, &hashed) {
                self.sign(assembly, parts, &digest, set);
            }
        } else {
            let wanted = match set.len() {
                _ if self.count == MOST => Forms::Common,
                0 => Forms::All,
                _ => Forms::Numbers,
            };
            if self.work.take(hashed.len().saturating_mul(wanted.hashes())) {
                for digest in digests(&hashed, budget, wanted) {
                    self.sign(assembly, parts, &digest.value, set.and(digest.mistakes));
                }
            }
        }
        self.hashed = hashed;
    }

    fn sign(&mut self, assembly: &Assembly, parts: &Parts<'_>, digest: &[u8], set: Set) {
        for message in assembly.messages {
            let set = set.and(message.mistakes);
            if set.len() > self.count {
                continue;
            }
            // The charset may apply to the hashed text only, while the path next to the digest is in UTF-8.
            let charset = if assembly.hashed.is_empty() || parts.charset.path { parts.charset } else { &UTF8 };
            self.join(message, parts, digest, charset, set);
            if !assembly.hashed.is_empty() && parts.charset.mistakes.is_empty() && self.count < MOST {
                for charset in SEPARATORS {
                    self.join(message, parts, digest, charset, set.and(charset.mistakes));
                }
            }
        }
    }

    /// Signs a message with each path.
    fn join(&mut self, order: &Message, parts: &Parts<'_>, digest: &[u8], charset: &Charset, set: Set) {
        if set.len() > self.count {
            return;
        }
        let mut message = core::mem::take(&mut self.message);
        let all = if order.values.contains(&Value::Path) { usize::MAX } else { 1 };
        for path in self.stages.paths.within(set, self.count).take(all) {
            // The first path is right, so that it adds no mistakes where the path is not in the message.
            let parts = if all == 1 { *parts } else { Parts { path, ..*parts } };
            if parts.join(order.values, digest, charset, charset.path, &mut message) {
                self.mac(&message, set.and(path.mistakes));
            }
        }
        self.message = message;
    }

    fn mac(&mut self, message: &[u8], set: Set) {
        self.keyed(message, set);
        if AS_TEXT.within(self.count) && set.len() < self.count {
            let digits = hex(message);
            for text in [BASE64_STANDARD.encode(message), digits.to_ascii_uppercase(), digits] {
                self.keyed(text.as_bytes(), set.and(AS_TEXT));
            }
        }
    }

    fn keyed(&mut self, message: &[u8], set: Set) {
        let size = message.len();
        let keys = &self.stages.keys;
        for Variant { value: key, mistakes } in keys.within(set, self.count) {
            let set = set.and(*mistakes);
            self.compare(64, set, size, || key.sha512.mac([message, &[]]));
            self.compare(32, set.and(SHA256), size, || key.sha256.mac([message, &[]]));
            if self.targets.other {
                self.compare_others(&key.bytes, message, set.and(OTHER));
            }
            if set.len() == self.count {
                continue;
            }
            if !message.is_empty() {
                self.compare(64, set.and(SWAPPED), size, || {
                    sha512_key(message).map_or_else(Default::default, |swapped| swapped.mac([&key.bytes, &[]]))
                });
            }
            for parts in [[&*key.bytes, message], [message, &key.bytes]] {
                self.compare(64, set.and(PLAIN), size, || {
                    parts.iter().fold(Sha512::new(), Sha512::chain_update).finalize()
                });
            }
        }
        // The hash of the message alone, without a key.
        self.compare(64, set.and(PLAIN), size, || Sha512::digest(message));
    }

    /// Compares the MACs of other hash functions, which are recognized by their length.
    fn compare_others(&mut self, key: &[u8], message: &[u8], set: Set) {
        for (length, block, hash) in OTHERS {
            self.compare(*length, set, message.len(), || hmac(*hash, *block, key, message));
        }
    }

    /// Computes a MAC if it belongs to this level, and keeps its mistakes if they are the likeliest that produce a target.
    fn compare<M: AsRef<[u8]>>(&mut self, length: usize, set: Set, size: usize, mac: impl FnOnce() -> M) {
        let fits = |mistakes: Set| set.and(mistakes).len() == self.count && set.and(mistakes).is_searched();
        if !self.targets.kinds.iter().any(|(len, mistakes)| *len == length && fits(*mistakes))
            || !self.work.take(size.saturating_add(work::MAC))
        {
            return;
        }
        self.tried = self.tried.saturating_add(1);
        let Some(mistakes) = self.targets.find(mac().as_ref(), fits) else { return };
        let set = set.and(mistakes);
        if self.found.is_none_or(|best| set.rarity() < best.rarity()) {
            self.found = Some(set);
            self.length = length;
            if let Some([body, nonce]) = self.tried_values {
                self.nonces = Nonces {
                    hashed: String::from_utf8_lossy(&nonce.value).to_string(),
                    body: body::nonce(&body.value),
                };
            }
        }
    }
}

/// A body, in a charset.
struct Start<'a, 'p> {
    body: &'a Variant<Vec<u8>>,
    text: &'p [u8],
    charset: &'p Charset,
}

/// SHA-256 of a body, which is computed once.
#[derive(Default)]
struct Begun(OnceCell<Sha256>);

impl Begun {
    /// Returns the digest of a hashed text, if there is work left.
    fn digest(&self, work: &Work, assembly: &Assembly, parts: &Parts<'_>, hashed: &[u8]) -> Option<[u8; 32]> {
        let after = hashed.strip_prefix(parts.text).filter(|_| assembly.hashed.first() == Some(&Value::Body));
        let Some(after) = after else { return work.take(hashed.len()).then(|| Sha256::digest(hashed).into()) };
        if self.0.get().is_none() && !work.take(parts.text.len()) {
            return None;
        }
        let begun = self.0.get_or_init(|| Sha256::new_with_prefix(parts.text)).clone();
        work.take(after.len()).then(|| begun.chain_update(after).finalize().into())
    }
}

/// One variant of each value.
#[derive(Clone, Copy)]
struct Parts<'p> {
    body: &'p Variant<Vec<u8>>,
    /// The body in the charset.
    text: &'p [u8],
    nonce: &'p Variant<Vec<u8>>,
    path: &'p Variant<Vec<u8>>,
    charset: &'p Charset,
}

impl Parts<'_> {
    /// Joins values in `joined`, encoded in a charset: the path only if `path_too` is set, and the digest never. Returns whether
    /// the charset changes something and can encode the values.
    fn join(&self, values: &[Value], digest: &[u8], charset: &Charset, path_too: bool, joined: &mut Vec<u8>) -> bool {
        joined.clear();
        let mut bom = charset.bom;
        let mut same = charset.encode.is_some() || !charset.separator.is_empty();
        for (at, value) in values.iter().enumerate() {
            if at > 0 && !charset.separator.is_empty() {
                joined.extend_from_slice(charset.separator);
                same = false;
            }
            let (bytes, encode) = match value {
                Value::Nonce => (&self.nonce.value, charset.encode.filter(|_| charset.nonce)),
                Value::Body => (&self.body.value, charset.encode),
                Value::Path => (&self.path.value, charset.encode.filter(|_| path_too)),
                Value::Digest => {
                    joined.extend_from_slice(digest);
                    continue;
                }
            };
            let Some(encode) = encode else {
                joined.extend_from_slice(bytes);
                continue;
            };
            joined.extend_from_slice(bom);
            bom = &[];
            let start = joined.len();
            if *value == Value::Body {
                joined.extend_from_slice(self.text);
            } else if let Ok(text) = str::from_utf8(bytes) {
                joined.extend_from_slice(&encode(text));
            } else {
                return false;
            }
            same &= joined.get(start..).is_some_and(|encoded| encoded == *bytes);
        }
        !same
    }
}
