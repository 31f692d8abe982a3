export function classify(error: unknown, _signed?: unknown): { neverSent: boolean; reason?: string; cause?: Error } {
  const reason = (error as { reason?: string }).reason;
  return { neverSent: /refused|enotfound|eai_again|connect_timeout/i.test(`${reason}`), ...(reason && { reason }) };
}
