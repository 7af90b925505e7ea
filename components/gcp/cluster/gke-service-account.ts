import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { accountEmail, accountId, workloadMember } from "../account-id.ts";
import type { ServiceAccountIdentity } from "../../platform/kubernetes/service-account-identity.ts";
import { after } from "../../platform/after.ts";

export interface GkeServiceAccountArgs {
  project: pulumi.Input<string>;
  /** Cluster whose service account it is: its workload pool comes with the first cluster of a project. */
  cluster: gcp.container.Cluster;
  /** Begins the account's id, so that those of several stacks differ. */
  prefix: string;
  /** Namespace of the Kubernetes service account. */
  namespace: string;
  serviceAccount: string;
}

/**
 * A Google service account for one Kubernetes service account, by its exact name. It may do nothing until a grant
 * names its `member`.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 *
 * @example
 * const identity = new GkeServiceAccount("platform-training-identity", { project: project.id, cluster: cluster.resource, prefix: "acme", namespace: "platform", serviceAccount: "training" });
 * registry.allowPush("platform-training", identity.member);
 */
export class GkeServiceAccount extends pulumi.ComponentResource implements ServiceAccountIdentity {
  readonly annotations: Record<string, pulumi.Output<string>>;
  readonly podLabels: Record<string, string> = {};
  readonly usesMetadataService = true;
  readonly resource = this;
  /** Member of IAM policies, known from the start. */
  readonly member: pulumi.Output<string>;

  constructor(name: string, args: GkeServiceAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:identity:GkeServiceAccount", name, {}, opts);
    const { project, cluster, prefix, namespace, serviceAccount } = args;
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
      { parent: this, dependsOn: [cluster] },
    );
    // The address is put together here, and not read from the account, so that a first preview shows it.
    const email = pulumi.all([project, account.accountId]).apply(([project]) => accountEmail(id, project));
    this.member = pulumi.interpolate`serviceAccount:${email}`;
    // Pods that start before the binding get no token.
    const bound = after(email, use.member);
    this.annotations = { "iam.gke.io/gcp-service-account": bound };
    this.registerOutputs({ member: this.member });
  }
}
