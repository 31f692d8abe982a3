//! Parameters that may have been hashed and not sent.

use alloc::{format, vec::Vec};

use super::{
    body::{Fields, Format},
    variants::{Context, MOST_PLACES},
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
    let fields = Fields::of(body);
    if fields.is_none() && !body.is_empty() {
        return;
    }
    let has = |name: &str| fields.iter().flat_map(|fields| &fields.all).any(|field| field.name == name);
    let mut insert = |name: &str, value: &str| match &fields {
        Some(fields) if fields.format == Format::Json => inserted_member(fields, name, value, add),
        _ => inserted(text, &format!("{name}={value}"), add),
    };
    if let Some(otp) = context.clues.otp.filter(|_| !has("otp")) {
        insert("otp", otp);
    }
    if !context.guesses {
        return;
    }
    for name in OPTIONAL.iter().filter(|name| !has(name) && !context.work.is_done()) {
        for value in NOTHING {
            insert(name, value);
        }
    }
    for flag in ["validate", "trades", "reduceOnly"].into_iter().filter(|name| !has(name) && !context.work.is_done()) {
        for value in ["true", "false", "True", "False"] {
            insert(flag, value);
        }
    }
}

/// Adds a form with a parameter at each place, first at its end.
fn inserted(form: &str, field: &str, add: &mut dyn FnMut(Vec<u8>)) {
    if form.is_empty() {
        add(field.into());
        return;
    }
    add(format!("{form}&{field}").into());
    add(format!("{field}&{form}").into());
    for (at, _) in form.rmatch_indices('&').take(MOST_PLACES) {
        let (before, after) = form.split_at(at);
        add(format!("{before}&{field}{after}").into());
    }
}

/// Adds a JSON object with a member at each place, first at its end.
fn inserted_member(fields: &Fields<'_>, name: &str, value: &str, add: &mut dyn FnMut(Vec<u8>)) {
    let value = match value {
        "None" | "undefined" => return,
        "null" | "true" | "false" => value.into(),
        _ => format!("\"{value}\""),
    };
    let Some(member) = fields.all.first().map(|first| first.sibling(name, value)) else { return };
    for at in (0..=fields.all.len()).rev().take(MOST_PLACES) {
        let (before, after) = fields.all.split_at_checked(at).unwrap_or_default();
        add(fields.print_only(before.iter().chain([&member]).chain(after)));
    }
}
