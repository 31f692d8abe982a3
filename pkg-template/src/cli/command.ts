// The description of a command. Parsing, help and completion all read it, so they cannot contradict each other.
import type { Io } from "./io.js";

/** An option. Only `-h` has a short form. */
export interface Option {
  readonly name: string;
  /** The placeholder for its value, in capitals. Without one, the option is a switch. `FILE` completes to file names. */
  readonly value?: string;
  /** All allowed values. */
  readonly choices?: readonly string[];
  readonly help: string;
}

/** The values of options: a string if the option takes a value, otherwise whether it was given. */
export type Values<Options extends readonly Option[]> = {
  readonly [One in Options[number] as One["name"]]: One extends { readonly value: string } ? string | undefined : boolean;
};

/** The arguments of a command that are not options. */
export interface Operands {
  /** Their form in the usage line. */
  readonly usage: string;
  readonly min: number;
  readonly max: number;
  /** Known values of the first one, for completion. */
  readonly suggestions?: readonly string[];
}

interface Definition<Options extends readonly Option[]> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The description in its own help. */
  readonly about: string;
  readonly operands?: Operands;
  readonly options: Options;
  /** Command lines without the program's name, each with its purpose. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** The output of `--json`. */
  readonly shape: string;
  readonly run: (io: Io, values: Values<Options>, operands: readonly string[]) => Promise<number>;
}

/** A command, without the types of its own options. */
export type Command = Omit<Definition<readonly Option[]>, "run"> & {
  readonly operands: Operands;
  run(io: Io, values: object, operands: readonly string[]): Promise<number>;
};

/** Options that every command has. */
export const COMMON = [
  { name: "json", help: "print JSON: results to standard output, errors to standard error" },
  { name: "help", help: "print this help and do nothing else" },
] as const satisfies readonly Option[];

const NONE: Operands = { usage: "", min: 0, max: 0 };

/** Makes a command whose `run` knows the types of its options. */
export function command<const Options extends readonly Option[]>(definition: Definition<Options>): Command {
  return {
    ...definition,
    operands: definition.operands ?? NONE,
    options: [...definition.options, ...COMMON],
    run: (io, values, operands) => definition.run(io, values as Values<Options>, operands),
  };
}
