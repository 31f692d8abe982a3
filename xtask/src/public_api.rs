//! What the crate exports, by name, compared with a list that was read: `tests/core/public-api.txt`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};

use crate::step::{root, write};

/// Compares; with `KRAKEN_SIGNER_UPDATE` in the environment, writes the list.
///
/// The documentation is the tool that lists: a page for each item that can be reached, and in it a heading for each of its own
/// methods, variants and constants.
pub fn check() -> Result<()> {
    let pages = root().join("target/doc/kraken_signer");
    let mut names = BTreeSet::new();
    let mut bare = Vec::new();
    for page in crate::step::files(&pages)? {
        let name = page.strip_prefix(&pages)?.display().to_string();
        let Some((path, item)) = name.strip_suffix(".html").and_then(split) else { continue };
        let item = format!("{path}{item}");
        let text = fs::read_to_string(&page)?;
        // Items of private modules have a page that leads to where they can be reached.
        if text.contains("http-equiv=\"refresh\"") {
            continue;
        }
        if !text.contains("rust-example-rendered") {
            bare.push(item.clone());
        }
        names.insert(item.clone());
        for kind in ["method", "tymethod", "variant", "associatedconstant", "structfield"] {
            for part in text
                .split(&format!("<section id=\"{kind}."))
                .skip(1)
                .chain(text.split(&format!("id=\"{kind}.")).skip(1))
            {
                let own = part.split('"').next().unwrap_or_default();
                if own.chars().all(|character| character.is_alphanumeric() || character == '_') && !is_foreign(own) {
                    names.insert(format!("{item}::{own}"));
                }
            }
        }
    }
    if !bare.is_empty() {
        bail!("these have no example in their documentation: {}", bare.join(", "));
    }
    let list = names.into_iter().collect::<Vec<_>>().join("\n") + "\n";
    let file = root().join("tests/core/public-api.txt");
    if std::env::var_os("KRAKEN_SIGNER_UPDATE").is_some() {
        return write(&file, list);
    }
    let known = fs::read_to_string(&file).context("tests/core/public-api.txt")?;
    if list != known {
        let changed: Vec<_> = list.lines().filter(|line| !known.lines().any(|other| other == *line)).collect();
        let gone: Vec<_> = known.lines().filter(|line| !list.lines().any(|other| other == *line)).collect();
        bail!(
            "the public API has changed: new {changed:?}, gone {gone:?}; read it, and set KRAKEN_SIGNER_UPDATE to keep it"
        );
    }
    Ok(())
}

/// Methods of the traits of the standard library, which are no names of ours.
fn is_foreign(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "as_ref",
        "borrow",
        "borrow_mut",
        "cause",
        "clamp",
        "clone",
        "clone_from",
        "clone_into",
        "clone_to_uninit",
        "cmp",
        "default",
        "deserialize",
        "eq",
        "fmt",
        "from",
        "from_str",
        "ge",
        "gt",
        "hash",
        "hash_slice",
        "into",
        "le",
        "lt",
        "max",
        "min",
        "ne",
        "partial_cmp",
        "provide",
        "serialize",
        "source",
        "to_owned",
        "to_string",
        "try_from",
        "try_into",
        "type_id",
    ];
    NAMES.contains(&name)
}

/// The path and the name of an item, from the name of its page: `nonce/struct.NonceSource` is `nonce::NonceSource`.
fn split(page: &str) -> Option<(String, String)> {
    let (path, file) =
        page.rsplit_once('/').map_or((String::new(), page), |(path, file)| (path.replace('/', "::") + "::", file));
    let (kind, name) = file.split_once('.')?;
    matches!(kind, "struct" | "enum" | "fn" | "trait" | "constant" | "type").then(|| (path, name.to_owned()))
}
