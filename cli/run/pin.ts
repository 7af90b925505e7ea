import { configLines } from "../../operations/check-stack-config.ts";
import { checkStackPins } from "../../operations/check-stack-pins.ts";
import { foundationRequest } from "../../operations/foundation-request.ts";
import { pinnedModels } from "../../operations/pinned-models.ts";
import { ROOT } from "../../operations/root.ts";
import { pinModel } from "../../operations/stack/pin-model.ts";
import { toStackFile, loadStackFile } from "../../operations/stack/load-stack-file.ts";
import { platformsOn } from "../../operations/stack/platforms-on.ts";
import { writeStackFile } from "../../operations/stack/write-stack-file.ts";
import { planTarget } from "../../operations/target.ts";
import { fileValues } from "../../stacks/config/foundation-file.ts";
import { layerOf } from "../../stacks/config/layer.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";

export interface PinFlags {
  stack: string;
  /** `ENVIRONMENT/SERVICE`. */
  service: string;
  digest: string;
  canary: boolean;
  /** Why the version may be served although its gate refuses it. */
  accept?: string | undefined;
  /** Whether the digest is looked up in the registry. */
  check: boolean;
}

/** Pins the model of a service: changes one digest in the stack's file. Prints the old and the new model. */
export async function pin(
  { stack, service, digest, canary, accept, check }: PinFlags,
  root = ROOT,
): Promise<void> {
  const [environment = "", name = ""] = service.split("/");
  const before = await loadStackFile(root, stack);
  if (layerOf(fileValues(readStackFile(before.text, PROJECT))).kind === "foundation")
    throw foundationRequest(stack, await platformsOn(root, stack));
  const pinned = pinModel(before.text, { environment, service: name, digest, canary, accept }, before.file);
  if (check) {
    const after = toStackFile({ ...before, text: pinned.text });
    const pins = pinnedModels(after).filter(
      (each) => each.environment === environment && each.service === name && each.canary === canary,
    );
    const { registry } = await planTarget(root, { stack }, process.env);
    const { wrong, notices, warning } = await checkStackPins(
      after,
      { ...registry, note: (line) => console.error(line) },
      process.env,
      pins,
    );
    if (wrong.length > 0) throw new Error(`the file is as it was: ${configLines(wrong, after).join("; ")}`);
    for (const notice of notices) console.error(`warning: ${notice}`);
    if (warning !== undefined) console.error(`warning: ${warning}`);
  }
  await writeStackFile(before.path, { before: before.text, text: pinned.text });
  const subject = canary ? `the canary of ${service}` : service;
  console.log(`${before.file}: ${subject} serves ${digest}, before: ${pinned.before}`);
}
