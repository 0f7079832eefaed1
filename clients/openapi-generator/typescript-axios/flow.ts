// Signs in, enrols, starts a bulk job and downloads two files, with openapi-generator's client on axios.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

import {
  AccountsApi,
  ActivationApi,
  AuditEventsApi,
  BulkActionName,
  BulkJobsApi,
  LoginApi,
  ReportsApi,
  UsersApi,
} from "./client";
import { PASSWORD, bearer, code, env } from "./shared";

/** Passes the password and returns what is allowed to go on. */
async function login(next: string): Promise<LoginApi> {
  const startLogin = { account: "platform", username: "root", password: PASSWORD };
  const { data: result } = await new LoginApi(bearer()).startLogin(startLogin);
  assert.deepEqual([result.status, result.next], ["challenge", next]);
  return new LoginApi(bearer(result.challenge_token));
}

async function main() {
  const activateUser = { code: env("ACTIVATION_CODE"), new_password: PASSWORD };
  await new ActivationApi(bearer()).activateUser(activateUser);

  const challenge = await login("totp_enrollment");
  const { secret } = (await challenge.getTotpEnrollment()).data;
  const { data: confirmed } = await challenge.confirmTotpEnrollment({ code: code(secret, -1) });
  assert.ok(confirmed.recovery_codes.length > 0);
  assert.equal(confirmed.result.status, "authenticated");

  const { data: result } = await (await login("totp")).answerTotp({ code: code(secret, 0) });
  assert.ok(result.status === "authenticated" && result.session?.id);
  const root = bearer(result.access_token);

  const accountId = (await new AccountsApi(root).createAccount({ slug: "acme", name: "Acme" })).data.id;
  const { user: ann } = (await new UsersApi(root).createUser(accountId, { username: "ann" })).data;

  const jobs = new BulkJobsApi(root);
  let job = (await jobs.startBulkJob(accountId, { action: BulkActionName.Disable, users: [ann.id] })).data;
  for (let tries = 0; job.finished_at === null && tries < 300; tries++) {
    await setTimeout(100);
    job = (await jobs.getBulkJob(accountId, job.id)).data;
  }
  assert.ok(job.finished_at !== null && job.succeeded === 1, JSON.stringify(job));

  // The client calls it a file, and axios gives what `responseType` asks for; without it, text.
  const events = String((await new AuditEventsApi(root).exportAuditEvents(accountId)).data).split("\n");
  assert.ok(events.length > 2);
  assert.equal(JSON.parse(events[0] ?? "").sequence, 1);
  const table = String((await new ReportsApi(root).exportPasswordReport(accountId)).data);
  assert.match(table, /^section,policy_id,/);
  console.log("typescript-axios: 1 passed, 0 failed");
}

void main();
