import { copyFile, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { readPolicyConfig } from "../../cli/preview/policy-pack.ts";
import { preview } from "../../local/engine/engine.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { temporaryFolder } from "../local/engine/scripted-run.ts";

const root = resolve(import.meta.dirname, "../..");

export interface StackPlan {
  /** Keys of `slipway:cloud` of the foundation over those of its file. */
  cloud: Record<string, unknown>;
  /** `slipway:environments` of the stack. */
  environments: object;
  /** Ceiling of the policy about costs, in US dollars a month. @default - that of the stack's policy config */
  ceilingUsd?: number;
}

/** Plans a platform with other environments on a changed foundation, with all policies, as `npm run preview` does. */
export async function planStack(
  stack: string,
  { cloud, environments, ceilingUsd }: StackPlan,
): Promise<Summary> {
  const config = { "slipway:environments": JSON.stringify(environments) };
  return plan(stack, await changedProject(stack, cloud), { config, ceilingUsd });
}

/** Plans the foundation of a platform with other keys of `slipway:cloud`, with all policies. */
export async function planFoundation(stack: string, cloud: StackPlan["cloud"]): Promise<Summary> {
  return plan(`${stack}-foundation`, await changedProject(stack, cloud), { config: {} });
}

async function plan(
  stack: string,
  projectDir: string,
  { config, ceilingUsd }: { config: Record<string, string>; ceilingUsd?: number | undefined },
): Promise<Summary> {
  const policies = await readPolicyConfig(join(root, "policy/config", `${stack}.json`));
  return preview({
    projectDir,
    stack,
    backendDir: "/nonexistent/slipway-no-backend",
    passphrase: "",
    config,
    policyPacks: [
      {
        path: join(root, "policy"),
        config:
          ceilingUsd === undefined
            ? policies
            : { ...policies, "platform-cost-ceiling": { monthlyUsd: ceilingUsd } },
      },
    ],
    unreachableClusters: "plan",
    absentStacks: "plan",
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: "/nonexistent" },
  });
}

/** Returns a project with this program and the files of the stack and its foundation, whose cloud is changed. */
async function changedProject(stack: string, cloud: Record<string, unknown>): Promise<string> {
  const folder = temporaryFolder();
  for (const file of await readdir(root))
    if (/^(node_modules|package\.json|tsconfig\.json|images\..*|stacks)$/.test(file))
      await symlink(join(root, file), join(folder, file));
  await copyFile(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await copyFile(join(root, `Pulumi.${stack}.yaml`), join(folder, `Pulumi.${stack}.yaml`));
  const foundation = `Pulumi.${stack}-foundation.yaml`;
  const document = parseDocument(await readFile(join(root, foundation), "utf8"));
  for (const [key, value] of Object.entries(cloud)) document.setIn(["config", "slipway:cloud", key], value);
  await writeFile(join(folder, foundation), document.toString());
  return folder;
}
