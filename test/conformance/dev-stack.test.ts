import { expect } from "vitest";
import { cliPreview } from "../../cli/preview/cli-preview.ts";
import { previewStacks } from "../../cli/preview/preview-stacks.ts";
import type { PreviewReport } from "../../cli/preview/report.ts";
import { lineProgress } from "../../local/progress.ts";
import { prepareTarget } from "../../operations/prepare-target.ts";
import { ROOT } from "../../operations/root.ts";
import { planTarget } from "../../operations/target.ts";
import { STACK, testWholeStack } from "./whole-stack.ts";

await testWholeStack({
  name: "dev-stack",
  title: "the dev stack by the way of npm run up, with a pulumi CLI on the PATH",
  prepare: async () => {
    const flags = { stack: STACK };
    await prepareTarget(await planTarget(ROOT, flags, process.env), lineProgress());
    return { flags, env: {}, close: async () => undefined };
  },
  checkPlan: async () => {
    const { engine, totals, failed, policy } = await previewed();
    expect({ engine, failed }).toEqual({ engine: "pulumi CLI", failed: [] });
    expect(totals).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
    expect(policy?.packs.map(({ name }) => name)).toEqual(["slipway"]);
    expect(policy?.violations.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
  },
});

/** Plans the stack as `npm run preview` does. */
async function previewed(): Promise<PreviewReport> {
  const progress = lineProgress();
  const { env } = process;
  const { previews } = await previewStacks(
    {
      projectDir: ROOT,
      stack: STACK,
      env,
      backendDir: undefined,
      passphrase: undefined,
      refresh: true,
      withCli: (needs, run) =>
        cliPreview(needs, { projectDir: ROOT, offline: false, env, progress, refresh: true, ...run }),
    },
    progress,
  );
  const [preview] = previews;
  if (preview === undefined) throw new Error("no stack was planned");
  return preview.report;
}
