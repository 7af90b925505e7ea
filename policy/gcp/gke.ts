import { z } from "zod";
import { isAnywhere } from "../rule/anywhere.ts";
import type { Field } from "../rule/field.ts";
import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule, Subject } from "../rule/rule.ts";

const CLUSTER = types("gcp:container/cluster:Cluster");
const NODES = types("gcp:container/nodePool:NodePool", "gcp:container/cluster:Cluster");

/** Autopilot manages its nodes itself. */
function isAutopilot({ properties }: Subject): boolean {
  return properties.at("enableAutopilot").is(true);
}

/** Returns the node configs of a resource; none for a cluster that removes its default pool at once. */
function nodeConfigs(subject: Subject): Field[] {
  if (isAutopilot(subject)) return [];
  const { type, properties } = subject;
  const config = properties.at("nodeConfig");
  const isPool = type.endsWith(":NodePool");
  if (!isPool && (config.isMissing || properties.at("removeDefaultNodePool").mayBe(true))) return [];
  return config.isUnknown ? [] : [config];
}

/** Whether the control plane has no public endpoint. */
function hasNoPublicEndpoint(cluster: Field): boolean {
  return (
    cluster.at("privateClusterConfig.enablePrivateEndpoint").mayBe(true) ||
    cluster.at("controlPlaneEndpointsConfig.ipEndpointsConfig.enabled").mayBe(false)
  );
}

export const gkeRules: ResourceRule[] = [
  rule({
    name: "gcp-gke-control-plane-not-public",
    title: "The control plane of GKE is not open to the internet",
    severity: "critical",
    source: ["CKV_GCP_18"],
    fix: "list the networks of the operators in `masterAuthorizedNetworksConfig.cidrBlocks`",
    types: CLUSTER,
    check: ({ properties }, report) => {
      if (hasNoPublicEndpoint(properties)) return;
      for (const block of properties.at("masterAuthorizedNetworksConfig.cidrBlocks").items()) {
        const cidr = block.at("cidrBlock");
        if (isAnywhere(cidr)) report(`${cidr.path} must not be ${cidr.shown}`);
      }
    },
  }),
  rule({
    name: "gcp-gke-authorized-networks",
    title: "GKE limits the networks that reach its control plane",
    severity: "high",
    source: ["CKV_GCP_20"],
    fix: "set `masterAuthorizedNetworksConfig`, or switch off the public endpoint",
    types: CLUSTER,
    check: ({ properties }, report) => {
      if (!hasNoPublicEndpoint(properties) && properties.at("masterAuthorizedNetworksConfig").isMissing)
        report("masterAuthorizedNetworksConfig must be set");
    },
  }),
  rule({
    name: "gcp-gke-private-cluster",
    title: "GKE clusters are private",
    severity: "high",
    source: ["CKV_GCP_25"],
    fix: "set `privateClusterConfig` with `enablePrivateNodes: true`, and `enablePrivateEndpoint` if operators are inside the network",
    types: CLUSTER,
    config: {
      /** Allow a public endpoint; gcp-gke-authorized-networks limits its networks. */
      allowPublicEndpoint: z.boolean().default(true),
    },
    check: ({ properties }, report, { allowPublicEndpoint }) => {
      const config = properties.at("privateClusterConfig");
      if (config.isMissing && properties.at("controlPlaneEndpointsConfig").isMissing)
        report(`${config.path} must be set`);
      if (!allowPublicEndpoint && !hasNoPublicEndpoint(properties))
        report("privateClusterConfig.enablePrivateEndpoint must be true");
    },
  }),
  rule({
    name: "gcp-gke-private-nodes",
    title: "GKE nodes have no public address",
    severity: "high",
    source: ["CKV_GCP_64"],
    fix: "set `privateClusterConfig.enablePrivateNodes: true`",
    types: CLUSTER,
    check: ({ properties }, report) => {
      if (properties.at("networkConfig.defaultEnablePrivateNodes").is(true)) return;
      must(properties.at("privateClusterConfig.enablePrivateNodes"), [true], report);
    },
  }),
  rule({
    name: "gcp-gke-binary-authorization",
    title: "GKE runs only authorized images",
    severity: "medium",
    source: ["CKV_GCP_66"],
    fix: "set `binaryAuthorization.evaluationMode: PROJECT_SINGLETON_POLICY_ENFORCE`, and list the allowed images in a policy",
    types: CLUSTER,
    check: ({ properties }, report) => {
      const mode = properties.at("binaryAuthorization.evaluationMode");
      if (mode.isMissing || mode.is("DISABLED", "EVALUATION_MODE_UNSPECIFIED"))
        report(`${mode.path} must be PROJECT_SINGLETON_POLICY_ENFORCE, got ${mode.shown}`);
    },
  }),
  rule({
    name: "gcp-gke-secure-boot",
    title: "GKE nodes boot only signed software",
    severity: "medium",
    source: ["CKV_GCP_68"],
    fix: "set `nodeConfig.shieldedInstanceConfig.enableSecureBoot: true`",
    types: NODES,
    check: (subject, report) => {
      for (const config of nodeConfigs(subject))
        must(config.at("shieldedInstanceConfig.enableSecureBoot"), [true], report);
    },
  }),
  rule({
    name: "gcp-gke-metadata-server",
    title: "Pods on GKE cannot use the identity of their node",
    severity: "high",
    source: ["CKV_GCP_69"],
    fix: "set `nodeConfig.workloadMetadataConfig.mode: GKE_METADATA`",
    types: NODES,
    check: (subject, report) => {
      for (const config of nodeConfigs(subject))
        must(config.at("workloadMetadataConfig.mode"), ["GKE_METADATA"], report);
    },
  }),
  rule({
    name: "gcp-gke-release-channel",
    title: "GKE follows a release channel",
    severity: "low",
    source: ["CKV_GCP_70"],
    fix: "set `releaseChannel.channel` to REGULAR, STABLE or EXTENDED",
    types: CLUSTER,
    check: (subject, report) => {
      const channel = subject.properties.at("releaseChannel.channel");
      if (isAutopilot(subject)) return;
      if (channel.isMissing || channel.is("UNSPECIFIED"))
        report(`${channel.path} must be set, got ${channel.shown}`);
    },
  }),
  rule({
    name: "gcp-gke-shielded-nodes",
    title: "GKE nodes are shielded",
    severity: "medium",
    source: ["CKV_GCP_71"],
    fix: "set `enableShieldedNodes: true`, or leave it out",
    types: CLUSTER,
    // GKE and the Terraform provider have had the default true since 2020.
    check: ({ properties }, report) =>
      must(properties.at("enableShieldedNodes"), [true, undefined, null], report),
  }),
];
