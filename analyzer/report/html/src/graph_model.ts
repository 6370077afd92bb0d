// SPDX-License-Identifier: MIT
//
// The picture of a finding with several participants.
//
//   lock-order graph   nodes are locks, an edge for each participant: holds one, asks for the other
//   wait-for graph     nodes are participants and what they wait for: `waits for` and `held by` / `signalled by`
//
// A simple cycle is laid out as a ring, which shows what it is; everything else by dagre.
import dagre from "@dagrejs/dagre";
import { participantName, shortName, subjectName, type Finding, type Participant } from "./model";
import { asks } from "./timeline_model";

export interface Node { id: string; label: string; kind: "lock" | "thread"; index: number }
export interface Edge {
  from: string; to: string; label: string; participant: number;
  kind: "order" | "waits" | "held" | "signals"; subject: number;
}
export interface Graph { kind: "lock-order" | "wait-for"; nodes: Node[]; edges: Edge[] }

interface Point { x: number; y: number }
export interface PlacedNode extends Node, Point { w: number; h: number; text: string }
export interface PlacedEdge extends Edge { path: string; at: Point; text: string }
export interface Layout { width: number; height: number; nodes: PlacedNode[]; edges: PlacedEdge[] }

const CHAR = 7.3, NODE_HEIGHT = 38, MARGIN = 26, MAX_LOCK = 30, MAX_LABEL = 34;

/** A lock's name tells most at its end ("...::Account::mutex_"), a thread's or function's at its beginning. */
export function shorten(s: string, max: number, end = false): string {
  if (s.length <= max) return s;
  return end ? "…" + s.slice(s.length - max + 1) : s.slice(0, max - 1) + "…";
}

interface Role { held: number[]; wants: number[]; gives: number[] }

function roleOf(p: Participant): Role {
  const role: Role = { held: [], wants: [], gives: [] };
  const add = (list: number[], x: number) => { if (!list.includes(x)) list.push(x); };
  for (const s of p.steps ?? []) {
    if (s.subject === undefined) continue;
    if (s.kind === "acquire") add(role.held, s.subject);
    if (s.kind === "release") role.held = role.held.filter((x) => x !== s.subject);
    if (asks(s)) add(role.wants, s.subject);
    if (s.kind === "notify") add(role.gives, s.subject);
  }
  return role;
}

/** The function that takes the first lock tells more than the thread; its number leads to the thread. */
function holderOf(p: Participant, index: number): string {
  const taker = (p.steps ?? []).find((s) => s.kind === "acquire")?.function;
  return taker ? shortName(taker) : participantName(p, index);
}

function lockOrderGraph(f: Finding, participants: Participant[], roles: Role[]): Graph {
  const asked = new Set(roles.flatMap((r) => r.wants));
  const edges: Edge[] = [];
  roles.forEach((r, p) => {
    // What is held besides, and asked for by nobody, is a gate or by the way: not part of the cycle.
    const held = r.held.filter((x) => asked.has(x));
    for (const to of r.wants)
      for (const from of held.length ? held : r.held)
        edges.push({
          from: `L${from}`, to: `L${to}`, label: holderOf(participants[p], p), participant: p, kind: "order",
          subject: to,
        });
  });
  return { kind: "lock-order", nodes: lockNodes(f, edges), edges };
}

function lockNodes(f: Finding, edges: Edge[]): Node[] {
  const used = new Set(edges.flatMap((e) => [e.from, e.to]));
  const all = (f.subjects ?? []).map((_, i) => ({ i, name: subjectName(f, i) })).filter(({ i }) => used.has(`L${i}`));
  const last = all.map(({ name }) => shortName(name, 1));
  const shorter = new Set(last).size === all.length && all.some(({ name }) => name.length > MAX_LOCK);
  return all.map(({ i, name }, n) => ({ id: `L${i}`, label: shorter ? last[n] : name, kind: "lock", index: i }));
}

