import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { itemOf, oneOf } from "../../stacks/connection/item-of.ts";
import { find, list, named, valueOf, type Recorded } from "../components/record.ts";
import { digest, stackWithOutputs, type StackChanges } from "./stack.ts";

type Stack = Awaited<ReturnType<typeof stackWithOutputs>>;

const service = { workload: "flight-delays", model: { digest } };
const gateway = { clientCidrs: ["203.0.113.0/24"], auth: { kind: "api-keys", secret: "api-keys" } };
const environments = (limit: object): Record<string, unknown> => ({
  "slipway:environments": {
    staging: {
      gateway: { ...gateway, ...limit },
      services: { pushback: { ...service, gateway: true } },
    },
    production: {
      gateway,
      services: {
        pushback: { ...service, gateway: true },
        "two-hours-before": service,
      },
    },
  },
});
const build = (
  name: string,
  dns: object,
  limit: object = { requestsPer5Minutes: 1000 },
  changes: StackChanges = {},
): Promise<Stack> =>
  stackWithOutputs(name, environments(limit), {
    cloud: { dns: { zone: "ml.example.com", ...dns } },
    ...changes,
  });

let aws: Stack;
let gcp: Stack;
let azure: Stack;
beforeAll(async () => {
  aws = await build("prod", { delegated: true });
  gcp = await build("prod-gcp", { ingress: true });
  azure = await build("prod-azure", { ingress: true }, {}); // gateways of AKS cannot limit requests
}, 60_000);

/** Returns the environment variable of a service's pod that turns on the port for callers with keys. */
const hasKeys = (resources: readonly Recorded[], name: string): boolean =>
  JSON.stringify(find(resources, "kubernetes:apps/v1:Deployment", `${name}-deployment`)).includes(
    "SLIPWAY_API_KEYS",
  );

test.each(["prod", "prod-gcp", "prod-azure"])("%s has no gateway unless its config has one", async (name) => {
  const { resources } = await stackWithOutputs(name);
  expect(list(resources).filter((line) => line.startsWith("slipway:gateway:"))).toEqual([]);
});

describe("on EKS", () => {
  test("each environment has a gateway, and all share one controller", () => {
    expect(list(aws.resources).filter((line) => line.startsWith("slipway:gateway:"))).toEqual([
      "slipway:gateway:AlbGateway production-gateway",
      "slipway:gateway:AlbGateway staging-gateway",
      "slipway:gateway:EksLoadBalancerController load-balancers",
    ]);
  });

  test("a gateway has exactly these resources", () => {
    expect(list(named(aws.resources, "staging-gateway"))).toEqual([
      "aws:ec2/securityGroup:SecurityGroup staging-gateway-group",
      "aws:lb/listener:Listener staging-gateway-https",
      "aws:lb/listenerRule:ListenerRule staging-gateway-pushback-rule",
      "aws:lb/loadBalancer:LoadBalancer staging-gateway-alb",
      "aws:lb/targetGroup:TargetGroup staging-gateway-pushback",
      "aws:route53/record:Record staging-gateway-pushback-record",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule staging-gateway-to-pods",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule staging-gateway-at-pods",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule staging-gateway-clients-0",
      "aws:wafv2/webAcl:WebAcl staging-gateway-limits",
      "aws:wafv2/webAclAssociation:WebAclAssociation staging-gateway-limits-association",
      "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding staging-gateway-pushback-binding",
      "slipway:gateway:AlbGateway staging-gateway",
    ]);
  });

  test("it is in the public subnets of the foundation, with its certificate and its zone", () => {
    const { resources } = aws;
    expect(find(resources, "aws:lb/loadBalancer:LoadBalancer", "production-gateway-alb")).toMatchObject({
      subnets: [0, 1, 2].map((zone) => `network-public-${zone}-id`),
      enableDeletionProtection: true,
    });
    const listener = find(resources, "aws:lb/listener:Listener", "production-gateway-https");
    expect(listener["certificateArn"]).toBeTypeOf("string");
    expect(find(resources, "aws:route53/record:Record", "production-gateway-pushback-record")).toMatchObject({
      name: "pushback-production.ml.example.com",
    });
    const policy = JSON.stringify(
      find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "production-pushback-traffic"),
    );
    for (const cidr of ["10.0.96.0/24", "10.0.97.0/24", "10.0.98.0/24"]) expect(policy).toContain(cidr);
  });
});

describe("on GKE", () => {
  test("each environment has a gateway with exactly these resources", () => {
    expect(list(named(gcp.resources, "staging-gateway"))).toEqual([
      "gcp:compute/globalAddress:GlobalAddress staging-gateway-address",
      "gcp:compute/sSLPolicy:SSLPolicy staging-gateway-tls",
      "gcp:compute/securityPolicy:SecurityPolicy staging-gateway-limits",
      "gcp:dns/recordSet:RecordSet staging-gateway-pushback-record",
      "kubernetes:gateway.networking.k8s.io/v1:Gateway staging-gateway-gateway",
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute staging-gateway-pushback-route",
      "kubernetes:networking.gke.io/v1:GCPBackendPolicy staging-gateway-pushback-backend",
      "kubernetes:networking.gke.io/v1:GCPGatewayPolicy staging-gateway-tls-policy",
      "kubernetes:networking.gke.io/v1:HealthCheckPolicy staging-gateway-pushback-health",
      "slipway:gateway:GkeGateway staging-gateway",
    ]);
  });

  test("it has the certificates and the zone of the foundation", () => {
    const { resources } = gcp;
    const record = find(resources, "gcp:dns/recordSet:RecordSet", "production-gateway-pushback-record");
    expect(record).toMatchObject({ name: "pushback-production.ml.example.com." });
    expect(record["managedZone"]).toBeTypeOf("string");
    const entry = find(
      resources,
      "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      "production-gateway-gateway",
    );
    expect(JSON.stringify(entry)).toContain('"networking.gke.io/certmap":"');
  });
});

