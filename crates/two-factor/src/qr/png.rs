//! The QR code as a PNG image.

use std::iter::repeat_n;

use png::{BitDepth, ColorType, Encoder, EncodingError};

use super::{QUIET_ZONE, Qr};

/// Pixels on a side of a module.
const SCALE: u8 = 8;

/// Largest side of an image in pixels, unless its modules would get too small; big codes get smaller modules.
const MAX_SIDE: u32 = 1_024;

impl Qr {
    /// A PNG image with one bit per pixel, black on white, eight pixels per module (five or more in the largest codes).
    ///
    /// # Panics
    /// Never: writing to memory does not fail.
    #[expect(clippy::expect_used, reason = "the sizes fit by construction and a Vec takes all that is written")]
    pub fn png(&self) -> Vec<u8> {
        self.try_png().expect("a picture can be written to memory")
    }

    fn try_png(&self) -> Result<Vec<u8>, EncodingError> {
        let modules = u32::from(self.side() + 2 * QUIET_ZONE);
        let scale = (MAX_SIDE / modules).min(u32::from(SCALE));
        let side = modules * scale;
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, side, side);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels(scale))?;
        writer.finish()?;
        Ok(out)
    }

    /// The rows from top to bottom, eight pixels to a byte, each row padded to whole bytes.
    fn pixels(&self, scale: u32) -> Vec<u8> {
        let quiet = i32::from(QUIET_ZONE);
        let range = -quiet..i32::from(self.side()) + quiet;
        let mut pixels = Vec::new();
        for y in range.clone() {
            let row: Vec<bool> =
                range.clone().flat_map(|x| (0..scale).map(move |_| x)).map(|x| !self.is_dark(x, y)).collect();
            let bytes: Vec<u8> = row.chunks(8).map(byte).collect();
            for _ in 0..scale {
                pixels.extend_from_slice(&bytes);
            }
        }
        pixels
    }
}

/// Up to eight pixels, the leftmost in the highest bit; a 1 is white.
fn byte(pixels: &[bool]) -> u8 {
    pixels.iter().copied().chain(repeat_n(false, 8)).take(8).fold(0, |byte, white| (byte << 1) | u8::from(white))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_one_bit_per_pixel_and_bounded_size() {
        for (length, modules, scale) in [(10, 29, 8), (1_300, 129, 7), (2_953, 185, 5)] {
            let png = Qr::encode(&"a".repeat(length)).unwrap().png();
            let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
            let info = reader.info();
            assert_eq!((info.color_type, info.bit_depth), (ColorType::Grayscale, BitDepth::One));
            assert_eq!((info.width, info.height), (modules * scale, modules * scale), "{length} bytes");
            assert!(png.len() < 32_768, "{} bytes", png.len());
        }
    }

    #[test]
    fn bits_run_from_left_to_right() {
        assert_eq!(byte(&[true, false, false, false, false, false, false, true]), 0b1000_0001);
        assert_eq!(byte(&[true, true]), 0b1100_0000);
    }
}
