import type { ClientParams } from "../mistake.js";
import type { Params } from "./encode.js";
import type { Nearest, Or } from "./nearest-name.js";

/** `undefined`, which may take the place of parameters if none is required. */
export type Omitted<P> = {} extends P ? undefined : never;

/** The arguments after an endpoint's name: its parameters, which are optional if none is required, and options. */
export type KnownArguments<P, Options> = {} extends P ? [params?: P, options?: Options] : [params: P, options?: Options];

/** Parameters of an endpoint that this version does not know: any but those of the client. */
export type NewParams = (Params | object) & ClientParams;

/**
 * More arguments than any call has, for calls that a signature is not meant for. The compiler skips such a signature silently, so only the
 * signature that the call was meant for reports a mistake.
 */
type PassedOver = [never, never, never, never];

/** The arguments after a new name, with a type argument. Without one, `New` is `never`, and the signatures for known names report the mistake. */
export type NewArguments<New, Options, P = NewParams> = [New] extends [never] ? PassedOver : KnownArguments<P, Options>;

/** Any arguments, with a type argument. */
export type MistakenArguments<New> = [New] extends [never] ? PassedOver : unknown[];

/** The arguments of all signatures, as an implementation receives them. */
export type GivenArguments<Options> = [params?: Params | object, options?: Options, ...nothing: unknown[]];

/** The sentence for a known name without `params`. */
export type ParamsMissing<Name> = `${Name & string} requires \`params\` as the next argument`;

/**
 * The sentence for an unknown name. `never` for a known one, because the compiler resolves this type in each call.
 *
 * @typeParam What - the kind of thing that is named
 * @typeParam How - the call that confirms the name
 */
export type UnknownName<Name extends string, Names extends string, What extends string, How extends string> = [Name] extends [Names]
  ? never
  : string extends Name
    ? `The compiler knows only that the ${What} is a string: write ${How}`
    : `${Or<Suggestion<Nearest<Name, Names>>, `Unknown ${What}.`>} For a new one, write ${How}`;

/** The question whether a name was meant; `never` for none. */
export type Suggestion<Meant extends string> = Meant extends string ? `Did you mean ${Meant}?` : never;
