import { z } from "zod";

/** One coloured part of a message: what Alertmanager puts its alerts in. */
const attachmentSchema = z.object({
  title: z.string().optional(),
  title_link: z.string().optional(),
  pretext: z.string().optional(),
  text: z.string().optional(),
  fallback: z.string().optional(),
  /** `danger`, `warning`, `good` or `#rrggbb`. */
  color: z.string().optional(),
  fields: z.array(z.object({ title: z.string(), value: z.string() })).default([]),
});

/**
 * Body of a Slack incoming webhook, as far as it is shown: what is unknown is left out. @see
 * https://api.slack.com/messaging/webhooks and https://api.slack.com/reference/messaging/attachments
 */
export const slackMessageSchema = z
  .object({
    channel: z.string().optional(),
    username: z.string().optional(),
    text: z.string().optional(),
    attachments: z.array(attachmentSchema).default([]),
    blocks: z.array(z.unknown()).optional(),
  })
  .refine(
    ({ text, attachments, blocks }) => text !== undefined || attachments.length > 0 || blocks !== undefined,
    "must have text, attachments or blocks",
  );
export type SlackMessage = z.infer<typeof slackMessageSchema>;

export interface ReceivedMessage {
  /** ISO 8601. */
  receivedAt: string;
  message: SlackMessage;
}
