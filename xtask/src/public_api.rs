//! Compares the names that the crate exports with the reviewed list in `tests/core/public-api.txt`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};

use crate::step::{root, write};

/// Compares the list with the generated documentation in these folders. If `KRAKEN_SIGNER_UPDATE` is set, updates the list.
///
/// The documentation has a page for each public item, with a heading for each of its own methods, variants and constants.
pub fn check(documentation: &[&str]) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut without_example = Vec::new();
    for folder in documentation {
        let pages = root().join(folder).join("kraken_signer");
        for page in crate::step::files(&pages)? {
            let name = page.strip_prefix(&pages)?.display().to_string();
            let Some((path, item)) = name.strip_suffix(".html").and_then(split) else { continue };
            let text = fs::read_to_string(&page)?;
            // Items of private modules have a page that redirects to their public path.
            if text.contains("http-equiv=\"refresh\"") {
                continue;
            }
            let item = format!("{path}{item}");
            if !text.contains("rust-example-rendered") {
                without_example.push(item.clone());
            }
            names.extend(members(&text).map(|member| format!("{item}::{member}")));
            names.insert(item);
        }
    }
    if !without_example.is_empty() {
        bail!("these items have no example in their documentation: {}", without_example.join(", "));
    }
    compare(&(names.into_iter().collect::<Vec<_>>().join("\n") + "\n"))
}

/// Returns the methods, variants, fields and constants on an item's page. Those of traits, which come last, are left out.
fn members(page: &str) -> impl Iterator<Item = &str> {
    let own = page.split("id=\"trait-implementations\"").next().unwrap_or_default();
    ["method", "tymethod", "variant", "associatedconstant", "structfield"].into_iter().flat_map(move |kind| {
        let named = own.split("id=\"").skip(1).filter_map(move |id| id.strip_prefix(kind)?.strip_prefix('.'));
        let names = named.map(|name| name.split('"').next().unwrap_or_default());
        names.filter(|name| name.chars().all(|character| character.is_alphanumeric() || character == '_'))
    })
}

fn compare(list: &str) -> Result<()> {
    let file = root().join("tests/core/public-api.txt");
    if std::env::var_os("KRAKEN_SIGNER_UPDATE").is_some() {
        return write(&file, list);
    }
    let known = fs::read_to_string(&file).context("tests/core/public-api.txt")?;
    if list != known {
        let added: Vec<_> = list.lines().filter(|line| !known.lines().any(|other| other == *line)).collect();
        let removed: Vec<_> = known.lines().filter(|line| !list.lines().any(|other| other == *line)).collect();
        bail!(
            "the public API has changed: added {added:?}, removed {removed:?}; if that is intended, run again with KRAKEN_SIGNER_UPDATE=1"
        );
    }
    Ok(())
}

/// Returns the module path and the name of an item from the name of its page: `nonce/struct.NonceSource` is `nonce::NonceSource`.
fn split(page: &str) -> Option<(String, String)> {
    let (path, file) =
        page.rsplit_once('/').map_or((String::new(), page), |(path, file)| (path.replace('/', "::") + "::", file));
    let (kind, name) = file.split_once('.')?;
    matches!(kind, "struct" | "enum" | "fn" | "trait" | "constant" | "type").then(|| (path, name.to_owned()))
}
