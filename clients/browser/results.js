// What the service answered: a table, bars for probabilities, a file to keep.
import { pager } from "./grid.js";
import { clean } from "./service.js";

const PAGE_ROWS = 25;

export class Results {
  constructor(target) {
    this.target = target;
    this.clear();
  }

  clear() {
    this.rows = [];
    this.first = 0;
    this.target.replaceChildren();
  }

  // results: one per row, undefined for rows without one; inputs: the rows, for the download.
  show(results, inputs) {
    this.rows = results.map(record);
    this.inputs = inputs;
    this.first = 0;
    this.names = [...new Set(this.rows.flatMap((row) => Object.keys(row ?? {})))];
    const filled = this.rows.filter(Boolean);
    this.shares = this.names.length > 1 && filled.length > 0 && filled.every(isDistribution);
    this.render();
  }

  render() {
    const last = Math.min(this.first + PAGE_ROWS, this.rows.length);
    const table = document.createElement("table");
    table.createCaption().textContent =
      `Results ${this.first + 1} to ${last} of ${this.rows.length}`;
    const head = table.createTHead().insertRow();
    for (const name of ["Row", ...this.names]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = clean(name);
      head.append(cell);
    }
    const body = table.createTBody();
    for (let number = this.first; number < last; number += 1) {
      const line = body.insertRow();
      const title = document.createElement("th");
      title.scope = "row";
      title.textContent = number + 1;
      line.append(title, ...this.names.map((name) => this.cell(this.rows[number], name)));
    }
    const scroll = document.createElement("div");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Results");
    scroll.append(table);
    const download = document.createElement("button");
    download.type = "button";
    download.textContent = "Download as CSV";
    download.addEventListener("click", () => this.download());
    const line = document.createElement("p");
    line.append(download);
    this.target.replaceChildren(scroll, pager(this, PAGE_ROWS), line);
  }

  cell(row, name) {
    const cell = document.createElement("td");
    if (!row) {
      cell.textContent = "no result";
    } else if (this.shares) {
      cell.append(...bar(row[name], row[name] === Math.max(...Object.values(row))));
    } else {
      const value = row[name];
      cell.textContent = clean(typeof value === "object" ? JSON.stringify(value) : value);
    }
    return cell;
  }

  download() {
    const rows = this.rows.map((row, i) => {
      const line = { ...this.inputs[i] };
      for (const name of this.names) {
        let free = name;
        while (free in this.inputs[i]) free += " (predicted)";
        const value = row?.[name];
        line[free] = typeof value === "object" && value !== null ? JSON.stringify(value) : value;
      }
      return line;
    });
    // Text that a spreadsheet would run as a formula gets an apostrophe in front.
    const text = window.Papa.unparse(rows, { escapeFormulae: true });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = "results.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

function record(result) {
  if (result === undefined) return null;
  const isRecord = typeof result === "object" && result !== null && !Array.isArray(result);
  return isRecord ? result : { Results: result };
}

function isDistribution(row) {
  const shares = Object.values(row);
  return shares.every((share) => typeof share === "number" && share >= 0 && share <= 1)
    && Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 0.001;
}

// A bar and its percentage; the bar says nothing more, so only the number is read out.
export function bar(share, isTop) {
  const track = document.createElement("div");
  track.className = isTop ? "bar top" : "bar";
  const fill = document.createElement("div");
  fill.style.width = `${share * 100}%`;
  track.append(fill);
  const percent = document.createElement("span");
  percent.className = "share";
  percent.textContent = `${(share * 100).toFixed(1)} %`;
  return [track, percent];
}
