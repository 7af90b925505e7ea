import { z } from "zod";
import { secretRefSchema } from "../../../components/platform/secrets/secret-ref.ts";
import { count, nameSchema } from "./scalars.ts";

/** Secrets of a store that are copied into Kubernetes Secrets, by namespace. */
export const secretsSchema = z.strictObject({
  /** Minutes between reads of the store. */
  refreshMinutes: count(1).optional(),
  /** Deploys the External Secrets Operator. Default: true on a foundation; false on an existing cluster, which must have it already. */
  operator: z.boolean().optional(),
  /** HashiCorp Vault; required for references to it. */
  vault: z
    .strictObject({
      server: z
        .string()
        .regex(/^https:\/\/[^/\s]+/, "must be an https address such as https://vault.example.com:8200"),
      role: z.string().min(1),
      mount: z.string().min(1).optional(),
      authMount: z.string().min(1).optional(),
      namespace: z.string().min(1).optional(),
      caBundle: z.base64().optional(),
    })
    .optional(),
  /** Namespace → name of the Secret → key → reference of the value. */
  namespaces: z
    .record(
      nameSchema,
      z.record(
        nameSchema,
        z
          .record(z.string().regex(/^[\w.-]+$/, "must be letters, digits and ._-"), secretRefSchema)
          .refine((keys) => Object.keys(keys).length > 0, "must have one key or more"),
      ),
    )
    .prefault({}),
});
export type SecretsConfig = z.infer<typeof secretsSchema>;
