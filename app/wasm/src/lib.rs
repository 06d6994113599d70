//! The verdict on a bundle and the answers of `runseal tool`, for browsers: two texts in, one text
//! out, by plain memory.
//!
//! 1. `input(size)` makes room for both texts, one behind the other, and says where.
//! 2. `verify(bundle_size)` and `wanted(bundle_size)` take them as a bundle and a policy,
//!    `answer(name_size)` as the name of a tool and a question; each writes an object of JSON and says
//!    where.
//! 3. `output_size()` says how long that is.
//!
//! The report is the one that `runseal_engine` makes. `wanted` names the accounts that a verdict needs
//! after those that the policy has; whoever reads them and asks again until nothing is new has all.
//! What cannot be read gives an object with the one member `error`. The answer is the one that
//! `runseal_tool` makes. The next call of any of the four takes the memory back.

use runseal_evidence::Wanted;
use runseal_receipt::{json::Value, member::object_of};
use runseal_tool::{Refusal, Tool};
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
    output_of(bundle_size, |bundle, policy| {
        runseal_evidence::verify_texts(bundle, policy).unwrap_or_else(|problem| error_of(&problem))
    })
}

/// Says which accounts a verdict needs: on the bundle that the first so many bytes of the input are,
/// after those of the policy that the rest is.
#[expect(unsafe_code, reason = "an export needs its name")]
#[unsafe(no_mangle)]
pub extern "C" fn wanted(bundle_size: usize) -> *const u8 {
    output_of(bundle_size, |bundle, policy| {
        runseal_evidence::wanted(bundle, policy)
            .map_or_else(|problem| error_of(&problem), |wanted| to_json(&wanted))
    })
}

/// Has the tool that the first so many bytes of the input name answer the question that the rest is.
#[expect(unsafe_code, reason = "an export needs its name")]
#[unsafe(no_mangle)]
pub extern "C" fn answer(name_size: usize) -> *const u8 {
    output_of(name_size, |name, question| {
        let tool = str::from_utf8(name).ok().and_then(Tool::find);
        let tool = tool.ok_or_else(|| Refusal::new("UnknownTool", "there is no tool of this name"));
        runseal_tool::to_json(&tool.and_then(|tool| tool.answer(question)))
    })
}

/// Returns how long the last output is.
#[expect(unsafe_code, reason = "an export needs its name")]
#[unsafe(no_mangle)]
pub extern "C" fn output_size() -> usize {
    lock(&OUTPUT).len()
}

fn to_json(wanted: &Wanted) -> Vec<u8> {
    let kind = |(address, kind): (&_, &&str)| (ToString::to_string(address), Value::from(*kind));
    let members = [
        ("addresses", wanted.addresses.iter().copied().collect()),
        ("kinds", Value::Object(wanted.kinds.iter().map(kind).collect())),
        ("cosigned", wanted.cosigned.map_or(Value::Null, Value::from)),
    ];
    Value::Object(object_of(members)).canonical()
}

fn error_of(problem: &impl ToString) -> Vec<u8> {
    Value::Object(object_of([("error", Value::Text(problem.to_string()))])).canonical()
}

/// Keeps what `make` makes of the input's two texts, the first of which has so many bytes.
fn output_of(first_size: usize, make: impl FnOnce(&[u8], &[u8]) -> Vec<u8>) -> *const u8 {
    let input = lock(&INPUT);
    let (first, second) = input.split_at_checked(first_size).unwrap_or((&input, &[]));
    let mut output = lock(&OUTPUT);
    *output = make(first, second);
    output.as_ptr()
}

/// There is one thread, and it holds nothing when it is called.
fn lock(memory: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
