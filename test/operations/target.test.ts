import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connectTarget, planTarget, splitRegistry, type TargetFlags } from "../../operations/target.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";

const LOCAL = `config:
  slipway:registry: { kind: local, host: 10.88.0.1:5000, credentialsFile: auth.json } # ours
`;
const common = `  slipway:images: { lockFile: l.json }
  slipway:environments: { production: {} }
  slipway:alerts: { receiver: slack, slackUrl: "https://hooks.slack.com/x" }
`;
const EXISTING = `config:
  slipway:cluster: { kind: existing, context: theirs, kubeconfig: kube.yaml }
  slipway:registry: { kind: existing, host: registry.example.com, prefix: ml }
${common}`;
const FOUNDATION = `config:
  slipway:cluster: { kind: eks, account: "123456789012", region: eu-central-1 }
  slipway:cloud: { prefix: acme, tags: { owner: me, environment: prod }, budget: { monthlyUsd: 100, emails: [a@example.com] } }
  slipway:registry: { kind: ecr }
  slipway:images: { lockFile: l.json }
`;
const CLOUD = `config:
  slipway:cluster: { kind: foundation, stack: base }
  slipway:environments: { production: {} }
  slipway:alerts: { receiver: slack, slackUrl: "https://hooks.slack.com/x" }
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-target-"));
  for (const [stack, text] of Object.entries({ dev: LOCAL, team: EXISTING, base: FOUNDATION, prod: CLOUD }))
    await writeFile(join(root, `Pulumi.${stack}.yaml`), text);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const plan = (flags: TargetFlags, env: NodeJS.ProcessEnv = {}): ReturnType<typeof planTarget> =>
  planTarget(root, flags, env);

describe("planTarget", () => {
  it("takes the cluster of this machine for a stack with its registry alone", async () => {
    expect(await plan({ stack: "dev" })).toMatchObject({ local: true, cluster: "local", config: {} });
    expect((await plan({ stack: "team" })).local).toBe(false);
    expect((await plan({ stack: "prod" })).local).toBe(false);
    expect((await plan({ stack: "prod", context: "c" })).local).toBe(false);
    expect((await plan({ stack: "dev", context: "c", registry: "r.example.com/ml" })).local).toBe(false);
  });

  it("sets config only for this run, and leaves the stack's file as it is", async () => {
    const flags = { stack: "dev", context: "c", registry: "r.example.com/ml" };
    const { config } = await plan(flags, { DOCKER_CONFIG: "/docker" });
    expect(
      Object.fromEntries(Object.entries(config).map(([key, text]) => [key, JSON.parse(text) as unknown])),
    ).toEqual({
      "slipway:cluster": { kind: "existing", context: "c" },
      "slipway:registry": {
        kind: "existing",
        host: "r.example.com",
        prefix: "ml",
        credentialsFile: "/docker/config.json",
      },
    });
    expect(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).toBe(LOCAL);
  });

  it("tells a moved home to the program", async () => {
    const { config } = await plan({ stack: "dev" }, { SLIPWAY_HOME: "/elsewhere" });
    expect(JSON.parse(config["slipway:registry"] ?? "{}")).toMatchObject({ kind: "local" });
  });

  it("finds the cluster and registry that the stack's file names", async () => {
    expect(await plan({ stack: "team" })).toMatchObject({
      cluster: "existing",
      context: "theirs",
      kubeconfig: join(root, "kube.yaml"),
      registry: { url: "https://registry.example.com/ml" },
      config: {},
    });
  });

  it("takes the cluster and the registry of the foundation, and sets no config over the stack's", async () => {
    const expected = {
      layer: "platform",
      cluster: "cloud",
      config: {},
      registry: { url: "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com" },
    };
    expect(await plan({ stack: "prod" })).toMatchObject(expected);
    expect(await plan({ stack: "prod", context: "c" })).toMatchObject({ ...expected, context: "c" });
    expect(await plan({ stack: "base" })).toMatchObject({ ...expected, layer: "foundation" });
  });

  it("says what to deploy where the foundation has no kubeconfig", async () => {
    await writeFile(join(root, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
    const env = { PULUMI_BACKEND_URL: `file://${root}` };
    await expect(connectTarget(await plan({ stack: "prod" }, env), env)).rejects.toThrow(
      "stack base has no kubeconfig: it is not deployed, or its state is elsewhere; deploy it first (pulumi up --stack base), or add the " +
        "cluster to your kubeconfig (aws eks update-kubeconfig --name acme --region eu-central-1 --alias prod) and name the context with --context",
    );
  });

  it.each([
    [{ stack: "prod", context: "c", registry: "r" }, "--registry: stack prod has the registry of its cloud"],
    [{ stack: "dev", registry: "r" }, "--registry goes with --context NAME"],
    [{ stack: "dev", context: "c" }, "--context goes with --registry HOST/PREFIX"],
    [
      { stack: "nonsense" },
      "--stack nonsense: there is no Pulumi.nonsense.yaml (stacks: base, dev, prod, team)",
    ],
  ])("refuses %j", async (flags, message) => {
    await expect(plan(flags)).rejects.toThrow(message);
  });
});