function waitForGraph(f: Finding, participants: Participant[], roles: Role[]): Graph {
  const asked = new Set(roles.flatMap((r) => r.wants));
  const edges: Edge[] = [];
  roles.forEach((r, p) => {
    for (const s of r.wants)
      edges.push({ from: `P${p}`, to: `L${s}`, label: "waits for", participant: p, kind: "waits", subject: s });
    for (const s of r.held)
      if (asked.has(s))
        edges.push({ from: `L${s}`, to: `P${p}`, label: "held by", participant: p, kind: "held", subject: s });
    for (const s of r.gives)
      edges.push({ from: `L${s}`, to: `P${p}`, label: "signalled by", participant: p, kind: "signals", subject: s });
  });
  const threads = participants.flatMap((p, i) =>
    edges.some((e) => e.participant === i)
      ? [{ id: `P${i}`, label: participantName(p, i), kind: "thread" as const, index: i }] : []);
  return { kind: "wait-for", nodes: [...threads, ...lockNodes(f, edges)], edges };
}

/** Null where a picture would not tell anything. */
export function graphOf(f: Finding): Graph | null {
  const participants = f.participants ?? [];
  const roles = participants.map(roleOf);
  if (participants.length < 2 || !roles.some((r) => r.wants.length)) return null;
  const graph = f.rule === "lock-order-inversion" ? lockOrderGraph(f, participants, roles)
    : waitForGraph(f, participants, roles);
  return graph.edges.length >= 2 ? graph : null;
}

/** The nodes of a simple cycle in its order; null where the graph is anything else. */
export function ringOrder(g: Graph): Node[] | null {
  const next = new Map<string, string>();
  for (const e of g.edges) {
    if (next.has(e.from) || e.from === e.to) return null;
    next.set(e.from, e.to);
  }
  const order: Node[] = [];
  let id: string | undefined = g.nodes[0]?.id;
  do {
    const node = g.nodes.find((n) => n.id === id);
    if (!node || order.includes(node)) return null;
    order.push(node);
    id = next.get(node.id);
  } while (id !== g.nodes[0].id);
  return order.length === g.nodes.length && order.length >= 2 ? order : null;
}

function sized(n: Node): PlacedNode {
  const text = shorten(n.label, MAX_LOCK, n.kind === "lock");
  return { ...n, text, x: 0, y: 0, w: Math.max(64, text.length * CHAR + 34), h: NODE_HEIGHT };
}

/** Where the line from the middle of `n` towards `to` leaves its box, with a gap for the arrow head. */
function border(n: PlacedNode, to: Point, gap: number): Point {
  const dx = to.x - n.x, dy = to.y - n.y;
  const scale = Math.min((n.w / 2 + gap) / Math.max(Math.abs(dx), 1e-6), (n.h / 2 + gap) / Math.max(Math.abs(dy), 1e-6));
  return { x: n.x + dx * scale, y: n.y + dy * scale };
}

function curve(from: PlacedNode, to: PlacedNode, bend: Point): { path: string; at: Point } {
  const a = border(from, bend, 2), b = border(to, bend, 7);
  const at = { x: a.x / 4 + bend.x / 2 + b.x / 4, y: a.y / 4 + bend.y / 2 + b.y / 4 };
  return { path: `M${a.x.toFixed(1)} ${a.y.toFixed(1)}Q${bend.x.toFixed(1)} ${bend.y.toFixed(1)} ${b.x.toFixed(1)} ${b.y.toFixed(1)}`, at };
}

/** Over (-1) or under (1) a row of two, from the middle of one box to the middle of the other. */
function arc(a: PlacedNode, b: PlacedNode, side: number): { path: string; at: Point } {
  const y1 = a.y + side * (a.h / 2 + 1), y2 = b.y + side * (b.h / 2 + 6), peak = side * 92;
  const x = (k: number) => (a.x + (b.x - a.x) * k).toFixed(1);
  return { path: `M${x(0)} ${y1}C${x(0.08)} ${peak} ${x(0.92)} ${peak} ${x(1)} ${y2}`, at: { x: (a.x + b.x) / 2, y: peak * 0.81 } };
}

