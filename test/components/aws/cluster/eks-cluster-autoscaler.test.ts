import { expect, test } from "vitest";
import { EksClusterAutoscaler } from "../../../../components/aws/cluster/eks-cluster-autoscaler.ts";
import { find, list, record } from "../../record.ts";
import { json, place } from "../aws-outputs.ts";

const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";
const { resources } = await record(
  () =>
    new EksClusterAutoscaler("autoscaler", {
      ...place,
      oidc: { providerArn: "arn:oidc", issuer },
      clusterName: "slipway",
      image: "registry.example.com/cluster-autoscaler@sha256:00",
    }),
);

test("consists of a deployment with its rights in the cluster and a role in AWS", () => {
  expect(list(resources)).toEqual([
    "aws:iam/role:Role autoscaler-access-role",
    "aws:iam/rolePolicy:RolePolicy autoscaler-access-policy",
    "kubernetes:apps/v1:Deployment autoscaler-deployment",
    "kubernetes:core/v1:ServiceAccount autoscaler-account",
    "kubernetes:policy/v1:PodDisruptionBudget autoscaler-budget",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole autoscaler-cluster-role",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding autoscaler-cluster-binding",
    "kubernetes:rbac.authorization.k8s.io/v1:Role autoscaler-role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding autoscaler-binding",
    "slipway:cluster:EksClusterAutoscaler autoscaler",
    "slipway:identity:EksServiceAccountRole autoscaler-access",
  ]);
});

test("only its service account can assume the role, by the issuer of the cluster", () => {
  const { assumeRolePolicy } = find(resources, "aws:iam/role:Role", "autoscaler-access-role");
  expect(json(assumeRolePolicy)).toMatchObject({
    Statement: [
      {
        Principal: { Federated: "arn:oidc" },
        Condition: {
          StringEquals: { [`${issuer}:sub`]: "system:serviceaccount:kube-system:cluster-autoscaler" },
        },
      },
    ],
  });
});

test("finds the groups of its cluster, and removes a node after 10 idle minutes", () => {
  const deployment = find(resources, "kubernetes:apps/v1:Deployment", "autoscaler-deployment");
  expect(deployment).toMatchObject({
    spec: {
      replicas: 2,
      template: {
        spec: {
          tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoSchedule" }],
          containers: [
            {
              image: "registry.example.com/cluster-autoscaler@sha256:00",
              args: expect.arrayContaining([
                "--cluster-name=slipway",
                "--scale-down-unneeded-time=10m",
                "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/slipway",
              ]) as string[],
            },
          ],
        },
      },
    },
  });
});
