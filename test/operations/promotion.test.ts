import { expect, test } from "vitest";
import type { Platform } from "../../operations/platform.ts";
import { platformOutputsSchema } from "../../stacks/platform-outputs.ts";
import { promote } from "../../operations/promotion.ts";

const digest = `sha256:${"a".repeat(64)}`;
const reference = `flight-delays/pushback/model@${digest}`;
const candidate = {
  model: "pushback",
  workload: "flight-delays",
  verdict: "passed",
  auc: 0.9,
  reference,
  features: `flight-delays/pushback/features@${digest}`,
} as const;
const progress = { note: () => undefined, step: () => Promise.reject(new Error("no step is expected")) };

/** A platform whose only service runs outside of the cluster; it writes down what is asked of it. */
function managedOnly(): { platform: Platform; asked: string[] } {
  const asked: string[] = [];
  const outputs = platformOutputsSchema.parse({
    workloads: ["flight-delays"],
    services: [],
    managedServices: [
      {
        name: "pushback",
        model: "pushback",
        workload: "flight-delays",
        environment: "staging",
        target: "lambda",
        url: "https://x.lambda-url.eu-central-1.on.aws/",
        digest,
        reference,
        canaryDigest: null,
        details: { version: "7" },
      },
    ],
    training: { namespace: "platform", templates: {} },
    monitoring: { namespace: "monitoring", prometheus: "http://p", alertmanager: "http://a" },
    alertReceiver: null,
  });
  const platform = {
    stackName: "prod",
    registry: {
      putTag: (_repository: string, tag: string) => Promise.resolve(void asked.push(`tag ${tag}`)),
    },
    deploy: (title: string) => Promise.resolve(void asked.push(title)),
    outputs: () => Promise.resolve(outputs),
  } as unknown as Platform;
  return { platform, asked };
}

test("a service outside of the cluster is not validated, is named, and production stays as it was", async () => {
  const { platform, asked } = managedOnly();
  await expect(promote(platform, progress as never, candidate)).rejects.toThrow(
    "pushback: no service of stack prod in the cluster follows challenger (outside of it: staging/pushback on lambda), " +
      "so that nothing can be validated; let one without target follow it",
  );
  expect(asked).toEqual(["tag challenger", "Deploy pushback to staging"]);
});

test("outputs of a stack that was deployed before there were targets are read", () => {
  const old = {
    workloads: [],
    services: [],
    training: { namespace: "platform", templates: {} },
    monitoring: { namespace: "monitoring", prometheus: "http://p", alertmanager: "http://a" },
    alertReceiver: null,
  };
  expect(platformOutputsSchema.parse(old).managedServices).toEqual([]);
});
