/** Names whose last words say that the value is a secret, however they are written: `dbPassword`, `DB_PASSWORD`. */
const SECRET_NAME =
  /(^| )(password|passwd|passphrase|pwd|secret|secret string|secret value|secret data|token|credentials?|api key|apikey|access key|secret key|private key|signing key|encryption key|account key|shared key|connection string)$/;

/** What is no secret itself, but says where one is, or that there is none. */
const REFERENCE =
  /^(|true|false|none|null|disabled|enabled|required|optional|auto|\/\S*|\.{1,2}\/\S*|\$\(.+\)|\$\{.+\}|file:.+|env:.+|arn:aws\S*:\S+|projects\/[^/]+\/secrets\/\S+|https:\/\/[^/]+\.vault\.azure\.net\/\S+|vault:.+)$/i;

/** Secrets that can be told by their form alone, wherever they stand. */
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
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s:@${}]+@/i],
];

/** `DB_PASSWORD`, `dbPassword` and `db-password` are all `db password`. */
function words(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
}

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(words(name));
}

/** A text that could be the secret itself, rather than a word or a place. */
export function isLiteral(text: string): boolean {
  return !REFERENCE.test(text.trim());
}

/** What a text holds that is known for a secret; it is not repeated. */
export function secretShape(text: string): string | undefined {
  return SHAPES.find(([, shape]) => shape.test(text))?.[0];
}
