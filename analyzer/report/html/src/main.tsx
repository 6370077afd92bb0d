// SPDX-License-Identifier: MIT
//
// The page: the list beside one finding. The address's hash is the finding, so that a link leads to it.
import { render } from "preact";
import { useEffect, useErrorBoundary, useMemo, useState } from "preact/hooks";
import { matches, noFilter, type Filter } from "./filter";
import { FindingView } from "./finding";
import { items, plural, type Item } from "./model";
import { Notifications, Overview } from "./overview";
import { remember, remembered } from "./place";
import { Sidebar } from "./sidebar";

const MAX_PRINTED = 50;
const THEMES = ["system", "light", "dark"];

function useHash(): string {
  const [hash, set] = useState(location.hash.slice(1));
  useEffect(() => {
    const onChange = () => set(location.hash.slice(1));
    addEventListener("hashchange", onChange);
    return () => removeEventListener("hashchange", onChange);
  }, []);
  return decodeURIComponent(hash);
}

function useTheme(): [string, () => void] {
  const [theme, set] = useState(remembered("gordian-theme") ?? "system");
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    remember("gordian-theme", theme);
  }, [theme]);
  return [theme, () => set((old) => THEMES[(THEMES.indexOf(old) + 1) % THEMES.length])];
}

function togglePaths(): void {
  const all = [...document.querySelectorAll<HTMLDetailsElement>("main details.path")];
  const open = all.some((d) => !d.open);
  all.forEach((d) => { d.open = open; });
}

function useKeys(shown: Item[], selected: Item | undefined, nextTheme: () => void): void {
  useEffect(() => {
    const go = (by: number) => {
      // The address is ahead of what is drawn when keys come quickly.
      const id = location.hash.slice(1);
      const named = shown.findIndex((i) => i.id === id);
      const at = named >= 0 ? named : selected ? shown.indexOf(selected) : -1;
      const to = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
      if (to) location.hash = to.id;
    };
    const search = () => document.getElementById("search") as HTMLInputElement;
    const keys: Record<string, () => void> = {
      j: () => go(1), k: () => go(-1), ArrowDown: () => go(1), ArrowUp: () => go(-1), "/": () => search().focus(),
      e: togglePaths, t: nextTheme, o: () => { location.hash = "overview"; }, "?": () => { location.hash = "overview"; },
    };
    const onKey = (e: KeyboardEvent) => {
      const target = e.target as HTMLElement;
      if (e.key === "Escape") target.blur();
      if (target.closest?.("input, select, textarea") || e.ctrlKey || e.metaKey || e.altKey) return;
      // The arrows scroll the page as ever; within the list they move the selection.
      if (e.key.startsWith("Arrow") && !target.closest?.(".sidebar ul")) return;
      const action = keys[e.key];
      if (!action) return;
      e.preventDefault();
      action();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [shown, selected]);
}

/** What can not be shown must not take the page with it. */
function Shown({ item, printing }: { item: Item; printing: boolean }) {
  const [error, reset] = useErrorBoundary();
  useEffect(() => { if (error) reset(); }, [item]);
  if (!error) return <FindingView item={item} printing={printing} />;
  return (
    <article class="finding"><h1>{item.finding.message}</h1>
      <p class="stuck">This page cannot show this finding ({String(error)}); the text and json formats have all of it.</p></article>
  );
}

function Printed({ shown }: { shown: Item[] }) {
  return (
    <main class="printed">
      {shown.slice(0, MAX_PRINTED).map((i) => <Shown item={i} printing />)}
      {shown.length > MAX_PRINTED && <p>{plural(shown.length - MAX_PRINTED, "further finding")} not printed; filter to choose.</p>}
    </main>
  );
}

function App({ printing }: { printing: boolean }) {
  const hash = useHash();
  const [filter, setFilter] = useState<Filter>(noFilter);
  const [theme, nextTheme] = useTheme();
  const shown = useMemo(() => items.filter((i) => matches(i, filter)), [filter]);
  const named = items.find((i) => i.id === hash);
  const selected = named ?? (hash === "overview" ? undefined : shown[0]);
  useKeys(shown, selected, nextTheme);
  useEffect(() => { document.querySelector("main")?.scrollTo(0, 0); }, [selected]);
  const apply = (f: Filter) => {
    setFilter(f);
    const first = items.find((i) => matches(i, f));
    if (first) location.hash = first.id;
  };
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")!.focus(); }}>To the finding</a>
      <div class="bar-top">
        <a href="#overview" class="brand">Gordian</a>
        <span class="spring" />
        <button class="link" onClick={() => print()}>Print</button>
        <button class="link" onClick={nextTheme} title="light, dark or as the system (t)">Theme: {theme}</button>
        <a href="#overview" class="button-link" title="overview and keys (?)">Overview</a>
      </div>
      {printing ? <Printed shown={shown} /> : (
        <div class="frame">
          <Sidebar shown={shown} selected={selected} filter={filter} setFilter={setFilter} />
          <main id="main" tabIndex={-1}>
            {selected ? <><Notifications /><Shown item={selected} printing={false} /></> : <Overview apply={apply} />}
          </main>
        </div>
      )}
    </>
  );
}

const root = document.getElementById("app")!;
root.textContent = "";
const show = (printing: boolean) => render(<App printing={printing} />, root);
show(false);
addEventListener("beforeprint", () => show(true));
addEventListener("afterprint", () => show(false));
