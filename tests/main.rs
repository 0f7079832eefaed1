//! Black-box tests: they speak HTTP with a service of their own, and survive a rewrite of its inside. See `README.md`.

#[cfg(test)]
mod login;
#[cfg(test)]
mod support;
