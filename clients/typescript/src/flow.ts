/**
 * Plays every flow of the product with a client generated from openapi.yaml: first start, the switch, login, reset, sleep
 * and wake, permissions, passwords, administration, sessions. Run it through scripts/with-server; it stops at the first reply that is not as told.
 */

import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify, type JWTPayload } from "jose";
import { administration } from "./administration.js";
import { Authenticator, scan } from "./authenticator.js";
import { BASE_URL, type Schemas, environment, latchkey, ok, refused } from "./client.js";

type Authenticated = Schemas["Authenticated"];
type Challenge = Schemas["LoginChallenge"];
type Mode = Schemas["TwoFactorMode"];

interface Person {
  account: string;
  username: string;
  password: string;
}

const SLUG = "acme";
const ACCOUNT_NAME = "Søren & Sons 100% 🔑";
const anonymous = latchkey();

function login(person: Person) {
  return anonymous.POST("/v1/login", { body: person });
}

/** Signs in somebody of whom no second factor is asked. */
async function signIn(person: Person): Promise<Authenticated> {
  return session(await ok(login(person)));
}

/** Passes the password and stops at the second factor. */
async function challenge(person: Person, next: "totp" | "totp_enrollment" | "password_change"): Promise<Challenge> {
  const result = await ok(login(person));
  assert.ok(result.status === "challenge", `${person.username} is asked for a second step`);
  assert.equal(result.next, next);
  return result as Challenge;
}

function session(result: Schemas["LoginResult"]): Authenticated {
  assert.ok(result.status === "authenticated", "the login is complete");
  return result as Authenticated;
}

/** Creates a user and sets the first password with the activation code. */
async function createUser(token: string, accountId: string, person: Person, permissions: string[] = []) {
  const { user, activation } = await ok(
    latchkey(token).POST("/v1/accounts/{account_id}/users", {
      params: { path: { account_id: accountId } },
      body: { username: person.username, permissions },
    }),
  );
  await ok(anonymous.POST("/v1/activations", { body: { code: activation.code, new_password: person.password } }));
  return user;
}

/** 1. From the activation code on the terminal to an account with an administrator and a user. */
async function firstStart() {
  const root = { account: "platform", username: "root", password: "a long phrase for the root" };
  const activation = { code: environment("ACTIVATION_CODE"), new_password: root.password };
  await ok(anonymous.POST("/v1/activations", { body: activation }));
  const again = await anonymous.POST("/v1/activations", { body: activation });
  assert.ok(again.response.status >= 400 && again.response.status < 500, "an activation code works once");

  // Who administers the platform signs in with two factors, always.
  const { session: rootSession } = await enrol(root, "Platform");
  const account = await ok(latchkey(rootSession.access_token).POST("/v1/accounts", { body: { slug: SLUG, name: ACCOUNT_NAME } }));
  assert.equal(account.name, ACCOUNT_NAME);

  const boss = { account: SLUG, username: "boss", password: "Königin der Nacht & Söhne" };
  await createUser(rootSession.access_token, account.id, boss, [
    "account_settings",
    "password_management",
    "user_permissions",
  ]);
  const bossSession = await signIn(boss);
  const ann = { account: SLUG, username: "ann%40 & co", password: "correct horse 電池 staple" };
  const annUser = await createUser(bossSession.access_token, account.id, ann);
  assert.equal((await signIn(ann)).user.id, annUser.id);

  // Whatever was wrong, the refusal is the same.
  const { instance: _one, ...wrong } = await refused(login({ ...ann, password: "not this one" }), 401, "invalid_credentials");
  const { instance: _two, ...unknown } = await refused(login({ ...ann, username: "nobody" }), 401, "invalid_credentials");
  assert.deepEqual(wrong, unknown);

  return { rootSession, account, bossSession, ann, annUser };
}

type Stage = Awaited<ReturnType<typeof firstStart>>;

