// The current request as a program. The key is never in it: it is read from SCORING_KEY.

const indented = (body) => JSON.stringify(body, null, 2);

function curl(uri, body) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl ${quoted(uri)} \\
  -H "Authorization: Bearer $SCORING_KEY" -H 'Content-Type: application/json' \\
  -d ${quoted(indented(body))}
`;
}

function python(uri, body) {
  // JSON never has three quotes in a row, so nothing in it ends the string.
  return `import json
import os

import requests

body = json.loads(r"""${indented(body)}""")
answer = requests.post(
    ${JSON.stringify(uri)},
    json=body,
    headers={"Authorization": f"Bearer {os.environ.get('SCORING_KEY', '')}"},
    timeout=120,
)
answer.raise_for_status()
print(answer.json())
`;
}

function typescript(uri, body) {
  return `const body = ${indented(body)};
const answer = await fetch(${JSON.stringify(uri)}, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env["SCORING_KEY"] ?? ""}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify(body),
});
if (!answer.ok) throw new Error(\`\${answer.status}: \${await answer.text()}\`);
console.log(JSON.stringify(await answer.json()));

export {};
`;
}

function csharp(uri, body) {
  const verbatim = (text) => `@"${text.replaceAll('"', '""')}"`;
  return `using System;
using System.Net.Http;
using System.Text;

class Example
{
    static void Main()
    {
        var body = ${verbatim(indented(body))};
        var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Environment.GetEnvironmentVariable("SCORING_KEY"));
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = http.PostAsync(${verbatim(uri)}, content).Result;
        Console.WriteLine(answer.Content.ReadAsStringAsync().Result);
        answer.EnsureSuccessStatusCode();
    }
}
`;
}

function powerQuery(uri, body) {
  const text = (value) => `"${value.replaceAll("#(", "#(#)(").replaceAll('"', '""')}"`;
  const lines = indented(body).split("\n").map(text).join(",\n        ");
  return `let
    Key = "",  // the endpoint's key
    Body = Text.Combine({
        ${lines}
    }, "#(lf)"),
    Answer = Json.Document(Web.Contents(${text(uri.replace(/\/score$/, ""))}, [
        RelativePath = "score",
        Headers = [#"Content-Type" = "application/json", Authorization = "Bearer " & Key],
        Content = Text.ToBinary(Body)
    ])),
    Results = Table.FromList(Answer[Results], Splitter.SplitByNothing(), {"Results"})
in
    Results
`;
}

export const LANGUAGES = {
  curl, Python: python, TypeScript: typescript, "C#": csharp, "Power Query": powerQuery,
};
