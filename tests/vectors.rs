//! The vectors that the JavaScript suite reads as well: Kraken's own, those that two independent implementations agreed on,
//! and the codes of the RFCs.

use std::time::Duration;

use kraken_signer::{
    Error, Secret, Totp,
    fix::{self, Logon},
    futures, nonce,
    otp::{Algorithm, Options},
    spot,
};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/kraken.json")).unwrap()
}

#[test]
fn makes_the_codes_of_rfc_4226_and_6238() {
    let file: Value = serde_json::from_str(include_str!("vectors/otp.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    for vector in vectors {
        let algorithm = match vector["algorithm"].as_str().unwrap() {
            "SHA1" => Algorithm::Sha1,
            "SHA256" => Algorithm::Sha256,
            "SHA512" => Algorithm::Sha512,
            other => panic!("unknown algorithm {other}"),
        };
        let digits = vector["digits"].as_u64().and_then(|digits| digits.try_into().ok());
        let options = Options { algorithm: Some(algorithm), digits, period: None };
        let totp = Totp::from_setup_key(vector["key"].as_str().unwrap(), options).unwrap();
        let code = match vector["kind"].as_str().unwrap() {
            "hotp" => totp.hotp(vector["counter"].as_u64().unwrap()),
            "totp" => totp.code(Duration::from_secs(vector["time"].as_u64().unwrap())),
            kind => panic!("unknown kind {kind}"),
        };
        assert_eq!(code.as_str(), vector["expected"].as_str().unwrap(), "{}", vector["source"]);
        assert_eq!(code.to_string(), code.as_ref());
    }
    assert_eq!(vectors.len(), 28);
}

#[test]
fn signs_as_documented() {
    let file = vectors();
    let vectors = file["vectors"].as_array().unwrap();
    for vector in vectors {
        let field = |name: &str| vector[name].as_str().unwrap();
        let (path, body) = (field("path"), field("body"));
        let secret: Secret = field("secret").parse().unwrap();
        let nonce = field("nonce").parse::<u64>();
        let sign = match field("kind") {
            "spot" => {
                let nonce = nonce.unwrap();
                let mut hasher = spot::BodyHasher::new(nonce);
                body.as_bytes().chunks(7).for_each(|piece| hasher.update(piece));
                assert_eq!(hasher.sign(&secret, path), spot::sign(&secret, path, nonce, body));
                spot::sign(&secret, path, nonce, body)
            }
            "futures" => {
                let nonce = nonce.ok();
                let prefixed = format!("/derivatives{path}");
                let mut hasher = futures::PostDataHasher::new();
                body.as_bytes().chunks(7).for_each(|piece| hasher.update(piece));
                assert_eq!(hasher.sign(&secret, &prefixed, nonce), futures::sign(&secret, path, body, nonce));
                futures::sign(&secret, path, body, nonce)
            }
            "futures-ws" => futures::sign_challenge(&secret, body),
            "fix" => fix::sign_logon(&secret, &logon(body), nonce.unwrap()).unwrap(),
            kind => panic!("unknown kind {kind}"),
        };
        assert_eq!(sign.as_str(), field("expected"), "{}", field("source"));
        assert_eq!(sign.to_string(), field("expected"));
        assert_eq!(sign, *field("expected"));
        assert_eq!(sign.as_bytes(), field("expected").as_bytes());
    }
    assert_eq!(vectors.len(), 24);
}

/// The fields of a logon as it is written in the vectors.
fn logon(message: &str) -> Logon<'_> {
    let fields: Vec<(&str, &str)> =
        message.split_terminator('\u{1}').map(|field| field.split_once('=').unwrap()).collect();
    let [("35", "A"), ("34", number), ("49", sender), ("56", target), ("553", key)] = fields[..] else {
        panic!("a logon has other fields than {message:?}")
    };
    Logon { target_comp_id: target, ..Logon::new(number.parse().unwrap(), sender, key) }
}

