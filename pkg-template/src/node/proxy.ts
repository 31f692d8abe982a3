// Chooses the proxy for a host. The environment is read as curl and most programs read it.
import { env } from "node:process";
import { described } from "../checks.js";
import { need } from "../errors.js";

/** Returns the proxy for a URL; `undefined` if there is none. */
export type ProxyOf = (url: URL) => URL | undefined;

/** Reads the option `proxy`. The environment is read once. */
export function readProxy(proxy: string | URL | null | undefined): ProxyOf {
  if (proxy === null) return () => undefined;
  if (proxy !== undefined) {
    const given = proxyUrl(proxy, "`proxy`");
    return () => given;
  }
  const [name, named] = firstOf("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  if (!named) return () => undefined;
  const fromEnvironment = proxyUrl(named, name);
  const [, except] = firstOf("no_proxy", "NO_PROXY");
  return (url) => (isExcept(url, except) ? undefined : fromEnvironment);
}

/** Returns the first of these variables that is set, and its value. */
function firstOf(...names: readonly string[]): readonly [name: string, value: string] {
  const name = names.find((one) => env[one]) ?? "";
  return [name, env[name] ?? ""];
}

function proxyUrl(given: string | URL, where: string): URL {
  need(typeof given === "string" || given instanceof URL, `Invalid ${where}: expected a URL, or null for none, got ${described(given)}.`);
  // Other programs accept `proxy.example:3128` too.
  const text = /^\w+:\/\//.test(`${given}`) ? `${given}` : `http://${given}`;
  need(URL.canParse(text), `Invalid ${where}: expected the URL of a proxy, such as http://proxy.example:3128.`);
  const url = new URL(text);
  need(/^https?:$/.test(url.protocol), `Invalid ${where}: expected a proxy with http or https; ${url.protocol} is not supported.`);
  // Now, because it would fail as if a request were under way.
  need(loginOf(url) !== undefined, `Invalid ${where}: a % in its user name or password must be written as %25.`);
  return url;
}

/** Returns the user name and the password of a proxy's URL, as `user:password`; empty if it has neither, `undefined` if they cannot be decoded. */
export function loginOf({ username, password }: URL): string | undefined {
  if (!username && !password) return "";
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    return undefined;
  }
}

/** Whether `NO_PROXY` contains a host: the host itself or a domain above it, with or without a port, or all hosts. */
function isExcept({ hostname, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", only] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.replace(/^\*?\./, "")) ?? [];
      return (only === undefined || only === (port || "443")) && (host === name || host.endsWith(`.${name}`));
    });
}
