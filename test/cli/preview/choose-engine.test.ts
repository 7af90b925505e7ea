import { expect, it } from "vitest";
import { chooseEngine } from "../../../cli/preview/choose-engine.ts";

const cases: [string, string, Parameters<typeof chooseEngine>[1], RegExp | undefined][] = [
  [
    "the CLI and credentials are there",
    "eks",
    { hasCli: true, offline: false, env: { AWS_PROFILE: "p" } },
    undefined,
  ],
  ["the cluster is a team's own", "existing", { hasCli: true, offline: false, env: {} }, undefined],
  ["there is no CLI", "eks", { hasCli: false, offline: false, env: { AWS_PROFILE: "p" } }, /no pulumi CLI/],
  ["there are no credentials", "gke", { hasCli: true, offline: false, env: {} }, /no credentials for gke/],
  [
    "a variable is empty",
    "aks",
    { hasCli: true, offline: false, env: { ARM_CLIENT_ID: "" } },
    /no credentials for aks/,
  ],
  ["it is asked for", "eks", { hasCli: true, offline: true, env: { AWS_PROFILE: "p" } }, /--offline/],
];

it.each(cases)("chooses where %s", (_title, cluster, options, because) => {
  const choice = chooseEngine({ cluster }, options);
  expect(choice.engine).toBe(because === undefined ? "pulumi CLI" : "offline engine");
  if (because !== undefined) expect(choice.because).toMatch(because);
});