describe("on AKS", () => {
  test("each environment has a gateway and an identity with exactly these resources", () => {
    expect(list(named(azure.resources, "staging-gateway"))).toEqual([
      "azure-native:authorization:RoleAssignment staging-gateway-identity-certificate",
      "azure-native:dns:RecordSet staging-gateway-pushback-record",
      "azure-native:managedidentity:FederatedIdentityCredential staging-gateway-identity-credential",
      "azure-native:managedidentity:UserAssignedIdentity staging-gateway-identity-identity",
      "azure-native:network:SecurityRule staging-gateway-callers",
      "kubernetes:core/v1:Namespace staging-gateway-namespace",
      "kubernetes:core/v1:ServiceAccount staging-gateway-certificate",
      "kubernetes:gateway.networking.k8s.io/v1:Gateway staging-gateway-gateway",
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute staging-gateway-pushback-route",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy staging-gateway-default-deny",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy staging-gateway-traffic",
      "slipway:gateway:AksGateway staging-gateway",
      "slipway:identity:AksFederatedIdentity staging-gateway-identity",
    ]);
  });

  test("it has the certificate of the foundation's vault, and only its own account may read that", () => {
    const { resources } = azure;
    const entry = find(
      resources,
      "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      "production-gateway-gateway",
    );
    expect(JSON.stringify(entry)).toMatch(
      /"kubernetes.azure.com\/tls-cert-keyvault-uri":"https:\/\/[^"]+\.vault\.azure\.net\/certificates\/gateway"/,
    );
    expect(
      find(
        resources,
        "azure-native:managedidentity:FederatedIdentityCredential",
        "production-gateway-identity-credential",
      ),
    ).toMatchObject({ subject: "system:serviceaccount:production-gateway:certificate" });
    expect(
      find(resources, "azure-native:authorization:RoleAssignment", "production-gateway-identity-certificate"),
    ).toMatchObject({ scope: "certificates-vault-id" });
  });

  test("its records are in the zone of the foundation, and its callers pass the security group of the nodes", () => {
    const { resources } = azure;
    expect(find(resources, "azure-native:dns:RecordSet", "production-gateway-pushback-record")).toMatchObject(
      { zoneName: "ml.example.com", relativeRecordSetName: "pushback-production" },
    );
    expect(find(resources, "azure-native:network:SecurityRule", "production-gateway-callers")).toMatchObject({
      sourceAddressPrefixes: ["203.0.113.0/24"],
      destinationPortRange: "443",
    });
  });
});

test("only published services have a URL for callers from outside, and a port on which requests need a key", () => {
  for (const { resources, outputs } of [aws, gcp, azure]) {
    const urls = (
      outputs["services"] as { environment: string; name: string; url: string; publicUrl: unknown }[]
    ).map(({ environment, name, url, publicUrl }) => [`${environment}/${name}`, url, publicUrl]);
    expect(urls).toEqual([
      ["staging/pushback", "http://pushback.staging.svc:8080", "https://pushback-staging.ml.example.com"],
      [
        "production/pushback",
        "http://pushback.production.svc:8080",
        "https://pushback-production.ml.example.com",
      ],
      ["production/two-hours-before", "http://two-hours-before.production.svc:8080", null],
    ]);
    expect(hasKeys(resources, "production-pushback")).toBe(true);
    expect(hasKeys(resources, "production-two-hours-before")).toBe(false);
  }
});

test("a foundation that has no subnet for a zone of the config yet has to be deployed first", async () => {
  const first = itemOf(pulumi.output(["subnet-a"]), 0, "cluster.zones");
  expect(await valueOf(first)).toBe("subnet-a");
  expect(() => oneOf(["subnet-a"], 1, "cluster.zones")).toThrow(
    "cluster.zones: the deployed foundation has only 1 of them: deploy the foundation first",
  );
});

test("a foundation on Google Cloud with load balancers has the API of Identity-Aware Proxy", async () => {
  const apis = async (dns: object): Promise<string[]> =>
    list((await stackWithOutputs("prod-gcp-foundation", {}, { cloud: { dns } })).resources).filter((line) =>
      line.endsWith(" project-iap-api"),
    );
  expect(await apis({ zone: "ml.example.com", ingress: true })).toHaveLength(1);
  expect(await apis({ zone: "ml.example.com" })).toEqual([]);
});

test("a foundation on Azure with ingress runs the add-on, and has a vault for certificates and a zone that admits their authority", async () => {
  const foundation = async (dns: object): Promise<Stack> =>
    stackWithOutputs("prod-azure-foundation", {}, { cloud: { dns: { zone: "ml.example.com", ...dns } } });
  const { resources, outputs } = await foundation({ ingress: true, authorities: ["digicert.com"] });
  expect(list(resources)).toEqual(
    expect.arrayContaining([
      "azure-native:resources:Deployment cluster-gateway-api",
      "slipway:gateway:AzureKeyVaultCertificates certificates",
    ]),
  );
  expect(find(resources, "azure-native:dns:RecordSet", "dns-authorities")).toMatchObject({
    caaRecords: [{ tag: "issue", value: "digicert.com" }],
  });
  expect(outputs["nodesSecurityGroupName"]).toBeTypeOf("string");
  const without = await foundation({});
  expect(list(without.resources).filter((line) => /gateway-api|certificates/.test(line))).toEqual([]);
  expect(without.outputs).toMatchObject({
    nodesSecurityGroupName: null,
    certificatesVaultId: null,
    certificatesVaultUrl: null,
  });
});
