//! Black-box tests: each speaks HTTP with its own service. What looks inside is listed in `README.md`.

#[cfg(test)]
mod authority;
#[cfg(test)]
mod base;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
