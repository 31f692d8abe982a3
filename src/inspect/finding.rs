//! The findings: what a search found, in words, followed by suspicions that cannot be proven.

use alloc::{format, string::String, vec::Vec};

use serde::Serialize;

use super::{
    Api, Key, Language, Mistake, Request, Snippet, StepName, body, differences,
    distant::distant,
    key::{Keys, MISSING, is_api_key},
    output, path,
    search::{MOST, Outcome, Targets, search},
    set::Set,
    snippets::snippet,
    suspicions::{invalid_nonce, suspicions},
    variants::Clues,
    work::Work,
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
    /// The body. For a FIX logon: all its fields but the password, each with the byte 0x01 at its end.
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
    /// Code that signs correctly. `None` for a FIX logon and a challenge.
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
    /// The signature is what Kraken expects for the request that was signed. Suspicions follow: the first ones say what differs in
    /// the request that was sent, if that is known.
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
    NonceInvalid,
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
    // The body of a FIX logon has the signed fields only, so it is not what was sent that they are compared with.
    let logon = case.sent.body.filter(|body| [body, case.request.body].iter().all(|body| body.contains(&1)));
    let (given, sent_path) = (path::with_slash(case.request.path), case.sent.path.map(path::with_slash));
    let request = Request { path: &given, ..case.request };
    let sent = Sent { path: sent_path.as_deref(), body: case.sent.body.filter(|_| logon.is_none()), ..case.sent };
    let case = &Case { request, sent, ..*case };
    let mut findings = findings(case, logon)?;
    if let (Some(first), Some((explanation, fix))) = (findings.first_mut(), exposed(case)) {
        first.explanation = [explanation, " ", &first.explanation].concat();
        first.fix = [fix, " ", &first.fix].concat();
    }
    Ok(findings)
}

/// Returns what to say if a header has the private key, or the API key in place of the signature.
fn exposed(case: &Case<'_>) -> Option<(&'static str, &'static str)> {
    const DELETE: &str = "Delete this API key in the account settings and create a new one: the request shows it.";
    let key = case.key.map(str::trim).filter(|key| !key.is_empty());
    let signature = case.signature.trim();
    match case.request.secret {
        Key::Text(secret) if secret.trim() == signature => {
            Some(("The private key itself was sent as the signature. Delete this API key.", DELETE))
        }
        Key::Text(secret) if Some(secret.trim()) == key && !is_api_key(secret, secret) => {
            Some(("The private key itself was sent as the API key. Delete this API key.", DELETE))
        }
        _ if key.is_some_and(|key| MISSING.contains(&key)) => Some((
            "The API key that was sent is no key: it is what programs write for a variable without a value.",
            "Check the variable or setting that has the API key.",
        )),
        _ if key == Some(signature) => Some((
            "The API key was sent as the signature.",
            "Send the API key in one header, and the signature in the other one.",
        )),
        _ => None,
    }
}

