import { expect, test } from "vitest";
import { unfilledSecret, type ExternalSecretState } from "../../../operations/status/unfilled-secret.ts";

const webhook: ExternalSecretState = {
  metadata: { name: "slack-webhook", namespace: "monitoring" },
  spec: { data: [{ remoteRef: { key: "slipway/slack" } }, { remoteRef: { key: "slipway/slack" } }] },
};
const ready = (status: string, message: string): ExternalSecretState => ({
  ...webhook,
  status: { conditions: [{ type: "Ready", status, message }] },
});

test.each<[string, ExternalSecretState, string | undefined]>([
  ["a Secret that is there", ready("True", "secret synced"), undefined],
  [
    "an empty secret of the store",
    ready("False", "could not get secret data from provider"),
    "Secret monitoring/slack-webhook waits for slipway/slack in the store: could not get secret data from provider",
  ],
  [
    "an operator that does not run yet",
    webhook,
    "Secret monitoring/slack-webhook waits for slipway/slack in the store: the operator has not looked at it yet",
  ],
])("%s", (_, state, left) => {
  expect(unfilledSecret(state)).toBe(left);
});