function ringLayout(g: Graph, order: Node[]): Layout {
  const nodes = order.map(sized);
  const widest = Math.max(...nodes.map((n) => n.w));
  const label = Math.max(...g.edges.map((e) => shorten(e.label, MAX_LABEL).length * CHAR));
  const n = nodes.length;
  const rx = n === 2 ? Math.max(150, (widest + label) / 2 + 10) : Math.max(150, widest * 0.55 + n * 30);
  const ry = n === 2 ? 0 : 70 + n * 16;
  const start = n === 2 ? Math.PI : n === 4 ? Math.PI : -Math.PI / 2;
  nodes.forEach((node, i) => {
    const angle = start + (2 * Math.PI * i) / n;
    node.x = rx * Math.cos(angle);
    node.y = ry * Math.sin(angle);
  });
  const edges = g.edges.map((e): PlacedEdge => {
    const a = nodes.find((x) => x.id === e.from)!, b = nodes.find((x) => x.id === e.to)!;
    if (n === 2) return { ...e, ...arc(a, b, a.x < b.x ? -1 : 1), text: shorten(e.label, MAX_LABEL) };
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    const outward = { x: middle.x * 1.32, y: middle.y * 1.32 };
    return { ...e, ...curve(a, b, outward), text: shorten(e.label, MAX_LABEL) };
  });
  return fit(nodes, edges);
}

function dagreLayout(g: Graph): Layout {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 40, ranksep: 90, edgesep: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  const nodes = g.nodes.map(sized);
  for (const n of nodes) graph.setNode(n.id, { width: n.w, height: n.h });
  g.edges.forEach((e, i) =>
    graph.setEdge(e.from, e.to, { width: shorten(e.label, MAX_LABEL).length * CHAR + 8, height: 20, labelpos: "c" }, `${i}`));
  dagre.layout(graph);
  for (const n of nodes) Object.assign(n, { x: graph.node(n.id).x, y: graph.node(n.id).y });
  const edges = g.edges.map((e, i): PlacedEdge => {
    const laid = graph.edge({ v: e.from, w: e.to, name: `${i}` }) as { points: Point[]; x?: number; y?: number };
    const p = laid.points;
    const middle = p[Math.floor(p.length / 2)];
    const path = `M${p.map((q) => `${q.x.toFixed(1)} ${q.y.toFixed(1)}`).join("L")}`;
    return { ...e, path, at: { x: laid.x ?? middle.x, y: laid.y ?? middle.y }, text: shorten(e.label, MAX_LABEL) };
  });
  return fit(nodes, edges);
}

/** Moves everything so that it begins at 0,0 with a margin. */
function fit(nodes: PlacedNode[], edges: PlacedEdge[]): Layout {
  const xs = nodes.flatMap((n) => [n.x - n.w / 2, n.x + n.w / 2]);
  const ys = nodes.flatMap((n) => [n.y - n.h / 2, n.y + n.h / 2]);
  for (const e of edges) {
    const half = (e.text.length * CHAR) / 2 + 12;
    xs.push(e.at.x - half, e.at.x + half);
    ys.push(e.at.y - 14, e.at.y + 14);
    const numbers = e.path.match(/-?[\d.]+/g)!.map(Number);
    if (!e.path.includes("Q")) numbers.forEach((v, i) => (i % 2 ? ys : xs).push(v));
  }
  const left = Math.min(...xs) - MARGIN, top = Math.min(...ys) - MARGIN;
  const shift = (p: Point): Point => ({ x: p.x - left, y: p.y - top });
  const movePath = (path: string) => {
    let i = 0;
    return path.replace(/-?[\d.]+/g, (v) => (Number(v) - (i++ % 2 ? top : left)).toFixed(1));
  };
  return {
    width: Math.max(...xs) - left + MARGIN, height: Math.max(...ys) - top + MARGIN,
    nodes: nodes.map((n) => ({ ...n, ...shift(n) })),
    edges: edges.map((e) => ({ ...e, path: movePath(e.path), at: shift(e.at) })),
  };
}

export function layoutOf(g: Graph): Layout {
  const ring = ringOrder(g);
  return ring && ring.length <= 8 ? ringLayout(g, ring) : dagreLayout(g);
}
