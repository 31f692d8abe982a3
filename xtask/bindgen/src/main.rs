//! wasm-bindgen's command line at the version the lock file pins: `xtask-bindgen bindgen …` is `wasm-bindgen …`,
//! `xtask-bindgen test-runner …` is `wasm-bindgen-test-runner …`. A crate of its own, because it takes two minutes
//! to build and most verbs of xtask do not need it.

use std::{env, ffi::OsString, process::ExitCode};

fn main() -> ExitCode {
    let mut args: Vec<OsString> = env::args_os().collect();
    let tool = if args.len() > 1 { args.remove(1) } else { OsString::new() };
    let outcome = match tool.to_str() {
        Some("bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args),
        Some("test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args),
        _ => Err(anyhow::anyhow!("usage: xtask-bindgen <bindgen | test-runner> …")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
