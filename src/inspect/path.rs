//! The path stage: what may have been signed instead of the path.

use alloc::vec::Vec;

use super::{
    Api,
    mistakes::Mistake,
    variants::{Context, Rule, Variant, closure},
};

/// Returns every path that may have been signed instead of `path`.
pub(super) fn variants(context: &Context<'_>, path: &str, most: u32) -> Vec<Variant<Vec<u8>>> {
    closure(context, path.as_bytes(), RULES, most)
}

const RULES: &[&[Rule]] = &[
    &[
        Rule(Mistake::PathShortened, |_, path, add| {
            let (path, query) = split(path);
            for (at, _) in path.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'/') {
                if let Some(rest) = path.get(at..) {
                    add([rest, query].concat());
                    add([rest.strip_prefix(b"/").unwrap_or(rest), query].concat());
                }
            }
        }),
        Rule(Mistake::PathVersion, |context, path, add| {
            if let (Api::Spot, Some(rest)) = (context.api, path.strip_prefix(b"/0")) {
                add(rest.into());
            }
        }),
    ],
    &[
        Rule(Mistake::PathWithoutQuery, |_, path, add| add(split(path).0.into())),
        Rule(Mistake::PathWithQuery, |context, path, add| {
            if !path.contains(&b'?') && !context.body.is_empty() {
                add([path, b"?", context.body].concat());
            }
        }),
    ],
    &[Rule(Mistake::PathCase, |_, path, add| {
        add(path.to_ascii_lowercase());
        add(path.to_ascii_uppercase());
        // The first letter of the last segment: balance, SendOrder.
        let (before, query) = split(path);
        let last = before.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at.saturating_add(1));
        let mut changed = before.to_vec();
        if let Some(letter) = changed.get_mut(last) {
            *letter ^= if letter.is_ascii_alphabetic() { 0x20 } else { 0 };
        }
        add([&changed, query].concat());
    })],
    &[Rule(Mistake::PathTrailingSlash, |_, path, add| {
        let (path, query) = split(path);
        add([path, b"/", query].concat());
        if let Some(path) = path.strip_suffix(b"/") {
            add([path, query].concat());
        }
    })],
    &[Rule(Mistake::PathDerivatives, |context, path, add| {
        if context.api == Api::Futures {
            add([b"/derivatives", path].concat());
        }
    })],
    &[Rule(Mistake::PathWithoutSlash, |_, path, add| {
        if let Some(path) = path.strip_prefix(b"/") {
            add(path.into());
        }
    })],
    &[Rule(Mistake::PathWithHost, |context, path, add| {
        let hosts: &[&[u8]] = match context.api {
            Api::Spot => &[b"https://api.kraken.com", b"api.kraken.com", b"api.kraken.com:443"],
            Api::Futures => &[
                b"https://futures.kraken.com",
                b"futures.kraken.com",
                b"https://futures.kraken.com/derivatives",
                b"https://demo-futures.kraken.com",
                b"https://demo-futures.kraken.com/derivatives",
            ],
        };
        for host in hosts {
            add([host, path].concat());
        }
    })],
    &[Rule(Mistake::PathWithMethod, |_, path, add| {
        for method in [&b"GET"[..], b"POST", b"PUT"] {
            add([method, path].concat());
            add([method, b" ", path].concat());
        }
    })],
];

/// Splits a path from its query, which includes the question mark.
pub(super) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    path.iter().position(|byte| *byte == b'?').and_then(|at| path.split_at_checked(at)).unwrap_or((path, b""))
}
