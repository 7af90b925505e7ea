import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planVolumes } from "../../../local/cluster/volumes.ts";

const volume = (name: string, phase: string, storageClassName = "local"): object => ({
  metadata: { name },
  spec: { storageClassName },
  status: { phase },
});

describe("the pool of local volumes", () => {
  it("starts with twelve", () => {
    const { create, remove } = planVolumes({ items: [] });
    expect(remove).toEqual([]);
    expect(create).toEqual(Array.from({ length: 12 }, (_, index) => `local-${index}`));
  });

  it("takes the released and failed ones away and brings others, of names that are not in use", () => {
    const items = [volume("local-0", "Bound"), volume("local-1", "Released"), volume("local-2", "Failed")];
    const { create, remove } = planVolumes({ items });
    expect(remove).toEqual(["local-1", "local-2"]);
    expect(create).toEqual(Array.from({ length: 12 }, (_, index) => `local-${index + 3}`));
  });

  it("leaves volumes of other classes alone", () => {
    expect(planVolumes({ items: [volume("nfs", "Released", "nfs")] }).remove).toEqual([]);
  });

  it("always ends with at least twelve free and touches none that is bound", () => {
    const phases = fc.array(fc.constantFrom("Available", "Bound", "Released", "Failed", "Pending"), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(phases, (list) => {
        const items = list.map((phase, index) => volume(`local-${index}`, phase));
        const { create, remove } = planVolumes({ items });
        const free = list.filter((phase) => phase === "Available" || phase === "Pending").length;
        expect(free + create.length).toBeGreaterThanOrEqual(12);
        for (const name of remove)
          expect(list[Number(name.slice("local-".length))]).toMatch(/Released|Failed/);
        for (const name of create)
          expect(items.length).toBeLessThanOrEqual(Number(name.slice("local-".length)));
      }),
    );
  });
});
