import { expect, it } from "vitest";
import { platformOutputsSchema } from "../../stacks/platform-outputs.ts";

it("reads outputs of a stack that was deployed before there were targets", () => {
  const old = {
    workloads: [],
    services: [],
    training: { namespace: "platform", templates: {} },
    featureStore: { namespace: "platform", url: "redis://r" },
    monitoring: {
      namespace: "monitoring",
      prometheus: "http://p",
      alertmanager: "http://a",
      pushgateway: "http://g",
    },
    alertReceiver: null,
  };
  expect(platformOutputsSchema.parse(old).managedServices).toEqual([]);
});