describe("connectTarget", () => {
  const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "https://theirs.example.com" } }]
users: [{ name: u, user: {} }]
contexts: [{ name: theirs, context: { cluster: c, user: u } }]
`;

  it("connects to the context of the file that the stack names", async () => {
    await writeFile(join(root, "kube.yaml"), KUBECONFIG);
    const { kube, registry } = await connectTarget(await plan({ stack: "team" }), { DOCKER_CONFIG: root });
    expect(kube.getCurrentCluster()?.server).toBe("https://theirs.example.com");
    expect(registry.name).toBe("registry.example.com/ml");
  });

  it("names the contexts that there are, and the file that is not there", async () => {
    await expect(connectTarget(await plan({ stack: "team" }), {})).rejects.toThrow(
      `slipway:cluster.kubeconfig: there is no file ${join(root, "kube.yaml")}`,
    );
    await writeFile(join(root, "kube.yaml"), KUBECONFIG.replace("name: theirs", "name: other"));
    await expect(connectTarget(await plan({ stack: "team" }), {})).rejects.toThrow(
      "context theirs: your kubeconfig has no such context (contexts: other)",
    );
  });
});

describe("a stack without a kubeconfig of its own", () => {
  beforeEach(async () => {
    await writeFile(
      join(root, "Pulumi.own.yaml"),
      EXISTING.replace("{ kind: existing, context: theirs, kubeconfig: kube.yaml }", "{ kind: existing }"),
    );
    for (const name of ["KUBECONFIG", "KUBERNETES_SERVICE_HOST"]) vi.stubEnv(name, undefined);
    vi.stubEnv("HOME", root);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("says that the machine has none, and how to name one", async () => {
    await expect(connectTarget(await plan({ stack: "own" }), {})).rejects.toThrow(
      "there is no kubeconfig: KUBECONFIG names none, and there is none at ~/.kube/config; set KUBECONFIG, or slipway:cluster.kubeconfig",
    );
  });

  it("answers a wish for a context as a wrong request", async () => {
    const flags = { stack: "own", context: "theirs", registry: "r.example.com" };
    const error: unknown = await connectTarget(await plan(flags), {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WrongRequest);
    expect(String(error)).toContain("context theirs: there is no kubeconfig");
  });
});

describe("the kubeconfig of a foundation", () => {
  it("is read from its outputs, and its command gets the token of the user who runs it", async () => {
    const kubeconfig = JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "acme", cluster: { server: "https://acme.example.com" } }],
      contexts: [{ name: "acme", context: { cluster: "acme", user: "acme" } }],
      "current-context": "acme",
      users: [
        {
          name: "acme",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: process.execPath,
              args: [
                "-e",
                'console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1beta1", kind: "ExecCredential", status: { token: "of-the-user" } }))',
              ],
              interactiveMode: "Never",
            },
          },
        },
      ],
    });
    await writeFile(join(root, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
    const folder = join(root, ".pulumi/stacks/slipway");
    await mkdir(folder, { recursive: true });
    const type = "pulumi:pulumi:Stack";
    const urn = `urn:pulumi:base::slipway::${type}::slipway-base`;
    const latest = { manifest: {}, resources: [{ urn, type, custom: false, outputs: { kubeconfig } }] };
    const state = { version: 3, checkpoint: { stack: "organization/slipway/base", latest } };
    await writeFile(join(folder, "base.json"), JSON.stringify(state));

    const env = { PULUMI_BACKEND_URL: `file://${root}`, DOCKER_CONFIG: root };
    await writeFile(
      join(root, "config.json"),
      JSON.stringify({
        auths: { "123456789012.dkr.ecr.eu-central-1.amazonaws.com": { auth: btoa("AWS:t") } },
      }),
    );
    const { kube } = await connectTarget(await plan({ stack: "prod" }, env), env);
    expect(kube.getCurrentCluster()?.server).toBe("https://acme.example.com");
    const options: { headers?: Record<string, string> } = {};
    await kube.applyToHTTPSOptions(options);
    expect(options.headers).toEqual({ Authorization: "Bearer of-the-user" });
  });
});

describe("splitRegistry", () => {
  it.each([
    ["registry.example.com", "registry.example.com", ""],
    ["localhost:5000/team/ml", "localhost:5000", "team/ml"],
  ])("splits %s into its host and its prefix", (registry, host, prefix) => {
    expect(splitRegistry(registry)).toEqual([host, prefix]);
  });
});
