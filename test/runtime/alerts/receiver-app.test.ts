import fc from "fast-check";
import { expect, test } from "vitest";
import { alertInbox } from "../../../runtime/alerts/alert-inbox.ts";
import { alertsPage } from "../../../runtime/alerts/alerts-page.ts";
import { receiverApp } from "../../../runtime/alerts/receiver-app.ts";
import { createLogger } from "../../../runtime/log.ts";
import type { FastifyInstance } from "fastify";

const NOW = new Date("2026-01-01T00:00:00Z");

/** What Alertmanager 0.27 sends for one firing alert. */
const fromAlertmanager = {
  channel: "#alerts",
  username: "Alertmanager",
  attachments: [
    {
      title: "warning: ModelDrift (1)",
      title_link: "http://alertmanager/#/alerts",
      text: "pushback in production sees data that it was not trained on",
      fallback: "[FIRING:1] ModelDrift",
      callback_id: "2",
      footer: "",
      color: "danger",
      mrkdwn_in: ["fallback", "pretext", "text"],
    },
  ],
};

function receiver(): { app: FastifyInstance; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({ write: (line) => void lines.push(line) });
  return { app: receiverApp({ inbox: alertInbox(3), log, now: () => NOW, maxBodyBytes: 10_000 }), lines };
}

test.each(["/", "/services/T000/B000/secret"])(
  "takes a webhook on %s, logs it, and shows it to people and programs",
  async (url) => {
    const { app, lines } = receiver();
    const posted = await app.inject({ method: "POST", url, payload: fromAlertmanager });
    expect([posted.statusCode, posted.body]).toEqual([200, "ok"]);
    const { title, text, fallback, color, title_link } = fromAlertmanager.attachments[0]!;
    expect((await app.inject("/messages")).json()).toEqual({
      messages: [
        {
          receivedAt: NOW.toISOString(),
          message: {
            channel: "#alerts",
            username: "Alertmanager",
            attachments: [{ title, title_link, text, fallback, color, fields: [] }],
          },
        },
      ],
    });
    const page = await app.inject("/");
    expect(page.headers["content-type"]).toContain("text/html");
    expect(page.body).toContain("warning: ModelDrift (1)");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ message: "alert received", titles: [title] });
    expect(lines.join()).not.toContain("secret");
  },
);

test("keeps the newest messages only, newest first", async () => {
  const { app } = receiver();
  for (const text of ["1", "2", "3", "4"]) await app.inject({ method: "POST", url: "/", payload: { text } });
  const { messages } = (await app.inject("/messages")).json<{ messages: { message: { text: string } }[] }>();
  expect(messages.map(({ message }) => message.text)).toEqual(["4", "3", "2"]);
  expect(alertInbox().list()).toEqual([]);
});

test("keeps two hundred messages by default", () => {
  const inbox = alertInbox();
  for (let i = 0; i < 201; i++) inbox.add({ text: String(i), attachments: [] }, NOW);
  expect(inbox.list()).toHaveLength(200);
});

test.each<[string, string, number]>([
  ["garbage", "{", 400],
  ["an empty object", "{}", 400],
  ["an array", "[]", 400],
  ["too much", JSON.stringify({ text: "x".repeat(10_001) }), 413],
])("refuses %s as Slack does", async (_name, payload, status) => {
  const { app } = receiver();
  const response = await app.inject({ method: "POST", url: "/", payload });
  expect([response.statusCode, response.body]).toEqual([status, "invalid_payload"]);
  expect((await app.inject("/messages")).json()).toEqual({ messages: [] });
});

test("answers probes, and shows a page before the first alert", async () => {
  const { app } = receiver();
  expect((await app.inject("/healthz")).statusCode).toBe(200);
  expect((await app.inject("/")).body).toContain("No alert so far");
});

test("web addresses are links, and nothing else is", () => {
  const shown = (title_link: string, text: string): string =>
    alertsPage([
      { receivedAt: "now", message: { attachments: [{ title: "t", title_link, text, fields: [] }] } },
    ]);
  const page = shown("https://runbooks.example/a?b=1&c=2", 'see http://x.example/"onclick=1 <b>');
  expect(page).toContain('<h2><a href="https://runbooks.example/a?b=1&amp;c=2">t</a></h2>');
  expect(page).toContain('see <a href="http://x.example/">http://x.example/</a>&quot;onclick=1 &lt;b&gt;');
  expect(shown("javascript:alert(1)", "javascript:alert(1)")).not.toMatch(/<h2><a|href="javascript/);
});

test("no message can put markup into the page", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (inner, color) => {
      const evil = `<img src=x onerror=alert(1)>"'&${inner}`;
      const attachments = [
        { title: evil, text: evil, color: `${color}"><script>`, fields: [{ title: evil, value: evil }] },
      ];
      const page = alertsPage([{ receivedAt: NOW.toISOString(), message: { text: evil, attachments } }]);
      expect(page).not.toMatch(/<img|<script/);
      expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
    }),
  );
});
