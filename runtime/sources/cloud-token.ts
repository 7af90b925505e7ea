import { RegistryError } from "../artifacts/registry-error.ts";
import { BadInput, Unavailable } from "../errors.ts";
import { mayPass } from "./send-request.ts";

/**
 * Calls a function that exchanges the identity of the pod for a token of its cloud, and names the source in its errors. They have no
 * token. Throws Unavailable where the cloud may answer later, else BadInput.
 */
export async function cloudToken<T>(what: string, exchange: () => Promise<T>): Promise<T> {
  try {
    return await exchange();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const { registryStatus: status } = error;
    const message = `${what}: the cloud must give a token to the identity of the job fetch, got ${status === undefined ? "no answer" : `status ${status}`}`;
    if (status === undefined || mayPass(status)) throw new Unavailable(`${message}; try again later`);
    throw new BadInput(`${message}; correct the identity's trust, or name a Secret in source.credentials`);
  }
}