/** Reads the policy for its ETag, and replaces it. */
async function setPolicy({ bossSession, account }: Stage, mode: Mode, userIds?: string[]) {
  const client = latchkey(bossSession.access_token);
  const path = { account_id: account.id };
  const { response } = await client.GET("/v1/accounts/{account_id}/two-factor-policy", { params: { path } });
  const etag = response.headers.get("etag");
  assert.ok(etag, "the policy has an ETag");
  const body = userIds === undefined ? { mode } : { mode, user_ids: userIds };
  const header = { "If-Match": etag };
  const put = () => client.PUT("/v1/accounts/{account_id}/two-factor-policy", { params: { path, header }, body });
  const policy = await ok(put());
  assert.equal(policy.mode, mode);
  return { policy, again: put };
}

/** 2. The switch: preview, the lists, and what is refused. */
async function theSwitch(stage: Stage) {
  const client = latchkey(stage.bossSession.access_token);
  const path = { account_id: stage.account.id };
  const before = await ok(client.GET("/v1/accounts/{account_id}/two-factor-policy", { params: { path } }));
  assert.equal(before.mode, "disabled");

  const preview = await ok(
    client.POST("/v1/accounts/{account_id}/two-factor-policy/preview", { params: { path }, body: { mode: "all_users" } }),
  );
  assert.equal(preview.will_enroll.count, 2);
  assert.equal(preview.already_enrolled.count, 0);

  const { policy, again } = await setPolicy(stage, "selected_users", [stage.annUser.id]);
  assert.deepEqual(policy.user_ids, [stage.annUser.id]);
  await refused(again(), 412, "precondition_failed");

  const stranger = "01890a5d-ac96-774b-bcce-b302099a8057";
  const { response } = await client.GET("/v1/accounts/{account_id}/two-factor-policy", { params: { path } });
  const problem = await refused(
    client.PUT("/v1/accounts/{account_id}/two-factor-policy", {
      params: { path, header: { "If-Match": response.headers.get("etag") ?? "" } },
      body: { mode: "selected_users", user_ids: [stranger] },
    }),
    422,
    "validation_failed",
  );
  assert.ok(JSON.stringify(problem.errors).includes(stranger), "the unknown user is named");
}

/** The first login with a QR code, from the password to the session. */
async function enrol(person: Person, issuer = ACCOUNT_NAME) {
  const { challenge_token } = await challenge(person, "totp_enrollment");
  const client = latchkey(challenge_token);
  const path = "/v1/login/challenge/totp-enrollment";
  assert.equal((await ok(client.GET("/v1/login/challenge"))).next, "totp_enrollment");

  const payload = await ok(client.GET(path));
  assert.ok(typeof payload === "object", "without an Accept header the payload is JSON");
  const png = await ok(client.GET(path, { headers: { Accept: "image/png" }, parseAs: "arrayBuffer" }));
  assert.equal(scan(new Uint8Array(png)), payload.otpauth_uri, "the picture says what the JSON says");
  assert.equal(scan(Buffer.from(payload.qr_png, "base64")), payload.otpauth_uri);
  assert.match(await ok(client.GET(path, { headers: { Accept: "image/svg+xml" }, parseAs: "text" })), /<svg/);
  assert.match(await ok(client.GET(path, { headers: { Accept: "text/plain" }, parseAs: "text" })), /[█▀▄]/u);

  const phone = new Authenticator(payload.otpauth_uri);
  assert.equal(phone.issuer, payload.issuer);
  assert.equal(phone.accountName, payload.account_name);
  assert.equal(phone.secret, payload.secret);
  assert.equal(phone.issuer, issuer);

  const confirmation = await ok(client.POST(path, { body: { code: await phone.code(-1) } }));
  return { phone, recoveryCodes: confirmation.recovery_codes, session: session(confirmation.result) };
}

async function answer(person: Person, code: string): Promise<Authenticated> {
  const { challenge_token } = await challenge(person, "totp");
  return session(await ok(latchkey(challenge_token).POST("/v1/login/challenge/totp", { body: { code } })));
}

