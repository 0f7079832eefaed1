//! The QR code in a terminal.

use super::Qr;

/// Light modules around the code. Less than [`super::QUIET_ZONE`]: lines and columns are scarce, and readers cope.
const QUIET_ZONE: i32 = 2;

impl Qr {
    /// Lines of half blocks, two modules above each other in one character, each line with its end. The light modules
    /// are the blocks: terminals write light on dark, and few cameras read an inverted code.
    pub fn text(&self) -> String {
        let range = -QUIET_ZONE..i32::from(self.side()) + QUIET_ZONE;
        let line = |y| {
            let characters = range.clone().map(move |x| match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
            characters.chain(['\n'])
        };
        range.clone().step_by(2).flat_map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_equally_long_and_end() {
        let text = Qr::encode("HELLO").unwrap().text();
        assert!(text.ends_with('\n'));
        assert_eq!(text.lines().count(), 13, "21 modules and twice the quiet zone, two in a line");
        for line in text.lines() {
            assert_eq!(line.chars().count(), 25);
            assert!(line.chars().all(|c| "█▀▄ ".contains(c)), "{line}");
        }
        // Quiet zone, then the first two rows of the finder pattern.
        assert_eq!(text.lines().next().unwrap(), "█".repeat(25));
        assert!(text.lines().nth(1).unwrap().starts_with("██ ▄▄▄▄▄ █"), "{text}");
    }
}
