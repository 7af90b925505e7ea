import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checkStackFile } from "../../../stacks/config/check-stack-file.ts";
import { check, dev, devWith, file, productionWith, SERVICE } from "./dev-stack-file.ts";

const digest = `sha256:${"a".repeat(64)}`;

test.each<[string, string, string]>([
  [
    "text instead of a number",
    productionWith("replicas: two"),
    `28: ${SERVICE}.replicas: must be a number, got "two"; change line 28 of ${file}`,
  ],
  [
    "a number without an end",
    productionWith("replicas: .inf"),
    `28: ${SERVICE}.replicas: must be a finite number, got .inf; change line 28 of ${file}`,
  ],
  [
    "what is not a number",
    productionWith("replicas: .nan"),
    `28: ${SERVICE}.replicas: must be a finite number, got .nan; change line 28 of ${file}`,
  ],
  [
    "no replicas at all",
    productionWith("replicas: 0"),
    `28: ${SERVICE}.replicas: must be at least 1, got 0; change line 28 of ${file}`,
  ],
  [
    "a key with a typing error",
    productionWith("replica: 1"),
    `28: ${SERVICE}.replica: no such key; did you mean replicas? (known:`,
  ],
  [
    "the prefix of a key",
    productionWith("memory: 512Mi"),
    `28: ${SERVICE}.memory: no such key; did you mean memoryMib? (known:`,
  ],
  [
    "an unknown key of the project",
    devWith(["slipway:drift", "slipway:drfit"]),
    "38: slipway:drfit: no such key; did you mean drift? (known:",
  ],
  [
    "an unknown workload",
    dev.replace(/(production:[\s\S]*?)workload: flight-delays/, "$1workload: flight-delay"),
    `25: ${SERVICE}.workload: must be a workload of this checkout (flight-delays), got "flight-delay"; did you mean flight-delays?`,
  ],
  [
    "an unknown model",
    productionWith("modelName: pushbak"),
    `28: ${SERVICE}.modelName: must be a model of flight-delays (pushback, two-hours-before), got "pushbak"; did you mean pushback?`,
  ],
  [
    "a service whose name is not a model",
    devWith([/(production:\n\s+services:\n\s+)pushback/, "$1late"]),
    '24: slipway:environments.production.services.late.modelName: must be a model of flight-delays (pushback, two-hours-before), got "late"; rename the service, or set modelName to one of them',
  ],
  [
    "a tag that does not exist",
    devWith(["follow: champion", "follow: latest"]),
    `27: ${SERVICE}.model.follow: must be "challenger" or "champion", got "latest"; change line 27`,
  ],
  [
    "a short digest",
    devWith(["follow: champion", "digest: sha256:abc"]),
    `27: ${SERVICE}.model.digest: must be sha256:<64 hex digits>, got "sha256:abc"; change line 27`,
  ],
  [
    "a digest and a tag",
    devWith(["follow: champion", `{ digest: "${digest}", follow: champion }`]).replace(
      "model:\n            {",
      "model: {",
    ),
    `26: ${SERVICE}.model: must have exactly one of digest`,
  ],
  [
    "a service name that Kubernetes refuses",
    devWith([/(production:\n\s+services:\n\s+)pushback/, "$1Push_Back"]),
    "24: slipway:environments.production.services.Push_Back: its name must be 1 to 40 lower-case letters",
  ],
  [
    "an environment with a name of the platform",
    devWith(["    production:", "    platform:"]),
    "22: slipway:environments.platform: must have another name: the platform or the cluster uses the namespace platform itself; change line 22",
  ],
  [
    "an environment with a name of the cluster",
    devWith(["    production:", "    kube-system:"]),
    "22: slipway:environments.kube-system: must have another name",
  ],
  [
    "an interval that does not divide an hour",
    devWith(["intervalMinutes: 5", "intervalMinutes: 7"]),
    "39: slipway:drift.intervalMinutes: must divide 60: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30, got 7; change line 39",
  ],
  [
    "a request over its limit",
    productionWith("cpuRequestMillis: 3000"),
    `28: ${SERVICE}.cpuRequestMillis: must not be more than cpuLimitMillis, which is 2000, got 3000`,
  ],
  [
    "a request over the default limit",
    productionWith("cpuRequestMillis: 1500").replace(
      /cpuLimitMillis: 2000 #.*\n(?![\s\S]*cpuLimitMillis)/,
      "\n",
    ),
    `28: ${SERVICE}.cpuRequestMillis: must not be more than cpuLimitMillis, which is 1000 by default, got 1500`,
  ],
  [
    "a limit under the default request",
    devWith([/(production:[\s\S]*?)cpuLimitMillis: 2000/, "$1cpuLimitMillis: 50"]),
    `29: ${SERVICE}.cpuLimitMillis: must be at least cpuRequestMillis, which is 100 by default, got 50`,
  ],
  [
    "a threshold of 0",
    devWith(["intervalMinutes: 5", "threshold: 0"]),
    "39: slipway:drift.threshold: must be more than 0, got 0",
  ],
  [
    "more minRows than windowRows",
    devWith(["intervalMinutes: 5", "minRows: 6000"]),
    "39: slipway:drift.minRows: must keep minRows (6000) at or below windowRows (5000): otherwise no window has enough rows for a PSI, got 6000",
  ],
  [
    "Slack without a webhook",
    devWith(["receiver: local", "receiver: slack"]),
    "43: slipway:alerts: must have exactly one of slackUrl (a secret) and slackUrlSecret, got a value that is not shown",
  ],
  [
    "a receiver that does not exist",
    devWith(["receiver: local", "receiver: email"]),
    '44: slipway:alerts.receiver: must be one of "local", "slack", got ',
  ],
  [
    "a webhook in plain text",
    devWith([
      "receiver: local",
      "receiver: slack\n    slackUrl: https://hooks.slack.com/services/T0/B0/hunter2",
    ]),
    "45: slipway:alerts.slackUrl: must be a secret, got plain text; put it into a Kubernetes Secret and name that in alerts.slackUrlSecret, or encrypt it with `pulumi config set --secret`",
  ],
  [
    "a tab",
    devWith(["  slipway:monitoring:", "\tslipway:monitoring:"]),
    "40: tabs are not allowed as indentation; correct the YAML",
  ],
  [
    "a key twice",
    devWith(["  slipway:monitoring:", "  slipway:drift: { threshold: 1 }\n  slipway:monitoring:"]),
    "40: slipway:drift: must be written once, and line 38 has it too; keep one of the two",
  ],
  [
    "a key twice, deep in the file",
    devWith([/(production:[\s\S]*?)replicas: 1/, "$1replicas: 1\n          replicas: 2"]),
    `29: ${SERVICE}.replicas: must be written once, and line 28 has it too; keep one of the two`,
  ],
  [
    "a config under another name",
    devWith([/^config:/m, "confg:"]),
    "2: confg: no such key of a stack file; did you mean config? (known: config, ",
  ],
  [
    "a tag with a typing error",
    devWith(["follow: champion", "follow: champoin"]),
    `27: ${SERVICE}.model.follow: must be "challenger" or "champion", got "champoin"; did you mean champion?`,
  ],
  [
    "a kind with a typing error",
    devWith(["kind: local", "kind: locl"]),
    '6: slipway:registry.kind: must be one of "local", "existing", "ecr", "artifact-registry", "acr", got "locl"; did you mean local?',
  ],
  [
    "a service whose name is a model with a typing error",
    devWith([/(production:\n\s+services:\n\s+)pushback/, "$1pushbck"]),
    '24: slipway:environments.production.services.pushbck.modelName: must be a model of flight-delays (pushback, two-hours-before), got "pushbck"; did you mean pushback? rename the service, or set modelName to one of them',
  ],
  [
    "secrets of a namespace with a typing error",
    devWith(["  slipway:drift:", "  slipway:secrets:\n    namespaces: { prodution: {} }\n  slipway:drift:"]),
    "39: slipway:secrets.namespaces.prodution: must be a namespace of the stack",
  ],
  [
    "a key with and without its namespace",
    devWith(["  slipway:monitoring:", "  drift: { threshold: 1 }\n  slipway:monitoring:"]),
    "40: drift: must be written once, and line 38 has it too, as slipway:drift; keep one of the two",
  ],
  [
    "more pods than the quota holds",
    productionWith("replicas: 1000"),
    `28: ${SERVICE}.replicas: must fit the environment's quota of 4000 thousandths of a core: its services need 100150`,
  ],
  [
    "a target outside of a cloud",
    productionWith("target: { kind: lambda }"),
    `28: ${SERVICE}.target: must be left out if cluster.kind is existing`,
  ],
  [
    "a latency beyond the last bucket",
    devWith(["retentionDays: 7", "p99Ms: 6000"]),
    "41: slipway:monitoring.p99Ms: must be less than 5000, got 6000",
  ],
  [
    "a list instead of an object",
    devWith([/slipway:training:[\s\S]*?slipway:drift/, "slipway:training: [1]\n  slipway:drift"]),
    "34: slipway:training: must be an object, got [1]",
  ],
])("refuses %s, with the line to edit", (_title, text, message) => {
  expect(check(text).problems.join("\n")).toContain(`${file}:${message}`);
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
  expect(check(text).problems.join("\n")).toContain(
    'slipway:registry.kind: must be ecr if cluster.kind is eks, got "existing"',
  );
  expect(check(text).problems.join("\n")).toContain(
    "slipway:cloud.dns.ingress: must be false: only GKE and AKS themselves make load balancers, got true; leave it out; a gateway on EKS needs cloud.dns.delegated: true, after the parent zone has delegated to this zone: docs/aws.md#gateway",
  );
  expect(check(text).problems.join("\n")).toContain(
    "slipway:cloud.dns.authorities: must be left out: only on Azure a person gets the certificate from an authority",
  );
});

