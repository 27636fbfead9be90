// Rows out of a CSV, a spreadsheet or the clipboard, and every row held against the header.
// Papa Parse and read-excel-file do the reading; they are plain scripts, loaded by index.html.
import { number } from "./schema.js";

const NUMBER_LIKE = /^\s*[+-]?[\d.,'\u00a0\u202f ]+\s*$/;

// A file's cells: [[text]], and how they were read, in words.
export async function fromFile(file) {
  if (/\.xlsx$/i.test(file.name)) {
    if (!window.readXlsxFile) throw missing("read-excel-file");
    const found = await window.readXlsxFile(file);
    const rows = Array.isArray(found[0]?.data) ? found[0].data : found;
    return { cells: rows.map((row) => row.map(cellText)), how: "spreadsheet", decimal: "." };
  }
  const { text, encoding } = decoded(new Uint8Array(await file.arrayBuffer()));
  return fromText(text, encoding);
}

export function fromText(text, encoding = "text") {
  if (!window.Papa) throw missing("Papa Parse");
  if (text.includes("\0")) throw new Error("A NUL byte is in it: this is no CSV.");
  const said = /^sep=(.)\r?\n/.exec(text);
  const body = said ? text.slice(said[0].length) : text;
  const found = window.Papa.parse(body, {
    skipEmptyLines: true, delimiter: said?.[1] ?? "",
    delimitersToGuess: ["\t", ";", ",", "|"],
  });
  const broken = found.errors.find((error) => error.type === "Quotes");
  if (broken) throw new Error(`Row ${broken.row}: ${broken.message}.`);
  const sep = found.meta.delimiter;
  return { cells: found.data, sep, how: `${{ "\t": "tab", ",": "comma" }[sep] ?? sep} separated, ${encoding}` };
}

function missing(name) {
  return new Error(`${name} is not there: \`make page\` installs it where npm is.`);
}

function decoded(bytes) {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    const encoding = bytes[0] === 0xff ? "utf-16le" : "utf-16be";
    return { text: new TextDecoder(encoding).decode(bytes), encoding };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "not UTF-8, taken for Windows-1252" };
  }
}

function cellText(value) {
  if (value === null || value === undefined) return "";
  return value instanceof Date ? value.toISOString().replace(/T00:00:00\.000Z$/, "") : String(value);
}

// The rows of a table for a service's columns, as text by column name.
export function rowsFor(columns, { cells, sep, how, decimal: own }, chosen = "") {
  const names = columns.map((column) => column.name);
  const trailing = (row) => row.slice(0, row.findLastIndex((cell) => cell.trim() !== "") + 1);
  const header = trailing(cells[0] ?? []).map((name) => name.trim());
  const known = header.filter((name) => names.includes(name));
  if (!known.length) {
    throw new Error(`The header has none of the service's columns: ${names.join(", ")}.`);
  }
  const twice = header.find((name, i) => name && header.indexOf(name) !== i);
  if (twice) throw new Error(`The header has the column ${twice} more than once.`);
  const width = cells[0].length;
  cells.slice(1).forEach((row, i) => {
    if (row.length !== width) {
      throw new Error(`Row ${i + 1} has ${row.length} cells, the header ${width}: nothing was loaded.`);
    }
  });
  if (cells.length < 2) throw new Error("There is a header, and no row.");
  const rows = cells.slice(1).map((row) => Object.fromEntries(known.map((name) =>
    [name, row[header.indexOf(name)]])));
  const decimal = (own ?? chosen) || decimalOf(columns, rows, sep);
  const said = [how, `decimal ${decimal === "," ? "comma" : "point"}`,
    `${known.length} of ${names.length} columns`, `${rows.length} rows`];
  const extra = header.filter((name) => name && !names.includes(name));
  const absent = names.filter((name) => !known.includes(name));
  if (extra.length) said.push(`left out, as the service does not know them: ${extra.join(", ")}`);
  if (absent.length) said.push(`not in the file: ${absent.join(", ")}`);
  return { rows, decimal, said: said.join("; ") };
}

// Which decimal sign the numbers show. One like 1,234 shows none.
function decimalOf(columns, rows, sep) {
  const seen = { ".": false, ",": false };
  let unsure = false;
  for (const { name } of columns.filter((column) => column.isNumber)) {
    for (const row of rows) {
      const text = row[name] ?? "";
      if (!/[.,]/.test(text) || !NUMBER_LIKE.test(text)) continue;
      const [point, comma] = [number(text, "."), number(text, ",")].map((v) => typeof v === "number");
      if (point && comma) unsure ||= text.includes(",") || sep === ";";
      else if (point) seen["."] = true;
      else if (comma) seen[","] = true;
    }
  }
  if ((seen["."] && seen[","]) || (unsure && !seen["."] && !seen[","])) {
    throw new Error("The numbers do not tell whether their decimal sign is a point or a comma. "
      + "Choose it in “Decimal sign”, then load the file again.");
  }
  return seen[","] ? "," : ".";
}
