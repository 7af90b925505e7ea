import { beforeAll, describe, expect, it } from "vitest";
import type { Case, CaseStep } from "./case.ts";
import { chosenCases } from "./chosen-cases.ts";
import { conduct, type Conducted } from "./conduct.ts";
import { conductedDifferences } from "./differences.ts";
import { runCli } from "./run-cli.ts";
import { runEngine } from "./run-engine.ts";
import { openWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

describe.each(chosenCases())("%s: the offline engine and the pulumi CLI", async (caseName) => {
  const { default: each } = (await import(`./cases/${caseName}.ts`)) as { default: Case };

  it(each.title, async () => {
    const { steps, expectedDifferences: expected = [] } = each;
    const [engine, cli] = await Promise.all([
      conduct(steps, world.conditions(caseName, "engine"), runEngine),
      conduct(steps, world.conditions(caseName, "cli"), (run) => runCli(run, world.cliEnv)),
    ]);
    const found = conductedDifferences(engine, cli);
    const words = messagesOf(engine, cli);
    expect(
      found.filter((text) => !expected.some(({ matches }) => matches.test(text))),
      words,
    ).toEqual([]);
    expect(
      expected.filter(({ matches }) => !found.some((text) => matches.test(text))),
      "these differences are gone: take them out of the case and of docs/offline-engine.md",
    ).toEqual([]);
    expect([...unexpectedEnds(steps, engine, "engine"), ...unexpectedEnds(steps, cli, "cli")], words).toEqual(
      [],
    );
    for (const [index, { engineSays = "" }] of steps.entries())
      expect(engine.steps[index]?.messages.join("\n")).toContain(engineSays);
  });
});

/** Steps that ended otherwise than the case says. */
function unexpectedEnds(
  steps: readonly CaseStep[],
  { steps: outcomes }: Conducted,
  engine: "engine" | "cli",
): string[] {
  return outcomes.flatMap(({ ok }, index) => {
    const { fails = false } = steps[index] ?? {};
    const shouldFail = fails === true || fails === engine;
    return ok === shouldFail ? [`step ${index + 1} of the ${engine} ${ok ? "succeeded" : "failed"}`] : [];
  });
}

function messagesOf(engine: Conducted, cli: Conducted): string {
  const messages = ({ steps }: Conducted): string[] => steps.flatMap((step) => step.messages);
  return JSON.stringify({ engine: messages(engine), cli: messages(cli) }, null, 2);
}
