import { isSecretName } from "./secret-names.ts";

/** Texts that are no secrets: references to a secret, or plain settings such as `true`. */
const REFERENCE =
  /^(|true|false|none|null|disabled|enabled|required|optional|auto|\/\S*|\.{1,2}\/\S*|file:.+|env:.+|arn:aws\S*:\S+|projects\/[^/]+\/secrets\/\S+|https:\/\/[^/]+\.vault\.azure\.net\/\S+|vault:.+)$/i;

/** Variables and templates that are the whole text: `$(PASSWORD)`, `${PASSWORD}`, `$PASSWORD`, `{{ .password }}`. */
const PLACEHOLDER = /^(\$\(.+\)|\$\{.+\}|\$[A-Za-z_]\w*|%\w+%|\{\{.+\}\}|<[^<>]+>|\*+)$/;

/** Secrets with a recognizable form. */
const SHAPES: readonly [name: string, shape: RegExp][] = [
  ["an access key of AWS", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a private key", /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----/],
  ["a token of GitHub", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b/],
  ["a token of GitLab", /\bglpat-[A-Za-z0-9_-]{20,}/],
  ["a token of Slack", /\bxox[abeprs]-[A-Za-z0-9-]{10,}/],
  ["a webhook of Slack", /hooks\.slack\.com\/(services|workflows)\/T\w+\/\w+\/\w+/],
  ["an API key of Google", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a token of Hugging Face", /\bhf_[A-Za-z0-9]{34,}\b/],
  ["a key of Stripe", /\b[rs]k_live_[A-Za-z0-9]{20,}\b/],
  ["a JSON Web Token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ["a key of an Azure storage account", /\bAccountKey=[A-Za-z0-9+/=]{40,}/],
  ["a shared access signature of Azure", /\bsig=[A-Za-z0-9%+/]{40,}/],
];

/** `scheme://user:password@host`; the user may be empty, as in most Redis URLs. */
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:([^/?#\s@]+)@/gi;

/** `NAME=value` in a command, a connection string or the query of a URL. */
const ASSIGNMENT = /([{,]\s*)?\b([A-Za-z_][\w.-]*)=(?=("[^"]*"|'[^']*'|[^\s"'&;,]+))/g;

/** Whether a text could be a secret itself, not a reference, a setting or a placeholder. */
export function isLiteral(text: string): boolean {
  const trimmed = text.trim();
  return !REFERENCE.test(trimmed) && !PLACEHOLDER.test(trimmed);
}

/** Returns the kind of secret that a text contains, by its form; undefined if there is none. Never returns the secret. */
export function secretShape(text: string): string | undefined {
  const known = SHAPES.find(([, shape]) => shape.test(text));
  if (known !== undefined) return known[0];
  if ([...text.matchAll(URL_PASSWORD)].some(([, password = ""]) => !PLACEHOLDER.test(password)))
    return "a password in a URL";
  const assigned = [...text.matchAll(ASSIGNMENT)].some(([, brace, name = "", value = ""]) => {
    if (brace !== undefined && /^["']/.test(value)) return false; // a label in a Prometheus query
    const plain = value.replaceAll(/^["']|["']$/g, "");
    return isSecretName(name) && isLiteral(plain) && !/^[$`]/.test(plain);
  });
  return assigned ? "an assignment of a secret" : undefined;
}
