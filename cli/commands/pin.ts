import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Flags } from "../arguments.ts";
import { ROOT } from "../platform.ts";
import { pinModel } from "../preview/pin-model.ts";

/** Changes which model a service of a stack serves: one digest in the stack's file. Prints what it was and what it is. */
export async function pin(
  { stack, service, digest }: Pick<Flags, "stack" | "service" | "digest">,
  root = ROOT,
): Promise<void> {
  if (service === undefined || digest === undefined)
    throw new Error("needs --stack STACK --service ENVIRONMENT/SERVICE --digest sha256:…");
  const [environment = "", name = ""] = service.split("/");
  const file = `Pulumi.${stack}.yaml`;
  const path = join(root, file);
  const { text, before } = pinModel(
    await readFile(path, "utf8"),
    { environment, service: name, digest },
    file,
  );
  await writeFile(path, text);
  console.log(`${file}: ${service} serves ${digest}, before: ${before}`);
}
