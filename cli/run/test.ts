import { mkdtemp, readFile, rm } from "node:fs/promises";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ensureApt } from "../../local/tools/apt.ts";
import { findGoTool } from "../../local/tools/go-tool.ts";
import { lineProgress } from "../../local/progress.ts";
import { ROOT } from "../../operations/root.ts";
import { check } from "./check.ts";

const vitestReportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
});
/** Debian packages of the programs that tests start. */
const PACKAGES = [
  "redis-server",
  "prometheus",
  "prometheus-alertmanager",
  "prometheus-pushgateway",
  "docker-registry",
  "haproxy",
  "strace",
];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Checks format, types and lint, and runs every test. With `unit`, runs the unit tests alone, which need only node, and no root;
 * with `long`, those of large programs alone; with `conformance`, the comparison with the real pulumi CLI alone; with `clouds`, the walks of the deploy guides alone. Otherwise a
 * sample of the comparison runs if the CLI is built already, and the walk on AWS.
 * The last line is `N passed, N failed, N skipped`. Returns whether all passed.
 */
export async function test(
  {
    unit,
    long,
    conformance,
    clouds,
  }: { unit: boolean; long: boolean; conformance: boolean; clouds: boolean },
  root = ROOT,
): Promise<boolean> {
  const progress = lineProgress();
  if (conformance) return report([await vitest(root, "conformance")]);
  if (long) return report([await vitest(root, "long")]);
  if (clouds) {
    await ensureApt(progress, PACKAGES, "the tests start the real programs");
    return report([await vitest(root, "clouds")]);
  }
  if (!unit) await check(progress, root);
  const counts: Counts[] = [await vitest(root, "unit")];
  if (!unit && counts.every(({ failed }) => failed === 0)) {
    await ensureApt(progress, PACKAGES, "the tests start the real programs");
    counts.push(await vitest(root, "real"));
    counts.push(await vitest(root, "e2e"));
    const built = await Promise.all([findGoTool("pulumi"), findGoTool("pulumi-kubernetes")]);
    if (!built.includes(undefined))
      counts.push(await vitest(root, "conformance", { CONFORMANCE_CASES: "sample" }));
    else
      console.log("· skipped the comparison with the pulumi CLI: npm run test:conformance builds it first");
  }
  return report(counts);
}

/** Prints the sums. Returns whether nothing failed. */
function report(counts: readonly Counts[]): boolean {
  const sum = (key: keyof Counts): number => counts.reduce((total, count) => total + count[key], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
  return sum("failed") === 0;
}

/** Runs one vitest project in the foreground. A crash of the runner itself counts as one failure. */
async function vitest(root: string, project: string, env: Record<string, string> = {}): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  const report = join(folder, "report.json");
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn("node_modules/.bin/vitest", args, {
        cwd: root,
        stdio: "inherit",
        env: { ...process.env, ...env },
      });
      child.on("error", reject);
      child.on("close", resolve);
    });
    const text = await readFile(report, "utf8").catch(() => undefined);
    if (text === undefined) return { passed: 0, failed: 1, skipped: 0 };
    const found = vitestReportSchema.parse(JSON.parse(text));
    // A test file that does not load has no failed test; only the runner's exit code shows it.
    const failed = code === 0 ? 0 : Math.max(found.numFailedTests, 1);
    return { passed: found.numPassedTests, failed, skipped: found.numPendingTests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
