//! The findings: what a search found, in words, followed by suspicions that cannot be proven.

use alloc::{format, string::String, vec::Vec};

use serde::Serialize;

use super::{
    Api, Key, Language, Mistake, Request, Snippet, StepName, body, differences,
    key::Keys,
    output,
    search::{MOST, search},
    set::Set,
    snippets::snippet,
};
use crate::Error;

/// A signature that Kraken rejected, and what is known about the request.
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
    /// The request that its author believes was signed.
    pub request: Request<'a>,
    /// The API key, to detect whether it was used in place of the private key.
    pub key: Option<&'a str>,
    /// The rejected signature, as it was sent.
    pub signature: &'a str,
    /// What was actually sent, if known.
    pub sent: Sent<'a>,
    /// The language of the code snippet with the correct scheme. No snippet if `None`.
    pub language: Option<Language>,
}

/// What was actually sent. A field is `None` if it is unknown or the same as in the request.
///
/// ```
/// use kraken_signer::inspect::Sent;
///
/// let sent = Sent { body: Some(b"nonce=1616492376595"), ..Sent::default() };
/// assert!(sent.path.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the fields are those of a request")]
pub struct Sent<'a> {
    pub path: Option<&'a str>,
    pub nonce: Option<&'a str>,
    pub body: Option<&'a [u8]>,
    /// The two-factor code.
    pub otp: Option<&'a str>,
}

/// A statement about a signature.
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
    /// The kind of finding.
    pub kind: Kind,
    /// Whether the signature was reproduced byte for byte.
    pub proven: bool,
    /// The names of the mistakes that reproduce the signature, in the order in which they happened. For a suspicion that body
    /// or path differ: those that make what was signed of what was sent. Empty if nothing is wrong.
    pub mistakes: Vec<&'static str>,
    /// The suspicion, if this is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Suspicion>,
    /// What happened, in one or more sentences.
    pub explanation: String,
    /// What to do about it, in one or more sentences.
    pub fix: String,
    /// The first step of the explanation that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<StepName>,
    /// Code that signs correctly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// The number of combinations that were computed.
    pub tried: u32,
}

/// The kind of a finding.
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
    /// One or more mistakes reproduce the signature.
    Mistake,
    /// No combination reproduces the signature.
    Unexplained,
    /// A possible reason for the rejection that cannot be proven.
    Suspicion,
}

/// A possible reason why Kraken rejects a right signature.
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
/// // A mistake that was proven is not a suspicion.
/// assert_ne!(investigate(&case)?[0].suspicion, Some(Suspicion::Clipboard));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the finding explains each")]
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

/// Finds the mistakes behind a rejected signature.
///
/// The first finding says whether the signature is right, which mistakes reproduce it, or that no combination does. If several
/// combinations of the same size reproduce it, the result is the likeliest one. Mistakes that do not affect this request are
/// never reported. If the signature is right, suspicions follow, likeliest first.
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
/// Returns one of the `Secret…` variants of [`Error`] if the private key cannot be read at all.
pub fn investigate(case: &Case<'_>) -> Result<Vec<Finding>, Error> {
    let mut findings = findings(case)?;
    if let (Some(first), Some((explanation, fix))) = (findings.first_mut(), exposed(case)) {
        first.explanation = [explanation, " ", &first.explanation].concat();
        first.fix = [fix, " ", &first.fix].concat();
    }
    Ok(findings)
}

const IN_QUERY: Set = Set::of(&[Mistake::ParametersInQuery]);

/// Returns what to say if a header has the private key, or the API key in place of the signature.
fn exposed(case: &Case<'_>) -> Option<(&'static str, &'static str)> {
    const DELETE: &str = "Delete this API key in the account settings and create a new one: the request shows it.";
    let key = case.key.map(str::trim).filter(|key| !key.is_empty());
    let signature = case.signature.trim();
    match case.request.secret {
        Key::Text(secret) if secret.trim() == signature => {
            Some(("The private key itself was sent as the signature. Delete this API key.", DELETE))
        }
        Key::Text(secret) if Some(secret.trim()) == key => {
            Some(("The private key itself was sent as the API key. Delete this API key.", DELETE))
        }
        _ if key == Some(signature) => Some((
            "The API key was sent as the signature.",
            "Send the API key in one header, and the signature in the other one.",
        )),
        _ => None,
    }
}

