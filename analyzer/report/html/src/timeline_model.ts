// SPDX-License-Identifier: MIT
//
// One order of the participants' steps in which the defect shows, and who holds and wants what after each of them.
//
// The order: every participant first takes what it ends up holding, then each goes on to what it asks for. For a cycle
// that is the schedule that deadlocks. A single participant keeps its own order.
//
// Then the order is played: a participant that asks for a lock which another holds, or waits for a signal that nobody
// has given, is blocked, and its further steps are not reached.
import { shortText, subjectName, type Finding, type Participant, type Step } from "./model";

export interface Event { participant: number; index: number; step: Step; text: string; brief: string }

export interface Standing {
  held: number[];          // subjects, in the order in which they were taken
  wants: Step | null;      // what it is blocked on, or asks for at this very step
  blockedBy: number[];     // participants that hold it, or could give it
}

export interface Played { standing: Standing[]; reached: boolean }

const ASKS = new Set(["request", "wait", "join"]);
export const asks = (s: Step): boolean => ASKS.has(s.kind);

/** The number of steps that belong to the first phase: up to the last acquisition before something is asked for. */
function firstPhase(p: Participant): number {
  const steps = p.steps ?? [];
  const request = steps.findIndex(asks);
  if (request < 0) return steps.length;
  let n = 0;
  for (let i = 0; i < request; ++i) if (steps[i].kind === "acquire") n = i + 1;
  return n;
}

export function timeline(f: Finding, participants: Participant[], texts: [string, string][][]): Event[] {
  const event = (p: number, i: number): Event => ({
    participant: p, index: i, step: participants[p].steps![i], brief: shortText(f, texts[p]?.[i]?.[0] ?? ""),
    text: shortText(f, texts[p]?.[i]?.[1] ?? ""),
  });
  const split = participants.map((p) => (participants.length > 1 ? firstPhase(p) : 0));
  const events: Event[] = [];
  participants.forEach((p, n) => (p.steps ?? []).forEach((_, i) => i < split[n] && events.push(event(n, i))));
  participants.forEach((p, n) => (p.steps ?? []).forEach((_, i) => i >= split[n] && events.push(event(n, i))));
  return events;
}

/** The participants that could give `s`, which is no lock: those that notify it, or the thread that is joined. */
function givers(f: Finding, s: Step): number[] {
  return (f.participants ?? []).flatMap((p, i) => {
    const notifies = (p.steps ?? []).some((x) => x.kind === "notify" && x.subject === s.subject);
    const joined = s.kind === "join" && !!p.name && p.name === subjectName(f, s.subject);
    return notifies || joined ? [i] : [];
  });
}

class Player {
  private readonly now: Standing[];
  private readonly given = new Set<number>();

  constructor(private readonly f: Finding) {
    this.now = (f.participants ?? []).map(() => ({ held: [], wants: null, blockedBy: [] }));
  }

  play(e: Event): Played {
    const reached = !this.blockers(e.participant).length;
    if (reached) this.perform(this.now[e.participant], e.step);
    for (let p = 0; p < this.now.length; ++p) this.now[p].blockedBy = this.blockers(p);
    return { standing: this.now.map((s) => ({ ...s, held: [...s.held] })), reached };
  }

  private perform(me: Standing, s: Step): void {
    // Past a request nobody stood in the way of: it was granted.
    if (me.wants?.kind === "request") this.hold(me, me.wants.subject);
    me.wants = asks(s) ? s : null;
    if (s.kind === "acquire") this.hold(me, s.subject);
    if (s.kind === "release") me.held = me.held.filter((x) => x !== s.subject);
    if (s.kind === "notify" && s.subject !== undefined) this.given.add(s.subject);
  }

  private hold(me: Standing, subject?: number): void {
    if (subject !== undefined && !me.held.includes(subject)) me.held.push(subject);
  }

  private blockers(p: number): number[] {
    const want = this.now[p].wants;
    if (!want || want.subject === undefined) return [];
    const holders = this.now.flatMap((o, n) => (o.held.includes(want.subject!) ? [n] : []));
    if (want.kind === "request") return holders;
    return this.given.has(want.subject) ? [] : [...new Set([...holders, ...givers(this.f, want)])].filter((n) => n !== p);
  }
}

export function play(f: Finding, events: Event[]): Played[] {
  const player = new Player(f);
  return events.map((e) => player.play(e));
}

/** The participants that wait for each other in a ring: a deadlock. */
export function deadlocked(all: Standing[]): number[] {
  let live = new Set(all.flatMap((s, i) => (s.blockedBy.length ? [i] : [])));
  for (let before = -1; before !== live.size;) {
    before = live.size;
    live = new Set([...live].filter((i) => all[i].blockedBy.some((b) => live.has(b))));
  }
  return [...live];
}

/** True where there is something to step through. */
export function worthStepping(f: Finding): boolean {
  return (f.participants ?? []).reduce((n, p) => n + (p.steps?.length ?? 0), 0) > 1;
}
