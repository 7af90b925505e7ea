/** Invisible character that stops GitHub from turning `@name` into a mention. */
const WORD_JOINER = "\u2060";

/** Escapes text for a table cell or a line of a comment, so that it contains no markup, HTML, mention or reference. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_[\]#|~$]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll("@", `@${WORD_JOINER}`)
    .replace(/(https?|ftp):/gi, `$1${WORD_JOINER}:`)
    .replace(/www\./gi, `www${WORD_JOINER}.`)
    .replace(/\s*[\r\n]+\s*/g, " ");
}
