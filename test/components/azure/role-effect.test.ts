import { expect, test } from "vitest";
import { AzureKeyUser } from "../../../components/azure/key-user.ts";
import { ROLE_EFFECT_SECONDS, roleDelayMs } from "../../../components/azure/role-effect.ts";
import { azureStage, place } from "./azure-stage.ts";
import { record, valueOf } from "../record.ts";

const now = Date.parse("2026-11-30T12:00:00Z");
const limit = ROLE_EFFECT_SECONDS * 1000;

test.each([
  ["2026-11-30T12:00:00Z", limit],
  ["2026-11-30T11:59:00Z", limit - 60_000],
  ["2026-11-30T11:00:00Z", 0],
  ["2026-11-30T13:00:00Z", limit], // a clock that is slow does not wait longer
  ["not a day", 0],
  [undefined, 0],
])("a role assignment of %s is effective %i ms after noon", (createdOn, delay) => {
  expect(roleDelayMs(createdOn, now)).toBe(delay);
});

test("the id of an identity is known after its role", async () => {
  const { result } = await record(() => new AzureKeyUser("user", { ...place, ...azureStage() }));
  expect(await valueOf(result.id)).toBe("user-identity-id");
});
