//! `cargo xtask watch`: compiles only the TypeScript and tests it, again whenever a file changes.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, SystemTime},
};

use anyhow::Result;

use crate::{
    build,
    step::{command, files, root, say},
    test,
};

/// The pause between checks for changed files.
const PAUSE: Duration = Duration::from_millis(300);

/// Returns the modification time of each file below the folders.
fn modified(folders: &[PathBuf]) -> Result<BTreeMap<PathBuf, SystemTime>> {
    let mut times = BTreeMap::new();
    for folder in folders {
        for file in files(folder)? {
            // An editor may have replaced the file in the meantime.
            if let Ok(time) = fs::metadata(&file).and_then(|data| data.modified()) {
                times.insert(file, time);
            }
        }
    }
    Ok(times)
}

/// Runs tests, which are files or folders of `tests`, once and after each change until it is stopped.
pub fn run(tests: &[&str]) -> Result<()> {
    test::package()?;
    let names: Vec<PathBuf> = tests.iter().map(|name| root().join("tests").join(name)).collect();
    let mut folders = vec![root().join("pkg-template/src")];
    folders.extend(names.iter().cloned());
    let mut seen = None;
    loop {
        let now = modified(&folders)?;
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            // Errors have been printed, and the next change may fix them.
            if build::typescript().is_ok() && !names.is_empty() {
                let mut node = command("node", &["--test", "--test-reporter=dot"]);
                let _ = node.args(test::files_of(&names)?).status();
            }
            say("waiting for a change; press Ctrl+C to stop");
        }
        thread::sleep(PAUSE);
    }
}
