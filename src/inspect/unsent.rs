//! Parameters that may have been hashed and not sent.

use alloc::{format, string::String, vec::Vec};

use super::{
    body::{Fields, Format, parameter},
    variants::Context,
};

/// Parameters that programs often have without a value. HTTP libraries such as requests and axios leave them out.
const OPTIONAL: &[&str] = &[
    "otp",
    "price",
    "price2",
    "leverage",
    "oflags",
    "starttm",
    "expiretm",
    "userref",
    "cl_ord_id",
    "validate",
    "timeinforce",
    "reduce_only",
    "trades",
    "start",
    "end",
    "ofs",
    "type",
    "asset",
    "pair",
    "limitPrice",
    "stopPrice",
    "cliOrdId",
    "reduceOnly",
    "lastFillTime",
];

/// What languages write for no value, in a form and in JSON.
const NOTHING: &[&str] = &["None", "null", "undefined", ""];

/// Adds the body with one more parameter: the two-factor code, or, as a guess, one without a value.
pub(super) fn more(context: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Ok(text) = str::from_utf8(body) else { return };
    let format = match Fields::of(body) {
        Some(fields) => fields.format,
        None if body.is_empty() => Format::Form,
        None => return,
    };
    let mut insert = |name: &str, value: &str| inserted(text, format, name, value, add);
    if let Some(otp) = context.clues.otp.filter(|_| parameter(body, "otp").is_none()) {
        insert("otp", otp);
    }
    if !context.guesses {
        return;
    }
    for name in OPTIONAL.iter().filter(|name| parameter(body, name).is_none()) {
        for value in NOTHING {
            insert(name, value);
        }
    }
    for flag in ["validate", "trades", "reduceOnly"].into_iter().filter(|name| parameter(body, name).is_none()) {
        for value in ["true", "false", "True", "False"] {
            insert(flag, value);
        }
    }
}

/// Adds the text of a body with a parameter at each place.
fn inserted(text: &str, format: Format, name: &str, value: &str, add: &mut dyn FnMut(Vec<u8>)) {
    let Format::Json(space) = format else {
        let field = format!("{name}={value}");
        if text.is_empty() {
            add(field.into());
            return;
        }
        add(format!("{field}&{text}").into());
        for (at, _) in text.match_indices('&') {
            let (before, after) = text.split_at(at);
            add(format!("{before}&{field}{after}").into());
        }
        add(format!("{text}&{field}").into());
        return;
    };
    let value = match value {
        "None" | "undefined" => return,
        "null" | "true" | "false" => value.into(),
        _ => format!("\"{value}\""),
    };
    let field: String = format!("\"{name}\":{space}{value}");
    let Some(Fields { all, .. }) = Fields::of(text.as_bytes()) else { return };
    for at in 0..=all.len() {
        let others = all.iter().map(|field| format!("\"{}\":{space}{}", field.name, field.written));
        let mut members: Vec<String> = others.collect();
        members.insert(at, field.clone());
        add(format!("{{{}}}", members.join(&format!(",{space}"))).into());
    }
}
