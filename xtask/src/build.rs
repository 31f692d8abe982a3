//! `cargo xtask build`: builds the finished npm package in `pkg/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::{
    codes,
    step::{command, copy, files, once, output, root, run, say, scratch, write},
    third_party,
    tools::{self, Binary, INSPECTOR, SIGNER},
};

/// The WebAssembly features that the binary uses. `--all-features` would emit a module that no engine loads.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Builds the package. Steps with unchanged inputs are skipped.
pub fn package() -> Result<()> {
    let template = root().join("pkg-template");
    tools::node()?;
    tools::npm_ci(&template)?;
    let signer = binary(&template, SIGNER)?;
    let inspector = binary(&template, INSPECTOR)?;
    generate(&template, &signer, &inspector)?;
    compile(&template, &[signer.join("kraken_signer.wasm"), inspector.join("kraken_signer_inspect.wasm")])?;
    manifest(&template)
}

/// Compiles the TypeScript again, with the existing binaries.
pub fn typescript() -> Result<()> {
    let built = [SIGNER, INSPECTOR]
        .map(|Binary { name, package, .. }| scratch().join(package).join(name).with_extension("wasm"));
    compile(&root().join("pkg-template"), &built)
}

/// Compiles, binds and optimizes a WebAssembly binary, and returns the folder with the binary and its glue code.
fn binary(template: &Path, binary: Binary) -> Result<PathBuf> {
    tools::wasm_target()?;
    // Cargo itself skips what has not changed.
    let Binary { name, package, .. } = binary;
    say(&format!("compiling {name} to WebAssembly"));
    run(&mut tools::wasm_build(binary))?;

    let bindgen = tools::bindgen()?;
    let compiled = tools::wasm_built(binary);
    let folder = scratch().join(package);
    let optimized = folder.join(name).with_extension("wasm");
    let tool = template.join("package-lock.json");
    let work = format!("binding and optimizing {name}");
    once(&work, &[&compiled, &bindgen, &tool], &FEATURES.concat(), &optimized, || {
        let bound = folder.join(format!("{name}_bg.wasm"));
        run(command(&bindgen, &[name]).arg(&folder).arg(&compiled))?;
        optimize(template, &bound, &optimized, &["--strip-debug", "--strip-producers", "--strip-target-features"])
    })?;
    Ok(folder)
}

/// Builds the signer's binary with the names of its functions, and returns its path.
pub fn named_binary() -> Result<PathBuf> {
    let template = root().join("pkg-template");
    tools::npm_ci(&template)?;
    let folder = binary(&template, SIGNER)?;
    let named = folder.join("named.wasm");
    optimize(&template, &folder.join("kraken_signer_bg.wasm"), &named, &["--debuginfo"])?;
    Ok(named)
}

fn optimize(template: &Path, from: &Path, to: &Path, also: &[&str]) -> Result<()> {
    let mut tool = tools::npm_script(template, "binaryen/bin/wasm-opt", &FEATURES);
    run(tool.arg("-Os").args(also).arg(from).arg("-o").arg(to))
}

/// Writes the TypeScript that is generated from the binaries.
fn generate(template: &Path, signer: &Path, inspector: &Path) -> Result<()> {
    let generated = template.join("src/generated");
    copy(&inspector.join("kraken_signer_inspect_bg.js"), &generated.join("kraken_signer_inspect_bg.js"))?;
    let exports = fs::read_to_string(signer.join("kraken_signer_bg.wasm.d.ts"))?;
    // Describes WebAssembly.Memory by its structure, because the types of Node have no namespace WebAssembly.
    let exports = exports
        .replace("export const", "export declare const")
        .replace("WebAssembly.Memory", "{ readonly buffer: ArrayBuffer }");
    write(&generated.join("exports.ts"), exports)?;
    let version = version()?;
    write(&generated.join("error-codes.ts"), codes::typescript()?)?;
    write(&generated.join("version.ts"), format!("export const version = \"{version}\";\n"))?;
    for (wasm, module) in [
        (signer.join("kraken_signer.wasm"), "binary.ts"),
        (inspector.join("kraken_signer_inspect.wasm"), "inspect-binary.ts"),
    ] {
        let wasm = base64(&fs::read(wasm)?);
        write(&generated.join(module), format!("export const base64: string =\n  \"{wasm}\";\n"))?;
    }
    Ok(())
}

