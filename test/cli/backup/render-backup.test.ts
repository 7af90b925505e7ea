import { describe, expect, it } from "vitest";
import { renderBackup } from "../../../cli/backup/render-backup.ts";
import { renderRestorePlan } from "../../../cli/backup/render-restore-plan.ts";
import type { RestorePlan } from "../../../operations/backup/plan-restore.ts";

const EMPTY: RestorePlan = {
  manifests: [],
  bytes: 0,
  tags: [],
  movedTags: [],
  sameTags: 4,
  damaged: [],
  otherRepositories: [],
};

describe("the texts of backup and restore", () => {
  it("say what a backup holds, and name what is not in it", () => {
    expect(
      renderBackup(
        {
          artifacts: 5,
          blobs: 2,
          bytes: 4_100_000,
          failures: ["a/model:latest: broken"],
          missing: [],
          lostTags: ["a/model:champion"],
        },
        "/backup",
      ),
    ).toBe(
      "/backup holds 5 artifacts; this run added 2 blobs, 4.1 MB\n" +
        "The registry does not have these tags any more; the backup keeps them:\n  a/model:champion\n" +
        "✗ These artifacts are not in the backup, all others are:\n  a/model:latest: broken",
    );
  });

  it("say that there is nothing to restore", () => {
    expect(renderRestorePlan(EMPTY, "registry")).toBe("registry has everything of the backup (4 tags)");
  });

  it("show every change of a restore", () => {
    const tag = { repository: "a/model", tag: "champion", digest: "sha256:1" };
    const plan = {
      ...EMPTY,
      bytes: 300,
      tags: [{ ...tag, tag: "latest" }],
      movedTags: [{ ...tag, current: "sha256:2" }],
      damaged: ["a/dataset:latest: /backup/x must be there"],
      otherRepositories: ["b/model"],
    };
    expect(renderRestorePlan(plan, "registry")).toBe(
      [
        "registry lacks 0 artifacts, 0.0 MB, and 1 tags of the backup; 4 tags are the same",
        "Tags to set:",
        "  a/model:latest → sha256:1",
        "Tags that name another artifact in the registry:",
        "  a/model:champion is sha256:2, in the backup sha256:1",
        "Left out, because no workload of the stack has these repositories:",
        "  b/model",
        "✗ Left out, because a file of the backup is damaged:",
        "  a/dataset:latest: /backup/x must be there",
      ].join("\n"),
    );
  });
});
