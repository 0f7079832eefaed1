// Signs in, enrols, starts a bulk job and downloads two files, with the client in Go that openapi-generator makes.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"latchkey"
)

const password = "a long phrase for the root"

func must(err error) {
	if err != nil {
		if body, ok := err.(interface{ Body() []byte }); ok {
			fmt.Fprintln(os.Stderr, string(body.Body()))
		}
		panic(err)
	}
}

func expect(ok bool, what string) {
	if !ok {
		panic("not so: " + what)
	}
}

// bearer makes a context that sends the token with each request.
func bearer(token string) context.Context {
	return context.WithValue(context.Background(), latchkey.ContextAccessToken, token)
}

// code is what the authenticator app shows.
func code(secret string, steps string) string {
	digits, err := exec.Command(os.Getenv("TOTP_CODE"), secret, steps).Output()
	must(err)
	return strings.TrimSpace(string(digits))
}

// login passes the password and returns the token of the challenge that follows.
func login(client *latchkey.APIClient, next string) string {
	result, _, err := client.LoginAPI.StartLogin(context.Background()).
		StartLogin(*latchkey.NewStartLogin("platform", password, "root")).Execute()
	must(err)
	expect(result.Status == "challenge" && result.GetNext() == next, "the login asks for "+next)
	return result.GetChallengeToken()
}

func lines(file *os.File, err error) []string {
	must(err)
	_, err = file.Seek(0, io.SeekStart)
	must(err)
	var lines []string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	must(scanner.Err())
	must(os.Remove(file.Name()))
	return lines
}

func main() {
	configuration := latchkey.NewConfiguration()
	configuration.Servers = latchkey.ServerConfigurations{{URL: os.Getenv("LATCHKEY_URL")}}
	client := latchkey.NewAPIClient(configuration)

	_, err := client.ActivationAPI.ActivateUser(context.Background()).
		ActivateUser(*latchkey.NewActivateUser(os.Getenv("ACTIVATION_CODE"), password)).Execute()
	must(err)

	challenge := bearer(login(client, "totp_enrollment"))
	enrollment, _, err := client.LoginAPI.GetTotpEnrollment(challenge).Execute()
	must(err)
	confirmed, _, err := client.LoginAPI.ConfirmTotpEnrollment(challenge).
		ConfirmTotpEnrollment(*latchkey.NewConfirmTotpEnrollment(code(enrollment.Secret, "-1"))).Execute()
	must(err)
	expect(len(confirmed.RecoveryCodes) > 0, "there are recovery codes")
	expect(confirmed.Result.Status == "authenticated", "the enrolment signs in")

	challenge = bearer(login(client, "totp"))
	result, _, err := client.LoginAPI.AnswerTotp(challenge).
		AnswerTotp(*latchkey.NewAnswerTotp(code(enrollment.Secret, "0"))).Execute()
	must(err)
	session := result.GetSession()
	expect(result.Status == "authenticated" && session.Id != "", "the code signs in")
	root := bearer(result.GetAccessToken())

	account, _, err := client.AccountsAPI.CreateAccount(root).
		CreateAccount(*latchkey.NewCreateAccount("Acme", "acme")).Execute()
	must(err)
	ann, _, err := client.UsersAPI.CreateUser(root, account.Id).
		CreateUser(*latchkey.NewCreateUser("ann")).Execute()
	must(err)

	order := *latchkey.NewStartBulkJob(latchkey.DISABLE)
	order.Users = []string{ann.User.Id}
	job, _, err := client.BulkJobsAPI.StartBulkJob(root, account.Id).StartBulkJob(order).Execute()
	must(err)
	id := job.Id
	for tries := 0; tries < 300 && !job.FinishedAt.IsSet() || job.FinishedAt.Get() == nil; tries++ {
		expect(tries < 300, "the job ends")
		time.Sleep(100 * time.Millisecond)
		job, _, err = client.BulkJobsAPI.GetBulkJob(root, account.Id, id).Execute()
		must(err)
	}
	expect(job.Id == id && job.Succeeded == 1, "the job was done")

	file, _, err := client.AuditEventsAPI.ExportAuditEvents(root, account.Id).Execute()
	events := lines(file, err)
	expect(len(events) > 2 && strings.HasPrefix(events[0], "{"), "the events are there")
	file, _, err = client.ReportsAPI.ExportPasswordReport(root, account.Id).Execute()
	expect(strings.HasPrefix(lines(file, err)[0], "section,policy_id,"), "the table is there")
	fmt.Println("go: 1 passed, 0 failed")
}
