//! Checks that another implementation decodes an encoded form to the same fields, and that a full buffer loses nothing.
#![no_main]

use kraken_signer::form::Form;
use libfuzzer_sys::{arbitrary, fuzz_target};

#[derive(arbitrary::Arbitrary, Debug)]
struct Input<'a> {
    capacity: u16,
    fields: Vec<(&'a str, &'a str)>,
}

fuzz_target!(|input: Input| {
    let mut buffer = vec![0; usize::from(input.capacity)];
    let mut form = Form::new(&mut buffer);
    let mut written = Vec::new();
    for (name, value) in &input.fields {
        let before = form.as_bytes().to_vec();
        match form.field(name, value) {
            Ok(_) => written.push((name.to_string(), value.to_string())),
            Err(_) => assert_eq!(form.as_bytes(), before),
        }
    }
    let text = form.as_bytes();
    assert!(text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%&=".contains(byte)));
    let decoded: Vec<_> = form_urlencoded::parse(text).into_owned().collect();
    // An empty name with an empty value is written as `=`, which parsers keep.
    assert_eq!(decoded, written);
});
