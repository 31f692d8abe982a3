//! `cargo xtask bench`.

use anyhow::Result;

use crate::{
    step::{cargo, command, root, run as execute, say},
    test, tools,
};

/// Benchmarks this package against others, and writes the results to `tests/bench`. Quick mode only shows that the benchmark runs.
pub fn run(quick: bool) -> Result<()> {
    prepare()?;
    say(if quick {
        "measuring (half a minute)"
    } else {
        "measuring (about ten minutes); the machine should do nothing else"
    });
    execute(command("node", &["tests/bench/bench.mjs"]).args(quick.then_some("--quick")))
}

/// Measures what calls cost, in this many rounds, and writes the results to `tests/bench` and into the guide Performance. With fewer rounds than usual,
/// it writes them to `target/bench/results`.
pub fn calls(rounds: Option<&str>) -> Result<()> {
    prepare()?;
    say("measuring (about twelve minutes, unless there are fewer rounds); the machine should do nothing else");
    execute(command("node", &["tests/bench/calls/bench.mjs"]).args(rounds))
}

/// Builds the package and the core as native code, and installs the packages that they are compared with.
pub fn prepare() -> Result<()> {
    test::package()?;
    let folder = root().join("tests/bench");
    tools::npm_ci(&folder)?;
    tools::link_package(&folder)?;
    let mut build = cargo(&["build", "--release", "--locked", "--quiet", "--target-dir", "target/bench"]);
    execute(build.arg("--manifest-path").arg(folder.join("native/Cargo.toml")))
}
