//! `cargo xtask frameworks`: small apps in real frameworks, with the package as it is installed.

use anyhow::Result;

use crate::{
    step::{command, run as execute},
    test,
};

/// Runs the named folders of `tests/frameworks`, or all of them, which also writes the tables of the README and the guide.
pub fn run(names: &[&str]) -> Result<()> {
    test::package()?;
    execute(command("node", &["tests/frameworks/run.mjs"]).args(names))
}
