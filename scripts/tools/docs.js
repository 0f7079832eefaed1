/**
 * Opens the reference page in Debian's Chromium and insists that it shows every operation of the document, works, and asks
 * no other host for anything; that what it offers to copy can be run; and that it fits a phone. Leaves a picture in the file
 * named by the first argument. The second names a Python that has `requests`.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [picture, python] = process.argv.slice(2);
const base = new URL(process.env.LATCHKEY_URL);
// A name of its own, since some pages behave on "localhost" as they do nowhere else: Swagger UI, for one, then leaves out
// its call to an online validator.
const address = base.hostname;
base.hostname = "latchkey.example";

const profile = mkdtempSync(join(tmpdir(), "latchkey-chromium."));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  timeout: 60_000,
  viewport: { width: 1280, height: 1600 },
  args: [
    `--host-resolver-rules=MAP ${base.hostname} ${address}, MAP * ~NOTFOUND`,
    "--no-sandbox", // root, as in a container, has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(30_000);
  const elsewhere = [];
  const errors = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.host !== base.host) elsewhere.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(`the page threw ${error}`));
  page.on("console", (message) => message.type() === "error" && errors.push(`the console says ${message.text()}`));
  page.on("response", (reply) => reply.status() >= 400 && errors.push(`${reply.status()} for ${reply.url()}`));

  const reply = await fetch(new URL("/openapi.json", process.env.LATCHKEY_URL));
  const { paths } = await reply.json();
  const methods = ["get", "put", "post", "delete", "patch"];
  const operations = Object.values(paths).flatMap((path) => methods.flatMap((method) => path[method] ?? []));
  const expected = operations.map(({ tags: [tag], operationId }) => `operations-${tag.replaceAll(" ", "_")}-${operationId}`);

  await page.goto(new URL("/docs", base).href);
  await page.locator(".opblock").nth(expected.length - 1).waitFor();
  const shown = await page.locator(".opblock").evaluateAll((blocks) => blocks.map((block) => block.id));
  assert.deepEqual(shown.sort(), expected.sort(), "every operation is shown, and nothing else");
  const text = await page.locator("body").innerText();
  for (const { operationId } of operations) {
    assert.ok(text.includes(operationId), `the name of ${operationId} can be read`);
  }
  await page.screenshot({ path: picture });

  // One operation is tried out, as a reader would.
  const keys = page.locator(".opblock", { hasText: "/.well-known/jwks.json" });
  await keys.locator(".opblock-summary-control").click();
  await keys.getByRole("button", { name: "Try it out" }).click();
  await keys.getByRole("button", { name: "Execute" }).click();
  await keys.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();

  // Found by what somebody wants, opened by a link, and short enough to be read.
  const search = page.getByRole("searchbox", { name: "Search the operations" });
  await search.fill("phone lost");
  await page.locator("#operations-users-resetTwoFactor").waitFor();
  const found = await page.locator(".opblock").count();
  assert.ok(found > 0 && found < 5, `${found} operations are about a lost phone`);
  await search.fill("");
  await page.getByRole("link", { name: "Start a login" }).click();
  const login = page.locator("#operations-login-startLogin");
  await login.getByText("Responses", { exact: true }).waitFor();
  const { height } = await login.boundingBox();
  assert.ok(height < 2200, `POST /v1/login takes ${height} pixels`);
  const named = await login.locator('a[href*="problems/"]').evaluateAll((links) => links.map((link) => link.href));
  assert.ok(named.some((link) => link.endsWith("/invalid_credentials")), `the errors are named: ${named}`);
  for (const link of new Set(named)) {
    assert.equal((await fetch(link.replace(base.hostname, address))).status, 200, link);
  }

  // What can be copied is written as each language wants it, and the requests that need no credential work.
  const samples = await page.evaluate(async (document) => {
    const { requests } = await import("/docs/samples.js");
    return Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => operation.operationId)
        .map(([method, operation]) => [operation.operationId, requests(location.origin, path, method, operation)]),
    );
  }, { paths });
  assert.equal(samples.length, operations.length);
  const here = (text) => text.replaceAll(base.hostname, address);
  const write = (name, texts) => {
    const file = join(profile, name);
    writeFileSync(file, texts.map(here).join("\n"));
    return file;
  };
  const of = (language) => samples.map(([, { [language]: text }]) => text);
  execFileSync("bash", ["-n", write("all.sh", of("curl"))]);
  execFileSync(process.execPath, ["--check", write("all.mjs", of("javascript").map((text) => `{\n${text}\n}`))]);
  execFileSync(python, ["-m", "py_compile", write("all.py", of("python"))]);
  const replies = { getJwks: 200, getReadiness: 200, startLogin: 401, activateUser: 401, refreshToken: 401 };
  for (const [id, status] of Object.entries(replies)) {
    const sample = Object.fromEntries(samples)[id];
    const run = (program, ...options) => execFileSync(program, options, { encoding: "utf8" }).trim();
    const curl = sample.curl.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ");
    assert.equal(run("bash", write("one.sh", [curl])), `${status}`, `${id} by curl`);
    const script = write("one.mjs", [sample.javascript, "console.log(reply.status);"]);
    assert.equal(run(process.execPath, script), `${status}`, `${id} by JavaScript`);
    const program = write("one.py", [sample.python, "print(reply.status_code)"]);
    assert.equal(run(python, program), `${status}`, `${id} by Python`);
  }

  // On a phone nothing is wider than the screen.
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, "the page fits a phone");

  assert.deepEqual(elsewhere, [], "nothing is asked of another host");
  assert.deepEqual(errors, [], "nothing failed");
  console.log(`browser: ${operations.length} passed, 0 failed`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
