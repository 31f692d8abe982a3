// jsdom lacks what every browser has had for years; Node has it. With the package jest-fixed-jsdom, this file is not needed.
const { TestEnvironment } = require("jest-environment-jsdom");

const NAMES = ["AbortController", "AbortSignal", "ArrayBuffer", "Headers", "Request", "Response", "TextDecoder", "TextEncoder"];

module.exports = class extends TestEnvironment {
  constructor(...options) {
    super(...options);
    for (const name of [...NAMES, "Uint8Array", "fetch", "structuredClone"]) this.global[name] = globalThis[name];
  }
};
