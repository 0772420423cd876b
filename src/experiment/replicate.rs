//! Replications of one scenario: computed in parallel, handed over in order.

use rayon::prelude::*;

use crate::model::world::Population;
use crate::model::{Record, Simulation, World};

/// Runs in flight at once: bounds memory whatever the number of replications.
const CHUNK: u64 = 32;

/// Runs `replications` of `population` and hands each record to `take` in the order of replications. The result
/// does not depend on the number of threads.
///
/// # Errors
/// Whatever `take` reports; the rest is then not run.
pub fn replicate(
    world: &World,
    population: &Population,
    replications: u64,
    mut take: impl FnMut(u64, &Record) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut spare: Vec<Record> = (0..CHUNK).map(|_| Record::new(world)).collect();
    let mut first = 0;
    while first < replications {
        let count = CHUNK.min(replications - first);
        spare[..count as usize].par_iter_mut().enumerate().for_each_init(
            || Simulation::new(world, population),
            |simulation, (k, record)| simulation.run(first + k as u64, record),
        );
        for (k, record) in spare[..count as usize].iter().enumerate() {
            take(first + k as u64, record)?;
        }
        first += count;
    }
    Ok(())
}

/// A pool of `threads` threads (0 for all cores).
///
/// # Errors
/// If the threads cannot be started.
pub fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| anyhow::anyhow!("cannot start {threads} threads: {e}"))
}
