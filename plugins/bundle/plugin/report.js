'use strict';

const { writeFileSync } = require('node:fs');
const path = require('node:path');

const WIDTH = 100;
const MODELS_WIDTH = 40;

/** Returns a table of results of lambda_bundle/bundle.py, and reasons for what was not done. */
function formatMade(made) {
  const kept = listNotes(made, 'kept');
  const reasons = kept.length > 0 ? ['', 'Kept as packaged:', ...formatReasons(kept)] : [];
  return [...formatTable(made), ...reasons].join('\n');
}

/** Returns what may fail on Lambda, bundled or not; or nothing. */
function formatWarnings(made) {
  const warnings = listNotes(made, 'warnings');
  return warnings.length > 0 ? ['What may fail on Lambda:', ...formatReasons(warnings)].join('\n') : '';
}

/** Returns why functions are deployed as Serverless has packaged them; or nothing. */
function formatLeft(left) {
  return left.length > 0 ? ['Deployed as packaged, not bundled:', ...formatReasons(left)].join('\n') : '';
}

/** Returns the notes of one kind, each a `function` and `why`. */
function listNotes(made, kind) {
  return made.flatMap((each) =>
    each[kind].map(({ what, why, advice }) => ({
      function: each.function,
      why: `${what}: ${why} ${advice}`.trim(),
    })),
  );
}

function formatTable(made) {
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
  const rows = [
    ['function', 'zipped', 'unzipped', 'modules', 'compiled models'],
    ...made.map((each) => [
      each.function,
      megabytes(each.zipped),
      megabytes(each.unzipped),
      String(each.modules),
      formatCompiled(each.compiled),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
  return lines.map((line) => line.trimEnd());
}

function formatCompiled(paths) {
  const text = paths.join(', ') || 'none';
  return text.length > MODELS_WIDTH && paths.length > 1 ? `of ${paths.length} modules` : text;
}

/** Returns lines: each reason once, with the functions that it holds for. */
function formatReasons(reasons) {
  const names = new Map();
  for (const { function: name, why } of reasons) names.set(why, [...(names.get(why) ?? []), name]);
  return [...names].flatMap(([why, functions]) => [
    ...wrap(functions.join(', '), '  '),
    ...why.split('\n').flatMap((line) => wrap(line, '    ')),
  ]);
}

/** Returns a text in lines of WIDTH, cut at spaces outside of backquotes, each with an indent. */
function wrap(text, indent) {
  const lines = [];
  let line = '';
  for (const word of text.match(/`[^`]*`\S*|\S+/g) ?? []) {
    if (line && `${indent}${line} ${word}`.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, indent + line];
}

/** Saves beside the artifacts what has become of each function, for tools. */
function saveReport(folder, made, left) {
  const functions = made.map((each) => ({ ...each, artifact: path.basename(each.artifact) }));
  writeFileSync(path.join(folder, 'report.json'), JSON.stringify({ functions, left }, null, 2) + '\n');
}

/** Saves the request, for tools that bundle changed sources without Serverless. */
function saveRequest(folder, request, service) {
  const names = request.functions.map(({ name }) => [name, service.getFunction(name).name]);
  const saved = { ...request, names: Object.fromEntries(names), patterns: service.package.patterns };
  writeFileSync(path.join(folder, 'request.json'), JSON.stringify(saved));
}

module.exports = { formatLeft, formatMade, formatWarnings, saveReport, saveRequest };
