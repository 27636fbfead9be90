// NODE_PATH=... node generate-typescript.cjs DOCUMENT OUT
//
// openapi-typescript, with files as Blob: its command line knows them only as strings.
const { writeFileSync } = require("node:fs");
const { pathToFileURL } = require("node:url");
const { default: openapiTS, astToString, COMMENT_HEADER } = require("openapi-typescript");
const { factory } = require("typescript");

const [source, out] = process.argv.slice(2);
const BLOB = factory.createTypeReferenceNode("Blob");
const transform = (schema) => (schema.format === "binary" ? BLOB : undefined);

openapiTS(pathToFileURL(source), { transform }).then((types) => {
  writeFileSync(out, COMMENT_HEADER + astToString(types));
});
