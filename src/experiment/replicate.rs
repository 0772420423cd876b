//! Replications: computed in parallel, handed over in order.

#[cfg(feature = "native")]
use rayon::prelude::*;

use crate::model::world::Population;
use crate::model::{Record, Simulation, World};

/// Runs in flight at once: bounds memory whatever the number of replications.
const CHUNK: usize = 16;

/// Runs `replications` of `population` and hands each record to `take` in the order of replications. The result
/// does not depend on the number of threads.
///
/// ```
/// use twain::experiment::replicate::replicate;
/// # fn main() -> anyhow::Result<()> {
/// let scenario = twain::scenario::load("scenarios/two-blocs.toml".as_ref(), &[])?;
/// let population = scenario.population("institutionalism")?;
/// let mut formed = 0;
/// replicate(&scenario.world, &population, 5, |_, record| {
///     formed += u64::from(record.outcome().framework.is_some());
///     Ok(())
/// })?;
/// assert!(formed <= 5);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Whatever `take` reports; the rest is then not run.
pub fn replicate(
    world: &World,
    population: &Population,
    replications: u64,
    mut take: impl FnMut(u64, &Record) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    paired(&[(world, population)], replications, |r, records| take(r, &records[0]))
}

/// Runs several worlds side by side, replication by replication with the same random streams, and hands the records
/// of each replication to `take` together, in the order of `cases`.
///
/// ```
/// use twain::experiment::replicate::paired;
/// use twain::scenario::{Change, load};
/// # fn main() -> anyhow::Result<()> {
/// let base = load("scenarios/two-blocs.toml".as_ref(), &[])?;
/// let longer = load("scenarios/two-blocs.toml".as_ref(), &[Change::parse("world.shadow=0.9")?])?;
/// let (a, b) = (base.population("realism")?, longer.population("realism")?);
/// let mut rises = 0;
/// paired(&[(&base.world, &a), (&longer.world, &b)], 5, |_, runs| {
///     let last = |run: &twain::model::Record| {
///         run.value(base.world.calendar.steps - 1, run.metric("cooperation_between").unwrap_or_default())
///     };
///     rises += u64::from(last(&runs[1]) > last(&runs[0]));
///     Ok(())
/// })?;
/// assert_eq!(rises, 5, "a longer shadow helps in every pair");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Whatever `take` reports; the rest is then not run.
pub fn paired(
    cases: &[(&World, &Population)],
    replications: u64,
    mut take: impl FnMut(u64, &[Record]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let width = cases.len();
    let rows = (CHUNK / width).max(2);
    let blank: Vec<Record> = cases.iter().map(|case| Record::new(case.0)).collect();
    let mut spare: Vec<Record> = (0..rows).flat_map(|_| blank.iter().cloned()).collect();
    let mut first = 0;
    while first < replications {
        let count = (rows as u64).min(replications - first) as usize;
        let run = |(slot, record): (usize, &mut Record)| {
            let (world, population) = cases[slot % width];
            Simulation::new(world, population).run(first + (slot / width) as u64, record);
        };
        #[cfg(feature = "native")]
        spare[..count * width].par_iter_mut().enumerate().for_each(run);
        #[cfg(not(feature = "native"))]
        spare[..count * width].iter_mut().enumerate().for_each(run);
        for (k, records) in spare[..count * width].chunks(width).enumerate() {
            take(first + k as u64, records)?;
        }
        first += count as u64;
    }
    Ok(())
}

/// A pool of `threads` threads (0 for all cores).
///
/// # Errors
/// If the threads cannot be started.
#[cfg(feature = "native")]
pub fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| anyhow::anyhow!("cannot start {threads} threads: {e}"))
}
