import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRecord, encodeRecord, onlineKey } from "../../../runtime/features/online-codec.ts";
import { onlineStore } from "../../../runtime/features/online-store.ts";
import type { OnlineRedis } from "../../../runtime/features/online-store.ts";

const view = { name: "origin-weather", entity: ["origin"], ttlSeconds: 3600, features: ["temp", "wind"] };

describe("the packed record", () => {
  it("has the documented layout: float64 event time and known-at time, then float32 values, little endian", () => {
    const bytes = encodeRecord({ eventTimeMs: 1000, knownAtMs: 2000, values: Float32Array.of(1, NaN) });
    expect(bytes.toString("hex")).toBe("0000000000408f40" + "0000000000409f40" + "0000803f" + "0000c07f");
  });

  it("comes back as it was written", () => {
    fc.assert(
      fc.property(fc.float32Array(), fc.date({ noInvalidDate: true }), (values, date) => {
        const record = { eventTimeMs: date.getTime(), knownAtMs: date.getTime() + 1, values };
        expect(decodeRecord(encodeRecord(record), values.length)).toEqual(record);
      }),
    );
  });

  it("of another width is none of this view", () => {
    expect(decodeRecord(Buffer.alloc(12), 2)).toBeUndefined();
    expect(
      decodeRecord(encodeRecord({ eventTimeMs: 0, knownAtMs: 0, values: new Float32Array(3) }), 2),
    ).toBeUndefined();
  });

  it("of before known-at times counts as known from its event on", () => {
    const old = Buffer.alloc(12);
    old.writeDoubleLE(1000, 0);
    old.writeFloatLE(1.5, 8);
    expect(decodeRecord(old, 1)).toEqual({
      eventTimeMs: 1000,
      knownAtMs: 1000,
      values: Float32Array.of(1.5),
    });
  });

  it("has a key that no other entity can have", () => {
    const v = { name: "v", digest: "0123456789abcdef" };
    expect(onlineKey("w", v, ["JFK"])).toBe("fv:w:v:0123456789abcdef:JFK");
    expect(onlineKey("w", v, ["a|b"])).not.toBe(onlineKey("w", v, ["a", "b"]));
    expect(onlineKey("w", v, ["a:b"])).toBe("fv:w:v:0123456789abcdef:a%3Ab");
    expect(onlineKey("w", v, ["\ud800"])).toBe("fv:w:v:0123456789abcdef:%EF%BF%BD");
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
            : encodeRecord({
                eventTimeMs: at - age * 1000,
                knownAtMs: at - age * 1000 + 60_000,
                values: Float32Array.of(1, 2),
              });
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

  it("does not answer with what became known only after the time asked for", async () => {
    const { lookup } = store({ "fv:w:origin-weather:JFK": 30 });
    const status = async (atMs: number): Promise<unknown> =>
      (await lookup.getMany(view, [["JFK"]], atMs))[0]?.status;
    expect(await status(at + 29_999)).toBe("missing");
    expect(await status(at + 30_000)).toBe("hit");
    expect(await status(Date.UTC(1970, 0, 1))).toBe("missing");
  });

  it("takes a record of another definition of the view for missing", async () => {
    const { lookup } = store({ "fv:w:origin-weather:JFK": 60 });
    const wider = { ...view, features: [...view.features, "visib"] };
    expect((await lookup.getMany(wider, [["JFK"]], at))[0]).toMatchObject({
      status: "missing",
      values: Float32Array.of(NaN, NaN, NaN),
    });
  });

  it("fails once its time is over, however long Redis takes, and takes an answer that has arrived by then", async () => {
    const never = { mgetBuffer: () => new Promise(() => {}) };
    const slow = onlineStore(never as unknown as OnlineRedis, "w", { timeoutMs: 20 });
    await expect(slow.getMany(view, [["JFK"]], at)).rejects.toMatchObject({
      status: 503,
      message: /no answer in 20 ms/,
    });
    // The event loop is busy past the time; the answer waits to be read meanwhile.
    const arrived = { mgetBuffer: () => new Promise((resolve) => setImmediate(resolve, [null])) };
    const found = onlineStore(arrived as unknown as OnlineRedis, "w", { timeoutMs: 1 }).getMany(
      view,
      [["JFK"]],
      at,
    );
    const until = performance.now() + 20;
    while (performance.now() < until);
    expect((await found)[0]?.status).toBe("missing");
  });

  it("never finds a view without a TTL stale", async () => {
    const { lookup } = store({ "fv:w:plane:N1": 1e8 });
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
