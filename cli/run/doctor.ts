import { lineProgress, silentProgress } from "../../local/progress.ts";
import { parseUrn } from "../../local/engine/urn.ts";
import { refuseWrongConfig } from "../../operations/check-deployment.ts";
import type { PlannedResource } from "../../operations/doctor/planned-resource.ts";
import { stackChecks } from "../../operations/doctor/stack-checks.ts";
import { ROOT } from "../../operations/root.ts";
import { existingBackend, knownPassphrase } from "../../operations/stack/backend.ts";
import { foundationOf } from "../../operations/stack/foundation-of.ts";
import { stackOutputs } from "../../operations/stack/stack-outputs.ts";
import { wasDeployed } from "../../operations/stack/was-deployed.ts";
import { checkStackFile } from "../../stacks/config/check-stack-file.ts";
import { stacksOf } from "../../stacks/config/stacks-of.ts";
import { cloudHint } from "../cloud-hint.ts";
import { renderFindings, type CheckedGroup } from "../doctor/render-findings.ts";
import { planStack } from "../preview/plan-stack.ts";
import { stackNeeds, type StackNeeds } from "../preview/stack-needs.ts";

/** Prints what a stack needs before its first `up`, and how it is. Returns whether nothing is wrong. */
export async function doctor({ stack, json }: { stack: string; json: boolean }): Promise<boolean> {
  const progress = lineProgress((line) => process.stderr.write(`${line}\n`));
  await refuseWrongConfig(stack, { progress: silentProgress });
  const needs = await stackNeeds(ROOT, stack);
  const { file, text } = needs.file;
  const { parsed } = checkStackFile({ file, text, foundation: await foundationOf(needs.file) });
  if (parsed === undefined)
    throw new Error(`${file}: the doctor cannot read keys that are encrypted as a whole`);
  const planned: PlannedResource[] = [];
  if (needs.cluster !== "existing")
    for (const each of needs.foundation === undefined ? [stack] : [needs.foundation, stack])
      planned.push(
        ...(await progress.step(`Plan stack ${each} from nothing`, async () =>
          plannedResources(await stackNeeds(ROOT, each)),
        )),
      );
  const { foundation = stack } = needs;
  const checks = stackChecks({
    config: parsed.config,
    foundation,
    planned,
    isPlatform: needs.foundation !== undefined,
    kubeconfig: await kubeconfigOf(foundation),
    today: new Date(),
  });
  const groups: CheckedGroup[] = [];
  for (const check of checks)
    groups.push({ title: check.title, findings: await progress.step(check.title, () => check.run()) });
  console.log(json ? JSON.stringify({ stack, checks: groups }, null, 2) : renderFindings(stack, groups));
  const hint = needs.isLocal
    ? cloudHint("doctor", { local: stack, stacks: await stacksOf(ROOT) })
    : undefined;
  if (hint !== undefined && !json) console.log(hint);
  return groups.every(({ findings }) => findings.every(({ state }) => state !== "wrong"));
}

/** The kubeconfig in the outputs of a foundation. Undefined without one, and where its state cannot be read: the doctor then asks no cluster. */
async function kubeconfigOf(foundation: string): Promise<string | undefined> {
  const outputs = await stackOutputs({ projectDir: ROOT, stack: foundation, env: process.env }).catch(
    () => undefined,
  );
  const kubeconfig = outputs?.["kubeconfig"];
  return typeof kubeconfig === "string" ? kubeconfig : undefined;
}

async function plannedResources(needs: StackNeeds): Promise<PlannedResource[]> {
  const { env } = process;
  const backendDir = existingBackend(env);
  const { ok, planned, failed } = await planStack(needs, {
    projectDir: ROOT,
    backendDir,
    passphrase: await knownPassphrase(backendDir, env),
    from: [],
    policies: false,
  });
  if (!ok || planned === undefined)
    throw new Error(
      `stack ${needs.stack} cannot be planned: ${failed.flatMap(({ reasons }) => reasons).join("; ")}`,
    );
  const deployed = (await wasDeployed({ projectDir: ROOT, stack: needs.stack, env })) ?? false;
  return planned.map(({ urn, type, inputs }) => ({ type, name: parseUrn(urn).name, inputs, deployed }));
}
