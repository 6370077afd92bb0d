// SPDX-License-Identifier: MIT
//
// One finding, from the sentence to the fix: the picture and the timeline, each participant's source, further sites,
// why it is believed, how to fix it, how to accept it.
import { marked } from "marked";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Graph } from "./graph";
import { participantName, place, plural, shortName, shortText, type Finding, type Item, type Participant, type Step } from "./model";
import { copy, Place, Quoted } from "./place";
import { Story, type Mark } from "./story";
import { Timeline, Verdict } from "./timeline";
import { deadlocked, play, timeline, worthStepping, type Event } from "./timeline_model";

const EVIDENCE: Record<string, string> = {
  static: "found in the source", observed: "observed in a run", predicted: "predicted from a run",
  confirmed: "it happened",
};

export function Badges({ item }: { item: Item }) {
  const f = item.finding;
  return (
    <span class="badges">
      <span class={`badge evidence ${f.evidence}`}>{EVIDENCE[f.evidence]}</span>
      {f.baseline === "new" && <span class="badge new">new</span>}
      {item.state === "known" && <span class="badge">in the baseline</span>}
      {item.state === "suppressed" && <span class="badge">suppressed</span>}
      {f.hint && <span class="badge">hint</span>}
    </span>
  );
}

function marksOf(events: Event[], participant: number): Mark[] {
  return events.flatMap((e, row) =>
    e.participant === participant ? [{ step: e.step, text: e.text, number: row + 1 }] : []);
}

function Stories({ participants, events, current }: { participants: Participant[]; events: Event[]; current: number }) {
  return (
    <div class={`stories n${Math.min(participants.length, 3)}`}>
      {participants.map((p, i) => (
        <Story participant={p} index={i} marks={marksOf(events, i)} current={current + 1} single={participants.length === 1} />
      ))}
    </div>
  );
}

function Alternatives({ item, open }: { item: Item; open: boolean }) {
  const list = item.finding.alternatives ?? [];
  const total = Math.max(item.finding.alternativesTotal ?? 0, list.length);
  if (!total) return null;
  return (
    <details class="part" open={open}>
      <summary><h2>The same at {plural(total, "further site")}</h2></summary>
      {total > list.length && <p class="quiet">{plural(list.length, "site")} of {total} kept.</p>}
      {list.map((participants, n) => (
        <section class="alternative" aria-label={`Site ${n + 1}`}>
          <Stories participants={participants} events={timeline(item.finding, participants, item.words.alternatives[n] ?? [])} current={-1} />
        </section>
      ))}
    </details>
  );
}

function Related({ steps, words }: { steps: Step[]; words: Item["words"]["related"] }) {
  if (!steps.length) return null;
  const marks = steps.map((step, i) => ({ step, text: words[i]?.[1] ?? "", number: i + 1 }));
  return (
    <section class="part"><h2>Also of interest</h2>
      <Story participant={{ name: "" }} index={5} marks={marks} current={0} single /></section>
  );
}

function Why({ item }: { item: Item }) {
  const f = item.finding;
  return (
    <section class="part why"><h2>Why it is reported</h2>
      <ul>
        <li>{item.words.evidence.replace(/^./, (c) => c.toUpperCase())}.</li>
        {f.reason && <li><Quoted text={f.reason.replace(/^./, (c) => c.toUpperCase())} />.</li>}
        {(f.factors ?? []).map((x) => (
          <li>{x.name.replace(/^./, (c) => c.toUpperCase())}
            {x.weight < 1 && <span class="quiet"> (less certain: {x.weight.toFixed(2)})</span>}</li>
        ))}
        {(f.suppressions ?? []).map((s) => (
          <li><b>Suppressed</b> {s.kind === "inSource" ? "in the source" : "by file"}: {s.justification}</li>
        ))}
      </ul>
      {!!f.subjects?.length && (
        <table class="subjects"><thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Declared</th></tr></thead>
          <tbody>{f.subjects.map((s) => (
            <tr><td><code>{s.name || s.key}</code></td><td>{s.kind}</td>
              <td>{s.declaration?.file ? <Place at={s.declaration} /> : <span class="quiet">not known</span>}</td></tr>
          ))}</tbody></table>
      )}
    </section>
  );
}

