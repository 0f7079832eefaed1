/** What administrators do with many people: the users page, roles, the catalogue of permissions, imports. Played by flow.ts. */

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { type Latchkey, type Schemas, latchkey, ok, refused } from "./client.js";

/** Of "seven purple herons", made elsewhere. */
const HASH = "$2b$04$M9NW5cMCmeL2WuULoU5nkuPUg4D6DROrDyxWsIipCnrxFUsRV6wKS";

/** An import of a few lines takes milliseconds; one that takes this long has failed. */
const PATIENCE_SECONDS = 60;

interface Account {
  id: string;
  slug: string;
}

/** Another policy becomes the default, and the former one again; what is the default cannot be deleted. */
async function theDefaultPolicy(boss: Latchkey, account: Account) {
  const list = "/v1/accounts/{account_id}/password-policies" as const;
  const one = "/v1/accounts/{account_id}/password-policies/{policy_id}" as const;
  const ofAccount = { account_id: account.id };
  const former = (await ok(boss.GET(list, { params: { path: ofAccount } }))).items[0];
  assert.ok(former?.is_default);
  const draft = (name: string, strength: Schemas["PasswordStrength"]) => ({
    name,
    strength,
    is_default: true,
    remember_last: 0,
    existing_passwords: "from_switch_on" as const,
    spread_expiry_over_days: 0,
    apply_to_existing: "at_next_change" as const,
    forbidden_words: [],
  });
  const careful = await ok(boss.POST(list, { params: { path: ofAccount }, body: draft("Careful", "modern") }));
  assert.ok(careful.is_default && careful.conformance.length > 0, "a policy says what standards say to it");
  const path = { ...ofAccount, policy_id: careful.id };
  assert.deepEqual((await ok(boss.GET(`${one}/assignments`, { params: { path } }))).user_ids, []);
  await refused(boss.DELETE(one, { params: { path } }), 409, "conflict");

  const back = { ...ofAccount, policy_id: former.id };
  const { response } = await boss.GET(one, { params: { path: back } });
  const header = { "If-Match": response.headers.get("etag") ?? "" };
  const strength = former.strength as Schemas["PasswordStrength"];
  assert.ok((await ok(boss.PUT(one, { params: { path: back, header }, body: draft(former.name, strength) }))).is_default);
  assert.equal((await ok(boss.GET(one, { params: { path } }))).is_default, false);
  await ok(boss.DELETE(one, { params: { path } }));
}

/** Applications bring permissions along. Gives the name of one. */
async function theCatalogue(root: Latchkey): Promise<string> {
  const register = (name: string, description: string) => ok(root.POST("/v1/permissions", { body: { name, description } }));
  const name = "crm.invoices.approve";
  assert.equal((await register(name, "Approves invoices.")).application, "crm");
  await register("crm.invoices.read", "Reads invoices.");
  await ok(root.DELETE("/v1/permissions/{permission}", { params: { path: { permission: "crm.invoices.read" } } }));
  const names = (await ok(root.GET("/v1/permissions"))).items.map((permission) => permission.name);
  assert.ok(names.includes("user_permissions") && names.includes(name) && !names.includes("crm.invoices.read"));
  return name;
}

/** Search, order and pages; changes; what is done to one user; roles and who has them. */
async function theUsersPage(boss: Latchkey, account: Account, permission: string) {
  const list = "/v1/accounts/{account_id}/users" as const;
  const one = "/v1/accounts/{account_id}/users/{user_id}" as const;
  const ofAccount = { account_id: account.id };
  const create = (username: string, display_name: string) =>
    ok(boss.POST(list, { params: { path: ofAccount }, body: { username, display_name, permissions: [] } }));
  const cora = { ...ofAccount, user_id: (await create("cora", "Cora Lind")).user.id };
  const dora = { ...ofAccount, user_id: (await create("dora", "Dora Lind")).user.id };
  const names = (page: Schemas["UserPage"]) => page.items.map((user) => user.username);
  const query = { q: "lind", sort: "-username", limit: 1 } as const;
  const page = await ok(boss.GET(list, { params: { path: ofAccount, query } }));
  assert.deepEqual(names(page), ["dora"], "from the end of the alphabet");
  assert.ok(page.next_cursor);
  const rest = await ok(boss.GET(list, { params: { path: ofAccount, query: { ...query, cursor: page.next_cursor } } }));
  assert.deepEqual(names(rest), ["cora"]);
  for (const none of [{ status: "disabled" }, { locked: true }] as const) {
    assert.deepEqual(names(await ok(boss.GET(list, { params: { path: ofAccount, query: { q: "lind", ...none } } }))), []);
  }

  const { response } = await boss.GET(one, { params: { path: cora } });
  const header = { "If-Match": response.headers.get("etag") ?? "" };
  const change = { display_name: null, email: "cora@example.org" };
  const changed = await ok(boss.PATCH(one, { params: { path: cora, header }, body: change }));
  assert.deepEqual([changed.display_name, changed.email], [null, "cora@example.org"]);
  await refused(boss.PATCH(one, { params: { path: cora, header }, body: change }), 412, "precondition_failed");
  assert.ok((await ok(boss.POST(`${one}/actions/send-activation`, { params: { path: cora } }))).code);
  await ok(boss.POST(`${one}/actions/require-password-change`, { params: { path: cora } }));
  await ok(boss.POST(`${one}/actions/revoke-sessions`, { params: { path: cora } }));
  await ok(boss.POST(`${one}/actions/unlock`, { params: { path: cora } }));

  const roles = "/v1/accounts/{account_id}/roles" as const;
  const draft = { name: "Clerks", permissions: [permission] };
  const role = await ok(boss.POST(roles, { params: { path: ofAccount }, body: draft }));
  await refused(boss.POST(roles, { params: { path: ofAccount }, body: draft }), 409, "conflict");
  const ids = (found: { items: { id: string }[] }) => found.items.map((item) => item.id);
  assert.deepEqual(ids(await ok(boss.GET(roles, { params: { path: ofAccount } }))), [role.id]);
  const path = { ...ofAccount, role_id: role.id };
  const read = await boss.GET(`${roles}/{role_id}`, { params: { path } });
  const match = { "If-Match": read.response.headers.get("etag") ?? "" };
  const described = { ...draft, description: "Who handles invoices." };
  const replaced = await ok(boss.PUT(`${roles}/{role_id}`, { params: { path, header: match }, body: described }));
  assert.equal(replaced.description, described.description);
  await ok(boss.PUT(`${one}/roles`, { params: { path: dora }, body: { role_ids: [role.id] } }));
  assert.deepEqual((await ok(boss.GET(`${one}/roles`, { params: { path: dora } }))).role_ids, [role.id]);
  for (const query of [{ role: role.id }, { permission, q: "dora" }]) {
    assert.deepEqual(ids(await ok(boss.GET(list, { params: { path: ofAccount, query } }))), [dora.user_id]);
  }
  await ok(boss.DELETE(`${roles}/{role_id}`, { params: { path } }));
  for (const user of [cora, dora]) {
    await ok(boss.DELETE(one, { params: { path: user } }));
  }
  await refused(boss.GET(one, { params: { path: cora } }), 404, "not_found");
}

