//! Tests of the feature `web`. `cargo xtask test web` runs them in Node and in Chromium.

#![cfg(target_family = "wasm")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the numbers are small"
)]

use std::time::Duration;

use js_sys::{Array, Object, Reflect, Uint8Array, global};
use kraken_signer::{
    ClientOrderId, Error, Secret, Totp, futures,
    nonce::NonceSource,
    spot,
    web::{self, Fields},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Crypto, CryptoKey, Headers, Request, RequestInit, SubtleCrypto};

const NONCE: u64 = 1_616_492_376_594;
const KEY: &str = "the/API+key";

fn secret() -> Secret {
    Secret::try_from(&[7; 64][..]).unwrap()
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).unwrap()
}

fn subtle() -> SubtleCrypto {
    Reflect::get(&global(), &"crypto".into()).unwrap().unchecked_into::<Crypto>().subtle()
}

/// Computes HMAC-SHA512 with `SubtleCrypto`.
async fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"HMAC".into()).unwrap();
    Reflect::set(&algorithm, &"hash".into(), &"SHA-512".into()).unwrap();
    let usages = Array::of1(&"sign".into());
    let imported = subtle().import_key_with_object("raw", &Uint8Array::from(key), &algorithm, false, &usages).unwrap();
    let key: CryptoKey = JsFuture::from(imported).await.unwrap().unchecked_into();
    let mac = subtle().sign_with_str_and_u8_array("HMAC", &key, message).unwrap();
    Uint8Array::new(&JsFuture::from(mac).await.unwrap()).to_vec()
}

/// Computes SHA-256 with `SubtleCrypto`.
async fn sha256(message: &[u8]) -> Vec<u8> {
    let digest = subtle().digest_with_str_and_u8_array("SHA-256", message).unwrap();
    Uint8Array::new(&JsFuture::from(digest).await.unwrap()).to_vec()
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let mut text = [0; 88];
    let length = BASE64_STANDARD.encode_slice(bytes, &mut text).unwrap();
    std::str::from_utf8(&text[..length]).unwrap().into()
}

#[wasm_bindgen_test]
async fn signatures_are_those_of_subtle_crypto() {
    for length in [1, 20, 63, 64, 127, 128, 129, 200, 384] {
        let key: Vec<u8> = (0..length).map(|at| (at * 7 + length) as u8).collect();
        let secret = Secret::try_from(&*key).unwrap();
        for body in [String::new(), format!("nonce={NONCE}"), format!("nonce={NONCE}&a={}", "b".repeat(length * 3))] {
            let digest = sha256(format!("{NONCE}{body}").as_bytes()).await;
            let mac = hmac(&key, &[b"/0/private/AddOrder", &*digest].concat()).await;
            assert_eq!(spot::sign(&secret, "/0/private/AddOrder", NONCE, &body).as_str(), base64(&mac));
            let digest = sha256(format!("{body}{NONCE}/api/v3/sendorder").as_bytes()).await;
            let authent = futures::sign(&secret, "/derivatives/api/v3/sendorder", &body, Some(NONCE));
            assert_eq!(authent.as_str(), base64(&hmac(&key, &digest).await));
        }
    }
}

#[wasm_bindgen_test]
async fn signs_a_spot_request_in_place() {
    let totp: Totp = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".parse().unwrap();
    let body = Fields::new(NONCE).code(&totp.code(Duration::from_secs(59))).field("close[price]", "+5%");
    assert_eq!(body.as_str(), "nonce=1616492376594&otp=287082&close%5Bprice%5D=%2B5%25");
    let request = body.post("https://api.kraken.com/0/private/AddOrder?a=b").unwrap();
    web::sign(&secret(), &request, KEY, NONCE).await.unwrap();
    let expected = spot::sign(&secret(), "/0/private/AddOrder?a=b", NONCE, body.as_str());
    assert_eq!(header(&request, "API-Sign").unwrap(), expected.as_str());
    assert_eq!(header(&request, "API-Key").unwrap(), KEY);
    assert_eq!(header(&request, "API-Nonce"), None);
    assert_eq!(header(&request, "Content-Type").unwrap(), "application/x-www-form-urlencoded");
    // The request can still be sent.
    let text = JsFuture::from(request.text().unwrap()).await.unwrap();
    assert_eq!(text, body.as_str());
}

