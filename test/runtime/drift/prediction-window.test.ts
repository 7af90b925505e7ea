import { expect, test } from "vitest";
import { readWindow } from "../../../runtime/drift/prediction-window.ts";
import type { StreamReader } from "../../../runtime/drift/prediction-window.ts";

const id = "7f1c2f4e-55b1-4bb6-a1f0-0c2d5a7f9f11";
const entry = (score: number): string => JSON.stringify({ id, row: 0, features: [score], score });

/** Answers as XREVRANGE does, from `texts` in the order in which they were written, a second apart. */
function streamOf(texts: readonly string[]): StreamReader & { reads: number } {
  const records = texts
    .map((text, i): [string, string[]] => [`${(i + 1) * 1000}-0`, ["entry", text]])
    .reverse();
  const reader = {
    reads: 0,
    async xrevrange(_key: unknown, end: unknown, _start: unknown, _count: unknown, page: unknown) {
      reader.reads++;
      const after = end === "+" ? 0 : records.findIndex(([id]) => `(${id}` === end) + 1;
      return records.slice(after, after + Number(page));
    },
  };
  return reader as unknown as StreamReader & { reads: number };
}

const options = { stream: "s", rows: 3, page: 2, now: new Date(0) };

test("takes the newest rows, page by page, and says from when to when", async () => {
  const stream = streamOf([1, 2, 3, 4, 5, 6].map((score) => entry(score)));
  const window = await readWindow(stream, options);
  expect(window.entries.map(({ score }) => score)).toEqual([6, 5, 4]);
  expect(window).toMatchObject({ from: new Date(4000), to: new Date(6000), unreadable: 0 });
  expect(stream.reads).toBe(2);
});

test("counts records that it cannot read and goes on", async () => {
  const window = await readWindow(streamOf([entry(1), "{", entry(2), '{"digest":"mine"}']), options);
  expect(window.entries.map(({ score }) => score)).toEqual([2, 1]);
  expect(window.unreadable).toBe(2);
});

test("an empty stream is an empty window", async () => {
  expect(await readWindow(streamOf([]), options)).toEqual({
    from: new Date(0),
    to: new Date(0),
    entries: [],
    unreadable: 0,
  });
});

test("says that Redis is down", async () => {
  const xrevrange = (): Promise<never> => Promise.reject(new Error("Connection is closed."));
  await expect(readWindow({ xrevrange }, options)).rejects.toThrow(/prediction log: read failed/);
});
