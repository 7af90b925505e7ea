/** Words that mark a secret alone. */
const PASSWORDS = "password|passwd|passphrase|passcode|pwd";
/** Words before `pass` or `pwd` that make it a password, as in `dbpass` or `db_pass`. */
const OWNERS =
  "db|database|pg|postgres|mysql|maria|mongo|redis|rabbit|rabbitmq|amqp|ldap|smtp|mail|imap|ftp|sftp|user|root|admin|my|login|require|master";
/** Words before `auth` that make it a password. */
const AUTHS = "redis|rediscli|basic|http|proxy|registry|docker|npm|smtp";
/** Words before `key` that make it a secret. */
const KEYS =
  "api|access|secret|private|signing|signature|encryption|account|shared|storage|master|license|subscription|session|cookie|hmac";

const SECRET_WORDS = [
  // Also with letters before it: `PGPASSWORD`, `dbpassword`
  `\\S*(${PASSWORDS})s?`,
  "pass",
  `(${OWNERS})(pass|pwd)`,
  `(${AUTHS}) ?auth`,
  "\\S*secret",
  "secret key base",
  // Not the plural: `maxTokens` is a number
  "\\S*token",
  "credentials?",
  "creds",
  "pat",
  `(${KEYS}) ?keys?`,
  "connection string",
];

/** Words that may follow the name of a secret: `DB_PASSWORD_1`, `tokenValue`, `secretString`. */
const SUFFIXES = "value|string|data|text|plaintext|base64|b64|old|new|current|previous|\\d+";

/** Matches names, as words, that end in the name of a secret. */
const SECRET_NAME = new RegExp(`(^| )(${SECRET_WORDS.join("|")})\\d*( (${SUFFIXES}))*$`);

/** Tokens that are no secrets: they make a request unique, or request the next page. */
const PUBLIC_TOKEN =
  /(creation|client|client request|request|idempotency|next|next page|page|continuation) token$/;

/** Splits a name into lower-case words: `DB_PASSWORD`, `dbPassword`, `DBPassword` and `db-password` become `db password`. */
function words(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replaceAll(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
}

/** Whether a property, an environment variable or a flag has the name of a secret. */
export function isSecretName(name: string): boolean {
  const asWords = words(name);
  return SECRET_NAME.test(asWords) && !PUBLIC_TOKEN.test(asWords);
}
