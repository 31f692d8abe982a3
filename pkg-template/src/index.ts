import "#core";

export * from "./api.js";
