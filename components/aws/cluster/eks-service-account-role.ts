import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { autoName, MAX_ROLE_NAME } from "../auto-name.ts";
import { awsPolicy, type AwsStatement } from "../policy-document.ts";
import type { ServiceAccountIdentity } from "../../platform/kubernetes/service-account-identity.ts";

/** The issuer that signs the tokens of a cluster's service accounts. */
export interface OidcIssuer {
  /** ARN of the identity provider in IAM. */
  providerArn: pulumi.Input<string>;
  /** URL of the issuer without `https://`, as in tokens. */
  issuer: pulumi.Input<string>;
}

export interface EksServiceAccountRoleArgs {
  oidc: OidcIssuer;
  namespace: string;
  serviceAccount: string;
  /** Statements that give the role its rights. @default - only the rights of `managedPolicies` */
  statements?: readonly AwsStatement[];
  /** ARNs of AWS managed policies. @default - none */
  managedPolicies?: readonly string[];
}

/**
 * An IAM role that exactly one Kubernetes service account can assume: the trust policy compares the `sub` and `aud` of its
 * token exactly, without wildcards.
 *
 * @example
 * const role = new EksServiceAccountRole("pushback-role", {
 *   oidc: cluster.oidc, namespace: "staging", serviceAccount: "pushback", statements,
 * });
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export class EksServiceAccountRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly identity: ServiceAccountIdentity;
  /** The role and its policies: pass them as `dependsOn` to workloads that need the rights until they are deleted. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: EksServiceAccountRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:identity:EksServiceAccountRole", name, {}, opts);
    const { oidc, namespace, serviceAccount, statements = [], managedPolicies = [] } = args;
    if (statements.length + managedPolicies.length === 0)
      throw new Error(`${name}: statements must say what the role may do, got none; leave the role out`);
    if ([namespace, serviceAccount].some((part) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(part)))
      throw new Error(
        `${name}: namespace and serviceAccount must be exact names, got ${namespace} and ${serviceAccount}`,
      );
    const role = new aws.iam.Role(
      autoName(`${name}-role`, MAX_ROLE_NAME),
      {
        description: `Service account ${serviceAccount} in ${namespace}`,
        assumeRolePolicy: trustServiceAccount(oidc, namespace, serviceAccount),
      },
      { parent: this },
    );
    const attachments = managedPolicies.map(
      (policyArn) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policyArn.split("/").at(-1)}`,
          { role: role.name, policyArn },
          { parent: this },
        ),
    );
    const inlinePolicies =
      statements.length === 0
        ? []
        : [
            new aws.iam.RolePolicy(
              `${name}-policy`,
              { role: role.name, policy: awsPolicy(...statements) },
              { parent: this },
            ),
          ];
    this.arn = role.arn;
    this.resources = [role, ...attachments, ...inlinePolicies];
    this.identity = {
      annotations: {
        "eks.amazonaws.com/role-arn": role.arn,
        "eks.amazonaws.com/sts-regional-endpoints": "true",
      },
      podLabels: {},
      usesMetadataService: false,
      resource: this,
    };
    this.registerOutputs({ arn: this.arn });
  }
}

/** Trust policy for one service account. */
function trustServiceAccount(
  oidc: OidcIssuer,
  namespace: string,
  serviceAccount: string,
): pulumi.Output<string> {
  return pulumi.all([oidc.providerArn, oidc.issuer]).apply(([providerArn, issuer]) =>
    awsPolicy({
      Sid: "ServiceAccount",
      Principal: { Federated: providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
          [`${issuer}:aud`]: "sts.amazonaws.com",
        },
      },
    }),
  );
}
