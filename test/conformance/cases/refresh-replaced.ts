import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const refreshReplacedCase: Case = {
  title: "take an object that somebody deleted and made again",
  program: ({ namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace, name: "again" },
      data: { a: "1" },
    });
    return { uid: map.metadata.uid.apply((uid) => uid.length), data: map.data };
  },
  steps: [
    { run: "up" },
    {
      run: "refresh",
      kubectl: [
        ["delete", "configmap", "again"],
        ["create", "configmap", "again", "--from-literal=a=2"],
      ],
    },
  ],
};
export default refreshReplacedCase;
