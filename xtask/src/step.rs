//! Runs commands, and skips those whose inputs have not changed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").into()
}

/// Returns the folder for stamps and intermediate files.
pub fn scratch() -> PathBuf {
    root().join("target/xtask")
}

/// Prints what is being done.
pub fn say(what: &str) {
    eprintln!("\x1b[1;36m▸\x1b[0m {what}");
}

/// Creates a command that runs at the root of the repository and shows its output.
pub fn command(program: impl AsRef<Path>, args: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(args).current_dir(root());
    command
}

/// Runs a command, and returns an error if it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("failed ({status}): {}", command_line(command));
    }
    Ok(())
}

/// Runs a command and returns its output, with white space trimmed at both ends.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("failed ({}): {}", output.status, command_line(command));
    }
    Ok(String::from_utf8(output.stdout)?.trim().into())
}

fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Does `work`, unless it has already been done with the same inputs.
///
/// `inputs` are files and folders whose contents are compared, and `also` is anything else that the result depends on. `work`
/// must create `output`; if `output` is deleted, the work is done again.
pub fn once(name: &str, inputs: &[&Path], also: &str, output: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = scratch().join("stamps").join(name.replace(' ', "-"));
    let digest = fingerprint(inputs, also)?;
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|done| done == digest) {
        return Ok(());
    }
    say(name);
    let start = Instant::now();
    // An old stamp must not survive work that fails halfway.
    let _ = fs::remove_file(&stamp);
    work().with_context(|| name.to_owned())?;
    if !output.exists() {
        bail!("{name} did not create {}", output.display());
    }
    write(&stamp, digest)?;
    let seconds = start.elapsed().as_secs_f32();
    if seconds > 5.0 {
        eprintln!("  {seconds:.0} s");
    }
    Ok(())
}

/// Writes a file, and creates the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file, and creates the folders above it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    write(to, fs::read(from).with_context(|| format!("cannot read {}", from.display()))?)
}

/// Returns all files below a folder, or the file itself, sorted.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.into()]);
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        found.extend(files(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}

fn fingerprint(inputs: &[&Path], also: &str) -> Result<String> {
    let mut hash = Sha256::new_with_prefix(also);
    for input in inputs {
        for file in files(input)? {
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            hash.update(file.as_os_str().as_encoded_bytes());
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Creates a command for the cargo that runs xtask.
pub fn cargo(args: &[&str]) -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).to_str().map_or("cargo", |path| path), args)
}
