extern crate std;

use std::vec::Vec;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use sha2::{Digest, Sha512};

use super::{
    key::Keys,
    output,
    search::{MOST, Targets, search},
    set::{LEFT_OUT, Set},
    variants::{Clues, Variant},
    work::Work,
    *,
};
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
            let joined: Vec<&str> = step
                .parts
                .iter()
                .map(|part| {
                    let whole = explanation.steps.iter().find(|step| step.name == part.step).unwrap();
                    assert_eq!(whole.length, part.length);
                    whole.hex.as_deref().unwrap()
                })
                .collect();
            if !step.parts.is_empty() {
                assert_eq!(step.hex.as_deref().unwrap(), joined.concat());
            }
        }
        explained += 1;
    }
    assert!(explained > 5);
}

#[test]
fn rejects_requests_that_cannot_be_signed() {
    let error_of = |request| explain(&request).map(|_| ()).unwrap_err();
    assert_eq!(error_of(Request { secret: Key::Text("AQF"), ..request("") }), Error::SecretLength);
    assert_eq!(error_of(Request { nonce: None, ..request("pair=XBTUSD") }), Error::NonceDecimal);
    assert_eq!(explain(&Request { nonce: None, ..request("nonce=1") }).unwrap().steps[1].text.as_deref(), Some("1"));
    assert_eq!(
        explain(&Request { nonce: None, ..request("{\"nonce\": 12}") }).unwrap().steps[1].text.as_deref(),
        Some("12")
    );
}

/// Work without an end.
const fn all_work() -> Work {
    Work::new(usize::MAX)
}

/// Returns the signature of a request as bytes.
fn mac(request: &Request<'_>) -> Vec<u8> {
    BASE64_STANDARD.decode(explain(request).unwrap().signature).unwrap()
}

/// Searches all combinations for many signatures of one request at once.
fn search_all(request: &Request<'_>, macs: impl IntoIterator<Item = Vec<u8>>) -> Option<Set> {
    let macs = macs.into_iter().map(|value| Variant { value, mistakes: Set::NONE });
    let keys = Keys::new(request.secret, Some("Zm9yIHRlc3RzIG9ubHk=")).unwrap();
    let targets = Targets::new(macs.collect(), Vec::new());
    (0..=MOST).find_map(|count| search(request, Clues::default(), &keys, &targets, count, &all_work()).found)
}

