/** Returns the name of a service on its target. The prefix makes it unique in an account. */
export function targetName(prefix: string, environment: string, service: string): string {
  return `${prefix}-${environment}-${service}`;
}
