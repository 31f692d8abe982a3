// The built package, loaded as often as a world needs processes, with what a runtime gives it replaced.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";

/** Another build can be driven by naming its folder. */
const PACKAGE = process.env.SIMULATION_PACKAGE ?? fileURLToPath(new URL("../../pkg", import.meta.url));

/** What the modules see of their runtime; everything else is the language's own. */
const GLOBALS = [
  "globalThis",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "setImmediate",
  "queueMicrotask",
  "Date",
  "performance",
  "Math",
  "crypto",
  "fetch",
  "AbortSignal",
  "Blob",
  "WebSocket",
  "navigator",
];

const ENTRIES = ["index.js", "sockets/index.js", "durable-object/index.js", "redis/index.js"];

/** The class of the platform that Durable Objects extend. */
const BASE = {
  DurableObject: class {
    constructor(ctx, env) {
      Object.assign(this, { ctx, env });
    }
  },
};

const names = (list) =>
  list
    .split(",")
    .map((one) => one.trim().split(/\s+as\s+/))
    .filter(([name]) => name)
    .map(([name, as = name]) => ({ name, as }));

/** An ES module as the bundler writes it, as a function body: imports are `require`, exports are properties. */
function asFunction(text, file) {
  const body = text
    .replace(/^import '([^']+)';$/gm, "require('$1');")
    .replace(/^import \{([^}]*)\} from '([^']+)';$/gm, (_, list, from) => {
      const taken = names(list).map(({ name, as }) => `${name}: ${as}`);
      return `const { ${taken.join(", ")} } = require('${from}');`;
    })
    .replace(/^export \{([^}]*)\} from '([^']+)';$/gm, (_, list, from) =>
      names(list)
        .map(({ name, as }) => `exports.${as} = require('${from}').${name};`)
        .join(" "),
    )
    .replace(/^export \{([^}]*)\};$/gm, (_, list) =>
      names(list)
        .map(({ name, as }) => `exports.${as} = ${name};`)
        .join(" "),
    );
  const left = /^(import|export)\b.*/m.exec(body);
  if (left) throw new Error(`${file}: cannot load «${left[0].slice(0, 80)}»`);
  return `"use strict";\n${body}`;
}

/** Module-level state that outlives a process here: the binary and its instance, and what encodes UTF-8, which remembers nothing. */
const KEPT = new Set(["compile", "compiled", "current", "encoder", "decoder"]);

/** Classes whose instances remember nothing. */
const STATELESS = new Set(["TextEncoder", "TextDecoder"]);

const STATE = /^(?:(let|var) ([\w$]+)|const ([\w$]+) = (?:\/\* @__PURE__ \*\/ )?new ([\w$]+)(\(.*\));$)/gm;

/** Lets what a module remembers be renewed: `renewals` gets a function for each such thing. What cannot be renewed is no secret: it throws. */
function renewable(body, file) {
  return body.replace(STATE, (all, isVariable, variable, name, type, given) => {
    if (isVariable ? KEPT.has(variable) : STATELESS.has(type)) return all;
    if (isVariable) throw new Error(`${file}: «${all}» outlives a process of the simulation; see KEPT`);
    const isExported = new RegExp(`^exports\\.[\\w$]+ = ${name.replaceAll("$", "\\$")};`, "m").test(body);
    if (isExported) throw new Error(`${file}: ${name} is state that other modules have: the simulation cannot renew it`);
    return `let ${name} = new ${type}${given}; renewals.push(() => (${name} = new ${type}${given}));`;
  });
}

/** The package's modules in one of its two formats, compiled once. */
class Format {
  #folder;
  #isModule;
  #change;
  #compiled = new Map();

  constructor(name, change) {
    this.#folder = join(PACKAGE, "dist", name);
    this.#isModule = name === "esm";
    this.#change = change;
  }

  #compile(file) {
    let compiled = this.#compiled.get(file);
    if (!compiled) {
      const path = join(this.#folder, file);
      const text = this.#change(readFileSync(path, "utf8"), file);
      const body = renewable(this.#isModule ? asFunction(text, file) : text, file);
      compiled = compileFunction(body, ["exports", "require", "renewals", ...GLOBALS], { filename: path });
      this.#compiled.set(file, compiled);
    }
    return compiled;
  }

  /** One copy of the package, as one `import` or `require` in one process makes it, and a function that makes it forget. */
  instantiate(runtime) {
    const loaded = new Map();
    const renewals = [];
    const globals = GLOBALS.map((name) => runtime[name]);
    const load = (file) => {
      const known = loaded.get(file);
      if (known) return known;
      const exports = {};
      loaded.set(file, exports);
      const require = (name) => {
        if (name === "#durable-object-base") return BASE;
        return load(name === "#core" ? "wasm/load/embedded.js" : posix.join(posix.dirname(file), name));
      };
      this.#compile(file)(exports, require, renewals, ...globals);
      return exports;
    };
    const exports = Object.assign({}, ...ENTRIES.map(load));
    return { exports, renew: () => renewals.forEach((renew) => renew()) };
  }
}

/** The package in both formats. `change(text, file)` may break it on purpose. */
export class Package {
  #formats;

  constructor(change = (text) => text) {
    this.#formats = { esm: new Format("esm", change), cjs: new Format("cjs", change) };
  }

  instantiate(format, runtime) {
    return this.#formats[format].instantiate(runtime);
  }
}

/** The package as it is, in this process: what the exchange verifies with. */
export const genuine = () => new Package().instantiate("esm", Object.fromEntries(GLOBALS.map((name) => [name, globalThis[name]]))).exports;
