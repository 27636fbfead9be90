// A table: filled by hand, from a file or the clipboard; scored; faults shown at their cells.
import { build, read } from "./form.js";
import { Grid } from "./grid.js";
import { $, dropZone, say } from "./page.js";
import { Results } from "./results.js";
import { describe, valueOf } from "./schema.js";
import { addresses, call, clean } from "./service.js";
import { fromFile, fromText, rowsFor } from "./sheets.js";
import { LANGUAGES } from "./snippets.js";

// Rows in one request: less than what services allow.
const CHUNK_ROWS = 1000;

// Rows in a program to copy; nobody reads more.
const SNIPPET_ROWS = 3;

// Rows that the page says a fault of in words; each is marked at its cell too.
const LISTED_FAULTS = 10;

const grid = new Grid($("grid"), snippet);
const results = new Results($("result"));
let service = null;
let decimal = ".";

// -- the service ----------------------------------------------------------------------

async function load() {
  $("table").hidden = true;
  results.clear();
  say("table-status", "Loading …");
  try {
    service = describe(await call(addresses($("table-url").value).swagger));
    const { columns, input, parameters, example, resolve } = service;
    $("sheet").hidden = !columns;
    $("fields").replaceChildren();
    if (!columns) build($("fields"), "Request", input, example, resolve);
    else if (parameters) {
      build($("fields"), "Parameters", parameters, example?.GlobalParameters, resolve);
    }
    decimal = ".";
    if (columns) grid.load(columns, service.rows.map(asText));
    $("table").hidden = false;
    say("table-status", `${clean(service.title)}: filled in with the service's own example.`);
    snippet();
  } catch (error) {
    say("table-status", error.message, true);
  }
}

function asText(row) {
  return Object.fromEntries(Object.entries(row).map(([name, value]) =>
    [name, value === null ? "" : typeof value === "string" ? value : JSON.stringify(value)]));
}

// -- rows in ---------------------------------------------------------------------------

async function take(reading) {
  try {
    const { rows, decimal: found, said } =
      rowsFor(service.columns, await reading, $("decimal").value);
    decimal = found;
    results.clear();
    grid.load(service.columns, rows);
    say("table-status", said);
  } catch (error) {
    say("table-status", error.message, true);
  }
}

// Cells copied from a spreadsheet: with their header a new table, else from the cell on.
function paste(event) {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const names = service.columns.map((column) => column.name);
  try {
    const sheet = fromText(text, "pasted");
    if (sheet.cells[0]?.some((cell) => names.includes(cell.trim()))) take(sheet);
    else fill(event.target.dataset?.cell, sheet.cells, names);
  } catch (error) {
    say("table-status", error.message, true);
  }
}

function fill(cell, cells, names) {
  const [row, first] = cell ? [parseInt(cell, 10), cell.slice(cell.indexOf(" ") + 1)] : [0, names[0]];
  const start = names.indexOf(first);
  if (cells.some((line) => start + line.length > names.length)) {
    say("table-status", `More columns were pasted than there are from ${first} on.`, true);
    return;
  }
  cells.forEach((line, i) => {
    grid.rows[row + i] ??= {};
    line.forEach((value, j) => { grid.rows[row + i][names[start + j]] = value; });
  });
  grid.faults.clear();
  grid.show(row, first);
  snippet();
  say("table-status", `${cells.length} rows pasted.`);
}

// -- the request, as JSON and as programs -------------------------------------------------

function request(rows) {
  if (!service.columns) return read($("fields"));
  const data = rows.map((row) => Object.fromEntries(service.columns.map((column) =>
    [column.name, valueOf(column, row[column.name] ?? "", decimal)])));
  const body = { Inputs: { data } };
  if (service.parameters) body.GlobalParameters = read($("fields"));
  return body;
}

function snippet() {
  if (!service) return;
  const { score } = addresses($("table-url").value);
  try {
    const make = LANGUAGES[$("language").value];
    $("snippet").textContent = make(score, request(grid.rows.slice(0, SNIPPET_ROWS)));
  } catch (error) {
    $("snippet").textContent = error.message;
  }
  $("snippet-note").textContent = service.columns && grid.rows.length > SNIPPET_ROWS
    ? `The first ${SNIPPET_ROWS} of ${grid.rows.length} rows. ` : "";
}

