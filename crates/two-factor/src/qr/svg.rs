//! The QR code as an SVG document.

use std::fmt;

use super::{QUIET_ZONE, Qr};

impl Qr {
    /// A standalone SVG document of one unit per module, black on white whatever the page's colors, with no script,
    /// style or reference in it. It has no XML declaration, so that it can be put into HTML as it is.
    pub fn svg(&self) -> String {
        let side = self.side() + 2 * QUIET_ZONE;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges"><title>QR code</title><rect width="{side}" height="{side}" fill="#fff"/><path d="{}" fill="#000"/></svg>"##,
            DarkModules(self)
        )
    }
}

/// Path data: one rectangle for each horizontal run of dark modules.
struct DarkModules<'a>(&'a Qr);

impl fmt::Display for DarkModules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (side, quiet) = (i32::from(self.0.side()), i32::from(QUIET_ZONE));
        for y in 0..side {
            // A run begins beside a light module, and all modules outside are light.
            for x in (0..side).filter(|x| self.0.is_dark(*x, y) && !self.0.is_dark(*x - 1, y)) {
                let run = (x..side).take_while(|x| self.0.is_dark(*x, y)).count();
                write!(f, "M{} {}h{run}v1h-{run}z", x + quiet, y + quiet)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_self_contained() {
        let svg = Qr::encode("HELLO").unwrap().svg();
        assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" role="img""#), "{svg}");
        assert!(svg.ends_with("</svg>"));
        assert_eq!(svg.matches("<path").count(), 1);
        assert_eq!(svg.matches("://").count(), 1, "nothing but the namespace");
        for bad in ["script", "href", "url(", "style", "<!", "<?", " on"] {
            assert!(!svg.contains(bad), "{bad} in {svg}");
        }
        // The first row of the finder pattern, after the quiet zone.
        assert!(svg.contains(r#"d="M4 4h7v1h-7z"#), "{svg}");
    }

    #[test]
    fn every_dark_module_is_drawn_once() {
        let qr = Qr::encode("HELLO").unwrap();
        let path = DarkModules(&qr).to_string();
        let runs: Vec<usize> =
            path.split('M').skip(1).map(|run| run.split(['h', 'v']).nth(1).unwrap().parse().unwrap()).collect();
        let side = i32::from(qr.side());
        let dark = (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).filter(|(x, y)| qr.is_dark(*x, *y)).count();
        assert!(runs.iter().all(|run| *run > 0), "{path}");
        assert_eq!(runs.iter().sum::<usize>(), dark, "{path}");
    }
}
