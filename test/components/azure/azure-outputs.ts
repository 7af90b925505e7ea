/** What Azure would add to a resource: its name, and what it tells of itself. */
export function azureOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const named = { name: `${name}-auto`, ...inputs };
  const properties = inputs["properties"] ?? {};
  switch (type) {
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { ...named, principalId: `${name}-principal`, clientId: `${name}-client` };
    case "azure-native:compute:DiskEncryptionSet":
    case "azure-native:machinelearningservices:Workspace":
      return { ...named, identity: { type: "SystemAssigned", principalId: `${name}-principal` } };
    case "azure-native:containerservice:ManagedCluster":
      return {
        ...named,
        privateFQDN: `${name}.privatelink.westeurope.azmk8s.io`,
        oidcIssuerProfile: { enabled: true, issuerURL: "https://westeurope.oic.prod-aks.azure.com/t/c/" },
      };
    case "azure-native:keyvault:Vault":
      return { ...named, properties: { ...properties, vaultUri: `https://${name}.vault.azure.net/` } };
    case "azure-native:keyvault:Key":
      return {
        ...named,
        keyUri: `https://vault/keys/${name}`,
        keyUriWithVersion: `https://vault/keys/${name}/0123`,
      };
    case "azure-native:dns:Zone":
      return { ...named, nameServers: ["ns1-01.azure-dns.com."] };
    case "azure-native:dbforpostgresql:Server":
      return { ...named, fullyQualifiedDomainName: `${name}.postgres.database.azure.com` };
    case "azure-native:redisenterprise:RedisEnterprise":
      return { ...named, hostName: `${name}.westeurope.redis.azure.net` };
    case "azure-native:containerregistry:Registry":
      return { ...named, loginServer: "acmeml.azurecr.io" };
  }
  return named;
}
