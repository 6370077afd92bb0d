// SPDX-License-Identifier: MIT
//
// node build.mjs OUT: bundles src/ into one HTML file without any reference to the outside. The file is ASCII only,
// carries its libraries' licences, and has one place, @GORDIAN_DATA@, for the report's data.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const bundled = await build({
  entryPoints: ["src/main.tsx"],
  bundle: true,
  minify: true,
  write: false,
  charset: "ascii",
  format: "iife",
  target: "es2021",
  legalComments: "none",
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  logLevel: "warning",
});
const style = await build({
  entryPoints: ["src/style.css"], minify: true, write: false, charset: "ascii", logLevel: "warning",
});

/** The libraries that are really in the bundle, with their licence texts. */
function licences(inputs) {
  const packages = new Set();
  for (const path of Object.keys(inputs)) {
    const inside = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (inside) packages.add(inside[1]);
  }
  return [...packages].sort().map((name) => {
    const folder = `node_modules/${name}`;
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((f) => /^licen[sc]e/i.test(f));
    return `${name} ${version} (${license})\n${file ? readFileSync(`${folder}/${file}`, "utf8").trim() : ""}`;
  });
}

const ascii = (s) => s.replace(/[^\x00-\x7f]/g, (c) => `&#${c.codePointAt(0)};`);
const notice = ascii(licences(bundled.metafile.inputs).join("\n\n").replace(/--/g, "- -"));
const parts = {
  STYLE: style.outputFiles[0].text,
  // A script ends at the first "</script", also inside a string.
  SCRIPT: bundled.outputFiles[0].text.replace(/<\/(script)/gi, "<\\/$1"),
  NOTICE: notice,
};
const page = readFileSync("src/page.html", "utf8").replace(/@(STYLE|SCRIPT|NOTICE)@/g, (_, name) => parts[name]);
writeFileSync(process.argv[2], page);