/// Compiles the TypeScript and bundles it as ES modules and as CommonJS, each with its own types.
fn compile(template: &Path, binaries: &[PathBuf; 2]) -> Result<()> {
    let pkg = root().join("pkg");
    let inputs = ["src", "tsconfig.json", "rollup.config.mjs", "package-lock.json"].map(|name| template.join(name));
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let version = version()?;
    once("compiling the TypeScript", &inputs, &version, &pkg.join("dist/cjs/package.json"), || {
        let [compiled, dist] = ["compiled", "dist"].map(|name| scratch().join(name));
        for folder in [&compiled, &dist] {
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
        }
        // Only the command line and the entry for Node may use the types of Node.
        for project in [".", "src/cli", "src/node"] {
            let mut tsc = tools::npm_script(template, "typescript/bin/tsc", &["--project", project]);
            run(tsc.arg("--outDir").arg(&compiled))?;
        }
        let mut rollup =
            tools::npm_script(template, "rollup/dist/bin/rollup", &["--config", "--silent", "--configFrom"]);
        run(rollup.arg(&compiled).arg("--configTo").arg(&dist))?;
        // Runtimes that do not embed the binaries load them from files beside the modules. They never use CommonJS.
        for binary in binaries {
            copy(binary, &dist.join("esm").join(binary.file_name().unwrap_or_default()))?;
        }
        // The nearest package.json decides whether a .js file is CommonJS, and what the names with # resolve to.
        let imports = json!({
            "#core": "./wasm/load/embedded.js",
            "#inspect-core": "./wasm/load/inspect-embedded.js",
            "#durable-object-base": "./durable-object/base/elsewhere.js",
        });
        let scope = json!({ "type": "commonjs", "imports": imports });
        write(&dist.join("cjs/package.json"), pretty(&scope)?)?;
        for types in files(&compiled)?.iter().filter(|file| file.to_str().is_some_and(|name| name.ends_with(".d.ts"))) {
            // Types need no binary, and TypeScript's old module resolution does not know #core.
            let text = fs::read_to_string(types)?.replace("import \"#core\";\n", "");
            // Internal modules. The public types do without @types/node and those of Workers.
            if text.contains("from \"node:") || text.contains("from \"cloudflare:") {
                continue;
            }
            for kind in ["esm", "cjs"] {
                write(&dist.join(kind).join(types.strip_prefix(&compiled)?), &text)?;
            }
        }
        // Replaces the package only after everything has compiled.
        fs::create_dir_all(&pkg)?;
        let _ = fs::remove_dir_all(pkg.join("dist"));
        fs::rename(&dist, pkg.join("dist")).context("cannot move the compiled files into pkg/")
    })
}

/// Writes the files of the package other than the code: manifest, documentation, licenses and SBOM.
fn manifest(template: &Path) -> Result<()> {
    let pkg = root().join("pkg");
    let text = fs::read_to_string(template.join("package.json"))?;
    let mut manifest: Map<String, Value> = serde_json::from_str(&text).context("pkg-template/package.json")?;
    manifest.remove("devDependencies");
    let repository = repository()?;
    manifest.insert("version".into(), version()?.into());
    manifest.insert("repository".into(), json!({ "type": "git", "url": format!("git+{repository}.git") }));
    write(&pkg.join("package.json"), pretty(&manifest.into())?)?;
    write(&pkg.join("README.md"), readme_of_package(&fs::read_to_string(root().join("README.md"))?, &repository))?;
    for (from, to) in [(root().join("LICENSE-MIT"), "LICENSE-MIT"), (root().join("LICENSE-APACHE"), "LICENSE-APACHE")] {
        copy(&from, &pkg.join(to))?;
    }
    let _ = fs::remove_dir_all(pkg.join("docs"));
    for page in files(&template.join("docs"))? {
        copy(&page, &pkg.join(page.strip_prefix(template)?))?;
    }
    write(&pkg.join("THIRD-PARTY.md"), third_party::notices()?)?;
    write(&pkg.join("sbom.cdx.json"), pretty(&third_party::sbom(&version()?)?)?)?;
    let size: u64 = files(&pkg)?.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum();
    let wasm = fs::metadata(pkg.join("dist/esm/kraken_signer.wasm"))?.len();
    say(&format!("pkg/ is ready: {} KB unpacked, including {wasm} bytes of WebAssembly for the signer", size / 1000));
    Ok(())
}

/// Returns the README as npm shows it: links to the guides lead to those of the package, and all others into the repository.
fn readme_of_package(text: &str, repository: &str) -> String {
    let target = |link: &str| match link.strip_prefix("pkg-template/") {
        Some(own) => own.to_owned(),
        None if link.starts_with("https:") || link.starts_with('#') => link.to_owned(),
        None => format!("{repository}/{}/main/{link}", if link.ends_with(".webp") { "raw" } else { "blob" }),
    };
    let rewritten = |text: &str, before: &str, end: char| {
        let mut parts = text.split(before);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |done, part| {
            let (link, rest) = part.split_once(end).unwrap_or((part, ""));
            format!("{done}{before}{}{end}{rest}", target(link))
        })
    };
    [("](", ')'), ("src=\"", '"'), ("srcset=\"", '"')]
        .iter()
        .fold(text.to_owned(), |text, (before, end)| rewritten(&text, before, *end))
}

/// Returns the address of the repository, which is set in `Cargo.toml`.
fn repository() -> Result<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let address = manifest.lines().find_map(|line| line.strip_prefix("repository = \"")?.strip_suffix('"'));
    address.map(str::to_owned).context("Cargo.toml has no repository")
}

/// Returns the version of the crate, which is also the version of the package.
pub fn version() -> Result<String> {
    let id = output(&mut crate::step::cargo(&["pkgid", "--package", "kraken-signer"]))?;
    id.rsplit(['#', '@']).next().map(str::to_owned).context("cargo pkgid printed no version")
}

fn pretty(json: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(json)? + "\n")
}

fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    Base64::encode_string(bytes)
}
