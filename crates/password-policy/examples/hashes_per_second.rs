//! Measures how many bare Argon2id hashes all cores compute in a second, with the memory kept from hash to hash: an
//! upper bound for logins. Takes the seconds to measure; prints the rate. Used by `make bench`.

use std::{
    io::{Write, stdout},
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// OWASP's parameters: memory in KiB, passes, lanes.
const MEMORY_KIB: u32 = 19_456;
const ITERATIONS: u32 = 2;
const LANES: u32 = 1;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds: u64 = std::env::args().nth(1).ok_or("usage: hashes_per_second SECONDS")?.parse()?;
    let duration = Duration::from_secs(seconds);
    let threads = thread::available_parallelism()?.get();
    let params = Params::new(MEMORY_KIB, ITERATIONS, LANES, Some(32))?;
    let start = Barrier::new(threads);
    let rates: Vec<f64> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| rate(&params, duration, &start))).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    writeln!(stdout(), "{:.2}", rates.iter().sum::<f64>())?;
    Ok(())
}

/// Hashes per second of one thread, counted from when all threads are ready.
fn rate(params: &Params, duration: Duration, start: &Barrier) -> f64 {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut memory = vec![Block::default(); params.block_count()];
    let mut output = [0; 32];
    let mut hashes: u32 = 0;
    start.wait();
    let started = Instant::now();
    while started.elapsed() < duration {
        if argon2
            .hash_password_into_with_memory(b"a long phrase", b"sixteen bytes ok", &mut output, &mut memory)
            .is_ok()
        {
            hashes += 1;
        }
    }
    f64::from(hashes) / started.elapsed().as_secs_f64()
}
