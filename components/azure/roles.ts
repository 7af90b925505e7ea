/** Built-in roles that Slipway grants, with their ids, which are the same in every tenant. @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const AZURE_ROLES = {
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  AcrPush: "8311e382-0749-4cb8-b61a-304f252e45ec",
  "Azure AI Enterprise Network Connection Approver": "b556d68e-0be0-4f35-a333-ad7ee1ce17ea",
  "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  "DNS Zone Contributor": "befefa01-2a29-4197-83a8-272ff33ce314",
  "Key Vault Certificates Officer": "a4417e6f-fecd-4de8-b567-7b0420556985",
  "Key Vault Contributor": "f25e0fa2-a7c8-4377-a976-54943a77a395",
  "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;
export type AzureRole = keyof typeof AZURE_ROLES;

/** Returns the id of a built-in role definition in a subscription. */
export function roleDefinitionId(subscription: string, role: AzureRole): string {
  return `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${AZURE_ROLES[role]}`;
}
