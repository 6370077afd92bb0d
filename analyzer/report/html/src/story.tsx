// SPDX-License-Identifier: MIT
//
// What one participant does, told on its own source: steps that stand near each other share an excerpt, each with a
// caret, its number in the timeline and the call path that leads there.
import { caretPad, Code, sourceLine } from "./code";
import { participantName, shortName, type Frame, type Participant, type Step } from "./model";
import { Place, Quoted } from "./place";

// FAR: a caret that far to the right has its words below it, at the left.
// OPEN: call paths up to this length are shown, longer ones are folded.
const NEAR = 12, CONTEXT = 2, FAR = 14, OPEN = 4;

export interface Mark { step: Step; text: string; number: number }
interface Block { file: string; marks: Mark[] }

function blocksOf(marks: Mark[]): Block[] {
  const blocks: Block[] = [];
  for (const mark of marks) {
    const at = mark.step.location;
    const file = at?.file && at.line ? at.file : "";
    const last = blocks[blocks.length - 1];
    const before = last?.marks[last.marks.length - 1].step.location?.line ?? 0;
    // Only what comes further down joins the excerpt: it is read from top to bottom, as it happens.
    const near = !!last && !!file && last.file === file && at!.line! >= before && at!.line! - before <= NEAR;
    if (near) last.marks.push(mark);
    else blocks.push({ file, marks: [mark] });
  }
  return blocks;
}

/** The lines to show: around each mark, 0 where some are left out. */
function linesOf(block: Block): number[] {
  if (!block.file) return [];
  const wanted = new Set<number>();
  for (const m of block.marks)
    for (let n = m.step.location!.line! - CONTEXT; n <= m.step.location!.line! + CONTEXT; ++n)
      if (sourceLine(block.file, n) !== undefined) wanted.add(n);
  const sorted = [...wanted].sort((a, b) => a - b);
  const lines: number[] = [];
  for (const n of sorted) {
    const before = lines[lines.length - 1];
    if (before && n === before + 2 && sourceLine(block.file, n - 1) !== undefined) lines.push(n - 1);
    else if (before && n > before + 1) lines.push(0);
    lines.push(n);
  }
  return lines;
}

/** For code without source: module and offset, which addr2line and debuggers take. */
function moduleOf(frame?: Frame): string {
  return frame?.module ? `${frame.module}+0x${(frame.offset ?? 0).toString(16)}` : "no source known";
}

export function CallPath({ frames }: { frames: Frame[] }) {
  // frames[0] is the step's own place.
  const callers = frames.slice(1);
  if (!callers.length) return null;
  return (
    <details class="path" open={callers.length <= OPEN}>
      <summary>called from <b>{shortName(callers[0].function ?? "") || "an unknown function"}</b>
        {callers.length > 1 ? ` and ${callers.length - 1} more` : ""}</summary>
      <ol>
        {callers.map((frame) => {
          const text = sourceLine(frame.location?.file, frame.location?.line ?? 0);
          return (
            <li>
              <span class="fn">{frame.function || "an unknown function"}</span>{" "}
              {frame.location?.file ? <Place at={frame.location} />
                : <span class="place none">{moduleOf(frame)}</span>}
              {text !== undefined && <pre><Code text={text.trim()} file={frame.location!.file!} /></pre>}
            </li>
          );
        })}
      </ol>
    </details>
  );
}

function Annotation({ mark, pad, current }: { mark: Mark; pad: string | null; current: boolean }) {
  return (
    <div class={`said ${current ? "current" : ""} ${pad && pad.length > FAR ? "far" : ""}`} data-step={mark.number}>
      {pad !== null && <span class="caret" aria-hidden="true">{pad}^</span>}
      <span class="words"><b class="step-no">{mark.number}</b><Quoted text={mark.text} />
        {mark.step.stack && <CallPath frames={mark.step.stack} />}</span>
    </div>
  );
}

function Excerpt({ block, current }: { block: Block; current: number }) {
  const lines = linesOf(block);
  const shown = new Set(lines);
  const marksAt = (n: number) => block.marks.filter((m) => m.step.location?.line === n);
  const lost = block.marks.filter((m) => !shown.has(m.step.location?.line ?? 0));
  return (
    <div class="excerpt">
      {block.marks.length > 0 && <ExcerptHead block={block} />}
      {lines.map((n) => {
        if (n === 0) return <div class="gap">⋮</div>;
        const text = sourceLine(block.file, n)!;
        const marks = marksAt(n);
        return (
          <>
            <div class={`line ${marks.length ? "hit" : ""}`}><span class="no">{n}</span>
              <Code text={text} file={block.file} /></div>
            {marks.map((m) => (
              <Annotation mark={m} pad={caretPad(text, m.step.location!.column ?? 1)} current={m.number === current} />
            ))}
          </>
        );
      })}
      {lost.map((m) => <Annotation mark={m} pad={null} current={m.number === current} />)}
    </div>
  );
}

/** The function and the place of the block's first step; each further function where it begins. */
function ExcerptHead({ block }: { block: Block }) {
  const last = block.marks[block.marks.length - 1].step;
  const names = [...new Set(block.marks.map((m) => m.step.function ?? "").filter(Boolean))];
  return (
    <div class="head"><span class="fn" title={names.join("\n")}>{names.map((n) => shortName(n)).join(", ") || "?"}</span>
      {block.file ? <Place at={last.location} /> : <span class="place none">{moduleOf(last.stack?.[0])}</span>}</div>
  );
}

export function Story({ participant, index, marks, current, single }: {
  participant: Participant; index: number; marks: Mark[]; current: number; single: boolean;
}) {
  const name = participantName(participant, index);
  return (
    <section class={`story tone${index % 6}`} aria-label={single ? "How it happens" : name}>
      {single && !participant.name ? null : <h3>{single ? "" : <span class="who">{index + 1}</span>}{name}</h3>}
      {blocksOf(marks).map((b) => <Excerpt block={b} current={current} />)}
    </section>
  );
}
