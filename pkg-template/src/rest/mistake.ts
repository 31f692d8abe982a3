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

/** The sentence for an order that is written apart from its call, so that the compiler knows only text of its type. */
type KindWidened =
  "The compiler knows text here, not the type of the order: write `as const` behind the object, or give the variable its type";

type NamesIn<Order> = Order extends unknown ? keyof Order : never;
type ValueIn<Order, Name> = Order extends unknown ? (Name extends keyof Order ? Order[Name] : never) : never;

/**
 * An order of which the compiler knows only text of its type. No order is one. In a union with orders, it has all their names and is the last part, so it
 * is the one with which the compiler compares such an order. For that, `Others` are parts of each order: TypeScript 7 sorts intersections by length, and
 * older versions by age. A condition makes it younger than the orders, and keeps it without a name, because named types come first.
 *
 * @typeParam Order - the union of orders
 * @typeParam Parts - the union of the parts of orders that have more parameters than `Others`. They are fewer than the orders, which are combinations of them.
 * @typeParam Kind - the name of the parameter with the type of an order
 * @typeParam Others - the other parameters
 */
export type WidenedOrder<Order, Parts, Kind extends string, Others> = [Order] extends [never]
  ? never
  : { readonly [Name in Kind]: Mistake<KindWidened> } & {
      readonly [Name in Exclude<NamesIn<Parts>, Kind | keyof Others>]?: ValueIn<Parts, Name>;
    } & Others;

/**
 * Parameters of which one is required, all optional: the base of an interface that leaves open which one is meant.
 *
 * @typeParam Meant - the union of the parameters of which one is required
 */
export type AnyOf<Meant> = { readonly [Name in NamesIn<Meant>]?: ValueIn<Meant, Name> };

/**
 * In a union with the parameters that are right, before them: what the compiler compares an object with if it has none of those of which one is
 * required, or two of them that exclude each other. No object is one. `Open` is an interface, because versions from 7 on sort interfaces before
 * intersections, and older ones sort by age. The list is here because a union with a list makes the compiler compare an object literal with the first part
 * that is no list. It has the names, too, because the nearest name is looked for among those that all parts have.
 *
 * @typeParam Open - the interface that leaves open which one is meant
 * @typeParam Meant - the union of the parameters of which one is required
 */
export type Undecided<Open, Meant> = Open | (readonly never[] & { readonly [Name in NamesIn<Meant>]?: never });

/** The parameters that only the client may add. They are here to be refused also in an object that is not a literal. */
export interface ClientParams {
  /** @deprecated The client adds it, for each attempt. */
  readonly nonce?: Mistake<"The client adds the nonce: leave it out"> | undefined;
  /** @deprecated The client adds it, from the option `otp`. */
  readonly otp?: Mistake<"The client adds the one-time password: leave it out, and set the client's option `otp`"> | undefined;
}
