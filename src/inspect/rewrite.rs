//! The body stage: what may have been hashed instead of the body.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use super::{
    body::{FIX, Field, Fields, Format, Gap, decoded, is_number, parameter, python_gap, quoted, respaced},
    charset::{python_bytes, reencoded},
    fix,
    mistakes::Mistake,
    nonce::{COMMON_UNITS, units},
    numbers,
    text::{escaped, python, recased, repr, unescaped},
    unsent, values,
    variants::{Context, Rule, Variant, closure},
};

/// Returns every body that may have been hashed instead of `body`.
pub(super) fn variants(context: &Context<'_>, body: &[u8], most: u32) -> Vec<Variant<Vec<u8>>> {
    closure(context, body, RULES, most)
}

const RULES: &[&[Rule]] = &[
    &[
        Rule(Mistake::NonceDiffers, |context, body, add| {
            context.clues.nonces.iter().for_each(|nonce| replace_nonce(body, nonce, add));
        }),
        Rule(Mistake::NonceUnit, |context, body, add| {
            let nonce = parameter(body, "nonce").unwrap_or_default();
            let most = if context.rare { usize::MAX } else { COMMON_UNITS };
            units(nonce.as_bytes()).take(most).for_each(|nonce| replace_nonce(body, &nonce, add));
        }),
    ],
    &[
        Rule(Mistake::BodyMissing, |_, _, add| add(Vec::new())),
        Rule(Mistake::ParametersMissing, |_, body, add| keep(body, |name| name == "nonce", add)),
        Rule(Mistake::ParametersAdded, values::fewer),
        Rule(Mistake::ParametersNotSent, unsent::more),
        Rule(Mistake::NonceNotInBody, |_, body, add| keep(body, |name| name != "nonce", add)),
        Rule(Mistake::NonceAddedToBody, |context, body, add| {
            context.clues.nonces.iter().for_each(|nonce| add_nonce(body, nonce, add));
        }),
        Rule(Mistake::ParameterNames, |_, body, add| {
            // The value of a single parameter is no list of values, and an empty one is a body that is missing.
            let Some(fields) = Fields::of(body).filter(|fields| fields.all.len() > 1) else { return };
            // Values of FIX are not escaped.
            let written = |field: &Field<'_>| field.written.split_once('=').map(|(_, value)| value.to_string());
            let text = |field: &Field<'_>| field.text().into_owned();
            let values: [Vec<String>; 2] =
                [fields.all.iter().map(text).collect(), fields.all.iter().filter_map(written).collect()];
            for separator in ["", "\u{1}", ",", "&", " ", "|"] {
                let joined = values.iter().map(|values| values.join(separator));
                joined.filter(|text| !text.is_empty()).for_each(|text| add(text.into()));
            }
        }),
        Rule(Mistake::PostdataWrapped, |_, body, add| wrapped(body).into_iter().for_each(add)),
    ],
    &[Rule(Mistake::FixFields, fix::other_fields)],
    &[Rule(Mistake::OtpAfterSigning, |_, body, add| keep(body, |name| name != "otp", add))],
    &[Rule(Mistake::ParameterOrder, order)],
    &[
        Rule(Mistake::JsonForForm, |context, body, add| {
            let Some(Fields { format: Format::Form, all, .. }) = Fields::of(body) else { return };
            let numbers: [fn(&Field<'_>) -> bool; 3] = [|_| false, |_| true, |field| field.name == "nonce"];
            for number in numbers.into_iter().take(if context.rare { 3 } else { 2 }) {
                let mut members: Vec<_> = all.iter().map(|field| field.json(number(field))).collect();
                // The formats of JavaScript, Python (two of them), PHP and Go.
                let compact = Fields::compact(&members);
                let spaced = respaced(&compact, python_gap);
                members.sort_by(|one, other| one.name.cmp(&other.name));
                add(escaped(&spaced, |character| !character.is_ascii()).into());
                add(escaped(&compact.replace('/', "\\/"), |character| !character.is_ascii()).into());
                add(escaped(&Fields::compact(&members), |character| "<>&".contains(character)).into());
                add(compact.into());
                add(spaced.into());
            }
        }),
        Rule(Mistake::FormForJson, |_, body, add| {
            let Some(Fields { format: Format::Json, all, .. }) = Fields::of(body) else { return };
            let encode = |text: &str| utf8_percent_encode(text, STRICT).to_string();
            let form: Vec<_> =
                all.iter().map(|field| format!("{}={}", encode(&field.name), encode(&field.text()))).collect();
            let form = form.join("&");
            add(form.replace("%20", "+").into());
            add(form.into());
        }),
        Rule(Mistake::JsonNumbers, |context, body, add| {
            numbers::requoted(context, body, add);
            let Some(fields) = Fields::of(body).filter(|fields| fields.format == Format::Json) else { return };
            let mut json = |number: &dyn Fn(&Field<'_>) -> bool| {
                add(fields.print_only(&fields.all.iter().map(|field| field.json(number(field))).collect::<Vec<_>>()));
            };
            json(&|_| true);
            json(&|_| false);
            let was_number = |field: &Field<'_>| is_number(&field.written);
            json(&|field| was_number(field) != (field.name == "nonce"));
            json(&|field| field.name != "nonce");
        }),
    ],
    &[Rule(Mistake::NumberFormat, numbers::rewritten)],
    &[Rule(Mistake::NestedAsText, values::nested)],
    &[Rule(Mistake::JsonSpacing, |context, body, add| {
        values::spacing(body, add);
        let Some(json) = json(body) else { return };
        add(respaced(json, |_, _| String::new()).into());
        add(respaced(json, python_gap).into());
        for indent in ["  ", "    ", "\t", "   "].into_iter().take(if context.rare { 4 } else { 2 }) {
            let line = |gap, depth: usize| match gap {
                Gap::Colon => " ".into(),
                Gap::Inside | Gap::Comma => format!("\n{}", indent.repeat(depth)),
            };
            add(respaced(json, line).into());
        }
    })],
    // Python's True is no JSON, so this comes after the white space.
    &[Rule(Mistake::LiteralsAsText, values::literals)],
    &[
        Rule(Mistake::JsonTwice, |_, body, add| {
            if let Some(text) = json(body) {
                add(quoted(text).into());
            }
        }),
        Rule(Mistake::ObjectAsText, |context, body, add| {
            if body.is_empty() {
                for text in ["undefined", "null", "None", "[object Object]", "{}", "[]"] {
                    add(text.into());
                }
            }
            let Some(fields) = Fields::of(body) else { return };
            for text in OBJECTS {
                add((*text).into());
            }
            if context.rare {
                printed(&fields, add);
            }
            // The text of a Python dict, a Java Map and a Go map.
            let each = |write: fn(&Field<'_>) -> String, between: &str| {
                fields.all.iter().map(write).collect::<Vec<_>>().join(between)
            };
            add(format!("{{{}}}", each(|field| format!("{}: {}", repr(&field.name), repr(&field.text())), ", ")).into());
            let numbers: [fn(&Field<'_>) -> bool; 3] = [|_| false, |_| true, |field| field.name != "nonce"];
            for number in numbers.into_iter().take(if context.rare { 3 } else { 1 }) {
                let members =
                    fields.all.iter().map(|field| format!("{}: {}", repr(&field.name), bare(field, number(field))));
                add(format!("{{{}}}", members.collect::<Vec<_>>().join(", ")).into());
            }
            add(format!("{{{}}}", each(|field| format!("{}={}", field.name, field.text()), ", ")).into());
            // Go's HTTP library has lists of values.
            for [open, close] in [["", ""], ["[", "]"]] {
                let one = |field: &Field<'_>| [&*field.name, ":", open, &field.text(), close].concat();
                let mut go: Vec<_> = fields.all.iter().map(one).collect();
                go.sort();
                add(format!("map[{}]", go.join(" ")).into());
            }
        }),
    ],
    &[Rule(Mistake::JsonEscapes, |_, body, add| {
        let Some(json) = json(body) else { return };
        add(if json.contains("\\/") { json.replace("\\/", "/") } else { json.replace('/', "\\/") }.into());
        add(escaped(json, |character| !character.is_ascii()).into());
        add(escaped(json, |character| "<>&".contains(character)).into());
        add(unescaped(json).into());
    })],
    &[
        Rule(Mistake::BodyDecoded, |_, body, add| {
            if form(body).is_some() {
                add(percent_decode(body).collect());
                let spaced: Vec<u8> = body.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
                add(percent_decode(&spaced).collect());
            }
        }),
        Rule(Mistake::BodyEncodedTwice, |_, body, add| {
            let Some(text) = form(body) else { return };
            add(text.replace('%', "%25").into());
            add(text.replace('%', "%25").replace('+', "%2B").into());
            add(utf8_percent_encode(text, COMPONENT).to_string().into());
        }),
    ],
    &[Rule(Mistake::SpaceEncoding, |_, body, add| {
        if let Some(text) = form(body) {
            add(text.replace('+', "%20").into());
            add(text.replace("%20", "+").into());
        }
    })],
    &[Rule(Mistake::BodyEscapes, |_, body, add| {
        let Some(text) = form(body) else { return };
        add(recased(text, u8::to_ascii_lowercase));
        add(recased(text, u8::to_ascii_uppercase));
        let space = if text.contains("%20") { "%20" } else { "+" };
        escapes(text, &[space], add);
    })],
    &[
        Rule(Mistake::QuestionMark, |_, body, add| {
            if form(body).is_some() {
                add([b"?", body].concat());
            }
        }),
        Rule(Mistake::ParameterSeparator, |_, body, add| {
            let Some(text) = form(body) else { return };
            if text.contains(FIX) {
                fix::separators(text, add);
                return;
            }
            for separator in ["?", ";", "&amp;", ",", "\n", " ", "|", ""] {
                add(text.replace('&', separator).into());
            }
            add([b"&", body].concat());
            add([body, b"&"].concat());
            add(text.trim_matches('&').into());
        }),
    ],
    &[Rule(Mistake::BodyQuoted, |_, body, add| {
        add(python_bytes(body).into());
        for quote in [b"\"", b"'"] {
            add([quote, body, quote].concat());
        }
    })],
    &[Rule(Mistake::TrailingNewline, |_, body, add| {
        add([body, b"\n"].concat());
        add([body, b"\r\n"].concat());
        let trimmed = body.trim_ascii_end();
        add(trimmed.into());
    })],
    &[Rule(Mistake::LineEnds, |_, body, add| {
        let Ok(text) = str::from_utf8(body) else { return };
        for (short, long) in [("\n", "\r\n"), ("%0A", "%0D%0A"), ("%0a", "%0d%0a"), ("\\n", "\\r\\n")] {
            let unified = text.replace(long, short);
            add(unified.replace(short, long).into());
            add(unified.into());
        }
    })],
    &[Rule(Mistake::BodyCharset, |_, body, add| reencoded(body, add))],
    &[Rule(Mistake::OtpApart, |context, body, add| {
        if let Some(otp) = context.clues.otp {
            add([body, otp.as_bytes()].concat());
        }
    })],
];

/// Escapes everything except letters, digits and `-_.~` (RFC 3986).
pub(super) const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Escapes like JavaScript's encodeURIComponent.
const COMPONENT: &AsciiSet = &STRICT.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');
/// Escapes like JavaScript's `URLSearchParams` and browser forms.
const BROWSER: &AsciiSet = &STRICT.add(b'~').remove(b'*');
/// Escapes like Python's quote, which keeps slashes.
const SLASHES: &AsciiSet = &STRICT.remove(b'/');
/// Escapes like PHP's urlencode.
const TILDES: &AsciiSet = &STRICT.add(b'~');
/// Keeps commas and colons, as in handwritten lists and times: `txid=A,B`.
const COMMAS: &AsciiSet = &STRICT.remove(b',').remove(b':');
/// Also keeps brackets, as in handwritten nested parameters: `close[price]=1`.
const BRACKETS: &AsciiSet = &COMMAS.remove(b'[').remove(b']');
/// Escapes like JavaScript's encodeURI.
const URI: &AsciiSet =
    &COMPONENT.remove(b';').remove(b',').remove(b'/').remove(b'?').remove(b':').remove(b'@').remove(b'+').remove(b'$');

const SETS: [&AsciiSet; 8] = [STRICT, COMPONENT, BROWSER, SLASHES, TILDES, COMMAS, BRACKETS, URI];

/// Adds a form or a query, escaped as each of [`SETS`] does, with each of these texts for a space.
pub(super) fn escapes(form: &str, spaces: &[&str], add: &mut dyn FnMut(Vec<u8>)) {
    let fields =
        form.split('&').map(|field| field.split_once('=').map_or((field, None), |(name, value)| (name, Some(value))));
    let fields: Vec<_> = fields.map(|(name, value)| (decoded(name), value.map(decoded))).collect();
    for set in SETS {
        for space in spaces {
            let mut made = String::with_capacity(form.len().saturating_mul(2));
            let write = |made: &mut String, text: &str| {
                made.extend(utf8_percent_encode(text, set).map(|part| if part == "%20" { space } else { part }));
            };
            for (at, (name, value)) in fields.iter().enumerate() {
                made.push_str(if at > 0 { "&" } else { "" });
                write(&mut made, name);
                if let Some(value) = value {
                    made.push('=');
                    write(&mut made, value);
                }
            }
            add(made.into());
        }
    }
}

/// Returns the values that a body has as a parameter: a whole body, or the JSON of a batch of Futures. They may be escaped.
pub(super) fn wrapped(body: &[u8]) -> Vec<Vec<u8>> {
    let fields = Fields::of(body).into_iter().flatten();
    let wrappers = fields.filter(|field| matches!(&*field.name, "postdata" | "json"));
    let both = |field: Field<'_>| {
        let written = field.written.split_once('=').map(|(_, value)| value.into()).filter(|_| field.is_form());
        [Some(field.text().into_owned().into()), written]
    };
    wrappers.flat_map(both).flatten().collect()
}

/// Returns the text of a body that is a form.
fn form(body: &[u8]) -> Option<&str> {
    Fields::of(body).filter(|fields| fields.format == Format::Form)?;
    str::from_utf8(body).ok()
}

/// Returns the text of a body that is a JSON object.
fn json(body: &[u8]) -> Option<&str> {
    let text = str::from_utf8(body).ok()?;
    (text.starts_with('{') && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()).then_some(text)
}

/// Returns a value as Python prints it in a dictionary: numbers, or all values, as text.
fn bare(field: &Field<'_>, number: bool) -> String {
    match &*field.text() {
        "true" | "True" if field.is_form() => "True".into(),
        "false" | "False" if field.is_form() => "False".into(),
        "null" | "None" if field.is_form() => "None".into(),
        _ if field.is_literal() => python(&field.written),
        _ => python(&field.json(number && field.is_form()).written),
    }
}

/// What languages print for an object that has no text of its own.
const OBJECTS: &[&str] = &[
    "[object Object]",
    "[object Promise]",
    "[object FormData]",
    "Array",
    "System.Net.Http.FormUrlEncodedContent",
    "System.Net.Http.StringContent",
    "System.Collections.Generic.Dictionary`2[System.String,System.String]",
];

/// How less common languages and classes print parameters: what is before and after them all, and before, within and after each one.
const PRINTED: &[[&str; 5]] = &[
    // Ruby, with strings and with symbols as names, before and since version 3.4.
    ["{", "\"", "\"=>\"", "\"", "}"],
    ["{", "\"", "\" => \"", "\"", "}"],
    ["{", ":", "=>\"", "\"", "}"],
    ["{", "", ": \"", "\"", "}"],
    // A list of pairs in Python and in Rust, and a class of Python's.
    ["[", "('", "', '", "')", "]"],
    ["[", "(\"", "\", \"", "\")", "]"],
    ["OrderedDict([", "('", "', '", "')", "])"],
    ["OrderedDict({", "'", "': '", "'", "})"],
    // Swift, and JavaScript.
    ["[", "\"", "\": \"", "\"", "]"],
    ["URLSearchParams { ", "'", "' => '", "'", " }"],
];

/// Adds parameters as less common languages print them.
fn printed(fields: &Fields<'_>, add: &mut dyn FnMut(Vec<u8>)) {
    for [open, before, within, after, close] in PRINTED {
        let all = fields.all.iter().map(|field| [before, &*field.name, within, &field.text(), after].concat());
        add([open, &*all.collect::<Vec<_>>().join(", "), close].concat().into());
    }
}

fn add_nonce(body: &[u8], nonce: &str, add: &mut dyn FnMut(Vec<u8>)) {
    match Fields::of(body) {
        None if body.is_empty() => {
            add(format!("nonce={nonce}").into());
            add(format!("{{\"nonce\":{nonce}}}").into());
            add(format!("{{\"nonce\":\"{nonce}\"}}").into());
        }
        Some(_) if body.contains(&1) => {
            add([body, format!("5025={nonce}\u{1}").as_bytes()].concat());
            add([body, format!("5025={nonce}").as_bytes()].concat());
        }
        Some(fields) if fields.format == Format::Form && fields.all.iter().all(|field| field.name != "nonce") => {
            add([format!("nonce={nonce}&").as_bytes(), body].concat());
            add([body, format!("&nonce={nonce}").as_bytes()].concat());
        }
        _ => {}
    }
}

fn replace_nonce(body: &[u8], nonce: &str, add: &mut dyn FnMut(Vec<u8>)) {
    let Some(fields) = Fields::of(body) else { return };
    let replaced: Vec<_> =
        fields.all.iter().map(|field| if field.name == "nonce" { field.with(nonce) } else { field.clone() }).collect();
    add(fields.print_only(&replaced));
}

fn keep(body: &[u8], wanted: fn(&str) -> bool, add: &mut dyn FnMut(Vec<u8>)) {
    if let Some(fields) = Fields::of(body) {
        let kept: Vec<_> = fields.all.iter().filter(|field| wanted(&field.name)).collect();
        if !kept.is_empty() && kept.len() < fields.all.len() {
            add(fields.print_only(kept));
        } else if kept.is_empty() && fields.format == Format::Form {
            add(Vec::new());
        }
    }
}

/// Adds the likely orders of parameters: all orders of a few; otherwise sorted or reversed, with the nonce first or last. In
/// combinations of three mistakes, only the given order and the sorted one.
pub(super) fn order(context: &Context<'_>, body: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    // All five fields of FIX.
    let few = if body.contains(&1) { 5 } else { 4 };
    let Some(fields) = Fields::of(body).filter(|fields| fields.all.len() > 1) else { return };
    let given: Vec<&Field<'_>> = fields.all.iter().collect();
    // In the given order, a body would only be written with other white space.
    let mut print = |order: Vec<&Field<'_>>| {
        if !given.iter().zip(&order).all(|(one, other)| core::ptr::eq(*one, *other)) {
            add(fields.print_only(order));
        }
    };
    if context.rare && given.len() <= few {
        let mut orders: Vec<Vec<&Field<'_>>> = vec![vec![]];
        for field in &given {
            orders = orders
                .iter()
                .flat_map(|order| {
                    (0..=order.len()).map(move |at| {
                        let mut order = order.clone();
                        order.insert(at, *field);
                        order
                    })
                })
                .collect();
        }
        for order in orders {
            print(order);
        }
        return;
    }
    let mut sorted = given.clone();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));
    let mut orders = vec![given.clone(), sorted];
    if context.rare {
        orders.extend(orders.clone().into_iter().map(|order| order.into_iter().rev().collect()));
    }
    for order in orders {
        let (nonce, others): (Vec<_>, Vec<_>) = order.iter().copied().partition(|field| field.name == "nonce");
        print(order);
        print(nonce.iter().chain(&others).copied().collect());
        print(others.iter().chain(&nonce).copied().collect());
    }
}
