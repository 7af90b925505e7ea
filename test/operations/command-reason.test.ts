import { expect, it } from "vitest";
import { CommandFailed } from "../../local/run-command.ts";
import { commandReason } from "../../operations/command-reason.ts";

const failed = (output: string): CommandFailed => new CommandFailed("gcloud", 1, output);

it("takes the line with the reason out of usage and advice, without a full stop", () => {
  expect(commandReason(failed("usage: aws [options]\n\nToken has expired and refresh failed.\n"))).toBe(
    "Token has expired and refresh failed",
  );
});

it("takes the item below a line that only introduces it", () => {
  const output =
    "ERROR: (gcloud.compute.regions.describe) Could not fetch resource:\n - Compute Engine API has not been used in project 123 before or it is disabled.\n\nmore";
  expect(commandReason(failed(output))).toBe(
    "ERROR: (gcloud.compute.regions.describe) Could not fetch resource: Compute Engine API has not been used in project 123 before or it is disabled",
  );
});

it("names a program that is not there", () => {
  expect(commandReason(new Error("cannot start gcloud: spawn gcloud ENOENT"))).toBe(
    "there is no gcloud on the PATH",
  );
});
