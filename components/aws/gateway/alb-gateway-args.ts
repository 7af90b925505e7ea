import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../platform/environment.ts";
import type { ApiKeyAuth } from "../../platform/gateway/environment-gateway.ts";
import type { EksLoadBalancerController } from "./eks-load-balancer-controller.ts";

/** The load balancer checks a token of an OIDC issuer, such as Cognito, Okta or Entra, in `authorization: Bearer`. */
export interface JwtAuth {
  kind: "jwt";
  /** Claim `iss` of the tokens, such as `https://cognito-idp.eu-central-1.amazonaws.com/POOL`. */
  issuer: string;
  /** URL of the issuer's keys, such as `https://…/.well-known/jwks.json`. */
  jwksEndpoint: string;
  /** Further claims that a token must have. @default - any token of the issuer */
  claims?: readonly JwtClaim[];
}

export interface JwtClaim {
  /** Such as `client_id` or `aud`. */
  name: string;
  /** The token must have one of them. */
  values: readonly string[];
  /** Form of the claim in the tokens. @default single-string */
  format?: "single-string" | "string-array" | "space-separated-values";
}

export interface AlbGatewayArgs {
  /** Environment whose services it publishes. */
  environment: Environment;
  /** The controller that registers the pods of the services. */
  controller: EksLoadBalancerController;
  vpcId: pulumi.Input<string>;
  /** Subnets of the load balancer, two or more: public ones, or private ones if it is `internal`. */
  subnetIds: readonly pulumi.Input<string>[];
  /** Address ranges of these subnets: pods take requests from there. */
  subnetCidrs: readonly pulumi.Input<string>[];
  /** Security group of nodes and pods. */
  nodesSecurityGroupId: pulumi.Input<string>;
  /** Services are at `https://<service>-<environment>.<domain>`. */
  domain: string;
  /** ARN of a certificate for `*.<domain>`. */
  certificateArn: pulumi.Input<string>;
  /** Hosted zone of the domain, which gets a record for each service. @default - none: make the records yourself */
  zoneId?: pulumi.Input<string>;
  /** Networks that may call; `0.0.0.0/0` is the whole internet. */
  clientCidrs: readonly string[];
  auth: ApiKeyAuth | JwtAuth;
  /** Requests of one address in five minutes, at least 10; AWS WAF refuses further ones with 403. @default - no limit, and no WAF */
  requestsPer5Minutes?: number;
  /** Whether it has only private addresses. @default false */
  internal?: boolean;
  /** Refuse to delete the load balancer: a new one would have another name. @default true */
  protect?: boolean;
}
