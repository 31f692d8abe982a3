// Which proxy leads to a host, as curl and most programs read it from the environment.
import { env } from "node:process";
import { described } from "../checks.js";
import { need } from "../errors.js";

/** Answers the proxy for a URL; `undefined` where there is none. */
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

/** The first of these variables that is set, and its value. */
function firstOf(...names: readonly string[]): readonly [name: string, value: string] {
  const name = names.find((one) => env[one]) ?? "";
  return [name, env[name] ?? ""];
}

function proxyUrl(given: string | URL, where: string): URL {
  need(typeof given === "string" || given instanceof URL, `Invalid ${where}: expected a URL, or null for none, got ${described(given)}.`);
  // Programs take `proxy.example:3128`, too.
  const text = /^\w+:\/\//.test(`${given}`) ? `${given}` : `http://${given}`;
  need(URL.canParse(text), `Invalid ${where}: expected the URL of a proxy, such as http://proxy.example:3128.`);
  const url = new URL(text);
  need(/^https?:$/.test(url.protocol), `Invalid ${where}: expected a proxy with http or https; ${url.protocol} is not supported.`);
  return url;
}

/** Whether `NO_PROXY` names a host: itself, a domain above it, with or without a port, or all. */
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
