import { expect, test, vi } from "vitest";
import { interruptible } from "../../cli/interruptible.ts";
import { Interrupted } from "../../operations/interrupted.ts";

const MESSAGE = "the preview of stack prod was interrupted; nothing was changed";

test("returns what the work returns, and listens no longer", async () => {
  const before = process.listenerCount("SIGINT");
  expect(await interruptible(() => Promise.resolve(7), { message: MESSAGE })).toBe(7);
  await expect(
    interruptible(() => Promise.reject(new Error("broken")), { message: MESSAGE }),
  ).rejects.toThrow("broken");
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s aborts the work, and one message says so", async (name) => {
  const exit = vi.fn();
  const run = interruptible(
    async (signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new Error("the program was killed");
    },
    { message: MESSAGE, exit },
  );
  process.emit(name);
  await expect(run).rejects.toThrow(new Interrupted(MESSAGE));
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(130));
});

test("work that does not end is waited for only a while", async () => {
  const run = interruptible(() => new Promise(() => undefined), {
    message: MESSAGE,
    graceMs: 20,
    exit: vi.fn(),
  });
  process.emit("SIGINT");
  await expect(run).rejects.toThrow(MESSAGE);
});
