//! `cargo xtask test` and `cargo xtask demo`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    bench, build, embedded, lint, public_api,
    step::{cargo, command, output, root, run as execute, say, scratch, write},
    tools, traps, www,
};

/// A part of the tests: its name, what it tests, and the function that runs it.
struct Part {
    name: &'static str,
    shows: &'static str,
    run: fn() -> Result<()>,
}

const PARTS: &[Part] = &[
    Part { name: "lint", shows: "rustfmt, prettier, clippy and TypeScript report nothing", run: lint::run },
    Part {
        name: "structure",
        shows: "the modules of the TypeScript: no cycle, no upward import, nothing too long, the glossary's words",
        run: || node_tests("structure"),
    },
    Part { name: "rust", shows: "the Rust core against the vectors", run: rust },
    Part {
        name: "crate",
        shows: "the crate: documentation, bare metal, oldest Rust, packaging and use",
        run: rust_crate,
    },
    Part { name: "binding", shows: "the WebAssembly binding, from inside, in Node", run: binding },
    Part { name: "web", shows: "the feature `web`, in Node, Chromium, and a Worker in Rust", run: web },
    Part { name: "traps", shows: "no panic can be reached in the binary", run: traps::check },
    Part { name: "conformance", shows: "the installed package in every runtime", run: conformance },
    Part {
        name: "packaging",
        shows: "the installed package bundled, typed and imported",
        run: || node_tests("packaging"),
    },
    Part { name: "core", shows: "memory, growth, crashes, hostile calls, node:crypto", run: || node_tests("core") },
    Part { name: "exchange", shows: "the simulated exchange, with node:crypto", run: || node_tests("exchange") },
    Part { name: "client", shows: "the clients against the exchange and its faults", run: || node_tests("client") },
    Part {
        name: "transport",
        shows: "requests are sent once and read within limits, in every runtime; parameters are encoded",
        run: || node_tests("transport"),
    },
    Part { name: "lane", shows: "queues, nonces and clocks, in one thread and in several", run: || node_tests("lane") },
    Part { name: "types", shows: "every endpoint's types, pages, names, rounding", run: || node_tests("types") },
    Part {
        name: "outcomes",
        shows: "what each answer proves, for every client; every fault through Durable Objects",
        run: || node_tests("outcomes"),
    },
    Part {
        name: "orders",
        shows: "orders are placed and resolved, whatever happens to their requests",
        run: || node_tests("orders"),
    },
    Part {
        name: "money",
        shows: "thousands of orders through proxies that duplicate, lose and delay requests",
        run: || node_tests("money"),
    },
    Part {
        name: "simulation",
        shows: "simulated runs, each from a seed: faults of clocks, networks and processes",
        run: || node_tests("simulation"),
    },
    Part {
        name: "sockets",
        shows: "WebSockets, disconnected at every step of the protocol",
        run: || node_tests("sockets"),
    },
    Part {
        name: "clients",
        shows: "other people's clients against the exchange, and their signatures beside ours",
        run: clients,
    },
    Part { name: "inspect", shows: "the inspector against signers that are broken on purpose", run: inspect },
    Part {
        name: "durable-object",
        shows: "one key for many Workers: load, restarts and errors in workerd",
        run: || node_tests("durable-object"),
    },
    Part {
        name: "redis",
        shows: "one key for many processes: Redis, PostgreSQL, and their failures",
        run: || node_tests("redis"),
    },
    Part {
        name: "node",
        shows: "kraken-signer/node: persistent connections, TLS, proxies, errors",
        run: || node_tests("node"),
    },
    Part {
        name: "cli",
        shows: "the command line, as installed, at a terminal and in scripts",
        run: || node_tests("cli"),
    },
    Part {
        name: "examples",
        shows: "the examples, as installed, against the exchange",
        run: || node_tests("examples"),
    },
    Part { name: "bench", shows: "the benchmark measures, and rejects wrong signatures", run: benchmark },
    Part { name: "www", shows: "the signature workbench, in Chromium and Firefox", run: workbench },
    Part { name: "site", shows: "the site: links, examples, a page for every export, axe, in Chromium", run: site },
    Part { name: "demo", shows: "the demo and the README's examples do what they say", run: demonstration },
];

