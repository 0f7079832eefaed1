// What people come for, before the list of everything.

const TASKS = [
  ["Sign a user in", ["startLogin", "answerTotp", "refreshToken", "logout"]],
  ["Show the QR code at the first sign-in", ["getTotpEnrollment", "confirmTotpEnrollment"]],
  ["Add a user", ["createUser", "activateUser", "importUsers"]],
  ["Switch two-factor authentication on", ["previewTwoFactorPolicy", "replaceTwoFactorPolicy"]],
  ["Help somebody with a lost phone", ["resetTwoFactor", "useRecoveryCode"]],
  ["Help somebody who is locked out", ["unlockUser", "sendActivation", "requirePasswordChange"]],
  ["Set the rules for passwords", ["listPasswordPolicyPresets", "createPasswordPolicy", "replacePasswordPolicyAssignments"]],
  ["Decide what a user may do", ["replaceUserPermissions", "createRole", "replaceUserRoles"]],
  ["Guard a page of your own", ["registerPermission", "getJwks", "introspectToken"]],
  ["Let a program in", ["createApiKey", "rotateApiKey", "revokeApiKey"]],
  ["End what somebody has open", ["revokeUserSessions", "disableUser", "startBulkJob"]],
  ["See what happened", ["listAuditEvents", "getTwoFactorReport", "getPasswordReport"]],
];

/// The tasks as a list of links.
export function tasks(operations) {
  const known = new Map(operations.map(({ operation }) => [operation.operationId, operation]));
  const link = (id) => linked(known.get(id) ?? missing(id));
  const lines = TASKS.map(([task, ids]) => `- **${task}:** ${ids.map(link).join(" · ")}`);
  return ["### What do you want to do?", "", ...lines].join("\n");
}

/// The tasks that an operation belongs to.
export function tasksOf({ operationId }) {
  return TASKS.filter(([, ids]) => ids.includes(operationId)).map(([task]) => task);
}

function linked({ tags: [tag], operationId, summary }) {
  return `[${summary}](#/${encodeURIComponent(tag)}/${encodeURIComponent(operationId)})`;
}

function missing(id) {
  throw new Error(`no operation is called ${id}`);
}
