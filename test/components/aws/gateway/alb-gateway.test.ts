import { expect, test } from "vitest";
import type { AlbGatewayArgs } from "../../../../components/aws/gateway/alb-gateway-args.ts";
import { AlbGateway } from "../../../../components/aws/gateway/alb-gateway.ts";
import { EksLoadBalancerController } from "../../../../components/aws/gateway/eks-load-balancer-controller.ts";
import { find, list, named, record, valueOf } from "../../record.ts";
import { stage } from "../../stage.ts";

const build = (args: Partial<AlbGatewayArgs> = {}, published = ["pushback"]) =>
  record(async () => {
    const { staging } = stage();
    const controller = new EksLoadBalancerController("balancers", {
      oidc: { providerArn: "arn:oidc", issuer: "oidc.example/id/ABC" },
      clusterName: "slipway",
      region: "eu-central-1",
      vpcId: "vpc-1",
      image: "controller",
      runtimeImage: "runtime",
    });
    const gateway = new AlbGateway("entry", {
      environment: staging,
      controller,
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      subnetCidrs: ["10.0.96.0/24", "10.0.97.0/24"],
      nodesSecurityGroupId: "sg-nodes",
      domain: "ml.example.com",
      certificateArn: "arn:certificate",
      zoneId: "Z1",
      clientCidrs: ["203.0.113.0/24"],
      auth: { kind: "api-keys", secret: "api-keys" },
      ...args,
    });
    const urls = await Promise.all(published.map((service) => valueOf(gateway.publish(service))));
    return { gateway, urls };
  });
const standard = await build();
const jwt = { kind: "jwt", issuer: "https://id.example", jwksEndpoint: "https://id.example/jwks" } as const;

test("it is a load balancer with its security group and listener, and for each service a target group, a rule, a binding and a record", () => {
  const { resources, result } = standard;
  expect(list(named(resources, "entry"))).toEqual([
    "aws:ec2/securityGroup:SecurityGroup entry-group",
    "aws:lb/listener:Listener entry-https",
    "aws:lb/listenerRule:ListenerRule entry-pushback-rule",
    "aws:lb/loadBalancer:LoadBalancer entry-alb",
    "aws:lb/targetGroup:TargetGroup entry-pushback",
    "aws:route53/record:Record entry-pushback-record",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule entry-to-pods",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule entry-at-pods",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule entry-clients-0",
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding entry-pushback-binding",
    "slipway:gateway:AlbGateway entry",
  ]);
  expect(result.urls).toEqual(["https://pushback-staging.ml.example.com"]);
});

test("only the client networks reach it, and it reaches only the port of the pods on which requests need a key", () => {
  const { resources, result } = standard;
  const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  expect(find(resources, ingress, "entry-clients-0")).toMatchObject({
    securityGroupId: "entry-group-id",
    cidrIpv4: "203.0.113.0/24",
    fromPort: 443,
    toPort: 443,
  });
  expect(find(resources, ingress, "entry-at-pods")).toMatchObject({
    securityGroupId: "sg-nodes",
    referencedSecurityGroupId: "entry-group-id",
    fromPort: 8081,
    toPort: 8081,
  });
  expect(result.gateway.access).toEqual({
    from: [{ ipBlock: { cidr: "10.0.96.0/24" } }, { ipBlock: { cidr: "10.0.97.0/24" } }],
    apiKeysSecret: "api-keys",
  });
});

test("it speaks TLS 1.2 and 1.3 with the certificate, and answers 404 to other host names", () => {
  const { resources } = standard;
  expect(find(resources, "aws:lb/listener:Listener", "entry-https")).toMatchObject({
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    certificateArn: "arn:certificate",
    defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }],
  });
  expect(find(resources, "aws:lb/loadBalancer:LoadBalancer", "entry-alb")).toMatchObject({
    internal: false,
    dropInvalidHeaderFields: true,
    enableDeletionProtection: true,
    subnets: ["subnet-a", "subnet-b"],
  });
});

