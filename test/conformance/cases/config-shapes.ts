import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const SHAPES = {
  "shapes:number": "12",
  "shapes:large": "12345678901234567890",
  "shapes:float": "1.50",
  "shapes:exponent": "1e3",
  "shapes:hex": "0x1F",
  "shapes:quoted": '"007"',
  "shapes:text": '"plain: text"',
  "shapes:flag": "true",
  "shapes:yes": "yes",
  "shapes:date": "2024-01-02",
  "shapes:object": "{ b: [1, 2, { c: ~ }], a: x, f: 1.50, n: 1e3, t: true, d: 2024-01-02 }",
  "shapes:list": "[b, a, { z: 1, y: [] }]",
  "shapes:empty": '""',
};

const configShapes: Case = {
  title: "give a program numbers, booleans, dates, objects and lists of its config alike",
  program: () => {
    const config = new pulumi.Config("shapes");
    const texts = Object.keys(SHAPES).map((key) => [key, config.get(key.slice("shapes:".length)) ?? "none"]);
    return {
      texts: Object.fromEntries(texts) as Record<string, string>,
      number: config.requireNumber("number"),
      flag: config.requireBoolean("flag"),
      object: config.requireObject("object"),
      list: config.requireObject("list"),
      absent: config.get("absent") ?? "none",
    };
  },
  steps: [
    { run: "preview", config: SHAPES },
    { run: "up", config: SHAPES },
  ],
};
export default configShapes;
