//! Reads QR codes as a phone does, with decoders and renderers that the service does not have.

use resvg::{tiny_skia, usvg};

/// The text of the one QR code in a square picture; white is high.
#[track_caller]
fn scan(side: usize, grey: impl Fn(usize, usize) -> u8) -> String {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, grey);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "codes in the picture");
    grids[0].decode().unwrap().1
}

/// The text in a PNG picture.
#[track_caller]
pub fn in_png(bytes: &[u8]) -> String {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.width, frame.color_type), (frame.height, png::ColorType::Grayscale));
    let side = usize::try_from(frame.width).unwrap();
    scan(side, |x, y| pixels[y * side + x])
}

/// The text in an SVG document, drawn at four times its size on nothing: the white must come from the document.
#[track_caller]
pub fn in_svg(document: &str) -> String {
    const SCALE: u16 = 4;
    let tree = usvg::Tree::from_str(document, &usvg::Options::default()).unwrap();
    let size = tree.size().to_int_size();
    assert_eq!(size.width(), size.height());
    let side = size.width() * u32::from(SCALE);
    let mut picture = tiny_skia::Pixmap::new(side, side).unwrap();
    let scale = tiny_skia::Transform::from_scale(f32::from(SCALE), f32::from(SCALE));
    resvg::render(&tree, scale, &mut picture.as_mut());
    assert!(picture.pixels().iter().all(|pixel| pixel.alpha() == 255), "the picture has holes");
    let side = usize::try_from(side).unwrap();
    scan(side, |x, y| picture.pixels()[y * side + x].green())
}

/// The text in lines of block characters, light on a terminal that is dark all around.
#[track_caller]
pub fn in_terminal(text: &str) -> String {
    const SCALE: usize = 4;
    const MARGIN: usize = 6;
    let rows: Vec<Vec<bool>> = text.lines().flat_map(|line| [upper_half(line), lower_half(line)]).collect();
    let is_light = |x: usize, y: usize| {
        let cell = |at: usize| (at / SCALE).checked_sub(MARGIN);
        cell(y).zip(cell(x)).and_then(|(y, x)| rows.get(y)?.get(x).copied()).unwrap_or(false)
    };
    scan((rows.len() + 2 * MARGIN) * SCALE, |x, y| if is_light(x, y) { 255 } else { 0 })
}

fn upper_half(line: &str) -> Vec<bool> {
    line.chars().map(|block| matches!(block, '█' | '▀')).collect()
}

fn lower_half(line: &str) -> Vec<bool> {
    line.chars().map(|block| matches!(block, '█' | '▄')).collect()
}
