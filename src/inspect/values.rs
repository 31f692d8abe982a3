//! The values of parameters: what may have been hashed for lists, objects, and `true`, `false` and `null`.

use alloc::{
    borrow::{Cow, ToOwned},
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::utf8_percent_encode;
use serde_json::{Value, value::RawValue};

use super::{
    body::{Field, Fields, Format, python_gap, quoted, respaced},
    rewrite::STRICT,
    text::python,
    variants::{Context, MOST_PLACES},
};

/// Adds the body without one of its parameters, and without several first or last ones.
pub(super) fn fewer(_: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Some(fields) = Fields::of(body) else { return };
    let all: Vec<&Field<'_>> = fields.all.iter().collect();
    // A form that begins or ends with & has a field without a name, which is no parameter.
    if all.iter().any(|field| field.name.is_empty()) {
        return;
    }
    // Most are added at the end or at the beginning.
    let last = all.len().saturating_sub(MOST_PLACES);
    for lost in (last..all.len()).rev().chain(0..last.min(MOST_PLACES)) {
        add(fields.print_only(all.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, field)| *field)));
        add(fields.print_only(all.iter().take(lost).copied()));
        add(fields.print_only(all.iter().skip(lost).copied()));
        let nonce_and_later = all.iter().enumerate().filter(|(at, field)| field.name == "nonce" || *at >= lost);
        add(fields.print_only(nonce_and_later.map(|(_, field)| *field)));
    }
}

/// How languages print true, false and null.
const LANGUAGES: [[&str; 3]; 6] = [
    ["True", "False", "None"],
    ["true", "false", "null"],
    ["1", "0", "null"],
    ["1", "", ""],
    ["true", "false", ""],
    ["TRUE", "FALSE", "NULL"],
];

/// Adds the body with true, false and null as other languages print them.
pub(super) fn literals(_: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Some(fields) = Fields::of(body) else { return };
    for language in LANGUAGES {
        for text in [true, false] {
            let rewrite = |field: &Field<'_>| {
                let which = match &*field.text() {
                    "true" | "True" | "TRUE" => 0,
                    "false" | "False" | "FALSE" => 1,
                    "null" | "None" | "NULL" => 2,
                    _ => return field.clone().into_owned(),
                };
                let value = language.get(which).copied().unwrap_or_default();
                if fields.format == Format::Form { field.with(value) } else { field.json_value(value, text) }
            };
            let all: Vec<_> = fields.all.iter().map(rewrite).collect();
            add(fields.print_only(&all));
        }
    }
    let empty =
        |field: &&Field<'_>| !field.name.is_empty() && matches!(&*field.text(), "" | "null" | "None" | "undefined");
    add(fields.print_only(fields.all.iter().filter(|field| !empty(field))));
}

