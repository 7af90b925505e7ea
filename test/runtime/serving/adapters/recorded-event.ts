import { readFileSync } from "node:fs";

/** An event as its platform documents it, with the tiny model's request in it. */
export function recordedEvent(name: string): Record<string, unknown> {
  const text = readFileSync(new URL(`./events/${name}.json`, import.meta.url), "utf8");
  return JSON.parse(text) as Record<string, unknown>;
}

/** A request of the Open Inference Protocol for the tiny model. */
export const tensor = (data: unknown[], rows = 1): object => ({
  inputs: [{ name: "features", shape: [rows, 5], datatype: "FP32", data }],
});

/** What the tiny model scores for it: worked out by hand in make-tiny-model.py. */
export const ROW = [1, 5, 40, 10, 150];
export const ROW_SCORE = 0.294215;
