import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Flags } from "../arguments.ts";
import { ROOT } from "../../operations/platform.ts";
import { pinModel } from "../preview/pin-model.ts";

/** Changes which model a service of a stack serves: one digest in the stack's file. Prints what it was and what it is. */
export async function pin(
  { stack, service, digest, canary }: Pick<Flags, "stack" | "service" | "digest" | "canary">,
  root = ROOT,
): Promise<void> {
  if (service === undefined || digest === undefined)
    throw new Error("needs --stack STACK --service ENVIRONMENT/SERVICE --digest sha256:… [--canary]");
  const [environment = "", name = ""] = service.split("/");
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  const { text, before } = pinModel(
    await readFile(path, "utf8"),
    { environment, service: name, digest, canary },
    file,
  );
  await writeFile(path, text);
  const what = canary ? `the canary of ${service}` : service;
  console.log(`${file}: ${what} serves ${digest}, before: ${before}`);
}
