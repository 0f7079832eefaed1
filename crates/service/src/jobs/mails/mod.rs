//! Mails: queued in the transaction that they report, checked again, and sent afterwards.

mod letter;
mod send;
mod text;
