// SPDX-License-Identifier: MIT
//
// What was run, what it says about its own work, and the findings by rule and by file; each number filters.
import { counts, filesOf, noFilter, type Filter } from "./filter";
import { data, items, place, plural, type Level } from "./model";
import { EditorChoice } from "./place";

const KEYS: [string, string][] = [
  ["j, k", "next and previous finding"], ["→, ←", "step through the timeline"], ["Home, End", "first and last step"],
  ["/", "filter by text"], ["Esc", "leave the filter"], ["e", "open or close all call paths"], ["t", "light, dark, as the system"],
  ["o, ?", "this overview"],
];

export function Notifications() {
  const list = (data.notifications ?? []).filter((n) => n.level !== "none");
  if (!list.length && data.successful) return null;
  const worst = list.some((n) => n.level === "error") || !data.successful ? "error" : list.some((n) => n.level === "warning") ? "warning" : "note";
  return (
    <details class={`notifications ${worst}`} open={worst !== "note" && list.length <= 3}>
      <summary>{data.successful ? "" : "The analysis is not complete. "}{plural(list.length, "remark")} on the run</summary>
      <ul>{list.map((n) => (
        <li><span class={`level ${n.level}`}>{n.level}</span> {n.location?.file && <code>{place(n.location)}</code>} {n.message}</li>
      ))}</ul>
    </details>
  );
}

export function Overview({ apply }: { apply: (f: Filter) => void }) {
  const open = items.filter((i) => i.state === "open");
  const levels: Level[] = ["error", "warning", "note"];
  const of = (rule: string, level: Level) => open.filter((i) => i.finding.rule === rule && i.finding.level === level).length;
  const files = counts(open.flatMap(filesOf)).slice(0, 12);
  return (
    <article class="overview">
      <h1>{open.length ? plural(open.length, "finding") : "Nothing was found"}</h1>
      {data.commandLine && <p class="command"><code>{data.commandLine}</code></p>}
      <Notifications />
      <div class="columns">
        {open.length > 0 && <section class="part"><h2>By rule</h2>
          <table class="counts"><thead><tr><th scope="col">Rule</th>{levels.map((l) => <th scope="col">{l}</th>)}</tr></thead>
            <tbody>{counts(open.map((i) => i.finding.rule)).map(([rule]) => (
              <tr><th scope="row"><button class="link" onClick={() => apply({ ...noFilter, rule })}>{data.rules[rule]?.title ?? rule}</button></th>
                {levels.map((l) => <td>{of(rule, l) ? <button class="link" onClick={() => apply({ ...noFilter, rule, levels: [l] })}>{of(rule, l)}</button> : ""}</td>)}
              </tr>
            ))}</tbody></table></section>}
        {files.length > 0 && <section class="part"><h2>By file</h2>
          <table class="counts"><thead><tr><th scope="col">File</th><th scope="col">findings</th></tr></thead>
            <tbody>{files.map(([file, n]) => (
              <tr><th scope="row"><button class="link" onClick={() => apply({ ...noFilter, file })}>{file}</button></th><td>{n}</td></tr>
            ))}</tbody></table></section>}
        <section class="part"><h2>Keys</h2>
          <dl class="keys">{KEYS.map(([k, what]) => <><dt><kbd>{k}</kbd></dt><dd>{what}</dd></>)}</dl>
          <EditorChoice /></section>
      </div>
      <p class="quiet">Gordian {data.gordian.version}{data.workingDirectory ? <>, run in <code>{data.workingDirectory}</code></> : null}</p>
    </article>
  );
}
