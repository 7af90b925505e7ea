import { expect, it } from "vitest";
import { failureLines } from "../../cli/failure-lines.ts";
import { UsageError } from "../../cli/usage-error.ts";

it("prints each cause once, and none that the message has already", () => {
  const login = new Error("aws: the token has expired");
  const again = new Error(`registry r.example.com: no login: ${login.message}`, { cause: login });
  expect(failureLines("train", again)).toEqual([
    "\n✗ train: registry r.example.com: no login: aws: the token has expired",
  ]);
  const deploy = new Error("the deployment failed", { cause: again });
  expect(failureLines("up", deploy)).toEqual([
    "\n✗ up: the deployment failed",
    "  because: registry r.example.com: no login: aws: the token has expired",
  ]);
});

it("prints a value that is no error, and the help after wrong flags", () => {
  expect(failureLines("up", "stopped")).toEqual(["\n✗ up: stopped"]);
  expect(failureLines("up", new UsageError(["--stak: no such flag"])).at(-1)).toBe(
    "  npm run up -- --help shows the flags and examples",
  );
});

test("names the command once", () => {
  expect(failureLines("backup", new Error("backup: the registry has nothing"))).toEqual([
    "\n✗ backup: the registry has nothing",
  ]);
});