/// Adds the body with its lists and objects written otherwise.
pub(super) fn nested(_: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    // The fields of FIX have no lists.
    let Some(fields) = Fields::of(body).filter(|_| !body.contains(&1)) else { return };
    let is_nested = |field: &Field<'_>| json(field).is_some();
    if fields.all.iter().any(is_nested) {
        for write in [python_text, script_text, spaced, compact] {
            let all: Vec<_> = fields.all.iter().map(|field| rewritten(field, write)).collect();
            add(fields.print_only(&all));
        }
        if fields.format == Format::Form {
            for escape in [true, false] {
                for flat in [by_name, by_index, by_repetition, by_list] {
                    let all: Vec<_> = fields.all.iter().flat_map(|field| flattened(field, flat, escape)).collect();
                    add(all.join("&").into());
                }
            }
        }
    }
    // A JSON string that contains JSON, and a list as text: txid=A,B.
    if fields.format != Format::Form {
        let unquoted = |field: &Field<'_>| match json(field) {
            Some(text) => field.json_value(&text, false),
            None => field.clone().into_owned(),
        };
        let all: Vec<_> = fields.all.iter().map(unquoted).collect();
        add(fields.print_only(&all));
    }
    for write in [list_of_python, list_of_json] {
        let all: Vec<_> = fields.all.iter().map(|field| listed(field, write)).collect();
        add(fields.print_only(&all));
    }
    if fields.format == Format::Form {
        add(gathered(&fields, list_of_python));
        add(gathered(&fields, list_of_json));
        add(gathered(&fields, |values| values.join(",")));
        for field in fields.all.iter().take(MOST_PLACES) {
            for write in [list_of_python, list_of_json] {
                let one = |other: &Field<'_>| {
                    if other.name == field.name {
                        field.with_text(&write(&[&field.text()]))
                    } else {
                        other.clone().into_owned()
                    }
                };
                let all: Vec<_> = fields.all.iter().map(one).collect();
                add(fields.print_only(&all));
            }
        }
        for text in ["", "[object Object]"] {
            add(collapsed(&fields, text));
        }
        repeated(&fields, add);
        // Names with brackets, as axios has them: txid[]=A&txid[]=B.
        let bare = String::from_utf8_lossy(body).replace("%5B%5D=", "=").replace("[]=", "=");
        if let Some(fields) = Fields::of(bare.as_bytes()).filter(|_| bare.as_bytes() != body) {
            add(gathered(&fields, |values| values.join(",")));
        }
    }
}

/// Adds a form with a parameter for each value of a list: txid=A&txid=B, txid[]=A&txid[]=B, and txid[0]=A&txid[1]=B.
fn repeated(fields: &Fields<'_>, add: &mut dyn FnMut(Vec<u8>)) {
    let names: [(Name, bool); 5] =
        [(by_repetition, true), (by_list, true), (by_list, false), (by_index, true), (by_index, false)];
    for (name, escape) in names {
        let each = |field: &Field<'_>| -> Vec<String> {
            let text = field.text();
            if !text.contains(',') || json(field).is_some() {
                return [field.written.clone().into_owned()].into();
            }
            let write = |(at, value): (usize, &str)| {
                let name = name(&field.name, &at.to_string(), true);
                format!("{}={}", if escape { encoded(&name) } else { name }, encoded(value))
            };
            text.split(',').enumerate().map(write).collect()
        };
        add(fields.all.iter().flat_map(each).collect::<Vec<_>>().join("&").into());
    }
}

/// Writes the values of parameters that have the same name as one value.
fn gathered(fields: &Fields<'_>, write: fn(&[&str]) -> String) -> Vec<u8> {
    let mut same: BTreeMap<&str, Vec<&Field<'_>>> = BTreeMap::new();
    fields.all.iter().for_each(|field| same.entry(&field.name).or_default().push(field));
    let mut all: Vec<Field<'static>> = Vec::new();
    for field in &fields.all {
        // All values of a name are written where the first one is.
        let Some(others) = same.remove(&*field.name) else { continue };
        let values: Vec<_> = others.into_iter().map(Field::text).collect();
        let values: Vec<&str> = values.iter().map(|value| &**value).collect();
        all.push(if values.len() > 1 { field.with_text(&write(&values)) } else { field.clone().into_owned() });
    }
    fields.print_only(&all)
}

/// Writes the parameters of an object, such as close[price], as one parameter with this value.
fn collapsed(fields: &Fields<'_>, value: &str) -> Vec<u8> {
    let mut made: Vec<String> = Vec::new();
    let mut known = BTreeSet::new();
    for field in &fields.all {
        let one = match field.name.split_once('[') {
            Some((name, _)) => format!("{}={}", encoded(name), encoded(value)),
            None => field.written.clone().into_owned(),
        };
        if known.insert(one.clone()) {
            made.push(one);
        }
    }
    made.join("&").into()
}

/// Adds a form whose values are JSON with other white space in them.
pub(super) fn spacing(body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Some(fields) = Fields::of(body).filter(|fields| fields.format == Format::Form) else { return };
    for write in [spaced, compact] {
        let all: Vec<_> = fields.all.iter().map(|field| rewritten(field, write)).collect();
        add(fields.print_only(&all));
    }
}

