import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Case } from "../case.ts";

const randomValues: Case = {
  title: "draw random values once, keep them, and draw anew where an input changes",
  program: ({ step }) => {
    const id = new random.RandomId("id", { byteLength: step < 3 ? 4 : 8 });
    const password = new random.RandomPassword("password", { length: 20 }, { dependsOn: [id] });
    return {
      length: password.result.apply((text) => text.length),
      hexLength: id.hex.apply((hex) => hex.length),
      plain: pulumi.secret("x"),
    };
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default randomValues;
