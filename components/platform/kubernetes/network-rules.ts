import type { types } from "@pulumi/kubernetes";
import type { ServiceAccountIdentity } from "./service-account-identity.ts";

type Port = types.input.networking.v1.NetworkPolicyPort;
type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Address of the metadata service of every large cloud. It hands out credentials, so only `identityEgress` opens it. */
const METADATA_SERVICE = "169.254.169.254/32";

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Returns TCP ports of a network policy. */
export function tcp(...ports: number[]): Port[] {
  return ports.map((port) => ({ protocol: "TCP", port }));
}

/** Selects the pods of a namespace: all of them, or those with these labels. */
export function podsOf(namespace: string, labels?: Record<string, string>): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(labels === undefined ? {} : { podSelector: { matchLabels: labels } }),
  };
}

/** Every IPv4 address except the metadata service. */
export const anywhere: Peer = { ipBlock: { cidr: "0.0.0.0/0", except: [METADATA_SERVICE] } };

/**
 * Returns an egress rule for the host and port of a URL. Network policies know addresses, not names: for a host name, the rule opens
 * the port to `anywhere`.
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
 * Returns an egress rule to the metadata service if the pods get their token there, and no rule otherwise.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity (Dataplane V2)
 */
export function identityEgress(
  identity: Pick<ServiceAccountIdentity, "usesMetadataService"> | undefined,
): types.input.networking.v1.NetworkPolicyEgressRule[] {
  if (!identity?.usesMetadataService) return [];
  return [{ to: [{ ipBlock: { cidr: METADATA_SERVICE } }], ports: tcp(80) }];
}
