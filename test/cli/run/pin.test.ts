import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pin } from "../../../cli/run/pin.ts";
import { ROOT } from "../../../operations/root.ts";
import { WrongRequest } from "../../../operations/wrong-request.ts";

it("refuses to pin a model of a foundation, and names the platform on it", async () => {
  const root = await mkdtemp(join(tmpdir(), "slipway-pin-"));
  for (const name of ["Pulumi.prod.yaml", "Pulumi.prod-foundation.yaml"])
    await copyFile(join(ROOT, name), join(root, name));
  const flags = {
    service: "staging/pushback",
    digest: `sha256:${"a".repeat(64)}`,
    canary: false,
    check: false,
  };
  const pinned = pin({ stack: "prod-foundation", ...flags }, root);
  await expect(pinned).rejects.toThrow(WrongRequest);
  await expect(pinned).rejects.toThrow(
    "--stack prod-foundation: it is a foundation, which has no models: name the stack of the platform on it (prod)",
  );
  await rm(root, { recursive: true });
});
