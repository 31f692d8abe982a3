//! Every command of the README: `cargo xtask <verb>`.

mod bench;
mod build;
mod codes;
mod deep;
mod embedded;
mod lint;
mod public_api;
mod step;
mod test;
mod third_party;
mod tools;
mod traps;
mod verify;
mod watch;
mod www;

use std::{env, process::ExitCode};

use anyhow::Result;

const HELP: &str = "\
cargo xtask <verb>

  build         leave the finished npm package in pkg/; with --verify, build twice elsewhere and compare byte for byte
  demo          signed, two-factor requests against the simulated exchange, from Node and from a Worker
  bench         the package beside others, in every runtime, into tests/bench; with --quick, only whether that can be measured
  test [PART]…  every test, or only some parts; `cargo xtask test --list` names them
  watch [TEST]… compile the TypeScript alone, and run these folders or files of tests, again whenever a file changes
  www [PORT]    build the signature workbench and serve it on loopback
  fmt           format the sources
  fuzz [MIN]    fuzz every parser and compare half a million signatures a minute with node:crypto, MIN minutes each (1 by default)
  worlds [N]    simulate N worlds of clients, clocks, networks and processes (ten million by default); `worlds guards` takes out each guard
  miri          the core under Miri, which finds undefined behaviour
  mutants       change the core in every small way, and see a test fail each time
  deny          licences, versions and sources of the dependencies; with `advisories`, fetch and check those too
  lint          rustfmt, clippy and TypeScript, warnings as errors
";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        ["build"] => build::package(),
        ["build", "--verify"] => verify::run_twice(),
        ["demo"] => test::demo(),
        ["bench"] => bench::run(false),
        ["bench", "--quick"] => bench::run(true),
        ["test", parts @ ..] => test::run(parts),
        ["watch", tests @ ..] => watch::run(tests),
        ["www"] => www::serve("0"),
        ["www", port] => www::serve(port),
        ["fmt"] => lint::format(),
        ["fuzz"] => deep::fuzz("1"),
        ["fuzz", minutes] => deep::fuzz(minutes),
        ["worlds"] => test::worlds("10000000"),
        ["worlds", "guards"] => test::worlds_without_guards(),
        ["worlds", count] => test::worlds(count),
        ["miri"] => deep::miri(),
        ["mutants"] => deep::mutants(),
        ["deny"] => deep::deny(false),
        ["deny", "advisories"] => deep::deny(true),
        ["lint"] => lint::run(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => anyhow::bail!("no such command: {}\n\n{HELP}", args.join(" ")),
    }
}
