import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT as root } from "../../../operations/root.ts";
import { foundationOf } from "../../../operations/stack/foundation-of.ts";
import { loadStackFile } from "../../../operations/stack/load-stack-file.ts";
import { checkStackFile } from "../../../stacks/config/check-stack-file.ts";
import { formatProblem } from "../../../stacks/config/config-problem.ts";
import { fileValues } from "../../../stacks/config/foundation-file.ts";
import { readStackFile } from "../../../stacks/config/stack-file.ts";
import { workloadModels } from "../../../stacks/config/workload-models.ts";
import { shippedStack, shippedWorkloads as workloads } from "../shipped-stack.ts";

const dev = await shippedStack("dev");

/** The shipped stacks: what a team adds to its copy follows its own rules. */
const SHIPPED = [
  "dev",
  ...["prod", "prod-gcp", "prod-azure"].flatMap((stack) => [stack, `${stack}-foundation`]),
];

test.each(SHIPPED)("Pulumi.%s.yaml has no problems and no warnings", async (stack) => {
  const { file: name, path, text } = await loadStackFile(root, stack);
  const checked = checkStackFile({
    file: name,
    text,
    workloads: await workloadModels(),
    foundation: await foundationOf({ path, text }),
  });
  expect(checked).toMatchObject({ problems: [], warnings: [] });
  const { parsed } = checked;
  expect(parsed?.layer).toBe(stack.endsWith("-foundation") ? "foundation" : "platform");
  if (parsed?.layer === "platform") expect(parsed.config.environments).toHaveProperty("production");
});

describe("a platform on a foundation", () => {
  const foundationText = readFileSync(join(root, "Pulumi.prod-foundation.yaml"), "utf8");
  const platformText = readFileSync(join(root, "Pulumi.prod.yaml"), "utf8");
  const problemsOf = (platform: string, foundation: string | null = foundationText): string[] => {
    const name = "Pulumi.prod-foundation.yaml";
    const read = foundation === null ? undefined : readStackFile(foundation, "slipway");
    const { problems } = checkStackFile({
      file: "Pulumi.prod.yaml",
      text: platform,
      workloads,
      foundation: {
        stack: "prod-foundation",
        file: name,
        values: read && fileValues(read),
        source: read && { name, file: read },
      },
    });
    return problems.map((problem) => formatProblem(problem, "Pulumi.prod.yaml"));
  };

  test("takes the cluster, the cloud, the registry and the images from the file of the foundation", () => {
    expect(problemsOf(platformText)).toEqual([]);
  });

  test("has the missing zone of a gateway at the line of the foundation's file where it belongs", () => {
    const gateway = "gateway: { clientCidrs: [203.0.113.0/24], auth: { kind: api-keys, secret: keys } }";
    const [problem] = problemsOf(
      platformText
        .replace("    production:\n", `    production:\n      ${gateway}\n`)
        .replaceAll("          replicas: 3\n", "          replicas: 3\n          gateway: true\n"),
    );
    const line = foundationText.split("\n").indexOf("  slipway:cloud:") + 1;
    expect(problem).toMatch(
      `Pulumi.prod-foundation.yaml:${line}: slipway:cloud.dns: must be set beside environments.production.gateway`,
    );
  });

  test("has faults of the foundation's keys at the lines of the foundation's file", () => {
    const [problem] = problemsOf(platformText, foundationText.replace("monthlyUsd: 2500", "monthlyUsd: 0"));
    const line = foundationText.split("\n").findIndex((text) => text.includes("monthlyUsd")) + 1;
    expect(problem).toBe(
      `Pulumi.prod-foundation.yaml:${line}: slipway:cloud.budget.monthlyUsd: must be more than 0, got 0; change line ${line} of Pulumi.prod-foundation.yaml`,
    );
  });

  test("must not repeat keys of the foundation", () => {
    expect(problemsOf(`${platformText}  slipway:registry: { kind: ecr }\n`)).toEqual([
      expect.stringMatching(
        /^Pulumi\.prod\.yaml:\d+: slipway:registry: must be left out: Pulumi\.prod-foundation\.yaml has it, for both stacks; move what you need to Pulumi\.prod-foundation\.yaml$/,
      ) as string,
    ]);
  });

  test.each<[string, string, string | null, string]>([
    [
      "a foundation without a file",
      platformText,
      null,
      "slipway:cluster.stack: must be a stack of this project, got one without a file Pulumi.prod-foundation.yaml",
    ],
    [
      "a foundation that is a platform",
      platformText,
      dev,
      "slipway:cluster.stack: must be a foundation, got Pulumi.prod-foundation.yaml, whose cluster.kind is not eks, gke or aks",
    ],
    [
      "no name of a foundation",
      platformText.replace("    stack: prod-foundation\n", ""),
      foundationText,
      "slipway:cluster.stack: must be the name of the foundation's stack, such as prod-foundation, got nothing",
    ],
    [
      "another key beside the name",
      platformText.replace("stack: prod-foundation", "stack: prod-foundation\n    region: eu-central-1"),
      foundationText,
      "slipway:cluster.region: no such key of a foundation (known: kind, stack)",
    ],
    [
      "a kind with a typing error",
      platformText.replace("kind: foundation", "kind: fundation"),
      foundationText,
      "did you mean foundation?",
    ],
  ])("refuses %s", (_what, platform, foundation, message) => {
    expect(problemsOf(platform, foundation).join("\n")).toContain(message);
  });

  test("has no settings of a feature store in the cluster beside the managed Redis of its foundation", () => {
    expect(problemsOf(`${platformText}  slipway:featureStore: { storageGib: 20 }\n`).join()).toContain(
      "slipway:featureStore.storageGib: must be left out if cloud.redis is set: it configures a feature store in the cluster",
    );
  });

  test("keeps its own keys out of the foundation's file", () => {
    const text = `${foundationText}  slipway:drift: { intervalMinutes: 5 }\n`;
    const { problems } = checkStackFile({ file: "Pulumi.prod-foundation.yaml", text, workloads });
    expect(problems).toMatchObject([
      {
        path: "slipway:drift",
        message: "must be in the file of the platform's stack: this stack is its foundation alone",
      },
    ]);
  });
});
