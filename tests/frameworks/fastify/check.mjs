export default {
  title: "Fastify",
  kind: "servers and sites",
  version: "fastify",
  nodes: [20],
  how: "a server",
  know: "",
  async run(app) {
    await app.ask(await app.start(app.node, ["server.js"]));
  },
};
