//! `cargo xtask fmt` and `cargo xtask lint`.

use std::process::Command;

use anyhow::Result;

use crate::{
    build,
    step::{cargo, root, run as execute, say},
    tools, www,
};

/// Formats the sources.
pub fn format() -> Result<()> {
    execute(&mut cargo(&["fmt", "--all"]))?;
    execute(prettier("--write")?.arg("--log-level=warn"))
}

/// Checks format, lints and types. Warnings are errors.
pub fn run() -> Result<()> {
    say("rustfmt and prettier");
    execute(&mut cargo(&["fmt", "--all", "--check"]))?;
    execute(&mut prettier("--check")?)?;
    say("clippy");
    tools::wasm_target()?;
    let deny = ["--", "--deny", "warnings"];
    execute(
        cargo(&["clippy", "--locked", "--package", "kraken-signer", "--package", "xtask", "--all-targets"])
            .args(["--features", "kraken-signer/getrandom,kraken-signer/inspect,kraken-signer/std"])
            .args(deny),
    )?;
    for binding in [tools::SIGNER, tools::INSPECTOR] {
        let wasm = ["--target", "wasm32-unknown-unknown", "--package", binding.package];
        execute(cargo(&["clippy", "--locked", "--lib"]).args(wasm).args(deny))?;
    }
    let web = ["--target", "wasm32-unknown-unknown", "--package", "kraken-signer", "--features", "web"];
    execute(cargo(&["clippy", "--locked", "--all-targets"]).args(web).args(deny))?;
    say("TypeScript");
    // Part of the TypeScript is generated from the binaries, so checking its types takes a build.
    build::package()?;
    www::check()
}

fn prettier(mode: &str) -> Result<Command> {
    let template = root().join("pkg-template");
    tools::npm_ci(&template)?;
    let mut prettier = tools::npm_script(&template, "prettier/bin/prettier.cjs", &[mode]);
    prettier.current_dir(root()).args([
        "pkg-template/src/**/*.ts",
        "tests/**/*.{mjs,ts}",
        "www/**/*.{css,html,mjs,ts}",
        "!**/generated/**",
    ]);
    Ok(prettier)
}