/** 3. Login: enrolment, then codes only, recovery codes, giving up. */
async function theLogin({ ann }: Stage) {
  const enrolled = await enrol(ann);

  const { challenge_token } = await challenge(ann, "totp");
  const client = latchkey(challenge_token);
  const step = await refused(client.GET("/v1/login/challenge/totp-enrollment"), 409, "wrong_step");
  assert.equal(step.next, "totp");
  const code = await enrolled.phone.code(0);
  const spoilt = code.replace(/^./, (digit) => String((Number(digit) + 5) % 10));
  const problem = await refused(client.POST("/v1/login/challenge/totp", { body: { code: spoilt } }), 401, "invalid_code");
  assert.equal(problem.attempts_left, 4);
  // People type codes in two groups.
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  session(await ok(client.POST("/v1/login/challenge/totp", { body: { code: spaced } })));
  await refused(client.GET("/v1/login/challenge"), 401, "challenge_invalid");

  const replay = latchkey((await challenge(ann, "totp")).challenge_token);
  await refused(replay.POST("/v1/login/challenge/totp", { body: { code } }), 401, "invalid_code");

  const recovery = enrolled.recoveryCodes[0];
  assert.ok(recovery);
  session(await ok(replay.POST("/v1/login/challenge/recovery-code", { body: { code: recovery } })));
  const abandoned = latchkey((await challenge(ann, "totp")).challenge_token);
  await refused(abandoned.POST("/v1/login/challenge/recovery-code", { body: { code: recovery } }), 401, "invalid_code");
  await ok(abandoned.DELETE("/v1/login/challenge"));
  await refused(abandoned.GET("/v1/login/challenge"), 401, "challenge_invalid");

  return enrolled;
}

/** 4. Reset: the factor and the sessions are gone, the next login enrols again. */
async function theReset(stage: Stage, old: Awaited<ReturnType<typeof enrol>>) {
  const params = { path: { account_id: stage.account.id, user_id: stage.annUser.id } };
  await ok(
    latchkey(stage.bossSession.access_token).POST(
      "/v1/accounts/{account_id}/users/{user_id}/actions/reset-two-factor",
      { params },
    ),
  );
  await refused(latchkey(old.session.access_token).GET("/v1/me"), 401, "invalid_token");
  const { challenge_token } = await challenge(stage.ann, "totp_enrollment");
  await refused(
    latchkey(challenge_token).POST("/v1/login/challenge/totp-enrollment", { body: { code: await old.phone.code(1) } }),
    401,
    "invalid_code",
  );
  const enrolled = await enrol(stage.ann);
  assert.notEqual(enrolled.phone.secret, old.phone.secret);
  return enrolled;
}

/** 5. Sleep and wake: switched off nobody is asked, switched on the same phone works. */
async function sleepAndWake(stage: Stage, phone: Authenticator) {
  await setPolicy(stage, "disabled");
  assert.equal((await signIn(stage.ann)).user.two_factor.status, "asleep");
  await setPolicy(stage, "all_users");
  return answer(stage.ann, await phone.code(0));
}

