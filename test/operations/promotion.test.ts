import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bringUpModels } from "../../operations/bring-up-models.ts";
import { followsChallenger } from "../../operations/first-traffic.ts";
import { promoteNewest } from "../../operations/promote-newest.ts";
import { promote } from "../../operations/promotion.ts";
import { toStackFile } from "../../operations/stack/load-stack-file.ts";
import { fakeJobCluster, type FakeJobCluster } from "./fake-job-cluster.ts";
import { fakePlatform, FILE, outputsWith, recordedProgress, serviceOf } from "./fake-platform.ts";
import { putModel } from "./packaged-model.ts";
import { fakeRegistry, type FakeRegistry } from "./fake-registry.ts";

const MODEL = "flight-delays/pushback/model";
const TEMPLATES = { templates: { validate: "validate", replay: "replay" }, namespace: "platform" };

let registry: FakeRegistry;
let cluster: FakeJobCluster;
let validation: () => { artifact?: string };
beforeEach(async () => {
  registry = await fakeRegistry();
  const report = registry.put("flight-delays/pushback/validation", "validation", { "validation.json": {} });
  validation = () => ({ artifact: report });
  cluster = await fakeJobCluster(([job]) => (job === "validate" ? validation() : { summary: { rows: 63 } }));
});
afterEach(() => Promise.all([registry.close(), cluster.close()]));

/** What training leaves: an evaluation and, where the gate passed, a model. */
function trained(model: string, verdict: "passed" | "refused", content = 1): string {
  const evaluation = {
    schemaVersion: 1,
    workload: "flight-delays",
    model,
    candidate: `flight-delays/${model}/candidate@sha256:${"c".repeat(64)}`,
    features: `flight-delays/${model}/features@sha256:${"f".repeat(64)}`,
    metrics: {
      rows: 10,
      prevalence: 0.2,
      auc: 0.9,
      logLoss: 0.3,
      brier: 0.1,
      calibrationError: 0.01,
    },
    calibration: [],
    confusion: { threshold: 0.5, truePositive: 1, falsePositive: 1, trueNegative: 1, falseNegative: 1 },
    segments: [],
    gate: { verdict, checks: [], reason: `the gate says ${verdict}` },
  };
  registry.put(
    `flight-delays/${model}/evaluation`,
    "evaluation",
    { "evaluation.json": evaluation },
    "latest",
  );
  registry.put(`flight-delays/${model}/features`, "features", { "features.json": {} }, "latest");
  return verdict === "refused"
    ? ""
    : putModel(registry, { workload: "flight-delays", model, content }, "latest");
}

function platform(text?: string): ReturnType<typeof fakePlatform> {
  const fake = fakePlatform(registry, {
    more: { training: TEMPLATES },
    ...(text === undefined ? {} : { text }),
  });
  fake.platform.kube = cluster.kube;
  return fake;
}
const tag = (name: string): string | undefined => registry.tags.get(`${MODEL}:${name}`);
const passed = (reference: string) =>
  ({
    model: "pushback",
    workload: "flight-delays",
    verdict: "passed",
    metric: { name: "auc", value: 0.9 },
    reference,
  }) as const;

