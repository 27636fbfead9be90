// A table to edit: any number of rows in memory, one page of them on the screen.

const PAGE_ROWS = 25;

export class Grid {
  // changed: called after each change of a cell or of the rows.
  constructor(target, changed) {
    this.target = target;
    this.changed = changed;
    this.columns = [];
    this.rows = [];
    this.first = 0;
    this.faults = new Map();
  }

  load(columns, rows) {
    Object.assign(this, { columns, rows, first: 0 });
    this.faults.clear();
    this.render();
    this.changed();
  }

  add() {
    this.rows.push({});
    this.show(this.rows.length - 1);
    this.changed();
  }

  // faults: [{row, column, text}], as the service named them.
  mark(faults) {
    this.faults = new Map(faults.map(({ row, column, text }) => [`${row} ${column}`, text]));
    if (faults.length) this.show(faults[0].row, faults[0].column);
    else this.render();
  }

  show(row, column = this.columns[0]?.name) {
    this.first = Math.floor(row / PAGE_ROWS) * PAGE_ROWS;
    this.render();
    const cell = this.target.querySelector(`[data-cell="${CSS.escape(`${row} ${column}`)}"]`);
    cell?.focus({ preventScroll: true });
    // In the middle, where no line that stays at the top of the page hides it.
    cell?.scrollIntoView({ block: "center", inline: "nearest" });
  }

  render() {
    const last = Math.min(this.first + PAGE_ROWS, this.rows.length);
    const table = document.createElement("table");
    const caption = table.createCaption();
    caption.textContent = this.rows.length
      ? `Rows ${this.first + 1} to ${last} of ${this.rows.length}` : "No rows";
    const head = table.createTHead().insertRow();
    for (const name of ["Row", ...this.columns.map((column) => column.name)]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      head.append(cell);
    }
    const body = table.createTBody();
    for (let row = this.first; row < last; row += 1) body.append(this.row(row));
    const scroll = document.createElement("div");
    scroll.className = "scroll";
    scroll.append(table);
    this.target.replaceChildren(scroll, pager(this, PAGE_ROWS));
  }

  row(number) {
    const line = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "quiet remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `Remove row ${number + 1}`);
    remove.addEventListener("click", () => {
      this.rows.splice(number, 1);
      this.faults.clear();
      if (this.first >= this.rows.length) this.first = Math.max(0, this.first - PAGE_ROWS);
      this.render();
      this.changed();
    });
    head.append(`${number + 1} `, remove);
    line.append(head, ...this.columns.map((column) => this.cell(number, column)));
    return line;
  }

  cell(number, column) {
    const cell = document.createElement("td");
    const control = controlOf(column, this.rows[number][column.name] ?? "");
    const key = `${number} ${column.name}`;
    control.dataset.cell = key;
    control.setAttribute("aria-label", `${column.name}, row ${number + 1}`);
    cell.append(control);
    const fault = this.faults.get(key);
    if (fault) {
      const text = document.createElement("span");
      text.className = "fault";
      text.id = `fault-${number}-${this.columns.indexOf(column)}`;
      text.textContent = fault;
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", text.id);
      cell.append(text);
    }
    control.addEventListener("input", () => {
      this.rows[number][column.name] = control.value;
      this.faults.delete(key);
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
      cell.querySelector(".fault")?.remove();
      this.changed();
    });
    return cell;
  }
}

function controlOf(column, value) {
  const choices = column.type === "boolean" ? [true, false] : column.choices;
  if (!choices.length) {
    const input = document.createElement("input");
    if (column.isNumber) input.inputMode = "decimal";
    input.spellcheck = false;
    input.value = value;
    return input;
  }
  const select = document.createElement("select");
  const known = choices.map(String);
  // What a file brought and the service does not know stays to be seen, and to be refused.
  const odd = known.includes(value) ? [] : [value];
  const empty = column.nullable && value !== "" ? [""] : [];
  select.append(...[...odd, ...empty, ...known].map((choice) => new Option(choice, choice)));
  select.value = value;
  return select;
}

// Buttons to go through what has a `first`, some `rows` and a `render`.
export function pager(view, size) {
  const bar = document.createElement("p");
  if (view.rows.length <= size) return bar;
  for (const [name, step] of [["Previous rows", -size], ["Next rows", size]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = name;
    button.disabled = view.first + step < 0 || view.first + step >= view.rows.length;
    button.addEventListener("click", () => {
      view.first += step;
      view.render();
    });
    bar.append(button, " ");
  }
  return bar;
}
