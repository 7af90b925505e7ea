import { expect, test } from "vitest";
import { parseConfig } from "../../../../stacks/config/parse-config.ts";
import { parseStack, rawConfig, type StackChanges } from "../../stack.ts";

const KEYS = { kind: "api-keys", secret: "api-keys" };
const JWT = { kind: "jwt", issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/jwks" };
const IAP = { kind: "iap", members: ["group:apps@example.com"] };
const gateway = { clientCidrs: ["203.0.113.0/24"], auth: KEYS };
const published = { pushback: { workload: "flight-delays", gateway: true } };

const environments = (production: object): Record<string, unknown> => ({
  "slipway:environments": { production },
});
const onAws = (dns: object = { zone: "ml.example.com", delegated: true }): StackChanges => ({
  cloud: { dns },
});
const onAzure = (dns: object = { zone: "ml.example.com", ingress: true }): StackChanges => ({
  cloud: { dns },
});
const onGcp = (dns: object = { zone: "ml.example.com", ingress: true }): StackChanges => ({ cloud: { dns } });

const parse = (
  production: object,
  stack: "prod" | "prod-gcp" | "prod-azure" = "prod",
  changes: StackChanges = { prod: onAws(), "prod-gcp": onGcp(), "prod-azure": onAzure() }[stack],
): Promise<unknown> => parseStack(stack, environments(production), changes);
const withGateway = (more: object, services: object = published): object => ({
  gateway: { ...gateway, ...more },
  services,
});

test.each<[string, object, "prod" | "prod-gcp" | "prod-azure"]>([
  ["API keys on EKS", withGateway({}), "prod"],
  ["tokens on EKS", withGateway({ auth: JWT }), "prod"],
  [
    "claims of tokens",
    withGateway({ auth: { ...JWT, claims: [{ name: "aud", values: ["ml"], format: "string-array" }] } }),
    "prod",
  ],
  ["API keys on GKE", withGateway({}), "prod-gcp"],
  ["Identity-Aware Proxy on GKE", withGateway({ auth: IAP }), "prod-gcp"],
  ["API keys on AKS", withGateway({}), "prod-azure"],
  ["the whole internet", withGateway({ clientCidrs: ["0.0.0.0/0"] }), "prod"],
  ["a limit of requests", withGateway({ requestsPer5Minutes: 10 }), "prod"],
  [
    "a service that the gateway does not publish",
    withGateway({}, { ...published, other: { workload: "flight-delays", gateway: false } }),
    "prod",
  ],
])("takes %s", async (_title, production, stack) => {
  await expect(parse(production, stack)).resolves.toBeDefined();
});

const PATH = "config: slipway:environments.production";
const other = "flight-delays";
test.each<[string, object, string]>([
  [
    "no client network",
    withGateway({ clientCidrs: [] }),
    `${PATH}.gateway.clientCidrs: must have at least 1 item`,
  ],
  [
    "a network twice",
    withGateway({ clientCidrs: ["203.0.113.0/24", "203.0.113.0/24"] }),
    `${PATH}.gateway.clientCidrs: must name each network once`,
  ],
  [
    "a network that does not start at its first address",
    withGateway({ clientCidrs: ["203.0.113.7/24"] }),
    `${PATH}.gateway.clientCidrs.0: must start at the first address of the network`,
  ],
  [
    "an issuer without https",
    withGateway({ auth: { ...JWT, issuer: "http://id.example.com" } }),
    `${PATH}.gateway.auth.issuer: must be`,
  ],
  ...["kubernetes.default.svc", "keys", "10.0.0.7", "id.corp.internal"].map(
    (host): [string, object, string] => [
      `keys at ${host}, which AWS does not reach`,
      withGateway({ auth: { ...JWT, jwksEndpoint: `https://${host}/jwks` } }),
      `${PATH}.gateway.auth.jwksEndpoint: must be a public URL: the load balancer of AWS fetches the keys over the internet, got "https://${host}/jwks"`,
    ],
  ),
  [
    "Identity-Aware Proxy on EKS",
    withGateway({ auth: IAP }),
    `${PATH}.gateway.auth.kind: must be api-keys or jwt if cluster.kind is eks, got "iap"`,
  ],
  [
    "a limit that AWS WAF does not have",
    withGateway({ requestsPer5Minutes: 9 }),
    `${PATH}.gateway.requestsPer5Minutes: must be at least 10 on EKS: AWS WAF takes no smaller limit, got 9`,
  ],
  ["a gateway for no service", withGateway({}, {}), `${PATH}.gateway: must publish a service`],
  [
    "a published service without a gateway",
    { services: published },
    `${PATH}.services.pushback.gateway: must be left out or false: the environment has no gateway`,
  ],
])("on EKS refuses %s", async (_title, production, message) => {
  await expect(parse(production)).rejects.toThrow(message);
});

test("refuses a target beside gateway", async () => {
  const far = { workload: other, gateway: true, target: { kind: "lambda", memoryMib: 512 } };
  await expect(parse(withGateway({}, { ...published, far }))).rejects.toThrow(
    "environments.production.services.far.gateway: must be left out beside target: it configures pods",
  );
});

test.each<[string, "prod" | "prod-gcp" | "prod-azure", StackChanges, string]>([
  [
    "a foundation without a zone",
    "prod",
    {},
    "slipway:cloud.dns: must be set beside environments.production.gateway: published services get names in its zone, got nothing; add dns: { zone: ml.example.com }, with a zone of yours, and follow docs/aws.md#gateway",
  ],
  [
    "a foundation on GKE without a zone",
    "prod-gcp",
    {},
    "got nothing; add dns: { zone: ml.example.com, ingress: true }, with a zone of yours, and deploy the foundation first: docs/gcp.md#gateway",
  ],
  [
    "a foundation on AKS without a zone",
    "prod-azure",
    {},
    "got nothing; add dns: { zone: ml.example.com, ingress: true }, with a zone of yours, and deploy the foundation first: docs/azure.md#gateway",
  ],
  [
    "a zone of AWS that is not delegated",
    "prod",
    onAws({ zone: "ml.example.com" }),
    "slipway:cloud.dns.delegated: must be true beside environments.production.gateway: the load balancer needs the certificate of the zone, got nothing; let the parent zone delegate to the output nameServers of the foundation, then set it and deploy the foundation: docs/aws.md#gateway",
  ],
  [
    "GKE without load balancers",
    "prod-gcp",
    onGcp({ zone: "ml.example.com" }),
    "slipway:cloud.dns.ingress: must be true beside environments.production.gateway: only then GKE makes load balancers, got nothing; set it, and deploy the foundation first: docs/gcp.md#gateway",
  ],
  [
    "AKS without gateways",
    "prod-azure",
    onAzure({ zone: "ml.example.com" }),
    "slipway:cloud.dns.ingress: must be true beside environments.production.gateway: only then AKS runs gateways",
  ],
])("refuses %s", async (_title, stack, changes, message) => {
  await expect(parse(withGateway({}), stack, changes)).rejects.toThrow(message);
});

test("names a missing zone once for the gateways of all environments", async () => {
  const both = { production: withGateway({}), staging: withGateway({}) };
  await expect(parseStack("prod", { "slipway:environments": both })).rejects.toThrow(
    /cloud\.dns: must be set beside environments\.production\.gateway and environments\.staging\.gateway: (?!.*cloud\.dns)/s,
  );
});

test("refuses tokens of an issuer on GKE", async () => {
  await expect(parse(withGateway({ auth: JWT }), "prod-gcp")).rejects.toThrow(
    `${PATH}.gateway.auth.kind: must be api-keys or iap if cluster.kind is gke, got "jwt"`,
  );
});

test.each([
  [
    "tokens of an issuer",
    { auth: JWT },
    `${PATH}.gateway.auth.kind: must be api-keys if cluster.kind is aks, got "jwt"`,
  ],
  [
    "Identity-Aware Proxy",
    { auth: IAP },
    `${PATH}.gateway.auth.kind: must be api-keys if cluster.kind is aks`,
  ],
  [
    "a limit of requests",
    { requestsPer5Minutes: 1000 },
    `${PATH}.gateway.requestsPer5Minutes: must be left out on AKS, whose gateways cannot limit requests, got 1000; put Azure Front Door`,
  ],
])("on AKS refuses %s", async (_title, more, message) => {
  await expect(parse(withGateway(more), "prod-azure")).rejects.toThrow(message);
});

test("on AKS refuses an environment with the name of a gateway's namespace", async () => {
  const both = (name: string): Promise<unknown> =>
    parseStack(
      "prod-azure",
      { "slipway:environments": { production: withGateway({}), [name]: { services: {} } } },
      onAzure(),
    );
  await expect(both("production-gateway")).rejects.toThrow(
    "config: slipway:environments.production-gateway: must have another name: the gateway of production has the namespace production-gateway",
  );
  await expect(both("staging-gateway")).resolves.toBeDefined();
});

test("refuses a gateway on an existing cluster, and says what to do instead", async () => {
  const raw = await rawConfig("dev", environments(withGateway({})));
  expect(() => parseConfig(raw)).toThrow(
    `${PATH}.gateway: must be left out if cluster.kind is existing: such a stack creates nothing in a cloud`,
  );
  expect(() => parseConfig(raw)).toThrow(
    "put your own gateway in front of the services, and list its namespace in callers of each service",
  );
});

test("refuses a host name that DNS does not allow", async () => {
  const service = "s".repeat(40);
  const parsing = parseStack(
    "prod",
    { "slipway:environments": { ["e".repeat(40)]: withGateway({}, { [service]: published.pushback }) } },
    onAws(),
  );
  await expect(parsing).rejects.toThrow("has at most 63 characters: it is part of the host name");
});

test("refuses two services with the same host name", async () => {
  const parsing = parseStack(
    "prod",
    {
      "slipway:environments": {
        prod: withGateway({}, { "fraud-eu": published.pushback }),
        "eu-prod": withGateway({}, { fraud: published.pushback }),
      },
    },
    onAws(),
  );
  await expect(parsing).rejects.toThrow("fraud-eu-prod is also the host name of fraud-eu of prod");
});
