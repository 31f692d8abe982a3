import "#core";

export * from "./exports.js";
export { ThreadLane, type ThreadLaneOptions } from "./lane/thread.js";
