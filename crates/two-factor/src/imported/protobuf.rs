//! The part of the protocol buffer encoding that the migration payload needs.
//!
//! A decoder that is derived from the messages (`prost`) accepts more. It takes the last of two fields with the same
//! number. If it lists them instead, it also takes a packed list in place of a number. It skips groups. Its error does
//! not tell a wrong type from a payload that breaks off. And it leaves a copy of the secret in memory.

use super::SecretRefused;

/// One field of a message.
pub(super) struct Field<'a> {
    /// Its number.
    pub(super) number: u64,
    /// What it holds.
    pub(super) value: Value<'a>,
}

/// What a field holds.
pub(super) enum Value<'a> {
    /// A whole number.
    Number(u64),
    /// Bytes, a text or another message.
    Bytes(&'a [u8]),
    /// A fixed number of bytes, which no known field has.
    Fixed,
}

/// The fields of one message, in their order.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

const BROKEN: SecretRefused = SecretRefused::Malformed("the payload is incomplete or not a protocol buffer");

impl<'a> Fields<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], SecretRefused> {
        let (taken, rest) =
            usize::try_from(count).ok().and_then(|count| self.0.split_at_checked(count)).ok_or(BROKEN)?;
        self.0 = rest;
        Ok(taken)
    }

    /// At most ten bytes, of which the last has one bit.
    fn number(&mut self) -> Result<u64, SecretRefused> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let [byte] = self.take(1)? else { return Err(BROKEN) };
            let bits = u64::from(byte & 0x7f);
            if bits.leading_zeros() < shift {
                return Err(BROKEN);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(BROKEN)
    }

    fn field(&mut self) -> Result<Field<'a>, SecretRefused> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.number()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            // Groups have long been deprecated.
            _ => return Err(BROKEN),
        };
        match key >> 3 {
            0 => Err(BROKEN),
            number => Ok(Field { number, value }),
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, SecretRefused>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            // Nothing after it can be read.
            self.0 = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bytes: &[u8]) -> Option<u64> {
        Fields(bytes).number().ok()
    }

    #[test]
    fn numbers() {
        assert_eq!(number(&[0]), Some(0));
        assert_eq!(number(&[0x96, 0x01]), Some(150));
        assert_eq!(number(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Some(u64::MAX));
        for broken in [&[][..], &[0x80], &[0xff; 10], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]] {
            assert_eq!(number(broken), None, "{broken:?}");
        }
    }

    #[test]
    fn fields_of_every_kind() {
        let message = [0x08, 5, 0x12, 2, b'a', b'b', 0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x25, 0, 0, 0, 0];
        let read: Vec<_> = Fields(&message).map(|field| field.map(|field| field.number).ok()).collect();
        assert_eq!(read, [Some(1), Some(2), Some(3), Some(4)]);
    }

    #[test]
    fn what_breaks_off_ends() {
        for broken in [&[0x08][..], &[0x12, 3, b'a'], &[0x19, 0], &[0x0b], &[0x00, 1], &[0x12, 0xff, 0xff, 0xff, 0x7f]]
        {
            let read: Vec<_> = Fields(broken).map(|field| field.is_ok()).collect();
            assert_eq!(read, [false], "{broken:?}");
        }
    }
}
