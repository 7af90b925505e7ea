import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const SHAPES = {
  "shapes:number": "12",
  "shapes:text": "plain: text",
  "shapes:flag": "true",
  "shapes:object": '{"b":[1,2,{"c":null}],"a":"x"}',
};

const configShapes: Case = {
  title: "give a program numbers, booleans, objects and lists of its config alike",
  program: () => {
    const config = new pulumi.Config("shapes");
    return {
      number: config.requireNumber("number"),
      text: config.require("text"),
      flag: config.requireBoolean("flag"),
      object: config.requireObject("object"),
      raw: config.get("object"),
      absent: config.get("absent") ?? "none",
    };
  },
  steps: [
    { run: "preview", config: SHAPES },
    { run: "up", config: SHAPES },
  ],
};
export default configShapes;
