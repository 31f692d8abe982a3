// Types that the compiler shows for a mistake. They exist for their names and sentences only.

declare const why: unique symbol;

/** A type that no value has, in the place of a mistake. The compiler shows it, and with it the sentence. */
export interface Mistake<Why> {
  readonly [why]: Why;
}

/** The result of a call with a mistake, in place of a promise. It cannot be awaited, and the compiler shows the sentence. */
export interface MistakenCall<Why> {
  /** Cannot be called. The compiler shows the sentence in its place. */
  then(this: Why): void;
}

/** The sentence for a type argument on a known name. Only `What`, the kind of thing that is named, is known of it. */
export type TypeArgumentGiven<What extends string> =
  `This ${What} is known and has its types: leave out the type argument, which is for a new ${What}`;

/** The parameters that only the client may add. They are here to be refused also in an object that is not a literal. */
export interface ClientParams {
  /** @deprecated The client adds it, for each attempt. */
  readonly nonce?: Mistake<"The client adds the nonce: leave it out"> | undefined;
  /** @deprecated The client adds it, from the option `otp`. */
  readonly otp?: Mistake<"The client adds the one-time password: leave it out, and set the client's option `otp`"> | undefined;
}
