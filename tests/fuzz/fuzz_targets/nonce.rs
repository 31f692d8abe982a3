//! Checks that a nonce is parsed exactly when the standard library parses the same number, and that the nonce in a body is found anywhere.
#![no_main]

use std::sync::LazyLock;

use kraken_signer::{
    Error, Secret,
    nonce::{self, Decimal},
    spot,
};
use libfuzzer_sys::{arbitrary, fuzz_target};
use serde_json::{Map, Value};

#[derive(arbitrary::Arbitrary, Debug)]
struct Input<'a> {
    text: &'a str,
    signed: u64,
    /// The nonce in the body; `None` for the signed one.
    written: Option<u64>,
    quoted: bool,
    pretty: bool,
    before: Vec<(&'a str, Other<'a>)>,
    after: Vec<(&'a str, Other<'a>)>,
}

#[derive(arbitrary::Arbitrary, Debug)]
enum Other<'a> {
    Text(&'a str),
    Number(i64),
    Objects(Vec<(&'a str, u8)>),
}

static SECRET: LazyLock<Secret> = LazyLock::new(|| Secret::try_from(&[7; 64][..]).unwrap());

fuzz_target!(|input: Input| {
    let canonical = input.text.bytes().all(|byte| byte.is_ascii_digit()) && (input.text == "0" || !input.text.starts_with('0'));
    let expected = canonical.then(|| input.text.parse::<u64>().ok()).flatten();
    assert_eq!(nonce::parse(input.text.as_bytes()).ok(), expected);
    assert_eq!(input.text.parse::<Decimal>().ok(), expected.map(Decimal::from));

    // Reading any body terminates.
    let _ = spot::try_sign(&SECRET, "/0", input.signed, input.text);

    let written = input.written.unwrap_or(input.signed);
    let agrees = |body: &str| match spot::try_sign(&SECRET, "/0", input.signed, body) {
        Ok(_) => true,
        Err(Error::NonceContradicts) => false,
        Err(other) => panic!("{other} for {body}"),
    };
    let json = json(&input, written);
    assert_eq!(agrees(&json), written == input.signed, "{json}");
    let form = form(&input, written);
    assert_eq!(agrees(&form), written == input.signed, "{form}");
});

fn json(input: &Input, written: u64) -> String {
    let mut members = Map::new();
    let others = |members: &mut Map<String, Value>, list: &[(&str, Other)]| {
        for (name, other) in list.iter().filter(|(name, _)| *name != "nonce") {
            let value = match other {
                Other::Text(text) => (*text).into(),
                Other::Number(number) => (*number).into(),
                // A nested nonce must be ignored.
                Other::Objects(list) => list.iter().map(|(name, number)| Map::from_iter([((*name).into(), (*number).into())])).collect(),
            };
            members.insert((*name).into(), value);
        }
    };
    others(&mut members, &input.before);
    members.insert("nonce".into(), if input.quoted { written.to_string().into() } else { written.into() });
    others(&mut members, &input.after);
    if input.pretty { serde_json::to_string_pretty(&members) } else { serde_json::to_string(&members) }.unwrap()
}

fn form(input: &Input, written: u64) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let text = |other: &Other| format!("{other:?}");
    for (name, other) in input.before.iter().filter(|(name, _)| *name != "nonce") {
        form.append_pair(name, &text(other));
    }
    form.append_pair("nonce", &written.to_string());
    for (name, other) in &input.after {
        form.append_pair(name, &text(other));
    }
    form.finish()
}
