//! The path stage: what may have been signed instead of the path.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use percent_encoding::percent_decode;

use super::{
    Api,
    body::decoded,
    mistakes::Mistake,
    rewrite::{escapes, order},
    text::recased,
    values::fewer,
    variants::{Context, Rule, Variant, closure},
};

/// Returns every path that may have been signed instead of `path`.
pub(super) fn variants(context: &Context<'_>, path: &str, most: u32) -> Vec<Variant<Vec<u8>>> {
    closure(context, path.as_bytes(), RULES, most)
}

const RULES: &[&[Rule]] = &[
    &[
        Rule(Mistake::PathShortened, |context, path, add| {
            let (path, query) = split(path);
            for (at, _) in path.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'/') {
                if let Some(rest) = path.get(at..) {
                    add([rest, query].concat());
                    add([rest.strip_prefix(b"/").unwrap_or(rest), query].concat());
                }
            }
            // Only the beginning: /0/private.
            let slashes =
                path.iter().enumerate().skip(1).filter(|(_, byte)| context.rare && **byte == b'/').map(|(at, _)| at);
            for at in slashes.rev().take(if context.guesses { usize::MAX } else { 1 }) {
                add(path.get(..at).unwrap_or_default().into());
                add(path.get(..=at).unwrap_or_default().into());
            }
            // One segment is missing: /api/v2/orders for /api/history/v2/orders.
            let segments: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
            for lost in 2..segments.len().saturating_sub(1) {
                let rest = segments.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, segment)| *segment);
                add([&*rest.collect::<Vec<_>>().join(&b'/'), query].concat());
            }
        }),
        Rule(Mistake::PathVersion, |context, path, add| {
            if let (Api::Spot, Some(rest)) = (context.api, path.strip_prefix(b"/0")) {
                add(rest.into());
            }
        }),
        Rule(Mistake::PathPrefix, |context, path, add| {
            if !context.clues.prefix.is_empty() {
                add([context.clues.prefix.as_bytes(), path].concat());
            }
        }),
        Rule(Mistake::PathOtherVersion, version),
        Rule(Mistake::PathOtherEndpoint, |context, path, add| {
            let (path, query) = split(path);
            let directory = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at.saturating_add(1));
            let directory = path.get(..directory).unwrap_or_default();
            let endpoints = if context.api == Api::Spot { SPOT } else { FUTURES };
            for endpoint in endpoints {
                add([directory, endpoint.as_bytes(), query].concat());
                add([directory, endpoint.as_bytes()].concat());
            }
            if context.api == Api::Spot {
                let text = String::from_utf8_lossy(path);
                add(text.replace("/private/", "/public/").into());
                add(text.replace("/public/", "/private/").into());
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
    &[
        Rule(Mistake::QueryOrder, |context, path, add| query(path, |query, add| order(context, query, add), add)),
        Rule(Mistake::ParametersAdded, |context, path, add| query(path, |query, add| fewer(context, query, add), add)),
    ],
    &[Rule(Mistake::QueryEncoding, |_, path, add| query(path, encodings, add))],
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
    &[Rule(Mistake::PathDoubleSlash, |_, path, add| {
        let text = String::from_utf8_lossy(path);
        add(text.replace("//", "/").into());
        add([b"/", path].concat());
        add(text.replacen("/private", "//private", 1).into());
        add(text.replacen("/api", "//api", 1).into());
        if let Some((directory, last)) = text.rsplit_once('/') {
            add(format!("{directory}//{last}").into());
        }
    })],
    &[Rule(Mistake::PathWithHost, |context, path, add| {
        let hosts: &[&[u8]] = match context.api {
            Api::Spot => &[
                b"https://api.kraken.com",
                b"api.kraken.com",
                b"api.kraken.com:443",
                b"http://api.kraken.com",
                b"https://api.kraken.com:443",
                b"//api.kraken.com",
            ],
            Api::Futures => &[
                b"https://futures.kraken.com",
                b"https://futures.kraken.com/derivatives",
                b"futures.kraken.com",
                b"https://demo-futures.kraken.com",
                b"https://demo-futures.kraken.com/derivatives",
            ],
        };
        let most = match context {
            Context { guesses: true, .. } => usize::MAX,
            Context { rare: true, .. } => 5,
            _ => 2,
        };
        for host in hosts.iter().take(most) {
            add([host, path].concat());
        }
    })],
    &[Rule(Mistake::PathWithMethod, |context, path, add| {
        for method in [&b"GET"[..], b"POST", b"PUT"] {
            add([method, path].concat());
            if context.rare {
                add([method, b" ", path].concat());
                add([method, b"\n", path].concat());
            }
        }
    })],
];

/// Endpoints whose paths are most often left in code that signs other requests.
const SPOT: &[&str] = &[
    "Balance",
    "BalanceEx",
    "TradeBalance",
    "OpenOrders",
    "ClosedOrders",
    "QueryOrders",
    "TradesHistory",
    "OpenPositions",
    "Ledgers",
    "AddOrder",
    "AddOrderBatch",
    "CancelOrder",
    "CancelAll",
    "GetWebSocketsToken",
    "DepositMethods",
    "Withdraw",
];
const FUTURES: &[&str] = &[
    "accounts",
    "openorders",
    "openpositions",
    "fills",
    "sendorder",
    "editorder",
    "cancelorder",
    "cancelallorders",
    "batchorder",
    "orders/status",
];

/// Adds the path with other versions of the API: /0 and /1 (Spot), /api/v2 and /api/v3 (Futures).
fn version(context: &Context<'_>, path: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    if context.api == Api::Spot {
        if let Some(rest) = path.strip_prefix(b"/0/") {
            for version in ["/1/", "/v0/", "/v1/", "/v2/", "/2/", "/api/0/"] {
                add([version.as_bytes(), rest].concat());
            }
        }
        return;
    }
    let text = String::from_utf8_lossy(path);
    for version in ["v1", "v2", "v3", "v4", "v5"] {
        let marked = format!("/{version}/");
        if !text.contains(&marked) {
            continue;
        }
        for other in ["/v1/", "/v2/", "/v3/", "/v4/", "/v5/", "/"] {
            add(text.replacen(&marked, other, 1).into());
        }
    }
}

