import type * as pulumi from "@pulumi/pulumi";
import type { GatewayAccess } from "../serving/service-callers.ts";

/** The entrance for callers from outside to the services of one environment. Each cloud has its own. */
export interface EnvironmentGateway {
  /** Pass it as `gateway` to each `InferenceService` that the gateway publishes. */
  readonly access: GatewayAccess;
  /** Publishes a service, by the name of its Kubernetes Service, and returns its URL. The service must have `access`. */
  publish(serviceName: string): pulumi.Output<string>;
}

/** Callers send an API key, which the servers check. */
export interface ApiKeyAuth {
  kind: "api-keys";
  /** Name of a Secret in the environment: caller → SHA-256 digests of its keys, in hex. */
  secret: string;
}

/** A DNS label may have 63 characters. */
const MAX_LABEL = 63;

/**
 * Returns the host name of a published service: `<service>-<environment>.<domain>`. It is one label below the domain, because a wildcard
 * certificate covers no deeper names. Throws if the label is too long; `owner` is the component.
 */
export function publishedHost(
  owner: string,
  { serviceName, environment, domain }: { serviceName: string; environment: string; domain: string },
): string {
  const label = `${serviceName}-${environment}`;
  if (label.length > MAX_LABEL)
    throw new Error(
      `${owner}: service and environment must have at most ${MAX_LABEL - 1} characters together, got ${label}; shorten one of the names`,
    );
  return `${label}.${domain}`;
}

/** Throws if no client may call the gateway. Nobody is the safe default, and a gateway for nobody is a mistake. */
export function someClients(owner: string, clientCidrs: readonly string[]): void {
  if (clientCidrs.length === 0)
    throw new Error(
      `${owner}: clientCidrs must name the networks that may call, got none; 0.0.0.0/0 is the whole internet`,
    );
}
