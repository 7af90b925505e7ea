import { expect, it } from "vitest";
import { explainMirrorFailure } from "../../../cli/mirror/explain-mirror-failure.ts";

const failure = new Error("these images are not in r.example.com yet");
const explain = async (foundation: string | undefined, isDeployed: boolean | undefined): Promise<string> =>
  (
    (await explainMirrorFailure(failure, {
      foundation,
      isDeployed: () => Promise.resolve(isDeployed),
    })) as Error
  ).message;

it("says to deploy the foundation first where nothing of it is deployed", async () => {
  expect(await explain("prod-foundation", false)).toBe(
    `${failure.message}\n  deploy the foundation first, nothing of it is deployed: pulumi up --stack prod-foundation`,
  );
});

it("leaves the failure as it is where the foundation is there, nobody can tell, or there is none", async () => {
  expect(await explain("prod-foundation", true)).toBe(failure.message);
  expect(await explain("prod-foundation", undefined)).toBe(failure.message);
  expect(await explain(undefined, false)).toBe(failure.message);
});