/// Parts that run beside the others at a lower priority. None of them measures times, but some limit them. The first ones compile and compute, and need
/// nothing but the finished package.
const COMPILING: &[&str] = &["inspect", "types"];

/// The same, for browsers and other programs that mostly wait. For some of them, something has to be built or installed.
const BESIDE: &[&str] = &["clients", "www", "examples", "site", "packaging"];

/// Parts that only compute, without any limit of time. At the lowest priority, they use what all others leave of the processors.
const FILLING: &[&str] = &["simulation", "core"];

/// The first part that needs the finished package. From here on, others run beside it.
const FIRST_WITH_OTHERS_BESIDE: &str = "structure";

/// A part's name, whether it passed, and how long it took.
type Outcome = (&'static str, bool, Duration);

/// The environment variable that tells a part that the package was built for it.
const PACKAGE_IS_BUILT: &str = "KRAKEN_SIGNER_BUILT";

/// Runs the named parts, or all parts, and reports which failed.
pub fn run(names: &[&str]) -> Result<()> {
    if names.contains(&"--list") {
        for part in PARTS {
            println!("{:12}  {}", part.name, part.shows);
        }
        return Ok(());
    }
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        bail!("unknown part \"{unknown}\"; `cargo xtask test --list` lists the parts");
    }
    tools::node()?;
    let chosen = |name: &str| names.is_empty() || names.contains(&name);
    let aside = [COMPILING, BESIDE, FILLING].concat();
    let apart = |name: &str| names.len() != 1 && aside.contains(&name);
    let background = |parts: &[&'static str], niceness| {
        Background::new(parts.iter().copied().filter(|name| chosen(name) && apart(name)).collect(), niceness)
    };
    let (compiling, beside) = (background(COMPILING, "10"), background(BESIDE, "10"));
    let filling = background(FILLING, "19");
    let outcomes = thread::scope(|scope| -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::new();
        let mut workers = Vec::new();
        let packages = names.is_empty().then(|| {
            // Beside `lint`, which uses one processor for most of its time, and needs neither of them at first. All programs of wasm-bindgen at once,
            // because `binding` would otherwise compile most of this again. If something fails, the first part that needs it says why.
            scope.spawn(|| drop(tools::all_of_bindgen()));
            scope.spawn(|| drop(tools::npm_ci(&root().join("tests"))))
        });
        let mut packages = packages.into_iter();
        for part in PARTS {
            if part.name == FIRST_WITH_OTHERS_BESIDE && aside.iter().any(|name| chosen(name) && apart(name)) {
                packages.by_ref().for_each(|thread| thread.join().expect("no thread panics"));
                package()?;
                workers.push(scope.spawn(|| filling.work()));
                workers.push(scope.spawn(|| {
                    thread::scope(|both| {
                        both.spawn(|| beside.prepare());
                        compiling.work()
                    })?;
                    beside.work()
                }));
            }
            if chosen(part.name) && !apart(part.name) {
                outcomes.push(run_here(part));
            }
        }
        // Nothing is left that they could disturb.
        workers.extend((0..2).map(|_| scope.spawn(|| beside.work().and_then(|()| filling.work()))));
        workers.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))?;
        for others in [&filling, &compiling, &beside] {
            outcomes.extend(others.outcomes.lock().expect("no thread panics").iter());
        }
        Ok(outcomes)
    })?;
    println!();
    if outcomes.iter().any(|(name, ..)| *name == "conformance") {
        // Without results there is no table; the part has already reported why.
        let _ = runtimes(&[]);
    }
    for (name, passed, time) in &outcomes {
        println!("{:4}  {name:12} {:5.1} s", if *passed { "ok" } else { "FAIL" }, time.as_secs_f32());
    }
    let failed = outcomes.iter().filter(|(_, passed, _)| !passed).count();
    println!("\n{} passed, {failed} failed", outcomes.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} parts failed", outcomes.len());
    }
    Ok(())
}

