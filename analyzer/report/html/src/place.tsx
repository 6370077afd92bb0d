// SPDX-License-Identifier: MIT
//
// A location that can be clicked: opens the user's editor where one is chosen, else copies file:line:column. A page
// can not know the editor, so the choice is the reader's and is kept.
import { useState } from "preact/hooks";
import { place, type Location } from "./model";

const EDITORS: Record<string, { name: string; href?: (file: string, line: number, column: number) => string }> = {
  copy: { name: "copies the place" },
  vscode: { name: "opens VS Code", href: (f, l, c) => `vscode://file${encodeURI(f)}:${l}:${c}` },
  cursor: { name: "opens Cursor", href: (f, l, c) => `cursor://file${encodeURI(f)}:${l}:${c}` },
  zed: { name: "opens Zed", href: (f, l, c) => `zed://file${encodeURI(f)}:${l}:${c}` },
  clion: { name: "opens CLion", href: (f, l) => `clion://open?file=${encodeURIComponent(f)}&line=${l}` },
  emacs: { name: "opens Emacs", href: (f, l, c) => `emacs://open?url=file://${encodeURI(f)}&line=${l}&column=${c}` },
};

/** A report opened from disk may have no storage; a setting is then forgotten, nothing else. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // See remembered().
  }
}

let editor = remembered("gordian-editor") ?? "copy";

export function EditorChoice() {
  const [value, set] = useState(editor in EDITORS ? editor : "copy");
  return (
    <label class="choice">A click on a place{" "}
      <select value={value} onChange={(e) => {
        editor = e.currentTarget.value;
        remember("gordian-editor", editor);
        set(editor);
      }}>
        {Object.entries(EDITORS).map(([id, e]) => <option value={id}>{e.name}</option>)}
      </select>
    </label>
  );
}

export async function copy(text: string, what: string): Promise<void> {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard for file:// in some browsers: the old way still works there.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  toast(done ? `${what} copied` : text);
}

function toast(text: string): void {
  document.querySelector(".toast")?.remove();
  const box = document.createElement("div");
  box.className = "toast";
  box.setAttribute("role", "status");
  box.textContent = text;
  document.body.append(box);
  setTimeout(() => box.remove(), 1800);
}

/** Text whose `names` in backticks are set as code. */
export function Quoted({ text }: { text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 ? <code><Breakable text={part} /></code> : part))}</>;
}

/** Text that may break behind "::" and "/" and nowhere else within a name. */
export function Breakable({ text }: { text: string }) {
  return <>{text.split(/(?<=::|\/)/).map((part) => <>{part}<wbr /></>)}</>;
}

export function Place({ at, short }: { at?: Location; short?: boolean }) {
  const text = place(at);
  if (!text) return <span class="place none">no source known</span>;
  const label = short ? text.replace(/^.*\//, "") : text;
  const open = (e: MouseEvent) => {
    const href = EDITORS[editor]?.href;
    e.preventDefault();
    if (href) location.href = href(at!.file!, at!.line ?? 1, at!.column || 1);
    else void copy(text, text);
  };
  return <a class="place" href={`file://${at!.file}`} title={text} onClick={open}>{label}</a>;
}
