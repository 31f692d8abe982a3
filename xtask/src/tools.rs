//! The tools that must be installed, and those that are installed here.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
};

use anyhow::{Context, Result, bail};

use crate::step::{self, cargo, command, once, output, root, run, say};

/// The Rust target of the package's binaries.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds the WebAssembly target to the toolchain in use, if it is missing.
pub fn wasm_target() -> Result<()> {
    add_target(WASM)
}

/// Adds a target to the toolchain in use, if it is missing.
pub fn add_target(target: &str) -> Result<()> {
    let sysroot = output(&mut command(rustc(), &["--print", "sysroot"]))?;
    if Path::new(&sysroot).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    say(&format!("adding the Rust target {target}"));
    run(&mut command("rustup", &["target", "add", target])).with_context(|| {
        format!("the Rust target {target} is missing; install rustup (https://rustup.rs), or add the target yourself")
    })
}

/// Compiles every feature that does not need WebAssembly with the oldest Rust version that `Cargo.toml` promises.
pub fn oldest_rust(package: &[&str]) -> Result<()> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let promised = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'));
    let version = format!("{}.0", promised.context("Cargo.toml has no rust-version")?);
    say(&format!("compiling with Rust {version}"));
    let install = ["toolchain", "install", &version, "--profile", "minimal", "--no-self-update"];
    output(&mut command("rustup", &install)).with_context(|| format!("Rust {version} cannot be installed"))?;
    let mut check = command("rustup", &["run", &version, "cargo", "check", "--features", "getrandom,inspect,std"]);
    run(check.args(package).arg("--target-dir").arg(step::scratch().join("oldest")).env("RUSTUP_TOOLCHAIN", &version))
}

/// Checks that a nightly toolchain is installed, and adds components to it.
pub fn nightly(components: &[&str]) -> Result<()> {
    output(&mut command("rustup", &["run", "nightly", "rustc", "--version"]))
        .context("the nightly toolchain is missing; run `rustup toolchain install nightly`")?;
    if components.is_empty() {
        return Ok(());
    }
    run(command("rustup", &["component", "add", "--toolchain", "nightly"]).args(components))
}

fn rustc() -> String {
    env::var("RUSTC").unwrap_or_else(|_| "rustc".into())
}

/// Checks that Node is installed and new enough.
pub fn node() -> Result<()> {
    const ADVICE: &str = "install Node 20 or newer (https://nodejs.org)";
    let version = Command::new("node").arg("--version").stderr(Stdio::null()).output();
    let version = match version {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        _ => bail!("Node was not found; {ADVICE}"),
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("Node {version} is too old; {ADVICE}");
    }
    Ok(())
}