test("a fix names the pulumi CLI only if there is one", () => {
  const text = productionWith("replicas: 0");
  expect(check(text).problems[0]).not.toContain("pulumi config");
  expect(check(text, { hasPulumiCli: true }).problems[0]).toContain(
    `change line 28 of ${file}, or: pulumi config set --path '${SERVICE}.replicas' VALUE --stack dev`,
  );
  expect(check(productionWith("replica: 1"), { hasPulumiCli: true }).problems[0]).toContain(
    "pulumi config rm --path",
  );
});

test("names unknown models beside other problems, so that one reading mends both", () => {
  const text = productionWith("replicas: 0").replace("        pushback:", "        pushbak:");
  expect(check(text).problems).toEqual([
    expect.stringContaining("staging.services.pushbak.modelName: must be a model of flight-delays"),
    expect.stringContaining(`${SERVICE}.replicas: must be at least 1, got 0`),
  ]);
});

test("says to write the number of a zone in quotes", () => {
  const overrides = {
    "slipway:cluster": JSON.stringify({ kind: "aks", zones: [1], subscription: "s", tenant: "t" }),
  };
  expect(check("{}", { overrides }).problems.join("\n")).toContain(
    'slipway:cluster.zones.0: must be "1" or "2" or "3", got 1; write it in quotes: "1"',
  );
});

