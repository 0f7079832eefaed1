<?php
// Signs in, enrols, starts a bulk job and downloads two files, with the client in PHP that openapi-generator makes.
declare(strict_types=1);

use OpenAPI\Client\Api;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model;

require '/usr/share/php/GuzzleHttp/autoload.php';
spl_autoload_register(function (string $class): void {
    $prefix = 'OpenAPI\\Client\\';
    if (str_starts_with($class, $prefix)) {
        require getenv('CLIENT') . '/lib/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    }
});

const PASSWORD = 'a long phrase for the root';

function expect(bool $ok, string $what): void
{
    $ok || throw new RuntimeException("not so: $what");
}

/** How to reach the service, with the token, if there is one, in each request. */
function bearer(?string $token): Configuration
{
    $configuration = (new Configuration())->setHost(getenv('LATCHKEY_URL'));
    return $token === null ? $configuration : $configuration->setAccessToken($token);
}

/** What the authenticator app shows. */
function code(string $secret, int $steps): string
{
    return trim(shell_exec(escapeshellarg(getenv('TOTP_CODE')) . ' ' . escapeshellarg($secret) . " $steps"));
}

/** Passes the password and returns what is allowed to go on. */
function login(string $next): Api\LoginApi
{
    $body = new Model\StartLogin(['account' => 'platform', 'username' => 'root', 'password' => PASSWORD]);
    $result = (new Api\LoginApi(null, bearer(null)))->startLogin($body);
    expect($result->getStatus() === 'challenge' && $result->getNext() === $next, "the login asks for $next");
    return new Api\LoginApi(null, bearer($result->getChallengeToken()));
}

function lines(SplFileObject $file): array
{
    return file($file->getRealPath(), FILE_IGNORE_NEW_LINES);
}

$activation = new Model\ActivateUser(['code' => getenv('ACTIVATION_CODE'), 'new_password' => PASSWORD]);
(new Api\ActivationApi(null, bearer(null)))->activateUser($activation);

$challenge = login('totp_enrollment');
$secret = $challenge->getTotpEnrollment()->getSecret();
$confirmed = $challenge->confirmTotpEnrollment(new Model\ConfirmTotpEnrollment(['code' => code($secret, -1)]));
expect(count($confirmed->getRecoveryCodes()) > 0, 'there are recovery codes');
expect($confirmed->getResult()->getStatus() === 'authenticated', 'the enrolment signs in');

$result = login('totp')->answerTotp(new Model\AnswerTotp(['code' => code($secret, 0)]));
expect($result->getStatus() === 'authenticated' && $result->getSession()->getId() !== '', 'the code signs in');
$root = bearer($result->getAccessToken());

$account = (new Api\AccountsApi(null, $root))->createAccount(new Model\CreateAccount(['slug' => 'acme', 'name' => 'Acme']));
$users = new Api\UsersApi(null, $root);
$ann = $users->createUser($account->getId(), new Model\CreateUser(['username' => 'ann']))->getUser();

$jobs = new Api\BulkJobsApi(null, $root);
$order = new Model\StartBulkJob(['action' => Model\BulkActionName::DISABLE, 'users' => [$ann->getId()]]);
$job = $jobs->startBulkJob($account->getId(), $order);
for ($tries = 0; $job->getFinishedAt() === null; $tries++) {
    expect($tries < 300, 'the job ends');
    usleep(100_000);
    $job = $jobs->getBulkJob($account->getId(), $job->getId());
}
expect($job->getSucceeded() === 1, 'the job was done');

$events = lines((new Api\AuditEventsApi(null, $root))->exportAuditEvents($account->getId()));
expect(count($events) > 2 && json_decode($events[0]) !== null, 'the events are there');
$table = lines((new Api\ReportsApi(null, $root))->exportPasswordReport($account->getId()));
expect(str_starts_with($table[0], 'section,policy_id,'), 'the table is there');
echo "php: 1 passed, 0 failed\n";