describe("promote", () => {
  it("validates in staging before production gets the model", async () => {
    const reference = trained("pushback", "passed");
    const fake = platform();
    await promote(fake.platform, recordedProgress(), passed(reference));
    expect(fake.asked).toEqual(["Deploy pushback to staging", "Deploy pushback to production"]);
    expect(cluster.ran).toEqual([`validate --model ${reference} --url http://pushback.staging.svc:8080`]);
    expect(`${MODEL}@${tag("champion")}`).toBe(reference);
    expect(registry.tags.has("flight-delays/pushback/validation:latest")).toBe(true);
  });

  it("moves no tag to a model whose parts belong to another", async () => {
    const reference = putModel(registry, {
      workload: "flight-delays",
      model: "pushback",
      onnx: { other: 1 },
    });
    await expect(promote(platform().platform, recordedProgress(), passed(reference))).rejects.toThrow(
      /^pushback is not promoted: model-card.json must be for model.onnx sha256:.*production stays as it was; train again: npm run train -- --model pushback$/,
    );
    expect(tag("challenger")).toBeUndefined();
  });

  it("moves no tag to a model that its gate refuses by now", async () => {
    const reference = putModel(registry, { workload: "flight-delays", model: "pushback", auc: 0.4 });
    await expect(promote(platform().platform, recordedProgress(), passed(reference))).rejects.toThrow(
      /its gate, as it is in this checkout, refuses it: auc must be at least [\d.]+, got 0.4000/,
    );
    expect(tag("challenger")).toBeUndefined();
  });

  it("leaves production as it was where the validation fails, and tells the failed checks", async () => {
    const reference = trained("pushback", "passed");
    validation = () => {
      throw new Error("scores differ");
    };
    const fake = platform();
    await expect(promote(fake.platform, recordedProgress(), passed(reference))).rejects.toThrow(
      'pushback is not promoted: its validation in staging failed: {"reason":"scores differ"}; production stays as it was (no model)',
    );
    expect(tag("champion")).toBeUndefined();
  });

  it("does not tell a registry that fails after the validation as a failed validation", async () => {
    const reference = trained("pushback", "passed");
    validation = () => ({ artifact: `flight-delays/pushback/validation@sha256:${"9".repeat(64)}` });
    const error = await promote(platform().platform, recordedProgress(), passed(reference)).catch(
      (thrown: unknown) => thrown as Error,
    );
    expect(String(error)).not.toContain("validation in staging failed");
    expect(String(error)).toContain("latest");
  });

  it("names a service outside of the cluster that cannot be validated, and leaves production as it was", async () => {
    const reference = trained("pushback", "passed");
    const digest = reference.split("@")[1];
    const managed = {
      name: "pushback",
      model: "pushback",
      workload: "flight-delays",
      environment: "staging",
      target: "lambda",
      url: "https://x.lambda-url.eu-central-1.on.aws/",
      digest,
      reference,
      canaryDigest: null,
    };
    const fake = platform();
    fake.platform.outputs = () => Promise.resolve(outputsWith([], { managedServices: [managed] }));
    await expect(promote(fake.platform, recordedProgress(), passed(reference))).rejects.toThrow(
      "pushback: no service of stack dev in the cluster follows challenger or pins this version (outside of it: staging/pushback on lambda), " +
        "so that nothing can be validated; let one without target follow challenger",
    );
    expect(tag("champion")).toBeUndefined();
  });

  const PINS = `config:
  slipway:environments:
    staging: { services: { pushback: { workload: flight-delays } } }
    production: { services: { pushback: { workload: flight-delays } } }
`;

  it("names the command that pins the version where no service follows a tag", async () => {
    const reference = trained("pushback", "passed");
    const fake = platform(PINS);
    fake.platform.outputs = () => Promise.resolve(outputsWith([]));
    await expect(promote(fake.platform, recordedProgress(), passed(reference))).rejects.toThrow(
      `let one without target follow challenger, or pin the version in one, deploy, and promote again: npm run pin -- --stack dev --service staging/pushback --digest ${reference.split("@")[1]}`,
    );
  });

  it("validates a service that pins the version, and then names the command for production", async () => {
    const reference = trained("pushback", "passed");
    const digest = reference.split("@")[1] ?? "";
    const fake = platform(
      PINS.replace("workload: flight-delays }", `workload: flight-delays, model: { digest: "${digest}" } }`),
    );
    fake.platform.outputs = () =>
      Promise.resolve(outputsWith([serviceOf("staging", digest)], { training: TEMPLATES }));
    const progress = recordedProgress();
    await promote(fake.platform, progress, passed(reference));
    expect(`${MODEL}@${tag("champion")}`).toBe(reference);
    expect(progress.lines.at(-1)).toBe(
      `production/pushback follows no tag: pin the version in its file, then deploy: npm run pin -- --stack dev --service production/pushback --digest ${digest}`,
    );
  });
});