fn findings(case: &Case<'_>) -> Result<Vec<Finding>, Error> {
    let keys = Keys::new(case.request.secret, case.key)?;
    if output::is_object(case.signature) {
        return Ok([mistaken(case, Set::of(&[Mistake::OutputAsObject]), "", 1)].into());
    }
    let targets = output::targets(case.signature);
    let believed = case.request.normalized();
    let sent = sent_request(case).map(Request::normalized);
    let moved = sent.as_ref().unwrap_or(&believed).with_query_as_body();
    let nonces = differences::nonces(case);

    // First checks whether the signature is right for either request, then looks for mistakes.
    let mut tried = 0;
    for counts in [0..=0, 1..=MOST] {
        for (request, as_sent, more) in
            [(Some(&believed), false, Set::NONE), (sent.as_ref(), true, Set::NONE), (moved.as_ref(), true, IN_QUERY)]
        {
            let Some(request) = request else { continue };
            let outcome = search(request, &nonces, &keys, &targets, counts.clone());
            tried = outcome.tried.saturating_add(tried);
            match outcome.found {
                Some(Set::NONE) if more == Set::NONE => return Ok(right(case, &keys, as_sent, tried)),
                Some(mistakes) => {
                    let mistakes = mistakes.and(more);
                    let places = differences::places(case, mistakes, &outcome.nonces);
                    return Ok([mistaken(case, mistakes, &places, tried)].into());
                }
                None => {}
            }
        }
    }
    Ok([unexplained(case, tried, targets.is_empty())].into())
}

/// Returns the request as it was sent, if it differs from the one that its author believes was signed.
fn sent_request<'a>(case: &Case<'a>) -> Option<Request<'a>> {
    let Case { request, sent, .. } = *case;
    let merged = Request {
        path: sent.path.unwrap_or(request.path),
        nonce: sent.nonce.or(request.nonce),
        body: sent.body.unwrap_or(request.body),
        ..request
    };
    let same = merged.path == request.path && merged.nonce == request.nonce && merged.body == request.body;
    (!same).then_some(merged)
}

/// Returns the finding that the signature is right, and the suspicions.
fn right(case: &Case<'_>, keys: &Keys, as_sent: bool, tried: u32) -> Vec<Finding> {
    let explanation = if as_sent {
        "The signature is right for what was sent, but what was sent differs from the request that you expected to sign."
    } else {
        "The signature is right: Kraken expects it for this private key, path, nonce and body."
    };
    let right = Finding {
        kind: Kind::Right,
        proven: true,
        mistakes: Vec::new(),
        suspicion: None,
        explanation: explanation.into(),
        fix: "The signing code needs no change. If Kraken rejects the signature anyway, one of the following is the reason. They \
              cannot be proven from here."
            .into(),
        step: None,
        snippet: None,
        tried,
    };
    let mut findings = alloc::vec![right];
    findings.extend(suspicions(case, keys, as_sent));
    findings
}

fn mistaken(case: &Case<'_>, mistakes: Set, more: &str, tried: u32) -> Finding {
    let described: Vec<_> = mistakes.iter().map(Mistake::description).collect();
    let sentences =
        |of: fn(&super::Description) -> &'static str| described.iter().map(of).collect::<Vec<_>>().join(" ");
    let api = case.request.api;
    Finding {
        kind: Kind::Mistake,
        proven: true,
        mistakes: described.iter().map(|mistake| mistake.name).collect(),
        suspicion: None,
        explanation: [&*sentences(|mistake| mistake.explanation), more].concat(),
        fix: sentences(|mistake| mistake.fix),
        step: described.first().map(|mistake| mistake.step),
        snippet: case.language.map(|language| snippet(api, language)),
        tried,
    }
}

fn unexplained(case: &Case<'_>, tried: u32, no_signature: bool) -> Finding {
    let explanation = if no_signature {
        "This is not a signature: it is not 64 or 32 bytes in base64 or hexadecimal, and no large part of them.".into()
    } else {
        let compressed = differences::compression(case.sent.body.unwrap_or(case.request.body));
        let compressed =
            compressed.map(|name| format!(" The body is compressed ({name}), but its text must be signed and sent."));
        let none = format!("None of {tried} combinations of up to {MOST} known mistakes produces this signature.");
        [none, compressed.unwrap_or_default()].concat()
    };
    Finding {
        kind: Kind::Unexplained,
        proven: false,
        mistakes: Vec::new(),
        suspicion: None,
        explanation,
        fix: "Check that private key, path, nonce and body are exactly those of the rejected request. Usually the private key \
              belongs to a different API key, or nonce or body are from a different request."
            .into(),
        step: None,
        snippet: None,
        tried,
    }
}

