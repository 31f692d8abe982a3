//! `cargo xtask www`: builds and serves the site: guides, references, and the signature workbench, a page that uses the package.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    build,
    step::{cargo, command, once, root, run},
    tools,
};

/// Builds the site and serves it until it is stopped.
pub fn serve(port: &str) -> Result<()> {
    build::package()?;
    let site = site()?;
    run(command("node", &["www/site/serve.mjs"]).arg(site).arg(port))
}

/// Builds the site if something has changed, and returns its folder.
pub fn site() -> Result<PathBuf> {
    let page = page()?;
    let rust = crate_pages()?;
    let www = root().join("www");
    let target = root().join("target/www");
    let template = root().join("pkg-template");
    let lock = www.join("package-lock.json");
    let api = target.join("api");
    let sources = [&*template.join("src"), &*www.join("site/typedoc.mjs"), &*www.join("site/entries.mjs"), &*lock];
    once("generating the API reference", &sources, "", &api.join("kraken-signer/index.md"), || {
        run(&mut tools::npm_script(&www, "typedoc/bin/typedoc", &["--options", "site/typedoc.mjs"]))
    })?;
    let site = target.join("site");
    let inputs = [
        &*template.join("docs"),
        &*template.join("package.json"),
        &*www.join("site"),
        &*www.join("src/logo.svg"),
        &*www.join("workbench-dark.webp"),
        &*www.join("workbench-light.webp"),
        &*lock,
        &*api,
        &*page,
        &*rust.join("kraken_signer"),
    ];
    once("building the site", &inputs, "", &site.join("index.html"), || {
        run(command("node", &["www/site/build.mjs"]).arg(&page).arg(&rust))
    })?;
    Ok(site)
}

/// Documents the crate with all features, as it is compiled to WebAssembly, and returns the folder of the pages.
pub fn crate_pages() -> Result<PathBuf> {
    tools::wasm_target()?;
    let doc = ["doc", "--no-deps", "--locked", "--quiet", "--package", "kraken-signer", "--target", tools::WASM];
    let features = ["--features", "getrandom,inspect,std,web"];
    run(cargo(&doc).args(features).env("RUSTDOCFLAGS", "--deny warnings"))?;
    Ok(root().join("target").join(tools::WASM).join("doc"))
}

/// Builds the workbench if something has changed, and returns the path of its only file.
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
