import "#core";

export * from "./api.js";
export { ThreadLane, type ThreadLaneOptions } from "./lane/thread.js";
