//! The search: every combination of up to three mistakes, fewest first, until one reproduces the signature.

use alloc::{borrow::ToOwned, string::String, vec, vec::Vec};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};

use super::{
    Request,
    explain::hex,
    key,
    mistakes::{Mistake, Set},
    output::Target,
    parts::{self, Value},
};
use crate::futures;

/// More mistakes at once are not looked for.
pub(super) const MOST: u32 = 3;

/// What a search came to.
pub(super) struct Outcome {
    /// The mistakes that reproduce the signature: none if it is right.
    pub(super) found: Option<Set>,
    /// How many combinations were computed.
    pub(super) tried: u32,
}

/// A value of one stage, and the mistakes that lead to it.
pub(super) struct Variant<T> {
    pub(super) value: T,
    pub(super) mistakes: Set,
}

/// What a stage can make of its input; the first is the right one.
pub(super) struct Stages {
    keys: Vec<Variant<Hmac<Sha512>>>,
    bodies: Vec<Variant<Vec<u8>>>,
    nonces: Vec<Variant<String>>,
    paths: Vec<Variant<String>>,
}

impl Stages {
    pub(super) fn new(request: &Request<'_>, keys: &[key::Variant]) -> Self {
        let keyed = |variant: &key::Variant| {
            Some(Variant { value: Hmac::new_from_slice(&variant.key).ok()?, mistakes: variant.mistakes })
        };
        let signed = futures::signed_path(request.path.as_bytes());
        let path = match request.api {
            super::Api::Spot => request.path,
            super::Api::Futures => str::from_utf8(signed).unwrap_or_default(),
        };
        Self {
            keys: keys.iter().filter_map(keyed).collect(),
            bodies: vec![Variant { value: request.body.to_owned(), mistakes: Set::NONE }],
            nonces: vec![Variant { value: request.nonce().into_owned(), mistakes: Set::NONE }],
            paths: vec![Variant { value: path.into(), mistakes: Set::NONE }],
        }
    }
}

/// Looks for the fewest, then likeliest mistakes that lead to one of the targets.
pub(super) fn search(request: &Request<'_>, stages: &Stages, targets: &[Target]) -> Outcome {
    let mut tried = 0;
    for count in 0..=MOST {
        let mut found: Option<Set> = None;
        level(request, stages, targets, count, &mut |set: Option<Set>| {
            tried += 1;
            if let Some(set) = set
                && found.is_none_or(|best| set.rarity() < best.rarity())
            {
                found = Some(set);
            }
        });
        if found.is_some() {
            return Outcome { found, tried };
        }
    }
    Outcome { found: None, tried }
}

/// Computes every combination of exactly `count` mistakes, and reports each.
fn level(request: &Request<'_>, stages: &Stages, targets: &[Target], count: u32, report: &mut dyn FnMut(Option<Set>)) {
    for assembly in parts::assemblies(request.api) {
        for body in &stages.bodies {
            for nonce in &stages.nonces {
                for path in &stages.paths {
                    let set = assembly.mistakes.and(body.mistakes).and(nonce.mistakes).and(path.mistakes);
                    if set.len() > count {
                        continue;
                    }
                    let join = |values: &[Value], digest: &[u8]| -> Vec<u8> {
                        let bytes = values.iter().map(|value| match value {
                            Value::Nonce => nonce.value.as_bytes(),
                            Value::Body => &body.value,
                            Value::Path => path.value.as_bytes(),
                            Value::Digest => digest,
                        });
                        bytes.collect::<Vec<_>>().concat()
                    };
                    let digest = Sha256::digest(join(assembly.hashed, &[]));
                    for (digest, mistakes) in
                        [(digest.to_vec(), Set::NONE), (hex(&digest).into(), Set::of(&[Mistake::DigestAsHex]))]
                    {
                        let message = join(assembly.message, &digest);
                        for key in &stages.keys {
                            let set = set.and(mistakes).and(key.mistakes);
                            if targets.iter().all(|target| set.and(target.mistakes).len() != count) {
                                continue;
                            }
                            let mac = key.value.clone().chain_update(&message).finalize().into_bytes();
                            let hit = targets.iter().find(|target| *target.mac == *mac);
                            report(hit.map(|target| set.and(target.mistakes)));
                        }
                    }
                }
            }
        }
    }
}
