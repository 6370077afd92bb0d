// SPDX-License-Identifier: MIT
//
// The report's data as html.cpp embeds it: the json format's members (report/json_fields.h; empty ones are absent),
// the words for each step (report/words.h), the rules that occur, and the source lines that are shown.

export interface Location { file?: string; line?: number; column?: number }
export interface Frame { function?: string; location?: Location; module?: string; offset?: number }
export interface Subject { name?: string; key?: string; kind?: string; declaration?: Location }
export type StepKind = "acquire" | "request" | "release" | "wait" | "notify" | "join" | "spawn" | "call" | "read"
  | "write" | "exit" | "destroy" | "declare";
export interface Step {
  kind: StepKind; subject?: number; mode: "exclusive" | "shared"; location?: Location; function?: string;
  stack?: Frame[]; note?: string;
}
export interface Participant { name?: string; steps?: Step[] }
export type Level = "error" | "warning" | "note" | "none";
export type Evidence = "static" | "observed" | "predicted" | "confirmed";
export interface Finding {
  rule: string; level: Level; hint?: boolean; evidence: Evidence; message: string; fingerprint?: string;
  location?: Location; reason?: string; subjects?: Subject[]; participants?: Participant[]; alternatives?: Participant[][];
  alternativesTotal?: number; related?: Step[]; factors?: { name: string; weight: number }[];
  suppressions?: { kind: string; justification?: string }[];
  baseline?: "new" | "unchanged" | "updated" | "absent";
}
/** For each step, in the order of the finding's lists: the verb and its object, and the whole clause. */
type StepWords = [brief: string, full: string];
export interface Words { evidence: string; participants: StepWords[][]; alternatives: StepWords[][][]; related: StepWords[] }
export interface Rule { title: string; level: Level; cwe: number; what: string; fix: string; page: string }
export interface Notification { level: Level; message: string; location?: Location }
export interface Data {
  gordian: { schema: number; version: string };
  successful: boolean; commandLine?: string; workingDirectory?: string;
  findings?: Finding[]; notifications?: Notification[];
  words: Words[]; rules: Record<string, Rule>; sources: Record<string, Record<string, string>>;
}

/** A finding with what the page adds to it. */
export interface Item {
  finding: Finding; words: Words; rule: Rule; id: string; state: State; searchText: string;
}
export type State = "open" | "known" | "suppressed";

export const data: Data = JSON.parse(document.getElementById("data")!.textContent!);

const unknownRule = (id: string): Rule => ({ title: id, level: "warning", cwe: 0, what: "", fix: "", page: "" });

function stateOf(f: Finding): State {
  if (f.suppressions?.length) return "suppressed";
  return f.baseline === "unchanged" || f.baseline === "updated" ? "known" : "open";
}

function searchTextOf(f: Finding): string {
  const parts = [f.message, f.rule, f.fingerprint ?? "", shortPath(f.location?.file)];
  for (const p of f.participants ?? []) {
    parts.push(p.name ?? "");
    for (const s of p.steps ?? []) parts.push(s.function ?? "", shortPath(s.location?.file));
  }
  for (const s of f.subjects ?? []) parts.push(s.name ?? "");
  return parts.join("\n").toLowerCase();
}

function makeItems(): Item[] {
  const seen = new Map<string, number>();
  return (data.findings ?? []).map((finding, i) => {
    const base = (finding.fingerprint ?? `finding-${i + 1}`).slice(0, 10);
    const n = (seen.get(base) ?? 0) + 1;
    seen.set(base, n);
    return {
      finding, words: data.words[i], rule: data.rules[finding.rule] ?? unknownRule(finding.rule),
      id: n === 1 ? base : `${base}-${n}`, state: stateOf(finding), searchText: searchTextOf(finding),
    };
  });
}

/** Relative to the folder in which the tool ran, where it lies below it. */
export function shortPath(file?: string): string {
  const root = data.workingDirectory;
  if (!file) return "";
  return root && file.startsWith(root + "/") ? file.slice(root.length + 1) : file;
}

export function place(at?: Location): string {
  if (!at?.file) return "";
  return shortPath(at.file) + (at.line ? `:${at.line}` : "") + (at.line && at.column ? `:${at.column}` : "");
}

/** "a::b<c>::f(int)" without template arguments and parameters. */
function bare(name: string): string {
  let depth = 0, out = "";
  for (const c of name.replace(/\(anonymous namespace\)/g, "{anonymous}").replace(/operator([<>()]+)/g, "operator")) {
    if (c === "<" || c === "(") ++depth;
    if (depth === 0) out += c;
    if (c === ">" || c === ")") --depth;
  }
  return out.replace(/ const$/, "") || name;
}

/** The last `parts` components of a qualified name. */
export function shortName(name: string, parts = 2): string {
  return bare(name).split("::").slice(-parts).join("::");
}

/** Each subject's name as short as it stays distinct from the others'. */
function shortSubjects(f: Finding): string[] {
  const full = (f.subjects ?? []).map((s) => s.name || s.key || "");
  for (let parts = 2; parts < 6; ++parts) {
    const short = full.map((n) => (/^[\w:<>, ~&*]+$/.test(n) ? shortName(n, parts) : n));
    if (new Set(short).size === new Set(full).size) return short;
  }
  return full;
}

const subjectCache = new WeakMap<Finding, string[]>();

/** The short name; what is shown in full has subjects[i].name. */
export function subjectName(f: Finding, subject?: number): string {
  let names = subjectCache.get(f);
  if (!names) subjectCache.set(f, names = shortSubjects(f));
  return subject === undefined ? "" : names[subject] ?? "";
}

/** A sentence about the finding with its subjects' names shortened. */
export function shortText(f: Finding, text: string): string {
  const pairs = (f.subjects ?? []).map((s, i): [string, string] => [s.name || s.key || "", subjectName(f, i)]);
  pairs.sort((a, b) => b[0].length - a[0].length);
  return pairs.reduce((t, [full, short]) => (full && full !== short ? t.split(full).join(short) : t), text);
}

export function participantName(p: Participant, index: number): string {
  return p.name || `participant ${index + 1}`;
}

export function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

export const items: Item[] = makeItems();
