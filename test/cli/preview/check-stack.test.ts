import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkStack, refusedStack } from "../../../cli/preview/check-stack.ts";
import { exitCode } from "../../../cli/preview/change-words.ts";
import { renderMarkdown } from "../../../cli/preview/render-markdown.ts";
import { renderText } from "../../../cli/preview/render-text.ts";
import { stackNeeds } from "../../../cli/preview/stack-needs.ts";

const RIGHT = `config:
  slipway:cluster: { kind: existing }
  slipway:registry: { kind: existing, host: "127.0.0.1:1" }
  slipway:images: { lockFile: l.json }
  slipway:environments:
    production:
      services:
        pushback: { workload: flight-delays, model: { digest: "sha256:${"a".repeat(64)}" } }
  slipway:alerts: { receiver: local }
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-check-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const check = async (text: string): Promise<Awaited<ReturnType<typeof checkStack>>> => {
  await writeFile(join(root, "Pulumi.team.yaml"), text);
  return checkStack(await stackNeeds(root, "team"), { projectDir: root, env: {} });
};

it("warns of a mistyped namespace, and of digests that it cannot look up", async () => {
  const { problems, warnings } = await check(`${RIGHT}  slipwy:drift: { threshold: 0.1 }\n`);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    "Pulumi.team.yaml:10: slipwy:drift: is a key of another namespace and has no effect; did you mean slipway:drift?; rename it, or remove it",
    expect.stringMatching(
      /^the pinned digests of production\/pushback are not checked, because registry 127/,
    ),
  ]);
});

it("refuses a wrong config in plain words in the JSON and in the comment, without a plan", async () => {
  const { problems, warnings } = await check(RIGHT.replace("lockFile:", "lckFile:"));
  expect(problems).toEqual([
    "Pulumi.team.yaml:4: slipway:images.lockFile: must be a text, got nothing; add it inside the braces of line 4 of Pulumi.team.yaml",
    "Pulumi.team.yaml:4: slipway:images.lckFile: no such key; did you mean lockFile? (known: build, lockFile, supply); rename or remove it in line 4 of Pulumi.team.yaml",
  ]);
  const { report, digest } = refusedStack(
    await stackNeeds(root, "team"),
    { problems, warnings: [...warnings, "the region is new"] },
    { projectDir: root },
  );
  expect(exitCode(report)).toBe(1);
  expect(digest.steps).toEqual([]);
  expect(digest.diagnostics).toEqual([
    { severity: "warning", message: "the region is new" },
    ...problems.map((message) => ({ severity: "error", message })),
  ]);
  expect(renderText(report)).toContain("the region is new");
  expect(renderMarkdown([report])).toContain("no such key; did you mean lockFile?");
});