fn run_here(part: &Part) -> Outcome {
    eprintln!("\n\x1b[1m{}\x1b[0m: {}", part.name, part.shows);
    let start = Instant::now();
    let outcome = (part.run)();
    if let Err(error) = &outcome {
        eprintln!("{error:#}");
    }
    (part.name, outcome.is_ok(), start.elapsed())
}

/// Parts that run each in a process of its own. What each printed is printed when it has ended.
struct Background {
    parts: Vec<&'static str>,
    niceness: &'static str,
    next: AtomicUsize,
    outcomes: Mutex<Vec<Outcome>>,
}

impl Background {
    fn new(parts: Vec<&'static str>, niceness: &'static str) -> Self {
        Self { parts, niceness, next: AtomicUsize::new(0), outcomes: Mutex::default() }
    }

    /// Builds and installs what the parts need, while Rust is compiled. If something cannot be built, its part says why.
    fn prepare(&self) {
        if ["www", "site"].iter().any(|name| self.parts.contains(name)) {
            let _ = www::site();
        }
        if self.parts.contains(&"clients") {
            let _ = packages_of_clients();
        }
    }

    /// Runs one part after another, until none is left. Several threads may do so.
    fn work(&self) -> Result<()> {
        while let Some(&part) = self.parts.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            say(&format!("in the background: {part}"));
            let start = Instant::now();
            let printed = scratch().join("printed").join(part);
            write(&printed, "")?;
            let file = fs::File::create(&printed)?;
            let passed = at_low_priority(&env::current_exe()?, self.niceness)
                .args(["test", part])
                .env(PACKAGE_IS_BUILT, "1")
                .stdin(Stdio::null())
                .stdout(file.try_clone()?)
                .stderr(file)
                .status()?
                .success();
            let mut outcomes = self.outcomes.lock().expect("no thread panics");
            eprint!("{}", String::from_utf8_lossy(&fs::read(&printed)?));
            outcomes.push((part, passed, start.elapsed()));
        }
        Ok(())
    }
}

/// A program that leaves most of a busy processor to others. With a niceness of 10 it still gets a tenth, so that a browser is not taken for dead;
/// with 19, next to nothing.
fn at_low_priority(program: &Path, niceness: &str) -> Command {
    if !cfg!(unix) {
        return Command::new(program);
    }
    let mut nice = Command::new("nice");
    nice.args(["-n", niceness]).arg(program);
    nice
}

/// Runs the demo.
pub fn demo() -> Result<()> {
    package()?;
    execute(&mut command("node", &["tests/demo/demo.mjs"]))
}

fn conformance() -> Result<()> {
    node_tests("conformance")?;
    // A machine that lacks a runtime cannot reproduce the table in pkg-template/docs/runtimes.md.
    if env::var_os("CI").is_some() { runtimes(&["--check"]) } else { Ok(()) }
}

/// Prints the table of runtimes, or compares it with that of the page.
fn runtimes(mode: &[&str]) -> Result<()> {
    execute(command("node", &["tests/conformance/table.mjs"]).args(mode))
}

fn benchmark() -> Result<()> {
    bench::prepare()?;
    node_tests("bench")
}

fn demonstration() -> Result<()> {
    node_tests("demo")?;
    demo()
}

fn workbench() -> Result<()> {
    package()?;
    www::page()?;
    node_tests("www")?;
    if !tools::has_firefox()? {
        return Ok(());
    }
    node_tests_with("www", &[("WORKBENCH_BROWSER", "firefox")])
}

fn site() -> Result<()> {
    package()?;
    www::site()?;
    node_tests("site")
}

/// The clients come by npm and pip, pinned; without Python, those in JavaScript remain.
fn packages_of_clients() -> Result<()> {
    let folder = root().join("tests/clients");
    tools::npm_ci(&folder)?;
    tools::pip_install(&folder)
}

