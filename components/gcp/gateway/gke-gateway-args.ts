import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../platform/environment.ts";
import type { ApiKeyAuth } from "../../platform/gateway/environment-gateway.ts";

/** Identity-Aware Proxy lets in people and service accounts of Google, by OIDC. */
export interface IapAuth {
  kind: "iap";
  /** Who may call any service behind IAP in the project, such as `serviceAccount:app@acme.iam.gserviceaccount.com`. */
  members: readonly string[];
  /** OAuth client: its id, and the name of a Secret in the environment with its secret under `key`. @default - one that Google manages */
  client?: { id: string; secret: string };
}

export interface GkeGatewayArgs {
  project: pulumi.Input<string>;
  /** Environment whose services it publishes. */
  environment: Environment;
  /** Services are at `https://<service>-<environment>.<domain>`. */
  domain: string;
  /** Certificate map with a certificate for `*.<domain>`. */
  certificateMap: pulumi.Input<string>;
  /** Name of the zone of the domain in Cloud DNS, which gets a record for each service. @default - none: make the records yourself */
  zoneName?: pulumi.Input<string>;
  /** Networks that may call; `0.0.0.0/0` is the whole internet. */
  clientCidrs: readonly string[];
  auth: ApiKeyAuth | IapAuth;
  /** Requests of one address in five minutes, at least 1; Cloud Armor refuses further ones with 429. @default - no limit */
  requestsPer5Minutes?: number;
  /** Refuse to delete the address: a new gateway would have another one. @default true */
  protect?: boolean;
}
