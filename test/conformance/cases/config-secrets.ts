import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const SECRETS = { password: "not to be seen", object: '{"a":["deep secret"]}' };

const configSecretsCase: Case = {
  title: "keep secrets of the config secret",
  program: ({ namespace }) => {
    const config = new pulumi.Config();
    new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace },
      data: { password: config.requireSecret("password") },
    });
    const object = config.requireSecretObject<{ a: string[] }>("object");
    return { length: config.require("password").length, first: object.apply(({ a }) => a[0]), whole: object };
  },
  steps: [
    { run: "preview", secretConfig: SECRETS },
    { run: "up", secretConfig: SECRETS },
    { run: "up", secretConfig: { ...SECRETS, password: "another one" } },
  ],
};
export default configSecretsCase;
