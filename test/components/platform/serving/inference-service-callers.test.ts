import { expect, test } from "vitest";
import { find } from "../../record.ts";
import { buildService, envOf, workload } from "./build-service.ts";

test("callers may reach the port of the protocol, and pods the feature store", async () => {
  const spec = async (args = {}): Promise<unknown> =>
    find(
      (await buildService(args)).resources,
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "svc-traffic",
    )["spec"];
  expect(await spec()).toMatchObject({
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "platform" } } }],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ],
    egress: [{ ports: [{ protocol: "TCP", port: 6379 }] }],
  });
  expect(await spec({ callers: undefined })).toMatchObject({ ingress: [] });
});

test("callers are environments and other namespaces, whole or by the labels of their pods", async () => {
  const { resources } = await buildService({
    callers: [{ name: "web" }, { name: "shop", podLabels: { app: "checkout" } }],
  });
  const http = [{ protocol: "TCP", port: 8080 }];
  const inNamespace = (name: string): object => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "svc-traffic")).toMatchObject({
    spec: {
      ingress: [
        { from: [{ namespaceSelector: inNamespace("web") }], ports: http },
        {
          from: [
            { namespaceSelector: inNamespace("shop"), podSelector: { matchLabels: { app: "checkout" } } },
          ],
          ports: http,
        },
      ],
    },
  });
});

const balancers = { ipBlock: { cidr: "10.0.0.0/24" } };

test("a gateway with API keys reaches only the port on which requests need a key", async () => {
  const { resources } = await buildService({ gateway: { from: [balancers], apiKeysSecret: "api-keys" } });
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "svc-traffic")).toMatchObject({
    spec: {
      ingress: [
        { ports: [{ protocol: "TCP", port: 8080 }] },
        { from: [balancers], ports: [{ protocol: "TCP", port: 8081 }] },
      ],
    },
  });
  expect(find(resources, "kubernetes:core/v1:Service", "svc-service")).toMatchObject({
    spec: {
      ports: [
        { name: "http", port: 8080 },
        { name: "gateway", port: 8081, targetPort: "gateway" },
      ],
    },
  });
  expect(envOf(resources)["SLIPWAY_API_KEYS"]).toBe("/run/slipway/api-keys");
  expect(workload(resources)).toMatchObject({
    template: {
      spec: {
        containers: [
          {
            ports: [{ name: "http" }, { name: "metrics" }, { name: "gateway", containerPort: 8081 }],
            volumeMounts: [
              { name: "tmp" },
              { name: "registry-credentials" },
              { name: "api-keys", mountPath: "/run/slipway/api-keys", readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: "tmp" },
          { name: "registry-credentials" },
          { name: "api-keys", secret: { secretName: "api-keys", optional: true } },
        ],
      },
    },
  });
});

test("a gateway that proves by itself who calls reaches the port without keys", async () => {
  const { resources } = await buildService({ callers: [], gateway: { from: [balancers] } });
  expect(find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "svc-traffic")).toMatchObject({
    spec: { ingress: [{ from: [balancers], ports: [{ protocol: "TCP", port: 8080 }] }] },
  });
  expect(Object.keys(envOf(resources))).not.toContain("SLIPWAY_API_KEYS");
});
