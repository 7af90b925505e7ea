import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { commonLabels, scrapeAnnotations, selectorLabels } from "../../platform/kubernetes/labels.ts";
import { restrictedContainer } from "../../platform/kubernetes/pod-security.ts";
import { resources } from "../../platform/kubernetes/resources.ts";
import type { OidcIssuer } from "../cluster/eks-service-account-role.ts";
import { eksSystemAccount, SYSTEM_NAMESPACE } from "../cluster/eks-system-account.ts";
import { eksSystemPod } from "../cluster/eks-system-pod.ts";
import type { AwsStatement } from "../policy-document.ts";
import { targetGroupDefinitions } from "./target-group-definitions.ts";
import { LEASE, targetGroupClusterRules, targetGroupLeaseRules } from "./target-group-rules.ts";

export interface EksLoadBalancerControllerArgs {
  /** Issuer of the cluster's service account tokens. */
  oidc: OidcIssuer;
  /** Name of the cluster in AWS. Target groups have it in the tag `slipway:cluster`. */
  clusterName: string;
  region: string;
  vpcId: pulumi.Input<string>;
  /** Image of AWS Load Balancer Controller by digest, version 3. */
  image: pulumi.Input<string>;
  /** Image whose entry point is `runtime/main.ts`; it makes the certificate that the controller needs to start. */
  runtimeImage: pulumi.Input<string>;
}

/** Tag of the target groups that the controller may change; its value is the name of the cluster. */
export const CLUSTER_TAG = "slipway:cluster";

const APP = "aws-load-balancer-controller";
const PORT = { metrics: 8080, health: 61779 };
const CERTIFICATE = { name: "certificate", mountPath: "/run/webhook-certificate" };

/**
 * AWS Load Balancer Controller, only to keep target groups in step with pods: it registers the pods of each TargetGroupBinding and takes
 * them out before they end. It creates no load balancer and no security group: `AlbGateway` does, so that a plan shows them. So its role
 * may change nothing but the targets of this cluster's groups.
 *
 * @example
 * const controller = new EksLoadBalancerController("load-balancers", {
 *   oidc, clusterName, region, vpcId, image: registry.image("aws-load-balancer-controller"), runtimeImage,
 * });
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
 */
export class EksLoadBalancerController extends pulumi.ComponentResource {
  readonly clusterName: string;
  /**
   * Pass it as `dependsOn` to TargetGroupBindings: the definitions are there before them, and the controller until they are deleted,
   * because it removes their finalizers.
   */
  readonly neededByBindings: readonly pulumi.Resource[];

  constructor(name: string, args: EksLoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gateway:EksLoadBalancerController", name, {}, opts);
    const { oidc, clusterName, region } = args;
    this.clusterName = clusterName;
    const child = { parent: this };
    const labels = commonLabels(APP, "gateway");
    const selector = selectorLabels(APP, "gateway");
    const metadata = { name: APP, namespace: SYSTEM_NAMESPACE, labels };
    const definitions = Object.entries(targetGroupDefinitions()).map(
      ([definition, spec]) =>
        new k8s.apiextensions.v1.CustomResourceDefinition(
          `${name}-${definition.split(".")[0] ?? definition}`,
          { metadata: { name: definition, labels }, spec },
          child,
        ),
    );
    const account = eksSystemAccount(
      name,
      {
        oidc,
        metadata,
        statements: targetStatements(clusterName, region),
        namespaceRules: targetGroupLeaseRules(),
        clusterRules: targetGroupClusterRules(),
      },
      child,
    );
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 2, // a leader and a standby
          revisionHistoryLimit: 3,
          selector: { matchLabels: selector },
          template: {
            metadata: { labels, annotations: scrapeAnnotations(PORT.metrics) },
            spec: controllerPod(args, account.name, selector),
          },
        },
      },
      { ...child, dependsOn: [...definitions, ...account.rights] },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      child,
    );
    this.neededByBindings = [...definitions, deployment];
    this.registerOutputs({});
  }
}

/**
 * Returns the pod of the controller. Its webhook server does not start without a certificate, although no webhook is registered: an init
 * container makes one.
 */
function controllerPod(
  { clusterName, region, vpcId, image, runtimeImage }: EksLoadBalancerControllerArgs,
  serviceAccount: pulumi.Input<string>,
  selector: Record<string, string>,
): k8s.types.input.core.v1.PodSpec {
  const health = (path: string): k8s.types.input.core.v1.HTTPGetAction => ({ path, port: "health" });
  return {
    ...eksSystemPod(serviceAccount, selector),
    initContainers: [
      {
        name: "certificate",
        image: runtimeImage,
        args: ["self-sign", "--name", APP, "--folder", CERTIFICATE.mountPath],
        resources: resources({ cpuRequestMillis: 10, cpuLimitMillis: 500, memoryMib: 128 }),
        securityContext: restrictedContainer,
        volumeMounts: [CERTIFICATE],
      },
    ],
    containers: [
      {
        name: "controller",
        image,
        args: [
          `--cluster-name=${clusterName}`,
          `--aws-region=${region}`,
          pulumi.interpolate`--aws-vpc-id=${vpcId}`,
          `--leader-election-id=${LEASE}`,
          `--leader-election-namespace=${SYSTEM_NAMESPACE}`,
          `--webhook-cert-dir=${CERTIFICATE.mountPath}`,
          `--metrics-bind-addr=:${PORT.metrics}`,
          `--health-probe-bind-addr=:${PORT.health}`,
          "--enable-pod-readiness-gate-inject=false",
          "--enable-backend-security-group=false",
          "--enable-shield=false",
          "--enable-waf=false",
          "--enable-wafv2=false",
          "--feature-gates=EnableServiceController=false,NLBGatewayAPI=false,ALBGatewayAPI=false",
        ],
        ports: [
          { name: "metrics", containerPort: PORT.metrics },
          { name: "health", containerPort: PORT.health },
        ],
        resources: resources({ cpuRequestMillis: 50, cpuLimitMillis: 500, memoryMib: 256 }),
        securityContext: restrictedContainer,
        readinessProbe: { httpGet: health("/readyz"), periodSeconds: 10 },
        livenessProbe: { httpGet: health("/healthz"), periodSeconds: 10, failureThreshold: 6 },
        volumeMounts: [{ ...CERTIFICATE, readOnly: true }],
      },
    ],
    volumes: [{ name: CERTIFICATE.name, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }],
  };
}

/**
 * IAM cannot restrict the read actions to resources. The others are restricted to target groups that have the cluster's tag.
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/ (TargetGroupBinding only)
 */
function targetStatements(clusterName: string, region: string): AwsStatement[] {
  return [
    {
      Sid: "SeeTargets",
      Action: [
        "ec2:DescribeInstances",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      Sid: "RegisterOwnTargets",
      Action: [
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RegisterTargets",
      ],
      Resource: "*",
      Condition: { StringEquals: { [`aws:ResourceTag/${CLUSTER_TAG}`]: clusterName } },
    },
  ];
}
