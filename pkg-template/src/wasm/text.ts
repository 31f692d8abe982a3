// UTF-8. The encoder and the decoder are made when they are first used, because jsdom lacks them, and must be able to import the package.
let encoder: TextEncoder | undefined;
let decoder: TextDecoder | undefined;

/** Returns the runtime's encoder. */
export const utf8Encoder = (): TextEncoder => (encoder ??= new TextEncoder());

/** Returns the runtime's decoder. */
export const utf8Decoder = (): TextDecoder => (decoder ??= new TextDecoder());
