import type { KubeConfig } from "@kubernetes/client-node";
import { eachCustomObject } from "./each-custom-object.ts";
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
  context: { problems: Problems; fix: string },
): Promise<void> {
  const places = [...new Set(namespaces)].map((namespace) => ({
    namespace,
    about: `secrets of namespace ${namespace}`,
  }));
  await eachCustomObject<ExternalSecretState>(
    kube,
    { kind: EXTERNAL_SECRETS, places },
    context,
    (secret, { namespace }) => {
      const reason = unfilledSecret(secret);
      if (reason !== undefined)
        context.problems.add({
          about: `secret ${namespace}/${secret.metadata?.name ?? "?"}`,
          reason,
          fix: fillCommands(secret),
        });
    },
  );
}

function fillCommands({ spec }: ExternalSecretState): string {
  const commands = (spec?.data ?? []).map(({ sourceRef, remoteRef }) =>
    fillCommand(sourceRef?.storeRef?.name ?? "", remoteRef?.key ?? "?"),
  );
  return [...new Set(commands)].join("; ");
}
