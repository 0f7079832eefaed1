//! Mails: queued in the transaction of what they tell, looked at again, and sent afterwards.

mod letter;
mod send;
mod text;
