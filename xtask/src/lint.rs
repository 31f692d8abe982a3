//! `cargo xtask fmt` and `cargo xtask lint`.

use anyhow::Result;

use crate::{
    step::{cargo, root, run as execute, say},
    tools,
};

/// Formats the Rust sources.
pub fn format() -> Result<()> {
    execute(&mut cargo(&["fmt", "--all"]))
}

/// Checks format, lints and types. Warnings are errors.
pub fn run() -> Result<()> {
    say("rustfmt");
    execute(&mut cargo(&["fmt", "--all", "--check"]))?;
    say("clippy");
    tools::wasm_target()?;
    let deny = ["--", "--deny", "warnings"];
    execute(
        cargo(&["clippy", "--locked", "--package", "kraken-signer", "--package", "xtask", "--all-targets"]).args(deny),
    )?;
    let wasm = ["--target", "wasm32-unknown-unknown", "--features", "wasm"];
    execute(cargo(&["clippy", "--locked", "--package", "kraken-signer", "--lib"]).args(wasm).args(deny))?;
    say("TypeScript");
    let template = root().join("pkg-template");
    tools::npm_ci(&template)?;
    execute(&mut tools::npm_script(&template, "typescript/bin/tsc", &["--project", ".", "--noEmit"]))
}
