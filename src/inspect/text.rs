//! Text as programming languages write it: strings of Python, escapes of JSON and of forms.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::body::{python_gap, quoted, respaced};

/// Returns JSON as Python prints it.
pub(super) fn python(json: &str) -> String {
    let spaced = respaced(json, python_gap);
    let literals = |text: &str| text.replace("true", "True").replace("false", "False").replace("null", "None");
    with_strings(&spaced, |string| repr(&string), literals)
}

/// Returns a string as Python prints it.
pub(super) fn repr(text: &str) -> String {
    let text = text.replace('\\', "\\\\");
    match (text.contains('\''), text.contains('"')) {
        (true, false) => format!("\"{text}\""),
        _ => format!("'{}'", text.replace('\'', "\\'")),
    }
}

/// Changes the case of the hexadecimal digits in escapes: %2b for %2B.
pub(super) fn recased(text: &str, case: fn(&u8) -> u8) -> Vec<u8> {
    let mut left: u8 = 0;
    let recase = |byte: u8| {
        let digit = left > 0;
        left = if byte == b'%' {
            2
        } else if digit {
            left.saturating_sub(1)
        } else {
            0
        };
        if digit { case(&byte) } else { byte }
    };
    text.bytes().map(recase).collect()
}

/// Escapes the characters that `which` selects as \u and four digits, or as a surrogate pair.
pub(super) fn escaped(json: &str, which: fn(char) -> bool) -> String {
    let mut made = String::with_capacity(json.len());
    for character in json.chars() {
        if which(character) {
            let mut units = [0; 2];
            made.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            made.push(character);
        }
    }
    made
}

/// Removes every escape that JSON does not require.
pub(super) fn unescaped(json: &str) -> String {
    with_strings(json, |string| quoted(&string), str::to_owned)
}

/// Rewrites JSON: `string` writes its decoded strings, and `between` the text between them.
fn with_strings(json: &str, string: impl Fn(String) -> String, between: impl Fn(&str) -> String) -> String {
    let mut made = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('"') {
        let mut escaped = false;
        let end = after.find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        });
        let Some((inside, after)) = end.and_then(|end| after.split_at_checked(end)) else { break };
        let raw = format!("\"{inside}\"");
        made.push_str(&between(before));
        made.push_str(&serde_json::from_str(&raw).map_or(raw, &string));
        rest = after.strip_prefix('"').unwrap_or(after);
    }
    made.push_str(&between(rest));
    made
}
