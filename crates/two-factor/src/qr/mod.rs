//! QR codes (ISO/IEC 18004) for screens, files and terminals.

mod png;
#[cfg(test)]
mod scan_tests;
mod svg;
mod text;

use std::fmt;

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Light modules around the code (ISO/IEC 18004 §6.3.8).
const QUIET_ZONE: u8 = 4;

/// The largest version (77 modules a side) that is drawn with medium error correction. Beyond it, smaller modules cost
/// a camera more than error correction gains on a clean screen, so the code gets low error correction and fewer
/// modules.
const LARGEST_MEDIUM_VERSION: u8 = 15;

/// A QR code. Its images show whatever was encoded, so they are as secret as that.
pub struct Qr(QrCode);

/// The text does not fit the largest QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit a QR code, which holds 2,953 bytes")]
pub struct TooLong;

impl Qr {
    /// Encodes `text`, of at most 2,953 bytes (more if it is all digits or all capitals).
    pub fn encode(text: &str) -> Result<Self, TooLong> {
        let segments = QrSegment::make_segments(text);
        let encode = |correction, largest| {
            QrCode::encode_segments_advanced(&segments, correction, Version::MIN, largest, None, true)
        };
        encode(QrCodeEcc::Medium, Version::new(LARGEST_MEDIUM_VERSION))
            .or_else(|_| encode(QrCodeEcc::Low, Version::MAX))
            .map(Self)
            .map_err(|_| TooLong)
    }

    /// Modules on a side, without the quiet zone: 21 to 177.
    fn side(&self) -> u8 {
        4 * self.0.version().value() + 17
    }

    /// Whether the module is dark. All modules outside the code are light.
    fn is_dark(&self, x: i32, y: i32) -> bool {
        self.0.get_module(x, y)
    }
}

impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Qr(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_is_what_the_code_says() {
        for length in [1, 100, 500, 1_000, 2_953] {
            let qr = Qr::encode(&"a".repeat(length)).unwrap();
            assert_eq!(i32::from(qr.side()), qr.0.size(), "{length} bytes");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Qr::encode(&"a".repeat(2_954)).err(), Some(TooLong));
    }

    #[test]
    fn only_large_codes_give_up_error_correction() {
        let version_and_correction = |length| {
            let qr = Qr::encode(&"a".repeat(length)).unwrap().0;
            (qr.version().value(), qr.error_correction_level())
        };
        assert_eq!(version_and_correction(412), (15, QrCodeEcc::Medium));
        assert_eq!(version_and_correction(413), (13, QrCodeEcc::Low));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Qr::encode("x")), "Ok(Qr(..))");
    }
}