/** The rules' pages come with the tool, not with the analysed program: their markup is trusted. */
function Fix({ item, open }: { item: Item; open: boolean }) {
  const html = useMemo(() => marked.parse(item.rule.page.replace(/^# .*\n/, ""), { async: false }), [item.rule]);
  return (
    <section class="part fix"><h2>How to fix it</h2>
      <p>{item.rule.fix}</p>
      {item.rule.page && (
        <details open={open}><summary>About <code>{item.finding.rule}</code>{item.rule.cwe ? ` (CWE-${item.rule.cwe})` : ""}</summary>
          <div class="page" dangerouslySetInnerHTML={{ __html: html }} /></details>
      )}
    </section>
  );
}

function suppressionLine(f: Finding): string {
  return `${f.rule}  fingerprint=${f.fingerprint}  # why this is fine`;
}

/** For an issue or a review: the sentence, then each participant's steps with their places. */
function asMarkdown(item: Item): string {
  const f = item.finding;
  const lines = [`**${item.rule.title}** (\`${f.rule}\`, ${EVIDENCE[f.evidence]}): ${f.message}`, ""];
  (f.participants ?? []).forEach((p, i) => {
    const many = f.participants!.length > 1;
    if (p.name || many) lines.push(`${many ? `${i + 1}. ` : ""}${participantName(p, i)}`);
    (p.steps ?? []).forEach((s, k) => {
      const where = [place(s.location) && `\`${place(s.location)}\``, s.function && `in \`${shortName(s.function)}\``];
      lines.push(`   - ${shortText(f, item.words.participants[i]?.[k]?.[1] ?? s.kind)}: ${where.filter(Boolean).join(" ")}`);
    });
  });
  return [...lines, "", `Fix: ${item.rule.fix}`, ""].join("\n");
}

function Accept({ f }: { f: Finding }) {
  const comment = `// gordian: allow(${f.rule}) why this is fine`;
  const line = suppressionLine(f);
  return (
    <section class="part accept"><h2>Or accept it</h2>
      <p>On the line of one of its operations or above it, or in a file for <code>--suppressions</code>:</p>
      {[comment, line].map((text) => (
        <p class="copyable"><code>{text}</code> <button onClick={() => void copy(text, "Line")}>Copy</button></p>
      ))}
    </section>
  );
}

/** Arrow keys, Home and End; `move` gets a function of the current row, so that quick keys do not get lost. */
function useStepKeys(last: number, move: (to: (row: number) => number) => void, enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return undefined;
    const keys: Record<string, (row: number) => number> = {
      ArrowLeft: (row) => row - 1, ArrowRight: (row) => row + 1, Home: () => 0, End: () => last,
    };
    const onKey = (e: KeyboardEvent) => {
      const typing = (e.target as HTMLElement).closest?.("input, select, textarea");
      if (typing || e.ctrlKey || e.metaKey || e.altKey || !(e.key in keys)) return;
      e.preventDefault();
      move(keys[e.key]);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [last, enabled]);
}

export function FindingView({ item, printing }: { item: Item; printing: boolean }) {
  const f = item.finding;
  const participants = f.participants ?? [];
  const events = useMemo(() => timeline(f, participants, item.words.participants), [item]);
  const last = events.length - 1;
  const [current, setCurrent] = useState(last);
  useEffect(() => setCurrent(last), [item]);
  const row = printing ? last : Math.min(current, last);
  const move = (to: (row: number) => number) => setCurrent((now) => Math.max(0, Math.min(last, to(Math.min(now, last)))));
  const stepping = worthStepping(f);
  useStepKeys(last, move, stepping && !printing);
  const played = useMemo(() => play(f, events), [events]);
  const all = played[row]?.standing ?? [];
  return (
    <article class="finding" aria-labelledby={`title-${item.id}`}>
      <header>
        <div class="kicker"><span class={`level ${f.level}`}>{f.level}</span> <span>{item.rule.title}</span> <code>{f.rule}</code>
          <Badges item={item} />
          <button class="link" onClick={() => void copy(`${location.href.split("#")[0]}#${item.id}`, "Link")}>Copy link</button>
          <button class="link" onClick={() => void copy(asMarkdown(item), "Markdown")}>Copy as Markdown</button></div>
        <h1 id={`title-${item.id}`}><Quoted text={f.message} /></h1>
        <p class="at"><Place at={f.location} /></p>
      </header>
      {stepping && (
        <section class="part how"><h2>{participants.length > 1 ? "How they get there" : "How it gets there"}</h2>
          <div class={`together n${Math.min(participants.length, 3)}`}>
            <div class="state"><Graph finding={f} all={all} stuck={deadlocked(all)} />
              <Verdict f={f} played={played} row={row} /></div>
            <Timeline finding={f} events={events} played={played} current={row} select={(to) => move(() => to)} />
          </div>
        </section>
      )}
      <section class="part"><h2>{participants.length > 1 ? "Who does what, side by side" : "In the source"}</h2>
        <Stories participants={participants} events={events} current={stepping && !printing ? row : -1} /></section>
      <Related steps={f.related ?? []} words={item.words.related} />
      <Alternatives item={item} open={printing} />
      <div class="columns"><Why item={item} /><Fix item={item} open={false} /></div>
      {!printing && <Accept f={f} />}
    </article>
  );
}
