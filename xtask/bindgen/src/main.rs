//! wasm-bindgen at the version that the lock file pins. `xtask-bindgen NAME FOLDER WASM` writes the bound binary and its glue
//! code for bundlers to the folder.
//!
//! It is a separate crate because most commands of xtask do not need it. It does not use the command line of wasm-bindgen, which
//! would add a hundred crates.

use std::{env, process::ExitCode};

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    match bind() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bind() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [name, folder, wasm] = args.as_slice() else { bail!("usage: xtask-bindgen NAME FOLDER WASM") };
    Bindgen::new().bundler(true)?.typescript(true).out_name(name).input_path(wasm).generate(folder)
}
