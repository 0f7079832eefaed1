//! Black-box tests: they speak HTTP with a service of their own, and survive a rewrite of its inside. See `README.md`.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod activation;
#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod breach;
#[cfg(test)]
mod bulk_jobs;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod password_policies;
#[cfg(test)]
mod permission_matrix;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod purge;
#[cfg(test)]
mod rank;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod security;
#[cfg(test)]
mod session;
#[cfg(test)]
mod support;
#[cfg(test)]
mod two_factor_policy;
#[cfg(test)]
mod user_imports;
#[cfg(test)]
mod users;
#[cfg(test)]
mod who_may;