/** 6. Who may: 403 names the permission, other accounts are 404, a disabled user is out. */
async function whoMay(stage: Stage, annSession: Authenticated) {
  const boss = latchkey(stage.bossSession.access_token);
  const ann = latchkey(annSession.access_token);
  const path = { account_id: stage.account.id, user_id: stage.annUser.id };
  const readPolicy = () => ann.GET("/v1/accounts/{account_id}/two-factor-policy", { params: { path } });
  const grant = async (permissions: string[]) => {
    const { response } = await boss.GET("/v1/accounts/{account_id}/users/{user_id}/permissions", { params: { path } });
    const header = { "If-Match": response.headers.get("etag") ?? "" };
    const list = await ok(
      boss.PUT("/v1/accounts/{account_id}/users/{user_id}/permissions", { params: { path, header }, body: { permissions } }),
    );
    assert.deepEqual(list.permissions, permissions);
  };

  assert.equal((await refused(readPolicy(), 403, "permission_required")).permission, "account_settings");
  await grant(["account_settings"]);
  await ok(readPolicy());
  await grant([]);
  await refused(readPolicy(), 403, "permission_required");

  const other = await ok(
    latchkey(stage.rootSession.access_token).POST("/v1/accounts", { body: { slug: "other", name: "Other" } }),
  );
  await refused(
    boss.GET("/v1/accounts/{account_id}/users", { params: { path: { account_id: other.id } } }),
    404,
    "not_found",
  );
  const users = await ok(boss.GET("/v1/accounts/{account_id}/users", { params: { path } }));
  assert.deepEqual(users.items.map((user) => user.username).sort(), [stage.ann.username, "boss"].sort());

  await ok(boss.POST("/v1/accounts/{account_id}/users/{user_id}/actions/disable", { params: { path } }));
  await refused(login(stage.ann), 401, "invalid_credentials");
  await refused(ann.GET("/v1/me"), 401, "invalid_token");
  await ok(boss.POST("/v1/accounts/{account_id}/users/{user_id}/actions/enable", { params: { path } }));
}

interface Claims extends JWTPayload {
  sid: string;
  account: string;
  permissions: string[];
  amr: string[];
  auth_time: number;
}

/** 7. Passwords: a policy for one user, what it would mean, what it asks while one types, and the step that it leads to. */
async function passwords(stage: Stage) {
  const boss = latchkey(stage.bossSession.access_token);
  const account = { account_id: stage.account.id };
  const presets = await ok(boss.GET("/v1/password-policy-presets"));
  assert.deepEqual(presets.items.map((preset) => preset.strength), ["basic", "medium", "advanced", "modern"]);
  const policies = await ok(boss.GET("/v1/accounts/{account_id}/password-policies", { params: { path: account } }));
  assert.deepEqual(policies.items.map((policy) => [policy.name, policy.is_default]), [["Basic", true]]);

  await setPolicy(stage, "selected_users", [stage.annUser.id]);
  const bob = { account: SLUG, username: "bob", password: "nine herons beside a kettle" };
  const bobUser = await createUser(stage.bossSession.access_token, stage.account.id, bob);
  const body = {
    name: "Strict",
    strength: "custom" as const,
    custom_strength: { min_length: 12, min_digits: 2, min_uppercase: 0, min_lowercase: 0, min_specials: 0 },
    expires_after_days: 90,
    remember_last: 3,
    existing_passwords: "from_switch_on" as const,
    spread_expiry_over_days: 0,
    apply_to_existing: "at_next_login" as const,
    forbidden_words: [],
  };
  const created = await ok(boss.POST("/v1/accounts/{account_id}/password-policies", { params: { path: account }, body }));
  const path = { ...account, policy_id: created.id };
  const below = "/v1/accounts/{account_id}/password-policies/{policy_id}" as const;
  const assignments = { user_ids: [bobUser.id], permissions: [], role_ids: [], priority: 100 };
  assert.deepEqual(await ok(boss.PUT(`${below}/assignments`, { params: { path }, body: assignments })), assignments);
  const preview = await ok(boss.POST(`${below}/preview`, { params: { path }, body }));
  assert.equal(preview.checked_at_next_login, 1);
  const { response } = await boss.GET(below, { params: { path } });
  const etag = response.headers.get("etag") ?? "";
  const put = () => boss.PUT(below, { params: { path, header: { "If-Match": etag } }, body: { ...body, remember_last: 5 } });
  assert.equal((await ok(put())).remember_last, 5);
  await refused(put(), 412, "precondition_failed");
  const user = { ...account, user_id: bobUser.id };
  const told = await ok(boss.GET("/v1/accounts/{account_id}/users/{user_id}", { params: { path: user } }));
  assert.equal(told.password.policy_id, created.id);
  assert.match(told.password.policy_reason, /assigned to the user/);

  const step = await challenge(bob, "password_change");
  assert.deepEqual(step.password_change?.reasons.map((reason) => reason.code), ["needs_digit"]);
  const bobs = latchkey(step.challenge_token);
  const typed = await ok(bobs.POST("/v1/login/challenge/password/check", { body: { password: "kettle" } }));
  assert.deepEqual([typed.acceptable, typed.failures.length > 1], [false, true]);
  await refused(bobs.POST("/v1/login/challenge/password", { body: { new_password: "kettle" } }), 422, "password_refused");
  const changed = session(
    await ok(bobs.POST("/v1/login/challenge/password", { body: { new_password: "47 herons beside a kettle" } })),
  );
  assert.ok(changed.password_expires_at !== null);
  const own = await ok(latchkey(changed.access_token).POST("/v1/me/password/check", { body: { password: "x" } }));
  assert.equal(own.acceptable, false);
  const checked = await ok(boss.POST(`${below}/check`, { params: { path }, body: { password: "47 swans beside a lake" } }));
  assert.deepEqual([checked.acceptable, checked.score], [true, 4]);
  await ok(boss.DELETE(below, { params: { path } }));
}

