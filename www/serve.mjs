// Serves the page on loopback, with the headers that a host should send.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

/** The headers that a page cannot set itself. */
export const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

/** Serves one page at `/`, and nothing else. Resolves with the listening server. */
export function serve(page, port = 0) {
  const server = createServer((request, response) => {
    if (request.url !== "/" || !["GET", "HEAD"].includes(request.method)) response.writeHead(404).end();
    else response.writeHead(200, HEADERS).end(request.method === "GET" ? page : undefined);
  });
  return new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", () => resolve(server)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path, port] = process.argv;
  const server = await serve(await readFile(path), Number(port ?? 0));
  console.log(`The signature workbench is at http://127.0.0.1:${server.address().port}/. Press Ctrl+C to stop.`);
}
