// SPDX-License-Identifier: MIT
//
// The picture, in step with the timeline: an edge is drawn in full once its participant asks, faint before.
import { useMemo } from "preact/hooks";
import { graphOf, layoutOf, type PlacedEdge, type PlacedNode } from "./graph_model";
import { participantName, subjectName, type Finding } from "./model";
import type { Standing } from "./timeline_model";

function isActive(e: PlacedEdge, all: Standing[]): boolean {
  const s = all[e.participant];
  if (!s) return false;
  if (e.kind === "held") return s.held.includes(e.subject);
  if (e.kind === "signals") return true;
  return s.wants?.subject === e.subject;
}

function Node({ node, all }: { node: PlacedNode; all: Standing[] }) {
  const holder = node.kind === "lock" ? all.findIndex((s) => s.held.includes(node.index)) : node.index;
  const tone = holder >= 0 ? `tone${holder % 6}` : "";
  return (
    <g class={`node ${node.kind} ${tone}`} transform={`translate(${node.x} ${node.y})`}>
      <title>{node.label}</title>
      <rect x={-node.w / 2} y={-node.h / 2} width={node.w} height={node.h} rx={node.kind === "thread" ? node.h / 2 : 7} />
      <text text-anchor="middle" dy="0.34em">{node.text}</text>
    </g>
  );
}

function Edge({ edge, active, closing, number }: {
  edge: PlacedEdge; active: boolean; closing: boolean; number: string;
}) {
  const width = (edge.text.length + (number ? 2 : 0)) * 7.1 + 16;
  return (
    <g class={`edge tone${edge.participant % 6} ${edge.kind} ${active ? "active" : ""} ${closing ? "closing" : ""}`}>
      <title>{edge.label}</title>
      <path d={edge.path} marker-end={`url(#arrow${edge.participant % 6})`} />
      <g transform={`translate(${edge.at.x} ${edge.at.y})`}>
        <rect class="label" x={-width / 2} y={-11} width={width} height={22} rx={11} />
        <text text-anchor="middle" dy="0.34em">{number ? `${number} ` : ""}{edge.text}</text>
      </g>
    </g>
  );
}

/** The same in words, for those who do not see the picture. */
function describe(f: Finding, edges: PlacedEdge[]): string {
  const name = (i: number) => participantName(f.participants![i], i);
  return edges.map((e) => e.kind === "order"
    ? `${name(e.participant)} holds ${subjectName(f, Number(e.from.slice(1)))} and asks for ${subjectName(f, e.subject)}`
    : e.kind === "waits" ? `${name(e.participant)} waits for ${subjectName(f, e.subject)}`
      : `${subjectName(f, e.subject)} is ${e.label} ${name(e.participant)}`).join("; ");
}

export function Graph({ finding, all, stuck }: { finding: Finding; all: Standing[]; stuck: number[] }) {
  const layout = useMemo(() => {
    const g = graphOf(finding);
    return g && { kind: g.kind, ...layoutOf(g) };
  }, [finding]);
  if (!layout) return null;
  const caption = layout.kind === "lock-order" ? "Lock-order graph" : "Wait-for graph";
  return (
    <figure class="graph">
      <figcaption>{caption}{stuck.length > 1 ? <b class="stuck"> · the cycle is closed</b> : null}</figcaption>
      <svg viewBox={`0 0 ${layout.width} ${layout.height}`} style={{ maxWidth: `${layout.width}px` }} role="img"
        aria-label={`${caption}: ${describe(finding, layout.edges)}`}>
        <defs>
          {[0, 1, 2, 3, 4, 5].map((t) => (
            <marker id={`arrow${t}`} viewBox="0 0 10 10" refX="5" refY="5" markerWidth="11" markerHeight="11"
              markerUnits="userSpaceOnUse"
              orient="auto-start-reverse" class={`tone${t}`}><path d="M0 0L10 5L0 10z" /></marker>
          ))}
        </defs>
        {layout.edges.map((e) => (
          <Edge edge={e} active={isActive(e, all)} closing={stuck.includes(e.participant)}
            number={e.kind === "order" ? `${e.participant + 1}` : ""} />
        ))}
        {layout.nodes.map((n) => <Node node={n} all={all} />)}
      </svg>
    </figure>
  );
}
