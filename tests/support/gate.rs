//! A gate on the way to PostgreSQL that lets something happen between two statements.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use tokio::sync::oneshot;

use super::{Node, TestApp};

/// Forwards connections to the server of a [`TestApp`], and can stop before one of the statements that run on them.
#[derive(Clone)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    /// How many statements pass before the one at which the gate closes, and whom it tells.
    closing: Option<(usize, oneshot::Sender<()>)>,
    closed: bool,
}

impl TestApp {
    /// Another node, whose statements pass a gate; none over SQLite, where one writes at a time.
    pub async fn node_behind_a_gate(&self) -> Option<(Node, Gate)> {
        let url = self.config().store().url;
        let (before, after) = url.strip_prefix("postgres://")?.rsplit_once('@').unwrap();
        let (server, name) = after.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://{before}@{}/{name}", listener.local_addr().unwrap());
        let gate = Gate(Arc::default());
        gate.clone().listen(listener, server.to_owned());
        let node = self.another_node_with(|config| config.database.url = Some(url.into())).await;
        Some((node, gate))
    }
}

impl Gate {
    /// Closes before the statement that comes after `passing` others. What is returned is told when one waits there.
    pub fn close_after(&self, passing: usize) -> oneshot::Receiver<()> {
        let (tell, told) = oneshot::channel();
        self.0.0.lock().unwrap().closing = Some((passing, tell));
        told
    }

    /// Lets everything pass.
    pub fn open(&self) {
        let mut state = self.0.0.lock().unwrap();
        (state.closing, state.closed) = (None, false);
        self.0.1.notify_all();
    }

    fn listen(self, listener: TcpListener, server: String) {
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || forward(from, to, |_| {}));
                let gate = self.clone();
                thread::spawn(move || {
                    let mut messages = Messages::default();
                    forward(client, server, |bytes| {
                        for _ in 0..messages.statements_in(bytes) {
                            gate.pass();
                        }
                    });
                });
            }
        });
    }

    fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        match state.closing.take() {
            Some((0, tell)) => {
                state.closed = true;
                // Nobody may listen any more.
                let _told = tell.send(());
            }
            Some((left, tell)) => state.closing = Some((left - 1, tell)),
            None => {}
        }
        drop(self.0.1.wait_while(state, |state| state.closed).unwrap());
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, mut before: impl FnMut(&[u8])) {
    let mut buffer = [0; 16_384];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        before(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _gone = to.shutdown(Shutdown::Both);
}

/// Where the messages of a client begin: a byte that names the kind, and the length of the rest. The first ones have no kind.
#[derive(Default)]
struct Messages {
    begun: Vec<u8>,
    started: bool,
}

impl Messages {
    /// How many statements begin to run with these bytes: messages of the kind `Bind`. Those that begin and end a transaction
    /// are sent otherwise.
    fn statements_in(&mut self, bytes: &[u8]) -> usize {
        const START: [u8; 4] = [0, 3, 0, 0];
        self.begun.extend_from_slice(bytes);
        let mut statements = 0;
        loop {
            let kind = usize::from(self.started);
            let Some(length) = self.begun.get(kind..kind + 4) else { return statements };
            let end = kind + usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap();
            if self.begun.len() < end {
                return statements;
            }
            if self.started {
                statements += usize::from(self.begun[0] == b'B');
            } else {
                // Anything else is a question about encryption, which the server of the tests does not have.
                self.started = self.begun[4..8] == START;
            }
            self.begun.drain(..end);
        }
    }
}
