// SPDX-License-Identifier: MIT
//
// Swim lanes: a row for each event in time, a lane for each participant; in the lane's margin a bar for each lock as
// long as it is held, hatched while the participant is blocked. Buttons and arrow keys step through; the verdict says
// in words who holds and wants what at that point.
import { participantName, subjectName, type Finding } from "./model";
import { Breakable, Place } from "./place";
import { asks, deadlocked, type Event, type Played, type Standing } from "./timeline_model";

function Icon({ d }: { d: string }) {
  return <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={d} /></svg>;
}

/** "teller holds accounts and asks for journal, which auditor holds". */
function sentence(f: Finding, all: Standing[], p: number): string {
  const s = all[p];
  const name = (i: number) => participantName(f.participants![i], i);
  const held = s.held.map((x) => subjectName(f, x)).filter(Boolean);
  const parts: string[] = held.length ? [`holds ${held.join(", ")}`] : [];
  if (s.wants) {
    const lock = s.wants.kind === "request";
    const verb = lock ? "asks for" : s.wants.kind === "join" ? "waits for the end of" : "waits for";
    const who = s.blockedBy.map((b) => (b === p ? "it" : name(b))).join(" and ");
    const why = !who ? "" : lock ? `, which ${who} ${s.blockedBy.includes(p) ? "already holds" : "holds"}`
      : s.wants.kind === "join" ? "" : `, which ${who} would signal`;
    parts.push(`${verb} ${subjectName(f, s.wants.subject) || "it"}${why}`);
  }
  return parts.length ? `${name(p)} ${parts.join(" and ")}` : "";
}

/** Who holds and wants what after the current step; nothing for findings in which nobody holds or wants anything. */
export function Verdict({ f, played, row }: { f: Finding; played: Played[]; row: number }) {
  const all = played[row]?.standing ?? [];
  const ever = played.some((p) => p.standing.some((s) => s.held.length || s.wants));
  const race = f.rule === "data-race" && row === played.length - 1;
  if (!ever && !race) return null;
  const stuck = deadlocked(all);
  const sentences = all.map((_, p) => sentence(f, all, p)).filter(Boolean);
  return (
    <div class="verdict" aria-live="polite">
      {sentences.map((s) => <p><Breakable text={`${s}.`} /></p>)}
      {!sentences.length && !race && <p class="quiet">Nobody holds or asks for anything.</p>}
      {race && <p class="stuck">Nothing orders these accesses.</p>}
      {stuck.length > 0 && (
        <p class="stuck">{stuck.length === 1 ? "It waits for itself for ever."
          : stuck.length === 2 ? "Neither can go on." : "None of them can go on."}</p>
      )}
    </div>
  );
}

function Lane({ f, row, p, played, events, current }: {
  f: Finding; row: number; p: number; played: Played[]; events: Event[]; current: number;
}) {
  const e = events[row];
  const mine = e.participant === p;
  const now = played[row].standing[p];
  const state = row > current ? "future" : !played[row].reached ? "unreached" : "";
  return (
    <td class={`lane tone${p % 6} ${mine ? `mine ${state}` : row > current ? "future" : ""}`}>
      <div class="cell">
        <span class="bars" aria-hidden="true">
          {now.held.map((s) => <i class="bar" title={`holds ${subjectName(f, s)}`} />)}
          {now.wants && (now.blockedBy.length > 0 || mine) &&
            <i class="bar waits" title={`waits for ${subjectName(f, now.wants.subject)}`} />}
        </span>
        {mine && (
          <span class={`event ${asks(e.step) ? "asks" : ""}`}>
            <b class="step-no">{row + 1}</b> <span class="what"><Breakable text={e.brief} /></span>{" "}
            <span class="where"><Place at={e.step.location} short /></span>
            {!played[row].reached && <span class="quiet"> not reached</span>}
          </span>
        )}
      </div>
    </td>
  );
}

function Controls({ current, count, select }: { current: number; count: number; select: (row: number) => void }) {
  const last = count - 1;
  const button = (to: number, disabled: boolean, name: string, key: string, d: string) => (
    <button onClick={() => select(to)} disabled={disabled} title={`${name} (${key})`} aria-label={name}><Icon d={d} /></button>
  );
  return (
    <div class="controls" role="group" aria-label="Step through">
      {button(0, current <= 0, "First step", "Home", "M4 3v10M13 3L6 8l7 5z")}
      {button(current - 1, current <= 0, "Step back", "←", "M12 3L4 8l8 5z")}
      <output>step {current + 1} of {count}</output>
      {button(current + 1, current >= last, "Step on", "→", "M4 3l8 5-8 5z")}
      {button(last, current >= last, "Last step", "End", "M12 3v10M3 3l7 5-7 5z")}
    </div>
  );
}

export function Timeline({ finding: f, events, played, current, select }: {
  finding: Finding; events: Event[]; played: Played[]; current: number; select: (row: number) => void;
}) {
  const participants = f.participants ?? [];
  return (
    <div class="timeline">
      <Controls current={current} count={events.length} select={select} />
      <div class="lanes">
        <table>
          <thead><tr>{participants.map((p, i) => (
            <th scope="col" class={`tone${i % 6}`}>{participants.length > 1 && <span class="who">{i + 1}</span>}
              {participants.length > 1 || p.name ? participantName(p, i) : "In this order"}</th>
          ))}</tr></thead>
          <tbody>
            {events.map((_, row) => (
              <tr class={row === current ? "current" : ""} onClick={() => select(row)}
                aria-current={row === current ? "step" : undefined}>
                {participants.map((_p, p) => (
                  <Lane f={f} row={row} p={p} played={played} events={events} current={current} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
