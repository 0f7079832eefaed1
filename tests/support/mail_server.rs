//! A mail server that accepts, refuses, hangs or disconnects as a test needs, and keeps what it was sent.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivatePkcs8KeyDer};

/// Longer than anything takes that a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It takes every letter.
    Takes,
    /// It answers the command that begins so with this.
    Answers(&'static str, &'static str),
    /// It does not say a word, until it is in another mood and hangs up.
    Hangs,
    /// It takes a letter and breaks off before it says so.
    BreaksOff,
}

/// A letter that arrived.
#[derive(Clone, Debug)]
pub struct Letter {
    /// As the envelope has it.
    pub from: String,
    /// As the envelope has it.
    pub to: String,
    /// The lines of the head, unfolded.
    pub head: Vec<String>,
    /// The text, decoded.
    pub text: String,
}

impl Letter {
    /// The value of a header that is there once.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<_> =
            self.head.iter().filter_map(|line| line.split_once(": ")).filter(|it| it.0 == name).collect();
        assert_eq!(found.len(), 1, "{name}: {:?}", self.head);
        found[0].1
    }

    /// The activation code in it.
    #[track_caller]
    pub fn code(&self) -> &str {
        let code = self.text.lines().map(str::trim).find(|line| line.starts_with("lk_act_"));
        code.unwrap_or_else(|| panic!("no code: {}", self.text))
    }
}

/// A mail server on this machine.
pub struct MailServer(Arc<State>);

/// When a server encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    Never,
    WhenAsked,
    FromTheStart,
}

struct State {
    port: u16,
    encryption: Encryption,
    certificate: Option<Certificate>,
    mood: Mutex<Mood>,
    /// Commands, in their order, over all connections.
    commands: Mutex<Vec<String>>,
    /// Whether it was told so or not.
    letters: Mutex<Vec<Letter>>,
}

impl MailServer {
    /// One that takes everything, unencrypted.
    pub fn start() -> Self {
        Self::with(Encryption::Never)
    }

    /// One that offers STARTTLS, with a certificate for `localhost` that nobody has signed.
    pub fn with_starttls() -> Self {
        Self::with(Encryption::WhenAsked)
    }

    /// One that is encrypted from the first byte on, with such a certificate.
    pub fn with_tls() -> Self {
        Self::with(Encryption::FromTheStart)
    }

    fn with(encryption: Encryption) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = Arc::new(State {
            port: listener.local_addr().unwrap().port(),
            encryption,
            certificate: (encryption != Encryption::Never).then(Certificate::generate),
            mood: Mutex::new(Mood::Takes),
            commands: Mutex::default(),
            letters: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(stream), state) = (stream, Arc::clone(&shared)) else { return };
                thread::spawn(move || {
                    // Whoever hangs up has had enough.
                    let _gone = converse(&state, stream);
                });
            }
        });
        Self(state)
    }

    /// Where it is, for the configuration.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.0.port)
    }

    /// The same with a user name and a password, and with encryption or nothing.
    pub fn encrypted_url(&self) -> String {
        let (scheme, tls) =
            if self.0.encryption == Encryption::FromTheStart { ("smtps", "") } else { ("smtp", "?tls=required") };
        format!("{scheme}://ann:hunter2@localhost:{}{tls}", self.0.port)
    }

    /// The certificate, for those who are to trust it.
    pub fn certificate(&self) -> &str {
        &self.0.certificate.as_ref().unwrap().pem
    }

    /// What it is like from now on.
    pub fn becomes(&self, mood: Mood) {
        *self.0.mood.lock().unwrap() = mood;
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.0.letters.lock().unwrap().clone()
    }

    /// How many commands so far began like this.
    pub fn heard(&self, command: &str) -> usize {
        self.0.commands.lock().unwrap().iter().filter(|heard| heard.starts_with(command)).count()
    }

    /// Waits until there are so many letters.
    pub async fn wait_for(&self, letters: usize) -> Vec<Letter> {
        until(|| self.letters().len() >= letters).await;
        self.letters()
    }

    /// Waits until so many commands began like this.
    pub async fn wait_to_hear(&self, command: &str, times: usize) {
        until(|| self.heard(command) >= times).await;
    }
}

