/**
 * One key for many Workers. `KrakenKey` and `KrakenFuturesKey` are Cloudflare Durable Objects that own a key, and sign and send requests in order;
 * `spotClient` and `futuresClient` are the clients of Workers that call them.
 * @packageDocumentation
 */

export type { Remote } from "./rpc.js";
export { KrakenFuturesKey, KrakenKey, type Answer, type FuturesRpcCall, type SpotRpcCall } from "./objects.js";
export type { FuturesKeyOptions, KeyOptions, KeyOptionsOf } from "./options.js";
export type { ObjectState, ObjectStorage, PlatformState } from "./platform.js";
export { futuresClient, spotClient, type FuturesStub, type SpotStub } from "./remote.js";
