/** The names of all mistakes, in the order of the table in the Rust sources, `src/forensics/mistakes.rs`. */
export const MISTAKES = ["secret-as-text", "digest-as-hex", "nonce-missing", "output-hex"] as const;

/** The name of a mistake; {@link MISTAKES} has them all. New ones may be added. */
export type MistakeName = (typeof MISTAKES)[number];
