import { expect, it } from "vitest";
import { refuseWithoutCli } from "../../operations/check-deployment.ts";

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
