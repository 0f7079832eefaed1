//! Tests that independent readers can scan the images.

use kernel::OsRandom;
use resvg::{tiny_skia, usvg};

use super::Qr;
use crate::{Provisioning, Secret};

/// (issuer, account name): typical names, and the longest that are allowed.
fn names() -> Vec<(String, String)> {
    let mut names: Vec<_> = [
        ("Acme", "ann"),
        ("Acme Corporation", "ann smith@example.com"),
        ("R&D", "100% + more"),
        ("a/b?c#d", r#"Ann "the" O'Neil <ann>"#),
        ("50%25", "a=b&secret=AAAA"),
        ("Почта России", "анна@пример.рф"),
        ("شركة الاختبار", "آنا"),
        ("测试公司", "安娜"),
        ("👩‍🚀 Space", "👨‍👩‍👧‍👦🏳️‍🌈"),
        ("e\u{301}", "Zoë\u{200f}"),
    ]
    .map(|(issuer, account_name)| (issuer.to_owned(), account_name.to_owned()))
    .into();
    names.push(("i".repeat(300), "a".repeat(600)));
    names.push(("公".repeat(34), "😀".repeat(51)));
    names
}

fn for_each_uri(scanned: impl Fn(&Qr) -> String) {
    for (issuer, account_name) in names() {
        let it = Provisioning::new(&Secret::generate(&mut OsRandom), &issuer, &account_name);
        assert_eq!(scanned(&Qr::encode(it.uri()).unwrap()), it.uri(), "{issuer} {account_name}");
    }
}

/// Reads the one QR code in an image of `side` by `side` pixels.
#[track_caller]
fn scan(side: usize, grey: impl Fn(usize, usize) -> u8) -> String {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, grey);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "codes in the picture");
    grids[0].decode().unwrap().1
}

#[test]
fn the_png_is_read_back() {
    for_each_uri(|qr| {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(qr.png()));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let side = usize::try_from(frame.width).unwrap();
        scan(side, |x, y| pixels[y * side + x])
    });
}

#[test]
fn the_svg_is_read_back() {
    const SCALE: u8 = 4;
    for_each_uri(|qr| {
        let tree = usvg::Tree::from_str(&qr.svg(), &usvg::Options::default()).unwrap();
        let side = u32::from(qr.side() + 8) * u32::from(SCALE);
        // Starts out transparent: the white must come from the document.
        let mut picture = tiny_skia::Pixmap::new(side, side).unwrap();
        let scale = f32::from(SCALE);
        resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut picture.as_mut());
        assert!(picture.pixels().iter().all(|pixel| pixel.alpha() == 255));
        let side = usize::try_from(side).unwrap();
        scan(side, |x, y| picture.pixels()[y * side + x].green())
    });
}

#[test]
fn the_text_is_read_back_from_a_dark_terminal() {
    const SCALE: usize = 4;
    const MARGIN: usize = 6;
    for_each_uri(|qr| {
        let text = qr.text();
        let modules: Vec<Vec<bool>> = text
            .lines()
            .flat_map(|line| {
                let row = |blocks: [char; 2]| line.chars().map(|c| blocks.contains(&c)).collect();
                [row(['█', '▀']), row(['█', '▄'])]
            })
            .collect();
        // Around the text the terminal is as dark as between the blocks.
        let light = |x: usize, y: usize| {
            let cell = |at: usize| (at / SCALE).checked_sub(MARGIN);
            cell(y).zip(cell(x)).and_then(|(y, x)| modules.get(y)?.get(x).copied()).unwrap_or(false)
        };
        scan((modules.len() + 2 * MARGIN) * SCALE, |x, y| if light(x, y) { 255 } else { 0 })
    });
}
