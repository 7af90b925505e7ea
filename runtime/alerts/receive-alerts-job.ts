import { once } from "node:events";
import { z } from "zod";
import { PORT } from "../contract/port.ts";
import { parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { alertInbox } from "./alert-inbox.ts";
import { receiverApp } from "./receiver-app.ts";

const flagsSchema = z.strictObject({
  host: z.string().default("0.0.0.0"),
  /** Port; 0 means any free port, which the log names. */
  port: z.coerce.number().int().min(0).max(65_535).default(PORT.alertReceiver),
});

/** `slipway receive-alerts [--host H] [--port N]`: shows the messages that Slack would get, until it gets a signal. */
export const receiveAlertsJob: Job = async ({ args, log, signal }) => {
  const { host, port } = parseFlags(args, flagsSchema);
  const app = receiverApp({ inbox: alertInbox(), log });
  log.info("listening", { address: await app.listen({ host, port }) });
  if (!signal.aborted) await once(signal, "abort");
  await app.close();
  return undefined;
};
