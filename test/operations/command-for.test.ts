import { expect, it } from "vitest";
import { commandFor } from "../../operations/command-for.ts";

it.each([
  [{ stack: "dev" }, [], "npm run train"],
  [{ stack: "dev" }, ["--model", "pushback"], "npm run train -- --model pushback"],
  [{ stack: "prod" }, ["--model", "pushback"], "npm run train -- --stack prod --model pushback"],
  [
    { stack: "team", context: "kind", registry: "registry.example.com/ml" },
    [],
    "npm run train -- --stack team --context kind --registry registry.example.com/ml",
  ],
])("names the target %o in a command", (target, args, expected) => {
  expect(commandFor("train", target, ...args)).toBe(expected);
});
