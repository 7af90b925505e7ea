/** Zero-width joiner of words: keeps GitHub from making a mention of `@name`, and is not seen. */
const WORD_JOINER = "\u2060";

/** Text in a table cell or a line of a comment: shown as it is, with no markup, HTML, mention or reference in it. */
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
