import { didYouMean } from "../runtime/contract/issues/did-you-mean.ts";
import type { PlatformOutputs, ServiceOutput } from "../stacks/platform-outputs.ts";
import { WrongRequest } from "./wrong-request.ts";

/** Returns the services of an environment, or those of one model in it. Throws a WrongRequest that names what there is. */
export function selectServices(
  { services }: Pick<PlatformOutputs, "services">,
  { stack, environment, model }: { stack: string; environment: string; model?: string | undefined },
): ServiceOutput[] {
  const inEnvironment = services.filter((service) => service.environment === environment);
  if (inEnvironment.length === 0) {
    const known = [...new Set(services.map((service) => service.environment))];
    throw new WrongRequest(
      `--environment ${environment}: stack ${stack} has no services there${didYouMean(environment, known)} (environments with services: ${known.join(", ") || "none"})`,
    );
  }
  const wanted = inEnvironment.filter((service) => model === undefined || service.model === model);
  if (wanted.length === 0) {
    const known = [...new Set(inEnvironment.map((service) => service.model))];
    throw new WrongRequest(
      `--model ${model}: no service of ${environment} serves it${didYouMean(model ?? "", known)} (models there: ${known.join(", ")})`,
    );
  }
  return wanted;
}
