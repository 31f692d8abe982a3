//! Suspicions: what may be wrong although the signature is right.

use alloc::{format, string::String, vec::Vec};

use super::{
    Api, Case, Finding, Kind, Request, Suspicion, body, differences, finding::sent_request, key::Keys, path, set::Set,
};

/// Returns possible reasons why Kraken rejects a right signature, likeliest first.
pub(super) fn suspicions(case: &Case<'_>, keys: &Keys, as_sent: bool) -> Vec<Finding> {
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
    let at_kraken = |path| path::without_prefix(request.api, path);
    if let Some(path) = sent.path.filter(|path| at_kraken(path) != at_kraken(signed.path)) {
        let difference = differences::paths(request.api, signed.path, path);
        suspect(
            Suspicion::PathDiffers,
            &difference.explanation,
            "Sign the path of the URL that the request is sent to, including the query (Spot).",
            difference.mistakes,
        );
    }
    let nonce = signed.sent_nonce();
    if let Some((explanation, fix)) = invalid_nonce(&nonce) {
        suspect(Suspicion::NonceInvalid, &explanation, fix, Set::NONE);
    }
    if let Some((explanation, fix)) = missing_nonce(&signed, sent.body) {
        suspect(Suspicion::NonceInvalid, explanation, fix, Set::NONE);
    }
    if let Some((explanation, fix)) = other_nonce(case, &nonce) {
        suspect(Suspicion::NonceDiffers, &explanation, fix, Set::NONE);
    }
    if let Some((explanation, fix)) = several_nonces(&signed, sent.body) {
        suspect(Suspicion::NonceDiffers, &explanation, fix, Set::NONE);
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
        let has_code = |body| body::parameter(body, "otp").is_some();
        let (suspicion, explanation, fix) =
            otp(has_code(signed.body), sent.otp.is_some() || sent.body.is_some_and(has_code));
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
fn otp(signed: bool, sent: bool) -> (Suspicion, &'static str, &'static str) {
    match (signed, sent) {
        (false, true) => (
            Suspicion::OtpNotSigned,
            "A two-factor code was sent, but the signed body has none.",
            "Add the parameter otp to the body before signing it.",
        ),
        (false, false) => (
            Suspicion::OtpMissing,
            "The body has no two-factor code. If this API key has two-factor authentication, Kraken reports the missing \
                 code as an invalid signature.",
            "Check the settings of the key. If two-factor authentication is on, add the parameter otp before signing.",
        ),
        (true, _) => (
            Suspicion::OtpWrong,
            "The body has a two-factor code. Kraken reports a wrong or expired code, or a code for a key without two-factor \
                 authentication, as an invalid signature.",
            "Generate a new code for each request from the setup key of this API key. If the key has no two-factor \
                 authentication, send no code.",
        ),
    }
}

/// Says that the body has no nonce, if Kraken reads it there.
fn missing_nonce(signed: &Request<'_>, sent: Option<&[u8]>) -> Option<(&'static str, &'static str)> {
    let is_private = path::without_prefix(signed.api, signed.path).starts_with("/0/private/");
    let body = sent.unwrap_or(signed.body);
    // What is in a body that cannot be divided into parameters is not certain, such as a form with a line break or a brace.
    let is_readable = body::Fields::of(body).is_some() || !body.windows(5).any(|text| text == b"nonce");
    let is_missing = signed.api == Api::Spot && is_private && is_readable && body::nonce(body).is_none();
    is_missing.then_some((
        "The body has no parameter nonce. For paths under /0/private/, Kraken reads the nonce from the body, and rejects a \
         request without one, even if the signature is right.",
        "Put the nonce into the body as the parameter nonce, then sign and send that body.",
    ))
}

/// Says that the body has more than one nonce, because it is not known which one Kraken reads.
fn several_nonces(signed: &Request<'_>, sent: Option<&[u8]>) -> Option<(String, &'static str)> {
    let fields = body::Fields::of(sent.unwrap_or(signed.body)).filter(|_| signed.api == Api::Spot)?;
    let nonces: Vec<_> = fields.all.iter().filter(|field| field.name == "nonce").map(body::Field::text).collect();
    (nonces.len() > 1).then(|| {
        let explanation = format!(
            "The body has the parameter nonce more than once: {}. Kraken may read another one than the one that was signed, or none.",
            nonces.join(", ")
        );
        (explanation, "Put the nonce into the body once, then sign and send that body.")
    })
}

/// Says how the nonce that was given or sent differs from the one that was signed.
fn other_nonce(case: &Case<'_>, signed: &str) -> Option<(String, &'static str)> {
    let Case { request, sent, .. } = case;
    if request.api == Api::Futures && sent.nonce == Some("") && !signed.is_empty() {
        return Some((
            format!(
                "The nonce {signed} was hashed, but the request has no Nonce header, so that Kraken hashes no nonce."
            ),
            "Send the nonce that was hashed in the header Nonce. Or hash none: Futures requests do not need one.",
        ));
    }
    let differs = [sent.nonce, request.nonce].into_iter().flatten().any(|other| *other != *signed);
    differs.then(|| {
        (
            "The given or sent nonce is not the nonce that was signed.".into(),
            "Generate the nonce once per request, and use it everywhere.",
        )
    })
}

/// Says why Kraken does not accept a nonce, however it was signed.
pub(super) fn invalid_nonce(nonce: &str) -> Option<(String, &'static str)> {
    let is_whole = nonce.bytes().all(|byte| byte.is_ascii_digit());
    let problem = match (is_whole, nonce.contains('.')) {
        _ if nonce.is_empty() || nonce.parse::<u64>().is_ok() => return None,
        (true, _) => "is higher than 2^64-1",
        (false, true) => "has a fraction",
        (false, false) => "is not in decimal digits",
    };
    let shown: String = nonce.chars().take(40).collect();
    let explanation = format!("The nonce {shown} {problem}. Kraken rejects it, even if the signature is right.");
    Some((explanation, "Send a nonce that is a whole number from 0 to 2^64-1, in decimal digits."))
}
