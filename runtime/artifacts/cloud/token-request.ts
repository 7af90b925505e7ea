import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { BadInput, describeError } from "../../errors.ts";
import { RegistryError } from "../registry-error.ts";

/** Returns the body of a 200. Else throws a RegistryError with the action, the URL and the status, but no body: it may hold a token. */
export async function requestText(
  fetchImpl: typeof fetch,
  what: string,
  url: string,
  init: RequestInit,
): Promise<string> {
  let response: Response;
  try {
    response = await fetchImpl(url, { ...init, redirect: "error", signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    throw new RegistryError(what, url, undefined, describeError(error));
  }
  if (response.ok) return response.text();
  await response.body?.cancel();
  throw new RegistryError(what, url, response.status, "");
}

/** Like requestText, for a JSON body that fits a schema. */
export async function requestJson<Schema extends z.ZodType>(
  fetchImpl: typeof fetch,
  what: string,
  url: string,
  init: RequestInit,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await requestText(fetchImpl, what, url, init);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new RegistryError(what, url, 200, "the answer has another form than documented");
  return parsed.data;
}

/** Returns the options of a `fetch` that posts a form. */
export const form = (fields: Record<string, string>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(fields),
});

/** Reads the service account's token. Kubernetes renews it in its file, so it is read each time. */
export async function projectedToken(path: string, variable: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    throw new BadInput(`${variable}: must name a file that can be read: ${describeError(error)}`);
  }
}
