// The nonce and the two-factor code in the body of a request.
export const nonceIn = (body: string): string | undefined => /(?:^|&|")nonce"?\s*[=:]\s*"?(\d+)/.exec(body)?.[1];

/** The parameter with the two-factor code in a body or query that was encoded twice, or printed as a dict of Python. */
const ENCODED_OTP =
  /((?:%2[26]|(?<!\w))otp(?:\\*["']|%22)?(?:\s|%20|\+)*(?:[=:]|%3[AD])(?:\s|%20|\+)*(?:\\*["']|%22)?)(?:(?!%2[26])[^&"'\\},])+/gi;

/** Returns a body or a path that can be shown: the two-factor code or password is replaced by asterisks. */
export const withoutOtp = (text: string): string =>
  text
    .replace(/((?:^|[?&])otp=)[^&]*/g, "$1***")
    .replace(/("otp"\s*:\s*)("(?:\\.|[^"\\])*"|[^,}]*)/g, '$1"***"')
    .replace(ENCODED_OTP, "$1***");
