// Two tables of edits of one file, Pulumi.dev.yaml, with the line that each message names.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { checkStackFile, type StackFileOptions } from "../../../stacks/config/check-stack-file.ts";
import { formatProblem } from "../../../stacks/config/config-problem.ts";
import { workloadModels } from "../../../stacks/config/workload-models.ts";

const file = "Pulumi.dev.yaml";
const dev = await readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
const workloads = await workloadModels();
const digest = `sha256:${"a".repeat(64)}`;

type Edit = [from: string | RegExp, to: string];
/** Pulumi.dev.yaml after edits. Its last `replicas: 1` belongs to production. */
const edited = (...edits: Edit[]): string =>
  edits.reduce((text, [from, to]) => {
    const changed = text.replace(from, to);
    expect(changed, `${String(from)} is in the file`).not.toBe(text);
    return changed;
  }, dev);
const production = (to: string): string => edited([/(production:[\s\S]*?)replicas: 1/, `$1${to}`]);
const said = (
  text: string,
  more: Partial<StackFileOptions> = {},
): { problems: string[]; warnings: string[] } => {
  const { problems, warnings } = checkStackFile({ file, text, workloads, ...more });
  return {
    problems: problems.map((problem) => formatProblem(problem, file)),
    warnings: warnings.map((warning) => formatProblem(warning, file)),
  };
};
const SERVICE = "slipway:environments.production.services.pushback";

