//! The verdict: what a search came to, in words, and what cannot be proven besides.

use alloc::{format, string::String, vec::Vec};

use serde::Serialize;

use super::{
    Api, Language, Mistake, Request, Snippet, StepName, body,
    key::Keys,
    mistakes::Set,
    output,
    search::{MOST, search},
    snippets::snippet,
};
use crate::Error;

/// A signature that Kraken refused, and what is known of how it came about.
///
/// ```
/// use kraken_signer::inspect::{Api, Case, Key, Language, Request, Sent, investigate};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// let signature = "xuBPrRLoyTgTYlrkpYjWoR7iO/p4Fto38/Tnd96PeqE6rmDUqjmULPHJ0M2/gk5R/rJTSntjeewLOkVc8NrJ9w==";
/// let case = Case { request, key: None, signature, sent: Sent::default(), language: Some(Language::Rust) };
/// assert_eq!(investigate(&case)?[0].mistakes, ["secret-as-text"]);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What its author believes was signed.
    pub request: Request<'a>,
    /// The API key, in case it was taken for the private key.
    pub key: Option<&'a str>,
    /// The refused signature, as it was sent.
    pub signature: &'a str,
    /// What was sent, as far as that is known.
    pub sent: Sent<'a>,
    /// The language that its author would like corrected code in.
    pub language: Option<Language>,
}

/// What was really sent, where that is known; `None` for what was sent as believed, or is not known.
///
/// ```
/// use kraken_signer::inspect::Sent;
///
/// let sent = Sent { body: Some(b"nonce=1616492376595"), ..Sent::default() };
/// assert!(sent.path.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "they are the fields of a request")]
pub struct Sent<'a> {
    pub path: Option<&'a str>,
    pub nonce: Option<&'a str>,
    pub body: Option<&'a [u8]>,
    /// The two-factor code.
    pub otp: Option<&'a str>,
}

/// What is said about a signature.
///
/// ```
/// use kraken_signer::inspect::{Api, Case, Key, Language, Request, Sent, investigate};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// # let signature = "xuBPrRLoyTgTYlrkpYjWoR7iO/p4Fto38/Tnd96PeqE6rmDUqjmULPHJ0M2/gk5R/rJTSntjeewLOkVc8NrJ9w==";
/// # let case = Case { request, key: None, signature, sent: Sent::default(), language: Some(Language::Rust) };
/// let finding = &investigate(&case)?[0];
/// assert!(finding.proven);
/// println!("{} {}", finding.explanation, finding.fix);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What sort of finding this is.
    pub kind: Kind,
    /// Whether the signature was reproduced, byte for byte.
    pub proven: bool,
    /// The mistakes that reproduce it, in the order in which they happened; empty if it is right.
    pub mistakes: Vec<&'static str>,
    /// The name of a suspicion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Suspicion>,
    /// What happened, in plain words.
    pub explanation: String,
    /// What to do about it.
    pub fix: String,
    /// The step of the explanation where it first went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<StepName>,
    /// Code that is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// How many combinations were computed.
    pub tried: u32,
}

/// Sorts of findings.
///
/// ```
/// use kraken_signer::inspect::{Api, Case, Key, Kind, Language, Request, Sent, investigate};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// # let signature = "xuBPrRLoyTgTYlrkpYjWoR7iO/p4Fto38/Tnd96PeqE6rmDUqjmULPHJ0M2/gk5R/rJTSntjeewLOkVc8NrJ9w==";
/// # let case = Case { request, key: None, signature, sent: Sent::default(), language: Some(Language::Rust) };
/// assert_eq!(investigate(&case)?[0].kind, Kind::Mistake);
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The signature is what Kraken expects for this request. Suspicions follow.
    Right,
    /// The signature was reproduced with mistakes.
    Mistake,
    /// No combination reproduces the signature.
    Unexplained,
    /// Something that would explain a refusal and cannot be proven.
    Suspicion,
}

/// What may be wrong although the signature is right.
///
/// ```
/// use kraken_signer::inspect::{Api, Case, Key, Language, Suspicion, Request, Sent, investigate};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// # let signature = "xuBPrRLoyTgTYlrkpYjWoR7iO/p4Fto38/Tnd96PeqE6rmDUqjmULPHJ0M2/gk5R/rJTSntjeewLOkVc8NrJ9w==";
/// # let case = Case { request, key: None, signature, sent: Sent::default(), language: Some(Language::Rust) };
/// // What was reproduced needs no suspicion.
/// assert_ne!(investigate(&case)?[0].suspicion, Some(Suspicion::Clipboard));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is explained in its finding")]
pub enum Suspicion {
    BodyDiffers,
    PathDiffers,
    NonceDiffers,
    SecretMalformed,
    OtpNotSigned,
    OtpMissing,
    OtpWrong,
    OtherProduct,
    OtherKey,
    BodyChangedInTransit,
    Clipboard,
    KeyRevoked,
}

