import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { accountEmail, accountId, workloadMember } from "../account-id.ts";
import type { ServiceAccountIdentity } from "../../platform/kubernetes/service-account-identity.ts";
import { after } from "../../platform/after.ts";

export interface GkeServiceAccountArgs {
  project: pulumi.Input<string>;
  /** First part of the account's id, so that several stacks can share a project. */
  prefix: string;
  /** Namespace of the Kubernetes service account. */
  namespace: string;
  serviceAccount: string;
}

/**
 * A Google service account that only one Kubernetes service account can use. It has no rights until a grant names its `member`. The
 * project must have a cluster: its first cluster creates the workload pool, without which Google refuses the binding.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 *
 * @example
 * const identity = new GkeServiceAccount("platform-training-identity", { project, prefix: "acme", namespace: "platform", serviceAccount: "training" });
 * registry.allow("platform-training", "write", identity.member);
 */
export class GkeServiceAccount extends pulumi.ComponentResource implements ServiceAccountIdentity {
  readonly annotations: Record<string, pulumi.Output<string>>;
  readonly podLabels: Record<string, string> = {};
  readonly usesMetadataService = true;
  readonly resource = this;
  /** IAM member of the account; known in a first preview. */
  readonly member: pulumi.Output<string>;

  constructor(name: string, args: GkeServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:identity:GkeServiceAccount", name, {}, opts);
    const { project, prefix, namespace, serviceAccount } = args;
    const id = accountId(prefix, namespace, serviceAccount);
    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      { project, accountId: id, displayName: `${serviceAccount} in ${namespace}` },
      { parent: this },
    );
    const use = new gcp.serviceaccount.IAMMember(
      `${name}-user`,
      {
        serviceAccountId: account.name,
        role: "roles/iam.workloadIdentityUser",
        member: pulumi.output(project).apply((id) => workloadMember(id, namespace, serviceAccount)),
      },
      { parent: this },
    );
    // Builds the address instead of reading it from the account, so that a first preview knows it.
    const email = pulumi.all([project, account.accountId]).apply(([project]) => accountEmail(id, project));
    this.member = pulumi.interpolate`serviceAccount:${email}`;
    // A pod that starts before the binding exists gets no token.
    const bound = after(email, use.member);
    this.annotations = { "iam.gke.io/gcp-service-account": bound };
    this.registerOutputs({ member: this.member });
  }
}