/** A file with good and bad lines is imported, once; another one is cancelled. */
async function imports(boss: Latchkey, account: Account) {
  const list = "/v1/accounts/{account_id}/user-imports" as const;
  const one = "/v1/accounts/{account_id}/user-imports/{import_id}" as const;
  const ofAccount = { account_id: account.id };
  const send = (file: string) =>
    ok(
      boss.POST(list, {
        params: { path: ofAccount },
        headers: { "Content-Type": "application/x-ndjson" },
        body: file,
        bodySerializer: (text) => text,
      }),
    );
  const ended = async (begun: Schemas["UserImport"]) => {
    const path = { ...ofAccount, import_id: begun.id };
    for (let tries = 0; tries < PATIENCE_SECONDS * 10; tries += 1) {
      const now = await ok(boss.GET(one, { params: { path } }));
      if (now.finished_at !== null) return now;
      await setTimeout(100);
    }
    assert.fail(`the import ${begun.id} does not end`);
  };

  const good = { username: "edna", email: "edna@example.org", password_hash: HASH };
  const bad = { username: "fritz", password_hash: "hunter2" };
  const file = [good, bad].map((line) => `${JSON.stringify(line)}\n`).join("");
  const first = await ended(await send(file));
  const second = await ended(await send(file));
  assert.deepEqual([first.status, first.imported, first.unchanged, first.failed_lines], ["done", 1, 0, 1]);
  assert.deepEqual([second.imported, second.unchanged, second.failed_lines], [0, 1, 1], "a second run changes nothing");
  assert.equal(first.errors_not_kept, 0);
  const ofFirst = { ...ofAccount, import_id: first.id };
  const errors = await ok(boss.GET(`${one}/errors`, { params: { path: ofFirst } }));
  assert.deepEqual(errors.items.map((error) => [error.line, error.code]), [[2, "invalid_password_hash"]]);
  const credentials = { account: account.slug, username: "edna", password: "seven purple herons" };
  assert.equal((await ok(latchkey().POST("/v1/login", { body: credentials }))).status, "authenticated");

  const many = Array.from({ length: 50_000 }, (_, number) => `{"username":"number-${number}"}\n`).join("");
  const begun = await send(many);
  const cancel = (id: string) => boss.POST(`${one}/actions/cancel`, { params: { path: { ...ofAccount, import_id: id } } });
  await ok(cancel(begun.id));
  await ok(cancel(begun.id));
  const cancelled = await ended(begun);
  assert.equal(cancelled.status, "cancelled");
  assert.ok(cancelled.imported < cancelled.total_lines);
  await refused(cancel(first.id), 409, "conflict");
  const ids = (page: Schemas["UserImportPage"]) => page.items.map((item) => item.id);
  const page = await ok(boss.GET(list, { params: { path: ofAccount, query: { limit: 2 } } }));
  assert.deepEqual(ids(page), [begun.id, second.id]);
  assert.ok(page.next_cursor);
  const rest = await ok(boss.GET(list, { params: { path: ofAccount, query: { limit: 2, cursor: page.next_cursor } } }));
  assert.deepEqual([ids(rest), rest.next_cursor], [[first.id], null]);
  const only = await ok(boss.GET(list, { params: { path: ofAccount, query: { status: "cancelled" } } }));
  assert.deepEqual(ids(only), [begun.id]);
}

/** All of it, by the administrator of the platform and by one of the account. */
export async function administration(rootToken: string, bossToken: string, account: Account) {
  const boss = latchkey(bossToken);
  await theDefaultPolicy(boss, account);
  const permission = await theCatalogue(latchkey(rootToken));
  await theUsersPage(boss, account, permission);
  await imports(boss, account);
}
