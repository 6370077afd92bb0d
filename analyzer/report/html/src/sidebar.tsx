// SPDX-License-Identifier: MIT
//
// The list of findings with its filters.
import { useEffect, useRef, useState } from "preact/hooks";
import { counts, filesOf, noFilter, type Filter } from "./filter";
import { Badges } from "./finding";
import { Quoted } from "./place";
import { items, place, plural, type Item, type Level, type State } from "./model";

const PAGE = 200;

function Select({ label, value, all, values, set }: {
  label: string; value: string; all: string; values: [string, number][]; set: (v: string) => void;
}) {
  if (values.length < 2 && !value) return null;
  return (
    <label><span class="hidden">{label}</span>
      <select value={value} onChange={(e) => set(e.currentTarget.value)}>
        <option value="">{all}</option>
        {values.map(([v, n]) => <option value={v}>{v} ({n})</option>)}
      </select></label>
  );
}

function Chip({ on, text, n, set }: { on: boolean; text: string; n: number; set: () => void }) {
  if (!n) return null;
  return <button class={`chip ${text}`} aria-pressed={on} onClick={set}>{text} {n}</button>;
}

function toggled<T>(list: T[], x: T): T[] {
  return list.includes(x) ? list.filter((y) => y !== x) : [...list, x];
}

function Filters({ filter, set }: { filter: Filter; set: (f: Filter) => void }) {
  const open = items.filter((i) => filter.states.includes(i.state));
  const levels = counts(open.map((i) => i.finding.level));
  const states = counts(items.map((i) => i.state));
  const number = (list: [string, number][], x: string) => list.find(([v]) => v === x)?.[1] ?? 0;
  return (
    <div class="filters" role="search">
      <input id="search" type="search" placeholder="Filter: words, functions, files, locks  ( / )" aria-label="Filter by text"
        value={filter.text} onInput={(e) => set({ ...filter, text: e.currentTarget.value })} />
      <div class="chips">
        {(["error", "warning", "note"] as Level[]).map((l) => (
          <Chip on={filter.levels.includes(l)} text={l} n={number(levels, l)} set={() => set({ ...filter, levels: toggled(filter.levels, l) })} />
        ))}
        {(["known", "suppressed"] as State[]).map((s) => (
          <Chip on={filter.states.includes(s)} text={s} n={number(states, s)} set={() => set({ ...filter, states: toggled(filter.states, s) })} />
        ))}
      </div>
      <div class="selects">
        <Select label="Rule" all="all rules" value={filter.rule} values={counts(open.map((i) => i.finding.rule))} set={(rule) => set({ ...filter, rule })} />
        <Select label="Evidence" all="all evidence" value={filter.evidence} values={counts(open.map((i) => i.finding.evidence))} set={(evidence) => set({ ...filter, evidence })} />
        <Select label="File" all="all files" value={filter.file} values={counts(open.flatMap(filesOf))} set={(file) => set({ ...filter, file })} />
      </div>
    </div>
  );
}

function Entry({ item, selected }: { item: Item; selected: boolean }) {
  const ref = useRef<HTMLAnchorElement>(null);
  useEffect(() => { if (selected) ref.current?.scrollIntoView({ block: "nearest" }); }, [selected]);
  const f = item.finding;
  return (
    <li><a ref={ref} href={`#${item.id}`} class={`entry ${item.state}`} aria-current={selected ? "true" : undefined}>
      <span class="first"><span class={`dot ${f.level}`} title={f.level} /><b>{item.rule.title}</b><Badges item={item} /></span>
      <span class="message"><Quoted text={f.message} /></span>
      <span class="at">{place(f.location)}</span>
    </a></li>
  );
}

export function Sidebar({ shown, selected, filter, setFilter }: {
  shown: Item[]; selected?: Item; filter: Filter; setFilter: (f: Filter) => void;
}) {
  const [limit, setLimit] = useState(PAGE);
  const at = selected ? shown.indexOf(selected) : -1;
  const n = Math.max(limit, at + 1);
  const filtered = JSON.stringify(filter) !== JSON.stringify(noFilter);
  return (
    <nav class="sidebar" aria-label="Findings">
      <Filters filter={filter} set={setFilter} />
      <p class="count"><a href="#overview">{plural(shown.length, "finding")}</a>
        {filtered && <button class="link" onClick={() => setFilter(noFilter)}>clear the filter</button>}</p>
      <ul>{shown.slice(0, n).map((i) => <Entry item={i} selected={i === selected} />)}</ul>
      {shown.length > n && <button onClick={() => setLimit(n + PAGE)}>{shown.length - n} more</button>}
      {!shown.length && <p class="quiet none">{items.length ? "No finding matches the filter." : "Nothing was found."}</p>}
    </nav>
  );
}
