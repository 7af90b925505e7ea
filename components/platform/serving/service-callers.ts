import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";

type IngressRule = types.input.networking.v1.NetworkPolicyIngressRule;

/** Pods that may call a service: those of a namespace, or only those with the labels. An `Environment` is one too. */
export interface ServiceCaller {
  /** Name of the namespace. */
  readonly name: string;
  /** @default - all pods of the namespace */
  readonly podLabels?: Readonly<Record<string, string>>;
}

/** Lets the gateway of an environment call a service. */
export interface GatewayAccess {
  /** Where the gateway's requests come from. */
  from: readonly types.input.networking.v1.NetworkPolicyPeer[];
  /**
   * Name of a Secret in the environment: caller → SHA-256 digests of its API keys, in hex. It may come later than the service, which then
   * refuses all callers from outside.
   * @default - none: the gateway itself proves who the callers are
   */
  apiKeysSecret?: pulumi.Input<string>;
}

/** Returns the port of the pods that the gateway calls: the one on which requests need a key, if there are keys. */
export function gatewayPortOf({ apiKeysSecret }: GatewayAccess): number {
  return apiKeysSecret === undefined ? PORT.inference : PORT.gateway;
}

/** Returns the ingress rules of a service's network policy. */
export function callerRules(
  callers: readonly ServiceCaller[],
  gateway: GatewayAccess | undefined,
): IngressRule[] {
  const rules = callers.map(({ name, podLabels }): IngressRule => ({
    from: [podsOf(name, podLabels && { ...podLabels })],
    ports: tcp(PORT.inference),
  }));
  if (gateway === undefined) return rules;
  return [...rules, { from: [...gateway.from], ports: tcp(gatewayPortOf(gateway)) }];
}
