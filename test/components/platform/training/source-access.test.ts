import { expect, test } from "vitest";
import { find } from "../../record.ts";
import { buildPipeline, CRON_JOB } from "./build-pipeline.ts";

/** Built with only the required arguments. */
const standard = await buildPipeline();

const FETCH_EGRESS = ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "training-fetch-egress"] as const;

test("the pods of the job fetch, and no others, reach the package index on port 443", async () => {
  const { resources } = standard;
  const policy = find(resources, ...FETCH_EGRESS)["spec"] as { podSelector: { matchLabels: object } };
  expect(policy).toEqual({
    podSelector: {
      matchLabels: {
        "app.kubernetes.io/name": "fetch",
        "app.kubernetes.io/component": "training",
        "app.kubernetes.io/instance": "training",
      },
    },
    policyTypes: ["Egress"],
    egress: [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ],
  });
  const selected = resources
    .filter(({ type }) => type === CRON_JOB)
    .filter(({ inputs }) => {
      const { spec } = inputs as {
        spec: { jobTemplate: { spec: { template: { metadata: { labels: object } } } } };
      };
      const { labels } = spec.jobTemplate.spec.template.metadata;
      return Object.entries(policy.podSelector.matchLabels).every(
        ([key, value]) => (labels as Record<string, unknown>)[key] === value,
      );
    });
  expect(selected.map(({ name }) => name)).toEqual(["training-fetch"]);
});

test("the job fetch gets a mirror, its port and its authority, and no other job does", async () => {
  const PEM = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n";
  const { resources } = await buildPipeline({
    sources: {
      packageIndex: "https://10.20.30.40:8081/simple",
      caBundle: Buffer.from(PEM).toString("base64"),
    },
  });
  expect(find(resources, ...FETCH_EGRESS)).toMatchObject({
    spec: {
      egress: [{ to: [{ ipBlock: { cidr: "10.20.30.40/32" } }], ports: [{ protocol: "TCP", port: 8081 }] }],
    },
  });
  expect(find(resources, "kubernetes:core/v1:ConfigMap", "training-source-ca")).toMatchObject({
    data: { "ca.crt": PEM },
  });
  const container = {
    env: expect.arrayContaining([
      { name: "SLIPWAY_PACKAGE_INDEX", value: "https://10.20.30.40:8081/simple" },
      { name: "NODE_EXTRA_CA_CERTS", value: "/run/slipway/ca/ca.crt" },
    ]) as unknown,
    volumeMounts: expect.arrayContaining([
      { name: "source-ca", mountPath: "/run/slipway/ca", readOnly: true },
    ]) as unknown,
  };
  expect(find(resources, CRON_JOB, "training-fetch")).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { containers: [container] } } } } },
  });
  const others = resources.filter(({ type, name }) => type === CRON_JOB && name !== "training-fetch");
  expect(JSON.stringify(others)).not.toMatch(/source-ca|PACKAGE_INDEX/);
});

test("behind a proxy the job fetch reaches the proxy alone, and the registry without it", async () => {
  const { resources } = await buildPipeline({ sources: { proxy: "http://proxy.example.com:3128" } });
  expect(find(resources, ...FETCH_EGRESS)).toMatchObject({
    spec: { egress: [{ ports: [{ protocol: "TCP", port: 3128 }] }] },
  });
  const container = {
    env: expect.arrayContaining([
      { name: "NODE_USE_ENV_PROXY", value: "1" },
      { name: "HTTPS_PROXY", value: "http://proxy.example.com:3128" },
      { name: "NO_PROXY", value: "10.88.0.1,169.254.169.254" },
    ]) as unknown,
  };
  expect(find(resources, CRON_JOB, "training-fetch")).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { containers: [container] } } } } },
  });
});

test("the job fetch, and no other job, mounts the Secrets that sources may name, and reaches their servers", async () => {
  const { resources } = await buildPipeline({
    sources: {
      secrets: ["prices-bucket"],
      endpoints: ["postgresql://10.1.2.3:5432", "http://minio.example.com:9000"],
    },
  });
  expect(find(resources, ...FETCH_EGRESS)).toMatchObject({
    spec: {
      egress: [
        { ports: [{ port: 443 }] },
        { to: [{ ipBlock: { cidr: "10.1.2.3/32" } }], ports: [{ port: 5432 }] },
        { ports: [{ port: 9000 }] },
      ],
    },
  });
  expect(find(resources, CRON_JOB, "training-fetch")).toMatchObject({
    spec: {
      jobTemplate: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  volumeMounts: expect.arrayContaining([
                    {
                      name: "source-secret-prices-bucket",
                      mountPath: "/run/slipway/source-secrets/prices-bucket",
                      readOnly: true,
                    },
                  ]) as unknown,
                },
              ],
              volumes: expect.arrayContaining([
                {
                  name: "source-secret-prices-bucket",
                  secret: { secretName: "prices-bucket", defaultMode: 0o440, optional: true },
                },
              ]) as unknown,
            },
          },
        },
      },
    },
  });
  const others = resources.filter(({ type, name }) => type === CRON_JOB && name !== "training-fetch");
  expect(JSON.stringify(others)).not.toContain("prices-bucket");
});
