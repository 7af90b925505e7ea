import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const DISABLED = { "pulumi:disable-default-providers": '["kubernetes"]' };

const disabledDefaultProviderCase: Case = {
  title: "refuse a default provider that is disabled",
  program: ({ step, namespace }) => {
    const provider = new k8s.Provider("own", { namespace });
    new k8s.core.v1.ConfigMap(
      "map",
      { data: { a: "1" } },
      step === 1 ? { provider } : { dependsOn: provider },
    );
  },
  steps: [
    { run: "up", config: DISABLED },
    { run: "up", config: DISABLED, fails: true },
  ],
};
export default disabledDefaultProviderCase;
