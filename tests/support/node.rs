//! A second instance of the service on the same data.

use api::{
    config::Config,
    server::{self, Running},
};

use super::{Client, Login, Session, TestApp, app::stop};

/// Another node: the same database, keys and clock, another port.
pub struct Node {
    client: Client,
    running: Option<Running>,
}

impl TestApp {
    /// Starts another node beside this one.
    pub async fn another_node(&self) -> Node {
        self.another_node_with(|_| {}).await
    }

    /// The same with another configuration.
    pub async fn another_node_with(&self, change: impl FnOnce(&mut Config)) -> Node {
        let mut config = self.config().clone();
        config.server.bind.set_port(0);
        change(&mut config);
        let clock = self.client().clock().clone();
        let running = server::start(&config, clock.clone()).await.unwrap();
        let client = Client::new(running.address(), clock, running.service().clone());
        Node { client, running: Some(running) }
    }
}

impl Node {
    /// A client without credentials.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The same login, answered here.
    pub fn login(&self, login: &Login) -> Login {
        Login::new(self.client.clone(), login.body.clone())
    }

    /// The same session, used here.
    pub fn session(&self, session: &Session) -> Session {
        Session::new(self.client.clone(), session.body.clone())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        stop(self.running.take());
    }
}
