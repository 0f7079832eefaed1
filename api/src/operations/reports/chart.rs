//! Draws the trend.

use std::fmt::Write as _;

use super::two_factor::TwoFactorTrendPoint;

/// The picture and its plot area, in the units of its view box.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 320;
const LEFT: u32 = 64;
const RIGHT: u32 = 700;
const TOP: u32 = 56;
const BOTTOM: u32 = 280;

/// Lines across the picture, from zero up.
const STEPS: u64 = 4;

/// One line of the chart.
struct Series {
    name: &'static str,
    colour: &'static str,
    /// So that the lines can be told apart without their colours.
    dashes: &'static str,
    of: fn(&TwoFactorTrendPoint) -> Option<u64>,
}

const SERIES: [Series; 2] = [
    Series { name: "asked", colour: "#9a4a00", dashes: "6 3", of: |point| point.asked },
    Series { name: "enrolled", colour: "#0550ae", dashes: "none", of: |point| point.enrolled },
];

/// An SVG document of a fixed size with its own background, so that it is readable on light and dark pages. It has a
/// title, a description, no script, no style and no reference. Days without data leave a gap.
pub fn svg(account: &str, points: &[TwoFactorTrendPoint]) -> String {
    let values = SERIES.iter().flat_map(|series| points.iter().filter_map(series.of));
    let top = round_up(values.max().unwrap_or(0));
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title description" font-family="sans-serif" font-size="12"><title id="title">{title}</title><desc id="description">{description}</desc><rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/><text x="{LEFT}" y="24" font-size="15" fill="#1f2328">{title}</text>"##,
        title = escaped(&format!("Two-factor authentication of {account}")),
        description = escaped(&describe(points)),
    );
    for (place, series) in (0_u32..).zip(&SERIES) {
        let x = LEFT + place * 110;
        let Series { name, colour, dashes, .. } = series;
        let _written = write!(
            svg,
            r##"<path d="M{x} 40h24" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/><text x="{}" y="44" fill="#1f2328">{name}</text>"##,
            x + 30,
        );
    }
    for step in 0..=STEPS {
        let value = top / STEPS * step;
        let y = height(value, top);
        let _written = write!(
            svg,
            r##"<path d="M{LEFT} {y}H{RIGHT}" stroke="#d0d7de"/><text class="scale" x="{}" y="{y}" dy="4" text-anchor="end" fill="#57606a">{value}</text>"##,
            LEFT - 8,
        );
    }
    for (at, anchor) in [(0, "start"), (points.len().saturating_sub(1), "end")] {
        if let Some(point) = points.get(at).filter(|_| anchor == "start" || at > 0) {
            let (x, y) = (across(at, points.len()), BOTTOM + 20);
            let _written =
                write!(svg, r##"<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#57606a">{}</text>"##, point.day);
        }
    }
    for series in &SERIES {
        draw(&mut svg, series, points, top);
    }
    svg.push_str("</svg>");
    svg
}

/// The line of one series: a dot for each day, with its numbers, and lines between consecutive days.
fn draw(svg: &mut String, series: &Series, points: &[TwoFactorTrendPoint], top: u64) {
    let Series { name, colour, dashes, of } = series;
    let mut path = String::new();
    let mut dots = String::new();
    let mut begun = false;
    for (at, point) in points.iter().enumerate() {
        let Some(value) = of(point) else {
            begun = false;
            continue;
        };
        let (x, y) = (across(at, points.len()), height(value, top));
        let _written = write!(path, "{}{x} {y}", if begun { 'L' } else { 'M' });
        let _written =
            write!(dots, r#"<circle cx="{x}" cy="{y}" r="2"><title>{}: {value} {name}</title></circle>"#, point.day);
        begun = true;
    }
    let _written = write!(
        svg,
        r#"<path id="{name}" d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/><g fill="{colour}">{dots}</g>"#,
    );
}

/// A text alternative to the picture.
fn describe(points: &[TwoFactorTrendPoint]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let mut text = format!(
        "Users asked for a second factor and users with a device, each day from {} to {}.",
        first.day, last.day
    );
    if let (Some(users), Some(asked), Some(enrolled)) = (last.users, last.asked, last.enrolled) {
        let _written = write!(text, " On the last day {asked} of {users} users are asked and {enrolled} are enrolled.");
    }
    text
}

/// The end of the scale: a number with one or two significant digits, four equal integer steps from zero, and at least
/// `highest`.
fn round_up(highest: u64) -> u64 {
    let mut unit = STEPS;
    while unit.saturating_mul(10) < highest {
        unit = unit.saturating_mul(10);
    }
    highest.div_ceil(unit).max(1).saturating_mul(unit)
}

/// From the left, in tenths.
fn across(at: usize, days: usize) -> Tenths {
    let (at, last) = (as_number(at), as_number(days.saturating_sub(1)));
    let width = u64::from(RIGHT - LEFT) * 10;
    Tenths(u64::from(LEFT) * 10 + (width * at).checked_div(last).unwrap_or(width))
}

/// From the top, in tenths.
fn height(value: u64, top: u64) -> Tenths {
    let height = u128::from(BOTTOM - TOP) * 10;
    let up = (height * u128::from(value)).checked_div(u128::from(top)).unwrap_or(0);
    Tenths((u64::from(BOTTOM) * 10).saturating_sub(u64::try_from(up).unwrap_or(u64::MAX)))
}

fn as_number(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A number of tenths, written as a decimal.
#[derive(Clone, Copy)]
struct Tenths(u64);

impl std::fmt::Display for Tenths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// Text without markup. Control characters are not allowed in XML (XML 1.0 §2.2).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_that_is_high_enough() {
        for (highest, top) in
            [(0, 4), (1, 4), (4, 4), (5, 8), (40, 40), (41, 80), (99, 120), (1_000, 1_200), (999_999, 1_200_000)]
        {
            assert_eq!(round_up(highest), top, "{highest}");
        }
        assert!(round_up(u64::MAX) > 0);
    }

    #[test]
    fn names_are_text() {
        assert_eq!(escaped("A <b> & \"c\"\u{0}\u{1b}\u{ffff}"), "A &lt;b&gt; &amp; &quot;c&quot;");
    }

    #[test]
    fn one_day_and_no_day_are_pictures_too() {
        let day = "2026-11-24".parse().unwrap();
        let (users, asked, enrolled, not_enrolled, asleep) = (None, None, None, None, None);
        let unknown = TwoFactorTrendPoint { day, as_of: None, users, asked, enrolled, not_enrolled, asleep };
        for points in [vec![], vec![unknown]] {
            let svg = svg("acme", &points);
            assert!(svg.contains(r#"id="asked" d="""#), "{svg}");
        }
    }
}
