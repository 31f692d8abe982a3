//! Checks that another form parser reads the same parameters from a URI.
#![no_main]

use std::time::Duration;

use kraken_signer::{
    Totp,
    otp::{Algorithm, Options},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|uri: &str| {
    let totp = match Totp::from_uri(uri) {
        Ok(totp) => totp,
        Err(error) => return assert!(error.position().is_none_or(|at| at < uri.len())),
    };
    let query = uri.split('#').next().unwrap().trim_ascii().split_once('?').expect("a URI without query has no secret").1;
    let decoded = |text: &str| {
        let text = text.replace('=', "%3D");
        form_urlencoded::parse(format!("x={text}").as_bytes()).next().unwrap().1.into_owned()
    };
    let find = |wanted: &str| {
        let name = |field: &&str| decoded(field.split('=').next().unwrap()).eq_ignore_ascii_case(wanted);
        let field = query.split('&').find(name)?;
        Some(decoded(field.split_once('=').map_or("", |(_, value)| value)))
    };
    let options = Options {
        algorithm: find("algorithm").map(|name| match &*name.to_ascii_uppercase().replace('-', "") {
            "SHA1" => Algorithm::Sha1,
            "SHA256" => Algorithm::Sha256,
            "SHA512" => Algorithm::Sha512,
            other => panic!("{other} was accepted as an algorithm"),
        }),
        digits: find("digits").map(|digits| digits.parse().unwrap()),
        period: find("period").map(|period| period.parse().unwrap()),
    };
    let plain = Totp::from_setup_key(&find("secret").expect("a secret"), options).expect("the same key");
    let at = Duration::from_secs(1_700_000_000);
    assert_eq!(totp.code(at), plain.code(at));
    assert_eq!(totp.remaining(at), plain.remaining(at));
});
