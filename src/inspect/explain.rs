use alloc::{string::String, vec::Vec};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Api, Key, Request, path};
use crate::{Error, Secret, futures, nonce, spot};

/// A signature with every intermediate value.
///
/// ```
/// use kraken_signer::inspect::{Api, Key, Request, explain};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// let explanation = explain(&request)?;
/// assert_eq!((explanation.header, explanation.steps.len()), ("API-Sign", 9));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The API, which decides the scheme.
    pub api: Api,
    /// The header that carries the signature.
    pub header: &'static str,
    /// The scheme in one line.
    pub formula: &'static str,
    /// The signature.
    pub signature: String,
    /// The steps: first the inputs, then the computed values. There are always nine, in the same order.
    pub steps: Vec<Step>,
}

/// An input or intermediate value of a signature.
///
/// ```
/// use kraken_signer::inspect::{Api, Key, Request, explain};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// let nonce = &explain(&request)?.steps[1];
/// assert_eq!((nonce.title, nonce.text.as_deref()), ("Nonce", Some("1616492376594")));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The name, for programs.
    pub name: StepName,
    /// A title, for people.
    pub title: &'static str,
    /// The formula of the value.
    pub formula: &'static str,
    /// The length in bytes.
    pub length: usize,
    /// The bytes in hexadecimal. `None` for the private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hex: Option<String>,
    /// The bytes as text, if they are UTF-8. `None` for the private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The first 16 hexadecimal digits of the SHA-256 of the private key, to compare keys. `None` for other steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The parts of a concatenation, in order. Empty for other values.
    pub parts: Vec<Part>,
}

/// A part of a concatenation.
///
/// ```
/// use kraken_signer::inspect::{Api, Key, Request, StepName, explain};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// let hashed = &explain(&request)?.steps[4];
/// assert_eq!((hashed.parts[1].step, hashed.parts[1].start), (StepName::Body, 13));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The step that the part comes from.
    pub step: StepName,
    /// The offset of the part, in bytes.
    pub start: usize,
    /// The length of the part, in bytes.
    pub length: usize,
}

/// The name of a step.
///
/// ```
/// use kraken_signer::inspect::{Api, Key, Request, StepName, explain};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// let steps = explain(&request)?.steps;
/// assert_eq!(steps.last().map(|step| step.name), Some(StepName::Signature));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepName {
    /// The decoded private key.
    Secret,
    /// The nonce in decimal.
    Nonce,
    /// The body (Spot) or postData (Futures).
    Body,
    /// The part of the path that is signed.
    Path,
    /// The input of SHA-256.
    Hashed,
    /// The SHA-256 of that input.
    Digest,
    /// The input of HMAC-SHA512.
    Message,
    /// The HMAC.
    Mac,
    /// The HMAC in base64.
    Signature,
}

/// Computes a signature and returns every intermediate value.
///
/// ```
/// use kraken_signer::inspect::{Api, Key, Request, explain};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// for step in explain(&request)?.steps {
///     println!("{}: {}", step.title, step.hex.unwrap_or_default());
/// }
/// # Ok::<(), kraken_signer::Error>(())
/// ```
///
/// # Errors
///
/// Returns one of the `Secret…` variants of [`Error`] if the private key is invalid, and [`Error::NonceDecimal`] or
/// [`Error::NonceRange`] if the nonce is invalid, or if a Spot request has none.
pub fn explain(request: &Request<'_>) -> Result<Explanation, Error> {
    use StepName::{Body, Digest, Hashed, Mac, Message, Nonce, Path, Secret, Signature};

    let path = path::with_slash(request.path);
    let request = Request { path: &path, ..*request };
    let data = request.data();
    let request = request.normalized(&data);
    let key = key_bytes(request.secret)?;
    let nonce = request.nonce();
    let number =
        if nonce.is_empty() && request.api == Api::Futures { None } else { Some(nonce::parse(nonce.as_bytes())?) };
    let secret = crate::Secret::try_from(&**key)?;
    let signature = match request.api {
        // Not spot::sign, because a nonce that contradicts the body must be explained, too.
        Api::Spot => {
            let mut hasher = spot::BodyHasher::new(number.unwrap_or_default());
            hasher.update(request.body);
            hasher.sign(&secret, request.path)
        }
        Api::Futures => futures::sign(&secret, request.path, request.body, number),
    };

    let labels = labels(request.api);
    let nonce = (Nonce, nonce.as_bytes());
    let body = (Body, request.body);
    let path = (Path, request.signed_path().as_bytes());
    let hashed = match request.api {
        Api::Spot => Joined::of(&[nonce, body]),
        Api::Futures => Joined::of(&[body, nonce, path]),
    };
    let digest = Sha256::digest(&hashed.bytes);
    let message = match request.api {
        Api::Spot => Joined::of(&[path, (Digest, &digest)]),
        Api::Futures => Joined::of(&[(Digest, &digest)]),
    };
    let mac = BASE64_STANDARD.decode(signature.as_str()).unwrap_or_default();
    let fingerprint = hex(&Sha256::digest(&*key)).get(..16).map(Into::into);
    let hidden = Step {
        name: Secret,
        title: labels.secret[0],
        formula: labels.secret[1],
        length: key.len(),
        hex: None,
        text: None,
        fingerprint,
        parts: Vec::new(),
    };
    Ok(Explanation {
        api: request.api,
        header: labels.header,
        formula: labels.formula,
        steps: [
            hidden,
            step(nonce, labels.nonce),
            step(body, labels.body),
            step(path, labels.path),
            hashed.step(Hashed, labels.hashed),
            step((Digest, &digest), labels.digest),
            message.step(Message, labels.message),
            step((Mac, &mac), labels.mac),
            step((Signature, signature.as_bytes()), labels.signature),
        ]
        .into(),
        signature: signature.as_str().into(),
    })
}

