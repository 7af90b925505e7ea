import { beforeAll, describe, expect, it } from "vitest";
import takeover from "./cases/takeover.ts";
import { chosenCases } from "./chosen-cases.ts";
import { conduct, type Conducted } from "./conduct.ts";
import { conductedDifferences } from "./differences.ts";
import { runCli } from "./run-cli.ts";
import { runEngine } from "./run-engine.ts";
import { openWorld, type World } from "./world.ts";

/** docs/offline-engine.md: marks single items of a list as secret where the CLI marks the list. */
const SECRET_IN_A_LIST = / > spec > template > spec > containers/;

let world: World;

/** Makes the stack with one engine and goes on with the other. */
function handOver(maker: "engine" | "cli"): Promise<Conducted> {
  return conduct(takeover.steps, world.conditions("takeover", `${maker}-first`), (run, index) =>
    (index === 0) === (maker === "engine") ? runEngine(run) : runCli(run, world.cliEnv),
  );
}

/** Names of a step's operations. */
function operations({ steps }: Conducted, index: number): string[] {
  const { steps: counts } = steps[index]?.comparable as { steps: Record<string, number> };
  return Object.keys(counts);
}

describe.runIf(chosenCases().includes("takeover"))(
  "a stack that one engine made and the other takes over",
  () => {
    beforeAll(async () => {
      world = await openWorld();
      return () => world.close();
    });

    it("is planned without a change, refreshed, updated and destroyed alike in both directions", async () => {
      const [byCli, byEngine] = await Promise.all([handOver("engine"), handOver("cli")]);
      for (const conducted of [byCli, byEngine]) {
        expect(conducted.steps.flatMap(({ messages }) => messages)).toEqual([]);
        expect(operations(conducted, 1).filter((step) => !step.startsWith("same "))).toEqual([]);
        expect(operations(conducted, 2).filter((step) => !step.startsWith("refresh "))).toEqual([]);
        expect(operations(conducted, 4).filter((step) => !step.startsWith("same "))).toEqual([]);
      }
      const found = conductedDifferences(byEngine, byCli);
      expect(found.filter((text) => !SECRET_IN_A_LIST.test(text))).toEqual([]);
      expect(found, "gone: take it out here and of docs/offline-engine.md").not.toEqual([]);
    });
  },
);
