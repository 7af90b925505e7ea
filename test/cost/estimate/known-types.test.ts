import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { isFree } from "../../../cost/estimate/free-types.ts";
import { AWS_PRICERS } from "../../../cost/pricers/aws.ts";
import { AZURE_PRICERS } from "../../../cost/pricers/azure.ts";
import { GCP_PRICERS } from "../../../cost/pricers/gcp.ts";
import { kubernetesPricers } from "../../../cost/pricers/kubernetes.ts";

const root = resolve(import.meta.dirname, "../../..");
const pricers = { ...AWS_PRICERS, ...GCP_PRICERS, ...AZURE_PRICERS, ...kubernetesPricers("aws") };
/** Older and later releases of the providers have these. */
const OTHER_RELEASES = [
  "azure-native:network:PrivateZone",
  "azure-native:network:Zone",
  "aws:s3/bucketV2:BucketV2",
  "aws:alb/loadBalancer:LoadBalancer",
];

/** File of the SDK that declares a type. */
function declaration(type: string): string {
  const [provider = "", path = "", name = ""] = type.split(":");
  const file = provider === "azure-native" ? `${path}/${name[0]!.toLowerCase()}${name.slice(1)}` : path;
  return join(root, "node_modules/@pulumi", provider, `${file}.js`);
}

test.each(
  Object.keys(pricers).filter((type) => !/^kubernetes:/.test(type) && !OTHER_RELEASES.includes(type)),
)("%s is a type of its provider's SDK", (type) => {
  expect(existsSync(declaration(type)), declaration(type)).toBe(true);
  expect(readFileSync(declaration(type), "utf8")).toContain(`__pulumiType = '${type}'`);
});

test("a type is priced or free, never both", () => {
  expect(Object.keys(pricers).filter(isFree)).toEqual([]);
});

const golden = join(root, "test/stacks/golden");

test.each(readdirSync(golden).filter((file) => file.endsWith(".txt")))(
  "every type of the stack %s is priced or known to be free",
  (file) => {
    const types = readFileSync(join(golden, file), "utf8")
      .split("\n")
      .flatMap((line) => line.split(" ")[0] || []);
    expect(types.length).toBeGreaterThan(10);
    const unknown = types.filter((type) => !(type in pricers) && !isFree(type));
    expect([...new Set(unknown)]).toEqual([]);
  },
);
