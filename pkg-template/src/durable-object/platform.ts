import { DurableObject } from "cloudflare:workers";

/** What is used of a Durable Object's storage. */
export interface ObjectStorage {
  get<T>(key: string): Promise<T | undefined>;
  put<T>(key: string, value: T): Promise<void>;
  /** Resolves when all that was put is on disk. */
  sync(): Promise<void>;
}

/** What is used of a Durable Object's state: Workers' `DurableObjectState` is one. */
export interface ObjectState {
  readonly id: { readonly name?: string | undefined };
  readonly storage: ObjectStorage;
}

/** Workers' `DurableObject`, in as many words as are needed here: whoever has no types for Workers can do without. */
export declare abstract class PlatformObject<Env> {
  /** By this Workers' types know it. */
  readonly __DURABLE_OBJECT_BRAND: never;
  protected readonly ctx: ObjectState;
  protected readonly env: Env;
  constructor(ctx: ObjectState, env: Env);
}

/** The class that the platform calls by RPC: its subclasses' methods, and nothing else of them. */
export const Base = DurableObject as typeof PlatformObject;
