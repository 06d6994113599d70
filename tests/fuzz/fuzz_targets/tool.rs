//! Every question has one answer, alone and among others, and it is JSON that says whether it holds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runseal_fuzz::Input;
use runseal_tool::{Tool, to_json};

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let tool = Tool::ALL[usize::from(input.byte()) % Tool::ALL.len()];
    let question = input.rest();
    let answer = tool.answer(question);
    let json: serde_json::Value = serde_json::from_slice(&to_json(&answer)).expect("it is JSON");
    assert_eq!(json["ok"], answer.is_ok());
    assert_eq!(json["reason"].is_string(), answer.is_err());
    assert_eq!(tool.answers([Ok(question), Ok(question)]), [answer.clone(), answer]);
});
