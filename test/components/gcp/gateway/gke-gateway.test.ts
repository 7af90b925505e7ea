import { expect, test } from "vitest";
import type { GkeGatewayArgs } from "../../../../components/gcp/gateway/gke-gateway-args.ts";
import { GkeGateway } from "../../../../components/gcp/gateway/gke-gateway.ts";
import { clientLimits } from "../../../../components/gcp/gateway/client-limits.ts";
import { find, list, named, record, valueOf } from "../../record.ts";
import { stage } from "../../stage.ts";

const build = (args: Partial<GkeGatewayArgs> = {}, published = ["pushback"]) =>
  record(async () => {
    const { staging } = stage();
    const gateway = new GkeGateway("entry", {
      project: "acme-ml",
      environment: staging,
      domain: "ml.example.com",
      certificateMap: "certificates",
      zoneName: "zone",
      clientCidrs: ["203.0.113.0/24"],
      auth: { kind: "api-keys", secret: "api-keys" },
      ...args,
    });
    const urls = await Promise.all(published.map((service) => valueOf(gateway.publish(service))));
    return { gateway, urls };
  });
const standard = await build();

test("it is a Gateway with its address, TLS and limits, and for each service a route, two policies and a record", () => {
  const { resources, result } = standard;
  expect(list(named(resources, "entry"))).toEqual([
    "gcp:compute/globalAddress:GlobalAddress entry-address",
    "gcp:compute/sSLPolicy:SSLPolicy entry-tls",
    "gcp:compute/securityPolicy:SecurityPolicy entry-limits",
    "gcp:dns/recordSet:RecordSet entry-pushback-record",
    "kubernetes:gateway.networking.k8s.io/v1:Gateway entry-gateway",
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute entry-pushback-route",
    "kubernetes:networking.gke.io/v1:GCPBackendPolicy entry-pushback-backend",
    "kubernetes:networking.gke.io/v1:GCPGatewayPolicy entry-tls-policy",
    "kubernetes:networking.gke.io/v1:HealthCheckPolicy entry-pushback-health",
    "slipway:gateway:GkeGateway entry",
  ]);
  expect(result.urls).toEqual(["https://pushback-staging.ml.example.com"]);
});

test("the Gateway has a fixed address, the certificates of the map, and only HTTPS", () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:gateway.networking.k8s.io/v1:Gateway", "entry-gateway")).toMatchObject({
    metadata: { namespace: "staging", annotations: { "networking.gke.io/certmap": "certificates" } },
    spec: {
      gatewayClassName: "gke-l7-global-external-managed",
      addresses: [{ type: "NamedAddress", value: "entry-address-auto" }],
      listeners: [{ protocol: "HTTPS", port: 443, allowedRoutes: { namespaces: { from: "Same" } } }],
    },
  });
  expect(find(resources, "gcp:compute/sSLPolicy:SSLPolicy", "entry-tls")).toMatchObject({
    profile: "MODERN",
    minTlsVersion: "TLS_1_2",
  });
  expect(
    find(resources, "kubernetes:networking.gke.io/v1:GCPGatewayPolicy", "entry-tls-policy"),
  ).toMatchObject({ spec: { default: { sslPolicy: "entry-tls-auto" }, targetRef: { kind: "Gateway" } } });
});

test("the host name of a service leads to the port on which requests need a key", () => {
  const { resources, result } = standard;
  expect(
    find(resources, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "entry-pushback-route"),
  ).toMatchObject({
    metadata: { name: "pushback", namespace: "staging" },
    spec: {
      parentRefs: [{ name: "entry" }],
      hostnames: ["pushback-staging.ml.example.com"],
      rules: [{ backendRefs: [{ name: "pushback", port: 8081 }] }],
    },
  });
  expect(
    find(resources, "kubernetes:networking.gke.io/v1:HealthCheckPolicy", "entry-pushback-health"),
  ).toMatchObject({
    spec: {
      default: { config: { type: "HTTP", httpHealthCheck: { port: 8081, requestPath: "/v2/health/ready" } } },
      targetRef: { kind: "Service", name: "pushback" },
    },
  });
  expect(result.gateway.access).toEqual({
    from: [{ ipBlock: { cidr: "35.191.0.0/16" } }, { ipBlock: { cidr: "130.211.0.0/22" } }],
    apiKeysSecret: "api-keys",
  });
});

test("only the client networks pass, and each address sends so many requests at most", () => {
  const everybody = {
    priority: 2_147_483_647,
    description: "Everybody else",
    action: "deny(403)",
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
  };
  const clients = {
    priority: 1000,
    description: "Clients",
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["203.0.113.0/24"] } },
  };
  expect(clientLimits(["203.0.113.0/24"], undefined)).toEqual([{ ...clients, action: "allow" }, everybody]);
  expect(clientLimits(["203.0.113.0/24"], 3000)).toEqual([
    {
      ...clients,
      action: "throttle",
      rateLimitOptions: {
        conformAction: "allow",
        exceedAction: "deny(429)",
        enforceOnKey: "IP",
        rateLimitThreshold: { count: 3000, intervalSec: 300 },
      },
    },
    everybody,
  ]);
  const many = Array.from({ length: 21 }, (_, i) => `10.0.${i}.0/24`);
  expect(clientLimits(many, undefined).map(({ priority }) => priority)).toEqual([
    1000, 1001, 1002, 2_147_483_647,
  ]);
});

test("with Identity-Aware Proxy, members pass it, and the gateway calls the port without keys", async () => {
  const { resources, result } = await build({
    auth: {
      kind: "iap",
      members: ["serviceAccount:app@acme.iam.gserviceaccount.com"],
      client: { id: "client", secret: "iap-client" },
    },
  });
  expect(
    find(resources, "kubernetes:networking.gke.io/v1:GCPBackendPolicy", "entry-pushback-backend"),
  ).toMatchObject({
    spec: {
      default: {
        securityPolicy: "entry-limits-auto",
        iap: { enabled: true, clientID: "client", oauth2ClientSecret: { name: "iap-client" } },
      },
    },
  });
  expect(find(resources, "gcp:iap/webIamMember:WebIamMember", "entry-member-0")).toMatchObject({
    role: "roles/iap.httpsResourceAccessor",
    member: "serviceAccount:app@acme.iam.gserviceaccount.com",
  });
  expect(result.gateway.access).not.toHaveProperty("apiKeysSecret");
  expect(
    find(resources, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "entry-pushback-route"),
  ).toMatchObject({ spec: { rules: [{ backendRefs: [{ port: 8080 }] }] } });
});

test("with a client that Google manages, Identity-Aware Proxy is only switched on", async () => {
  const { resources } = await build({ auth: { kind: "iap", members: [] } });
  const { spec } = find(
    resources,
    "kubernetes:networking.gke.io/v1:GCPBackendPolicy",
    "entry-pushback-backend",
  ) as { spec: { default: { iap: unknown } } };
  expect(spec.default.iap).toEqual({ enabled: true });
});

test.each<[string, Partial<GkeGatewayArgs>, string]>([
  ["nobody", { clientCidrs: [] }, "entry: clientCidrs must name the networks that may call, got none"],
  ["no request", { requestsPer5Minutes: 0 }, "entry: requestsPer5Minutes must be at least 1, got 0"],
])("refuses %s", async (_, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
