//! Lists the third-party code in the npm package: THIRD-PARTY.md for people, sbom.cdx.json for scanners.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    step::{cargo, output},
    tools::cargo_home,
};

const HEAD: &str = "# Third parties

The WebAssembly binaries contain code of Rust's `core` library and of these crates, unchanged. All are used under the
Apache License 2.0, whose text is in LICENSE-APACHE. Where another license also applies, its text follows.

| crate | version | license | source |
| --- | --- | --- | --- |
";

/// A crate that is compiled into one of the binaries.
struct Crate {
    name: String,
    version: String,
    license: String,
    source: String,
}

/// Returns the crates that are compiled into the binaries, without build scripts and procedural macros.
fn crates() -> Result<Vec<Crate>> {
    let tree = output(&mut cargo(&[
        "tree",
        "--locked",
        "--package=kraken-signer-wasm",
        "--package=kraken-signer-inspect-wasm",
        "--target=wasm32-unknown-unknown",
        "--edges=no-dev,no-build,no-proc-macro",
        "--prefix=none",
        "--no-dedupe",
        "--format={p}|{l}|{r}",
    ]))?;
    let mut lines: Vec<&str> =
        tree.lines().filter(|line| !line.is_empty() && !line.starts_with("kraken-signer")).collect();
    lines.sort_unstable();
    lines.dedup();
    let parse = |line: &str| {
        let mut parts = line.split('|').map(str::to_owned);
        let (package, license, source) = (parts.next()?, parts.next()?, parts.next()?);
        let (name, version) = package.split_once(" v")?;
        Some(Crate { name: name.into(), version: version.into(), license, source })
    };
    lines.into_iter().map(|line| parse(line).with_context(|| format!("cargo tree printed {line}"))).collect()
}

/// Returns the contents of THIRD-PARTY.md. A license that is not handled here is an error.
pub fn notices() -> Result<String> {
    let mut notices = HEAD.to_owned();
    let mut texts = String::new();
    for Crate { name, version, license, source } in crates()? {
        notices += &format!("| {name} | {version} | {license} | {source} |\n");
        match &*license {
            "MIT OR Apache-2.0" | "Apache-2.0 OR MIT" => {}
            // The license wants the notice of a work to be passed on, if there is one.
            "Apache-2.0" => {
                if let Ok(notice) = text(&name, &version, "NOTICE") {
                    texts += &format!("\n## {name}\n\n{notice}");
                }
            }
            "(MIT OR Apache-2.0) AND Unicode-3.0" => {
                texts += &format!("\n## {name}\n\n{}", text(&name, &version, "LICENSE-UNICODE")?);
            }
            "MIT" | "Unlicense OR MIT" => {
                let file = text(&name, &version, "LICENSE-MIT").or_else(|_| text(&name, &version, "LICENSE"));
                texts += &format!("\n## {name}\n\n{}", file?);
            }
            _ => bail!("{name} has the license {license}; add what it requires to xtask/src/third_party.rs"),
        }
    }
    Ok(notices + &texts)
}

/// Returns the list in CycloneDX format, without the optional date and serial number, so that builds are reproducible.
pub fn sbom(own_version: &str) -> Result<Value> {
    let component = |Crate { name, version, license, source }| {
        json!({
            "type": "library",
            "bom-ref": format!("pkg:cargo/{name}@{version}"),
            "name": name,
            "version": version,
            "purl": format!("pkg:cargo/{name}@{version}"),
            "licenses": [{ "expression": license }],
            "externalReferences": [{ "type": "vcs", "url": source }],
        })
    };
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "library",
                "bom-ref": format!("pkg:npm/kraken-signer@{own_version}"),
                "name": "kraken-signer",
                "version": own_version,
                "purl": format!("pkg:npm/kraken-signer@{own_version}"),
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "components": crates()?.into_iter().map(component).collect::<Vec<_>>(),
    }))
}

/// Returns the text of a license file from the sources of a crate.
fn text(name: &str, version: &str, file: &str) -> Result<String> {
    for registry in fs::read_dir(cargo_home().join("registry/src"))? {
        let path = registry?.path().join(format!("{name}-{version}")).join(file);
        if path.exists() {
            return Ok(fs::read_to_string(path)?);
        }
    }
    bail!("the sources of {name} {version} have no {file}")
}
