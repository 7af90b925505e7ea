/**
 * Returns a shell script that stands for the command line of a cloud.
 *
 * @param answers - first words of the arguments → what it prints for them. It fails for all others
 */
export function answering(command: string, answers: Readonly<Record<string, string>>): string {
  const cases = Object.entries(answers).map(([words, answer]) => `  "${words}"*) echo '${answer}' ;;\n`);
  return `#!/bin/sh
case "$*" in
${cases.join("")}  *) echo "${command}: unexpected: $*" >&2; exit 252 ;;
esac
`;
}

/** Returns what a credential plugin of a kubeconfig prints. */
export function execCredential(token: string, version: "v1beta1" | "v1" = "v1beta1"): string {
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion: `client.authentication.k8s.io/${version}`,
    spec: {},
    status: { token },
  });
}
