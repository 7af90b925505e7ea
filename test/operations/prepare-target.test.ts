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

it("says that --build does nothing for a stack without a local cluster", async () => {
  const lines: string[] = [];
  await prepareTarget(
    {
      layer: "platform",
      cluster: "cloud",
      local: false,
      registry: { url: "https://registry.example.com" },
      config: {},
    },
    lineProgress((line) => void lines.push(line)),
    { build: true },
  );
  expect(lines).toEqual(["--build does nothing: it is for the local cluster, and the stack has another one"]);
});
