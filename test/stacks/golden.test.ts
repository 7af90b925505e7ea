import * as pulumi from "@pulumi/pulumi";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { connectExisting } from "../../stacks/connection/existing.ts";
import type { PlatformConfig } from "../../stacks/config/load-config.ts";
import { readLock } from "../../stacks/config/named-file.ts";
import { supplyImages } from "../../stacks/config/supply-images.ts";
import { createPlatform } from "../../stacks/platform.ts";
import { resolveServices } from "../../stacks/config/resolve-services.ts";
import { list, record, type Recorded } from "../components/record.ts";
import { lock } from "../components/stage.ts";
import { digest, parsePlatform, parseStack, stack } from "./stack.ts";

const prodEnvironments = {
  "slipway:environments": {
    production: { services: { pushback: { workload: "flight-delays", model: { digest } } } },
  },
};
const dev = await stack("dev");
const prod = await stack("prod");
const promoted = await stack("prod", prodEnvironments);
const google = await stack("prod-gcp");
const azure = await stack("prod-azure");

// A change here renames or replaces a deployed resource: add an alias and a line in the changelog.
test("dev with a challenger and a champion has exactly these resources", async () => {
  await expect(list(dev).join("\n") + "\n").toMatchFileSnapshot("golden/dev.txt");
});

test("prod before the first promotion has exactly these resources", async () => {
  await expect(list(prod).join("\n") + "\n").toMatchFileSnapshot("golden/prod.txt");
});

test("prod-gcp and prod-azure have exactly these resources", async () => {
  await expect(list(google).join("\n") + "\n").toMatchFileSnapshot("golden/prod-gcp.txt");
  await expect(list(azure).join("\n") + "\n").toMatchFileSnapshot("golden/prod-azure.txt");
});

test.each(["prod-foundation", "prod-gcp-foundation", "prod-azure-foundation"])(
  "%s has exactly these resources, and none in Kubernetes",
  async (name) => {
    const resources = list(await stack(name));
    await expect(resources.join("\n") + "\n").toMatchFileSnapshot(`golden/${name}.txt`);
    expect(resources.filter((line) => line.startsWith("kubernetes:"))).toEqual([]);
  },
);

test("Kubernetes has the same objects on every cloud, except those for the registry, GPUs and the secret store", () => {
  const inCluster = (resources: readonly Recorded[]): string[] =>
    list(resources.filter(({ type }) => type.startsWith("kubernetes:"))).filter(
      (line) =>
        !/ (dcgm-exporter|nvidia-device-plugin|gpu-system|cluster-|monitoring-secrets-(aws|gcp|azure)-)/.test(
          line,
        ),
    );
  expect(inCluster(prod).length).toBeGreaterThan(50);
  expect(inCluster(google)).toEqual(inCluster(prod));
  expect(inCluster(azure)).toEqual(inCluster(prod));
});

test("Prometheus scrapes GPU metrics, with alerts, on the clouds that do not do so themselves", () => {
  for (const part of ["dcgm-exporter.gpu-system.svc", "GpuXidError"]) {
    const has = (resources: readonly Recorded[]): boolean =>
      JSON.stringify(resources.find(({ name }) => name === "monitoring-prometheus-config")).includes(part);
    expect([prod, google, azure, dev].map(has)).toEqual([true, false, true, false]);
  }
});

test("pinning a model in prod adds the service and its drift monitor", () => {
  const names = promoted.map(({ name }) => name).filter((name) => name.startsWith("production-pushback"));
  expect(names.sort()).toEqual([
    "production-pushback",
    "production-pushback-account",
    "production-pushback-budget",
    "production-pushback-deployment",
    "production-pushback-drift",
    "production-pushback-drift-account",
    "production-pushback-drift-egress",
    "production-pushback-drift-identity",
    "production-pushback-drift-identity-policy",
    "production-pushback-drift-identity-role",
    "production-pushback-drift-job",
    "production-pushback-identity",
    "production-pushback-identity-policy",
    "production-pushback-identity-role",
    "production-pushback-metrics",
    "production-pushback-service",
    "production-pushback-traffic",
  ]);
});

test("prod names an existing lock file, and a preview has every image that the platform runs", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { config } = await parseStack("prod");
  const lockFile = await readLock(config.images.lockFile, root, { registryKind: config.registry.kind });
  const { images } = supplyImages(lockFile, config, { preview: true, buildsRuntime: false });
  expect(Object.keys(images.images).sort()).toEqual([
    "alertmanager",
    "cluster-autoscaler",
    "dcgm-exporter",
    "external-secrets",
    "prometheus",
    "pushgateway",
    "runtime",
  ]);
});

