import { describe, expect, it } from "vitest";
import { lockProblems } from "../../../../runtime/contract/trainers/check-lock.ts";

const HASH = `--hash=sha256:${"a".repeat(64)}`;

describe("the lock of a trainer", () => {
  it("has a version and a hash for each package", () => {
    expect(
      lockProblems(
        `# made by uv\nnumpy==2.4.6 \\\n    ${HASH} \\\n    ${HASH}\nscipy[all]==1.0 ; python_version > "3" ${HASH}\n`,
      ),
    ).toEqual([]);
  });

  it.each([
    [
      "a package without a hash",
      "numpy==2.4.6",
      "line 1: must have a hash, got numpy==2.4.6; write it with: uv pip compile",
    ],
    [
      "a package without a version",
      `\nnumpy>=2 ${HASH}`,
      "line 2: must be a package with an exact version, name==1.2.3, got numpy>=2",
    ],
    ["a URL", `https://example.com/a.whl ${HASH}`, "line 1: must be a package with an exact version"],
    [
      "an option of pip",
      "--index-url https://user:secret@example.com",
      "line 1: must be a package, got the option --index-url; settings",
    ],
    ["nothing", "# none\n", "must name a package"],
  ])("is refused with %s", (_, text, problem) => {
    expect(lockProblems(text)[0]).toContain(problem);
    expect(lockProblems(text).join()).not.toContain("secret");
  });
});
