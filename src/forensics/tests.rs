extern crate std;

use std::vec::Vec;

use serde_json::Value;

use super::*;
use crate::Error;

const SECRET: &str = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

fn request(body: &str) -> Request<'_> {
    Request {
        api: Api::Spot,
        secret: Key::Text(SECRET),
        path: "/0/private/AddOrder",
        nonce: Some("1616492376594"),
        body: body.as_bytes(),
    }
}

#[test]
fn explains_every_known_signature() {
    let vectors: Value = serde_json::from_str(include_str!("../../tests/vectors/kraken.json")).unwrap();
    let mut explained = 0;
    for vector in vectors["vectors"].as_array().unwrap() {
        let field = |name: &str| vector[name].as_str().unwrap();
        let api = match field("kind") {
            "spot" => Api::Spot,
            "futures" => Api::Futures,
            _ => continue,
        };
        let request = Request {
            api,
            secret: Key::Text(field("secret")),
            path: field("path"),
            nonce: Some(field("nonce")),
            body: field("body").as_bytes(),
        };
        let explanation = explain(&request).unwrap();
        assert_eq!(explanation.signature, field("expected"));
        for step in &explanation.steps {
            let put_together: Vec<&str> = step
                .parts
                .iter()
                .map(|part| {
                    let whole = explanation.steps.iter().find(|step| step.name == part.step).unwrap();
                    assert_eq!(whole.length, part.length);
                    whole.hex.as_deref().unwrap()
                })
                .collect();
            if !step.parts.is_empty() {
                assert_eq!(step.hex.as_deref().unwrap(), put_together.concat());
            }
        }
        explained += 1;
    }
    assert!(explained > 5);
}

#[test]
fn refuses_what_cannot_be_signed() {
    let refused = |request| explain(&request).map(|_| ()).unwrap_err();
    assert_eq!(refused(Request { secret: Key::Text("AQF"), ..request("") }), Error::SecretLength);
    assert_eq!(refused(Request { nonce: None, ..request("pair=XBTUSD") }), Error::NonceDecimal);
    assert_eq!(explain(&Request { nonce: None, ..request("nonce=1") }).unwrap().steps[1].text.as_deref(), Some("1"));
    assert_eq!(
        explain(&Request { nonce: None, ..request("{\"nonce\": 12}") }).unwrap().steps[1].text.as_deref(),
        Some("12")
    );
}