/// Decodes a private key strictly.
pub(super) fn key_bytes(key: Key<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
    match key {
        Key::Bytes([]) => Err(Error::SecretEmpty),
        Key::Bytes(bytes) => Ok(Zeroizing::new(bytes.into())),
        Key::Text(text) => {
            // Its errors say what is wrong with the key.
            text.parse::<Secret>()?;
            let decoded = BASE64_STANDARD.decode(text.trim_ascii());
            decoded.map(Zeroizing::new).map_err(|_| Error::SecretTrailingBits)
        }
    }
}

/// A concatenation and its parts.
struct Joined {
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

impl Joined {
    fn of(values: &[(StepName, &[u8])]) -> Self {
        let mut joined = Self { bytes: Vec::new(), parts: Vec::new() };
        for (step, value) in values {
            joined.parts.push(Part { step: *step, start: joined.bytes.len(), length: value.len() });
            joined.bytes.extend_from_slice(value);
        }
        joined
    }

    fn step(self, name: StepName, label: [&'static str; 2]) -> Step {
        Step { parts: self.parts, ..step((name, &self.bytes), label) }
    }
}

fn step((name, bytes): (StepName, &[u8]), [title, formula]: [&'static str; 2]) -> Step {
    let text = str::from_utf8(bytes).ok().map(Into::into);
    Step {
        name,
        title,
        formula,
        length: bytes.len(),
        hex: Some(hex(bytes)),
        text,
        fingerprint: None,
        parts: Vec::new(),
    }
}

/// The title and the formula of each value.
struct Labels {
    header: &'static str,
    formula: &'static str,
    secret: [&'static str; 2],
    nonce: [&'static str; 2],
    body: [&'static str; 2],
    path: [&'static str; 2],
    hashed: [&'static str; 2],
    digest: [&'static str; 2],
    message: [&'static str; 2],
    mac: [&'static str; 2],
    signature: [&'static str; 2],
}

const fn labels(api: Api) -> Labels {
    let spot = Labels {
        header: "API-Sign",
        formula: "base64(HMAC-SHA512(base64decode(secret), path ‖ SHA256(nonce ‖ body)))",
        secret: ["Private key", "base64decode(secret)"],
        nonce: ["Nonce", "nonce, in decimal"],
        body: ["Body", "exactly the bytes sent"],
        path: ["Path", "starting with /0/, with the query"],
        hashed: ["Nonce and body", "nonce ‖ body"],
        digest: ["SHA-256 of nonce and body", "SHA256(nonce ‖ body)"],
        message: ["Path and digest", "path ‖ SHA256(nonce ‖ body)"],
        mac: ["HMAC-SHA512", "HMAC-SHA512(key, path ‖ digest)"],
        signature: ["API-Sign", "base64(HMAC)"],
    };
    match api {
        Api::Spot => spot,
        Api::Futures => Labels {
            header: "Authent",
            formula: "base64(HMAC-SHA512(base64decode(secret), SHA256(postData ‖ nonce ‖ endpointPath)))",
            nonce: ["Nonce", "as in the header Nonce, or empty"],
            body: ["postData", "exactly as sent: the query of a GET, otherwise the body"],
            path: ["Endpoint path", "without /derivatives and without the query"],
            hashed: ["postData, nonce and path", "postData ‖ nonce ‖ endpointPath"],
            digest: ["SHA-256 of the three", "SHA256(postData ‖ nonce ‖ endpointPath)"],
            message: ["Digest", "only the digest"],
            mac: ["HMAC-SHA512", "HMAC-SHA512(key, digest)"],
            signature: ["Authent", "base64(HMAC)"],
            ..spot
        },
    }
}

/// Returns bytes in lowercase hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        digits.extend([byte >> 4, byte & 0x0f].map(|digit| char::from_digit(digit.into(), 16).unwrap_or_default()));
    }
    digits
}
