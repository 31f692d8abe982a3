//! `cargo xtask bench`.

use anyhow::Result;

use crate::{
    step::{cargo, command, root, run as execute, say},
    test, tools,
};

/// Measures this package beside others, and writes what came of it to `tests/bench`. In quick mode it shows only that it can.
pub fn run(quick: bool) -> Result<()> {
    prepare()?;
    say(if quick {
        "measuring, half a minute"
    } else {
        "measuring, some ten minutes; the machine should do nothing else"
    });
    execute(command("node", &["tests/bench/bench.mjs"]).args(quick.then_some("--quick")))
}

/// The package, those that it is compared with, and the core as native code.
pub fn prepare() -> Result<()> {
    test::package()?;
    let folder = root().join("tests/bench");
    tools::npm_ci(&folder)?;
    tools::link_package(&folder)?;
    let mut build = cargo(&["build", "--release", "--locked", "--quiet", "--target-dir", "target/bench"]);
    execute(build.arg("--manifest-path").arg(folder.join("native/Cargo.toml")))
}
