// SPDX-License-Identifier: MIT
//
// Source lines with syntax colours. Lines are coloured one by one, so the inside of a comment over several lines is
// coloured as code.
import Prism from "prismjs/components/prism-core";
import "prismjs/components/prism-clike";
import "prismjs/components/prism-c";
import "prismjs/components/prism-cpp";
import "prismjs/components/prism-python";
import { useMemo } from "preact/hooks";
import { data } from "./model";

function languageOf(file: string): string {
  if (/\.pyx?$/.test(file)) return "python";
  return /\.c$/.test(file) ? "c" : "cpp";
}

/** Prism escapes what it is given: the result is markup made of spans and text. */
function highlighted(text: string, file: string): string {
  const language = languageOf(file);
  return Prism.highlight(text, Prism.languages[language], language);
}

export function sourceLine(file: string | undefined, line: number): string | undefined {
  return file ? data.sources[file]?.[line] : undefined;
}

export function Code({ text, file }: { text: string; file: string }) {
  const html = useMemo(() => highlighted(text, file), [text, file]);
  return <code dangerouslySetInnerHTML={{ __html: html || " " }} />;
}

/** What stands below a line's first columns: blanks, and tabs where the line has tabs. Columns count bytes. */
export function caretPad(text: string, column: number): string {
  const encoder = new TextEncoder();
  let pad = "", bytes = 0;
  for (const c of text) {
    if (bytes >= column - 1) break;
    bytes += encoder.encode(c).length;
    pad += c === "\t" ? "\t" : " ";
  }
  return pad;
}