#[wasm_bindgen_test]
async fn signs_requests_with_the_nonce_in_a_header() {
    let request = Request::new_with_str("https://api.kraken.com/funding/v1/methods?asset=XBT").unwrap();
    web::sign(&secret(), &request, KEY, NONCE).await.unwrap();
    assert_eq!(header(&request, "API-Nonce").unwrap(), NONCE.to_string());
    let expected = spot::sign(&secret(), "/funding/v1/methods?asset=XBT", NONCE, "");
    assert_eq!(header(&request, "API-Sign").unwrap(), expected.as_str());
}

#[wasm_bindgen_test]
async fn signs_futures_requests() {
    let url = "https://futures.kraken.com/derivatives/api/v3/sendorder";
    let body = Fields::without_nonce().field("symbol", "PI_XBTUSD");
    let post = body.post(url).unwrap();
    let get = Request::new_with_str(&format!("{url}?{}", body.as_str())).unwrap();
    let expected = futures::sign(&secret(), "/api/v3/sendorder", body.as_str(), Some(NONCE));
    for request in [post, get] {
        web::sign(&secret(), &request, KEY, NONCE).await.unwrap();
        assert_eq!(header(&request, "Authent").unwrap(), expected.as_str());
        assert_eq!(header(&request, "APIKey").unwrap(), KEY);
        assert_eq!(header(&request, "Nonce").unwrap(), NONCE.to_string());
    }
}

#[wasm_bindgen_test]
async fn signs_headers_before_the_request_exists() {
    let headers = Headers::new().unwrap();
    let (url, body) = ("https://api.kraken.com/0/private/Balance", format!(r#"{{"nonce":{NONCE}}}"#));
    web::sign_headers(&secret(), &headers, url, body.as_bytes(), KEY, NONCE).unwrap();
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(&body));
    init.set_headers(&headers);
    let request = Request::new_with_str_and_init(url, &init).unwrap();
    let expected = spot::sign(&secret(), "/0/private/Balance", NONCE, &body);
    assert_eq!(header(&request, "API-Sign").unwrap(), expected.as_str());
}

#[wasm_bindgen_test]
async fn rejects_what_kraken_would_reject() {
    let url = "https://api.kraken.com/0/private/Balance";
    let error_of = async |body: &Fields, key: &str| {
        let request = body.post(url).unwrap();
        let error = web::sign(&secret(), &request, key, NONCE).await.unwrap_err();
        assert_eq!((header(&request, "API-Sign"), header(&request, "API-Key")), (None, None));
        error
    };
    assert_eq!(error_of(&Fields::new(NONCE + 1), KEY).await, web::Error::Signer(Error::NonceContradicts));
    assert_eq!(error_of(&Fields::without_nonce().field("a", "b"), KEY).await, web::Error::NonceMissing);
    for key in ["", "a b", "a\r\nX: y", "\u{e9}"] {
        let error = error_of(&Fields::new(NONCE), key).await;
        assert_eq!(error, web::Error::ApiKey);
        assert!(!error.to_string().contains('\r'));
    }
    let sent = Fields::new(NONCE).post(url).unwrap();
    JsFuture::from(sent.text().unwrap()).await.unwrap();
    assert!(matches!(web::sign(&secret(), &sent, KEY, NONCE).await, Err(web::Error::JavaScript(_))));
}

#[wasm_bindgen_test]
fn uses_the_clock_and_the_random_numbers_of_javascript() {
    let milliseconds = web::now().as_millis() as f64;
    assert!((milliseconds - js_sys::Date::now()).abs() < 2_000.0);
    let date = || Duration::from_millis(js_sys::Date::now() as u64);
    for _ in 0..10_000 {
        let (before, now, after) = (date(), web::now(), date());
        assert!((before..=after).contains(&now), "{now:?} is not {before:?}");
    }
    let mut nonces = NonceSource::default();
    assert!(nonces.next(web::now()).unwrap() < nonces.next(web::now()).unwrap());
    assert_ne!(ClientOrderId::random().unwrap(), ClientOrderId::random().unwrap());
}
