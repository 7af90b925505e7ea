import { CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { isNotFound } from "../kubernetes-error.ts";
import { fillCommand } from "./fill-command.ts";
import type { Problems } from "./problems.ts";
import { unfilledSecret, type ExternalSecretState } from "./unfilled-secret.ts";

const EXTERNAL_SECRETS = { group: "external-secrets.io", version: "v1", plural: "externalsecrets" };

/**
 * Adds a problem for each ExternalSecret of some namespaces whose Secret does not exist yet, with the command that fills it. A cluster
 * without ExternalSecrets has no such problem.
 */
export async function findUnfilledSecrets(
  kube: KubeConfig,
  namespaces: readonly string[],
  { problems, fix }: { problems: Problems; fix: string },
): Promise<void> {
  const objects = kube.makeApiClient(CustomObjectsApi);
  await Promise.all(
    [...new Set(namespaces)].map((namespace) =>
      problems.attempt({ about: `secrets of namespace ${namespace}`, fix }, undefined, async () => {
        const found = (await objects
          .listNamespacedCustomObject({ ...EXTERNAL_SECRETS, namespace })
          .catch((error: unknown) => {
            if (isNotFound(error)) return { items: [] };
            throw error;
          })) as { items: ExternalSecretState[] };
        for (const secret of found.items) {
          const reason = unfilledSecret(secret);
          if (reason !== undefined)
            problems.add({
              about: `secret ${namespace}/${secret.metadata?.name ?? "?"}`,
              reason,
              fix: fillCommands(secret),
            });
        }
      }),
    ),
  );
}

function fillCommands({ spec }: ExternalSecretState): string {
  const commands = (spec?.data ?? []).map(({ sourceRef, remoteRef }) =>
    fillCommand(sourceRef?.storeRef?.name ?? "", remoteRef?.key ?? "?"),
  );
  return [...new Set(commands)].join("; ");
}