fn clients() -> Result<()> {
    packages_of_clients()?;
    node_tests("clients")
}

fn rust() -> Result<()> {
    let tests = ["test", "--locked", "--quiet", "--package", "kraken-signer", "--features", "getrandom,std"];
    execute(&mut cargo(&tests))?;
    // Residues of keys are searched for in the optimized code that users run.
    execute(cargo(&tests).args(["--release", "--test", "memory"]))
}

/// Tests the search in Rust, where it can look for thousands of signatures at once, and its findings in Node.
fn inspect() -> Result<()> {
    let crate_tests =
        ["test", "--release", "--locked", "--quiet", "--package", "kraken-signer", "--features", "inspect"];
    execute(
        cargo(&crate_tests)
            .args(["--lib", "--test", "snippets", "--test", "mistakes", "--", "inspect", "signs", "mistake"]),
    )?;
    node_tests("inspect")
}

/// Checks the crate as users get it: documentation, bare metal, packaging, and signing in a separate project.
fn rust_crate() -> Result<()> {
    let one = ["--locked", "--quiet", "--package", "kraken-signer"];
    tools::wasm_target()?;
    let features = ["--features", "getrandom,inspect,std"];
    execute(cargo(&["doc", "--no-deps"]).args(features).args(one).env("RUSTDOCFLAGS", "--deny warnings"))?;
    www::crate_pages()?;
    public_api::check(&["target/doc", &format!("target/{}/doc", tools::WASM)])?;

    const BARE_METAL: &str = "thumbv7em-none-eabi";
    tools::add_target(BARE_METAL)?;
    execute(cargo(&["build", "--target", BARE_METAL]).args(one))?;
    embedded::check(BARE_METAL)?;
    tools::oldest_rust(&one)?;

    execute(cargo(&["package", "--allow-dirty"]).args(one))?;
    let version = build::version()?;
    let project = scratch().join("consumer");
    let manifest = format!(
        "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         kraken-signer = {{ path = \"../../package/kraken-signer-{version}\", features = [\"getrandom\", \"std\"] }}\n"
    );
    write(&project.join("Cargo.toml"), manifest)?;
    write(&project.join("src/main.rs"), include_str!("consumer.rs"))?;
    let printed = output(cargo(&["run", "--quiet"]).current_dir(&project))?;
    let signature = "6i7+cpXVLDDnDOekgsRcgFQhkYFyPDSSxhSVA8OrA6vjziXcy2K1DP3n7f9B/Kgni71WjBSQusZKxduRsdF20Q==";
    if printed != format!("{signature} 94287082") {
        bail!("the program with the packaged crate printed {printed}, which is wrong");
    }
    Ok(())
}

fn binding() -> Result<()> {
    tools::node()?;
    execute(&mut tools::wasm_test(&["--package", "kraken-signer-wasm", "--lib"], "")?)
}

/// Tests the feature `web` in two engines, and with an order that a Worker in Rust places.
fn web() -> Result<()> {
    package()?;
    let tests = ["--package", "kraken-signer", "--features", "web", "--test", "web"];
    execute(&mut tools::wasm_test(&tests, "")?)?;
    execute(&mut tools::wasm_test(&tests, "node tests/harness/wasm-browser.mjs ")?)?;
    // The examples in the documentation are only compiled. Running them takes a server, which the Worker below has.
    let examples = ["--doc", "--package", "kraken-signer", "--features", "web"];
    execute(tools::wasm_test(&examples, "node --version ")?.args(["--", "src/web"]))?;

    let worker = tools::rust_worker(&root().join("tests/examples/worker-rust"), "kraken_worker")?;
    say("node --test tests/core/worker-rust.mjs");
    execute(command("node", &["--test", "tests/core/worker-rust.mjs"]).env("KRAKEN_WORKER", worker))
}

