import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "../root.ts";
import { runCloudCli } from "../run-cloud-cli.ts";
import { unknown } from "./ask.ts";
import type { Finding } from "./finding.ts";
import type { PlannedResource } from "./planned-resource.ts";

const installedSchema = z.array(
  z.looseObject({ name: z.string(), kind: z.string(), version: z.string().optional() }),
);
const manifestSchema = z.looseObject({ dependencies: z.record(z.string(), z.string()) });

/**
 * Says which plugins the pulumi CLI still has to download. It does so by itself, with hundreds of megabytes, so a machine without a
 * way to the internet needs them before. Returns nothing where there is no pulumi CLI. `run` runs it.
 */
export async function pluginFindings(
  planned: readonly PlannedResource[],
  run: (args: readonly string[]) => Promise<string> = (args) => runCloudCli("pulumi", args),
): Promise<Finding[]> {
  const text = await run(["plugin", "ls", "--json"]).catch(() => undefined);
  if (text === undefined) return [];
  const subject = "plugins of pulumi";
  const wanted = await pluginsOf(planned);
  const needed = wanted.map(({ name, version }) => `${name} ${version}`).join(", ");
  const parsed = installedSchema.safeParse(parseJson(text));
  if (!parsed.success)
    return [unknown(subject, "the answer to pulumi plugin ls has another form than expected", needed)];
  const lacking = wanted.filter(
    ({ name, version }) =>
      !parsed.data.some(
        (plugin) => plugin.kind === "resource" && plugin.name === name && plugin.version === version,
      ),
  );
  if (lacking.length === 0) return [{ subject, state: "ok", found: "there", needed }];
  return [
    {
      subject,
      state: "unknown",
      found: `not there: ${lacking.map(({ name }) => name).join(", ")}; up downloads them`,
      needed,
      fix: lacking
        .map(({ name, version }) => `pulumi plugin install resource ${name} ${version}`)
        .join(" && "),
    },
  ];
}

/** The providers of the planned resources, in the versions of package.json: the SDK of a provider asks for its own version. */
async function pluginsOf(planned: readonly PlannedResource[]): Promise<{ name: string; version: string }[]> {
  const { dependencies } = manifestSchema.parse(
    JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")),
  );
  const packages = [...new Set(planned.map(({ type }) => type.split(":")[0] ?? ""))].sort();
  return packages.flatMap((name) => {
    const version = name === "pulumi" ? undefined : dependencies[`@pulumi/${name}`];
    return version === undefined ? [] : [{ name, version }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
