//! Bodies: what stands in them, and what may have been hashed in their place.

use alloc::{borrow::Cow, string::String, vec::Vec};

use percent_encoding::percent_decode;
use serde::{Deserialize, Deserializer, de::MapAccess, de::Visitor};
use serde_json::value::RawValue;

/// The nonce in a body.
pub(super) fn nonce(body: &[u8]) -> Option<String> {
    parameter(body, "nonce").filter(|nonce| !nonce.is_empty())
}

/// Whether a body has a two-factor code.
pub(super) fn has_otp(body: &[u8]) -> bool {
    parameter(body, "otp").is_some()
}

/// The parameter of a form, or the member of a JSON object, decoded.
fn parameter(body: &[u8], name: &str) -> Option<String> {
    match Json::parse(body) {
        Some(Json(members)) => {
            members.iter().find(|(known, _)| known == name).map(|(_, value)| text(value.get()).into_owned())
        }
        None => form(body).find(|(known, _)| known == name).map(|(_, value)| value),
    }
}

/// The parameters of a form, decoded.
fn form(body: &[u8]) -> impl Iterator<Item = (String, String)> {
    body.split(|byte| *byte == b'&').map(|field| {
        let at = field.iter().position(|byte| *byte == b'=');
        let (name, value) = at.and_then(|at| field.split_at_checked(at)).unwrap_or((field, b""));
        (decoded(name), decoded(value.strip_prefix(b"=").unwrap_or(value)))
    })
}

fn decoded(text: &[u8]) -> String {
    let blanks: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&blanks).decode_utf8_lossy().into_owned()
}

/// The members of a JSON object in their order, each value as it is written.
struct Json<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Json<'a> {
    fn parse(body: &'a [u8]) -> Option<Self> {
        if body.trim_ascii_start().first() != Some(&b'{') {
            return None;
        }
        serde_json::from_slice(body).ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Json<'de>;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Json(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A JSON value as a form has it: strings without their quotes, everything else as it is written.
fn text(raw: &str) -> Cow<'_, str> {
    serde_json::from_str::<String>(raw).map_or(raw.into(), Into::into)
}
