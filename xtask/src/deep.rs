//! Checks that take too long to run every day: `cargo xtask fuzz`, `miri`, `mutants` and `deny`.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{
    step::{cargo, command, once, root, run, say, scratch},
    test, tools,
};

/// Fuzzes each parser, then compares random signatures with those of `node:crypto`.
pub fn fuzz(minutes: &str) -> Result<()> {
    let minutes: u32 = minutes.parse().context("`cargo xtask fuzz` expects a number of minutes")?;
    let tool = installed("cargo-fuzz", "0.13.2")?;
    tools::nightly(&[])?;
    for target in ["base64", "base32", "otpauth", "form", "nonce"] {
        say(&format!("fuzzing {target} for {minutes} min"));
        let mut fuzz = command(&tool, &["fuzz", "run", "--fuzz-dir", "tests/fuzz"]);
        // New inputs stay out of the repository. The committed corpus is the starting point.
        let found = scratch().join("fuzz").join(target);
        std::fs::create_dir_all(&found)?;
        fuzz.arg(target).arg(found).arg(root().join("tests/fuzz/corpus").join(target));
        fuzz.args(["--", "-max_len=2048", &format!("-max_total_time={}", minutes * 60)]);
        run(fuzz.env("RUSTUP_TOOLCHAIN", "nightly"))?;
    }
    test::differential(minutes * 500_000)
}

/// Runs the core's tests under Miri.
pub fn miri() -> Result<()> {
    tools::nightly(&["miri", "rust-src"])?;
    // The Wycheproof cases take an hour under Miri, and cover no additional code.
    let mut miri =
        command("rustup", &["run", "nightly", "cargo", "miri", "test", "--locked", "--package", "kraken-signer"]);
    run(miri.args(["--lib", "--tests", "--target-dir"]).arg(scratch().join("miri")).args([
        "--",
        "--skip",
        "wycheproof",
    ]))
}

/// Runs the tests with each mutation of the core that cargo-mutants knows. A mutation that no test detects is printed and fails.
pub fn mutants() -> Result<()> {
    let tool = installed("cargo-mutants", "27.1.0")?;
    // cargo-mutants does not run WebAssembly, so the bindings and the feature `web` are excluded.
    let only =
        ["mutants", "--package", "kraken-signer", "--features", "getrandom,inspect,std", "--exclude", "src/web/**"];
    run(command(&tool, &only).arg("--output").arg(scratch()))
}

/// Checks licenses, versions and sources of the dependencies. With `advisories`, also fetches the list of known vulnerabilities and
/// checks for those.
pub fn deny(advisories: bool) -> Result<()> {
    let tool = installed("cargo-deny", "0.20.2")?;
    let mut check =
        command(&tool, &["--workspace", "--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
    run(check.args(advisories.then_some("advisories")))
}

/// Installs this version of a cargo tool below `target`, and returns its path.
fn installed(name: &str, version: &str) -> Result<PathBuf> {
    let folder = scratch().join("tools");
    let program = folder.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    once(&format!("installing {name}"), &[], version, &program, || {
        run(cargo(&["install", "--locked", name, "--version", version, "--root"]).arg(&folder))
    })?;
    Ok(program)
}