// -- scoring ----------------------------------------------------------------------------

async function score(event) {
  event.preventDefault();
  results.clear();
  say("table-status", "Scoring …");
  try {
    if (service.columns) await scoreRows();
    else {
      const answer = await post(request());
      const found = Object.values(answer).find(Array.isArray) ?? [answer];
      results.show(found, found.map(() => ({})));
      say("table-status", "Scored.");
    }
  } catch (error) {
    say("table-status", error.message, true);
  }
}

async function scoreRows() {
  const rows = grid.rows;
  if (!rows.length) throw new Error("There are no rows.");
  const found = new Array(rows.length);
  const faults = [];
  const messages = [];
  for (let first = 0; first < rows.length; first += CHUNK_ROWS) {
    const part = rows.slice(first, first + CHUNK_ROWS);
    try {
      const answer = (await post(request(part))).Results;
      if (!Array.isArray(answer) || answer.length !== part.length) {
        throw new Error("The answer has not one result per row.");
      }
      answer.forEach((result, i) => { found[first + i] = result; });
    } catch (error) {
      faults.push(...located(error.faults ?? [], first));
      messages.push(error.message);
    }
    say("table-status", `${Math.min(first + CHUNK_ROWS, rows.length)} of ${rows.length} rows …`);
  }
  if (messages.length < Math.ceil(rows.length / CHUNK_ROWS)) {
    results.show(Array.from(found), rows.map(typed));
  }
  if (!messages.length) say("table-status", "Scored.");
  else say("table-status", faults.length ? told(faults, messages[0]) : messages[0], true);
  // Last: it brings the first of them into sight.
  grid.mark(faults);
}

function typed(row) {
  return Object.fromEntries(service.columns.map((column) =>
    [column.name, valueOf(column, row[column.name] ?? "", decimal)]));
}

function post(body) {
  const headers = { "Content-Type": "application/json" };
  return call(addresses($("table-url").value).score,
    { method: "POST", headers, body: JSON.stringify(body) });
}

// The cells that the service named: `Inputs.data[17].bmi`, or `Inputs.data[17]["odd name"]`.
function located(faults, first) {
  return faults.flatMap(({ where, expected, found }) => {
    const place = /^Inputs\.data\[(\d+)\](?:\.(.+)|\["(.+?)(\.\.\.)?"\])$/.exec(where ?? "");
    if (!place) return [];
    const name = place[2] ?? place[3];
    // The service shortens a long name.
    const column = service.columns.find((known) =>
      known.name === name || (place[4] && known.name.startsWith(name)));
    const text = clean(`expected ${expected}, found ${found}`);
    return column ? [{ row: first + Number(place[1]), column: column.name, text }] : [];
  });
}

function told(faults, message) {
  const listed = faults.slice(0, LISTED_FAULTS)
    .map(({ row, column, text }) => `row ${row + 1}, ${column}: ${text}`);
  return `${message.slice(0, 3)}: ${listed.join("; ")}`;
}

// -- what is pressed ----------------------------------------------------------------------

$("language").append(...Object.keys(LANGUAGES).map((name) => new Option(name, name)));
$("language").addEventListener("change", snippet);
$("fields").addEventListener("input", snippet);
$("load").addEventListener("click", load);
$("add").addEventListener("click", () => grid.add());
$("empty").addEventListener("click", () => grid.load(service.columns, [{}]));
$("sheet-file").addEventListener("change", () => {
  const [file] = $("sheet-file").files;
  if (file) take(fromFile(file));
  // So that the same file, mended, can be chosen again.
  $("sheet-file").value = "";
});
dropZone($("sheet-drop"), ([file]) => file && take(fromFile(file)));
$("sheet").addEventListener("paste", paste);
$("table").addEventListener("submit", score);
$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("snippet").textContent);
  say("table-status", "Copied.");
});
