import { BadInput, Unavailable } from "../../errors.ts";
import { mayPass } from "../send-request.ts";

export interface Refusal {
  what: string;
  status: number;
  /** The store's own code of the fault, such as `NoSuchBucket`; empty if it names none. */
  code: string;
  /** Right that is missing if the store knows who asks, such as `s3:ListBucket`. */
  right: string;
  /** Whether the request proved who asks. */
  signed: boolean;
  /** Field of the definition that names the bucket. */
  field: string;
}

/** Codes of stores for proofs that they do not accept, whatever the status. */
const WRONG_PROOF =
  /InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|AuthenticationFailed|InvalidAuthenticationInfo|RequestTimeTooSkewed/;

/** Returns the error for an answer that no store gives to a request that it fulfils. */
export function storeRefusal({ what, status, code, right, signed, field }: Refusal): Error {
  const message = `${what}: status ${status}${/^\w+$/.test(code) ? ` ${code}` : ""}`;
  if (mayPass(status)) return new Unavailable(`${message}; try again later`);
  if (WRONG_PROOF.test(code) || status === 401)
    return new BadInput(
      signed
        ? `${message}: the store does not accept the credentials; correct the Secret of source.credentials, or the identity of the job fetch`
        : `${message}: the store wants credentials; name a Secret with them in source.credentials`,
    );
  if (status === 403)
    return new BadInput(
      signed
        ? `${message}: the credentials have no right to read here; give them ${right}, or correct the Secret of source.credentials`
        : `${message}: the store wants credentials; name a Secret with them in source.credentials, or give the identity of the job fetch ${right}`,
    );
  if (status === 404)
    return new BadInput(`${message}: there is no such place; correct ${field} in the workload's definition`);
  return new BadInput(`${message}; correct the source in the workload's definition`);
}
