//! Compiles and runs the Rust snippets of the inspector.

#![cfg(feature = "inspect")]
#![allow(unreachable_pub, reason = "users put the snippets into modules of their own")]

#[path = "../src/inspect/snippets/futures.rs"]
mod futures;
#[path = "../src/inspect/snippets/spot.rs"]
mod spot;

use kraken_signer::{Secret, inspect};

const SECRET: &str = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

#[test]
fn spot_signs_what_it_sends() {
    let path = "/0/private/AddOrder";
    let (sign, body) = spot::request(SECRET, path, "pair=XBTUSD").unwrap();
    let nonce = body.strip_prefix("nonce=").and_then(|rest| rest.strip_suffix("&pair=XBTUSD")).unwrap();
    let expected =
        kraken_signer::spot::sign(&SECRET.parse::<Secret>().unwrap(), path, nonce.parse().unwrap(), body.as_bytes());
    assert_eq!(sign, expected.as_str());
    let (_, bare) = spot::request(SECRET, "/0/private/Balance", "").unwrap();
    assert!(bare.bytes().last().unwrap().is_ascii_digit(), "{bare}");
}

#[test]
fn futures_signs_what_it_sends() {
    let path = "/derivatives/api/v3/sendorder";
    let (sign, nonce) = futures::request(SECRET, path, "symbol=PI_XBTUSD").unwrap();
    let request = inspect::Request {
        api: inspect::Api::Futures,
        secret: inspect::Key::Text(SECRET),
        path,
        nonce: Some(&nonce),
        body: b"symbol=PI_XBTUSD",
    };
    assert_eq!(sign, inspect::explain(&request).unwrap().signature);
}
