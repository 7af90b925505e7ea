import { describe, expect, test } from "vitest";
import { ROW, tensor } from "./recorded-event.ts";
import { scored, servedTargets } from "./served-targets.ts";

const send = servedTargets("azure-ml");

describe("azure-ml", () => {
  test("scores at one route, whatever the model's name", async () => {
    expect((await send("azure-ml", "POST", "/score", tensor(ROW))).json()).toEqual(scored());
    const predicted = await send("azure-ml", "POST", "/score", {
      instances: [{ features: { dep_delay: 5 } }],
    });
    expect(predicted.json()).toMatchObject({ model_name: "tiny", predictions: [{}] });
    expect((await send("azure-ml", "POST", "/score", {})).status).toBe(400);
  });
});
