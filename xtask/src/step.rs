//! Running commands, and leaving out the ones whose inputs have not changed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").into()
}

/// Where stamps and intermediate files go.
pub fn scratch() -> PathBuf {
    root().join("target/xtask")
}

/// Says what is being done.
pub fn say(what: &str) {
    eprintln!("\x1b[1;36m▸\x1b[0m {what}");
}

/// A command that shows its output.
pub fn command(program: impl AsRef<Path>, args: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(args).current_dir(root());
    command
}

/// Runs a command to its end and fails where it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("failed ({status}): {}", words(command));
    }
    Ok(())
}

/// Runs a command and returns what it printed, white space trimmed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("failed ({}): {}", output.status, words(command));
    }
    Ok(String::from_utf8(output.stdout)?.trim().into())
}

fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Does `work` unless it has been done already with inputs of the same content.
///
/// `inputs` are files and folders, which are read, and `also` is what else the result depends on. `output` must exist
/// afterwards; if it vanishes, the work is done again.
pub fn once(name: &str, inputs: &[&Path], also: &str, output: &Path, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = scratch().join("stamps").join(name.replace(' ', "-"));
    let digest = fingerprint(inputs, also)?;
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|done| done == digest) {
        return Ok(());
    }
    say(name);
    let start = Instant::now();
    // A stamp of before must not survive work that fails half way.
    let _ = fs::remove_file(&stamp);
    work().with_context(|| name.to_owned())?;
    if !output.exists() {
        bail!("{name}: {} was not made", output.display());
    }
    write(&stamp, digest)?;
    let seconds = start.elapsed().as_secs_f32();
    if seconds > 5.0 {
        eprintln!("  {seconds:.0} s");
    }
    Ok(())
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

/// Copies a file, and makes the folders above it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    write(to, fs::read(from).with_context(|| format!("cannot read {}", from.display()))?)
}

/// All files below a folder, or the file itself, in a fixed order.
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

/// The cargo that runs xtask.
pub fn cargo(args: &[&str]) -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()).to_str().map_or("cargo", |path| path), args)
}
