//! Parameters that may have been hashed and not sent.

use alloc::{format, vec::Vec};

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
    let json = match Fields::of(body) {
        Some(fields) => Some(fields).filter(|fields| fields.format == Format::Json),
        None if body.is_empty() => None,
        None => return,
    };
    let mut insert = |name: &str, value: &str| match &json {
        Some(fields) => inserted_member(fields, name, value, add),
        None => inserted(text, &format!("{name}={value}"), add),
    };
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

/// Adds a form with a parameter at each place.
fn inserted(form: &str, field: &str, add: &mut dyn FnMut(Vec<u8>)) {
    if form.is_empty() {
        add(field.into());
        return;
    }
    add(format!("{field}&{form}").into());
    for (at, _) in form.match_indices('&') {
        let (before, after) = form.split_at(at);
        add(format!("{before}&{field}{after}").into());
    }
    add(format!("{form}&{field}").into());
}

/// Adds a JSON object with a member at each place.
fn inserted_member(fields: &Fields<'_>, name: &str, value: &str, add: &mut dyn FnMut(Vec<u8>)) {
    let value = match value {
        "None" | "undefined" => return,
        "null" | "true" | "false" => value.into(),
        _ => format!("\"{value}\""),
    };
    let Some(member) = fields.all.first().map(|first| first.sibling(name, value)) else { return };
    for at in 0..=fields.all.len() {
        let (before, after) = fields.all.split_at_checked(at).unwrap_or_default();
        add(fields.print_only(before.iter().chain([&member]).chain(after)));
    }
}