test.each<[string, string, string]>([
  [
    "text instead of a number",
    production("replicas: two"),
    `28: ${SERVICE}.replicas: must be a number, got "two"; change line 28 of ${file}`,
  ],
  [
    "a number without an end",
    production("replicas: .inf"),
    `28: ${SERVICE}.replicas: must be a finite number, got .inf; change line 28 of ${file}`,
  ],
  [
    "what is not a number",
    production("replicas: .nan"),
    `28: ${SERVICE}.replicas: must be a finite number, got .nan; change line 28 of ${file}`,
  ],
  [
    "no replicas at all",
    production("replicas: 0"),
    `28: ${SERVICE}.replicas: must be at least 1, got 0; change line 28 of ${file}`,
  ],
  [
    "a key with a typing error",
    production("replica: 1"),
    `28: ${SERVICE}.replica: no such key; did you mean replicas? (known:`,
  ],
  [
    "the prefix of a key",
    production("memory: 512Mi"),
    `28: ${SERVICE}.memory: no such key; did you mean memoryMib? (known:`,
  ],
  [
    "an unknown key of the project",
    edited(["slipway:drift", "slipway:drfit"]),
    "38: slipway:drfit: no such key; did you mean drift? (known:",
  ],
  [
    "an unknown workload",
    dev.replace(/(production:[\s\S]*?)workload: flight-delays/, "$1workload: flight-delay"),
    `25: ${SERVICE}.workload: must be a workload of this checkout (flight-delays), got "flight-delay"; did you mean flight-delays?`,
  ],
  [
    "an unknown model",
    production("modelName: pushbak"),
    `28: ${SERVICE}.modelName: must be a model of flight-delays (pushback, two-hours-before), got "pushbak"; did you mean pushback?`,
  ],
  [
    "a service whose name is not a model",
    edited([/(production:\n\s+services:\n\s+)pushback/, "$1late"]),
    '24: slipway:environments.production.services.late.modelName: must be a model of flight-delays (pushback, two-hours-before), got "late"; rename the service, or set modelName to one of them',
  ],
  [
    "a tag that does not exist",
    edited(["follow: champion", "follow: latest"]),
    `27: ${SERVICE}.model.follow: must be "challenger" or "champion", got "latest"; change line 27`,
  ],
  [
    "a short digest",
    edited(["follow: champion", "digest: sha256:abc"]),
    `27: ${SERVICE}.model.digest: must be sha256:<64 hex digits>, got "sha256:abc"; change line 27`,
  ],
  [
    "a digest and a tag",
    edited(["follow: champion", `{ digest: "${digest}", follow: champion }`]).replace(
      "model:\n            {",
      "model: {",
    ),
    `26: ${SERVICE}.model: must have exactly one of digest`,
  ],
  [
    "a service name that Kubernetes refuses",
    edited([/(production:\n\s+services:\n\s+)pushback/, "$1Push_Back"]),
    "24: slipway:environments.production.services.Push_Back: its name must be 1 to 40 lower-case letters",
  ],
  [
    "an environment with a name of the platform",
    edited(["    production:", "    platform:"]),
    "22: slipway:environments.platform: must have another name: the platform or the cluster uses the namespace platform itself; change line 22",
  ],
  [
    "an environment with a name of the cluster",
    edited(["    production:", "    kube-system:"]),
    "22: slipway:environments.kube-system: must have another name",
  ],
  [
    "an interval that does not divide an hour",
    edited(["intervalMinutes: 5", "intervalMinutes: 7"]),
    "39: slipway:drift.intervalMinutes: must divide 60: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30, got 7; change line 39",
  ],
  [
    "a request over its limit",
    production("cpuRequestMillis: 3000"),
    `28: ${SERVICE}.cpuRequestMillis: must not be more than cpuLimitMillis, which is 2000, got 3000`,
  ],
  [
    "a request over the default limit",
    production("cpuRequestMillis: 1500").replace(/cpuLimitMillis: 2000 #.*\n(?![\s\S]*cpuLimitMillis)/, "\n"),
    `28: ${SERVICE}.cpuRequestMillis: must not be more than cpuLimitMillis, which is 1000 by default, got 1500`,
  ],
  [
    "a limit under the default request",
    edited([/(production:[\s\S]*?)cpuLimitMillis: 2000/, "$1cpuLimitMillis: 50"]),
    `29: ${SERVICE}.cpuLimitMillis: must be at least cpuRequestMillis, which is 100 by default, got 50`,
  ],
  [
    "a threshold of 0",
    edited(["intervalMinutes: 5", "threshold: 0"]),
    "39: slipway:drift.threshold: must be more than 0, got 0",
  ],
  [
    "more minRows than windowRows",
    edited(["intervalMinutes: 5", "minRows: 6000"]),
    "39: slipway:drift.minRows: must keep minRows (6000) at or below windowRows (5000): otherwise no window has enough rows for a PSI, got 6000",
  ],
  [
    "Slack without a webhook",
    edited(["receiver: local", "receiver: slack"]),
    "43: slipway:alerts: must have exactly one of slackUrl (a secret) and slackUrlSecret, got a value that is not shown",
  ],
  [
    "a receiver that does not exist",
    edited(["receiver: local", "receiver: email"]),
    '44: slipway:alerts.receiver: must be one of "local", "slack", got ',
  ],
  [
    "a webhook in plain text",
    edited([
      "receiver: local",
      "receiver: slack\n    slackUrl: https://hooks.slack.com/services/T0/B0/hunter2",
    ]),
    "45: slipway:alerts.slackUrl: must be a secret, got plain text; put it into a Kubernetes Secret and name that in alerts.slackUrlSecret, or encrypt it with `pulumi config set --secret`",
  ],
  [
    "a tab",
    edited(["  slipway:monitoring:", "\tslipway:monitoring:"]),
    "40: tabs are not allowed as indentation; correct the YAML",
  ],
  [
    "a key twice",
    edited(["  slipway:monitoring:", "  slipway:drift: { threshold: 1 }\n  slipway:monitoring:"]),
    "40: slipway:drift: must be written once, and line 38 has it too; keep one of the two",
  ],
  [
    "a key twice, deep in the file",
    edited([/(production:[\s\S]*?)replicas: 1/, "$1replicas: 1\n          replicas: 2"]),
    `29: ${SERVICE}.replicas: must be written once, and line 28 has it too; keep one of the two`,
  ],
  [
    "a config under another name",
    edited([/^config:/m, "confg:"]),
    "2: confg: no such key of a stack file; did you mean config? (known: config, ",
  ],
  [
    "a tag with a typing error",
    edited(["follow: champion", "follow: champoin"]),
    `27: ${SERVICE}.model.follow: must be "challenger" or "champion", got "champoin"; did you mean champion?`,
  ],
  [
    "a kind with a typing error",
    edited(["kind: local", "kind: locl"]),
    '6: slipway:registry.kind: must be one of "local", "existing", "ecr", "artifact-registry", "acr", got "locl"; did you mean local?',
  ],
  [
    "a service whose name is a model with a typing error",
    edited([/(production:\n\s+services:\n\s+)pushback/, "$1pushbck"]),
    '24: slipway:environments.production.services.pushbck.modelName: must be a model of flight-delays (pushback, two-hours-before), got "pushbck"; did you mean pushback? rename the service, or set modelName to one of them',
  ],
  [
    "secrets of a namespace with a typing error",
    edited(["  slipway:drift:", "  slipway:secrets:\n    namespaces: { prodution: {} }\n  slipway:drift:"]),
    "39: slipway:secrets.namespaces.prodution: must be a namespace of the stack",
  ],
  [
    "a key with and without its namespace",
    edited(["  slipway:monitoring:", "  drift: { threshold: 1 }\n  slipway:monitoring:"]),
    "40: drift: must be written once, and line 38 has it too, as slipway:drift; keep one of the two",
  ],
  [
    "more pods than the quota holds",
    production("replicas: 1000"),
    `28: ${SERVICE}.replicas: must fit the environment's quota of 4000 thousandths of a core: its services need 100150`,
  ],
  [
    "a target outside of a cloud",
    production("target: { kind: lambda }"),
    `28: ${SERVICE}.target: must be left out if cluster.kind is existing`,
  ],
  [
    "a latency beyond the last bucket",
    edited(["retentionDays: 7", "p99Ms: 6000"]),
    "41: slipway:monitoring.p99Ms: must be less than 5000, got 6000",
  ],
  [
    "a list instead of an object",
    edited([/slipway:training:[\s\S]*?slipway:drift/, "slipway:training: [1]\n  slipway:drift"]),
    "34: slipway:training: must be an object, got [1]",
  ],
])("refuses %s, with the line to edit", (_title, text, message) => {
  expect(said(text).problems.join("\n")).toContain(`${file}:${message}`);
});

describe("environments and services", () => {
  const services = (text: string): string[] =>
    said(
      dev.replace(
        /slipway:environments:[\s\S]*?\n {2}slipway:featureStore/,
        `slipway:environments:\n${text}  slipway:featureStore`,
      ),
    ).problems;
  const of = (...names: string[]): string =>
    `{ services: { ${names.map((name) => `${name}: { workload: flight-delays, modelName: pushback }`).join(", ")} } }\n`;

  test("must have different names after they are joined", () => {
    expect(services(`    prod: ${of("eu-fraud")}    prod-eu: ${of("fraud")}`)).toEqual([
      `${file}:14: slipway:environments.prod-eu.services.fraud: must have another name: prod-eu-fraud is also the name of eu-fraud of prod; change line 14 of ${file}`,
      `${file}:14: slipway:environments.prod-eu.services.fraud: must have another name: prod-eu-fraud-drift is also the name of eu-fraud of prod, or its drift job; change line 14 of ${file}`,
    ]);
  });

  test.each(["fraud-metrics", "fraud-drift"])(
    "must not have the name of an object of another service: %s",
    (name) => {
      expect(services(`    prod: ${of("fraud", name)}`).join()).toContain(
        `services.${name}: must have another name`,
      );
      expect(services(`    prod: ${of(name)}`)).toEqual([]);
    },
  );

  test("must fit their quota, and the error names the number to change", () => {
    const three = "{ workload: flight-delays, modelName: pushback, replicas: 3, memoryMib: 4096 }";
    expect(services(`    prod: { services: { fraud: ${three} } }\n`)).toEqual([
      `${file}:13: slipway:environments.prod.services.fraud.replicas: must fit the environment's quota of 16384 MiB of memory: its services need 17152, including their drift jobs and one more pod for a rolling update, got 3; raise environments.prod.quota.memoryMib, or lower replicas`,
    ]);
    expect(services(`    prod: { services: { fraud: ${three} }, quota: { memoryMib: 17152 } }\n`)).toEqual(
      [],
    );
  });

  test("must have room for all pods that an autoscaler may add", () => {
    const scaled = (autoscaling: string): string =>
      services(
        `    prod: { services: { fraud: { workload: flight-delays, modelName: pushback, replicas: 3, autoscaling: ${autoscaling} } } }\n`,
      ).join();
    expect(scaled("{ maxReplicas: 3 }")).toContain(
      "services.fraud.autoscaling.maxReplicas: must be more than replicas, which is 3, got 3",
    );
    expect(scaled("{ maxReplicas: 60 }")).toContain(
      "services.fraud.autoscaling.maxReplicas: must fit the environment's quota of 4000 thousandths of a core",
    );
    expect(scaled("{ maxReplicas: 4, cpuPercent: 96 }")).toContain("cpuPercent: must be at most 95, got 96");
    expect(scaled("{ maxReplicas: 6, cpuPercent: 60, external: true }")).toContain(
      "services.fraud.autoscaling.cpuPercent: must be left out beside external: true, because your own autoscaler decides, got 60",
    );
    expect(scaled("{ maxReplicas: 6 }")).toBe("");
    expect(scaled("{ maxReplicas: 6, external: true }")).toBe("");
  });
});

test("a stack on a cloud must have the registry of that cloud, and ingress only on Google Cloud and Azure", async () => {
  const prod = await readFile(new URL("../../../Pulumi.prod-foundation.yaml", import.meta.url), "utf8");
  const text = prod
    .replace("kind: ecr", "{ kind: existing, host: r.example.com }")
    .replace(
      "slipway:registry:\n {4}# Nodes and pods read it by an identity of their own.\n   ",
      "slipway:registry:",
    )
    .replace(
      "    secrets: [slack-webhook]",
      "    secrets: [slack-webhook]\n    dns: { zone: ml.example.com, ingress: true, authorities: [digicert.com] }",
    );
  expect(said(text).problems.join("\n")).toContain(
    'slipway:registry.kind: must be ecr if cluster.kind is eks, got "existing"',
  );
  expect(said(text).problems.join("\n")).toContain(
    "slipway:cloud.dns.ingress: must be false: only GKE and AKS themselves make load balancers, got true; leave it out; environments.E.gateway needs delegated: true on EKS",
  );
  expect(said(text).problems.join("\n")).toContain(
    "slipway:cloud.dns.authorities: must be left out: only on Azure a person gets the certificate from an authority",
  );
});

test("warns about fewer nodes than zones, because a volume belongs to one zone", async () => {
  const prodOf = (file: string): Promise<string> =>
    readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
  const warnings = (text: string): string =>
    said(text.replace("cpu: { min: 3,", "cpu: { min: 2,")).warnings.join();
  const message = "slipway:cluster.nodePools.cpu.min: is less than the 3 zones of the cluster";
  expect(warnings(await prodOf("Pulumi.prod-gcp-foundation.yaml"))).toContain(message);
  // EKS has a node group in each zone, so that the autoscaler starts a node where the volume is.
  expect(warnings(await prodOf("Pulumi.prod-foundation.yaml"))).not.toContain(message);
});

test("a fix names the pulumi CLI only if there is one", () => {
  const text = production("replicas: 0");
  expect(said(text).problems[0]).not.toContain("pulumi config");
  expect(said(text, { hasPulumiCli: true }).problems[0]).toContain(
    `change line 28 of ${file}, or: pulumi config set --path '${SERVICE}.replicas' VALUE --stack dev`,
  );
  expect(said(production("replica: 1"), { hasPulumiCli: true }).problems[0]).toContain(
    "pulumi config rm --path",
  );
});

test("overrides of a run are checked too, without a line", () => {
  const overrides = { "slipway:cluster": '{"kind":"minikube"}' };
  expect(said(dev, { overrides }).problems).toEqual([
    `${file}: slipway:cluster.kind: must be one of "existing", "foundation", "eks", "gke", "aks", got "minikube"; change the stack's file`,
  ]);
  const user = { "slipway:cluster": '{"kind":"existing","context":"team"}' };
  expect(checkStackFile({ file, text: dev, overrides: user }).parsed?.config.cluster).toEqual({
    kind: "existing",
    context: "team",
  });
});

test("an encrypted secret is not plain text, and stays encrypted", () => {
  const sealed = edited(["receiver: local", "receiver: slack\n    slackUrl:\n      secure: v1:abc:def"]);
  const { problems, warnings, parsed } = checkStackFile({ file, text: sealed });
  expect([problems, warnings]).toEqual([[], []]);
  expect(parsed).toBeDefined();
  expect(JSON.stringify(parsed)).not.toContain("v1:abc");
});

test("an object that is written as text is parsed, as Pulumi does", () => {
  const text = edited([/slipway:drift:\n.*\n/, `slipway:drift: '{"intervalMinutes": 7}'\n`]);
  expect(said(text).problems.join()).toContain("38: slipway:drift.intervalMinutes: must divide 60");
});

test.each<[string, string, string]>([
  [
    "a key without its namespace",
    edited(["slipway:drift", "drift"]),
    "38: drift: has no namespace, so Pulumi reads it as slipway:drift; write slipway:drift",
  ],
  [
    "a namespace with a typing error",
    edited(["  slipway:drift", "  slipwy:drift"]),
    "38: slipwy:drift: is a key of another namespace and has no effect; did you mean slipway:drift?",
  ],
  [
    "a secret of a provider in plain text",
    edited(["  slipway:drift", "  aws:secretKey: hunter2\n  slipway:drift"]),
    "38: aws:secretKey: has the name of a secret, and is plain text in a file that is committed to git",
  ],
  [
    "a text with the form of a secret",
    edited(["lockFile: images.dev.lock.json", "lockFile: AKIAIOSFODNN7EXAMPLE"]),
    "11: slipway:images.lockFile: looks like an access key of AWS",
  ],
  [
    "a GPU of an existing cluster",
    production("gpu: { type: nvidia-l4 }"),
    `28: ${SERVICE}.gpu: requests a GPU, but Slipway does not know the nodes of an existing cluster`,
  ],
])("warns about %s", (_title, text, message) => {
  const { problems, warnings } = said(text);
  expect(problems).toEqual([]);
  expect(warnings.join("\n")).toContain(`${file}:${message}`);
  expect(warnings.join("\n")).not.toContain("hunter2");
});

test("keys of other namespaces are ignored", () => {
  expect(said(edited(["  slipway:drift", "  aws:region: eu-central-1\n  slipway:drift"]))).toEqual({
    problems: [],
    warnings: [],
  });
});

test("for a file without config, the errors list the missing keys", () => {
  expect(said("{}").problems).toContainEqual(
    expect.stringContaining(
      `${file}: slipway:environments: must be an object, got nothing; add it to ${file}`,
    ),
  );
  expect(said("config: [1]").problems.join()).toContain("must be a map of keys");
});
