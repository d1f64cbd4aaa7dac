const token =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy;

/**
 * The place of the first error in text that is no JSON (RFC 8259), as a sentence. Engines tell it only
 * sometimes, and never for a NaN in a short text, which writers in other languages leave behind.
 */
export function jsonError(text: string): string {
  const open: ("{" | "[")[] = [];
  /** What has to come next; "next" is what may follow a value. */
  let awaited: "value" | "key" | "colon" | "next" = "value";
  /** Whether a bracket was just opened, so that it may close at once. */
  let fresh = false;
  token.lastIndex = 0;
  for (;;) {
    const from: number = token.lastIndex;
    const [, mark = null, string = null] = token.exec(text) ?? [null, ""];
    const inside = open.at(-1);
    const closes = mark !== null && mark === (inside === "{" ? "}" : "]") && inside !== undefined;
    if (mark === "") return errorAt(text, from);
    if (closes && (fresh || awaited === "next")) {
      open.pop();
      awaited = "next";
      fresh = false;
      continue;
    }
    const opens = mark === "{" || mark === "[";
    if (awaited === "value" && (mark === null || opens)) {
      if (opens) open.push(mark);
      awaited = !opens ? "next" : mark === "{" ? "key" : "value";
      fresh = opens;
    } else if (awaited === "key" && string !== null) [awaited, fresh] = ["colon", false];
    else if (awaited === "colon" && mark === ":") awaited = "value";
    else if (awaited === "next" && mark === "," && inside) {
      awaited = inside === "{" ? "key" : "value";
    } else return errorAt(text, from);
  }
}

/** The error, with its place: the first word at or after `from`. */
function errorAt(text: string, from: number): string {
  const rest = text.slice(from);
  const at = from + rest.length - rest.replace(/^[ \t\n\r]+/, "").length;
  const before = text.slice(0, at).split("\n");
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const word = /^[\w.+-]+|^./s.exec(text.slice(at));
  return word
    ? `${place}: ${JSON.stringify(word[0].slice(0, 40))} is no JSON here`
    : `${place}: the file ends too early`;
}
