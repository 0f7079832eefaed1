//! The two file formats.

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated values (RFC 4180) with a header.
    Csv,
}

impl Format {
    /// The name in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Ndjson, Self::Csv].into_iter().find(|format| format.as_str() == name)
    }

    /// The format of a file with this extension, in either case.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The format of this media type, without parameters and in either case.
    pub fn of_media_type(essence: &str) -> Option<Self> {
        match essence.trim().to_ascii_lowercase().as_str() {
            "application/x-ndjson" => Some(Self::Ndjson),
            "text/csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format::*, *};

    #[test]
    fn names_extensions_and_media_types_are_known() {
        for (format, name, extensions, media_type) in [
            (Ndjson, "ndjson", ["ndjson", "JSONL"], "application/x-ndjson"),
            (Csv, "csv", ["csv", "CSV"], " Text/CSV "),
        ] {
            assert_eq!((format.as_str(), Format::from_name(name)), (name, Some(format)));
            assert_eq!(extensions.map(Format::of_extension), [Some(format); 2], "{name}");
            assert_eq!(Format::of_media_type(media_type), Some(format), "{name}");
        }
        for unknown in ["", "json", "CSV ", "text/plain"] {
            let found = [Format::from_name(unknown), Format::of_extension(unknown), Format::of_media_type(unknown)];
            assert_eq!(found, [None; 3], "{unknown}");
        }
    }
}
