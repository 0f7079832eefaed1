/**
 * Opens the reference page in Debian's Chromium and insists that it shows every operation of the document, works, and asks
 * no other host for anything. Leaves a picture in the file named by the first argument.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const picture = process.argv[2];
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

  assert.deepEqual(elsewhere, [], "nothing is asked of another host");
  assert.deepEqual(errors, [], "nothing failed");
  console.log(`browser: ${operations.length} passed, 0 failed`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
