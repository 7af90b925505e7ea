import type { ExpectedDifference } from "./case.ts";

/**
 * Returns the differences of a case whose first step the engine refuses: the CLI alone makes the resources and, in the `destroy`
 * of step 2, deletes them. No other difference is expected.
 */
export function refusedProgram(options: {
  /** `type name` of each resource. */
  resources: readonly string[];
  /** Words of docs/offline-engine.md. */
  documented: string;
  /** Operation of the CLI on each resource. @default "create" */
  op?: "create" | "import";
}): ExpectedDifference[] {
  const { resources, documented, op = "create" } = options;
  const texts = [
    "step 1: ok: engine false, CLI true$",
    ...resources
      .map(quoted)
      .flatMap((resource) => [
        `step 1: state > ${resource}: engine nothing, CLI {`,
        `step 1: steps > ${op} ${resource}: engine nothing, CLI 1$`,
        `step 2: steps > delete ${resource}: engine nothing, CLI 1$`,
      ]),
  ];
  return texts.map((text) => ({ matches: new RegExp(`^${text}`), documented }));
}

/** Returns a text as a pattern that matches only itself. */
function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
