//! Reads the fields of bodies, which are forms or JSON, and writes them in other ways.

use alloc::{
    borrow::Cow,
    format,
    string::{String, ToString},
    vec::Vec,
};

use percent_encoding::{percent_decode, utf8_percent_encode};
use serde::{Deserialize, Deserializer, de::MapAccess, de::Visitor};
use serde_json::value::RawValue;

use super::rewrite::STRICT;

/// The byte that ends a field of FIX.
pub(super) const FIX: char = '\u{1}';

/// Returns the nonce in a body.
pub(super) fn nonce(body: &[u8]) -> Option<String> {
    parameter(body, "nonce").filter(|nonce| !nonce.is_empty())
}

/// Returns the decoded parameter of a form or member of a JSON object.
pub(super) fn parameter(body: &[u8], name: &str) -> Option<String> {
    Fields::of(body)?.into_iter().find(|field| field.name == name).map(|field| field.text().into_owned())
}

/// The fields of a body, in order, and the text between them.
pub(super) struct Fields<'a> {
    pub(super) format: Format,
    pub(super) all: Vec<Field<'a>>,
    gaps: Gaps<'a>,
}

/// The text of a body that is in none of its fields: brackets, separators and the white space of JSON.
struct Gaps<'a> {
    open: Cow<'a, str>,
    /// The separators of the fields, in order.
    separators: Vec<&'a str>,
    /// The separator of fields beyond these.
    separator: Cow<'a, str>,
    close: &'a str,
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = Field<'a>;
    type IntoIter = alloc::vec::IntoIter<Field<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

/// The format of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Form,
    Json,
}

/// A parameter of a form, or a member of a JSON object.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub(super) name: String,
    /// The name of a member and the colon, with the white space there. Empty in a form.
    label: Cow<'a, str>,
    /// The field as it is written: `name=value` percent-encoded, or a JSON value.
    pub(super) written: Cow<'a, str>,
    format: Format,
}

impl Field<'_> {
    /// Returns the value as a form would have it before encoding: JSON strings are decoded, other JSON values are unchanged.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.format {
            Format::Form => {
                let value = self.written.split_once('=').map_or("", |(_, value)| value);
                decoded(value).into()
            }
            Format::Json => serde_json::from_str::<String>(&self.written).map_or((&*self.written).into(), Into::into),
        }
    }

    /// Returns the field as JSON: as a string, or as a number if `number` is set and the value is one.
    pub(super) fn json(&self, number: bool) -> Field<'static> {
        let text = self.text();
        let written = if number && is_number(&text) {
            text.into_owned()
        } else if self.is_literal() && !is_number(&text) {
            self.written.clone().into_owned()
        } else {
            quoted(&text)
        };
        let label = if self.is_form() { format!("{}:", quoted(&self.name)) } else { self.label.clone().into_owned() };
        Field { name: self.name.clone(), label: label.into(), written: written.into(), format: Format::Json }
    }

    /// Returns the field with a different value.
    pub(super) fn with(&self, value: &str) -> Field<'static> {
        self.rewritten(match self.format {
            Format::Form => {
                format!("{}={value}", self.written.split_once('=').map_or(&*self.written, |(name, _)| name))
            }
            Format::Json if self.is_literal() => value.into(),
            Format::Json => quoted(value),
        })
    }

    /// Returns the field with a different decoded value: percent-encoded, or as a JSON string.
    pub(super) fn with_text(&self, text: &str) -> Field<'static> {
        match self.format {
            Format::Form => self.with(&utf8_percent_encode(text, STRICT).to_string().replace("%20", "+")),
            Format::Json => self.json_value(text, true),
        }
    }

    /// Returns the field with this JSON value, or with this text as a JSON string.
    pub(super) fn json_value(&self, value: &str, string: bool) -> Field<'static> {
        self.rewritten(if string { quoted(value) } else { value.into() })
    }

    fn rewritten(&self, written: String) -> Field<'static> {
        Field {
            name: self.name.clone(),
            label: self.label.clone().into_owned().into(),
            written: written.into(),
            format: self.format,
        }
    }

    /// Returns a member of the same object with another name and value.
    pub(super) fn sibling(&self, name: &str, value: String) -> Field<'static> {
        let colon = self.label.rsplit_once('"').map_or(":", |(_, colon)| colon);
        let label = format!("{}{colon}", quoted(name));
        Field { name: name.into(), label: label.into(), written: value.into(), format: self.format }
    }

    pub(super) fn into_owned(self) -> Field<'static> {
        self.rewritten(self.written.clone().into_owned())
    }

    pub(super) fn is_form(&self) -> bool {
        self.format == Format::Form
    }

    /// Returns whether the field is a JSON value other than a string.
    pub(super) fn is_literal(&self) -> bool {
        self.format != Format::Form && !self.written.starts_with('"')
    }
}

