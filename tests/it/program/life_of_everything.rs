//! Everything that can happen, in random order, against a model of what should.
//!
//! `RUNSEAL_SEED=<seed>` runs the sequence of a failure again, and `RUNSEAL_LONG=1` a hundred
//! thousand steps and more. A shorter failure is the same seed with fewer `RUNSEAL_STEPS`.

use runseal_tests::Life;
use std::{
    collections::BTreeSet,
    env,
    panic::{self, AssertUnwindSafe},
};

const SHORT_STEPS: u64 = 6_000;
const LONG_STEPS: u64 = 200_000;
/// Everything is compared with the model this often, and at the end.
const WHOLE_CHECK_EVERY: u64 = 1_000;

#[test]
fn no_sequence_of_instructions_breaks_an_invariant() {
    let long = env::var_os("RUNSEAL_LONG").is_some();
    let steps = number("RUNSEAL_STEPS", if long { LONG_STEPS } else { SHORT_STEPS });
    let seed = number("RUNSEAL_SEED", 20_261_121);
    let mut life = Life::new(seed);
    for step in 1..=steps {
        let done = panic::catch_unwind(AssertUnwindSafe(|| {
            life.step();
            if step % WHOLE_CHECK_EVERY == 0 || step == steps {
                life.check_everything();
            }
        }));
        if let Err(panic) = done {
            let again = format!("RUNSEAL_SEED={seed} RUNSEAL_STEPS={step}");
            #[allow(clippy::print_stderr)]
            {
                eprintln!("step {step}: {again} cargo test -p runseal-tests life_of_everything");
            }
            panic::resume_unwind(panic);
        }
    }
    print_counts(&life);
    // A seed that somebody names is about what went wrong with it.
    if env::var_os("RUNSEAL_SEED").is_none() {
        assert_everything_happened(&life);
    }
}

/// A sequence in which something never happens, or is never refused, would show nothing about it.
fn assert_everything_happened(life: &Life) {
    let idl: serde_json::Value = serde_json::from_str(runseal_registry::IDL).unwrap();
    let names = idl["instructions"].as_array().unwrap().iter();
    let names: BTreeSet<&str> = names.map(|each| each["name"].as_str().unwrap()).collect();
    for name in names {
        let [accepted, refused] = life.counts.get(name).copied().unwrap_or_default();
        assert!(accepted > 0 || name == "initialize_config", "{name} was never accepted");
        assert!(refused > 0, "{name} was never refused");
    }
}

#[allow(clippy::print_stdout)]
fn print_counts(life: &Life) {
    for (name, [accepted, refused]) in &life.counts {
        println!("{name:<32} {accepted:>7} accepted {refused:>7} refused");
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).map_or(otherwise, |value| value.parse().unwrap())
}