/// Rewrites the query of a path.
fn query(path: &[u8], rewrite: impl Fn(&[u8], &mut dyn FnMut(Vec<u8>)), add: &mut dyn FnMut(Vec<u8>)) {
    let (path, query) = split(path);
    if let Some(query) = query.strip_prefix(b"?") {
        rewrite(query, &mut |made| {
            let mark: &[u8] = if made.is_empty() { b"" } else { b"?" };
            add([path, mark, &made].concat());
        });
    }
}

fn encodings(query: &[u8], add: &mut dyn FnMut(Vec<u8>)) {
    let Ok(text) = str::from_utf8(query) else { return };
    add(text.replace('+', "%20").into());
    add(text.replace("%20", "+").into());
    add(decoded(text).into());
    add(percent_decode(query).collect());
    add(text.replace('%', "%25").into());
    for recase in [u8::to_ascii_lowercase, u8::to_ascii_uppercase] {
        add(recased(text, recase));
    }
    escapes(text, &["+", "%20"], add);
}

/// Returns a path of Kraken with the / at its beginning, which every request has, also if the program adds it only to the URL.
pub(super) fn with_slash(path: &str) -> Cow<'_, str> {
    const STARTS: [&str; 6] = ["0/private/", "0/public/", "derivatives/api/", "api/v", "api/history/", "api/auth/"];
    if STARTS.iter().any(|start| path.starts_with(start)) { ["/", path].concat().into() } else { path.into() }
}

/// Returns a path without what the URL of a proxy has before it: /kraken/0/private/Balance is /0/private/Balance for Kraken.
pub(super) fn without_prefix(api: Api, whole: &str) -> &str {
    let path = whole.split('?').next().unwrap_or_default();
    let first = |starts: &[&str]| starts.iter().filter_map(|start| path.find(start)).min();
    let start = match api {
        Api::Spot => first(&["/0/private/", "/0/public/"]),
        Api::Futures => first(&["/derivatives/api/"])
            .or_else(|| first(&["/api/v3/", "/api/v2/", "/api/history/", "/api/auth/", "/api/charts/"])),
    };
    // Slashes alone are no proxy.
    let start = start.filter(|start| path.get(..*start).is_some_and(|prefix| !prefix.trim_matches('/').is_empty()));
    start.and_then(|start| whole.get(start..)).unwrap_or(whole)
}

/// Splits a path from its query, which includes the question mark.
pub(super) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    path.iter().position(|byte| *byte == b'?').and_then(|at| path.split_at_checked(at)).unwrap_or((path, b""))
}
