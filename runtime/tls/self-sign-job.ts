import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseFlags, type Job } from "../job.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

const flagsSchema = z.strictObject({
  /** Name in the certificate. */
  name: z.string().min(1).max(64),
  /** Folder for `tls.key` and `tls.crt`. */
  folder: z.string().min(1),
});

/** `slipway self-sign --name N --folder DIR`: writes a new key and a certificate for it that nobody else has signed. */
export const selfSignJob: Job = async ({ args, log }) => {
  const { name, folder } = parseFlags(args, flagsSchema);
  const { key, certificate } = selfSignedCertificate(name, Date.now());
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "tls.key"), key, { mode: 0o640 });
  await writeFile(join(folder, "tls.crt"), certificate, { mode: 0o644 });
  log.info("certificate", { name, folder });
  return undefined;
};
