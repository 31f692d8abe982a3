//! Correct signing code in several languages. The tests run each file.

use serde::{Deserialize, Serialize};

use super::Api;

/// The language of a snippet.
///
/// ```
/// use kraken_signer::inspect::Language;
///
/// assert_eq!(serde_json::to_string(&Language::JavaScript)?, "\"javascript\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub enum Language {
    JavaScript,
    Python,
    Shell,
    Java,
    Rust,
}

/// Code that signs correctly.
///
/// ```
/// use kraken_signer::inspect::{Api, Case, Key, Language, Request, Sent, investigate};
///
/// # let request = Request {
/// #     api: Api::Spot,
/// #     secret: Key::Text("a2V5IHRoYXQgaXMgb25seSBhbiBleGFtcGxl"),
/// #     path: "/0/private/Balance",
/// #     nonce: Some("1616492376594"),
/// #     body: b"nonce=1616492376594",
/// # };
/// # let signature = "xuBPrRLoyTgTYlrkpYjWoR7iO/p4Fto38/Tnd96PeqE6rmDUqjmULPHJ0M2/gk5R/rJTSntjeewLOkVc8NrJ9w==";
/// # let case = Case { request, key: None, signature, sent: Sent::default(), language: Some(Language::Rust) };
/// assert!(investigate(&case)?[0].snippet.is_some_and(|snippet| snippet.code.contains("spot::sign")));
/// # Ok::<(), kraken_signer::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Snippet {
    /// The language of the code.
    pub language: Language,
    /// The code, a complete file.
    pub code: &'static str,
}

/// Returns the snippet for an API in a language.
pub(super) const fn snippet(api: Api, language: Language) -> Snippet {
    let code = match (api, language) {
        (Api::Spot, Language::JavaScript) => include_str!("snippets/spot.mjs"),
        (Api::Spot, Language::Python) => include_str!("snippets/spot.py"),
        (Api::Spot, Language::Shell) => include_str!("snippets/spot.sh"),
        (Api::Spot, Language::Java) => include_str!("snippets/Spot.java"),
        (Api::Spot, Language::Rust) => include_str!("snippets/spot.rs"),
        (Api::Futures, Language::JavaScript) => include_str!("snippets/futures.mjs"),
        (Api::Futures, Language::Python) => include_str!("snippets/futures.py"),
        (Api::Futures, Language::Shell) => include_str!("snippets/futures.sh"),
        (Api::Futures, Language::Java) => include_str!("snippets/Futures.java"),
        (Api::Futures, Language::Rust) => include_str!("snippets/futures.rs"),
    };
    Snippet { language, code }
}
