// Stands in for Electron's own module.
const { registerHooks } = require("node:module");
const { pathToFileURL } = require("node:url");

const standIn = { url: pathToFileURL(__filename).href, format: "commonjs", shortCircuit: true };
registerHooks({ resolve: (name, context, next) => (name === "electron" ? standIn : next(name, context)) });
exports.app = { whenReady: async () => {}, quit: () => process.exit() };