describe("promoteNewest", () => {
  const run = async (model: string, fake = platform()): Promise<string[]> => {
    const progress = recordedProgress();
    await promoteNewest(fake.platform, progress, model);
    return progress.lines;
  };

  it("promotes the newest version, and the second time says that it is in production", async () => {
    trained("pushback", "passed");
    const fake = platform();
    await run("pushback", fake);
    expect(tag("champion")).toBe(tag("latest"));
    expect(await run("pushback", fake)).toEqual([expect.stringMatching(/is in production already$/)]);
  });

  it("deploys production again where a promotion was cut off after it had moved champion", async () => {
    trained("pushback", "passed");
    const fake = platform();
    await run("pushback", fake);
    fake.deployed.set("production", `sha256:${"0".repeat(64)}`);
    fake.asked.length = 0;
    await run("pushback", fake);
    expect(fake.asked).toEqual(["Deploy pushback to production"]);
  });

  it.each([
    ["nonsense", "--model nonsense: stack dev has no such model (models: pushback, two-hours-before)"],
    ["pushback", "pushback was never trained to the end: npm run train -- --model pushback"],
    [
      "two-hours-before",
      "two-hours-before is refused by its gate: the gate says refused; production stays as it was",
    ],
  ])("refuses to promote %s", async (model, message) => {
    trained("two-hours-before", "refused");
    await expect(run(model)).rejects.toThrow(message);
    expect(tag("champion")).toBeUndefined();
  });
});

describe("bringUpModels", () => {
  it("promotes the first version, sends first traffic to production alone, and does neither again", async () => {
    trained("pushback", "passed");
    trained("two-hours-before", "refused");
    const fake = platform();
    expect(await bringUpModels(fake.platform, recordedProgress())).toEqual([]);
    const replays = (): string[] => cluster.ran.filter((args) => args.startsWith("replay"));
    expect(replays()).toEqual([expect.stringContaining("--url http://pushback.production.svc:8080")]);
    expect(replays()[0]).not.toContain("--month");
    expect(cluster.ran.at(-1)).toBe("pushback-drift");
    expect(await bringUpModels(fake.platform, recordedProgress())).toEqual([]);
    expect(replays()).toHaveLength(1);
  });

  it("sends first traffic in the next run where the last was cut off after the promotion", async () => {
    trained("pushback", "passed");
    trained("two-hours-before", "refused");
    const fake = platform();
    await promoteNewest(fake.platform, recordedProgress(), "pushback");
    await bringUpModels(fake.platform, recordedProgress());
    expect(cluster.ran.filter((args) => args.startsWith("replay"))).toHaveLength(1);
  });

  it("goes on where one model fails, and says which and why", async () => {
    trained("pushback", "passed");
    trained("two-hours-before", "passed");
    const progress = recordedProgress();
    const failed = await bringUpModels(platform().platform, progress);
    expect(failed).toEqual([
      {
        workload: "flight-delays",
        model: "two-hours-before",
        reason: expect.stringContaining(
          "no service of stack dev in the cluster follows challenger",
        ) as string,
      },
    ]);
    expect(tag("champion")).toBeDefined();
  });

  it("leaves a newer version to a person, and says how to promote it", async () => {
    trained("pushback", "passed");
    trained("two-hours-before", "refused");
    const fake = platform();
    await bringUpModels(fake.platform, recordedProgress());
    const champion = tag("champion");
    trained("pushback", "passed", 2);
    const progress = recordedProgress();
    await bringUpModels(fake.platform, progress);
    expect(progress.lines).toContain(
      "pushback: a newer version is trained and not in production: npm run promote -- --model pushback",
    );
    expect(tag("champion")).toBe(champion);
  });
});

it.each([
  ["staging", true],
  ["production", false],
  ["nowhere", false],
])("knows by the stack's file whether a service of %s tries candidates", (environment, expected) => {
  const file = toStackFile({ stack: "dev", file: "", path: "", text: FILE });
  expect(followsChallenger(file, { environment, name: "pushback" })).toBe(expected);
});
