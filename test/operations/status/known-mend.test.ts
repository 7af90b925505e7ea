import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDeployment } from "../../../local/engine/state/backend.ts";
import { readOutputs } from "../../../operations/platform.ts";
import { Problems } from "../../../operations/status/problems.ts";

const UP = { about: "stack dev", fix: "npm run up" };

it("does not say to deploy a stack whose state a newer version has written", async () => {
  const folder = await mkdtemp(join(tmpdir(), "state-"));
  const file = join(folder, "dev.json");
  await writeFile(file, '{"version":4,"checkpoint":{}}');
  const problems = new Problems();
  await problems.attempt(UP, undefined, () => readDeployment(file));
  expect(problems.list()).toEqual([
    {
      about: "stack dev",
      reason: `${file}: version must be 3, got 4: another version of Pulumi wrote it`,
      fix: "use the version of Slipway that wrote it, or put the pulumi CLI that wrote it on the PATH; do not delete the file",
    },
  ]);
  await rm(folder, { recursive: true });
});

it("says to update the checkout if a newer version of Slipway has deployed the stack", async () => {
  const problems = new Problems();
  const deployed = async (): Promise<unknown> => Promise.resolve(readOutputs("dev", { services: {} }));
  await problems.attempt(UP, undefined, deployed);
  const [problem] = problems.list();
  expect(problem?.reason).toMatch(
    /^stack dev was deployed by another version of Slipway \(outputs that differ: .*services/,
  );
  expect(problem?.fix).toBe("if that version is newer, update this checkout; if it is older, run npm run up");
});
