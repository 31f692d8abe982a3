//! `cargo xtask watch`: the TypeScript alone, compiled and tested again whenever a file of it changes.

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

/// How often it looks whether a file has changed.
const PAUSE: Duration = Duration::from_millis(300);

/// When each file below the folders was written last.
fn written(folders: &[PathBuf]) -> Result<BTreeMap<PathBuf, SystemTime>> {
    let mut times = BTreeMap::new();
    for folder in folders {
        for file in files(folder)? {
            // An editor may have replaced it meanwhile.
            if let Ok(time) = fs::metadata(&file).and_then(|data| data.modified()) {
                times.insert(file, time);
            }
        }
    }
    Ok(times)
}

/// Runs these tests, files or folders of `tests`, once and after each change, until it is stopped.
pub fn run(tests: &[&str]) -> Result<()> {
    test::package()?;
    let names: Vec<PathBuf> = tests.iter().map(|name| root().join("tests").join(name)).collect();
    let mut folders = vec![root().join("pkg-template/src")];
    folders.extend(names.iter().cloned());
    let mut seen = None;
    loop {
        let now = written(&folders)?;
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            // What went wrong has been printed; the next change is another chance.
            if build::typescript().is_ok() && !names.is_empty() {
                let mut node = command("node", &["--test", "--test-reporter=dot"]);
                let _ = node.args(test::files_of(&names)?).status();
            }
            say("waiting for a change; Ctrl-C ends it");
        }
        thread::sleep(PAUSE);
    }
}