/// Returns possible reasons why Kraken rejects a right signature, likeliest first.
fn suspicions(case: &Case<'_>, keys: &Keys, as_sent: bool) -> Vec<Finding> {
    let Case { request, sent, .. } = case;
    // The request that the signature is right for.
    let signed = if as_sent { sent_request(case).unwrap_or(*request) } else { *request };
    let mut found = Vec::new();
    let mut suspect = |suspicion, explanation: &str, fix: &str, mistakes: Set| {
        found.push(Finding {
            kind: Kind::Suspicion,
            proven: false,
            mistakes: mistakes.iter().map(|mistake| mistake.description().name).collect(),
            suspicion: Some(suspicion),
            explanation: explanation.into(),
            fix: fix.into(),
            step: None,
            snippet: None,
            tried: 0,
        });
    };
    if let Some(body) = sent.body.filter(|body| *body != signed.body) {
        let difference = differences::bodies(request.api, signed.body, body);
        suspect(
            Suspicion::BodyDiffers,
            &difference.explanation,
            "Build the body once as text, then sign that text and send it as the whole body.",
            difference.mistakes,
        );
    }
    if let Some(path) = sent.path.filter(|path| *path != signed.path) {
        let difference = differences::paths(request.api, signed.path, path);
        suspect(
            Suspicion::PathDiffers,
            &difference.explanation,
            "Sign the path of the URL that the request is sent to, including the query (Spot).",
            difference.mistakes,
        );
    }
    let nonce = signed.sent_nonce();
    if [sent.nonce, request.nonce].into_iter().flatten().any(|other| *other != *nonce) {
        suspect(
            Suspicion::NonceDiffers,
            "The given or sent nonce is not the nonce that was signed.",
            "Generate the nonce once per request, and use it everywhere.",
            Set::NONE,
        );
    }
    if let Some(error) = keys.malformed {
        suspect(
            Suspicion::SecretMalformed,
            &format!(
                "The private key is not as Kraken shows it: {error}. This signature was made with the corrected key."
            ),
            "Store the private key as Kraken shows it. Other decoders may read a different key from this text.",
            Set::NONE,
        );
    }
    if request.api == Api::Spot {
        let (suspicion, explanation, fix) = otp(signed.body, sent.otp);
        suspect(suspicion, explanation, fix, Set::NONE);
    }
    suspect(
        Suspicion::OtherKey,
        "The private key may belong to a different API key than the one that was sent.",
        "Create a new API key and copy both parts from the same page. Kraken shows a private key only once.",
        Set::NONE,
    );
    suspect(
        Suspicion::OtherProduct,
        "The key may be for the other product. Spot and Futures keys look alike, but are not interchangeable.",
        "Use a Spot key with api.kraken.com and a Futures key with futures.kraken.com.",
        Set::NONE,
    );
    if sent.body.is_none() && !signed.body.is_empty() {
        suspect(
            Suspicion::BodyChangedInTransit,
            "The HTTP client may have encoded the body again, in a different order, with different escapes, or as JSON.",
            "Pass the signed text to the client as the raw body, and check what it actually sends.",
            Set::NONE,
        );
    }
    suspect(
        Suspicion::Clipboard,
        "Copying may have changed a character of the private key in a way that is still valid base64.",
        "Compare the fingerprint of the key in explain() with that of a new copy.",
        Set::NONE,
    );
    suspect(
        Suspicion::KeyRevoked,
        "The API key may have been revoked, or may have expired.",
        "Check the list of API keys in the account settings.",
        Set::NONE,
    );
    found
}

/// Returns what may be wrong with the two-factor code of a Spot request.
fn otp(signed: &[u8], sent: Option<&str>) -> (Suspicion, &'static str, &'static str) {
    match (body::parameter(signed, "otp"), sent) {
        (None, Some(_)) => (
            Suspicion::OtpNotSigned,
            "A two-factor code was sent, but the signed body has none.",
            "Add the parameter otp to the body before signing it.",
        ),
        (None, None) => (
            Suspicion::OtpMissing,
            "The body has no two-factor code. If this API key has two-factor authentication, Kraken reports the missing \
                 code as an invalid signature.",
            "Check the settings of the key. If two-factor authentication is on, add the parameter otp before signing.",
        ),
        (Some(_), _) => (
            Suspicion::OtpWrong,
            "The body has a two-factor code. Kraken reports a wrong or expired code, or a code for a key without two-factor \
                 authentication, as an invalid signature.",
            "Generate a new code for each request from the setup key of this API key. If the key has no two-factor \
                 authentication, send no code.",
        ),
    }
}
