import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { checkStackFile } from "../../../stacks/config/check-stack-file.ts";
import { formatProblem } from "../../../stacks/config/config-problem.ts";

const fileOf = (stack: string): string => `Pulumi.${stack}-foundation.yaml`;

/** Checks the file of a foundation after its line of the region is replaced. */
async function check(stack: string, lines: string): Promise<{ problems: string[]; warnings: string[] }> {
  const file = fileOf(stack);
  const text = await readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
  const edited = text.replace(/^ {4}region: (.*)$/m, lines);
  const { problems, warnings } = checkStackFile({ file, text: edited });
  return {
    problems: problems.map((problem) => formatProblem(problem, file)),
    warnings: warnings.map((warning) => formatProblem(warning, file)),
  };
}

describe("the version of Kubernetes", () => {
  test.each([
    ["prod", "1.99", "EKS", "1.34, 1.35, 1.36"],
    ["prod-gcp", "1.99", "GKE", "1.34, 1.35, 1.36"],
    ["prod-azure", "1.20", "AKS", "1.34, 1.35, 1.36, 1.37"],
  ])("of %s must be in the table of the cloud, got %s", async (stack, version, service, supported) => {
    const { problems } = await check(stack, `    region: $1\n    version: "${version}"`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^Pulumi\..*\.yaml:\d+: slipway:cluster\.version: /);
    expect(problems[0]).toContain(
      `must be a version of Kubernetes that ${service} supports: ${supported}, got "${version}"; change line `,
    );
  });

  test.each(["prod", "prod-gcp", "prod-azure"])("of %s may be each of the table", async (stack) => {
    for (const version of ["1.34", "1.35", "1.36"])
      expect((await check(stack, `    region: $1\n    version: "${version}"`)).problems).toEqual([]);
  });
});

describe("the region of a cluster on EKS", () => {
  const place = `${fileOf("prod")}:6: slipway:cluster.region: `;

  test("must have three zones, or the config names the zones", async () => {
    expect((await check("prod", "    region: us-west-1")).problems).toEqual([
      `${place}must have three availability zones if cluster.zones is not set, got "us-west-1"; ` +
        "use us-west-2, or name the zones that your account has in cluster.zones",
    ]);
    expect(
      (await check("prod", "    region: us-west-1\n    zones: [us-west-1a, us-west-1c]")).problems,
    ).toEqual([]);
  });

  test("is refused without an exception where a pool has reserved capacity", async () => {
    const pool =
      "{ type: nvidia-l4, count: 1, max: 1, capacity: { kind: reservation, id: cr-0a1b, zone: us-west-1a } }";
    const { problems } = await check("prod", "    region: us-west-1");
    const file = fileOf("prod");
    const text = await readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
    const reserved = text
      .replace("eu-central-1", "us-west-1")
      .replace(/training: \{.*\}/, `training: ${pool}`);
    expect(
      checkStackFile({ file, text: reserved }).problems.map((problem) => formatProblem(problem, file)),
    ).toEqual(problems);
  });

  test("is a warning where Slipway does not know it", async () => {
    expect(await check("prod", "    region: eu-cental-1")).toEqual({
      problems: [],
      warnings: [
        `${place}is no region of AWS that Slipway knows, got "eu-cental-1"; did you mean eu-central-1?`,
      ],
    });
    expect((await check("prod", "    region: xx-nowhere-9")).warnings).toEqual([
      `${place}is no region of AWS that Slipway knows, got "xx-nowhere-9"; make sure that AWS has it`,
    ]);
    for (const region of ["us-gov-west-1", "eu-west-1"])
      expect((await check("prod", `    region: ${region}`)).warnings).toEqual([]);
  });
});

describe("the region of a cluster on another cloud", () => {
  test("must be written as its name", async () => {
    expect((await check("prod-azure", "    region: West Europe")).problems.join()).toContain(
      'slipway:cluster.region: must be the name of a region, such as eu-central-1, europe-west4 or westeurope, got "West Europe"',
    );
  });

  test.each([
    ["prod-azure", "germanywestcentrl", "Azure", "did you mean germanywestcentral?"],
    ["prod-azure", "moonbase", "Azure", "make sure that Azure has it"],
  ])("of %s is a warning where Slipway does not know it, got %s", async (stack, region, cloud, fix) => {
    const { warnings } = await check(stack, `    region: ${region}`);
    expect(warnings).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^Pulumi\\.${stack}-foundation\\.yaml:\\d+: slipway:cluster\\.region: is no region of ${cloud} that Slipway knows, got "${region}"; `,
        ),
      ),
    );
    expect(warnings.join()).toContain(fix);
  });

  test("is no warning where the cloud has it", async () => {
    expect((await check("prod-azure", "    region: swedencentral")).warnings.join()).not.toContain(
      "is no region",
    );
  });

  test.each([
    ["europe-wst4", "did you mean europe-west4?"],
    ["mars-west1", "make sure that Google Cloud has it"],
  ])(
    "of prod-gcp without a GPU pool is a warning where Slipway does not know it, got %s",
    async (region, fix) => {
      const file = fileOf("prod-gcp");
      const text = await readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
      const edited = text
        .replace("region: europe-west4", `region: ${region}`)
        .replace(/ {4}gpuPools:\n( {6}.*\n)+/, "");
      const { problems, warnings } = checkStackFile({ file, text: edited });
      expect(problems).toEqual([]);
      expect(warnings.map((warning) => formatProblem(warning, file))).toContain(
        `${file}:6: slipway:cluster.region: is no region of Google Cloud that Slipway knows, got "${region}"; ${fix}`,
      );
    },
  );

  test("of prod-gcp is named where its typing error makes zones wrong", async () => {
    const { problems } = await check("prod-gcp", "    region: europe-wst4");
    expect(problems).toEqual([expect.stringMatching(/; did you mean europe-west4 in cluster\.region\?$/)]);
  });
});

test("the region of the copies of backups is checked too", async () => {
  const file = fileOf("prod");
  const text = await readFile(new URL(`../../../${file}`, import.meta.url), "utf8");
  const edited = text.replace("slipway:cloud:\n", "slipway:cloud:\n    backup: { copyRegion: eu-wst-1 }\n");
  const { problems, warnings } = checkStackFile({ file, text: edited });
  expect(problems).toEqual([]);
  expect(warnings.map((warning) => formatProblem(warning, file))).toEqual([
    expect.stringContaining(
      'slipway:cloud.backup.copyRegion: is no region of AWS that Slipway knows, got "eu-wst-1"; did you mean eu-west-1?',
    ),
  ]);
});
