//! Tests small files in full, and one of a million lines.

use std::{
    io::{BufWriter, Write},
    time::Instant,
};

use proptest::prelude::*;
use tempfile::NamedTempFile;

use super::*;

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn refusal(bytes: &[u8]) -> String {
    let file = file(bytes);
    let error = HashFile::open(file.path()).err().map(|error| error.to_string()).unwrap_or_default();
    error.replace(&file.path().display().to_string(), "FILE")
}

/// The lines of the passwords `0`, `1`, … in order.
fn sorted(count: usize, suffix: impl Fn(usize) -> String) -> Vec<String> {
    let mut hashes: Vec<_> = (0..count).map(|number| (Hash::of(&number.to_string()).digits(), number)).collect();
    hashes.sort();
    hashes.into_iter().map(|(digits, number)| format!("{digits}{}", suffix(number))).collect()
}

#[test]
fn every_line_is_found_and_nothing_else_in_files_of_every_shape() {
    for count in [1, 2, 3, 10, 60, 70, 80, 500, 5_000] {
        for (end, last) in [("\n", true), ("\r\n", true), ("\n", false), ("\r\n", false)] {
            for with_count in [true, false] {
                let lines = sorted(count, |number| if with_count { format!(":{number}") } else { String::new() });
                let mut text = lines.join(end);
                if last {
                    text.push_str(end);
                }
                let file = file(text.as_bytes());
                let hashes = HashFile::open(file.path()).unwrap();
                for number in (0..count).step_by(1 + count / 200) {
                    let expected = if with_count { number.try_into().unwrap() } else { u64::MAX };
                    let found = hashes.count(&Hash::of(&number.to_string())).unwrap();
                    assert_eq!(found, Some(expected), "{number} of {count}");
                }
                for absent in count..count + 50 {
                    assert_eq!(hashes.count(&Hash::of(&absent.to_string())).unwrap(), None, "{absent} of {count}");
                }
                for edge in [[b'0'; 40], [b'F'; 40]] {
                    assert_eq!(hashes.count(&Hash::parse(&edge).unwrap()).unwrap(), None);
                }
            }
        }
    }
}

#[test]
fn hashes_in_lower_case_and_lines_of_different_lengths_are_found() {
    let lines = sorted(2_000, |number| if number % 3 == 0 { String::new() } else { format!(":{}", number * number) });
    let file = file(lines.join("\n").to_lowercase().as_bytes());
    let hashes = HashFile::open(file.path()).unwrap();
    for number in 0..2_000_u64 {
        let expected = if number % 3 == 0 { u64::MAX } else { number * number };
        assert_eq!(hashes.count(&Hash::of(&number.to_string())).unwrap(), Some(expected));
    }
}

#[test]
fn what_cannot_be_searched_is_refused_at_the_start() {
    assert_eq!(refusal(b""), "the breached-password file FILE is empty");
    let garbled = |at: u64| {
        format!(
            "the breached-password file FILE is malformed: near byte {at} there is a line that is neither \
             a SHA-1 hash of 40 hexadecimal digits nor HASH:COUNT"
        )
    };
    assert_eq!(refusal(b"password\n123456\n"), garbled(0));
    assert_eq!(refusal(b"\n"), garbled(0));
    assert_eq!(refusal(&vec![0; 100_000]), garbled(0));
    // NTLM hashes have 32 digits.
    assert_eq!(refusal("8846F7EAEE8FB117AD06BDD830B7586C:9\n".repeat(9).as_bytes()), garbled(0));
    let lines = sorted(5_000, |number| format!(":{number}"));
    let mut cut = lines.join("\n");
    cut.truncate(cut.len() - 30);
    assert!(refusal(cut.as_bytes()).contains("near byte"), "the download broke off");
    let mut by_count = lines.clone();
    by_count.sort_by_key(|line| line.split(':').nth(1).unwrap().parse::<u32>().unwrap());
    assert!(refusal(by_count.join("\n").as_bytes()).contains("is not sorted: the hash at byte"));
    let mut reversed = lines;
    reversed.reverse();
    assert!(refusal(reversed.join("\r\n").as_bytes()).contains("is not sorted"));
    assert!(refusal("x".repeat(1_000_000).as_bytes()).contains("near byte 0"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = HashFile::open(Path::new("/nowhere/hashes.txt")).err().unwrap().to_string();
    assert!(error.contains("/nowhere/hashes.txt cannot be read"), "{error}");
}

/// The peak memory of the process, in KiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_million_hashes_are_searched_on_disk_within_bounds_of_time_and_memory() {
    // Evenly spread and generated in order, so that this takes no memory: the top bytes count up.
    let file = NamedTempFile::new().unwrap();
    let mut out = BufWriter::new(file.as_file());
    let digits = |number: u64| format!("{:016X}{:024X}", number * 18_446_744_073_709, number);
    for number in 0..1_000_000 {
        write!(out, "{}:{}\r\n", digits(number), number + 1).unwrap();
    }
    out.flush().unwrap();
    assert!(file.as_file().metadata().unwrap().len() > 48_000_000);

    let before = peak_memory();
    let started = Instant::now();
    let hashes = HashFile::open(file.path()).unwrap();
    for number in (0..1_000_000).step_by(997) {
        let hash = Hash::parse(digits(number).as_bytes()).unwrap();
        assert_eq!(hashes.count(&hash).unwrap(), Some(number + 1));
        let absent = Hash::parse(digits(number).replace("000000000000", "00000000000F").as_bytes()).unwrap();
        assert_eq!(hashes.count(&absent).unwrap(), None);
    }
    let took = started.elapsed();
    // About 2,000 look-ups of 15 reads each; an idle machine takes 50 ms.
    assert!(took.as_secs() < 5, "{took:?}");
    let grown = peak_memory().saturating_sub(before);
    assert!(grown < 8 * 1024, "{grown} KiB");
}

proptest! {
    #[test]
    fn no_file_makes_the_search_panic(
        bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b':'), Just(b'A'), any::<u8>()], 1..400),
    ) {
        let file = file(&bytes);
        if let Ok(hashes) = HashFile::open(file.path()) {
            let _ = hashes.count(&Hash::of("password"));
        }
    }
}
