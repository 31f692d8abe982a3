//! Signing code that is right, for those who have found out that theirs is not. Each file is run by the tests.

use serde::{Deserialize, Serialize};

use super::Api;

/// A language that there are snippets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "they are known")]
pub enum Language {
    JavaScript,
    Python,
    Shell,
    Java,
    Rust,
}

/// Code that signs as Kraken expects it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Snippet {
    /// What it is written in.
    pub language: Language,
    /// The code: a whole file.
    pub code: &'static str,
}

/// The snippet for an API in a language.
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
