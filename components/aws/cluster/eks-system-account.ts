import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { grantRights, type RightsArgs } from "../../platform/kubernetes/grant-rights.ts";
import type { AwsStatement } from "../policy-document.ts";
import { EksServiceAccountRole, type OidcIssuer } from "./eks-service-account-role.ts";

/** Namespace of the controllers that the cluster needs. */
export const SYSTEM_NAMESPACE = "kube-system";

export interface EksSystemAccountArgs extends Pick<RightsArgs, "namespaceRules" | "clusterRules"> {
  /** Issuer of the tokens of the cluster's service accounts. */
  oidc: OidcIssuer;
  /** Name, namespace and labels of the account and of its roles in the cluster. */
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  /** Rights in AWS. */
  statements: readonly AwsStatement[];
}

/** The service account of a controller. */
export interface EksSystemAccount {
  name: pulumi.Output<string>;
  /** Pass them as `dependsOn` to the controller: its pods have the rights from the first to the last. */
  rights: pulumi.Resource[];
}

/** Creates the service account of a controller that the cluster needs, with rights in AWS and in the cluster. */
export function eksSystemAccount(
  prefix: string,
  { oidc, metadata, statements, namespaceRules, clusterRules }: EksSystemAccountArgs,
  opts: { parent: pulumi.Resource },
): EksSystemAccount {
  const role = new EksServiceAccountRole(
    `${prefix}-access`,
    { oidc, namespace: metadata.namespace, serviceAccount: metadata.name, statements },
    opts,
  );
  const account = new k8s.core.v1.ServiceAccount(
    `${prefix}-account`,
    {
      metadata: { ...metadata, annotations: role.identity.annotations },
      automountServiceAccountToken: false, // the pod mounts it explicitly
    },
    opts,
  );
  const bindings = grantRights(prefix, { account, metadata, namespaceRules, clusterRules }, opts);
  return { name: account.metadata.name, rights: [...bindings, ...role.resources] };
}