test("says to write a number without quotes, and no text of another kind", () => {
  expect(check(productionWith('replicas: "3"')).problems).toEqual([
    `${file}:28: ${SERVICE}.replicas: must be a number, got "3"; write it without quotes: 3`,
  ]);
  expect(check(productionWith('replicas: "3Gi"')).problems.join()).toContain("change line 28");
});

test("overrides of a run are checked too, without a line", () => {
  const overrides = { "slipway:cluster": '{"kind":"minikube"}' };
  expect(check(dev, { overrides }).problems).toEqual([
    `${file}: slipway:cluster.kind: must be one of "existing", "foundation", "eks", "gke", "aks", got "minikube"; change the stack's file`,
  ]);
  const user = { "slipway:cluster": '{"kind":"existing","context":"team"}' };
  expect(checkStackFile({ file, text: dev, overrides: user }).parsed?.config.cluster).toEqual({
    kind: "existing",
    context: "team",
  });
});

test("an object that is written as text is parsed, as Pulumi does", () => {
  const text = devWith([/slipway:drift:\n.*\n/, `slipway:drift: '{"intervalMinutes": 7}'\n`]);
  expect(check(text).problems.join()).toContain("38: slipway:drift.intervalMinutes: must divide 60");
});

test("for a file without config, the errors list the missing keys", () => {
  expect(check("{}").problems).toContainEqual(
    expect.stringContaining(
      `${file}: slipway:environments: must be an object, got nothing; add it to ${file}`,
    ),
  );
  expect(check("config: [1]").problems.join()).toContain("must be a map of keys");
});
