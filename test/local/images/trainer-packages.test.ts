import { describe, expect, it } from "vitest";
import { explainPip } from "../../../local/images/trainer-packages.ts";

describe("what pip says of a lock", () => {
  it.each([
    [
      "ERROR: Could not find a version that satisfies the requirement torch==2.0 (from versions: none)\nERROR: No matching distribution found for torch==2.0",
      "requirements.txt: each package must have a wheel for Python 3.11 on linux x86_64, got torch==2.0, which has none; choose a version that has one",
    ],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    six==1.17.0 from https://x:\n        Expected sha256 a",
      "requirements.txt: the file of six==1.17.0 must have a hash of the lock, has another; write the lock again",
    ],
    [
      "ERROR: something else",
      "requirements.txt: pip must be able to fetch its packages: ERROR: something else",
    ],
  ])("is said in the words of the lock", (output, message) => {
    expect(explainPip(output)).toBe(`trainer: ${message}`);
  });
});
