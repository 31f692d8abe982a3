// The nonce and the two-factor code in the body of a request.
export const nonceIn = (body: string): string | undefined => /(?:^|&|")nonce"?\s*[=:]\s*"?(\d+)/.exec(body)?.[1];

/** Returns a body that can be shown: the two-factor code or password is replaced by asterisks. */
export const withoutOtp = (body: string): string =>
  body.replace(/((?:^|&)otp=)[^&]*/g, "$1***").replace(/("otp"\s*:\s*)("(?:\\.|[^"\\])*"|[^,}]*)/g, '$1"***"');
