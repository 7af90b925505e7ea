import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { OidcIssuer } from "./eks-service-account-role.ts";
import type { AwsStatement } from "../policy-document.ts";
import { autoscalerClusterRules, autoscalerNamespaceRules, LEASE } from "./cluster-autoscaler-rules.ts";
import { commonLabels, scrapeAnnotations, selectorLabels } from "../../platform/kubernetes/labels.ts";
import { restrictedContainer } from "../../platform/kubernetes/pod-security.ts";
import { resources } from "../../platform/kubernetes/resources.ts";
import { eksSystemAccount, SYSTEM_NAMESPACE } from "./eks-system-account.ts";
import { eksSystemPod } from "./eks-system-pod.ts";

export interface EksClusterAutoscalerArgs {
  /** Issuer of the tokens of the cluster's service accounts. */
  oidc: OidcIssuer;
  /** Name of the cluster in AWS, as a plain string, because ARNs and tags are built from it. */
  clusterName: string;
  account: string;
  region: string;
  /** Image of Cluster Autoscaler by digest; its minor version must be that of the cluster. */
  image: pulumi.Input<string>;
  /** Minutes after which an unneeded node is removed. @default 10 */
  idleMinutes?: number;
}

const APP = "cluster-autoscaler";
const PORT = 8085;

/**
 * Cluster Autoscaler: starts nodes for pending pods, also in an empty pool, and removes idle nodes.
 *
 * EKS does not scale node groups by itself. There are three ways to do it, and only Cluster Autoscaler keeps the machine, the
 * `min` and the `max` that the config gives for each pool. Auto Mode chooses machines, node images and GPU sharing itself.
 * Karpenter needs custom resource types, which a first preview does not know, and manages node pools of its own.
 *
 * @example
 * new EksClusterAutoscaler("cluster-autoscaler", { oidc, clusterName, account, region, image }, { providers: [aws, kubernetes] });
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export class EksClusterAutoscaler extends pulumi.ComponentResource {
  constructor(name: string, args: EksClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksClusterAutoscaler", name, {}, opts);
    const { oidc, clusterName, account, region, image, idleMinutes = 10 } = args;
    const labels = commonLabels(APP, "autoscaling");
    const selector = selectorLabels(APP, "autoscaling");
    const metadata = { name: APP, namespace: SYSTEM_NAMESPACE, labels };
    const child = { parent: this };
    const serviceAccount = eksSystemAccount(
      name,
      {
        oidc,
        metadata,
        statements: autoscalerStatements(account, region, clusterName),
        namespaceRules: autoscalerNamespaceRules(),
        clusterRules: autoscalerClusterRules(),
      },
      child,
    );
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 2, // a leader and a standby
          selector: { matchLabels: selector },
          template: {
            metadata: { labels, annotations: scrapeAnnotations(PORT) },
            spec: {
              ...eksSystemPod(serviceAccount.name, selector),
              containers: [
                {
                  name: APP,
                  image,
                  command: ["./cluster-autoscaler"],
                  args: [
                    "--cloud-provider=aws",
                    `--cluster-name=${clusterName}`,
                    `--namespace=${SYSTEM_NAMESPACE}`,
                    `--leader-elect-resource-name=${LEASE}`,
                    `--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/${clusterName}`,
                    "--expander=least-waste",
                    // Each zone has its own groups: without a volume that needs one of them, the nodes are spread.
                    "--balance-similar-node-groups",
                    // Removes nodes that run only DaemonSets, and nodes whose pods have scratch volumes.
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
      { ...child, dependsOn: serviceAccount.rights },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      child,
    );
    this.registerOutputs({});
  }
}

/** IAM cannot restrict the read actions to resources. The write actions are restricted to the groups that EKS tags for this cluster. */
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
