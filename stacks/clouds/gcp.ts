import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { Gke } from "../../components/cluster/gke.ts";
import { GkeServiceAccount } from "../../components/identity/gke-service-account.ts";
import { GcpKey } from "../../components/keys/gcp-key.ts";
import { GcpNetwork } from "../../components/network/gcp-network.ts";
import { GcpProject } from "../../components/project/gcp-project.ts";
import { ArtifactRegistry } from "../../components/registry/artifact-registry.ts";
import type { GkeConfig } from "../schema/cluster.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";

/** Google Cloud: a project's APIs, a network, GKE, and what the config asks for besides. */
export function gcpFoundation({ cluster: config, cloud }: CloudFoundationArgs<GkeConfig>): Foundation {
  const { project: projectId, region } = config;
  const { prefix, protect } = cloud;
  const provider = new gcp.Provider("gcp", { project: projectId, region, defaultLabels: cloud.tags });
  const on = { provider };

  const project = new GcpProject(
    "project",
    {
      project: projectId,
      apis: [
        "binaryauthorization",
        "cloudkms",
        "containerscanning",
        "iam",
        "iamcredentials",
        "logging",
        "monitoring",
      ],
      agents: ["artifactregistry", "compute", "container"],
    },
    on,
  );
  const common = { project: project.id, region };
  const key = (name: string, users: Record<string, pulumi.Input<string>>): GcpKey =>
    new GcpKey(name, { ...common, users, protect }, on);

  const network = new GcpNetwork("network", { ...common }, on);
  const cluster = new Gke(
    "cluster",
    {
      ...common,
      network,
      key: key("cluster-encryption", { gke: project.agent("container"), compute: project.agent("compute") }),
      version: config.version,
      allowedCidrs: config.allowedCidrs,
      nodePools: config.nodePools,
      gpuPools: config.gpuPools,
      tpuPools: config.tpuPools,
      imageSources: [`${region}-docker.pkg.dev/${projectId}/**`],
      ingress: cloud.dns?.ingress,
      protect,
    },
    on,
  );
  const registryKey = key("registry-encryption", { registry: project.agent("artifactregistry") });

  let registry: ArtifactRegistry | undefined;
  return {
    kubernetes: cluster.provider,
    registry: ({ url, images, repositories }) => {
      registry = new ArtifactRegistry(
        "registry",
        { url, project: project.id, key: registryKey, images, repositories, protect },
        on,
      );
      registry.allowPull("cluster-nodes", cluster.nodeMember, "images");
      return registry;
    },
    identity: ({ namespace, serviceAccount, access }) => {
      if (registry === undefined)
        throw new Error(`${serviceAccount}: the registry must be there before its identity`);
      const name = `${namespace}-${serviceAccount}`;
      const identity = new GkeServiceAccount(
        `${name}-identity`,
        { project: project.id, cluster: cluster.resource, prefix, namespace, serviceAccount },
        on,
      );
      if (access === "write") registry.allowPush(name, identity.member, { parent: identity });
      else registry.allowPull(name, identity.member, "all", { parent: identity });
      return identity;
    },
  };
}