fn findings(case: &Case<'_>, logon: Option<&[u8]>) -> Result<Vec<Finding>, Error> {
    let keys = Keys::new(case.request.secret, case.key)?;
    if output::is_object(case.signature) {
        return Ok([mistaken(case, Set::of(&[Mistake::OutputAsObject]), "", 1)].into());
    }
    let targets = output::targets(case.signature);
    let sent = sent_request(case);
    let data =
        [Some(case.request), sent].map(|request| request.map_or_else(Default::default, |request| request.data()));
    let believed = case.request.normalized(&data[0]);
    let moved = sent.unwrap_or(case.request).with_other_query();
    let sent = sent.map(|request| request.normalized(&data[1]));
    let mut nonces = differences::nonces(case);
    nonces.extend(logon.and_then(|logon| body::parameter(logon, "52")));
    let otp = case.sent.otp.map(String::from).or_else(|| {
        let mut bodies = [case.sent.body, Some(case.request.body)].into_iter().flatten();
        bodies.find_map(|body| body::parameter(body, "otp"))
    });
    let clues = Clues { nonces: &nonces, otp: otp.as_deref(), prefix: differences::prefix(case), logon };

    let (moved, mistake) = moved.map_or((None, Set::NONE), |(moved, mistake)| (Some(moved), Set::of(&[mistake])));
    let moved = moved.as_ref().map(|moved| moved.normalized(moved.body));
    let requests =
        [(Some(&believed), false, Set::NONE), (sent.as_ref(), true, Set::NONE), (moved.as_ref(), true, mistake)];
    let mut tried = 0;
    // Whether the signature is right is found out however long the body is.
    let (right_work, work) = (Work::new(usize::MAX), Work::of_search());
    for count in 0..=MOST {
        work.share(count);
        let work = if count == 0 { &right_work } else { &work };
        for (request, as_sent, more) in requests {
            let Some(request) = request else { continue };
            let outcome = search(request, clues, &keys, &targets, count, work);
            tried = outcome.tried.saturating_add(tried);
            match outcome.found {
                Some(Set::NONE) if more == Set::NONE => {
                    return Ok(right(case, &keys, as_sent, &targets, tried));
                }
                Some(mistakes) => {
                    return Ok([proven(case, mistakes.and(more), &outcome, &targets, tried)].into());
                }
                None => {}
            }
        }
    }
    let last = Work::of_distant();
    let outcome = distant(sent.as_ref().unwrap_or(&believed), &keys, &targets, &last);
    tried = outcome.tried.saturating_add(tried);
    if let Some(mistakes) = outcome.found {
        return Ok([proven(case, mistakes, &outcome, &targets, tried)].into());
    }
    Ok([unexplained(case, tried, &targets, work.is_short() || last.is_short())].into())
}

/// Returns the finding for the mistakes that reproduce a signature, with what is known besides.
fn proven(case: &Case<'_>, mistakes: Set, outcome: &Outcome, targets: &Targets, tried: u32) -> Finding {
    let mut more = differences::places(case, mistakes, &outcome.nonces);
    if let Some(name) = output::hash_of(outcome.length).filter(|_| mistakes.has(Mistake::MacOtherHash)) {
        more = format!("{more} It has {} bytes: it is {name}.", outcome.length);
    }
    more.push_str(&shown(targets));
    let mut finding = mistaken(case, mistakes, &more, tried);
    let request = sent_request(case).unwrap_or(case.request);
    if let Some((explanation, fix)) = invalid_nonce(&request.sent_nonce()) {
        finding.explanation = [&finding.explanation, " ", &*explanation].concat();
        finding.fix = [&finding.fix, " ", fix].concat();
    }
    finding
}

/// Says how much of a signature is there, if a log or a column shortened it.
fn shown(targets: &Targets) -> String {
    targets.shown.map_or_else(String::new, |count| {
        format!(" Only {count} characters of the signature are there. They were compared, and the others cannot be.")
    })
}

/// Returns the request as it was sent, if it differs from the one that its author believes was signed.
pub(super) fn sent_request<'a>(case: &Case<'a>) -> Option<Request<'a>> {
    let Case { request, sent, .. } = *case;
    let merged = Request {
        path: sent.path.unwrap_or(request.path),
        nonce: sent.nonce.or(request.nonce),
        body: sent.body.unwrap_or(request.body),
        ..request
    };
    let at_kraken = |path| path::without_prefix(request.api, path);
    let same = at_kraken(merged.path) == at_kraken(request.path)
        && merged.nonce.unwrap_or_default() == request.nonce.unwrap_or_default()
        && merged.body == request.body;
    (!same).then_some(merged)
}

