// What a service's Swagger (2.0 or 3.x) says of its input, as a form and a table want to know it.

export function describe(document) {
  const schemas = document.definitions ?? document.components?.schemas ?? {};
  const resolve = (schema) =>
    schema?.$ref ? resolve(schemas[schema.$ref.split("/").pop()]) : schema ?? {};
  const input = resolve(schemas.ServiceInput);
  const parts = Object.fromEntries(Object.entries(input.properties ?? {})
    .map(([name, part]) => [name, resolve(part)]));
  const data = resolve(parts.Inputs?.properties?.data);
  const row = resolve(data.items);
  const columns = data.type === "array" && row.type === "object" && row.properties
    ? Object.entries(row.properties).map(([name, declared]) => column(name, resolve(declared), row))
    : null;
  return {
    columns, input, resolve,
    title: document.info?.title ?? "",
    parameters: parts.GlobalParameters,
    rows: input.example?.Inputs?.data ?? [],
    example: input.example,
  };
}

function column(name, schema, row) {
  const types = [schema.type].flat().filter((type) => type !== "null");
  const choices = (schema.enum ?? []).filter((choice) => choice !== null);
  const nullable = schema["x-nullable"] === true || schema.nullable === true
    || [schema.type].flat().includes("null") || !(row.required ?? []).includes(name);
  const isNumber = types[0] === "number" || types[0] === "integer";
  return { name, type: types[0], format: schema.format, choices, nullable, isNumber };
}

// The JSON value of what was typed into a cell. What is no number is sent as it is: the service
// says what it expected, and where.
export function valueOf(column, text, decimal = ".") {
  const choice = column.choices.find((known) => String(known) === text);
  if (choice !== undefined) return choice;
  if (text.trim() === "") return column.isNumber || column.nullable ? null : text;
  if (column.isNumber) return number(text, decimal);
  if (column.type === "boolean") return { true: true, false: false }[text.trim().toLowerCase()] ?? text;
  return text;
}

export function number(text, decimal = ".") {
  const other = decimal === "." ? "," : ".";
  const plain = `[+-]?(\\d+(\\${decimal}\\d*)?|\\${decimal}\\d+)([eE][+-]?\\d+)?`;
  const grouped = `[+-]?[1-9]\\d{0,2}(?<apart>[${other}'\u00a0\u202f ])\\d{3}(\\k<apart>\\d{3})*(\\${decimal}\\d*)?`;
  const found = new RegExp(`^(?:${plain}|${grouped})$`).exec(text.trim());
  if (!found) return text;
  const digits = found.groups.apart ? text.replaceAll(found.groups.apart, "") : text;
  const value = Number(digits.trim().replace(decimal, "."));
  // A whole number that JavaScript cannot hold would be another one.
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)
    || /[.eE]/.test(digits)) ? value : text;
}
