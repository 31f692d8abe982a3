// Sends an order in each of several situations, with the `fetch` of the runtime or of a package, and tells what was thrown and what was made of it.
import { exchange } from "../../pkg-template/src/rest/http/exchange.ts";

/** Own properties that tell something, and the causes. */
function raw(error, depth = 0) {
  if (Object(error) !== error || depth > 3) return undefined;
  const { name, message, code, syscall, erroredSysCall, cause, errors } = error;
  return {
    name,
    message: String(message).slice(0, 300),
    ...(typeof code === "string" && { code }),
    ...(syscall && { syscall }),
    ...(erroredSysCall && { erroredSysCall }),
    ...(cause && { cause: raw(cause, depth + 1) }),
    ...(errors && { errors: errors.map((one) => raw(one, depth + 1)) }),
  };
}

async function sendOf(from, proxy) {
  if (!from) return fetch;
  const module = await import(from);
  if (!proxy) return module.fetch ?? module.default;
  const dispatcher = new module.ProxyAgent(proxy);
  return (url, init) => module.fetch(url, { ...init, dispatcher });
}

const request = (url, id) => ({
  url,
  method: "POST",
  headers: { "API-Key": "k".repeat(56), "API-Sign": "s".repeat(88), "Content-Type": "application/x-www-form-urlencoded", "x-id": id },
  body: "nonce=1616492376594&pair=XBTUSD",
  redirect: "manual",
});

/** Tries each situation once, or after a first request on the same connection. */
export async function tryAll({ situations, from, proxy, write = true }) {
  const send = await sendOf(from, proxy);
  const all = {};
  for (const { name, url, twice } of situations) {
    let thrown;
    const watched = async (...args) => {
      try {
        return await send(...args);
      } catch (error) {
        thrown = error;
        throw error;
      }
    };
    // Stands for the `fetch` of the runtime, which is no function of the caller's.
    if (!from) watched[Symbol.for("kraken-signer.keeps-to-length/1")] = watched;
    const stopper = new AbortController();
    const timer = setTimeout(() => stopper.abort(), 2500);
    try {
      if (twice) {
        await exchange(watched, request(url, "first"), stopper.signal, { write });
        // Node puts a connection back a little later.
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      const { status } = await exchange(watched, request(url, "order"), stopper.signal, { write });
      all[name] = { status };
    } catch (error) {
      if (!error?.failure) throw error;
      const { neverSent, reason, cause } = error.failure;
      all[name] = { neverSent, reason, cause: raw(cause), thrown: raw(thrown), aborted: stopper.signal.aborted };
    } finally {
      clearTimeout(timer);
    }
  }
  return all;
}

const [argument] = globalThis.Deno?.args ?? globalThis.process?.argv?.slice(2) ?? [];
if (argument) {
  console.log(JSON.stringify(await tryAll(JSON.parse(argument))));
  globalThis.process?.exit?.(0);
}
