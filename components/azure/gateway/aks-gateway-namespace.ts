/** Service account in the namespace of a gateway, whose identity reads the certificate. */
export const CERTIFICATE_ACCOUNT = "certificate";

/** Returns the namespace of an environment's gateway. */
export function aksGatewayNamespace(environment: string): string {
  return `${environment}-gateway`;
}
