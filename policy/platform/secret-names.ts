/** Words that say by themselves that the value is a secret. */
const PASSWORDS = "password|passwd|passphrase|passcode|pwd";
/** What stands before `pass` or `pwd` where those mean a password, in one word with it or apart. */
const OWNERS =
  "db|database|pg|postgres|mysql|maria|mongo|redis|rabbit|rabbitmq|amqp|ldap|smtp|mail|imap|ftp|sftp|user|root|admin|my|login|require|master";
/** What stands before `auth` where that means a password. */
const AUTHS = "redis|rediscli|basic|http|proxy|registry|docker|npm|smtp";
/** What stands before `key` where the key is a secret. */
const KEYS =
  "api|access|secret|private|signing|signature|encryption|account|shared|storage|master|license|subscription|session|cookie|hmac";

const SECRET_WORDS = [
  // Without a space: `PGPASSWORD`, `dbpassword`
  `\\S*(${PASSWORDS})s?`,
  "pass",
  `(${OWNERS})(pass|pwd)`,
  `(${AUTHS}) ?auth`,
  "\\S*secret",
  "secret key base",
  // `maxTokens` counts, so the plural is none
  "\\S*token",
  "credentials?",
  "creds",
  "pat",
  `(${KEYS}) ?keys?`,
  "connection string",
];

/** `DB_PASSWORD_1`, `tokenValue` and `secretString` are named as secrets too. */
const SUFFIXES = "value|string|data|text|plaintext|base64|b64|old|new|current|previous|\\d+";

/** Names whose last words say that the value is a secret, however they are written: `dbPassword`, `DB_PASSWORD`. */
const SECRET_NAME = new RegExp(`(^| )(${SECRET_WORDS.join("|")})\\d*( (${SUFFIXES}))*$`);

/** Tokens that make a request unique, or that ask for the next page. */
const OPEN_TOKEN =
  /(creation|client|client request|request|idempotency|next|next page|page|continuation) token$/;

/** `DB_PASSWORD`, `dbPassword`, `DBPassword` and `db-password` are all `db password`. */
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
  const spoken = words(name);
  return SECRET_NAME.test(spoken) && !OPEN_TOKEN.test(spoken);
}
