import { expect, test } from "vitest";
import { EksLoadBalancerController } from "../../../../components/aws/gateway/eks-load-balancer-controller.ts";
import { find, list, named, record } from "../../record.ts";
import { json } from "../aws-outputs.ts";

const build = () =>
  record(
    () =>
      new EksLoadBalancerController("balancers", {
        oidc: { providerArn: "arn:oidc", issuer: "oidc.example/id/ABC" },
        clusterName: "slipway",
        region: "eu-central-1",
        vpcId: "vpc-1",
        image: "registry.example/slipway/aws-load-balancer-controller@sha256:1",
        runtimeImage: "registry.example/slipway/runtime@sha256:2",
      }),
  );
const { resources, result } = await build();

test("it is three definitions, a role for one service account, and two pods with their rights", () => {
  expect(list(named(resources, "balancers"))).toEqual([
    "aws:iam/role:Role balancers-access-role",
    "aws:iam/rolePolicy:RolePolicy balancers-access-policy",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition balancers-albtargetcontrolconfigs",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition balancers-ingressclassparams",
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition balancers-targetgroupbindings",
    "kubernetes:apps/v1:Deployment balancers-deployment",
    "kubernetes:core/v1:ServiceAccount balancers-account",
    "kubernetes:policy/v1:PodDisruptionBudget balancers-budget",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole balancers-cluster-role",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding balancers-cluster-binding",
    "kubernetes:rbac.authorization.k8s.io/v1:Role balancers-role",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding balancers-binding",
    "slipway:gateway:EksLoadBalancerController balancers",
    "slipway:identity:EksServiceAccountRole balancers-access",
  ]);
  expect(result.neededByBindings).toHaveLength(4);
});

test("its role changes only target groups with the tag of the cluster, and creates nothing", () => {
  const policy = json(find(resources, "aws:iam/rolePolicy:RolePolicy", "balancers-access-policy")["policy"]);
  expect(policy).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Sid: "SeeTargets",
        Action: [
          "ec2:DescribeInstances",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeVpcs",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
        ],
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
      },
      {
        Effect: "Allow",
        Sid: "RegisterOwnTargets",
        Action: [
          "elasticloadbalancing:DeregisterTargets",
          "elasticloadbalancing:ModifyTargetGroup",
          "elasticloadbalancing:ModifyTargetGroupAttributes",
          "elasticloadbalancing:RegisterTargets",
        ],
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/slipway:cluster": "slipway" } },
      },
    ],
  });
});

test("in the cluster it reads no Secret and changes no Service or Ingress", () => {
  const { rules } = find(
    resources,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
    "balancers-cluster-role",
  ) as { rules: { resources: string[]; verbs: string[] }[] };
  expect(JSON.stringify(rules)).not.toMatch(/secrets|\*/);
  const changed = rules.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)));
  expect(changed.flatMap((rule) => rule.resources).sort()).toEqual([
    "events",
    "pods/status",
    "targetgroupbindings",
    "targetgroupbindings/finalizers",
    "targetgroupbindings/status",
  ]);
});

test("an init container makes the certificate of its webhook server in memory, and both containers are restricted", () => {
  const restricted = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  };
  expect(find(resources, "kubernetes:apps/v1:Deployment", "balancers-deployment")).toMatchObject({
    metadata: { namespace: "kube-system" },
    spec: {
      replicas: 2,
      template: {
        spec: {
          securityContext: { runAsNonRoot: true },
          initContainers: [
            {
              image: "registry.example/slipway/runtime@sha256:2",
              args: [
                "self-sign",
                "--name",
                "aws-load-balancer-controller",
                "--folder",
                "/run/webhook-certificate",
              ],
              securityContext: restricted,
            },
          ],
          containers: [
            {
              image: "registry.example/slipway/aws-load-balancer-controller@sha256:1",
              args: expect.arrayContaining([
                "--cluster-name=slipway",
                "--aws-region=eu-central-1",
                "--aws-vpc-id=vpc-1",
                "--webhook-cert-dir=/run/webhook-certificate",
                "--feature-gates=EnableServiceController=false,NLBGatewayAPI=false,ALBGatewayAPI=false",
              ]) as unknown,
              securityContext: restricted,
            },
          ],
          volumes: [{ name: "certificate", emptyDir: { medium: "Memory" } }],
        },
      },
    },
  });
});
