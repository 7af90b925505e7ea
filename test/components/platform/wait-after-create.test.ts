import { expect, test } from "vitest";
import { waitAfterCreate } from "../../../components/platform/wait-after-create.ts";

test("waits the given time after a creation", async () => {
  const { hooks } = waitAfterCreate(0.02);
  const [hook] = hooks?.afterCreate ?? [];
  const started = performance.now();
  await (hook as () => Promise<void>)();
  expect(performance.now() - started).toBeGreaterThanOrEqual(19);
});

test("adds no hook for a time of 0", () => {
  expect(waitAfterCreate(0)).toEqual({});
});
