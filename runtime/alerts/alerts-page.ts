import type { ReceivedMessage, SlackMessage } from "./slack-message.ts";

const COLORS: Readonly<Record<string, string>> = { danger: "#c0392b", warning: "#e0a800", good: "#2e8b57" };

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
article { border-left: 4px solid var(--bar); padding: .25rem 1rem; margin: 1rem 0; background: #f6f6f6 }
h2 { font-size: 1.1rem; margin: .25rem 0 }
p { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0 }
time { color: #666; font-size: .85rem }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } article { background: #262626 } time { color: #999 } }`;

/** Returns the messages as a self-contained HTML page that reloads itself every ten seconds. */
export function alertsPage(messages: readonly ReceivedMessage[]): string {
  const body = messages.length === 0 ? "<p>No alert so far.</p>" : messages.map(toArticles).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10">
<title>Alerts (${messages.length})</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Alerts</h1>
<p>What Slack would have got, the newest first. The same as JSON: <a href="messages">messages</a>.</p>
${body}
</body>
</html>
`;
}

function toArticles({ receivedAt, message }: ReceivedMessage): string {
  const time = `<time datetime="${escape(receivedAt)}">${escape(receivedAt)}</time>`;
  const parts: SlackMessage["attachments"] =
    message.text === undefined
      ? message.attachments
      : [{ text: message.text, fields: [] }, ...message.attachments];
  return parts
    .map(({ title, title_link, pretext, text, fallback, color = "", fields }) => {
      const bar = COLORS[color] ?? (/^#[0-9a-f]{3,8}$/i.test(color) ? color : "#888");
      const heading = title ?? pretext;
      const lines = [
        ...(heading === undefined ? [] : [`<h2>${linked(heading, title_link)}</h2>`]),
        `<p>${withLinks(text ?? fallback ?? "")}</p>`,
        ...fields.map((field) => `<p><b>${escape(field.title)}</b> ${escape(field.value)}</p>`),
        time,
      ];
      return `<article style="--bar: ${bar}">\n${lines.join("\n")}\n</article>`;
    })
    .join("\n");
}

/** Returns a link to the address if its scheme is http or https, else the text. */
function linked(text: string, address: string | undefined): string {
  if (address === undefined || !/^https?:\/\//.test(address)) return escape(text);
  return `<a href="${escape(address)}">${escape(text)}</a>`;
}

/** Returns text in which web addresses are links. */
function withLinks(text: string): string {
  const address = /(https?:\/\/[^\s<>"']+)/;
  return text
    .split(address)
    .map((part, i) => (i % 2 === 1 ? linked(part, part) : escape(part)))
    .join("");
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