/// Simulates `count` worlds with seeds from `first` on; see tests/simulation.
pub fn worlds(count: &str, first: &str) -> Result<()> {
    let number =
        |text: &str| -> Result<u32> { text.parse().context("`cargo xtask worlds` expects numbers, or `guards`") };
    let (count, first) = (number(count)?, number(first)?);
    package()?;
    let mut node =
        command("node", &["--test", "--test-name-pattern=simulated runs", "tests/simulation/simulation.test.mjs"]);
    execute(node.env("SIMULATION_WORLDS", count.to_string()).env("SIMULATION_FIRST", first.to_string()))
}

/// Removes each guard of the package in turn, and checks that the simulation detects it.
pub fn worlds_without_guards() -> Result<()> {
    package()?;
    execute(&mut command(fast_node(), &["tests/simulation/mutants.mjs"]))
}

/// Lets a bot trade for some minutes in several runtimes; see tests/soak.
pub fn soak(minutes: &str) -> Result<()> {
    let _: f64 = minutes.parse().context("`cargo xtask soak` expects a number of minutes, such as 120")?;
    package()?;
    execute(&mut command(fast_node(), &["tests/soak/soak.mjs", minutes]))
}

/// Node 26 where the tests' packages have it: it runs half again as many worlds a second as Node 20. The tests' own run stays with the Node at hand.
fn fast_node() -> PathBuf {
    let fast = root().join("tests/node_modules/node26/bin/node");
    if fast.exists() { fast } else { PathBuf::from("node") }
}

/// Compares `cases` random signatures and codes with those of `node:crypto`.
pub fn differential(cases: u32) -> Result<()> {
    package()?;
    let mut node = command("node", &["--test", "tests/core/differential.test.mjs"]);
    execute(node.env("KRAKEN_SIGNER_CASES", cases.to_string()))
}

/// Builds the package and installs the packages that its tests need, once for all parts.
pub fn package() -> Result<()> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.load(Ordering::Relaxed) || env::var_os(PACKAGE_IS_BUILT).is_some() {
        return Ok(());
    }
    build::package()?;
    let tests = root().join("tests");
    tools::npm_ci(&tests)?;
    tools::link_package(&tests)?;
    DONE.store(true, Ordering::Relaxed);
    Ok(())
}

/// Returns the named test files, and the `*.test.mjs` files of the named folders.
pub fn files_of(names: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        if name.is_dir() {
            let inside = fs::read_dir(name)?.filter_map(|entry| Some(entry.ok()?.path()));
            found.extend(inside.filter(|path| path.to_str().is_some_and(|path| path.ends_with(".test.mjs"))));
        } else if name.is_file() {
            found.push(name.clone());
        }
        if found.len() == before {
            bail!("{} has no tests", name.display());
        }
    }
    found.sort();
    Ok(found)
}

/// Runs the tests of a folder, two files at a time, because most of them wait. Those that measure times run alone, afterwards.
fn node_tests(folder: &str) -> Result<()> {
    node_tests_with(folder, &[])
}

fn node_tests_with(folder: &str, variables: &[(&str, &str)]) -> Result<()> {
    package()?;
    let files = files_of(&[root().join("tests").join(folder)])?;
    let (alone, together): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| measures_time(file));
    for (files, at_once) in [(together, 2), (alone, 1)] {
        if files.is_empty() {
            continue;
        }
        let prefix: String = variables.iter().map(|(name, value)| format!("{name}={value} ")).collect();
        say(&format!("{prefix}node --test tests/{folder}, {at_once} at a time"));
        let reporter = if env::var_os("CI").is_some() { "spec" } else { "dot" };
        let options =
            ["--test".to_owned(), format!("--test-reporter={reporter}"), format!("--test-concurrency={at_once}")];
        execute(command("node", &[]).args(options).args(files).envs(variables.iter().copied()))
            .with_context(|| format!("tests in tests/{folder} failed"))?;
    }
    Ok(())
}

/// Whether a test would fail beside another one, by its name.
fn measures_time(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    ["speed", "check-time", "silence", "bench"].iter().any(|word| name.contains(word))
}