test("the host name of a service leads to its pods, which the controller registers", () => {
  const { resources } = standard;
  expect(find(resources, "aws:lb/listenerRule:ListenerRule", "entry-pushback-rule")).toMatchObject({
    conditions: [{ hostHeader: { values: ["pushback-staging.ml.example.com"] } }],
    actions: [{ type: "forward", targetGroupArn: "arn:entry-pushback" }],
  });
  expect(find(resources, "aws:lb/targetGroup:TargetGroup", "entry-pushback")).toMatchObject({
    targetType: "ip",
    port: 8081,
    healthCheck: { path: "/v2/health/ready", matcher: "200" },
    tags: { "slipway:cluster": "slipway" },
  });
  expect(
    find(resources, "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "entry-pushback-binding"),
  ).toMatchObject({
    metadata: { name: "pushback", namespace: "staging" },
    spec: {
      targetGroupARN: "arn:entry-pushback",
      targetType: "ip",
      serviceRef: { name: "pushback", port: 8081 },
    },
  });
});

test("with tokens, the load balancer checks them and calls the port without keys", async () => {
  const { resources, result } = await build({
    auth: { ...jwt, claims: [{ name: "client_id", values: ["app"] }] },
  });
  expect(find(resources, "aws:lb/listenerRule:ListenerRule", "entry-pushback-rule")["actions"]).toEqual([
    {
      type: "jwt-validation",
      jwtValidation: {
        issuer: "https://id.example",
        jwksEndpoint: "https://id.example/jwks",
        additionalClaims: [{ name: "client_id", format: "single-string", values: ["app"] }],
      },
    },
    { type: "forward", targetGroupArn: "arn:entry-pushback" },
  ]);
  expect(find(resources, "aws:lb/targetGroup:TargetGroup", "entry-pushback")).toMatchObject({ port: 8080 });
  expect(result.gateway.access).not.toHaveProperty("apiKeysSecret");
  expect(
    find(resources, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "entry-to-issuer"),
  ).toMatchObject({ fromPort: 443 });
});

test("a limit of requests is a web ACL that blocks an address and samples no headers", async () => {
  const { resources } = await build({ requestsPer5Minutes: 3000 });
  expect(find(resources, "aws:wafv2/webAcl:WebAcl", "entry-limits")).toMatchObject({
    scope: "REGIONAL",
    rules: [
      {
        action: { block: {} },
        statement: {
          rateBasedStatement: { limit: 3000, aggregateKeyType: "IP", evaluationWindowSec: 300 },
        },
        visibilityConfig: { sampledRequestsEnabled: false },
      },
    ],
  });
  expect(
    find(resources, "aws:wafv2/webAclAssociation:WebAclAssociation", "entry-limits-association"),
  ).toMatchObject({ resourceArn: "arn:entry-alb", webAclArn: "arn:entry-limits" });
});

test("without a zone there are no records", async () => {
  const { resources } = await build({ zoneId: undefined });
  expect(list(resources).filter((line) => line.includes("route53"))).toEqual([]);
});

test("long names of load balancers and target groups are cut to what AWS takes", async () => {
  const { resources } = await build({}, ["a-very-long-name-of-a-service-indeed"]);
  for (const { type, name } of resources)
    if (/targetGroup:|loadBalancer:/.test(type)) expect(name.length + 8, name).toBeLessThanOrEqual(32);
});

test.each<[string, Partial<AlbGatewayArgs>, string]>([
  ["nobody", { clientCidrs: [] }, "entry: clientCidrs must name the networks that may call, got none"],
  ["one subnet", { subnetIds: ["subnet-a"] }, "entry: number of subnetIds must be at least 2, got 1"],
  ["a tiny limit", { requestsPer5Minutes: 9 }, "entry: requestsPer5Minutes must be at least 10, got 9"],
])("refuses %s", async (_, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("refuses names that make no host name", async () => {
  await expect(build({}, ["x".repeat(60)])).rejects.toThrow(
    "entry: service and environment must have at most 62 characters together",
  );
});