/// Waits for something that happens in another thread.
pub async fn until(happened: impl Fn() -> bool) {
    let since = Instant::now();
    while !happened() {
        assert!(since.elapsed() < PATIENCE, "it does not happen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A certificate and its key.
struct Certificate {
    pem: String,
    config: Arc<ServerConfig>,
}

impl Certificate {
    fn generate() -> Self {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key.into())
            .unwrap();
        Self { pem: cert.pem(), config: Arc::new(config) }
    }

    fn encrypt(&self, stream: TcpStream) -> Wire {
        let session = ServerConnection::new(Arc::clone(&self.config)).unwrap();
        Wire(Box::new(StreamOwned::new(session, stream)))
    }
}

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

/// A connection, encrypted or not.
struct Wire(Box<dyn Both>);

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Wire {
    fn say(&mut self, line: &str) -> io::Result<()> {
        self.0.write_all(format!("{line}\r\n").as_bytes())?;
        self.0.flush()
    }
}

/// One connection.
fn converse(state: &State, stream: TcpStream) -> io::Result<()> {
    let mood = || *state.mood.lock().unwrap();
    let bare = stream.try_clone()?;
    let wire = match (&state.certificate, state.encryption) {
        (Some(certificate), Encryption::FromTheStart) => certificate.encrypt(stream),
        _ => Wire(Box::new(stream)),
    };
    let mut lines = BufReader::new(wire);
    let mut offers_tls = state.encryption == Encryption::WhenAsked;
    while mood() == Mood::Hangs {
        bare.set_read_timeout(Some(Duration::from_millis(20)))?;
        match bare.peek(&mut [0]) {
            Ok(0) => return Ok(()),
            // Whoever speaks first is heard when the mood is better.
            Ok(_) => super::process::pause(Duration::from_millis(20)),
            Err(why) if matches!(why.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(why) => return Err(why),
        }
        if mood() != Mood::Hangs {
            return Ok(());
        }
    }
    lines.get_mut().say("220 mail.example.org at your service")?;
    let (mut from, mut to) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end().to_owned();
        // What the mood was before anybody could know of the command: a test that has seen the command may change it.
        let now = mood();
        state.commands.lock().unwrap().push(line.clone());
        let answer = match now {
            Mood::Answers(command, answer) if line.starts_with(command) => answer,
            _ if line.starts_with("EHLO") && offers_tls => "250-mail.example.org\r\n250 STARTTLS",
            _ if line.starts_with("STARTTLS") && offers_tls => "220 go on",
            _ if line.starts_with("EHLO") => "250-mail.example.org\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            _ if line.starts_with("DATA") => "354 go on",
            _ if line.starts_with("QUIT") => "221 bye",
            _ => "250 fine",
        };
        let in_brackets = |line: &str| line.split_once('<').unwrap().1.rsplit_once('>').unwrap().0.to_owned();
        if line.starts_with("MAIL FROM:") {
            from = in_brackets(&line);
        } else if line.starts_with("RCPT TO:") {
            to = in_brackets(&line);
        }
        lines.get_mut().say(answer)?;
        if line.starts_with("QUIT") {
            return Ok(());
        }
        if let (Some(certificate), true) = (&state.certificate, line.starts_with("STARTTLS")) {
            lines = BufReader::new(certificate.encrypt(bare.try_clone()?));
            offers_tls = false;
        }
        if answer.starts_with("354") {
            let mut text = String::new();
            while !text.ends_with("\r\n.\r\n") {
                if lines.read_line(&mut text)? == 0 {
                    return Ok(());
                }
            }
            // As above: before anybody could know of the letter.
            let now = mood();
            if let Mood::Answers(".", answer) = now {
                lines.get_mut().say(answer)?;
                continue;
            }
            state.letters.lock().unwrap().push(read(from.clone(), to.clone(), text.trim_end_matches(".\r\n")));
            if now == Mood::BreaksOff {
                return Ok(());
            }
            lines.get_mut().say("250 taken")?;
        }
    }
}

fn read(from: String, to: String, text: &str) -> Letter {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let head: Vec<_> = head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect();
    let is_quoted = head.iter().any(|line| line == "Content-Transfer-Encoding: quoted-printable");
    let text = if is_quoted { unquoted(body) } else { body.to_owned() };
    Letter { from, to, head, text: text.replace("\r\n", "\n") }
}

/// Quoted-printable (RFC 2045 §6.7), decoded.
fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}