/// Finds the mistakes behind a refused signature.
///
/// The first finding says what was proven: that the signature is right, which mistakes reproduce it, or that none of the
/// combinations that were tried does. Where several combinations of the same size reproduce it, the likeliest is named;
/// a mistake that changes nothing for this request is never named. A right signature is followed by suspicions, likeliest
/// first.
///
/// ```
/// use kraken_signer::inspect::{Api, Case, Key, Language, Request, Sent, investigate};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// let signature = "xuBPrRLoyTgTYlrkpYjWoR7iO/p4Fto38/Tnd96PeqE6rmDUqjmULPHJ0M2/gk5R/rJTSntjeewLOkVc8NrJ9w==";
/// let case = Case { request, key: None, signature, sent: Sent::default(), language: Some(Language::Rust) };
/// for finding in investigate(&case)? {
///     println!("{} {}", finding.explanation, finding.fix);
/// }
/// # Ok::<(), kraken_signer::Error>(())
/// ```
///
/// # Errors
///
/// One of the `Secret…` variants of [`Error`] for a private key that cannot be read at all.
pub fn investigate(case: &Case<'_>) -> Result<Vec<Finding>, Error> {
    let keys = Keys::new(case.request.secret, case.key)?;
    let targets = output::targets(case.signature);
    let believed = case.request.settled();
    let sent = overlay(case).map(Request::settled);

    // First whether it is right, for what was believed or for what was sent; then whatever else it may be.
    let mut tried = 0;
    for counts in [0..=0, 1..=MOST] {
        for (request, as_sent) in [(Some(&believed), false), (sent.as_ref(), true)] {
            let Some(request) = request else { continue };
            let outcome = search(request, &keys, &targets, counts.clone());
            tried = outcome.tried.saturating_add(tried);
            match outcome.found {
                Some(Set::NONE) => return Ok(right(case, &keys, as_sent, tried)),
                Some(mistakes) => return Ok([mistaken(case, mistakes, tried)].into()),
                None => {}
            }
        }
    }
    Ok([unexplained(tried, targets.is_empty())].into())
}

/// The request as it was sent, if that differs from what its author believes was signed.
fn overlay<'a>(case: &Case<'a>) -> Option<Request<'a>> {
    let Case { request, sent, .. } = *case;
    let overlaid = Request {
        path: sent.path.unwrap_or(request.path),
        nonce: sent.nonce.or(request.nonce),
        body: sent.body.unwrap_or(request.body),
        ..request
    };
    let same = overlaid.path == request.path && overlaid.nonce == request.nonce && overlaid.body == request.body;
    (!same).then_some(overlaid)
}

/// The signature is right; followed by what would explain that Kraken refuses it, likeliest first.
fn right(case: &Case<'_>, keys: &Keys, as_sent: bool, tried: u32) -> Vec<Finding> {
    let explanation = if as_sent {
        "The signature is right for what was sent, which is not what you believe was signed."
    } else {
        "The signature is right: it is what Kraken expects for this private key, path, nonce and body."
    };
    let right = Finding {
        kind: Kind::Right,
        proven: true,
        mistakes: Vec::new(),
        suspicion: None,
        explanation: explanation.into(),
        fix: "Nothing is to be changed in the signing. If Kraken refuses it all the same, the reason is one of those that \
              follow, which cannot be proven from here."
            .into(),
        step: None,
        snippet: None,
        tried,
    };
    let mut findings = alloc::vec![right];
    findings.extend(suspicions(case, keys, as_sent));
    findings
}

fn mistaken(case: &Case<'_>, mistakes: Set, tried: u32) -> Finding {
    let described: Vec<_> = mistakes.iter().map(Mistake::description).collect();
    let sentences =
        |of: fn(&super::Description) -> &'static str| described.iter().map(of).collect::<Vec<_>>().join(" ");
    let api = case.request.api;
    Finding {
        kind: Kind::Mistake,
        proven: true,
        mistakes: described.iter().map(|mistake| mistake.name).collect(),
        suspicion: None,
        explanation: sentences(|mistake| mistake.explanation),
        fix: sentences(|mistake| mistake.fix),
        step: described.first().map(|mistake| mistake.step),
        snippet: case.language.map(|language| snippet(api, language)),
        tried,
    }
}

fn unexplained(tried: u32, no_signature: bool) -> Finding {
    let explanation = if no_signature {
        "This is no signature: it is not 64 or 32 bytes in base64 or hexadecimal, however it is read.".into()
    } else {
        format!("None of {tried} combinations of up to {MOST} known mistakes gives this signature.")
    };
    Finding {
        kind: Kind::Unexplained,
        proven: false,
        mistakes: Vec::new(),
        suspicion: None,
        explanation,
        fix: "Check that private key, path, nonce and body are exactly those of the request that was refused: most often the \
              private key belongs to another API key, or nonce or body are those of another request."
            .into(),
        step: None,
        snippet: None,
        tried,
    }
}

