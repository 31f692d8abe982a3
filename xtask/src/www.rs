//! `cargo xtask www`: builds and serves the signature workbench, a page that uses the package.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    build,
    step::{command, once, root, run},
    tools,
};

/// Builds the page and serves it until it is stopped.
pub fn serve(port: &str) -> Result<()> {
    build::package()?;
    let page = page()?;
    run(command("node", &["www/serve.mjs"]).arg(page).arg(port))
}

/// Builds the page if something has changed, and returns the path of its only file.
pub fn page() -> Result<PathBuf> {
    let www = installed()?;
    let page = root().join("target/www/index.html");
    let inputs = [
        www.join("src"),
        www.join("build.mjs"),
        www.join("package-lock.json"),
        root().join("tests/vectors/kraken.json"),
        root().join("tests/inspect/examples.json"),
        root().join("pkg-template/src/rest"),
        root().join("pkg/dist/esm"),
        root().join("pkg/package.json"),
        root().join("pkg/THIRD-PARTY.md"),
    ];
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    once("building the signature workbench", &inputs, "", &page, || {
        run(command("node", &["www/build.mjs"]).arg(&page))
    })?;
    Ok(page)
}

/// Checks the types of the page against those of the package.
pub fn check() -> Result<()> {
    let www = installed()?;
    let template = root().join("pkg-template");
    run(tools::npm_script(&template, "typescript/bin/tsc", &["--project"]).arg(www))
}

/// Installs the dependencies of the page, and returns the folder of its sources.
fn installed() -> Result<PathBuf> {
    let www = root().join("www");
    tools::npm_ci(&www)?;
    tools::link_package(&www)?;
    Ok(www)
}