/// Returns the list or object that is the value of a field, as JSON.
fn json(field: &Field<'_>) -> Option<String> {
    let text = field.text();
    let is_json = text.starts_with(['[', '{']) && serde_json::from_str::<&RawValue>(&text).is_ok();
    is_json.then(|| text.into_owned())
}

/// Percent-encodes a text as forms have it, with + for a space.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, STRICT).to_string().replace("%20", "+")
}

fn rewritten(field: &Field<'_>, write: fn(&str) -> String) -> Field<'static> {
    let Some(text) = json(field) else { return field.clone().into_owned() };
    field.with_text(&write(&text))
}

fn python_text(json: &str) -> String {
    python(json)
}

fn spaced(json: &str) -> String {
    respaced(json, python_gap)
}

fn compact(json: &str) -> String {
    respaced(json, |_, _| String::new())
}

/// Returns the text of a list or an object in JavaScript.
fn script_text(json: &str) -> String {
    fn text(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join(","),
            Value::Object(_) => "[object Object]".into(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }
    serde_json::from_str(json).map_or_else(|_| json.to_owned(), |value| text(&value))
}

/// The name of a member of a list or an object in a form.
type Name = fn(&str, &str, bool) -> String;

/// a[b] and a[0], as in PHP.
fn by_name(parent: &str, member: &str, _: bool) -> String {
    format!("{parent}[{member}]")
}

/// a.b and a[0].
fn by_index(parent: &str, member: &str, list: bool) -> String {
    if list { format!("{parent}[{member}]") } else { format!("{parent}.{member}") }
}

/// a and a, as in Python's urlencode with doseq.
fn by_repetition(parent: &str, _: &str, _: bool) -> String {
    parent.into()
}

/// a[] and a[].
fn by_list(parent: &str, member: &str, list: bool) -> String {
    if list { format!("{parent}[]") } else { format!("{parent}[{member}]") }
}

fn flattened(field: &Field<'_>, name: Name, escape: bool) -> Vec<String> {
    fn walk(name: &str, value: &Value, join: Name, add: &mut dyn FnMut(&str, String)) {
        match value {
            Value::Array(all) => {
                for (at, value) in all.iter().enumerate() {
                    walk(&join(name, &at.to_string(), true), value, join, add);
                }
            }
            Value::Object(all) => all.iter().for_each(|(key, value)| walk(&join(name, key, false), value, join, add)),
            Value::String(text) => add(name, text.clone()),
            other => add(name, other.to_string()),
        }
    }
    let Some(value) = json(field).and_then(|text| serde_json::from_str::<Value>(&text).ok()) else {
        return [field.written.clone().into_owned()].into();
    };
    let mut made = Vec::new();
    let escaped = |name: &str| if escape { Cow::from(encoded(name)) } else { name.to_owned().into() };
    walk(&field.name, &value, name, &mut |name, text| made.push(format!("{}={}", escaped(name), encoded(&text))));
    made
}

/// Writes the values of a field that are separated by commas as a list.
fn listed(field: &Field<'_>, write: fn(&[&str]) -> String) -> Field<'static> {
    let text = field.text();
    if text.contains(',') && json(field).is_none() {
        field.with_text(&write(&text.split(',').collect::<Vec<_>>()))
    } else {
        field.clone().into_owned()
    }
}

fn list_of_python(values: &[&str]) -> String {
    format!("['{}']", values.join("', '"))
}

fn list_of_json(values: &[&str]) -> String {
    format!("[{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(","))
}

/// Returns the parameters of a body that are not in another one.
pub(super) fn missing(body: &[u8], other: &[u8]) -> Vec<String> {
    let names = |body| Fields::of(body).into_iter().flatten().map(|field| field.name);
    let known: BTreeSet<String> = names(other).collect();
    names(body).filter(|name| !known.contains(name)).collect()
}
