//! Checks that a private key is accepted exactly when a strict decoder accepts it, and decodes to the same bytes.
#![no_main]

use data_encoding::BASE64;
use kraken_signer::{Error, Secret, spot};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let trimmed = text.trim_ascii();
    // The other decoder also accepts a concatenation of padded texts.
    let single = !trimmed.trim_end_matches('=').contains('=');
    let expected = single.then(|| BASE64.decode(trimmed.as_bytes()).ok()).flatten();
    let expected = expected.filter(|key| !key.is_empty() && key.len() <= Secret::MAX_BYTES);
    match (text.parse::<Secret>(), expected) {
        (Ok(secret), Some(key)) => {
            let plain = Secret::try_from(&*key).unwrap();
            assert_eq!(spot::sign(&secret, "/0", 1, b""), spot::sign(&plain, "/0", 1, b""));
        }
        (Err(error), None) => {
            if let Some(at) = error.position() {
                let byte = text.as_bytes()[at];
                match error {
                    Error::SecretWhiteSpace { .. } => assert!(byte.is_ascii_whitespace()),
                    Error::SecretUrlSafe { .. } => assert!(matches!(byte, b'-' | b'_')),
                    Error::SecretPadding { .. } => assert_eq!(byte, b'='),
                    _ => assert!(!byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'/' | b'=')),
                }
            }
        }
        (ours, theirs) => panic!("{ours:?} for {text:?}, but {theirs:?}"),
    }
});
