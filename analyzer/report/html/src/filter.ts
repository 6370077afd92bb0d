// SPDX-License-Identifier: MIT
//
// Which findings are listed.
import { shortPath, type Item, type Level, type State } from "./model";

export interface Filter {
  text: string; levels: Level[]; rule: string; evidence: string; file: string; states: State[];
}

export const noFilter: Filter = { text: "", levels: [], rule: "", evidence: "", file: "", states: ["open"] };

export function filesOf(item: Item): string[] {
  const f = item.finding;
  const files = new Set<string>();
  const add = (file?: string) => file && files.add(shortPath(file));
  add(f.location?.file);
  for (const p of f.participants ?? []) for (const s of p.steps ?? []) add(s.location?.file);
  return [...files];
}

export function matches(item: Item, filter: Filter): boolean {
  const f = item.finding;
  return filter.states.includes(item.state)
    && (!filter.levels.length || filter.levels.includes(f.level))
    && (!filter.rule || filter.rule === f.rule)
    && (!filter.evidence || filter.evidence === f.evidence)
    && (!filter.file || filesOf(item).includes(filter.file))
    && filter.text.toLowerCase().split(/\s+/).every((word) => item.searchText.includes(word));
}

/** How often each value occurs, most frequent first. */
export function counts(values: string[]): [string, number][] {
  const n = new Map<string, number>();
  for (const v of values) n.set(v, (n.get(v) ?? 0) + 1);
  return [...n].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
