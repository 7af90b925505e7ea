import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";
import { pki } from "../../../../local/cluster/certificates.ts";
import { NETWORK } from "../../../../local/cluster/layout.ts";
import { textOf, type Behavior } from "../account/account.ts";
import type { ManagedRedis } from "../account/redis.ts";
import { GATEWAY_DEFINITIONS } from "../kubernetes/gateway-definitions.ts";
import { apply, type Kubectl } from "../kubernetes/kubectl.ts";
import { APP_ROUTING_CLASS } from "./app-routing.ts";
import { REDIS_HOST, REGISTRY_HOST, VAULTS } from "./azure-place.ts";

/** What Azure gives resources of the walk: the cluster is the local one, and the Redis is a real one. */
export function azureBehaviors({
  kubectl,
  redis,
  accessKey,
  resolveInPods,
}: {
  kubectl: Kubectl;
  redis: ManagedRedis;
  /** Password of the Redis. */
  accessKey: string;
  resolveInPods: (host: string) => Promise<void>;
}): Record<string, Behavior> {
  return {
    "azure-native:containerservice:ManagedCluster": {
      create: async () => ({
        // A name that the certificate of the local API server has.
        fqdn: "localhost",
        privateFQDN: "localhost",
        oidcIssuerProfile: { enabled: true, issuerURL: `https://kubernetes.default.svc.${NETWORK.domain}` },
      }),
    },
    "azure-native:resources:Deployment": {
      create: async (name, { properties }): Promise<PropertyMap> => {
        if (name.endsWith("-gateway-api")) {
          await apply(kubectl, ...GATEWAY_DEFINITIONS);
          await kubectl(["wait", "--for=condition=Established", "customresourcedefinitions", "--all"]);
          await apply(kubectl, APP_ROUTING_CLASS);
          return {};
        }
        const authority = (await readFile(pki("ca.crt"))).toString("base64");
        const kubeconfig = `clusters:\n- cluster:\n    certificate-authority-data: ${authority}\n`;
        const outputs = { kubeconfig: { value: Buffer.from(kubeconfig).toString("base64") } };
        return { properties: { ...(properties as object), outputs } };
      },
    },
    "azure-native:managedidentity:UserAssignedIdentity": {
      create: async (_name, inputs) => {
        const name = textOf(inputs, "resourceName");
        return { name, principalId: randomUUID(), clientId: randomUUID() };
      },
    },
    "azure-native:containerregistry:Registry": {
      create: async () => ({ loginServer: REGISTRY_HOST }),
    },
    "azure-native:keyvault:Vault": {
      create: async (_name, inputs) => {
        const name = textOf(inputs, "vaultName");
        await resolveInPods(`${name}.${VAULTS}`);
        return {
          name,
          properties: { ...(inputs["properties"] as object), vaultUri: `https://${name}.${VAULTS}/` },
        };
      },
    },
    "azure-native:redisenterprise:RedisEnterprise": {
      create: async () => {
        await redis.start(accessKey);
        return { hostName: REDIS_HOST };
      },
      remove: async () => redis.stop(),
    },
  };
}
