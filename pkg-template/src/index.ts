import "#core";

export * from "./exports.js";
