// The request of an operation in curl, JavaScript and Python, with the values of the document's examples.

/// Where the credential comes from, by security scheme.
const CREDENTIALS = { accessToken: "ACCESS_TOKEN", challengeToken: "CHALLENGE_TOKEN", apiKey: "API_KEY" };

/// The samples in Markdown.
export function samples(base, path, method, operation) {
  const { curl, javascript, python } = requests(base, path, method, operation);
  const blocks = [
    ["curl", "bash", curl],
    ["JavaScript", "javascript", javascript],
    ["Python", "python", python],
  ];
  return blocks.map(([name, language, text]) => `**${name}**\n\n\`\`\`${language}\n${text}\n\`\`\``).join("\n\n");
}

/// The request in each language.
export function requests(base, path, method, operation) {
  const request = { url: base + path, method: method.toUpperCase(), headers: [] };
  const [scheme] = (operation.security ?? []).flatMap(Object.keys);
  if (scheme) request.credential = CREDENTIALS[scheme];
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type) {
    request.headers.push(["Content-Type", type]);
    request[type === "application/json" ? "json" : "text"] = content.example;
  }
  return { curl: curl(request), javascript: javascript(request), python: python(request) };
}

/// `{account_id}` of a path as a variable of the language.
function filled(url, variable) {
  return url.replace(/\{(\w+)\}/g, (_, name) => variable(name));
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

/// In single quotes a shell reads nothing but a quote.
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function curl({ url, method, headers, credential, json, text }) {
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}"${filled(url, (name) => `$${name.toUpperCase()}`)}"`];
  if (credential) lines.push(`-H "Authorization: Bearer $${credential}"`);
  for (const [name, value] of headers) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (json !== undefined) lines.push(`-d ${quoted(JSON.stringify(json, null, 2))}`);
  if (text !== undefined) lines.push(`--data-binary ${quoted(text)}`);
  return lines.join(" \\\n  ");
}

function javascript({ url, method, headers, credential, json, text }) {
  const place = filled(url, (name) => `\${${camel(name)}}`);
  const options = [];
  if (method !== "GET") options.push(`method: ${JSON.stringify(method)}`);
  const lines = headers.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (credential) lines.unshift(`Authorization: \`Bearer \${${camel(credential.toLowerCase())}}\``);
  if (lines.length) options.push(`headers: { ${lines.join(", ")} }`);
  if (json !== undefined) options.push(`body: JSON.stringify(${indented(JSON.stringify(json, null, 2))})`);
  if (text !== undefined) options.push(`body: ${JSON.stringify(text)}`);
  const rest = options.length ? `, {\n${options.map((option) => `  ${option},\n`).join("")}}` : "";
  return `const reply = await fetch(${place === url ? JSON.stringify(url) : `\`${place}\``}${rest});`;
}

function python({ url, method, headers, credential, json, text }) {
  const place = filled(url, (name) => `{${name}}`);
  const lines = [place === url ? JSON.stringify(url) : `f${JSON.stringify(place)}`];
  const sent = headers.filter(() => json === undefined).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  if (credential) sent.unshift(`"Authorization": f"Bearer {${credential.toLowerCase()}}"`);
  if (sent.length) lines.push(`headers={${sent.join(", ")}}`);
  if (json !== undefined) lines.push(`json=${indented(literal(json), "    ")}`);
  if (text !== undefined) lines.push(`data=${JSON.stringify(text)}.encode()`);
  return `import requests\n\nreply = requests.${method.toLowerCase()}(\n${lines.map((line) => `    ${line},\n`).join("")})`;
}

function indented(text, by = "  ") {
  return text.replaceAll("\n", `\n${by}`);
}

/// A JSON value as Python writes it.
function literal(value) {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `    ${JSON.stringify(name)}: ${indented(literal(member), "    ")},\n`);
  return members.length ? `{\n${members.join("")}}` : "{}";
}
