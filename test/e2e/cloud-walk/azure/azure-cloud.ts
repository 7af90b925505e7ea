import { randomBytes } from "node:crypto";
import { connect, createServer } from "node:net";
import { NETWORK } from "../../../../local/cluster/layout.ts";
import { azureOutputs } from "../../../components/azure/azure-outputs.ts";
import { Account, textOf } from "../account/account.ts";
import { ManagedRedis } from "../account/redis.ts";
import type { Cloud, LocalServices } from "../cloud.ts";
import { answering, execCredential } from "../commands/answering.ts";
import { identityWebhook } from "../kubernetes/identity-webhook.ts";
import { aksLoadBalancer } from "./aks-load-balancer.ts";
import { appRouting } from "./app-routing.ts";
import { azureBehaviors } from "./azure-behaviors.ts";
import { DATA_HOST, LOGIN_HOST, REDIS_HOST, REGISTRY_HOST, VAULTS } from "./azure-place.ts";
import { ContainerRegistry } from "./container-registry.ts";
import { DEPLOYER, Entra } from "./entra.ts";
import { KeyVaults } from "./key-vaults.ts";
import { workloadIdentity } from "./workload-identity.ts";

/** Starts the stand-in of Azure. */
export async function azureCloud(local: LocalServices): Promise<Cloud> {
  const { atEnd, authority, check, clusterToken, kubectl, resolveInPods, store, upstream, zone } = local;
  const redis = new ManagedRedis({
    address: NETWORK.node,
    port: 10_000,
    certificate: await authority.issue(`DNS:${REDIS_HOST}`),
    authority: authority.file,
  });
  atEnd(() => redis.stop());
  const accessKey = randomBytes(24).toString("hex");
  const account = new Account({
    package: "azure-native",
    outputsOf: azureOutputs,
    behaviors: azureBehaviors({ kubectl, redis, accessKey, resolveInPods }),
    functions: {
      "azure-native:redisenterprise:listDatabaseKeys": () => ({ primaryKey: accessKey, secondaryKey: "" }),
    },
  });
  const entra = new Entra(account, check);
  const vaults = new KeyVaults(account, entra);
  const registry = new ContainerRegistry({ account, entra, store, upstream });
  const webhook = await identityWebhook(kubectl, { authority, ...workloadIdentity });
  atEnd(webhook.close);
  atEnd((await apiServerName()).close);
  atEnd(appRouting({ kubectl, entra, vaults }).close);

  const kubelet = (): string => {
    const identity = account
      .ofType("azure-native:managedidentity:UserAssignedIdentity")
      .find(({ inputs }) => textOf(inputs, "resourceName").endsWith("-aks-kubelet"));
    return textOf(identity?.outputs ?? {}, "principalId");
  };
  return {
    account,
    sites: {
      [REGISTRY_HOST]: registry.site,
      [DATA_HOST]: registry.data,
      [LOGIN_HOST]: entra.site,
      [`*.${VAULTS}`]: vaults.site,
    },
    podHosts: [REDIS_HOST],
    balancer: aksLoadBalancer(account, kubectl),
    importCertificate: async () => {
      vaults.certificates.set("gateway", await authority.issue(`DNS:*.${zone}`));
    },
    registry: { host: REGISTRY_HOST, authorization: `Bearer ${registry.accessTokenOf(kubelet)}` },
    commands: {
      az: answering("az", {
        "acr login --name slipway --expose-token": registry.refreshTokenOf(DEPLOYER),
      }),
      kubelogin: answering("kubelogin", { "get-token": execCredential(clusterToken, "v1") }),
    },
    volumeDriver: "disk.csi.azure.com",
    secretValues: vaults.secretValues,
    refused: () => [...registry.refused, ...entra.refused, ...vaults.refused],
  };
}

/** Serves the API server at port 443 of localhost: kubeconfigs of AKS name a host, and that port. */
async function apiServerName(): Promise<{ close: () => void }> {
  const server = createServer((socket) => {
    const target = connect(NETWORK.apiPort, NETWORK.node);
    socket.pipe(target).pipe(socket);
    socket.on("error", () => target.destroy());
    target.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(443, "127.0.0.1", resolve),
  );
  return { close: () => void server.close() };
}