#[test]
fn no_mistakes_explain_a_hundred_thousand_random_signatures() {
    let random: Vec<Vec<u8>> = (0..100_000_u32).map(|seed| Sha512::digest(seed.to_le_bytes()).to_vec()).collect();
    let form = request("nonce=1616492376594&pair=XBT%2FUSD&text=a+b&otp=123456&volume=1.25");
    let json = request(r#"{"nonce":"1616492376594","pair":"XBT/USD","volume":1.25}"#);
    for request in [form, json, Request { api: Api::Futures, path: "/derivatives/api/v3/sendorder", ..form }] {
        assert_eq!(search_all(&request, random.clone()), None);
        // The right signature would be found among them.
        let right = [mac(&request)];
        assert_eq!(search_all(&request, random.iter().cloned().chain(right)), Some(Set::NONE));
    }
}

/// How programs, logs and columns write a signature.
const SHAPES: &[fn(&[u8]) -> std::string::String] = &[
    |mac| explain::hex(mac),
    |mac| explain::hex(mac).to_ascii_uppercase(),
    |mac| BASE64_STANDARD.encode(mac).replace('+', " "),
    |mac| std::format!("{}...", &BASE64_STANDARD.encode(mac)[..24]),
    |mac| std::format!("…{}", &BASE64_STANDARD.encode(mac)[60..]),
    |mac| BASE64_STANDARD.encode(mac)[..64].into(),
    |mac| BASE64_STANDARD.encode(&mac[..48]),
    |mac| BASE64_STANDARD.encode(&mac[..32]),
    |mac| BASE64_STANDARD.encode(&mac[..20]),
    |mac| BASE64_STANDARD.encode(explain::hex(mac)),
    |mac| BASE64_STANDARD.encode(std::string::String::from_utf8_lossy(mac).as_bytes()),
    |mac| std::format!("{{\"type\":\"Buffer\",\"data\":{mac:?}}}"),
];

#[test]
fn no_mistakes_explain_random_signatures_in_other_shapes() {
    let form = request("nonce=1616492376594&pair=XBT%2FUSD&text=a+b&otp=123456&volume=1.25");
    let batch = request(r#"{"nonce":"1616492376594","orders":[{"type":"buy","volume":"1.25"}],"validate":true}"#);
    let logon =
        "8=FIX.4.4\u{1}9=200\u{1}35=A\u{1}34=7\u{1}49=ME\u{1}52=20210323-09:39:36\u{1}56=KRAKEN-TRD\u{1}553=key\u{1}";
    let fix = Request {
        api: Api::Futures,
        path: "",
        ..request("35=A\u{1}34=7\u{1}49=ME\u{1}56=KRAKEN-TRD\u{1}553=key\u{1}")
    };
    let nonces = ["1616492376594".into(), "1616492376595".into()];
    let clues = Clues { nonces: &nonces, otp: Some("123456"), logon: Some(logon.as_bytes()), ..Clues::default() };
    for (seed, shape) in (0_u32..).zip(SHAPES) {
        let random =
            (0..100_u32).map(|number| shape(&Sha512::digest([number.to_le_bytes(), seed.to_le_bytes()].concat())));
        for (number, signature) in random.enumerate() {
            // All of them are compared with single mistakes, and the first of each shape with all combinations.
            let most = if number == 0 { MOST } else { 1 };
            let targets = output::targets(&signature);
            assert!(!targets.is_empty(), "{signature}");
            for request in [form, batch, fix] {
                let keys = Keys::new(request.secret, Some("Zm9yIHRlc3RzIG9ubHk=")).unwrap();
                let found =
                    (0..=most).find_map(|count| search(&request, clues, &keys, &targets, count, &all_work()).found);
                assert_eq!(found, None, "{signature}");
            }
        }
    }
}

#[test]
fn no_mistakes_explain_ten_thousand_signatures_with_a_flipped_bit() {
    let mut flips = 0;
    for nonce in 1..=20 {
        let body = std::format!("nonce={nonce}");
        let request = Request { nonce: None, path: "/0/private/Balance", ..request(&body) };
        let right = mac(&request);
        let flipped = (0..512).map(|bit| {
            let mut mac = right.clone();
            mac[bit / 8] ^= 1 << (bit % 8);
            mac
        });
        flips += flipped.len();
        assert_eq!(search_all(&request, flipped), None);
        assert_eq!(search_all(&request, [right.clone()]), Some(Set::NONE));
    }
    assert!(flips > 10_000);
}

/// Returns what the search finds for a case of the workbench's examples without this mistake, with as many others as it has.
fn found_without(mistake: Mistake, case: &Value) -> Option<Set> {
    let field = |name: &str| case[name].as_str();
    let request = Request {
        api: if field("api") == Some("spot") { Api::Spot } else { Api::Futures },
        secret: Key::Text(field("secret").unwrap()),
        path: field("path").unwrap(),
        nonce: field("nonce"),
        body: field("body").unwrap().as_bytes(),
    };
    let data = request.data();
    let request = request.normalized(&data);
    let nonces: Vec<_> = [request.nonce().into_owned(), request.sent_nonce().into_owned()].into();
    let otp = case["sent"]["otp"].as_str().map(Into::into).or_else(|| body::parameter(request.body, "otp"));
    let prefix = field("path").unwrap().strip_suffix(request.path).unwrap_or_default();
    let logon = case["sent"]["body"].as_str().map(str::as_bytes).filter(|body| body.contains(&1));
    let clues = Clues { nonces: &nonces, otp: otp.as_deref(), prefix, logon };
    let most = u32::try_from(case["mistakes"].as_array().unwrap().len()).unwrap();
    LEFT_OUT.set(Set::of(&[mistake]));
    let keys = Keys::new(request.secret, field("key"));
    let targets = output::targets(field("signature").unwrap());
    let search = |keys: &Keys, count| search(&request, clues, keys, &targets, count, &all_work()).found;
    let found = keys.ok().and_then(|keys| (0..=most).find_map(|count| search(&keys, count)));
    LEFT_OUT.set(Set::NONE);
    found
}

/// Mistakes that are special cases of others, which would name them less exactly.
const SPECIAL: &[(Mistake, Mistake)] = &[
    (Mistake::ParametersMissing, Mistake::ParametersAdded),
    (Mistake::OtpAfterSigning, Mistake::ParametersAdded),
    (Mistake::NonceNotInBody, Mistake::ParametersAdded),
    (Mistake::PathVersion, Mistake::PathShortened),
    (Mistake::PathWithoutQuery, Mistake::PathOtherEndpoint),
    (Mistake::OutputUnpadded, Mistake::OutputCut),
    (Mistake::OutputPercentEncoded, Mistake::OutputPercentTwice),
];

#[test]
fn without_each_mistake_one_of_its_cases_is_not_explained() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../tests/inspect/examples.json")).unwrap();
    for mistake in Mistake::ALL {
        let its = cases.iter().filter(|case| case["name"] == mistake.description().name);
        let found: Vec<_> = its.map(|case| found_without(*mistake, case)).collect();
        let general = SPECIAL.iter().find(|(special, _)| special == mistake).map(|(_, general)| Set::of(&[*general]));
        assert!(
            found.contains(&general),
            "{mistake:?} is named as {:?}",
            found.iter().flatten().map(|set| set.iter().collect::<Vec<_>>()).collect::<Vec<_>>()
        );
    }
}
