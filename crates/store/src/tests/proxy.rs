//! A proxy to PostgreSQL that can be cut, or frozen silently.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

#[derive(Default)]
struct State {
    cut: bool,
    frozen: bool,
    streams: Vec<TcpStream>,
}

/// Forwards connections to a server.
#[derive(Clone)]
pub(super) struct Proxy {
    server: SocketAddr,
    port: u16,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Proxy {
    pub(super) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { server, port: listener.local_addr().unwrap().port(), state: Arc::default() };
        proxy.listen(listener);
        proxy
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The server is gone: connections break, new ones are refused.
    pub(super) fn cut(&self) {
        self.state.0.lock().unwrap().cut = true;
        // Wakes the listener, which then ends.
        let _woken = TcpStream::connect(("127.0.0.1", self.port));
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
            thread::yield_now();
        }
        for stream in self.state.0.lock().unwrap().streams.drain(..) {
            let _gone = stream.shutdown(Shutdown::Both);
        }
    }

    /// The server is back.
    pub(super) fn mend(&self) {
        self.state.0.lock().unwrap().cut = false;
        self.listen(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }

    /// Connections stay open, and nothing comes back.
    pub(super) fn freeze(&self, frozen: bool) {
        self.state.0.lock().unwrap().frozen = frozen;
        self.state.1.notify_all();
    }

    fn listen(&self, listener: TcpListener) {
        let proxy = self.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let mut state = proxy.state.0.lock().unwrap();
                if state.cut {
                    return;
                }
                let server = TcpStream::connect(proxy.server).unwrap();
                state.streams.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                proxy.pump(client.try_clone().unwrap(), server.try_clone().unwrap());
                proxy.pump(server, client);
            }
        });
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream) {
        let state = Arc::clone(&self.state);
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n @ 1..) = from.read(&mut buffer) {
                drop(state.1.wait_while(state.0.lock().unwrap(), |state| state.frozen).unwrap());
                if to.write_all(&buffer[..n]).is_err() {
                    break;
                }
            }
            let _gone = to.shutdown(Shutdown::Both);
        });
    }
}
