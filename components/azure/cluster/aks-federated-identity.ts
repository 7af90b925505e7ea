import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as pulumi from "@pulumi/pulumi";
import { commonInputs, type AzurePlace } from "../place.ts";
import type { AzureRole } from "../roles.ts";
import type { ServiceAccountIdentity } from "../../platform/kubernetes/service-account-identity.ts";
import { grantAzureRole } from "../role-assignment.ts";

export interface AksFederatedIdentityArgs extends AzurePlace {
  /** URL of the issuer of the cluster's service account tokens. */
  issuer: pulumi.Input<string>;
  /** Exact name of the namespace of the service account. */
  namespace: string;
  serviceAccount: string;
  /** Roles of the identity, each under a short name that is part of its resource name. */
  grants: Readonly<Record<string, { role: AzureRole; scope: pulumi.Input<string> }>>;
}

/**
 * An Azure identity that exactly one service account of one cluster can use. It needs no secret: pods exchange their service
 * account token for a token of Entra.
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
      { ...commonInputs(args), resourceName: `${prefix}-${namespace}-${serviceAccount}` },
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
    for (const [grantName, { role, scope }] of Object.entries(grants)) {
      const grant = { place: args, role, principalId: identity.principalId, scope };
      grantAzureRole(`${name}-${grantName}`, grant, { parent: this });
    }
    this.annotations = {
      "azure.workload.identity/client-id": identity.clientId,
      "azure.workload.identity/tenant-id": tenant,
    };
    this.registerOutputs({});
  }
}
