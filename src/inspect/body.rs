//! Bodies: what stands in them, as a form or as JSON, and how the same is written differently.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use percent_encoding::percent_decode;
use serde::{Deserialize, Deserializer, de::MapAccess, de::Visitor};
use serde_json::value::RawValue;

/// The nonce in a body.
pub(super) fn nonce(body: &[u8]) -> Option<String> {
    parameter(body, "nonce").filter(|nonce| !nonce.is_empty())
}

/// The parameter of a form, or the member of a JSON object, decoded.
pub(super) fn parameter(body: &[u8], name: &str) -> Option<String> {
    Fields::of(body)?.into_iter().find(|field| field.name == name).map(|field| field.text().into_owned())
}

/// A body that could be read: its fields in their order.
pub(super) struct Fields<'a> {
    pub(super) format: Format,
    pub(super) all: Vec<Field<'a>>,
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = Field<'a>;
    type IntoIter = alloc::vec::IntoIter<Field<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Form,
    /// With what stands behind commas and colons.
    Json(&'static str),
}

/// A parameter of a form, or a member of a JSON object.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub(super) name: String,
    /// As it is written: `name=value` percent-encoded, or a JSON value.
    pub(super) written: Cow<'a, str>,
    format: Format,
}

impl Field<'_> {
    /// Its value, as a form would have it before encoding: JSON strings without quotation marks, all else as it is written.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.format {
            Format::Form => {
                let value = self.written.split_once('=').map_or("", |(_, value)| value);
                decoded(value).into()
            }
            Format::Json(_) => {
                serde_json::from_str::<String>(&self.written).map_or((&*self.written).into(), Into::into)
            }
        }
    }

    /// The same field as JSON has it, as a string or, where it can be one, as a number.
    pub(super) fn json(&self, number: bool) -> Field<'static> {
        let text = self.text();
        let written = if number && is_number(&text) {
            text.into_owned()
        } else if self.is_literal() && !is_number(&text) {
            self.written.clone().into_owned()
        } else {
            quoted(&text)
        };
        Field { name: self.name.clone(), written: written.into(), format: Format::Json("") }
    }

    /// A field with another value.
    pub(super) fn with(&self, value: &str) -> Field<'static> {
        let written = match self.format {
            Format::Form => {
                format!("{}={value}", self.written.split_once('=').map_or(&*self.written, |(name, _)| name))
            }
            Format::Json(_) if self.is_literal() => value.into(),
            Format::Json(_) => quoted(value),
        };
        Field { name: self.name.clone(), written: written.into(), format: self.format }
    }

    /// Whether it is JSON and no string: a number, a truth value, an object, a list.
    pub(super) fn is_literal(&self) -> bool {
        self.format != Format::Form && !self.written.starts_with('"')
    }
}

impl<'a> Fields<'a> {
    /// The fields of a form or of a JSON object; nothing of anything else.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        let text = str::from_utf8(body).ok()?;
        if text.trim_ascii_start().starts_with('{') {
            let Members(members) = serde_json::from_str(text).ok()?;
            let fields = |format| {
                let fields = members.iter().map(|(name, value)| Field {
                    name: name.clone(),
                    written: value.get().into(),
                    format,
                });
                Self { format, all: fields.collect() }
            };
            let spaced = fields(Format::Json(" "));
            // As Python writes it, if that is how it is written.
            return Some(if spaced.print() == body { spaced } else { fields(Format::Json("")) });
        }
        if !text.contains('=') || text.contains(['\n', '?', '{']) {
            return None;
        }
        let fields = text.split('&').map(|field| Field {
            name: decoded(field.split('=').next().unwrap_or_default()),
            written: field.into(),
            format: Format::Form,
        });
        Some(Self { format: Format::Form, all: fields.collect() })
    }

    /// The fields as a body.
    pub(super) fn print(&self) -> Vec<u8> {
        let written = self.all.iter().map(|field| match self.format {
            Format::Form => Cow::from(&*field.written),
            Format::Json(space) => format!("{}:{space}{}", quoted(&field.name), field.written).into(),
        });
        let written: Vec<_> = written.collect();
        match self.format {
            Format::Form => written.join("&").into(),
            Format::Json(space) => format!("{{{}}}", written.join(&format!(",{space}"))).into(),
        }
    }

    /// Some of the fields, in the order given, as a body.
    pub(super) fn print_only<'f>(&self, fields: impl IntoIterator<Item = &'f Field<'f>>) -> Vec<u8> {
        Fields { format: self.format, all: fields.into_iter().cloned().collect() }.print()
    }
}

/// Percent-decoding, with + for a blank.
pub(super) fn decoded(text: &str) -> String {
    percent_decode(text.replace('+', " ").as_bytes()).decode_utf8_lossy().into_owned()
}

/// A text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Whether a text is a number in JSON.
pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && serde_json::from_str::<&RawValue>(text).is_ok_and(|number| number.get() == text)
}

/// JSON with other white space between its parts: `between` is told what part ends, and how deep it lies.
pub(super) fn respaced(json: &str, between: impl Fn(Gap, usize) -> String) -> String {
    let mut made = String::with_capacity(json.len().saturating_mul(2));
    let mut depth: usize = 0;
    let mut string = false;
    let mut escaped = false;
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        if string {
            made.push(character);
            string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            ' ' | '\t' | '\r' | '\n' => {}
            '"' => {
                string = true;
                made.push('"');
            }
            '{' | '[' => {
                made.push(character);
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                if !matches!(characters.peek(), Some('}' | ']')) {
                    depth = depth.saturating_add(1);
                    made.push_str(&between(Gap::Inside, depth));
                } else if let Some(end) = characters.next() {
                    made.push(end);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                made.push_str(&between(Gap::Inside, depth));
                made.push(character);
            }
            ',' => {
                made.push(',');
                made.push_str(&between(Gap::Comma, depth));
            }
            ':' => {
                made.push(':');
                made.push_str(&between(Gap::Colon, depth));
            }
            _ => made.push(character),
        }
    }
    made
}

/// Where JSON may have white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// After an opening bracket and before a closing one.
    Inside,
    /// After a comma.
    Comma,
    /// After a colon.
    Colon,
}

/// The members of a JSON object in their order, each value as it is written.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
