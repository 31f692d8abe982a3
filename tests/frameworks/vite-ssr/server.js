// As in Vite's guide: in development through Vite's middleware, and in production from what `vite build --ssr` has built.
import { createServer } from "node:http";

const vite =
  process.env.NODE_ENV !== "production" &&
  (await (await import("vite")).createServer({ server: { middlewareMode: true, hmr: false, ws: false }, appType: "custom" }));
const load = () => (vite ? vite.ssrLoadModule("/src/entry-server.js") : import("./dist/entry-server.js"));

const server = createServer(async (_request, response) => {
  try {
    const { render } = await load();
    response.end(JSON.stringify(await render(process.env)));
  } catch (error) {
    response.writeHead(500).end(error.stack);
  }
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
