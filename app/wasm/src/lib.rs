//! The verdict on a bundle, for browsers: two texts in, one text out, by plain memory.
//!
//! 1. `input(size)` makes room for bundle and policy, one behind the other, and says where.
//! 2. `verify(bundle_size)` writes the report and says where; `output_size()` says how long it is.
//!
//! The report is the one that `runseal_engine` makes. A policy that cannot be read gives an object with the
//! one member `error`. The next call of `input` or `verify` takes the memory back.

use runseal_receipt::{json::Value, member::object_of};
use std::sync::{Mutex, MutexGuard, PoisonError};

static INPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static OUTPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Makes room for so many bytes of input.
// The name is what the page calls; nothing else in the module has it.
#[expect(unsafe_code, reason = "an export needs its name")]
#[unsafe(no_mangle)]
pub extern "C" fn input(size: usize) -> *mut u8 {
    let mut input = lock(&INPUT);
    *input = vec![0; size];
    input.as_mut_ptr()
}

/// Checks the bundle that the first so many bytes of the input are, by the policy that the rest is.
#[expect(unsafe_code, reason = "an export needs its name")]
#[unsafe(no_mangle)]
pub extern "C" fn verify(bundle_size: usize) -> *const u8 {
    let input = lock(&INPUT);
    let (bundle, policy) = input.split_at_checked(bundle_size).unwrap_or((&input, &[]));
    let mut output = lock(&OUTPUT);
    *output = runseal_evidence::verify_texts(bundle, policy).unwrap_or_else(|problem| {
        let error = [("error", Value::Text(problem.to_string()))];
        Value::Object(object_of(error)).canonical()
    });
    output.as_ptr()
}

/// Returns how long the report is.
#[expect(unsafe_code, reason = "an export needs its name")]
#[unsafe(no_mangle)]
pub extern "C" fn output_size() -> usize {
    lock(&OUTPUT).len()
}

/// There is one thread, and it holds nothing when it is called.
fn lock(memory: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