/** 9. Sessions: the token verified offline, refresh with rotation and reuse detection, logout that counts at once. */
async function sessions(stage: Stage, phone: Authenticator) {
  const first = await answer(stage.ann, await phone.code(1));
  const keys = createLocalJWKSet(await ok(anonymous.GET("/.well-known/jwks.json")));
  const expected = { issuer: BASE_URL, audience: "latchkey", algorithms: ["ES256", "EdDSA"] };
  const { payload } = await jwtVerify<Claims>(first.access_token, keys, expected);
  assert.equal(payload.sub, stage.annUser.id);
  assert.equal(payload.sid, first.session.id);
  assert.equal(payload.account, stage.account.id);
  assert.deepEqual(payload.permissions, []);
  assert.ok(payload.amr.includes("otp"), "the second factor is on record");
  const [head, , signature] = first.access_token.split(".");
  const forged = Buffer.from(JSON.stringify({ ...payload, permissions: ["account_settings"] })).toString("base64url");
  await assert.rejects(jwtVerify(`${head}.${forged}.${signature}`, keys, expected));
  await refused(latchkey(`${head}.${forged}.${signature}`).GET("/v1/me"), 401, "invalid_token");

  const refresh = (refresh_token: string, key?: string) =>
    anonymous.POST("/v1/token/refresh", {
      body: { refresh_token },
      params: { header: key === undefined ? {} : { "Idempotency-Key": key } },
    });
  const second = await ok(refresh(first.refresh_token, "lost"));
  assert.deepEqual(await ok(refresh(first.refresh_token, "lost")), second, "a lost reply");
  const tab = await ok(refresh(first.refresh_token));
  assert.equal(tab.refresh_token, second.refresh_token, "a second tab");
  await ok(latchkey(second.access_token).GET("/v1/me"));
  const third = await ok(refresh(second.refresh_token));
  await refused(refresh(first.refresh_token), 401, "invalid_token");
  await refused(latchkey(second.access_token).GET("/v1/me"), 401, "invalid_token");
  await refused(refresh(third.refresh_token), 401, "invalid_token");

  const boss = latchkey(stage.bossSession.access_token);
  await ok(boss.GET("/v1/me"));
  await ok(boss.POST("/v1/logout"));
  await refused(boss.GET("/v1/me"), 401, "invalid_token");
}

const stage = await firstStart();
await theSwitch(stage);
const lost = await theLogin(stage);
const found = await theReset(stage, lost);
const annSession = await sleepAndWake(stage, found.phone);
await whoMay(stage, annSession);
await passwords(stage);
await administration(stage.rootSession.access_token, stage.bossSession.access_token, stage.account);
await sessions(stage, found.phone);
console.log("typescript: 9 passed, 0 failed");
