import { expect, test } from "vitest";
import type { AksGatewayArgs } from "../../../../components/azure/gateway/aks-gateway-args.ts";
import { aksGatewayNamespace } from "../../../../components/azure/gateway/aks-gateway-names.ts";
import { AksGateway } from "../../../../components/azure/gateway/aks-gateway.ts";
import { rulePriority } from "../../../../components/azure/gateway/rule-priority.ts";
import { find, list, named, record, valueOf } from "../../record.ts";
import { stage } from "../../stage.ts";
import { place } from "../azure-place.ts";

const build = (args: Partial<AksGatewayArgs> = {}, published = ["pushback"]) =>
  record(async () => {
    const { staging } = stage();
    const gateway = new AksGateway("entry", {
      ...place,
      environment: staging,
      domain: "ml.example.com",
      certificateUri: "https://acme.vault.azure.net/certificates/ml",
      identity: {
        annotations: { "azure.workload.identity/client-id": "client" },
        podLabels: { "azure.workload.identity/use": "true" },
        usesMetadataService: false,
      },
      zoneName: "ml.example.com",
      nodesSecurityGroupName: "acme-nodes",
      clientCidrs: ["203.0.113.0/24", "198.51.100.0/24"],
      auth: { kind: "api-keys", secret: "api-keys" },
      ...args,
    });
    const urls = await Promise.all(published.map((service) => valueOf(gateway.publish(service))));
    return { gateway, urls };
  });
const standard = await build();

test("it is a Gateway in a closed namespace of its own, and for each service a route and a record", () => {
  const { resources, result } = standard;
  expect(list(named(resources, "entry"))).toEqual([
    "azure-native:dns:RecordSet entry-pushback-record",
    "azure-native:network:SecurityRule entry-callers",
    "kubernetes:core/v1:Namespace entry-namespace",
    "kubernetes:core/v1:ServiceAccount entry-certificate",
    "kubernetes:gateway.networking.k8s.io/v1:Gateway entry-gateway",
    "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute entry-pushback-route",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy entry-default-deny",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy entry-traffic",
    "slipway:gateway:AksGateway entry",
  ]);
  expect(result.urls).toEqual(["https://pushback-staging.ml.example.com"]);
  expect(aksGatewayNamespace("staging")).toBe("staging-gateway");
});

test("the Gateway has the certificate of Key Vault, a host name, and only the client networks", () => {
  const { resources, result } = standard;
  expect(find(resources, "kubernetes:gateway.networking.k8s.io/v1:Gateway", "entry-gateway")).toMatchObject({
    metadata: { name: "entry", namespace: "staging-gateway" },
    spec: {
      gatewayClassName: "approuting-istio",
      infrastructure: {
        annotations: {
          "service.beta.kubernetes.io/azure-dns-label-name": "acme-staging",
          "service.beta.kubernetes.io/azure-allowed-ip-ranges": "203.0.113.0/24,198.51.100.0/24",
        },
      },
      listeners: [
        {
          protocol: "HTTPS",
          port: 443,
          hostname: "*.ml.example.com",
          tls: {
            mode: "Terminate",
            options: {
              "kubernetes.azure.com/tls-cert-keyvault-uri": "https://acme.vault.azure.net/certificates/ml",
              "kubernetes.azure.com/tls-cert-service-account": "certificate",
            },
          },
          allowedRoutes: {
            namespaces: {
              from: "Selector",
              selector: { matchLabels: { "kubernetes.io/metadata.name": "staging" } },
            },
          },
        },
      ],
    },
  });
  expect(result.gateway.hostName).toBe("acme-staging.westeurope.cloudapp.azure.com");
  expect(find(resources, "kubernetes:core/v1:ServiceAccount", "entry-certificate")).toMatchObject({
    metadata: {
      name: "certificate",
      namespace: "staging-gateway",
      labels: { "azure.workload.identity/use": "true" },
      annotations: { "azure.workload.identity/client-id": "client" },
    },
    automountServiceAccountToken: false,
  });
});

test("the security group of the nodes admits the client networks at 443", () => {
  const { resources } = standard;
  expect(find(resources, "azure-native:network:SecurityRule", "entry-callers")).toMatchObject({
    networkSecurityGroupName: "acme-nodes",
    securityRuleName: "entry",
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    sourceAddressPrefixes: ["203.0.113.0/24", "198.51.100.0/24"],
    destinationPortRange: "443",
    priority: rulePriority("entry"),
  });
});

test("the priority of a gateway's rule is valid, and follows from its name alone", () => {
  const names = Array.from({ length: 200 }, (_, index) => `team-${index}-gateway`);
  const priorities = names.map(rulePriority);
  expect(Math.min(...priorities)).toBeGreaterThanOrEqual(1000);
  expect(Math.max(...priorities)).toBeLessThan(4000);
  expect(names.map(rulePriority)).toEqual(priorities);
  expect(rulePriority("staging-gateway")).not.toBe(rulePriority("production-gateway"));
});

test("its proxies reach only their control plane, DNS and the port of the services on which requests need a key", () => {
  const { resources, result } = standard;
  const inNamespace = (name: string): object => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "entry-traffic")).toMatchObject({
    metadata: { namespace: "staging-gateway" },
    spec: {
      podSelector: { matchLabels: { "gateway.networking.k8s.io/gateway-name": "entry" } },
      ingress: [
        {
          ports: [
            { protocol: "TCP", port: 443 },
            { protocol: "TCP", port: 15021 },
          ],
        },
      ],
      egress: [
        { to: [inNamespace("aks-istio-system")], ports: [{ protocol: "TCP", port: 15012 }] },
        { to: [inNamespace("staging")], ports: [{ protocol: "TCP", port: 8081 }] },
        { ports: [{ port: 53 }, { port: 53 }] },
      ],
    },
  });
  expect(result.gateway.access).toEqual({
    from: [
      {
        ...inNamespace("staging-gateway"),
        podSelector: { matchLabels: { "gateway.networking.k8s.io/gateway-name": "entry" } },
      },
    ],
    apiKeysSecret: "api-keys",
  });
});

test("the host name of a service is a record to the load balancer and a route to the service", () => {
  const { resources } = standard;
  expect(find(resources, "azure-native:dns:RecordSet", "entry-pushback-record")).toMatchObject({
    zoneName: "ml.example.com",
    relativeRecordSetName: "pushback-staging",
    recordType: "CNAME",
    cnameRecord: { cname: "acme-staging.westeurope.cloudapp.azure.com" },
  });
  expect(
    find(resources, "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute", "entry-pushback-route"),
  ).toMatchObject({
    metadata: { namespace: "staging" },
    spec: {
      parentRefs: [{ name: "entry", namespace: "staging-gateway" }],
      hostnames: ["pushback-staging.ml.example.com"],
      rules: [{ backendRefs: [{ name: "pushback", port: 8081 }] }],
    },
  });
});

test("the namespace of the proxies admits Pod Security baseline, and the environment stays restricted", () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:core/v1:Namespace", "entry-namespace")).toMatchObject({
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
  });
  expect(find(resources, "kubernetes:core/v1:Namespace", "staging-namespace")).toMatchObject({
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  });
});

test("a gateway for nobody is refused", async () => {
  await expect(build({ clientCidrs: [] })).rejects.toThrow(
    "entry: clientCidrs must name the networks that may call, got none",
  );
});
