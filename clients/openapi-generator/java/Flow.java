import java.io.File;
import java.nio.file.Files;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.AccountsApi;
import org.openapitools.client.api.ActivationApi;
import org.openapitools.client.api.AuditEventsApi;
import org.openapitools.client.api.BulkJobsApi;
import org.openapitools.client.api.LoginApi;
import org.openapitools.client.api.ReportsApi;
import org.openapitools.client.api.UsersApi;
import org.openapitools.client.model.*;

/** Signs in, enrols, starts a bulk job and downloads two files, with the client in Java that openapi-generator makes. */
public class Flow {
    static final String PASSWORD = "a long phrase for the root";

    static void expect(boolean ok, String what) {
        if (!ok) throw new AssertionError("not so: " + what);
    }

    /** A client that sends the token, if there is one, with each request. */
    static ApiClient client(String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(System.getenv("LATCHKEY_URL"));
        if (token != null) client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return client;
    }

    /** What the authenticator app shows. */
    static String code(String secret, String steps) throws Exception {
        Process process = new ProcessBuilder(System.getenv("TOTP_CODE"), secret, steps).start();
        return new String(process.getInputStream().readAllBytes()).strip();
    }

    /** Passes the password and returns what is allowed to go on. */
    static LoginApi login(String next) throws Exception {
        StartLogin body = new StartLogin().account("platform").username("root").password(PASSWORD);
        LoginResult result = new LoginApi(client(null)).startLogin(body);
        expect(result.getStatus().equals("challenge") && result.getNext().equals(next), "the login asks for " + next);
        return new LoginApi(client(result.getChallengeToken()));
    }

    static List<String> lines(File file) throws Exception {
        List<String> lines = Files.readAllLines(file.toPath());
        Files.delete(file.toPath());
        return lines;
    }

    public static void main(String[] arguments) throws Exception {
        ActivateUser activation = new ActivateUser().code(System.getenv("ACTIVATION_CODE")).newPassword(PASSWORD);
        new ActivationApi(client(null)).activateUser(activation);

        LoginApi challenge = login("totp_enrollment");
        String secret = challenge.getTotpEnrollment().getSecret();
        TotpEnrollmentConfirmed confirmed =
            challenge.confirmTotpEnrollment(new ConfirmTotpEnrollment().code(code(secret, "-1")));
        expect(!confirmed.getRecoveryCodes().isEmpty(), "there are recovery codes");
        expect(confirmed.getResult().getStatus().equals("authenticated"), "the enrolment signs in");

        LoginResult result = login("totp").answerTotp(new AnswerTotp().code(code(secret, "0")));
        expect(result.getStatus().equals("authenticated") && result.getSession().getId() != null, "the code signs in");
        ApiClient root = client(result.getAccessToken());

        Account account = new AccountsApi(root).createAccount(new CreateAccount().slug("acme").name("Acme"), null);
        User ann = new UsersApi(root).createUser(account.getId(), new CreateUser().username("ann"), null).getUser();

        BulkJobsApi jobs = new BulkJobsApi(root);
        StartBulkJob order = new StartBulkJob().action(BulkActionName.DISABLE).addUsersItem(ann.getId());
        BulkJob job = jobs.startBulkJob(account.getId(), order, null);
        for (int tries = 0; job.getFinishedAt() == null; tries++) {
            expect(tries < 300, "the job ends");
            Thread.sleep(100);
            job = jobs.getBulkJob(account.getId(), job.getId());
        }
        expect(job.getSucceeded() == 1, "the job was done");

        List<String> events =
            lines(new AuditEventsApi(root).exportAuditEvents(account.getId(), null, null, null, null, null, null));
        expect(events.size() > 2 && events.get(0).startsWith("{"), "the events are there");
        List<String> table = lines(new ReportsApi(root).exportPasswordReport(account.getId()));
        expect(table.get(0).startsWith("section,policy_id,"), "the table is there");
        System.out.println("java: 1 passed, 0 failed");
    }
}
