//! The JavaScript binding of [`forensics`](crate::forensics): structured values in, structured values out.
//!
//! A refusal is thrown as a pair: code + 256 × place of the [`Error`], which is counted from 1, and its text. Copies of the private key are wiped before an export returns.

#![allow(unreachable_pub, reason = "wasm-bindgen exports what is `pub`")]

use alloc::{string::String, vec::Vec};
use core::hint;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    Error,
    forensics::{self, Api, Case, Key, Language, Request, Sent, otpauth},
};

/// What every export is given. Texts and bodies have been checked by the caller.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    api: Api,
    #[serde(with = "serde_bytes")]
    secret: Vec<u8>,
    /// Whether the private key is given in base64.
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
struct Refused {
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
        write(&forensics::explain(&input.request()).map_err(refusal)?)
    })
}

/// Finds the mistakes behind a refused signature.
#[wasm_bindgen]
pub fn investigate(input: JsValue, refused: JsValue) -> Result<JsValue, JsValue> {
    without_trace(|| {
        let input: Input = read(input)?;
        let Refused { key, signature, sent, language } = read(refused)?;
        // The two may have been swapped.
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
        write(&forensics::investigate(&case).map_err(refusal)?)
    })
}

/// Works, and overwrites the part of the stack that was used: the hashes copy key material there.
fn without_trace(work: impl FnOnce() -> Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    /// Not inlined: its frame must be gone when the stack is wiped.
    #[inline(never)]
    fn inner(work: impl FnOnce() -> Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
        work()
    }
    #[inline(never)]
    fn burn() {
        let mut stack = [0_u8; 16 * 1024];
        hint::black_box(&mut stack);
    }
    let outcome = inner(work);
    burn();
    outcome
}

/// Describes a two-factor URI.
#[wasm_bindgen]
pub fn parse_otpauth(uri: String) -> Result<JsValue, JsValue> {
    write(&otpauth::report(&Zeroizing::new(uri)))
}

/// The table of mistakes.
#[wasm_bindgen]
pub fn mistakes() -> Result<JsValue, JsValue> {
    write(&forensics::descriptions().collect::<Vec<_>>())
}

fn read<T: for<'de> Deserialize<'de>>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}

fn write(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(serde_wasm_bindgen::to_value(value)?)
}

fn refusal(error: Error) -> JsValue {
    let place = error.position().and_then(|at| u32::try_from(at).ok()).map_or(0, |at| at.saturating_add(1));
    let number = place.saturating_mul(256).saturating_add(error.code().into());
    write(&(number, str::from_utf8(error.text().trim_ascii_end()).unwrap_or_default())).unwrap_or_else(|other| other)
}
