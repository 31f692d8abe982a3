//! What the crate exports, by name, compared with a list that was read: `tests/core/public-api.txt`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};

use crate::step::{root, write};

/// Compares the list with what the documentation in these folders says; with `KRAKEN_SIGNER_UPDATE` in the environment, writes it.
///
/// The documentation is the tool that lists: a page for each item that can be reached, and in it a heading for each of its own
/// methods, variants and constants.
pub fn check(documentation: &[&str]) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut bare = Vec::new();
    for folder in documentation {
        let pages = root().join(folder).join("kraken_signer");
        for page in crate::step::files(&pages)? {
            let name = page.strip_prefix(&pages)?.display().to_string();
            let Some((path, item)) = name.strip_suffix(".html").and_then(split) else { continue };
            let text = fs::read_to_string(&page)?;
            // Items of private modules have a page that leads to where they can be reached.
            if text.contains("http-equiv=\"refresh\"") {
                continue;
            }
            let item = format!("{path}{item}");
            if !text.contains("rust-example-rendered") {
                bare.push(item.clone());
            }
            names.extend(members(&text).map(|member| format!("{item}::{member}")));
            names.insert(item);
        }
    }
    if !bare.is_empty() {
        bail!("these have no example in their documentation: {}", bare.join(", "));
    }
    compare(&(names.into_iter().collect::<Vec<_>>().join("\n") + "\n"))
}

/// The methods, variants, fields and constants on an item's page, without those of traits, which come last.
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
        let changed: Vec<_> = list.lines().filter(|line| !known.lines().any(|other| other == *line)).collect();
        let gone: Vec<_> = known.lines().filter(|line| !list.lines().any(|other| other == *line)).collect();
        bail!(
            "the public API has changed: new {changed:?}, gone {gone:?}; read it, and set KRAKEN_SIGNER_UPDATE to keep it"
        );
    }
    Ok(())
}

/// The path and the name of an item, from the name of its page: `nonce/struct.NonceSource` is `nonce::NonceSource`.
fn split(page: &str) -> Option<(String, String)> {
    let (path, file) =
        page.rsplit_once('/').map_or((String::new(), page), |(path, file)| (path.replace('/', "::") + "::", file));
    let (kind, name) = file.split_once('.')?;
    matches!(kind, "struct" | "enum" | "fn" | "trait" | "constant" | "type").then(|| (path, name.to_owned()))
}
