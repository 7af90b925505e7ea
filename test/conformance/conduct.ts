import { randomBytes } from "node:crypto";
import path from "node:path";
import type { CaseStep } from "./case.ts";
import { comparableOutcome } from "./comparable.ts";
import type { Outcome } from "./outcome.ts";
import { copyProject, writeStackConfig, type Run } from "./run.ts";

/** Kinds of objects that cases make in their namespace. */
const KINDS = [
  "configmaps",
  "secrets",
  "deployments",
  "services",
  "jobs",
  "cronjobs",
  "persistentvolumeclaims",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "networkpolicies",
  "resourcequotas",
];

export interface Conditions {
  caseName: string;
  /** For the files of this case and engine. */
  folder: string;
  kubeconfig: string;
  kubectl: (...args: string[]) => Promise<string>;
}

/** What came of the steps of a case: comparable, and in the words of the engine. */
export interface Conducted {
  steps: { ok: boolean; comparable: Record<string, unknown>; messages: string[] }[];
  /** Objects in the namespace at the end. */
  left: string[];
}

/** Runs all steps of a case and a `destroy`, in a namespace of its own. `runStep` is told the number of the step, from 0. */
export async function conduct(
  steps: readonly CaseStep[],
  conditions: Conditions,
  runStep: (run: Run, index: number) => Promise<Outcome>,
): Promise<Conducted> {
  const { caseName, folder, kubeconfig, kubectl } = conditions;
  const namespace = `conformance-${randomBytes(4).toString("hex")}x`;
  const projectDir = await copyProject(folder);
  await kubectl("create", "namespace", namespace);
  const conducted: Conducted = { steps: [], left: [] };
  try {
    const all: CaseStep[] = [...steps, { run: "destroy" }];
    for (const [index, step] of all.entries()) {
      for (const args of step.kubectl ?? []) await kubectl("-n", namespace, ...args);
      const config = { ...step.config, case: caseName, step: String(index + 1), namespace };
      await writeStackConfig(projectDir, config, step.secretConfig ?? {});
      const outcome = await runStep(
        {
          operation: step.run,
          projectDir,
          backendDir: path.join(folder, "backend"),
          folder,
          kubeconfig,
          namespace,
          parallel: 4,
        },
        index,
      );
      const { ok, messages } = outcome;
      conducted.steps.push({ ok, messages, comparable: comparableOutcome(outcome, namespace) });
    }
    const left = await kubectl("-n", namespace, "get", KINDS.join(","), "-o", "name");
    conducted.left = left
      .trim()
      .split("\n")
      .map((name) => name.replace(/-[0-9a-f]{8}$/, "-SUFFIX"));
  } finally {
    await kubectl("delete", "namespace", namespace, "--wait=false");
  }
  return conducted;
}
