import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../platform/environment.ts";
import type { ApiKeyAuth } from "../../platform/gateway/environment-gateway.ts";
import type { ServiceAccountIdentity } from "../../platform/kubernetes/service-account-identity.ts";
import type { AzurePlace } from "../place.ts";

export interface AksGatewayArgs extends AzurePlace {
  /** Environment whose services it publishes. */
  environment: Environment;
  /** Services are at `https://<service>-<environment>.<domain>`. */
  domain: string;
  /** Certificate for `*.<domain>` in a Key Vault, without a version: `https://<vault>.vault.azure.net/certificates/<name>`. */
  certificateUri: pulumi.Input<string>;
  /** Identity that may read the certificate: `Key Vault Secrets User`, for the service account `certificate` of the gateway's namespace. */
  identity: ServiceAccountIdentity;
  /** Name of the zone of the domain in Azure DNS, in the same resource group, which gets a record for each service. @default - none: make the records yourself */
  zoneName?: pulumi.Input<string>;
  /** Name of the security group of the nodes, in the same resource group, which gets a rule for the callers. */
  nodesSecurityGroupName: pulumi.Input<string>;
  /** Networks that may call; `0.0.0.0/0` is the whole internet. */
  clientCidrs: readonly string[];
  /** The add-on checks no tokens: callers send API keys. */
  auth: ApiKeyAuth;
}
