//! The commands for developing this repository: `cargo xtask <command>`.

mod bench;
mod build;
mod codes;
mod deep;
mod embedded;
mod frameworks;
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
cargo xtask <command>

  build         build the npm package in pkg/; with --verify, build it twice in other folders and compare byte for byte
  demo          send signed requests with two-factor codes to the simulated exchange, from Node and from a Worker
  bench         benchmark the package against others in every runtime, and write tests/bench; with --quick, only check that it runs
  bench calls [ROUNDS]
                measure what calls, sockets and many keys cost in every runtime (10 rounds by default), and write tests/bench and the guide Performance
  test [PART]…  run all tests, or only some parts; `cargo xtask test --list` lists the parts
  watch [TEST]… build, and run these test folders or files, again whenever a file changes
  frameworks [NAME]…
                build and start a small app in each framework (tests/frameworks) with the packed package; all of them write the tables of README.md and pkg-template/docs/frameworks.md
  www [PORT]    build the site, with the signature workbench, and serve it on loopback
  fmt           format the sources
  fuzz [MIN]    fuzz each parser for MIN minutes (1 by default), then compare MIN × 500,000 signatures with node:crypto
  worlds [N [FIRST]]
                simulate N worlds of clients, clocks, networks and processes (10,000,000 by default), with seeds from FIRST on (1 by default); runs
                that print the same version add up. `worlds guards` removes each guard in turn
  soak [MIN]    let a bot trade for MIN minutes (120 by default) in Node, workerd and Deno, with a fault each minute
  miri          run the tests of the core under Miri, which detects undefined behavior
  mutants       mutate the core, and check that a test fails for each mutation
  deny          check licenses, versions and sources of the dependencies; with `advisories`, also known vulnerabilities
  lint          run rustfmt, prettier, clippy and the TypeScript compiler; warnings are errors
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
    // Also after a command, which would take it for a port or for a number of minutes.
    if args.iter().any(|arg| matches!(*arg, "--help" | "-h")) {
        print!("{HELP}");
        return Ok(());
    }
    match args {
        ["build"] => build::package(),
        ["build", "--verify"] => verify::run_twice(),
        ["demo"] => test::demo(),
        ["bench"] => bench::run(false),
        ["bench", "--quick"] => bench::run(true),
        ["bench", "calls"] => bench::calls(None),
        ["bench", "calls", rounds] => bench::calls(Some(rounds)),
        ["test", parts @ ..] => test::run(parts),
        ["watch", tests @ ..] => watch::run(tests),
        ["frameworks", names @ ..] => frameworks::run(names),
        ["www"] => www::serve("0"),
        ["www", port] => www::serve(port),
        ["fmt"] => lint::format(),
        ["fuzz"] => deep::fuzz("1"),
        ["fuzz", minutes] => deep::fuzz(minutes),
        ["worlds"] => test::worlds("10000000", "1"),
        ["worlds", "guards"] => test::worlds_without_guards(),
        ["worlds", count] => test::worlds(count, "1"),
        ["worlds", count, first] => test::worlds(count, first),
        ["soak"] => test::soak("120"),
        ["soak", minutes] => test::soak(minutes),
        ["miri"] => deep::miri(),
        ["mutants"] => deep::mutants(),
        ["deny"] => deep::deny(false),
        ["deny", "advisories"] => deep::deny(true),
        ["lint"] => lint::run(),
        [] | ["help"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => anyhow::bail!("unknown command: {}\n\n{HELP}", args.join(" ")),
    }
}
