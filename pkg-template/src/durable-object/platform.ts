import { DurableObject } from "#durable-object-base";

/** The methods that are used of a Durable Object's storage. */
export interface ObjectStorage {
  /** Resolves to the stored value, or to `undefined`. */
  get<T>(key: string): Promise<T | undefined>;
  /** Stores a value. */
  put<T>(key: string, value: T): Promise<void>;
  /** Resolves when everything that was put is on disk. */
  sync(): Promise<void>;
}

/** The fields that are used of a Durable Object's state. Workers' `DurableObjectState` has them. */
export interface ObjectState {
  /** The id of the object. */
  readonly id: {
    /** The name that the id was made from, if it was made from one. */
    readonly name?: string | undefined;
  };
  /** The storage of the object. */
  readonly storage: ObjectStorage;
}

/** @ts-ignore The types of Workers, which not every program has. */
type Workers = typeof import("cloudflare:workers");

/** The state of an object in a subclass: Workers' `DurableObjectState` in a program with its types, and otherwise the fields that are used here. */
export type PlatformState = 0 extends 1 & Workers
  ? ObjectState
  : Workers extends { DurableObject: abstract new (ctx: infer State, ...rest: never) => unknown }
    ? State
    : ObjectState;

/** The part of Workers' `DurableObject` that is used here, for programs that do not have the types of Workers. */
export declare abstract class PlatformObject<Env> {
  /** The brand by which Workers' types recognize the class. */
  readonly __DURABLE_OBJECT_BRAND: never;
  protected readonly ctx: PlatformState;
  protected readonly env: Env;
  constructor(ctx: ObjectState, env: Env);
}

/** The base class of objects that the platform calls by RPC. Only methods of subclasses can be called. */
export const Base = DurableObject as typeof PlatformObject;
