//! Checks that a setup key is accepted exactly when a strict decoder accepts its canonical form, and decodes to the same bytes.
#![no_main]

use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use kraken_signer::{
    Totp,
    otp::{Algorithm, Options},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let joined: String = text.chars().filter(|character| !matches!(character, ' ' | '\t' | '\r' | '\n' | '-')).collect();
    let canonical = joined.trim_end_matches('=').to_ascii_uppercase();
    let expected = BASE32_NOPAD.decode(canonical.as_bytes()).ok();
    let expected = expected.filter(|key| !key.is_empty() && key.len() <= Totp::MAX_KEY_BYTES);
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        let options = Options { algorithm: Some(algorithm), ..Options::default() };
        match (Totp::from_setup_key(text, options), &expected) {
            (Ok(totp), Some(key)) => {
                let plain = Totp::from_bytes(key, options).unwrap();
                let at = Duration::from_secs(text.len() as u64 * 1_000_003);
                assert_eq!(totp.code(at), plain.code(at));
                assert_eq!(totp.verify(plain.code(at).as_str(), at, 0), Ok(true));
            }
            (Err(error), None) => assert!(error.position().is_none_or(|at| at < text.len())),
            (ours, theirs) => panic!("{ours:?} for {text:?}, but {theirs:?}"),
        }
    }
});
