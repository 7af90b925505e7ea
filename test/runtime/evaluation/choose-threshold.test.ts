import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseThreshold } from "../../../runtime/evaluation/choose-threshold.ts";
import { confusionAt } from "../../../runtime/evaluation/metrics/binary.ts";
import { judgedThreshold } from "../../../runtime/evaluation/threshold.ts";

const rows = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 20 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .map((all) => [{ label: 1, score: 12 }, { label: 0, score: 9 }, ...all])
  .map((all) => ({ labels: all.map(({ label }) => label), scores: all.map(({ score }) => score / 20) }));
const share = fc.integer({ min: 1, max: 99 }).map((value) => value / 100);

/** Every way to cut the rows into two, by thresholds between scores. */
const cuts = Array.from({ length: 22 }, (_, i) => (i - 0.5) / 20);
const precisionOf = ({ truePositive, falsePositive }: ReturnType<typeof confusionAt>): number =>
  truePositive + falsePositive === 0 ? 0 : truePositive / (truePositive + falsePositive);

describe("a threshold that is chosen", () => {
  it("has the least cost of all", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 9 }), ({ labels, scores }, falseNegative) => {
        const cost = (threshold: number): number => {
          const counts = confusionAt(labels, scores, threshold);
          return counts.falsePositive + counts.falseNegative * falseNegative;
        };
        const { value } = chooseThreshold({ cost: { falsePositive: 1, falseNegative } }, labels, scores);
        expect(cost(value)).toBe(Math.min(...cuts.map(cost)));
      }),
    );
  });

  it("reaches a recall with as few rows as possible", () => {
    fc.assert(
      fc.property(rows, share, ({ labels, scores }, recall) => {
        const positives = labels.reduce((sum, label) => sum + label, 0);
        const reaches = (threshold: number): boolean =>
          confusionAt(labels, scores, threshold).truePositive / positives >= recall;
        const taken = (threshold: number): number => scores.filter((score) => score >= threshold).length;
        const { value } = chooseThreshold({ recall }, labels, scores);
        expect(reaches(value)).toBe(true);
        for (const cut of cuts.filter(reaches)) expect(taken(value)).toBeLessThanOrEqual(taken(cut));
      }),
    );
  });

  it("reaches a precision with as many rows as possible, or says which is the greatest", () => {
    fc.assert(
      fc.property(rows, share, ({ labels, scores }, precision) => {
        const { value, unreached } = chooseThreshold({ precision }, labels, scores);
        const found = confusionAt(labels, scores, value);
        const best = Math.max(...cuts.map((cut) => precisionOf(confusionAt(labels, scores, cut))));
        if (unreached !== undefined) {
          expect(best).toBeLessThan(precision);
          expect(precisionOf(found)).toBe(best);
          return;
        }
        expect(precisionOf(found)).toBeGreaterThanOrEqual(precision);
        for (const cut of cuts) {
          const other = confusionAt(labels, scores, cut);
          if (precisionOf(other) >= precision)
            expect(other.truePositive + other.falsePositive).toBeLessThanOrEqual(
              found.truePositive + found.falsePositive,
            );
        }
      }),
    );
  });

  it("takes no more than a share of the rows, and as many as it may", () => {
    fc.assert(
      fc.property(rows, share, ({ labels, scores }, positiveShare) => {
        const { value, unreached } = chooseThreshold({ positiveShare }, labels, scores);
        const taken = (threshold: number): number => scores.filter((score) => score >= threshold).length;
        expect(taken(value) / scores.length).toBeLessThanOrEqual(positiveShare);
        const most = Math.max(
          ...cuts.map(taken).filter((count) => count / scores.length <= positiveShare),
          0,
        );
        expect(taken(value)).toBe(most);
        expect(unreached === undefined).toBe(most > 0);
      }),
    );
  });

  it("lies between two scores, so that rounding of a score in another library decides nothing", () => {
    const { value } = chooseThreshold({ recall: 0.5 }, [1, 0, 1, 0], [0.9, 0.6, 0.4, 0.2]);
    expect(value).toBe(0.75);
  });
});

describe("the rows of a threshold", () => {
  const many = { labels: [1, 0, 1, 0], scores: [0.9, 0.2, 0.8, 0.1], keyHashes: Uint32Array.of(2, 4, 7, 9) };

  it("are two halves by the hashes of keys: one chooses, the other judges", () => {
    expect(judgedThreshold("w/m", { recall: 0.9 }, many)).toEqual({
      value: 0.55,
      heldOut: Uint8Array.of(0, 0, 1, 1),
      chosen: { value: 0.55, rule: { recall: 0.9 }, rows: { chosenOn: 2, judgedOn: 2 } },
    });
  });

  it("are all rows for a number", () => {
    expect(judgedThreshold("w/m", 0.3, many)).toEqual({ value: 0.3 });
  });

  it("must hold both outcomes", () => {
    const rows = { ...many, labels: [1, 1, 0, 0] };
    expect(() => judgedThreshold("w/m", { recall: 0.9 }, rows)).toThrow(
      "w/m: threshold must be chosen on rows of both outcomes, got 2 positive rows of 2, one half of the test rows",
    );
  });
});
