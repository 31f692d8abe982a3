//! Checks where the signer's binary could trap. Every panic is a trap, and each remaining one needs a reason why it cannot happen.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use wasmparser::{KnownCustom, Name, Operator, Parser, Payload, TypeRef};

use crate::{
    build,
    step::{root, say},
    tools,
};

#[derive(Deserialize)]
struct Allowed {
    traps: Vec<Trap>,
}

#[derive(Deserialize)]
struct Trap {
    function: String,
    count: usize,
    why: String,
}

/// Compares the binary with `tests/traps.json`.
pub fn check() -> Result<()> {
    let binary = build::named_binary()?;
    let found = traps(&binary)?;
    let text = fs::read_to_string(root().join("tests/traps.json"))?;
    let allowed: Allowed = serde_json::from_str(&text).context("tests/traps.json")?;
    let listed: BTreeMap<_, _> = allowed.traps.iter().map(|trap| (trap.function.clone(), trap.count)).collect();
    for (function, count) in &found {
        println!("  {count} × {function}");
    }
    if let Some(trap) = allowed.traps.iter().find(|trap| trap.why.len() < 40) {
        bail!("tests/traps.json gives no reason for {}", trap.function);
    }
    if found != listed {
        bail!(
            "the binary could trap in {found:?}, but tests/traps.json lists {listed:?}; remove the panic, or add the reason"
        );
    }
    check_data(&binary)?;
    say(&format!(
        "{} places could trap; tests/traps.json has the reason why each never does",
        found.values().sum::<usize>()
    ));
    Ok(())
}

/// Counts the `unreachable` instructions of each function.
fn traps(binary: &Path) -> Result<BTreeMap<String, usize>> {
    let wasm = fs::read(binary)?;
    let mut imported = 0;
    let mut counts = Vec::new();
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut count = 0;
                for operator in body.get_operators_reader()? {
                    count += usize::from(matches!(operator?, Operator::Unreachable));
                }
                counts.push(count);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(functions) = subsection? {
                            for naming in functions {
                                let naming = naming?;
                                names.insert(naming.index, plain(naming.name).to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() || counts.is_empty() {
        bail!("the binary has no named functions, so nothing was checked");
    }
    let mut found = BTreeMap::new();
    for (index, count) in (imported..).zip(counts).filter(|(_, count)| *count > 0) {
        let name = names.get(&index).cloned().unwrap_or_else(|| format!("function {index}"));
        *found.entry(name).or_default() += count;
    }
    Ok(found)
}

/// Returns the name without the hash that the compiler appends.
fn plain(name: &str) -> &str {
    name.rsplit_once("::h").filter(|(_, hash)| hash.len() == 16).map_or(name, |(name, _)| name)
}

/// Checks that the binary contains no panic message, and no path of the machine that built it.
fn check_data(binary: &Path) -> Result<()> {
    let wasm = fs::read(binary)?;
    let (root, home) = (root().display().to_string(), tools::cargo_home());
    let forbidden =
        ["panicked", "overflow", "out of range", "unwrap", "registry", "/rustc/", &root, &home.display().to_string()];
    for payload in Parser::new(0).parse_all(&wasm) {
        if let Payload::DataSection(section) = payload? {
            for data in section {
                let text = String::from_utf8_lossy(data?.data).into_owned();
                if let Some(word) = forbidden.iter().find(|word| text.contains(**word)) {
                    bail!("the binary's data contains \"{word}\"");
                }
            }
        }
    }
    Ok(())
}
