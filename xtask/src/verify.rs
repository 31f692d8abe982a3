//! `cargo xtask build --verify`: checks that two clean builds in different folders produce the same package, byte for byte.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::step::{cargo, command, copy, files, output, root, run, say};

/// Builds twice, from the files that git tracks or would add, and compares the packages that npm would publish.
pub fn run_twice() -> Result<()> {
    // The paths have different lengths, because they must not even change an offset.
    let folders = ["kraken-signer-a", "kraken-signer-another"].map(|name| env::temp_dir().join(name));
    let [first, second] = [build(&folders[0])?, build(&folders[1])?];
    if fs::read(&first)? != fs::read(&second)? {
        bail!("{} and {} differ{}", first.display(), second.display(), difference(&folders)?);
    }
    say("both builds produced the same package");
    for folder in &folders {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Builds in `folder` and returns the path of the packed package.
fn build(folder: &Path) -> Result<PathBuf> {
    say(&format!("building in {}", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let known = output(&mut command("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    for name in known.split('\0').filter(|name| !name.is_empty()) {
        let from = root().join(name);
        // Git also lists files that have been deleted.
        if from.exists() {
            copy(&from, &folder.join(name))?;
        }
    }
    // The variables that cargo set for this program must not affect the other build.
    let own = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_")));
    let mut build = cargo(&["run", "--quiet", "--locked", "--package", "xtask", "--", "build"]);
    build.current_dir(folder).env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_TARGET_DIR");
    for (name, _) in own {
        build.env_remove(name);
    }
    run(&mut build)?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(command(npm, &["pack", "./pkg", "--silent"]).current_dir(folder))?;
    let mut packed = fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    packed.find(|file| file.extension().is_some_and(|kind| kind == "tgz")).context("npm pack created no package")
}

/// Returns the list of files that differ, for an error message.
fn difference(folders: &[PathBuf; 2]) -> Result<String> {
    let [first, second] = folders.each_ref().map(|folder| folder.join("pkg"));
    let mut differing = String::new();
    for file in files(&first)? {
        let name = file.strip_prefix(&first)?;
        if fs::read(&file)? != fs::read(second.join(name)).unwrap_or_default() {
            differing += &format!("\n  {}", name.display());
        }
    }
    Ok(differing)
}
