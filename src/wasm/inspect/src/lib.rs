//! The JavaScript binding of `kraken_signer::inspect`: structured values in, structured values out.
//!
//! An error is thrown as a number: code + 256 × position. The code is one of `src/wasm/codes.rs`; the position counts from 1, and
//! is 0 if there is none. Copies of the private key are wiped before an export returns.

#![cfg(target_family = "wasm")]
#![allow(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]
#![allow(clippy::missing_errors_doc, reason = "documented once, above")]

#[path = "../../codes.rs"]
#[allow(dead_code, reason = "only the signer's binding has errors of its own")]
mod codes;
mod request;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::{Zeroize, Zeroizing, zeroize_stack};

use codes::ERRORS;
use kraken_signer::{
    Error,
    inspect::{self, Api, Case, Key, Language, Request, Sent, otpauth},
};

/// The input of every export. The caller has checked types and encodings.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    api: Api,
    #[serde(with = "serde_bytes")]
    secret: Vec<u8>,
    /// Whether the private key is base64 text.
    secret_is_text: bool,
    path: String,
    nonce: Option<String>,
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
}

impl Input {
    fn request(&self) -> Request<'_> {
        // The caller encodes text as UTF-8.
        let secret = match str::from_utf8(&self.secret) {
            Ok(text) if self.secret_is_text => Key::Text(text),
            _ => Key::Bytes(&self.secret),
        };
        Request { api: self.api, secret, path: &self.path, nonce: self.nonce.as_deref(), body: &self.body }
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rejected {
    key: Option<String>,
    signature: String,
    sent: SentInput,
    language: Option<Language>,
}

#[derive(Deserialize)]
struct SentInput {
    path: Option<String>,
    nonce: Option<String>,
    body: Option<serde_bytes::ByteBuf>,
    otp: Option<String>,
}

/// Explains a signature.
#[wasm_bindgen]
pub fn explain(input: JsValue) -> Result<JsValue, JsValue> {
    without_trace(|| {
        let input: Input = read(input)?;
        write(&inspect::explain(&input.request()).map_err(error_number)?)
    })
}

/// Finds the mistakes behind a rejected signature.
#[wasm_bindgen]
pub fn investigate(input: JsValue, rejected: JsValue) -> Result<JsValue, JsValue> {
    without_trace(|| {
        let input: Input = read(input)?;
        let Rejected { key, signature, sent, language } = read(rejected)?;
        // The caller may have swapped API key and private key.
        let key = key.map(Zeroizing::new);
        let case = Case {
            request: input.request(),
            key: key.as_ref().map(|key| key.as_str()),
            signature: &signature,
            sent: Sent {
                path: sent.path.as_deref(),
                nonce: sent.nonce.as_deref(),
                body: sent.body.as_ref().map(|body| &***body),
                otp: sent.otp.as_deref(),
            },
            language,
        };
        write(&inspect::investigate(&case).map_err(error_number)?)
    })
}

/// Does `work`, and then overwrites the stack that it used, because the hashes copy key material there.
fn without_trace(work: impl FnOnce() -> Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    /// Not inlined, so that its frame is released before the stack is overwritten.
    #[inline(never)]
    fn inner(work: impl FnOnce() -> Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
        work()
    }
    let outcome = inner(work);
    zeroize_stack::<{ 16 * 1024 }>();
    outcome
}

/// Describes a two-factor URI.
#[wasm_bindgen]
pub fn parse_otpauth(uri: String) -> Result<JsValue, JsValue> {
    write(&otpauth::report(&Zeroizing::new(uri)))
}

/// Returns the table of mistakes.
#[wasm_bindgen]
pub fn mistakes() -> Result<JsValue, JsValue> {
    write(&inspect::descriptions().collect::<Vec<_>>())
}

fn read<T: for<'de> Deserialize<'de>>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}

fn write(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(serde_wasm_bindgen::to_value(value)?)
}

fn error_number(error: Error) -> JsValue {
    let kind = core::mem::discriminant(&error);
    let code = ERRORS.iter().find(|(_, known)| core::mem::discriminant(known) == kind).map_or(0, |(code, _)| *code);
    let position = error.position().and_then(|at| u32::try_from(at).ok()).map_or(0, |at| at.saturating_add(1));
    position.saturating_mul(256).saturating_add(code.into()).into()
}
