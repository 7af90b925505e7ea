import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFiles } from "../../../stacks/config/load-config.ts";
import { parseConfig } from "../../../stacks/config/parse-config.ts";
import type { StackConfig } from "../../../stacks/config/schema.ts";
import { readStackFile } from "../../../stacks/config/stack-file.ts";
import { parsePlatform } from "../stack.ts";

type Keys = Record<string, unknown>;

/** A minimal valid config. */
const least: Keys = {
  registry: { kind: "existing", host: "registry.example.com" },
  images: { lockFile: "images.lock.json" },
  environments: { staging: {} },
  alerts: { receiver: "local" },
};

/** Config as Pulumi passes it to a program. */
const raw = (keys: Keys): Record<string, string> =>
  Object.fromEntries(
    Object.entries(keys).map(([key, value]) => [
      `slipway:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
const parse = (keys: Keys): StackConfig => parsePlatform(raw({ ...least, ...keys }));
const service = (settings: Keys): Keys => ({
  environments: { production: { services: { pushback: { workload: "flight-delays", ...settings } } } },
});
const digest = `sha256:${"a".repeat(64)}`;

test("refuses a key beside config when the program starts, too", () => {
  const file = readStackFile("config: {}\nslipway:drift: { threshold: 0.1 }\n", "slipway");
  expect(() => parseConfig(raw(least), { source: { name: "Pulumi.prod.yaml", file } })).toThrow(
    "config: Pulumi.prod.yaml:2: slipway:drift: must be below config:, because Pulumi ignores it beside config:; indent it below config:",
  );
});

test("a minimal config gets the defaults that several components share", () => {
  expect(parse({})).toEqual({
    cluster: { kind: "existing" },
    registry: { kind: "existing", host: "registry.example.com" },
    images: { lockFile: "images.lock.json", supply: "pull-through" },
    environments: { staging: { services: {}, quota: {} } },
    secrets: { namespaces: {} },
    featureStore: {},
    training: {},
    sources: {},
    drift: { intervalMinutes: 5, threshold: 0.25 },
    monitoring: {},
    alerts: { receiver: "local" },
  });
});

test.each<[string, Keys]>([
  ["a pinned model", service({ model: { digest } })],
  ["a model that follows a tag", service({ model: { follow: "challenger" } })],
  ["a service without a model", service({})],
  ["a cluster by context", { cluster: { kind: "existing", context: "team", kubeconfig: "/k" } }],
  ["a webhook", { alerts: { receiver: "slack", slackUrl: "https://hooks.example.com/x" } }],
  ["a webhook in an existing Secret", { alerts: { receiver: "slack", slackUrlSecret: "slack" } }],
  [
    "a mirror of the package index behind a proxy",
    {
      sources: {
        packageIndex: "https://mirror.example.com/simple",
        proxy: "http://proxy.example.com:3128",
        caBundle: Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64"),
      },
    },
  ],
  [
    "Secrets and servers of sources",
    {
      sources: {
        secrets: ["prices-bucket"],
        endpoints: ["postgresql://db.example.com:5432", "http://minio:9000"],
      },
    },
  ],
  [
    "a registry with a prefix",
    { registry: { kind: "existing", host: "r.example.com:5000", prefix: "team/ml" } },
  ],
])("accepts %s", (_title, keys) => {
  expect(() => parse(keys)).not.toThrow();
});

test("keys of other namespaces are ignored", () => {
  expect(() => parseConfig({ ...raw(least), "kubernetes:kubeconfig": "x", "aws:region": "y" })).not.toThrow();
});

test.each<[string, Keys, string]>([
  [
    "an unknown key",
    { featureStor: {} },
    "config: slipway:featureStor: no such key; did you mean featureStore? (known: alerts, cloud, cluster, drift, environments, featureStore, images, monitoring, registry, secrets, sources, training); rename or remove it in the stack's file",
  ],
  [
    "an unknown key deep inside",
    service({ replica: 2 }),
    "config: slipway:environments.production.services.pushback.replica: no such key; did you mean replicas? (known: autoscaling, callers, cpuLimitMillis, cpuRequestMillis, drainSeconds, gateway, gpu, logMaxEntries, logSample, memoryMib, model, modelName, replicas, target, workload)",
  ],
  [
    "a number below its minimum",
    service({ replicas: 0 }),
    "config: slipway:environments.production.services.pushback.replicas: must be at least 1, got 0; change the stack's file",
  ],
  [
    "a number that is not a number",
    { featureStore: { storageGib: "many" } },
    'config: slipway:featureStore.storageGib: must be a number, got "many"; change the stack\'s file',
  ],
  [
    "a fraction of a pod",
    service({ replicas: 1.5 }),
    "slipway:environments.production.services.pushback.replicas: must be a whole number, got 1.5;",
  ],
  [
    "an invalid digest",
    service({ model: { digest: "sha256:abc" } }),
    'slipway:environments.production.services.pushback.model.digest: must be sha256:<64 hex digits>, got "sha256:abc";',
  ],
  [
    "a tag that does not exist",
    service({ model: { follow: "latest" } }),
    'slipway:environments.production.services.pushback.model.follow: must be "challenger" or "champion", got "latest";',
  ],
  [
    "a model both pinned and following",
    service({ model: { digest, follow: "champion" } }),
    'model: must have exactly one of digest: "sha256:…" and follow: challenger | champion; change',
  ],
  [
    "a registry of an unknown kind",
    { registry: { kind: "quay", host: "x" } },
    'slipway:registry.kind: must be one of "local", "existing", "ecr", "artifact-registry", "acr", got "quay";',
  ],
  [
    "a host with a scheme",
    { registry: { kind: "existing", host: "https://r.example.com" } },
    "slipway:registry.host: must be a host without a scheme, with a port if it is not the default, got",
  ],
  [
    "a local registry without credentials",
    { registry: { kind: "local", host: "10.88.0.1:5000" } },
    "config: slipway:registry.credentialsFile: must be a text, got nothing; add it to the stack's file",
  ],
  [
    "a package index with a login, which no message shows",
    { sources: { packageIndex: "https://me:hunter2@mirror.example.com/simple" } },
    "config: slipway:sources.packageIndex: must have no user and no password, got a value that is not shown; change",
  ],
  [
    "a package index on a disk",
    { sources: { packageIndex: "file:///simple" } },
    "slipway:sources.packageIndex: must be a URL, got a value that is not shown;",
  ],
  [
    "a server of a source without a port",
    { sources: { endpoints: ["postgresql://db.example.com"] } },
    "slipway:sources.endpoints.0: must have a port, such as postgresql://db.example.com:5432",
  ],
  [
    "a server of a source with a login, which no message shows",
    { sources: { endpoints: ["postgresql://me:hunter2@db.example.com:5432"] } },
    "slipway:sources.endpoints.0: must have no user and no password, got a value that is not shown",
  ],
  [
    "an authority that is not a certificate",
    { sources: { caBundle: "aGVsbG8=" } },
    'slipway:sources.caBundle: must be a PEM certificate in base64: base64 -w0 FILE.pem, got "aGVsbG8=";',
  ],
  ["no environment", { environments: {} }, "slipway:environments: must name at least one environment;"],
  [
    "an environment with a name that the platform uses",
    { environments: { monitoring: {} } },
    "slipway:environments.monitoring: must have another name: the platform or the cluster uses the namespace monitoring itself; change the stack's file",
  ],
  [
    "an environment with a name that Kubernetes refuses",
    { environments: { Staging: {} } },
    "slipway:environments.Staging: its name must be 1 to 40 lower-case letters, digits and hyphens, a letter first",
  ],
  [
    "Slack without a webhook",
    { alerts: { receiver: "slack" } },
    "slipway:alerts: must have exactly one of slackUrl (a secret) and slackUrlSecret, got a value that is not shown;",
  ],
  [
    "an availability whose alerts could not fire",
    { monitoring: { availability: 0.9 } },
    "slipway:monitoring.availability: must be more than 0.931, got 0.9;",
  ],
  ["an object that is text", { drift: "often" }, 'slipway:drift: must be an object, got "often";'],
])("refuses %s: path, rule, value, fix", (_title, keys, message) => {
  expect(() => parse(keys)).toThrow(message);
});

test("missing required keys are named", () => {
  expect(() => parseConfig({})).toThrow(
    /config has 4 faults:\n.*slipway:registry: .*got nothing.*\n.*slipway:images.*\n.*slipway:environments.*\n.*slipway:alerts/,
  );
});

test("an error never contains a secret", () => {
  const secret = "hunter2-not-a-url";
  for (const alerts of [
    { receiver: "slack", slackUrl: secret },
    { receiver: "slack", slackUrl: secret, slackUrlSecret: "x" },
    { receiver: "local", slackUrl: secret },
    { receiver: "pager", slackUrl: secret },
    [secret],
  ]) {
    let message = "";
    try {
      parse({ alerts });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("slipway:alerts");
    expect(message).not.toContain(secret);
  }
});

describe("files in the config", () => {
  let root: string;
  const images = {
    schemaVersion: 1,
    images: { redis: { repository: "slipway/redis", digest, sizeBytes: 1, source: "x" } },
  };
  /** Previews accept a lock file without the images that the test does not need. */
  const preview = { env: {}, preview: true };
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "slipway-config-"));
    await writeFile(join(root, "images.lock.json"), JSON.stringify(images));
    await writeFile(join(root, "auth.json"), '{"auths":{"r.example.com":{"auth":"eDp5"}}}');
    await writeFile(join(root, "broken.json"), "{ hunter2");
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test("are read relative to the project's root", async () => {
    const registry = { kind: "local", host: "r.example.com", prefix: "p", credentialsFile: "auth.json" };
    const config = await readFiles(parse({ registry, cluster: { kind: "existing", kubeconfig: "k" } }), root);
    expect(config.registry).toEqual({
      kind: "local",
      url: "http://r.example.com/p",
      dockerConfig: '{"auths":{"r.example.com":{"auth":"eDp5"}}}',
    });
    expect(config.images).toEqual(images);
    expect(config.cluster).toEqual({ kind: "existing", kubeconfig: join(root, "k") });
  });

  test("are two if servers have an account that may only read", async () => {
    const registry = {
      kind: "existing",
      host: "r.example.com",
      credentialsFile: "auth.json",
      readCredentialsFile: "auth.json",
    };
    const config = await readFiles(parse({ registry }), root, preview);
    expect(config.registry.readDockerConfig).toBe('{"auths":{"r.example.com":{"auth":"eDp5"}}}');
  });

  test("are not needed for credentials if nodes have their own identities, over https", async () => {
    const { registry } = await readFiles(parse({}), root, preview);
    expect(registry).toEqual({
      kind: "existing",
      url: "https://registry.example.com",
      dockerConfig: undefined,
    });
  });

  test("are reported by key, path and fix if they are missing", async () => {
    const config = parse({ images: { lockFile: "nowhere.json" } });
    await expect(readFiles(config, root, { env: {}, stack: "prod" })).rejects.toThrow(
      "config: slipway:images.lockFile: must name a file that can be read, got nowhere.json (ENOENT); npm run lock -- --stack prod writes it",
    );
  });

  test("are not shown if they contain no credentials", async () => {
    const registry = { kind: "local", host: "r.example.com", credentialsFile: "broken.json" };
    const reading = readFiles(parse({ registry }), root);
    await expect(reading).rejects.toThrow("slipway:registry.credentialsFile: must be JSON");
    await expect(reading).rejects.not.toThrow("hunter2");
  });
});
