import { z } from "zod";

/** One coloured part of a message; Alertmanager writes its alerts into these. */
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
 * The fields of a Slack webhook's body that are shown; unknown fields are ignored.
 * @see https://api.slack.com/messaging/webhooks and https://api.slack.com/reference/messaging/attachments
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
