import { expect, test } from "vitest";
import { modelCardSchema } from "../../../runtime/contract/model-card.ts";
import { tinyCard } from "../serving/tiny-model.ts";

test("a card that says which values training never lacked, and which view definitions it reads, comes back whole", () => {
  const card = {
    ...tinyCard,
    features: tinyCard.features.map((feature) => ({ ...feature, missingInTraining: true })),
    views: tinyCard.views.map((view) => ({ ...view, digest: "0123456789abcdef" })),
  };
  expect(modelCardSchema.parse(card)).toEqual(card);
});

test("an older card, which says neither, is still read", () => {
  expect(tinyCard.features[0]).not.toHaveProperty("missingInTraining");
  expect(modelCardSchema.parse(tinyCard)).toEqual(tinyCard);
});