/// What would explain that Kraken refuses a right signature, likeliest first.
fn suspicions(case: &Case<'_>, keys: &Keys, as_sent: bool) -> Vec<Finding> {
    let Case { request, sent, .. } = case;
    // What was signed.
    let signed = if as_sent { overlay(case).unwrap_or(*request) } else { *request };
    let mut found = Vec::new();
    let mut suspect = |suspicion, explanation: &str, fix: &str| {
        found.push(Finding {
            kind: Kind::Suspicion,
            proven: false,
            mistakes: Vec::new(),
            suspicion: Some(suspicion),
            explanation: explanation.into(),
            fix: fix.into(),
            step: None,
            snippet: None,
            tried: 0,
        });
    };
    if let Some(body) = sent.body.filter(|body| *body != signed.body) {
        let wrapped = body::parameter(body, "postdata").is_some_and(|inner| inner.as_bytes() == signed.body);
        suspect(
            Suspicion::BodyDiffers,
            if wrapped {
                "The body that was signed was sent inside another one, as its parameter postdata: the body that was sent is not \
                 the body that was signed."
            } else {
                "The body that was sent is not the body that was signed."
            },
            "Build the body once, as text; sign that text, and send that text as the whole body.",
        );
    }
    if sent.path.is_some_and(|path| path != signed.path) {
        suspect(
            Suspicion::PathDiffers,
            "The path that was sent is not the path that was signed.",
            "Sign the path of the URL that the request goes to, with its query (Spot).",
        );
    }
    let nonce = signed.sent_nonce();
    if [sent.nonce, request.nonce].into_iter().flatten().any(|other| *other != *nonce) {
        suspect(
            Suspicion::NonceDiffers,
            "The nonce that was given or sent is not the nonce that was signed.",
            "Take the nonce once per request, and use it in all places.",
        );
    }
    if let Some(refusal) = keys.malformed {
        suspect(
            Suspicion::SecretMalformed,
            &format!(
                "The private key is not as Kraken shows it: {refusal}. This signature was made all the same as if it were."
            ),
            "Store the private key as Kraken shows it: a decoder that is less kind makes another key of it.",
        );
    }
    if request.api == Api::Spot {
        let (suspicion, explanation, fix) = otp(signed.body, sent.otp);
        suspect(suspicion, explanation, fix);
    }
    suspect(
        Suspicion::OtherKey,
        "The private key may belong to another API key than the one that was sent.",
        "Copy both again from the same page, or make a new key; a private key is shown only once.",
    );
    suspect(
        Suspicion::OtherProduct,
        "The key may be for the other product: Spot and Futures keys look alike and are different.",
        "Use a Spot key with api.kraken.com and a Futures key with futures.kraken.com.",
    );
    if sent.body.is_none() && !signed.body.is_empty() {
        suspect(
            Suspicion::BodyChangedInTransit,
            "The HTTP client may have encoded the body again: in another order, with other escapes, or as JSON.",
            "Hand the client the signed text as the raw body, and look at what it really sends.",
        );
    }
    suspect(
        Suspicion::Clipboard,
        "A character of the private key may have been changed by copying, in a way that leaves valid base64.",
        "Compare the key's fingerprint in explain() with that of a fresh copy.",
    );
    suspect(
        Suspicion::KeyRevoked,
        "The API key may have been revoked or may have expired.",
        "Look for it in the list of keys in the account's settings.",
    );
    found
}

/// What may be wrong with the second factor of a Spot request.
fn otp(signed: &[u8], sent: Option<&str>) -> (Suspicion, &'static str, &'static str) {
    match (body::parameter(signed, "otp"), sent) {
        (None, Some(_)) => (
            Suspicion::OtpNotSigned,
            "A two-factor code was sent, but the body that was signed has none.",
            "Add the parameter otp to the body before it is signed.",
        ),
        (None, None) => (
            Suspicion::OtpMissing,
            "The body has no two-factor code. If this API key has two-factor authentication, Kraken reports the missing \
                 code as an invalid signature.",
            "Look at the key's settings: if two-factor authentication is on, add the parameter otp before signing.",
        ),
        (Some(_), _) => (
            Suspicion::OtpWrong,
            "The body has a two-factor code. Kraken reports a wrong or late one, or one for a key without two-factor \
                 authentication, as an invalid signature.",
            "Make a fresh code for each request, from the setup key of this API key, and send none if the key has no \
                 two-factor authentication.",
        ),
    }
}
