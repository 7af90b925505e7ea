import type { types } from "@pulumi/kubernetes";
import type { ServiceAccountIdentity } from "./service-account-identity.ts";

type Port = types.input.networking.v1.NetworkPolicyPort;
type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Address of the metadata service of every large cloud: it hands out credentials, so no pod gets there. */
const METADATA_SERVICE = "169.254.169.254/32";

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

export function tcp(...ports: number[]): Port[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

/** Pods of a namespace, all of them or those with the labels given. */
export function podsOf(namespace: string, labels?: Record<string, string>): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(labels === undefined ? {} : { podSelector: { matchLabels: labels } }),
  };
}

/** Everything outside but the metadata service. */
export const anywhere: Peer = { ipBlock: { cidr: "0.0.0.0/0", except: [METADATA_SERVICE] } };

/**
 * Egress to the host and port of a URL. Network policies know addresses, not names: a host that is a name
 * opens its port to anywhere.
 */
export function toUrl(url: string): types.input.networking.v1.NetworkPolicyEgressRule {
  const { hostname, port, protocol } = new URL(url);
  const number = port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
  return {
    to: [IPV4.test(hostname) ? { ipBlock: { cidr: `${hostname}/32` } } : anywhere],
    ports: tcp(number),
  };
}

/**
 * Egress to the metadata service for pods that get their token there; nothing for others.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity (Dataplane V2)
 */
export function identityEgress(
  identity: ServiceAccountIdentity | undefined,
): types.input.networking.v1.NetworkPolicyEgressRule[] {
  if (!identity?.usesMetadataService) return [];
  return [{ to: [{ ipBlock: { cidr: METADATA_SERVICE } }], ports: tcp(80) }];
}
