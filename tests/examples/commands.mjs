// Stands in for the programs that the documents name, one command at a time: this package's own command runs, at an exchange that the environment
// names. Of the others, the names that they are given are compared with those of this repository. A command that it does not know fails.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const { KRAKEN_ROOT: root, KRAKEN_PROGRAM: program, KRAKEN_EXCHANGE: exchange } = process.env;
const text = (name) => readFileSync(`${root}/${name}`, "utf8");
const npmName = () => JSON.parse(text("pkg-template/package.json")).name;
const [, , tool, ...args] = process.argv;

const fail = (message) => {
  console.error(`${[tool, ...args].join(" ")}: ${message}`);
  process.exit(1);
};
const expect = (condition, message) => condition || fail(message);

/** Starts the exchange on a free port, and stops it as a person does once it has printed its keys. */
function serve(options) {
  const onFreePort = options.map((option, index) => (options[index - 1] === "--port" ? "0" : option));
  const child = spawn(process.execPath, [program, "exchange", ...onFreePort], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
    if (/^Futures secret .+\n/m.test(said)) child.kill("SIGINT");
  });
  child.on("close", (code) => {
    process.stdout.write(said);
    expect(code === 0 && said.includes("Spot key"), `exit code ${code}: ${said}`);
  });
}

/** Runs the command of this package. A mistake that `investigate` finds has the exit code 1. */
function ownCommand([name, ...rest]) {
  if (name === "exchange") return serve(rest);
  const address = ["check", "call"].includes(name) && !rest.includes("--help") ? ["--base-url", exchange] : [];
  const { status, signal } = spawnSync(process.execPath, [program, name, ...rest, ...address], { stdio: "inherit" });
  expect(status === (name === "investigate" ? 1 : 0), `exit code ${status ?? signal}`);
}

/** Compares the features of a crate with those in `Cargo.toml`. */
function addCrate([name, ...options]) {
  const manifest = text("Cargo.toml");
  expect(manifest.includes(`[package]\nname = "${name}"`), "that is another crate");
  expect(options.length === 0 || (options.length === 2 && options[0] === "--features"), "an option that no test knows");
  for (const feature of options[1]?.split(",") ?? []) expect(new RegExp(`^${feature} = \\[`, "m").test(manifest), `no feature ${feature}`);
}

/** Compares a command of this repository with the list in its help, and parts of the tests with their list. */
function ownTask([name, ...rest]) {
  const [, help] = /const HELP: &str = "\\\n([^]*?)\n";/.exec(text("xtask/src/main.rs"));
  expect(new RegExp(`^  ${name}\\b`, "m").test(help), "no such command of cargo xtask");
  const parts = [...text("xtask/src/test.rs").matchAll(/\bname: "([\w-]+)"/g)].map(([, part]) => part);
  if (name === "test") for (const part of rest) expect(parts.includes(part), `no part ${part}`);
  if (name === "watch") for (const folder of rest) expect(existsSync(`${root}/tests/${folder}`), `no tests ${folder}`);
  if (name === "bench") expect(/^(|--quick|calls( \d+)?)$/.test(rest.join(" ")), "no such option");
}

const TOOLS = {
  npx: ([name, ...rest]) => (expect(name === npmName(), "another package"), ownCommand(rest)),
  npm: ([verb, ...names]) => {
    // It asks npm's registry about what is published there, which no test can know.
    if ([verb, ...names].join(" ") === "audit signatures") return;
    expect(verb === "install" && names.join() === npmName(), "not this package");
  },
  cargo: ([verb, ...rest]) =>
    verb === "add" ? addCrate(rest) : verb === "xtask" ? ownTask(rest) : fail("a command of cargo that no test knows"),
  // Machines that test may not have it.
  jq: ([flag, path]) => {
    const value = JSON.parse(readFileSync(0, "utf8"))[path.replace(/^\./, "")];
    expect(flag === "-r" && typeof value === "string", "the input has no such text");
    console.log(value);
  },
};

TOOLS[tool](args);
