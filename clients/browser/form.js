// A form from a part of a service's Swagger, filled in with its example, and back. Written here: it
// is for the few fields beside the table, and the table has to hold many rows and to mark the very
// cells at fault, which no form library does without a build step and its own idea of a table.

export function build(target, name, declared, example, resolve) {
  target.replaceChildren(field(name, declared, example, resolve));
}

export function read(target) {
  return target.firstElementChild.read();
}

// Each field is an element with a method `read` that gives its JSON value.
function field(name, declared, example, resolve) {
  const schema = resolve(declared);
  const value = example ?? schema.example;
  if (schema.type === "object" && schema.properties) {
    return group(name, Object.entries(schema.properties).map(([key, part]) =>
      [key, field(key, part, value?.[key], resolve)]), Object.fromEntries);
  }
  const records = schema.type === "array" && resolve(schema.items).type === "object";
  if (records && Array.isArray(value) && value.length) {
    const rows = value.map((row, i) => [i, field(`Row ${i + 1}`, schema.items, row, resolve)]);
    return group(name, rows, (pairs) => pairs.map(([, row]) => row));
  }
  return input(name, schema, value);
}

function group(name, parts, join) {
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = name;
  set.append(legend, ...parts.map(([, part]) => part));
  set.read = () => join(parts.map(([key, part]) => [key, part.read()]));
  return set;
}

function input(name, schema, value) {
  if (schema.enum) return choice(name, schema.enum, value);
  const label = document.createElement("label");
  const simple = ["string", "number", "integer", "boolean"].includes(schema.type);
  const control = document.createElement(simple ? "input" : "textarea");
  label.append(`${name} `, control);
  if (schema.type === "boolean") {
    control.type = "checkbox";
    control.checked = Boolean(value);
    label.read = () => control.checked;
  } else if (schema.type === "string") {
    control.value = value ?? "";
    label.read = () => control.value;
  } else if (simple) {
    control.inputMode = "decimal";
    control.value = value ?? "";
    // What is no number is sent as it is: the service says what it expected, and where.
    label.read = () => number(control.value);
  } else {
    label.className = "wide";
    control.rows = 6;
    control.value = JSON.stringify(value ?? null, null, 2);
    label.read = () => parse(name, control.value);
  }
  return label;
}

function choice(name, choices, value) {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.append(...choices.map((option) => new Option(String(option), JSON.stringify(option))));
  select.value = JSON.stringify(value ?? choices[0]);
  label.append(`${name} `, select);
  label.read = () => JSON.parse(select.value);
  return label;
}

function number(text) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return Number.isNaN(Number(trimmed)) ? text : Number(trimmed);
}

function parse(name, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error.message}`);
  }
}
