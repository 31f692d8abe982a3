// A registry of npm on loopback, which has this package and nothing else: the commands of the guides install from it as from npm's own.
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { createServer } from "node:http";

/** Serves a packed package. For any other package, `elsewhere` is the registry that has it; by default, there is none. Resolves with its URL and `close`. */
export async function serveRegistry(tarball, manifest, { elsewhere } = {}) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  const server = createServer((request, response) => {
    const url = `http://127.0.0.1:${server.address().port}/`;
    const path = decodeURIComponent(new URL(request.url, url).pathname.slice(1));
    if (path === `${name}.tgz`) return void createReadStream(tarball).pipe(response);
    if (path !== name)
      return void response.writeHead(elsewhere ? 307 : 404, elsewhere && { Location: elsewhere + request.url.slice(1) }).end("{}");
    const packed = { ...manifest, dist: { tarball: `${url}${name}.tgz`, integrity } };
    const time = { [version]: "2026-01-01T00:00:00.000Z", created: "2026-01-01T00:00:00.000Z", modified: "2026-01-01T00:00:00.000Z" };
    const packument = { name, "dist-tags": { latest: version }, versions: { [version]: packed }, time };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(packument));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