/// Installs the npm packages of a folder's lock file.
pub fn npm_ci(folder: &Path) -> Result<()> {
    node()?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let inputs = [&*folder.join("package.json"), &*folder.join("package-lock.json")];
    let also = format!("{} {}", env::consts::OS, env::consts::ARCH);
    once(&format!("installing npm packages for {name}"), &inputs, &also, &folder.join("node_modules"), || {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        run(command(npm, &["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))
            .context("npm could not install the packages (see its message above)")
    })
}

/// Returns whether this machine has Firefox. If not, this says so, and in CI fails.
pub fn has_firefox() -> Result<bool> {
    const ADVICE: &str = "install it (in Debian: firefox-esr), or name it in the environment variable FIREFOX";
    let named = env::var("FIREFOX").ok();
    let names = named.as_deref().into_iter().chain(["firefox-esr", "firefox"]);
    let starts = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    let found = names.into_iter().any(starts);
    if !found && env::var_os("CI").is_some() {
        bail!("Firefox was not found: {ADVICE}");
    }
    if !found {
        say(&format!("FIREFOX WAS NOT FOUND, ITS TESTS ARE SKIPPED: {ADVICE}"));
    }
    Ok(found)
}

/// Installs the Python packages that a folder's `requirements.txt` pins by hash, into an environment of their own below `target`; what builds
/// those that come as source is in `requirements-build.txt`. Without Python this says so, and in CI fails.
pub fn pip_install(folder: &Path) -> Result<()> {
    const ADVICE: &str = "install Python 3.11 or newer with its module venv (in Debian: python3 python3-venv)";
    let probe = "import sys, venv, ensurepip; print(sys.version); assert sys.version_info >= (3, 11)";
    let found = Command::new("python3").args(["-c", probe]).stderr(Stdio::null()).output();
    let Some(version) = found.ok().filter(|output| output.status.success()) else {
        if env::var_os("CI").is_some() {
            bail!("Python was not found: {ADVICE}");
        }
        say(&format!("PYTHON WAS NOT FOUND, WHAT NEEDS IT IS SKIPPED: {ADVICE}"));
        return Ok(());
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let environment = root().join("target").join(&*name).join("python");
    let requirements = ["requirements-build.txt", "requirements.txt"].map(|file| folder.join(file));
    let also = String::from_utf8_lossy(&version.stdout).into_owned();
    let inputs = requirements.each_ref().map(PathBuf::as_path);
    once(&format!("installing Python packages for {name}"), &inputs, &also, &environment, || {
        // Packages of before would stay.
        let _ = fs::remove_dir_all(&environment);
        run(command("python3", &["-m", "venv"]).arg(&environment))?;
        let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        for requirement in &requirements {
            let pinned =
                ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--no-build-isolation", "-r"];
            run(command(&python, &pinned).arg(requirement))
                .context("pip could not install the packages; its own message is above")?;
        }
        Ok(())
    })
}

/// The feature of `xtask-bindgen` that adds the test runner, which is much larger.
const WITH_TEST_RUNNER: &[&str] = &["--features", "test-runner"];

/// Builds wasm-bindgen at the version in `Cargo.lock`, and returns the path of the program.
pub fn bindgen() -> Result<PathBuf> {
    bindgen_program("xtask-bindgen", &[])
}

/// Builds the test runner of wasm-bindgen, and returns the path of the program.
fn test_runner() -> Result<PathBuf> {
    bindgen_program("xtask-test-runner", WITH_TEST_RUNNER)
}

/// Builds both with the same features. Otherwise, most of their dependencies are compiled twice.
pub fn all_of_bindgen() -> Result<()> {
    bindgen_program("xtask-bindgen", WITH_TEST_RUNNER)?;
    test_runner()?;
    Ok(())
}

fn bindgen_program(name: &str, features: &[&str]) -> Result<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().expect("no thread panics");
    let program = root().join("target/tools").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    let inputs = [&*root().join("xtask/bindgen"), &*root().join("Cargo.lock")];
    once(&format!("building {name} (a minute or two the first time)"), &inputs, "", &program, || {
        let build = ["build", "--profile", "tools", "--locked", "--package", "xtask-bindgen", "--bin", name];
        run(cargo(&build).args(features))
    })?;
    Ok(program)
}

/// Creates a command that runs tests as WebAssembly, with the test runner of wasm-bindgen. `launcher` is a command that starts
/// the runner, or empty.
pub fn wasm_test(tests: &[&str], launcher: &str) -> Result<Command> {
    wasm_target()?;
    let runner = test_runner()?;
    let mut test = cargo(&["test", "--locked", "--target", WASM]);
    test.args(tests).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", format!("{launcher}{}", runner.display()));
    Ok(test)
}

/// Compiles a Worker in Rust, and returns the folder with its WebAssembly and glue code.
pub fn rust_worker(project: &Path, name: &str) -> Result<PathBuf> {
    wasm_target()?;
    let bindgen = bindgen()?;
    say(&format!("compiling the Worker {name}"));
    let target = root().join("target/worker-rust");
    let mut build = cargo(&["build", "--release", "--locked", "--quiet", "--target", WASM, "--target-dir"]);
    run(build.arg(&target).arg("--manifest-path").arg(project.join("Cargo.toml")))?;
    let folder = target.join("bound");
    let compiled = target.join(WASM).join("release").join(name).with_extension("wasm");
    run(command(&bindgen, &[name]).arg(&folder).arg(compiled))?;
    Ok(folder)
}

/// Creates a command that runs a script of an npm package in Node.
pub fn npm_script(folder: &Path, script: &str, args: &[&str]) -> Command {
    let mut node = command("node", &[]);
    node.arg(folder.join("node_modules").join(script)).args(args).current_dir(folder);
    node
}

/// Links `node_modules/kraken-signer` in a folder to the built package.
pub fn link_package(folder: &Path) -> Result<()> {
    let link = folder.join("node_modules/kraken-signer");
    if fs::read_link(&link).is_ok_and(|target| target == root().join("pkg")) {
        return Ok(());
    }
    let _ = fs::remove_file(&link);
    #[cfg(unix)]
    std::os::unix::fs::symlink(root().join("pkg"), &link).context("cannot link the package")?;
    #[cfg(windows)]
    std::os::windows::fs::symlink_dir(root().join("pkg"), &link).context("cannot link the package")?;
    Ok(())
}

/// One of the package's two WebAssembly binaries.
#[derive(Clone, Copy)]
pub struct Binary {
    /// The base name of the files.
    pub name: &'static str,
    /// The crate below `src/wasm`.
    pub package: &'static str,
    /// The cargo profile. Each binary has its own, so that cargo does not rebuild the other one.
    profile: &'static str,
    /// Additional flags for rustc.
    flags: &'static [&'static str],
}

/// The signer, which is the hot path. Only numbers cross its boundary, and without reference types it imports nothing. It uses a
/// few kilobytes of stack, so a small stack keeps its memory small.
pub const SIGNER: Binary = Binary {
    name: "kraken_signer",
    package: "kraken-signer-wasm",
    profile: "wasm",
    flags: &[
        "-Ctarget-feature=-reference-types",
        "-Clink-arg=-zstack-size=32768",
        // Blocks and states of up to 64 bytes are copied and zeroed by loads and stores. For memory.copy, V8 calls C.
        "-Cllvm-args=-max-store-memcpy=8",
        "-Cllvm-args=-max-store-memset=8",
    ],
};

/// The inspector, which explains signatures and finds mistakes. It needs more stack than the signer.
pub const INSPECTOR: Binary = Binary {
    name: "kraken_signer_inspect",
    package: "kraken-signer-inspect-wasm",
    profile: "inspect",
    flags: &["-Clink-arg=-zstack-size=524288"],
};

/// Creates a command that compiles a binary.
pub fn wasm_build(binary: Binary) -> Command {
    let mut build = cargo(&["build", "--locked", "--target", WASM, "--package", binary.package]);
    build.args(["--profile", binary.profile]);
    // Panic locations would otherwise contain paths of this machine.
    let mut flags = vec![format!("--remap-path-prefix={}/=", root().display())];
    for registry in fs::read_dir(cargo_home().join("registry/src")).into_iter().flatten().flatten() {
        flags.push(format!("--remap-path-prefix={}/=", registry.path().display()));
    }
    flags.extend(binary.flags.iter().map(|flag| (*flag).to_owned()));
    build.arg("--config").arg(format!("target.{WASM}.rustflags={flags:?}"));
    build
}

/// Returns the folder in which cargo keeps the sources of dependencies.
pub fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default()
}

/// Returns the path of the binary that `wasm_build` compiles.
pub fn wasm_built(binary: Binary) -> PathBuf {
    step::root()
        .join("target")
        .join(WASM)
        .join(binary.profile)
        .join(binary.package.replace('-', "_"))
        .with_extension("wasm")
}
