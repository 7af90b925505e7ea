import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { inPlace, type AzurePlace } from "../place.ts";
import type { AzureRole } from "../roles.ts";
import type { ServiceAccountIdentity } from "../../platform/kubernetes/service-account-identity.ts";
import { grantAzureRole } from "../role-assignment.ts";

export interface AksFederatedIdentityArgs extends AzurePlace {
  /** Issuer of the cluster's tokens. */
  issuer: pulumi.Input<string>;
  /** Namespace of the service account, to the letter. */
  namespace: string;
  serviceAccount: string;
  /** What the identity may do, by a short name for each. */
  grants: Readonly<Record<string, { role: AzureRole; scope: pulumi.Input<string> }>>;
}

/**
 * An identity of Azure that exactly one service account of one cluster stands for; no secret is involved: pods trade the
 * token that the cluster gives them for one of Entra's.
 *
 * @example
 * const identity = new AksFederatedIdentity("training-identity", {
 *   ...place, issuer: cluster.oidcIssuerUrl, namespace: "platform", serviceAccount: "training",
 *   grants: { registry: { role: "AcrPush", scope: registry.id } },
 * });
 */
export class AksFederatedIdentity extends pulumi.ComponentResource implements ServiceAccountIdentity {
  readonly annotations: Record<string, pulumi.Input<string>>;
  readonly podLabels = { "azure.workload.identity/use": "true" };
  readonly usesMetadataService = false;
  readonly resource = this;

  constructor(name: string, args: AksFederatedIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:identity:AksFederatedIdentity", name, {}, opts);
    const { issuer, namespace, serviceAccount, grants, prefix, tenant, resourceGroupName } = args;
    const identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { ...inPlace(args), resourceName: `${prefix}-${namespace}-${serviceAccount}` },
      { parent: this },
    );
    new managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        resourceGroupName,
        resourceName: identity.name,
        federatedIdentityCredentialResourceName: "service-account",
        issuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
        audiences: ["api://AzureADTokenExchange"],
      },
      { parent: this, deletedWith: identity },
    );
    for (const [what, { role, scope }] of Object.entries(grants)) {
      const grant = { place: args, role, principalId: identity.principalId, scope };
      grantAzureRole(`${name}-${what}`, grant, { parent: this });
    }
    this.annotations = {
      "azure.workload.identity/client-id": identity.clientId,
      "azure.workload.identity/tenant-id": tenant,
    };
    this.registerOutputs({});
  }
}
