//! `cargo xtask watch`: builds and tests again whenever a file changes. If only TypeScript has changed, only that is compiled.

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
    let rust = [root().join("src"), root().join("Cargo.toml")];
    let mut seen = (modified(&rust)?, BTreeMap::new());
    loop {
        let now = (modified(&rust)?, modified(&folders)?);
        if seen != now {
            let built = if seen.0 == now.0 { build::typescript() } else { build::package() };
            seen = now;
            match built {
                Ok(()) => test_files(&names),
                // The next change may mend it.
                Err(error) => eprintln!("{error:#}"),
            }
            say("waiting for a change; press Ctrl+C to stop");
        }
        thread::sleep(PAUSE);
    }
}

/// Runs the test files below some paths. A path may be gone, or have no tests, while its file is edited.
fn test_files(names: &[PathBuf]) {
    if names.is_empty() {
        return;
    }
    match test::files_of(names) {
        Ok(files) => {
            let _ = command("node", &["--test", "--test-reporter=dot"]).args(files).status();
        }
        Err(error) => eprintln!("{error:#}"),
    }
}
