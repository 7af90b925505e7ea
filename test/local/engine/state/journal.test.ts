import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../../../../local/engine/state/journal.ts";
import type { ResourceState } from "../../../../local/engine/state/resource-state.ts";
import { encryptedSecrets } from "../../../../local/engine/state/serialize.ts";
import { plainCrypter, readState, temporaryFolder, thing } from "../scripted-run.ts";

let file: string;
let writes: number;

beforeEach(() => {
  file = path.join(temporaryFolder(), "stacks", "dev.json");
  writes = 0;
});

function journal(base: ResourceState[] = []): Journal {
  const onWrite = (moment: string): void => void (moment === "after" && writes++);
  const secrets = encryptedSecrets(plainCrypter);
  return new Journal({ file, fullName: "organization/p/dev", salt: "v1:salt", secrets, onWrite }, base, []);
}

function resource(name: string, more: Partial<ResourceState> = {}): ResourceState {
  return {
    urn: thing(name),
    type: "world:index:Thing",
    custom: true,
    id: name,
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    initErrors: [],
    additionalSecretOutputs: [],
    aliases: [],
    ignoreChanges: [],
    replaceOnChanges: [],
    ...more,
  };
}

describe("the journal", () => {
  it("writes Pulumi's checkpoint, version 3, with the magic of its version", async () => {
    const kept = journal();
    kept.put(resource("a"));
    await kept.begin("creating", resource("b", { id: undefined }));
    const json = JSON.parse(readFileSync(file, "utf8")) as {
      version: number;
      checkpoint: { stack: string; latest: Record<string, unknown> & { manifest: Record<string, string> } };
    };
    expect(json.version).toBe(3);
    expect(json.checkpoint.stack).toBe("organization/p/dev");
    const { manifest, resources, pending_operations, secrets_providers } = json.checkpoint.latest;
    expect(secrets_providers).toEqual({ type: "passphrase", state: { salt: "v1:salt" } });
    expect(manifest["magic"]).toMatch(/^[0-9a-f]{64}$/);
    expect(resources).toEqual([{ urn: thing("a"), custom: true, id: "a", type: "world:index:Thing" }]);
    expect(pending_operations).toEqual([
      { resource: { urn: thing("b"), custom: true, type: "world:index:Thing" }, type: "creating" },
    ]);
  });

  it("writes nothing for a run in which all stays the same", async () => {
    const olds = [resource("a"), resource("b")];
    const kept = journal(olds);
    for (const old of olds) kept.put(resource(old.id ?? ""), old);
    await kept.flush();
    expect(writes).toBe(0);
  });

  it("shares writes between those who ask while one is under way, and keeps its word to each", async () => {
    const kept = journal();
    const names = Array.from({ length: 100 }, (_, i) => `r${i}`);
    await Promise.all(
      names.map(async (name) => {
        kept.put(resource(name));
        await kept.save();
        expect(readFileSync(file, "utf8")).toContain(`"${thing(name)}"`);
      }),
    );
    expect(writes).toBeLessThan(10);
  });

  it("puts what this run reached before what it did not, and points the latter to new names", async () => {
    const parent = resource("old-parent");
    const child = resource("child", { parent: parent.urn, dependencies: [parent.urn] });
    const kept = journal([parent, child]);
    kept.put(resource("new-parent"), parent);
    await kept.save();
    const states = await readState(file);
    expect(states.map(({ urn }) => urn)).toEqual([thing("new-parent"), thing("child")]);
    expect(states[1]).toMatchObject({ parent: thing("new-parent"), dependencies: [thing("new-parent")] });
  });
});
