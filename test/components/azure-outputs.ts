const KUBECONFIG = Buffer.from("    certificate-authority-data: Q0E=\n").toString("base64");

/** What Azure would add to a resource: its name, who an identity is, addresses. */
export function azureOutputs(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const named = { ...inputs, name: givenName(inputs) ?? `${name}-auto` };
  switch (type) {
    case "azure-native:managedidentity:UserAssignedIdentity":
      return { ...named, principalId: `${name}-principal`, clientId: `${name}-client` };
    case "azure-native:keyvault:Key":
      return { ...named, keyUriWithVersion: `https://vault.example/keys/${name}/1` };
    case "azure-native:containerservice:ManagedCluster":
      return {
        ...named,
        privateFQDN: "acme.privatelink.westeurope.azmk8s.io",
        resourceUID: "1",
        oidcIssuerProfile: { enabled: true, issuerURL: "https://issuer.example/" },
      };
    case "azure-native:resources:Deployment":
      return { ...named, properties: { outputs: { kubeconfig: { value: KUBECONFIG } } } };
    case "azure-native:dbforpostgresql:Server":
      return { ...named, fullyQualifiedDomainName: "database.example" };
    case "azure-native:redisenterprise:RedisEnterprise":
      return { ...named, hostName: "redis.example" };
    case "azure-native:network:Zone":
    case "azure-native:dns:Zone":
      return { ...named, nameServers: ["ns1.azure-dns.example."] };
    default:
      return named;
  }
}

/** Azure calls the name of every kind of resource something else; the group's is never the resource's own. */
function givenName(inputs: Record<string, unknown>): string | undefined {
  const { resourceGroupName, ...rest } = inputs;
  const names = Object.entries(rest).filter(([key]) => /[nN]ame$/.test(key));
  const given = names.at(-1)?.[1] ?? resourceGroupName;
  return typeof given === "string" ? given : undefined;
}
