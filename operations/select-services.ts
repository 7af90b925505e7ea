import type { PlatformOutputs, ServiceOutput } from "../stacks/platform-outputs.ts";

/** The services of an environment, or those of one model. Throws where there are none, and names what there is. */
export function selectServices(
  { services }: Pick<PlatformOutputs, "services">,
  { stack, environment, model }: { stack: string; environment: string; model?: string | undefined },
): ServiceOutput[] {
  const there = services.filter((service) => service.environment === environment);
  if (there.length === 0) {
    const known = [...new Set(services.map((service) => service.environment))].join(", ") || "none";
    throw new Error(
      `--environment ${environment}: stack ${stack} serves nothing there; environments with services: ${known}`,
    );
  }
  const wanted = there.filter((service) => model === undefined || service.model === model);
  if (wanted.length === 0) {
    const known = [...new Set(there.map((service) => service.model))].join(", ");
    throw new Error(`--model ${model}: no service of ${environment} serves it; models there: ${known}`);
  }
  return wanted;
}
