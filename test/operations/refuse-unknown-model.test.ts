import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { refuseUnknownModel } from "../../operations/refuse-unknown-model.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";

it("refuses a model that no workload of the stack has, from the file of the stack alone", async () => {
  await expect(refuseUnknownModel({ stack: "dev", model: "pushbak" })).rejects.toThrow(WrongRequest);
  await expect(refuseUnknownModel({ stack: "dev", model: "pushbak" })).rejects.toThrow(
    "--model pushbak: stack dev has no such model; did you mean pushback?",
  );
  await refuseUnknownModel({ stack: "dev", model: "pushback" });
  await refuseUnknownModel({ stack: "dev" });
});

it("leaves a file without workloads to other checks", async () => {
  const folder = await mkdtemp(join(tmpdir(), "models-"));
  await writeFile(join(folder, "Pulumi.a.yaml"), "config: {}\n");
  await refuseUnknownModel({ stack: "a", model: "x" }, folder);
  await rm(folder, { recursive: true });
});
