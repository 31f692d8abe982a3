// Serves the site on loopback, with the headers that a host should send.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { HEADERS } from "../serve.mjs";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Returns the file for an address; undefined if there is none. */
async function find(folder, address) {
  const { pathname } = new URL(address, "http://127.0.0.1");
  const path = join(folder, normalize(decodeURIComponent(pathname)));
  if (!path.startsWith(folder)) return undefined;
  const file = path.endsWith("/") ? join(path, "index.html") : path;
  const content = await readFile(file).catch(() => undefined);
  return content && { content, type: TYPES[extname(file)] ?? "application/octet-stream" };
}

/** Serves the files of a folder, and nothing else. Resolves with the listening server. */
export function serveSite(folder, port = 0) {
  const server = createServer(async (request, response) => {
    const found = await find(folder, request.url).catch(() => undefined);
    const [status, { content, type }] = found
      ? [200, found]
      : [404, (await find(folder, "/404.html")) ?? { content: "", type: TYPES[".html"] }];
    response.writeHead(status, { ...HEADERS, "Content-Type": type }).end(request.method === "HEAD" ? undefined : content);
  });
  return new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder, port] = process.argv;
  const server = await serveSite(join(folder, "/"), Number(port ?? 0));
  const address = `http://127.0.0.1:${server.address().port}/`;
  console.log(`The site is at ${address}, and the signature workbench at ${address}workbench/. Press Ctrl+C to stop.`);
}