test("no two resources share type and name", () => {
  for (const resources of [dev, prod, promoted, google, azure])
    expect(new Set(list(resources)).size).toBe(resources.length);
});

interface Pod {
  containers: { image: string; resources: { requests: { cpu: string; memory: string } } }[];
}

/** Returns the pods that always run, with their number of replicas. */
function permanentPods(resources: readonly Recorded[]): { pod: Pod; replicas: number }[] {
  return resources
    .filter(({ type }) => /apps\/v1:(Deployment|StatefulSet)$/.test(type))
    .map(({ inputs }) => {
      const spec = inputs["spec"] as { replicas: number; template: { spec: Pod } };
      return { pod: spec.template.spec, replicas: spec.replicas };
    });
}

test("dev fits two cores beside its cluster: it requests less than half a core while nothing trains", () => {
  const millis = permanentPods(dev).map(
    ({ pod, replicas }) =>
      replicas *
      pod.containers.reduce((sum, { resources }) => sum + Number.parseInt(resources.requests.cpu, 10), 0),
  );
  expect(millis.every((value) => value > 0)).toBe(true);
  expect(millis.reduce((sum, value) => sum + value, 0)).toBeLessThan(500);
});

test("every container runs by digest from the stack's own registry", () => {
  const images = (resources: readonly Recorded[]): string[] =>
    [...JSON.stringify(resources).matchAll(/"image":"([^"]*)"/g)].map(([, image]) => image ?? "");
  expect(images(dev).length).toBeGreaterThan(10);
  for (const image of images(dev))
    expect(image).toMatch(/^10\.88\.0\.1:5000\/slipway\/[a-z]+@sha256:[0-9a-f]{64}$/);
  for (const image of images(prod))
    expect(image).toMatch(
      /^417366251839\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/slipway\/[a-z-]+@sha256:[0-9a-f]{64}$/,
    );
});

test("credentials and passwords appear in inputs as secrets only", () => {
  const secrets = dev.filter(({ type }) => type === "kubernetes:core/v1:Secret");
  expect(secrets.length).toBeGreaterThan(0);
  for (const { inputs, name } of secrets) expect(inputs["stringData"], name).toHaveProperty("secret");
  const others = dev.filter(({ type }) => type !== "kubernetes:core/v1:Secret");
  expect(JSON.stringify(others)).not.toContain("generated");
});

test("the stack exports the outputs that other tools read", async () => {
  const { result } = await record(async () => {
    const { services } = await resolveServices(
      { staging: { services: { pushback: { workload: "flight-delays", model: { digest } } }, quota: {} } },
      { resolveTag: () => Promise.resolve(undefined) },
    );
    const config: PlatformConfig = {
      ...parsePlatform({
        "slipway:registry": '{"kind":"existing","host":"r.example.com"}',
        "slipway:images": '{"lockFile":"x"}',
        "slipway:environments": '{"staging":{"services":{"pushback":{"workload":"flight-delays"}}}}',
        "slipway:alerts": '{"receiver":"local"}',
      }),
      registry: { kind: "existing", url: "https://r.example.com", dockerConfig: undefined },
      images: lock,
    };
    const outputs = await createPlatform(config, services, connectExisting({}));
    return new Promise((resolve) => pulumi.output(outputs).apply(resolve));
  });
  expect(result).toEqual({
    workloads: ["flight-delays"],
    services: [
      {
        name: "pushback",
        model: "pushback",
        workload: "flight-delays",
        environment: "staging",
        namespace: "staging",
        url: "http://pushback.staging.svc:8080",
        publicUrl: null,
        address: "10.96.1.2:8080",
        digest,
        reference: `flight-delays/pushback/model@${digest}`,
        driftJob: "pushback-drift",
      },
    ],
    managedServices: [],
    training: {
      namespace: "platform",
      templates: {
        fetch: "training-fetch",
        ingest: "training-ingest",
        features: "training-features",
        train: "training-train",
        evaluate: "training-evaluate",
        package: "training-package",
        materialize: "training-materialize",
        validate: "training-validate",
        replay: "training-replay",
      },
    },
    featureStore: { namespace: "platform", url: "redis://feature-store.platform.svc:6379" },
    monitoring: {
      namespace: "monitoring",
      prometheus: "http://prometheus.monitoring.svc:9090",
      alertmanager: "http://alertmanager.monitoring.svc:9093",
      pushgateway: "http://pushgateway.monitoring.svc:9091",
    },
    alertReceiver: { url: "http://alerts-receiver.monitoring.svc:8080" },
  });
});
