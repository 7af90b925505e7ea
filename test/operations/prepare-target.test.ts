import { expect, it } from "vitest";
import { lineProgress } from "../../local/progress.ts";
import { prepareTarget } from "../../operations/prepare-target.ts";

it.each(["cloud", "existing"] as const)(
  "starts nothing and builds no image for a stack on a cluster that is %s, with the registry of its file",
  async (cluster) => {
    const lines: string[] = [];
    const registry = { url: "https://registry.example.com" };
    await prepareTarget(
      { layer: "platform", cluster, local: false, registry, config: {} },
      lineProgress((line) => void lines.push(line)),
    );
    expect(lines).toEqual([]);
  },
);
