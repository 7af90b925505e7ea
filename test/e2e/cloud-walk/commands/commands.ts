import { destroy, preview, up } from "../../../../local/engine/engine.ts";
import { lineDisplay } from "../../../../local/engine/display/line-display.ts";
import type { EngineOptions } from "../../../../local/engine/engine-options.ts";
import type { ProviderFactory } from "../../../../local/engine/provider.ts";
import type { Summary } from "../../../../local/engine/summary.ts";
import { runProduct } from "../../run-product.ts";

/** Where commands of the product run, and with what. */
export interface CommandContext {
  project: string;
  backend: string;
  passphrase: string;
  env: Record<string, string>;
  providers: ProviderFactory;
}

/** Runs a command of the product, as `npm run` does. Returns what it printed and how it ended. */
export async function slipway(
  { project, env }: CommandContext,
  ...args: string[]
): Promise<{ code: number | null; text: string }> {
  console.log(`$ npm run ${args[0] ?? ""} -- ${args.slice(1).join(" ")}`);
  return runProduct(args, { cwd: project, env });
}

/** Runs `pulumi up`, `preview` or `destroy` with the engine and the clouds of the walk. */
export async function pulumi(
  context: CommandContext,
  command: "up" | "preview" | "destroy",
  stack: string,
): Promise<Summary> {
  console.log(`$ pulumi ${command} --stack ${stack}`);
  const options: EngineOptions = {
    ...optionsOf(context, stack),
    display: lineDisplay({ write: (line) => console.log(line) }),
    ...(command === "preview" ? { absentStacks: "plan", unreachableClusters: "plan" } : {}),
  };
  return { up, preview, destroy }[command](options);
}

/** Returns the engine's options for a stack of the walk. */
export function optionsOf(
  { project, backend, passphrase, env, providers }: CommandContext,
  stack: string,
): EngineOptions {
  return { projectDir: project, stack, backendDir: backend, passphrase, env, providers };
}