/// Returns the finding that the signature is right, and the suspicions.
fn right(case: &Case<'_>, keys: &Keys, as_sent: bool, targets: &Targets, tried: u32) -> Vec<Finding> {
    let suspicions = suspicions(case, keys, as_sent);
    let differs =
        |finding: &Finding| matches!(finding.suspicion, Some(Suspicion::BodyDiffers | Suspicion::PathDiffers));
    let no_header = case.request.api == Api::Futures && case.sent.nonce.is_some_and(str::is_empty);
    let changed = suspicions.iter().any(differs)
        || no_header && suspicions.iter().any(|finding| finding.suspicion == Some(Suspicion::NonceDiffers));
    let is_invalid = suspicions.iter().any(|finding| finding.suspicion == Some(Suspicion::NonceInvalid));
    let explanation = if is_invalid && !as_sent && !changed {
        "The signature is right for this private key, path, nonce and body, but Kraken does not accept the nonce."
    } else if as_sent {
        "The signature is right for what was sent, but what was sent differs from the request that you expected to sign."
    } else if changed {
        "The signature is right for the request that was signed, but another one was sent, and Kraken rejects that."
    } else {
        "The signature is right: Kraken expects it for this private key, path, nonce and body."
    };
    let right = Finding {
        kind: Kind::Right,
        proven: true,
        mistakes: Vec::new(),
        suspicion: None,
        explanation: [explanation, &differences::proxy(case), &shown(targets)].concat(),
        fix: if changed {
            "Send exactly the text that was signed. The first of the following says what differs."
        } else if is_invalid {
            "Send a nonce that Kraken accepts: one of the following says what is wrong with it."
        } else {
            "The signing code needs no change. If Kraken rejects the signature anyway, these are the likely reasons, which cannot \
             be proven from here."
        }
        .into(),
        step: None,
        snippet: None,
        tried,
    };
    let mut findings = alloc::vec![right];
    findings.extend(suspicions);
    findings
}

fn mistaken(case: &Case<'_>, mistakes: Set, more: &str, tried: u32) -> Finding {
    let described: Vec<_> = mistakes.iter().map(Mistake::description).collect();
    let sentences =
        |of: fn(&super::Description) -> &'static str| described.iter().map(of).collect::<Vec<_>>().join(" ");
    let Request { api, path, .. } = case.request;
    // A FIX logon and a challenge have no path. The snippets sign and send requests to the REST API.
    let language = case.language.filter(|_| api == Api::Spot || !path.is_empty());
    Finding {
        kind: Kind::Mistake,
        proven: true,
        mistakes: described.iter().map(|mistake| mistake.name).collect(),
        suspicion: None,
        explanation: [&*sentences(|mistake| mistake.explanation), more].concat(),
        fix: sentences(|mistake| mistake.fix),
        step: described.first().map(|mistake| mistake.step),
        snippet: language.map(|language| snippet(api, language)),
        tried,
    }
}

const NO_NONCE: &str = " The request has no Nonce header. If the program hashed a nonce, it must send it in this header: without \
    it, Kraken hashes no nonce, and the signature cannot be reproduced here.";

/// What to say if there were more combinations than the work that a search may do.
const SHORT: &str =
    " The body is so long that the search was stopped early: a combination that was not tried may produce it.";

fn unexplained(case: &Case<'_>, tried: u32, targets: &Targets, short: bool) -> Finding {
    let changed = differences::encoding(case.sent.body.unwrap_or(case.request.body));
    let changed =
        changed.map(|name| format!(" The body is {name}. Kraken expects a form or JSON, and its text must be signed."));
    let explanation = if targets.is_empty() {
        "This is not a signature: it is not 64 or 32 bytes in base64 or hexadecimal, and no large part of them.".into()
    } else {
        let short = if short { SHORT } else { "" };
        let none =
            format!("None of {tried} combinations of up to {MOST} known mistakes produces this signature.{short}");
        let other = targets.other_length().and_then(|length| Some((length, output::hash_of(length)?)));
        let other = other.map(|(length, name)| {
            format!(" It has {length} bytes, as many as {name}. Kraken expects HMAC-SHA512, which has 64.")
        });
        let Case { request, sent, .. } = case;
        let has_nonce = [request.nonce, sent.nonce].into_iter().flatten().any(|nonce| !nonce.is_empty());
        let no_nonce = if request.api == Api::Futures && !has_nonce { NO_NONCE } else { "" };
        [none, changed.clone().unwrap_or_default(), other.unwrap_or_default(), no_nonce.into()].concat()
    };
    Finding {
        kind: Kind::Unexplained,
        proven: false,
        mistakes: Vec::new(),
        suspicion: None,
        explanation,
        fix: if changed.is_some() {
            "Sign and send the same text, without anything that encodes it again."
        } else if short {
            "Sign a short request with the same program, such as one for the balance, and investigate that. Also check that \
             private key, path, nonce and body are exactly those of the rejected request."
        } else {
            "Check that private key, path, nonce and body are exactly those of the rejected request. The private key may belong to \
             a different API key, or nonce or body may be from a different request."
        }
        .into(),
        step: None,
        snippet: None,
        tried,
    }
}
