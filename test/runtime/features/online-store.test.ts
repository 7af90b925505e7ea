import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRecord, encodeRecord, onlineKey } from "../../../runtime/features/online-codec.ts";
import { onlineStore } from "../../../runtime/features/online-store.ts";
import type { OnlineRedis } from "../../../runtime/features/online-store.ts";

const view = { name: "origin-weather", entity: ["origin"], ttlSeconds: 3600, features: ["temp", "wind"] };

describe("the packed record", () => {
  it("has the documented layout: float64 event time, then float32 values, little endian", () => {
    const bytes = encodeRecord({ eventTimeMs: 1000, values: Float32Array.of(1, NaN) });
    expect(bytes.toString("hex")).toBe("0000000000408f40" + "0000803f" + "0000c07f");
  });

  it("comes back as it was written", () => {
    fc.assert(
      fc.property(fc.float32Array(), fc.date({ noInvalidDate: true }), (values, date) => {
        const record = { eventTimeMs: date.getTime(), values };
        expect(decodeRecord(encodeRecord(record), values.length)).toEqual(record);
      }),
    );
  });

  it("of another width is refused", () => {
    expect(() => decodeRecord(Buffer.alloc(12), 2)).toThrow("must hold 2 values (16 bytes), got 12 bytes");
  });

  it("has a key that no other entity can have", () => {
    const v = { name: "v", digest: "0123456789abcdef" };
    expect(onlineKey("w", v, ["JFK"])).toBe("fv:w:v:0123456789abcdef:JFK");
    expect(onlineKey("w", v, ["a|b"])).not.toBe(onlineKey("w", v, ["a", "b"]));
    expect(onlineKey("w", v, ["a:b"])).toBe("fv:w:v:0123456789abcdef:a%3Ab");
  });

  it("has a key without a digest where the model card is older than digests", () => {
    expect(onlineKey("w", { name: "v" }, ["JFK"])).toBe("fv:w:v:JFK");
  });
});

describe("a lookup", () => {
  const at = Date.UTC(2013, 6, 1, 12);
  function store(records: Record<string, number>): {
    calls: string[][];
    lookup: ReturnType<typeof onlineStore>;
  } {
    const calls: string[][] = [];
    const redis = {
      mgetBuffer: (keys: string[]) => {
        calls.push(keys);
        const found = keys.map((key) => {
          const age = records[key];
          return age === undefined
            ? null
            : encodeRecord({ eventTimeMs: at - age * 1000, values: Float32Array.of(1, 2) });
        });
        return Promise.resolve(found);
      },
    };
    return { calls, lookup: onlineStore(redis as unknown as OnlineRedis, "w") };
  }

  it("answers hit, missing and stale in order, in one round trip, NaN unless hit", async () => {
    const { calls, lookup } = store({ "fv:w:origin-weather:JFK": 3600, "fv:w:origin-weather:LGA": 3601 });
    const found = await lookup.getMany(view, [["JFK"], ["EWR"], ["LGA"]], at);
    expect(found.map(({ status }) => status)).toEqual(["hit", "missing", "stale"]);
    expect(found.map(({ values }) => [...values])).toEqual([
      [1, 2],
      [NaN, NaN],
      [NaN, NaN],
    ]);
    expect(found[2]?.eventTimeMs).toBe(at - 3_601_000);
    expect(calls).toHaveLength(1);
  });

  it("never finds a view without a TTL stale", async () => {
    const { lookup } = store({ "fv:w:plane:N1": 1e9 });
    const plane = { ...view, name: "plane", ttlSeconds: null };
    expect((await lookup.getMany(plane, [["N1"]], at))[0]?.status).toBe("hit");
  });

  it("of an unknown entity asks Redis nothing", async () => {
    const { calls, lookup } = store({});
    expect((await lookup.lookup([{ view, entity: undefined }], at))[0]?.status).toBe("missing");
    expect(calls).toEqual([]);
  });

  it("fails as unavailable where Redis fails", async () => {
    const redis = { mgetBuffer: () => Promise.reject(new Error("ECONNREFUSED")) };
    const broken = onlineStore(redis as unknown as OnlineRedis, "w").getMany(view, [["JFK"]], at);
    await expect(broken).rejects.toMatchObject({ status: 503, message: /read failed: ECONNREFUSED/ });
  });
});
