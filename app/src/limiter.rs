use crate::limits::Rate;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How many callers are remembered. Who has not called for a while is as good as new, and forgotten.
const MOST_CALLERS: usize = 65_536;

/// How often each caller may call.
#[derive(Debug)]
pub(crate) struct Limiter<K> {
    rate: Rate,
    /// For each caller, when all that he may do at once is free again.
    free_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> Limiter<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, free_at: Mutex::default() }
    }

    /// Counts a call; if it is one too many, it is not counted, and the error is how long to wait.
    pub(crate) fn take(&self, caller: K, now: Instant) -> Result<(), Duration> {
        let each = Duration::from_secs(1) / self.rate.per_second.get();
        let at_once = each.saturating_mul(self.rate.burst.get());
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        if free_at.len() >= MOST_CALLERS && !free_at.contains_key(&caller) {
            free_at.retain(|_, free_at| *free_at > now);
            if free_at.len() >= MOST_CALLERS {
                return Err(at_once);
            }
        }
        let before = free_at.get(&caller).map_or(now, |free_at| (*free_at).max(now));
        // A clock that cannot go on does not count.
        let after = before.checked_add(each).unwrap_or(before);
        match after.saturating_duration_since(now).checked_sub(at_once) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => {
                free_at.insert(caller, after);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn limiter(per_second: u32, burst: u32) -> Limiter<&'static str> {
        let number = |number| NonZeroU32::new(number).unwrap();
        Limiter::new(Rate { per_second: number(per_second), burst: number(burst) })
    }

    #[test]
    fn a_caller_has_his_burst_and_then_one_call_for_each_part_of_a_second() {
        let (limiter, start) = (limiter(10, 3), Instant::now());
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        for (milliseconds, expected) in [
            (0, Ok(())),
            (0, Ok(())),
            (0, Ok(())),
            (0, Err(100)),
            (50, Err(50)),
            (100, Ok(())),
            (100, Err(100)),
            (250, Ok(())),
            (250, Err(50)),
            (10_000, Ok(())),
            (10_000, Ok(())),
            (10_000, Ok(())),
            (10_000, Err(100)),
        ] {
            let taken = limiter.take("a", at(milliseconds));
            assert_eq!(taken, expected.map_err(Duration::from_millis), "{milliseconds}");
        }
        // What one has used up is another's all the same.
        assert_eq!(limiter.take("b", at(10_000)), Ok(()));
    }

    #[test]
    fn who_has_rested_is_forgotten_when_many_call() {
        let number = NonZeroU32::new(1).unwrap();
        let limiter = Limiter::new(Rate { per_second: number, burst: number });
        let now = Instant::now();
        for caller in 0..MOST_CALLERS {
            assert_eq!(limiter.take(caller, now), Ok(()));
        }
        assert_eq!(limiter.take(MOST_CALLERS, now), Err(Duration::from_secs(1)));
        let later = now + Duration::from_secs(2);
        assert_eq!(limiter.take(MOST_CALLERS, later), Ok(()));
        assert_eq!(limiter.free_at.lock().unwrap().len(), 1);
    }
}
