# Signs in, enrols, starts a bulk job and downloads two files, with the client in Ruby that openapi-generator makes.

require 'json'
require 'open3'
require 'uri'

require 'openapi_client'

include OpenapiClient

PASSWORD = 'a long phrase for the root'.freeze

def expect(okay, what)
  raise "not so: #{what}" unless okay
end

# A client that sends the token, if there is one, with each request.
def bearer(token)
  url = URI.parse(ENV.fetch('LATCHKEY_URL'))
  configuration = Configuration.new
  configuration.scheme = url.scheme
  configuration.host = "#{url.host}:#{url.port}"
  configuration.server_index = nil
  configuration.access_token = token
  configuration.logger.level = Logger::WARN # it tells of each download
  ApiClient.new(configuration)
end

# What the authenticator app shows.
def code(secret, steps)
  digits, status = Open3.capture2(ENV.fetch('TOTP_CODE'), secret, steps.to_s)
  expect(status.success?, 'there is a code')
  digits.strip
end

# Passes the password and returns what is allowed to go on.
def login(step)
  body = StartLogin.new(account: 'platform', username: 'root', password: PASSWORD)
  result = LoginApi.new(bearer(nil)).start_login(body)
  expect(result.status == 'challenge' && result._next == step, "the login asks for #{step}")
  LoginApi.new(bearer(result.challenge_token))
end

def lines(file)
  File.readlines(file.path, chomp: true)
end

activation = ActivateUser.new(code: ENV.fetch('ACTIVATION_CODE'), new_password: PASSWORD)
ActivationApi.new(bearer(nil)).activate_user(activation)

challenge = login('totp_enrollment')
secret = challenge.get_totp_enrollment.secret
confirmed = challenge.confirm_totp_enrollment(ConfirmTotpEnrollment.new(code: code(secret, -1)))
expect(confirmed.recovery_codes.any?, 'there are recovery codes')
expect(confirmed.result.status == 'authenticated', 'the enrolment signs in')

result = login('totp').answer_totp(AnswerTotp.new(code: code(secret, 0)))
expect(result.status == 'authenticated' && !result.session.id.empty?, 'the code signs in')
root = bearer(result.access_token)

account = AccountsApi.new(root).create_account(CreateAccount.new(slug: 'acme', name: 'Acme'))
ann = UsersApi.new(root).create_user(account.id, CreateUser.new(username: 'ann')).user

jobs = BulkJobsApi.new(root)
job = jobs.start_bulk_job(account.id, StartBulkJob.new(action: BulkActionName::DISABLE, users: [ann.id]))
300.times do
  break if job.finished_at

  sleep 0.1
  job = jobs.get_bulk_job(account.id, job.id)
end
expect(job.finished_at && job.succeeded == 1, 'the job was done')

events = lines(AuditEventsApi.new(root).export_audit_events(account.id))
expect(events.size > 2 && JSON.parse(events[0])['sequence'] == 1, 'the events are there')
table = lines(ReportsApi.new(root).export_password_report(account.id))
expect(table[0].start_with?('section,policy_id,'), 'the table is there')
puts 'ruby: 1 passed, 0 failed'
