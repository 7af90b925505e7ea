import { expect, test } from "vitest";
import { Environment } from "../../../components/platform/environment.ts";
import { find, list, record } from "../record.ts";

const build = (args = {}): ReturnType<typeof record<Environment>> =>
  record(() => new Environment("staging", { registryUrl: "http://10.88.0.1:5000", ...args }));

/** Built with only the required arguments. */
const standard = await build();

test("an environment is a namespace, three policies, a quota and limits", async () => {
  const { resources } = standard;
  expect(list(resources)).toEqual([
    "kubernetes:core/v1:LimitRange staging-limits",
    "kubernetes:core/v1:Namespace staging-namespace",
    "kubernetes:core/v1:ResourceQuota staging-quota",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy staging-default-deny",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy staging-dns-egress",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy staging-registry-egress",
    "slipway:environment:Environment staging",
  ]);
});

test("its namespace enforces, audits and warns about Pod Security restricted at a pinned version", async () => {
  const { resources } = standard;
  expect(find(resources, "kubernetes:core/v1:Namespace", "staging-namespace")["metadata"]).toEqual({
    name: "staging",
    labels: {
      "app.kubernetes.io/name": "staging",
      "app.kubernetes.io/component": "environment",
      "app.kubernetes.io/part-of": "slipway",
      "app.kubernetes.io/managed-by": "pulumi",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "v1.35",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "v1.35",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "v1.35",
    },
  });
});

test("all traffic is denied except DNS and the address and port of the registry", async () => {
  const { resources } = standard;
  const policy = (name: string): unknown =>
    find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", `staging-${name}`)["spec"];
  expect(policy("default-deny")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  expect(policy("dns-egress")).toEqual({
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "node-local-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  });
  expect(policy("registry-egress")).toEqual({
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [{ to: [{ ipBlock: { cidr: "10.88.0.1/32" } }], ports: [{ protocol: "TCP", port: 5000 }] }],
  });
});

test("for a registry with a host name, its port is open to every address except the metadata service", async () => {
  const { resources } = await build({ registryUrl: "https://registry.example.com" });
  expect(
    find(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "staging-registry-egress")["spec"],
  ).toMatchObject({
    egress: [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ],
  });
});

test("the quota is 4 cores, 16 GiB and 50 pods by default, and allows no load balancer and no node port", async () => {
  const quota = async (args = {}): Promise<unknown> =>
    find((await build(args)).resources, "kubernetes:core/v1:ResourceQuota", "staging-quota")["spec"];
  expect(await quota()).toEqual({
    hard: {
      "requests.cpu": "4000m",
      "limits.memory": "16384Mi",
      pods: "50",
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    },
  });
  expect(await quota({ cpuRequestMillis: 500, memoryMib: 1024, pods: 3 })).toMatchObject({
    hard: { "requests.cpu": "500m", "limits.memory": "1024Mi", pods: "3" },
  });
});
