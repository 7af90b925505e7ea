import { z } from "zod";
import type { StackFile } from "./stack/load-stack-file.ts";

/** A service in the file of a stack. */
export interface ConfiguredService {
  environment: string;
  service: string;
  workload: string;
  modelName: string;
  /** Digest that it pins. @default - none */
  digest: string | undefined;
  /** Tag that it follows. @default - none */
  follow: string | undefined;
  /** Why it may serve that digest although the gate refuses it. @default - it may not */
  accept: string | undefined;
  /** Digest of its canary. @default - none */
  canaryDigest: string | undefined;
  canaryAccept: string | undefined;
  /** Whether it runs in the cluster, and so has no target. */
  inCluster: boolean;
}

const model = z
  .looseObject({
    digest: z.string().optional(),
    follow: z.string().optional(),
    accept: z.string().optional(),
  })
  .optional()
  .catch(undefined);
const serviceSchema = z.looseObject({
  workload: z.string(),
  modelName: z.string().optional(),
  model,
  target: z
    .looseObject({ canary: z.looseObject({ model }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
const environmentsSchema = z.record(
  z.string(),
  z.looseObject({ services: z.record(z.string(), z.unknown()).default({}) }).catch({ services: {} }),
);

/** Returns the services in a stack's file. Parts of a wrong form are left to the check of the whole file. */
export function configuredServices({ config }: Pick<StackFile, "config">): ConfiguredService[] {
  const environments = environmentsSchema.safeParse(config["slipway:environments"]);
  if (!environments.success) return [];
  return Object.entries(environments.data).flatMap(([environment, { services }]) =>
    Object.entries(services).flatMap(([service, settings]): ConfiguredService[] => {
      const parsed = serviceSchema.safeParse(settings);
      if (!parsed.success) return [];
      const { workload, modelName = service, model: own, target } = parsed.data;
      return [
        {
          environment,
          service,
          workload,
          modelName,
          digest: own?.digest,
          follow: own?.follow,
          accept: own?.accept,
          canaryDigest: target?.canary?.model?.digest,
          canaryAccept: target?.canary?.model?.accept,
          inCluster: target === undefined,
        },
      ];
    }),
  );
}