#[test]
fn refuses_with_the_error_and_its_place() {
    let file: Value = serde_json::from_str(include_str!("vectors/refusals.json")).unwrap();
    for row in file["refusals"].as_array().unwrap() {
        let input = row["input"].as_str().unwrap();
        let option = |name: &str| row["options"][name].as_u64();
        let options = Options {
            algorithm: None,
            digits: option("digits").map(|digits| digits.try_into().unwrap()),
            period: option("period").map(|period| period.try_into().unwrap()),
        };
        let error = match row["kind"].as_str().unwrap() {
            "secret" => input.parse::<Secret>().map(|_| ()).unwrap_err(),
            "otp" => Totp::from_text(input, options).map(|_| ()).unwrap_err(),
            "nonce" => nonce::parse(input.as_bytes()).map(|_| ()).unwrap_err(),
            kind => panic!("unknown kind {kind}"),
        };
        assert!(
            format!("{error:?} ").starts_with(&format!("{} ", row["error"].as_str().unwrap())),
            "{error:?} for {input:?}"
        );
        assert_eq!(error.position().map(|at| at as u64), row["position"].as_u64(), "{input:?}");
        let shown = error.to_string();
        assert!(shown.len() > 20 && !shown.contains("MZ"), "{shown}");
        assert_eq!(shown.contains("offset"), error.position().is_some());
    }
}

#[test]
fn refuses_what_is_no_private_key() {
    for entry in vectors()["reject_secrets"].as_array().unwrap() {
        let secret = entry["secret"].as_str().unwrap();
        assert!(secret.parse::<Secret>().is_err(), "{}", entry["why"]);
    }
}

#[test]
fn strips_only_the_prefix_that_is_not_signed() {
    let secret = Secret::try_from(&b"key"[..]).unwrap();
    let sign = |path| futures::sign(&secret, path, b"", None);
    assert_eq!(sign("/derivatives/api/v3/accounts"), sign("/api/v3/accounts"));
    assert_ne!(sign("/derivativesque/api"), sign("que/api"));
    assert_ne!(sign("/api/derivatives/v3"), sign("/api/v3"));
    assert_ne!(sign("/derivatives/derivatives/api"), sign("/api"));
    assert_ne!(sign("/derivatives"), sign(""));
}

#[test]
fn sees_a_nonce_that_contradicts_the_body() {
    let secret = Secret::try_from(&b"key"[..]).unwrap();
    for body in ["nonce=12&pair=a", "pair=a&nonce=12", r#"{"pair":"a","nonce":12}"#, r#"{"nonce":"12"}"#] {
        assert_eq!(spot::try_sign(&secret, "/0", 12, body), Ok(spot::sign(&secret, "/0", 12, body)));
        assert_eq!(spot::try_sign(&secret, "/0", 13, body), Err(Error::NonceContradicts), "{body}");
        let signed = std::panic::catch_unwind(|| spot::sign(&secret, "/0", 13, body));
        assert!(signed.is_err(), "{body}");
    }
    // Some APIs have it in a header.
    assert!(spot::try_sign(&secret, "/funding/v1/x", 13, "").is_ok());
}

#[test]
fn hashers_show_nothing_of_what_they_hash() {
    let (mut body, mut post_data) = (spot::BodyHasher::new(1), futures::PostDataHasher::new());
    body.update(b"otp=123456");
    post_data.update(b"otp=123456");
    assert_eq!(format!("{body:?} {post_data:?}"), "BodyHasher(..) PostDataHasher(..)");
}

#[cfg(feature = "std")]
#[test]
fn now_is_the_time_since_1970() {
    let before = std::time::SystemTime::now();
    let now = std::time::UNIX_EPOCH + kraken_signer::now();
    assert!(before <= now && now <= std::time::SystemTime::now());
}

/// Whatever these crates keep, they wipe, whoever drops it.
#[test]
fn keys_are_wiped_when_they_are_dropped() {
    fn wiped<K: zeroize::ZeroizeOnDrop>() {}
    wiped::<Secret>();
    wiped::<Totp>();
}
