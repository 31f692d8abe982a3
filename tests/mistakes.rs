//! Tests `investigate` against the broken signers in `tests/inspect`, which are written independently in JavaScript and Python.

#![cfg(all(feature = "inspect", not(miri), not(target_family = "wasm")))]

use std::process::Command;

use kraken_signer::inspect::{Api, Case, Key, Kind, Request, Sent, investigate};
use serde_json::Value;

#[test]
fn finds_exactly_the_mistakes_of_every_broken_signer() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inspect/cases.mjs");
    let printed = Command::new("node").arg(program).output().expect("Node runs").stdout;
    let cases: Value = serde_json::from_slice(&printed).unwrap();
    let cases = cases.as_array().unwrap();
    for case in cases {
        let input = |name: &str| case["input"][name].as_str().unwrap();
        let api = match input("api") {
            "spot" => Api::Spot,
            "futures" => Api::Futures,
            other => panic!("unknown API {other}"),
        };
        let request = Request {
            api,
            secret: Key::Text(input("secret")),
            path: input("path"),
            nonce: Some(input("nonce")),
            body: input("body").as_bytes(),
        };
        let (key, signature) = (Some(input("key")), input("signature"));
        // Only what a FIX logon signs is a part of what is sent; other requests are sent as they are signed.
        let sent = Sent { body: case["input"]["sent"]["body"].as_str().map(str::as_bytes), ..Sent::default() };
        let findings = investigate(&Case { request, key, signature, sent, language: None }).unwrap();

        let mut made: Vec<&str> =
            case["mistakes"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let mut named = findings[0].mistakes.clone();
        made.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, made, "{}", case["did"]);
        assert_eq!(findings[0].kind, if made.is_empty() { Kind::Right } else { Kind::Mistake });
        assert!(findings[0].proven && findings[0].tried > 0);
    }
    assert!(cases.len() > 700);
}
