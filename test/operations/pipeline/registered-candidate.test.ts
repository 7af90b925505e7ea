import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bringUpModels } from "../../../operations/bring-up-models.ts";
import { ensureCandidates } from "../../../operations/pipeline/candidates.ts";
import { registeredCandidate } from "../../../operations/pipeline/registered-candidate.ts";
import type { Platform } from "../../../operations/platform.ts";
import type { Registration } from "../../../runtime/contract/registration.ts";
import { workloadSchema } from "../../../runtime/contract/workload.ts";
import { fakePlatform, recordedProgress } from "../fake-platform.ts";
import { fakeRegistry, type FakeRegistry } from "../fake-registry.ts";
import { LOANS } from "../register/loans-workload.ts";

const loans = workloadSchema.parse({ ...LOANS, models: LOANS.models.slice(0, 1) });
const [old, newer] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];

let registry: FakeRegistry;
let platform: Platform;
beforeEach(async () => {
  registry = await fakeRegistry();
  ({ platform } = fakePlatform(registry, { more: { workloads: ["loans"] } }));
});
afterEach(() => registry.close());

function register(onnx: string): string {
  const registration: Registration = {
    schemaVersion: 1,
    workload: "loans",
    model: "repaid",
    source: { file: "model.onnx", digest: onnx },
    producer: "",
    changes: [],
    onnx,
    features: [],
    task: { kind: "binary" },
    examples: null,
    codeRevision: "unknown",
  };
  const files = { "model.onnx": onnx, "registration.json": registration };
  return registry.put("loans/repaid/candidate", "candidate", files, "latest");
}

function judged(onnx: string): void {
  const evaluation = {
    schemaVersion: 1,
    workload: "loans",
    model: "repaid",
    candidate: "c",
    onnx,
    features: "f",
    metrics: { auc: 0.5 },
    segments: [],
    gate: { verdict: "refused", checks: [], reason: "too bad" },
  };
  registry.put("loans/repaid/evaluation", "evaluation", { "evaluation.json": evaluation }, "latest");
}

const find = (): Promise<typeof loans> => Promise.resolve(loans);

describe("up, for a model whose file is registered", () => {
  it("leaves it out while no file is registered, says what to run, and does not fail", async () => {
    const progress = recordedProgress();
    expect(await ensureCandidates(platform, progress, find)).toEqual([]);
    expect(progress.lines).toEqual([
      'repaid is left out: its trainer is "import", and no file is registered: npm run register -- --model repaid --onnx FILE',
    ]);
    expect(await bringUpModels(platform, recordedProgress(), find)).toEqual([]);
  });

  it("takes the verdict over the file, and names a newer file that is not judged", async () => {
    register(old);
    judged(old);
    const progress = recordedProgress();
    expect(await ensureCandidates(platform, progress, find)).toMatchObject([{ verdict: "refused" }]);
    expect(progress.lines).toEqual([]);
    register(newer);
    await ensureCandidates(platform, progress, find);
    expect(progress.lines).toEqual([
      "repaid: a newer file is registered and not judged: npm run train -- --model repaid",
    ]);
  });
});

it("the candidate of a trainer is no registered file", async () => {
  registry.put("loans/repaid/candidate", "candidate", { "model.onnx": 1, "training.json": {} }, "latest");
  expect(await registeredCandidate(registry.client, "loans", "repaid")).toBeUndefined();
  const reference = register(old);
  expect(await registeredCandidate(registry.client, "loans", "repaid")).toMatchObject({ reference });
});
