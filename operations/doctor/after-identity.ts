import { unknown } from "./ask.ts";
import type { CloudCli } from "./cloud-cli.ts";
import type { Check, Finding } from "./finding.ts";

/**
 * Returns the checks of a cloud, of which the first asks who is logged in. Where its first finding is wrong, or the cloud's command line is
 * not there, no other check asks anything: each call would end with the same refusal, some after a minute. One finding says what was not asked.
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
    const [first] = findings;
    isBarred = first?.state === "wrong";
    return isBarred && first !== undefined
      ? [...findings, unknown(titles, `not asked: ${first.subject} is wrong`, first.needed)]
      : findings;
  };
  return [
    { title: identity.title, run: askIdentity },
    ...others.map(({ title, run }) => ({ title, run: async () => (isBarred ? [] : run()) })),
  ];
}
