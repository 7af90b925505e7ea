import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../platform/after.ts";
import {
  publishedHost,
  someClients,
  type EnvironmentGateway,
} from "../../platform/gateway/environment-gateway.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { commonLabels } from "../../platform/kubernetes/labels.ts";
import { gatewayPortOf, type GatewayAccess } from "../../platform/serving/service-callers.ts";
import { autoName } from "../auto-name.ts";
import type { AlbGatewayArgs, JwtAuth } from "./alb-gateway-args.ts";
import { CLUSTER_TAG } from "./eks-load-balancer-controller.ts";
import { TARGET_GROUP_BINDING_API } from "./target-group-definitions.ts";

/** Longest name of a load balancer and of a target group. */
const MAX_NAME = 32;
const HTTPS = 443;
/** TLS 1.3, and 1.2 with forward secrecy. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";
/** Seconds in which a removed pod finishes its requests; it drains for about as long. */
const DEREGISTRATION_SECONDS = 15;

/**
 * The entrance to the services of one environment on EKS: an Application Load Balancer with a certificate of ACM. It answers only to host
 * names of published services, only to `clientCidrs`, and each request needs an API key or a token.
 *
 * @example
 * const gateway = new AlbGateway("production-gateway", {
 *   environment: production, controller, vpcId, subnetIds, subnetCidrs, nodesSecurityGroupId,
 *   domain: "ml.example.com", certificateArn, zoneId, clientCidrs: ["203.0.113.0/24"],
 *   auth: { kind: "api-keys", secret: "api-keys" },
 * });
 * new InferenceService("production-pushback", { gateway: gateway.access, … });
 * const url = gateway.publish("pushback");
 */
export class AlbGateway extends pulumi.ComponentResource implements EnvironmentGateway {
  readonly access: GatewayAccess;
  /** DNS name of the load balancer, for records that you make yourself. */
  readonly dnsName: pulumi.Output<string>;
  private readonly name: string;
  private readonly args: AlbGatewayArgs;
  private readonly balancer: aws.lb.LoadBalancer;
  private readonly listener: aws.lb.Listener;

