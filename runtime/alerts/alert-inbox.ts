import type { ReceivedMessage, SlackMessage } from "./slack-message.ts";

/** Keeps the last messages, newest first. */
export interface AlertInbox {
  add(message: SlackMessage, now: Date): void;
  list(): readonly ReceivedMessage[];
}

/** @param limit Messages kept. @default 200 */
export function alertInbox(limit = 200): AlertInbox {
  const messages: ReceivedMessage[] = [];
  return {
    add(message, now) {
      messages.unshift({ receivedAt: now.toISOString(), message });
      messages.length = Math.min(messages.length, limit);
    },
    list: () => messages,
  };
}
