import { DurableObject } from "cloudflare:workers";

/** The methods that are used of a Durable Object's storage. */
export interface ObjectStorage {
  get<T>(key: string): Promise<T | undefined>;
  put<T>(key: string, value: T): Promise<void>;
  /** Resolves when everything that was put is on disk. */
  sync(): Promise<void>;
}

/** The fields that are used of a Durable Object's state. Workers' `DurableObjectState` has them. */
export interface ObjectState {
  readonly id: { readonly name?: string | undefined };
  readonly storage: ObjectStorage;
}

/** The part of Workers' `DurableObject` that is used here, for programs that do not have the types of Workers. */
export declare abstract class PlatformObject<Env> {
  /** The brand by which Workers' types recognize the class. */
  readonly __DURABLE_OBJECT_BRAND: never;
  protected readonly ctx: ObjectState;
  protected readonly env: Env;
  constructor(ctx: ObjectState, env: Env);
}

/** The base class of objects that the platform calls by RPC. Only methods of subclasses can be called. */
export const Base = DurableObject as typeof PlatformObject;
