import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silentProgress } from "../../local/progress.ts";
import { refuseWithoutCli, refuseWrongConfig } from "../../operations/check-deployment.ts";

const without = (): Promise<boolean> => Promise.resolve(false);

it("refuses to deploy a cloud stack where there is no pulumi CLI, before anything is done", async () => {
  await expect(refuseWithoutCli({ cluster: "cloud" }, "prod", without)).rejects.toThrow(
    /stack prod makes resources of a cloud.*needs the pulumi CLI.*npm run preview -- --stack prod; nothing was done/,
  );
});

it.each(["local", "existing"] as const)(
  "deploys a stack on a cluster that is %s without it",
  async (cluster) => {
    await expect(refuseWithoutCli({ cluster }, "dev", without)).resolves.toBeUndefined();
  },
);

it("deploys a cloud stack with the CLI", async () => {
  await expect(
    refuseWithoutCli({ cluster: "cloud" }, "prod", () => Promise.resolve(true)),
  ).resolves.toBeUndefined();
});

it("the refusal of a wrong config has the warnings too, which a silent progress does not show", async () => {
  const root = await mkdtemp(join(tmpdir(), "slipway-deployment-"));
  try {
    const file = join(root, "Pulumi.team.yaml");
    await writeFile(file, "config:\n  slipway:cluster: { kind: eks, region: mars-west-1 }\n");
    await expect(refuseWrongConfig("team", { root, progress: silentProgress })).rejects.toThrow(
      /the config of stack team is wrong:\n[^]*account: must be the 12 digits[^]*\n {2}warning: Pulumi\.team\.yaml:2: slipway:cluster\.region: is no region of AWS/,
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
