import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { EksServiceAccountRole } from "./eks-service-account-role.ts";
import type { AwsStatement } from "../policy-document.ts";
import { autoscalerClusterRules, autoscalerNamespaceRules, LEASE } from "./cluster-autoscaler-rules.ts";
import { commonLabels, scrapeAnnotations, selectorLabels } from "../../platform/kubernetes/labels.ts";
import { restrictedContainer, restrictedPod } from "../../platform/kubernetes/pod-security.ts";
import { resources } from "../../platform/kubernetes/resources.ts";
import { SYSTEM_TAINT, type EksCluster } from "./eks.ts";

export interface EksClusterAutoscalerArgs {
  cluster: EksCluster;
  /** Name of the cluster in AWS, known from the start. */
  clusterName: string;
  account: string;
  region: string;
  /** Cluster Autoscaler of the cluster's minor version, by digest. */
  image: pulumi.Input<string>;
  /** Minutes that a node stays when nothing needs it. @default 10 */
  idleMinutes?: number;
}

const NAMESPACE = "kube-system";
const APP = "cluster-autoscaler";
const PORT = 8085;

/**
 * Cluster Autoscaler: it starts nodes for pods that wait, from none where need be, and ends those that stand idle.
 *
 * EKS scales no node group by itself. Of the three ways, this one keeps what the config says of each pool: its machine,
 * its `min` and its `max`. Auto Mode takes the machines, their images and the sharing of their GPUs into its own hands;
 * Karpenter brings kinds of its own, which a first preview cannot know, and pools of its own beside ours.
 *
 * @example
 * new EksClusterAutoscaler("cluster-autoscaler", { cluster, clusterName, account, region, image });
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export class EksClusterAutoscaler extends pulumi.ComponentResource {
  constructor(name: string, args: EksClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksClusterAutoscaler", name, {}, opts);
    const { cluster, clusterName, account, region, image, idleMinutes = 10 } = args;
    const role = new EksServiceAccountRole(
      `${name}-access`,
      {
        oidc: cluster.oidc,
        namespace: NAMESPACE,
        serviceAccount: APP,
        statements: autoscalerStatements(account, region, clusterName),
      },
      { parent: this },
    );
    const labels = commonLabels(APP, "autoscaling");
    const selector = selectorLabels(APP, "autoscaling");
    const metadata = { name: APP, namespace: NAMESPACE, labels };
    // It goes before the nodes do, or it would make new ones for the pods of those that leave.
    const child = { parent: this, provider: cluster.provider };
    const serviceAccount = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { ...metadata, annotations: role.identity.annotations },
        automountServiceAccountToken: false, // the pod asks for it
      },
      child,
    );
    const subjects = [
      {
        kind: "ServiceAccount",
        name: serviceAccount.metadata.name,
        namespace: serviceAccount.metadata.namespace,
      },
    ];
    const inCluster = new k8s.rbac.v1.ClusterRole(
      `${name}-cluster-role`,
      { metadata: { name: APP, labels }, rules: autoscalerClusterRules() },
      child,
    );
    const inNamespace = new k8s.rbac.v1.Role(
      `${name}-role`,
      { metadata, rules: autoscalerNamespaceRules() },
      child,
    );
    const apiGroup = "rbac.authorization.k8s.io";
    const bindings = [
      new k8s.rbac.v1.ClusterRoleBinding(
        `${name}-cluster-binding`,
        {
          metadata: { name: APP, labels },
          roleRef: { apiGroup, kind: "ClusterRole", name: inCluster.metadata.name },
          subjects,
        },
        child,
      ),
      new k8s.rbac.v1.RoleBinding(
        `${name}-binding`,
        {
          metadata,
          roleRef: { apiGroup, kind: "Role", name: inNamespace.metadata.name },
          subjects,
        },
        child,
      ),
    ];
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 2, // one leads, one waits
          selector: { matchLabels: selector },
          template: {
            metadata: { labels, annotations: scrapeAnnotations(PORT) },
            spec: {
              serviceAccountName: serviceAccount.metadata.name,
              automountServiceAccountToken: true,
              enableServiceLinks: false,
              priorityClassName: "system-cluster-critical",
              securityContext: restrictedPod,
              tolerations: [{ key: SYSTEM_TAINT.key, operator: "Exists", effect: SYSTEM_TAINT.effect }],
              topologySpreadConstraints: [
                {
                  maxSkew: 1,
                  topologyKey: "kubernetes.io/hostname",
                  whenUnsatisfiable: "ScheduleAnyway",
                  labelSelector: { matchLabels: selector },
                },
              ],
              containers: [
                {
                  name: APP,
                  image,
                  command: ["./cluster-autoscaler"],
                  args: [
                    "--cloud-provider=aws",
                    `--cluster-name=${clusterName}`,
                    `--namespace=${NAMESPACE}`,
                    `--leader-elect-resource-name=${LEASE}`,
                    `--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/${clusterName}`,
                    "--expander=least-waste",
                    // A node of which only DaemonSets and scratch files are left goes.
                    "--skip-nodes-with-system-pods=false",
                    "--skip-nodes-with-local-storage=false",
                    `--scale-down-unneeded-time=${idleMinutes}m`,
                    `--address=:${PORT}`,
                  ],
                  env: [{ name: "AWS_REGION", value: region }],
                  ports: [{ name: "metrics", containerPort: PORT }],
                  resources: resources({ cpuRequestMillis: 100, cpuLimitMillis: 1000, memoryMib: 600 }),
                  securityContext: restrictedContainer,
                  livenessProbe: {
                    httpGet: { path: "/health-check", port: "metrics" },
                    periodSeconds: 30,
                    failureThreshold: 5,
                  },
                },
              ],
            },
          },
        },
      },
      { ...child, dependsOn: [...bindings, ...role.resources] },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      child,
    );
    this.registerOutputs({});
  }
}

/** Reading knows no resources in IAM; changing is bound to the groups of this cluster, which EKS tags. */
function autoscalerStatements(account: string, region: string, clusterName: string): AwsStatement[] {
  return [
    {
      Sid: "SeeGroupsAndMachines",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      Resource: "*",
    },
    {
      Sid: "SeeNodeGroups",
      Action: ["eks:DescribeNodegroup"],
      Resource: `arn:aws:eks:${region}:${account}:nodegroup/${clusterName}/*/*`,
    },
    {
      Sid: "ScaleOwnGroups",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/eks-*`,
      Condition: {
        StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" },
      },
    },
  ];
}
