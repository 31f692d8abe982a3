//! What differs between a request that was signed and the one that was sent, and where each nonce was.

use alloc::{format, string::String, vec::Vec};

use super::{
    Api, Case, Mistake, Request, body, path, rewrite,
    search::{MOST, Nonces},
    set::Set,
    values::{fewer, missing},
    variants::{Clues, Context, Variant},
    work::Work,
};

/// The number of names of parameters that are listed.
const MOST_NAMES: usize = 20;

/// How what was sent differs from what was signed.
pub(super) struct Difference {
    /// The mistakes that make what was signed of what was sent, if they are known.
    pub(super) mistakes: Set,
    pub(super) explanation: String,
}

/// Returns all nonces of a case: the given ones, and those in the bodies.
pub(super) fn nonces(case: &Case<'_>) -> Vec<String> {
    let Case { request, sent, .. } = case;
    let given = [request.nonce, sent.nonce].into_iter().flatten().filter(|nonce| !nonce.is_empty()).map(String::from);
    let bodies = [Some(request.body), sent.body].into_iter().flatten().filter_map(body::nonce);
    let mut nonces: Vec<String> = Vec::new();
    for nonce in given.chain(bodies) {
        if !nonces.contains(&nonce) {
            nonces.push(nonce);
        }
    }
    nonces
}

/// Returns what the URL of a proxy has before the path that was sent, or an empty text.
pub(super) fn prefix<'a>(case: &Case<'a>) -> &'a str {
    let path = case.sent.path.unwrap_or(case.request.path);
    path.strip_suffix(path::without_prefix(case.request.api, path)).unwrap_or_default()
}

/// Says what a proxy has to do with the path, if there is one.
pub(super) fn proxy(case: &Case<'_>) -> String {
    match prefix(case) {
        "" => String::new(),
        prefix if prefix.split_once("://").is_some_and(|(_, host)| !host.contains('/')) => {
            " Only the path of the URL is signed.".into()
        }
        prefix => format!(" The path was sent with {prefix} before it, which is not signed: the proxy must remove it."),
    }
}

/// Says where each nonce was, if the mistakes are that they differ.
pub(super) fn places(case: &Case<'_>, mistakes: Set, signed: &Nonces) -> String {
    const DIFFER: Set =
        Set::of(&[Mistake::NonceDiffers, Mistake::NonceUnit, Mistake::NonceNumber, Mistake::NonceTakenTwice]);
    if mistakes.common(DIFFER).is_empty() {
        return String::new();
    }
    let Case { request: Request { api, .. }, sent, .. } = case;
    let mut places = Vec::new();
    if !mistakes.has(Mistake::NonceMissing) {
        places.push(format!("{} was hashed", signed.hashed));
    }
    if *api == Api::Spot {
        let sent_body = body::nonce(sent.body.unwrap_or(case.request.body));
        if let Some(nonce) = signed.body.as_ref().filter(|nonce| sent_body.as_ref() != Some(nonce)) {
            places.push(format!("{nonce} was in the body that was hashed"));
        }
        if let Some(nonce) = sent_body {
            places.push(format!("{nonce} is in the body that was sent"));
        }
    }
    let given = if *api == Api::Spot { "was given" } else { "is in the header" };
    if let Some(nonce) = sent.nonce.or(case.request.nonce) {
        places.push(format!("{nonce} {given}"));
    }
    format!(" The nonces: {}.", places.join(", "))
}

/// Says how a body is encoded, if Kraken does not read it: it is compressed, or in parts.
pub(super) fn encoding(body: &[u8]) -> Option<&'static str> {
    const PARTS: &[u8] = b"Content-Disposition: form-data";
    match body {
        [0x1f, 0x8b, ..] => Some("compressed (gzip)"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("compressed (zstd)"),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some("compressed (deflate)"),
        [b'-', b'-', ..] if body.windows(PARTS.len()).any(|part| part.eq_ignore_ascii_case(PARTS)) => {
            Some("multipart/form-data")
        }
        _ => None,
    }
}

/// Returns how the body that was sent differs from the one that was signed.
pub(super) fn bodies(api: Api, signed: &[u8], sent: &[u8]) -> Difference {
    const DIFFERS: &str = "The body that was sent is not the body that was signed.";
    if rewrite::wrapped(sent).iter().any(|inner| inner == signed) {
        return Difference {
            mistakes: Set::of(&[Mistake::PostdataWrapped]),
            explanation: "The body that was signed was sent as a parameter of another body, postdata or json.".into(),
        };
    }
    if let Some(name) = encoding(sent).filter(|_| encoding(signed).is_none()) {
        let explanation = format!("{DIFFERS} It was sent as {name}: send the signed text as it is.");
        return Difference { mistakes: Set::NONE, explanation };
    }
    let nonces: Vec<String> = body::nonce(signed).into_iter().collect();
    let clues = Clues { nonces: &nonces, ..Clues::default() };
    let work = Work::of_search();
    let context = Context { api, clues, body: sent, rare: true, guesses: false, work: &work };
    let mut difference = known(|most| rewrite::variants(&context, sent, most), signed, DIFFERS);
    if difference.mistakes.is_empty() && is_without_some(&context, signed, sent) {
        difference.mistakes = Set::of(&[Mistake::ParametersNotSent]);
    }
    let only = |one: &[u8], other: &[u8], verb: &str| {
        let names = missing(one, other);
        match names.split_at_checked(MOST_NAMES) {
            _ if names.is_empty() => String::new(),
            Some((first, [_, ..])) => format!(" Only {verb}: {}, and more.", first.join(", ")),
            _ => format!(" Only {verb}: {}.", names.join(", ")),
        }
    };
    difference.explanation.push_str(&only(sent, signed, "sent"));
    difference.explanation.push_str(&only(signed, sent, "signed"));
    difference
}

/// Returns whether parameters of the signed body are all that the sent one does not have.
fn is_without_some(context: &Context<'_>, signed: &[u8], sent: &[u8]) -> bool {
    let mut found = false;
    fewer(context, signed, &mut |made| found |= made == sent);
    found
}

/// Returns how the path that was sent differs from the one that was signed.
pub(super) fn paths(api: Api, signed: &str, sent: &str) -> Difference {
    const DIFFERS: &str = "The path that was sent is not the path that was signed.";
    let work = Work::of_search();
    let context = Context { api, clues: Clues::default(), body: &[], rare: true, guesses: false, work: &work };
    known(|most| path::variants(&context, sent, most), signed.as_bytes(), DIFFERS)
}

/// Names the difference if known mistakes make what was signed of what was sent.
fn known(variants: impl Fn(u32) -> Vec<Variant<Vec<u8>>>, signed: &[u8], differs: &str) -> Difference {
    let find = |most| variants(most).into_iter().find(|variant| variant.value == signed);
    let mistakes = (1..=MOST).find_map(find).map_or(Set::NONE, |variant| variant.mistakes);
    let mut explanation = String::from(differs);
    for mistake in mistakes.iter() {
        explanation.push(' ');
        explanation.push_str(mistake.description().explanation);
    }
    Difference { mistakes, explanation }
}
