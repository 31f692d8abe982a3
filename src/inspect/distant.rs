//! The last search: a nonce that is some distance away from the one that was sent.

use alloc::{collections::BTreeSet, string::ToString, vec::Vec};

use sha2::{Digest, Sha256};

use super::{
    Api, Mistake, Request, body,
    key::Keys,
    search::{Nonces, Outcome, Targets, sha512_key},
    set::Set,
    work::{self, Work},
};

/// The greatest distance, in the unit of the last digit of the nonce that is not zero. Clocks in milliseconds that are read twice differ
/// by less. More would take as long as all other combinations together.
const MOST: u64 = 1000;

/// Looks for a nonce up to [`MOST`] steps away from the one that was sent: hashed before or after the body, or in all that was hashed.
/// Nothing else may be wrong but the encoding of the signature.
pub(super) fn distant(request: &Request<'_>, keys: &Keys, targets: &Targets, work: &Work) -> Outcome {
    let mut outcome = Outcome { found: None, nonces: Nonces::default(), length: 64, tried: 0 };
    let sent = request.sent_nonce();
    let right = keys.up_to(0).next().filter(|key| key.mistakes.is_empty());
    let key = right.filter(|_| !targets.is_empty()).and_then(|key| sha512_key(&key.value));
    let (Ok(number), Some(key)) = (sent.parse::<u64>(), key) else { return outcome };
    let bodies = Bodies::of(request, &sent);
    for count in 1..=MOST {
        for distance in steps(&sent).into_iter().map(|step| count.saturating_mul(step)) {
            for nonce in [number.checked_sub(distance), number.checked_add(distance)].into_iter().flatten() {
                let digits = nonce.to_string();
                for body in bodies.with(&digits) {
                    if !work.take(body.len().saturating_add(work::MAC)) {
                        return outcome;
                    }
                    let mac = key.mac(message(request, &digits, &body).each_ref().map(|part| &**part));
                    outcome.tried = outcome.tried.saturating_add(1);
                    if let Some(mistakes) = targets.find(&mac, |_| true) {
                        outcome.found = Some(mistakes.and(Set::of(&[Mistake::NonceTakenTwice])));
                        outcome.nonces = Nonces { hashed: digits.clone(), body: body::nonce(&body) };
                        return outcome;
                    }
                }
            }
        }
    }
    outcome
}

/// Returns the distances between neighbors: 1, and that of the last digit that is not zero, because many clocks are coarser than
/// their unit.
fn steps(nonce: &str) -> BTreeSet<u64> {
    let zeros = nonce.len().saturating_sub(nonce.trim_end_matches('0').len()).min(9);
    BTreeSet::from([1, 10_u64.pow(u32::try_from(zeros).unwrap_or_default())])
}

/// Returns the message of the HMAC: path and digest.
fn message(request: &Request<'_>, nonce: &str, body: &[u8]) -> [Vec<u8>; 2] {
    let path = request.signed_path().as_bytes();
    let hash = Sha256::new();
    match request.api {
        Api::Spot => [path.into(), hash.chain_update(nonce).chain_update(body).finalize().to_vec()],
        Api::Futures => {
            [hash.chain_update(body).chain_update(nonce).chain_update(path).finalize().to_vec(), Vec::new()]
        }
    }
}

/// The body that was sent, and the text around its nonce.
struct Bodies<'a> {
    sent: &'a [u8],
    around: Option<(&'a str, &'a str)>,
}

impl<'a> Bodies<'a> {
    fn of(request: &Request<'a>, nonce: &str) -> Self {
        let text = str::from_utf8(request.body).ok().filter(|_| request.body_nonce().is_some());
        Self { sent: request.body, around: text.and_then(|text| text.split_once(nonce)) }
    }

    /// Returns the body as it was sent, and with another nonce.
    fn with(&self, nonce: &str) -> impl Iterator<Item = Vec<u8>> {
        let replaced = self.around.map(|(before, after)| [before, nonce, after].concat().into());
        [Some(self.sent.to_vec()), replaced].into_iter().flatten()
    }
}
