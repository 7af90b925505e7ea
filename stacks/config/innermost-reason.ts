/** Returns the code or the message of the innermost cause of an error: `ECONNREFUSED`. `fetch` itself only says "fetch failed". */
export function innermostReason(error: Error): string {
  if (error.cause instanceof Error) return innermostReason(error.cause);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
