import { join } from "node:path";
import { expect, test } from "vitest";
import { planStack } from "../../cli/preview/plan-stack.ts";
import { stackNeeds } from "../../cli/preview/stack-needs.ts";

const root = join(import.meta.dirname, "../..");

test.each(["prod", "prod-gcp", "prod-azure"])(
  "in %s Alertmanager waits for the ExternalSecret of its webhook",
  async (stack) => {
    const { planned = [], failed } = await planStack(await stackNeeds(root, stack), {
      projectDir: root,
      backendDir: undefined,
      passphrase: undefined,
      policies: false,
    });
    expect(failed).toEqual([]);
    const named = (end: string): (typeof planned)[number] | undefined =>
      planned.find(({ urn }) => urn.endsWith(`::${end}`));
    const secret = named("monitoring-secrets-slack-webhook");
    expect(secret?.type).toBe("kubernetes:external-secrets.io/v1:ExternalSecret");
    expect(named("monitoring-alertmanager-deployment")?.dependencies).toContain(secret?.urn);
  },
);