impl<'a> Fields<'a> {
    /// Reads the fields of a form or a JSON object. Returns `None` for anything else.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        let text = str::from_utf8(body).ok()?;
        if text.trim_ascii_start().starts_with('{') {
            return Self::of_json(text);
        }
        if text.contains(FIX) {
            return Some(Self::of_fix(text));
        }
        if !text.contains('=') || text.contains(['\n', '?', '{']) {
            return None;
        }
        let fields = text.split('&').map(|field| Field {
            name: decoded(field.split('=').next().unwrap_or_default()),
            label: "".into(),
            written: field.into(),
            format: Format::Form,
        });
        let gaps = Gaps { open: "".into(), separators: Vec::new(), separator: "&".into(), close: "" };
        Some(Self { format: Format::Form, all: fields.collect(), gaps })
    }

    /// Reads the fields of a logon of FIX, each of which ends with a byte.
    fn of_fix(text: &'a str) -> Self {
        let (rest, close) = text.strip_suffix(FIX).map_or((text, ""), |rest| (rest, "\u{1}"));
        let fields = rest.split(FIX).map(|field| Field {
            name: field.split('=').next().unwrap_or_default().into(),
            label: "".into(),
            written: field.into(),
            format: Format::Form,
        });
        let gaps = Gaps { open: "".into(), separators: Vec::new(), separator: "\u{1}".into(), close };
        Self { format: Format::Form, all: fields.collect(), gaps }
    }

    fn of_json(text: &'a str) -> Option<Self> {
        let Members(members) = serde_json::from_str(text).ok()?;
        let mut fields = Self { format: Format::Json, all: Vec::new(), gaps: Gaps::of_json() };
        // What is before the next member, and after it.
        let mut rest = text;
        for (name, value) in members {
            // A value is a part of the text that it was read from.
            let length = value.get().as_ptr().addr().checked_sub(rest.as_ptr().addr())?;
            let (before, from) = rest.split_at_checked(length)?;
            rest = from.strip_prefix(value.get())?;
            let (gap, label) = before.split_at_checked(before.find('"')?)?;
            if fields.all.is_empty() {
                fields.gaps.open = gap.into();
            } else {
                fields.gaps.separators.push(gap);
            }
            fields.all.push(Field { name, label: label.into(), written: value.get().into(), format: Format::Json });
        }
        if let Some(first) = fields.all.first() {
            fields.gaps.close = rest;
            fields.gaps.separator = match fields.gaps.separators.last() {
                Some(last) => (*last).into(),
                // One member: the next one is on a new line, as the first one, or is separated like name and value.
                None if fields.gaps.open.contains('\n') => fields.gaps.open.replace('{', ",").into(),
                None => first.label.rsplit_once('"').map_or(",".into(), |(_, colon)| colon.replace(':', ",").into()),
            };
        }
        Some(fields)
    }

    /// Writes these fields as a JSON object without white space.
    pub(super) fn compact(fields: &[Field<'_>]) -> String {
        let empty = Fields { format: Format::Json, all: Vec::new(), gaps: Gaps::of_json() };
        String::from_utf8(empty.print_only(fields)).unwrap_or_default()
    }

    /// Writes only these fields, in this order, with the separators and the white space that the body has.
    pub(super) fn print_only<'f>(&self, fields: impl IntoIterator<Item = &'f Field<'f>>) -> Vec<u8> {
        let Gaps { open, separators, separator, close } = &self.gaps;
        let mut made = Vec::with_capacity(256);
        for (at, field) in fields.into_iter().enumerate() {
            let gap = match at.checked_sub(1) {
                None => open,
                Some(at) => separators.get(at).copied().unwrap_or(separator),
            };
            for part in [gap, &field.label, &field.written] {
                made.extend_from_slice(part.as_bytes());
            }
        }
        if made.is_empty() && self.format == Format::Json {
            return b"{}".into();
        }
        made.extend_from_slice(close.as_bytes());
        made
    }
}

impl Gaps<'_> {
    const fn of_json() -> Self {
        Gaps { open: Cow::Borrowed("{"), separators: Vec::new(), separator: Cow::Borrowed(","), close: "}" }
    }
}

/// Percent-decodes a text, and replaces + with a space.
pub(super) fn decoded(text: &str) -> String {
    if !text.contains(['%', '+']) {
        return text.into();
    }
    percent_decode(text.replace('+', " ").as_bytes()).decode_utf8_lossy().into_owned()
}

/// Encodes a text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Returns whether a text is a JSON number.
pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && serde_json::from_str::<&RawValue>(text).is_ok_and(|number| number.get() == text)
}

/// Rewrites JSON with different white space. `between` returns the white space for a gap at a nesting depth.
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

/// The white space of Python's JSON: a space after commas and colons.
pub(super) fn python_gap(gap: Gap, _: usize) -> String {
    if gap == Gap::Inside { "" } else { " " }.into()
}

/// A position where JSON may have white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// After an opening bracket and before a closing one.
    Inside,
    /// After a comma.
    Comma,
    /// After a colon.
    Colon,
}

/// The members of a JSON object in order, with the values as they are written.
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
