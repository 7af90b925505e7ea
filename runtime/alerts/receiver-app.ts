import fastify from "fastify";
import type { FastifyError, FastifyInstance } from "fastify";
import type { Logger } from "../log.ts";
import type { AlertInbox } from "./alert-inbox.ts";
import { alertsPage } from "./alerts-page.ts";
import { slackMessageSchema } from "./slack-message.ts";

export interface ReceiverOptions {
  inbox: AlertInbox;
  log: Logger;
  /** Returns the present time. @default - the clock */
  now?: () => Date;
  /** Largest message in bytes. @default 262144 */
  maxBodyBytes?: number;
}

/**
 * Stands in for Slack's incoming webhooks: accepts POST on `/` and any path below it, as webhook URLs have a path. Shows the
 * received messages: `GET /` for people, `GET /messages` for programs. Builds the app and does not listen.
 */
export function receiverApp(options: ReceiverOptions): FastifyInstance {
  const { inbox, log, now = () => new Date(), maxBodyBytes = 256 * 1024 } = options;
  const app = fastify({ bodyLimit: maxBodyBytes, requestTimeout: 30_000, return503OnClosing: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, app.getDefaultJsonParser("error", "error"));

  app.get("/healthz", async () => ({ ok: true }));
  app.get("/messages", async () => ({ messages: inbox.list() }));
  app.get("/", (_request, reply) =>
    reply
      .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
      .type("text/html; charset=utf-8")
      .send(alertsPage(inbox.list())),
  );
  app.post("/*", async (request, reply) => {
    const parsed = slackMessageSchema.safeParse(request.body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      log.warn("message refused", { path: issue?.path.join("."), rule: issue?.message });
      return reply.status(400).type("text/plain").send("invalid_payload"); // Slack's own word for it
    }
    const message = parsed.data;
    inbox.add(message, now());
    const titles = message.attachments.map(({ title, fallback }) => title ?? fallback ?? "");
    log.info("alert received", { channel: message.channel, text: message.text, titles });
    return reply.type("text/plain").send("ok");
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error("request failed", { error: error.message, stack: error.stack });
    else log.warn("message refused", { rule: error.message });
    return reply
      .status(status)
      .type("text/plain")
      .send(status >= 500 ? "server_error" : "invalid_payload");
  });
  return app;
}
