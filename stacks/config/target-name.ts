/** What a service is called outside of the cluster: unique in an account, for the prefix is. */
export function targetName(prefix: string, environment: string, service: string): string {
  return `${prefix}-${environment}-${service}`;
}
