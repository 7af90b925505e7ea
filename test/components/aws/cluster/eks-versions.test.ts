import { expect, test } from "vitest";
import {
  EKS_DEFAULT_VERSION,
  EKS_VERSIONS,
  eksSupportWarning,
  eksVersion,
} from "../../../../components/aws/cluster/eks-versions.ts";

test("the default version is in the table", () => {
  expect(EKS_VERSIONS).toHaveProperty([EKS_DEFAULT_VERSION]);
  expect(eksVersion(undefined, "cluster")).toBe("1.36");
});

test("refuses an unknown version, and names the known ones", () => {
  expect(() => eksVersion("1.29", "cluster")).toThrow(
    "cluster: version must be one that EKS supports (1.34, 1.35, 1.36), got 1.29",
  );
});

test.each([
  ["1.35", "2026-11-23", undefined],
  ["1.34", "2026-11-23", /standard support ends on 2026-12-02, in 9 days; .* \(1\.35, 1\.36\)/],
  ["1.35", "2026-12-27", undefined],
  ["1.35", "2026-12-28", /in 89 days; .* \(1\.36\)/],
  ["1.36", "2027-09-01", /ended on 2027-08-02; .* \(none is known\)/],
])("warning for version %s on %s", (version, today, message) => {
  const warning = eksSupportWarning(version, new Date(`${today}T00:00:00Z`));
  if (message === undefined) expect(warning).toBeUndefined();
  else expect(warning).toMatch(message);
});
