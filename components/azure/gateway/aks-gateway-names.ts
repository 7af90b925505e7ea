/** Service account in the namespace of a gateway, whose identity reads the certificate. */
export const CERTIFICATE_ACCOUNT = "certificate";

/** Returns the namespace of an environment's gateway. */
export function aksGatewayNamespace(environment: string): string {
  return `${environment}-gateway`;
}

/** Options of a listener by which the operator of AKS' application routing add-on fetches its certificate. */
export const CERTIFICATE_OPTIONS = {
  uri: "kubernetes.azure.com/tls-cert-keyvault-uri",
  serviceAccount: "kubernetes.azure.com/tls-cert-service-account",
} as const;
