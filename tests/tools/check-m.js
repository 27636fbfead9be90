// Reads Power Query M files by Microsoft's own parser and formatter.
// node check-m.js FILE...  ->  JSON: per file the parser's complaint (or null) and the
// formatted text.
const fs = require("node:fs");
const { DefaultSettings, TaskUtils } = require("@microsoft/powerquery-parser");
const formatter = require("@microsoft/powerquery-formatter");

async function check(path) {
  const text = fs.readFileSync(path, "utf8");
  const task = await TaskUtils.tryLexParse(DefaultSettings, text);
  if (TaskUtils.isError(task)) return { path, error: task.error.message, formatted: null };
  const settings = {
    ...formatter.DefaultSettings,
    newlineLiteral: formatter.NewlineLiteral.Unix,
    maxWidth: 120,
  };
  const result = await formatter.tryFormat(settings, text);
  return { path, error: null, formatted: result.value };
}

Promise.all(process.argv.slice(2).map(check)).then((found) => console.log(JSON.stringify(found)));