  constructor(name: string, args: AlbGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gateway:AlbGateway", name, {}, opts);
    const {
      subnetIds,
      subnetCidrs,
      certificateArn,
      clientCidrs,
      auth,
      internal = false,
      protect = true,
    } = args;
    someClients(name, clientCidrs);
    atLeast(2, subnetIds.length, `${name}: number of subnetIds`);
    if (args.requestsPer5Minutes !== undefined)
      atLeast(10, args.requestsPer5Minutes, `${name}: requestsPer5Minutes`);
    this.name = name;
    this.args = args;
    this.access = {
      from: subnetCidrs.map((cidr) => ({ ipBlock: { cidr } })),
      ...(auth.kind === "api-keys" ? { apiKeysSecret: auth.secret } : {}),
    };
    const group = this.createSecurityGroup();
    this.balancer = new aws.lb.LoadBalancer(
      autoName(`${name}-alb`, MAX_NAME),
      {
        loadBalancerType: "application",
        internal,
        subnets: [...subnetIds],
        securityGroups: [group.id],
        dropInvalidHeaderFields: true,
        enableDeletionProtection: protect,
        idleTimeout: 60,
      },
      { parent: this, protect },
    );
    this.dnsName = this.balancer.dnsName;
    this.listener = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: this.balancer.arn,
        port: HTTPS,
        protocol: "HTTPS",
        sslPolicy: TLS_POLICY,
        certificateArn,
        routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
        defaultActions: [
          {
            type: "fixed-response",
            fixedResponse: {
              statusCode: "404",
              contentType: "application/json",
              messageBody: '{"error":"no such service"}',
            },
          },
        ],
      },
      { parent: this },
    );
    this.limitRate();
    this.registerOutputs({ dnsName: this.dnsName });
  }

  publish(serviceName: string): pulumi.Output<string> {
    const { environment, controller, vpcId, domain, zoneId } = this.args;
    const name = `${this.name}-${serviceName}`;
    const host = publishedHost(this.name, { serviceName, environment: environment.name, domain });
    const child = { parent: this };
    const port = gatewayPortOf(this.access);
    const targets = new aws.lb.TargetGroup(
      autoName(name, MAX_NAME),
      {
        targetType: "ip",
        ipAddressType: "ipv4",
        vpcId,
        port,
        protocol: "HTTP",
        deregistrationDelay: DEREGISTRATION_SECONDS,
        healthCheck: {
          path: "/v2/health/ready",
          interval: 5,
          timeout: 3,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
          matcher: "200",
        },
        tags: { [CLUSTER_TAG]: controller.clusterName },
      },
      child,
    );
    const rule = new aws.lb.ListenerRule(
      `${name}-rule`,
      {
        listenerArn: this.listener.arn,
        conditions: [{ hostHeader: { values: [host] } }],
        actions: [...this.tokenCheck(), { type: "forward", targetGroupArn: targets.arn }],
      },
      child,
    );
    new k8s.apiextensions.CustomResource(
      `${name}-binding`,
      {
        apiVersion: TARGET_GROUP_BINDING_API,
        kind: "TargetGroupBinding",
        metadata: {
          name: serviceName,
          namespace: environment.namespace,
          labels: commonLabels(serviceName, "gateway"),
        },
        spec: {
          targetGroupARN: targets.arn,
          targetType: "ip",
          ipAddressType: "ipv4",
          vpcID: vpcId,
          targetGroupProtocol: "HTTP",
          serviceRef: { name: serviceName, port },
        },
      },
      { ...child, dependsOn: [...controller.neededByBindings, rule] },
    );
    if (zoneId !== undefined)
      new aws.route53.Record(
        `${name}-record`,
        {
          zoneId,
          name: host,
          type: "A",
          aliases: [
            { name: this.balancer.dnsName, zoneId: this.balancer.zoneId, evaluateTargetHealth: false },
          ],
        },
        child,
      );
    return after(`https://${host}`, rule.arn);
  }

  /** Lets clients in at 443, and the load balancer out to the pods and, for the keys of an issuer, to the internet. */
  private createSecurityGroup(): aws.ec2.SecurityGroup {
    const { environment, vpcId, nodesSecurityGroupId, clientCidrs, auth } = this.args;
    const { name } = this;
    const child = { parent: this };
    const port = gatewayPortOf(this.access);
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId, description: `Gateway of ${environment.name}`, tags: { Name: name } },
      child,
    );
    const securityGroupId = group.id;
    clientCidrs.forEach((cidrIpv4, index) => {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-clients-${index}`,
        {
          securityGroupId,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: HTTPS,
          toPort: HTTPS,
          description: "Clients",
        },
        child,
      );
    });
    const toPods = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-pods`,
      { securityGroupId, referencedSecurityGroupId: nodesSecurityGroupId, ...toPods, description: "Pods" },
      child,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-at-pods`,
      {
        securityGroupId: nodesSecurityGroupId,
        referencedSecurityGroupId: group.id,
        ...toPods,
        description: `Gateway of ${environment.name}`,
      },
      child,
    );
    if (auth.kind === "jwt")
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-issuer`,
        {
          securityGroupId,
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: HTTPS,
          toPort: HTTPS,
          description: "Keys of the token issuer",
        },
        child,
      );
    return group;
  }

  /** Returns the action that refuses requests without a valid token; none if the servers check API keys. */
  private tokenCheck(): aws.types.input.lb.ListenerRuleAction[] {
    const { auth } = this.args;
    return auth.kind === "jwt" ? [{ type: "jwt-validation", jwtValidation: jwtValidation(auth) }] : [];
  }

  /** Puts a web ACL before the load balancer, which refuses an address with too many requests. */
  private limitRate(): void {
    const { requestsPer5Minutes: limit } = this.args;
    if (limit === undefined) return;
    const { name } = this;
    const metrics = (metricName: string): aws.types.input.wafv2.WebAclVisibilityConfig => ({
      metricName,
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: false, // samples hold headers, and so API keys
    });
    const acl = new aws.wafv2.WebAcl(
      `${name}-limits`,
      {
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        visibilityConfig: metrics(`${name}-limits`),
        rules: [
          {
            name: "requests-per-address",
            priority: 1,
            action: { block: {} },
            statement: { rateBasedStatement: { limit, aggregateKeyType: "IP", evaluationWindowSec: 300 } },
            visibilityConfig: metrics(`${name}-requests-per-address`),
          },
        ],
      },
      { parent: this },
    );
    new aws.wafv2.WebAclAssociation(
      `${name}-limits-association`,
      { resourceArn: this.balancer.arn, webAclArn: acl.arn },
      { parent: this },
    );
  }
}

function jwtValidation({
  issuer,
  jwksEndpoint,
  claims = [],
}: JwtAuth): aws.types.input.lb.ListenerRuleActionJwtValidation {
  return {
    issuer,
    jwksEndpoint,
    additionalClaims: claims.map(({ name, values, format = "single-string" }) => ({
      name,
      format,
      values: [...values],
    })),
  };
}
