import { unknown } from "./ask.ts";
import type { CloudCli } from "./cloud-cli.ts";
import type { Check, Finding } from "./finding.ts";

/**
 * Returns the checks of a cloud, of which the first asks who is logged in, and whether the project or subscription is there. Where one of its
 * required findings is wrong, or the cloud's command line is not there, no other check asks anything: each call would end with the same
 * refusal, some after a minute. One finding says what was not asked.
 */
export function afterIdentity(cli: CloudCli, checksOf: (cli: CloudCli) => Check[]): Check[] {
  const [identity, ...others] = checksOf(cli);
  if (identity === undefined) return [];
  const titles = others.map(({ title }) => title).join(", ");
  let isBarred = false;
  const askIdentity = async (): Promise<Finding[]> => {
    const version = await cli(["--version"]);
    isBarred = !version.ok && version.missing;
    // The check of the tools says that the program is missing.
    if (isBarred && !version.ok)
      return [unknown(`${identity.title}, ${titles}`, `not asked: ${version.reason}`, "the program")];
    const findings = await identity.run();
    const wrong = findings.slice(0, identity.required ?? 1).find(({ state }) => state === "wrong");
    isBarred = wrong !== undefined;
    return wrong === undefined
      ? findings
      : [...findings, unknown(titles, `not asked: ${wrong.subject} is wrong`, wrong.needed)];
  };
  return [
    { title: identity.title, run: askIdentity },
    ...others.map(({ title, run }) => ({ title, run: async () => (isBarred ? [] : run()) })),
  ];
}
