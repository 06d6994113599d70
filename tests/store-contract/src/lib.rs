//! What every store must do. Each function is a test that takes a store with nothing in it.
//!
//! `contract_tests!` makes tests of all of them for one kind of store.
#![allow(missing_docs, reason = "the name of a test says what it is about")]
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

pub mod agents;
pub mod anchoring;
pub mod crash;
pub mod fsck;
pub mod imports;
pub mod periods;
pub mod promises;
pub mod receipts;
pub mod relations;
pub mod runs;
pub mod samples;

use runseal_client::store::{Conflict, StoreError};

/// Asserts that something was refused because it contradicts what is stored, and returns how.
#[track_caller]
pub fn conflict<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> Conflict {
    match outcome {
        Err(StoreError::Conflict(conflict)) => conflict,
        other => panic!("a conflict was expected, {other:?} was found"),
    }
}

/// Makes a test of every function of the contract. `$with` is a function that makes an empty store
/// and hands it to what it is given.
#[macro_export]
macro_rules! contract_tests {
    ($with:path) => {
        $crate::contract_tests!(@module $with, receipts: [
            the_same_receipt_again_changes_nothing,
            another_receipt_at_the_same_place_is_refused,
            one_refusal_changes_nothing_for_its_neighbours,
            a_receipt_that_names_another_previous_one_is_refused,
            an_earlier_receipt_that_a_later_one_does_not_name_is_refused,
            gaps_may_be_filled_in_any_order,
            a_text_comes_back_byte_for_byte,
            what_is_not_stored_is_not_found,
            filters_find_what_they_say_and_nothing_else,
            pages_join_to_the_whole_list,
            many_writers_each_get_their_own_answers,
        ]);
        $crate::contract_tests!(@module $with, runs: [
            a_run_goes_from_start_to_receipt,
            another_start_under_the_same_name_is_refused,
            the_same_event_again_is_a_repetition_also_after_the_end,
            another_event_under_the_same_id_is_refused,
            events_come_in_the_order_of_their_numbers,
            an_event_without_a_number_gets_the_next,
            a_run_goes_on_after_a_checkpoint,
            a_run_and_its_entry_end_together_or_not,
            the_latest_runs_come_first,
            a_finished_run_takes_nothing_more,
            a_run_ends_only_with_a_receipt_of_its_own,
            runs_and_events_are_listed_in_pages,
        ]);
        $crate::contract_tests!(@module $with, periods: [
            a_store_is_one_logs,
            nothing_is_sealed_without_a_log,
            a_period_holds_everything_up_to_the_cut,
            a_sealed_period_never_changes,
            periods_are_sealed_one_after_the_other,
            an_empty_period_has_the_empty_root,
            leaves_are_ordered_by_agent_and_sequence,
            a_leaf_list_is_read_from_any_index,
            a_leaf_is_proved_from_its_chunk_as_from_the_whole_period,
        ]);
        $crate::contract_tests!(@module $with, promises: [
            a_promise_is_kept_beyond_the_cut,
            what_is_promised_for_later_waits,
            a_receipt_is_promised_once,
            a_promise_comes_too_late_for_what_is_sealed,
            a_promise_of_something_else_is_refused,
            promises_are_listed_by_period,
        ]);
        $crate::contract_tests!(@module $with, anchoring: [
            nothing_is_signed_twice_while_the_first_can_land,
            the_same_transaction_again_changes_nothing,
            a_transaction_moves_only_forward,
            an_anchor_is_of_a_sealed_period_and_has_its_root,
            a_finalized_anchor_stays,
            a_confirmed_anchor_may_move_to_another_slot,
            what_an_anchor_says_is_kept_if_it_is_what_is_noted_of_it,
        ]);
        $crate::contract_tests!(@module $with, relations: [
            links_are_found_from_both_ends,
            states_are_found_in_their_order_with_forks,
            policies_are_found_by_their_id,
            addenda_say_more_of_a_receipt,
            an_addendum_needs_a_receipt_of_the_same_agent,
        ]);
        $crate::contract_tests!(@module $with, agents: [
            a_lifecycle_changes_only_from_what_the_caller_saw,
            lifecycles_are_listed_by_id,
            entries_form_a_chain,
            an_entry_id_is_used_once,
            a_name_is_one_agents_for_good,
            entries_are_found_by_what_they_are_about,
            checkpoints_cover_a_ledger_without_gaps,
        ]);
        $crate::contract_tests!(@module $with, imports: [
            every_line_gets_its_answer_in_order,
            bad_lines_are_named_and_stop_nothing,
            a_line_that_is_cut_off_is_named_so,
            duplicate_lines_are_stored_once,
            small_batches_answer_like_large_ones,
            an_unreadable_source_is_an_error_behind_what_was_read,
        ]);
    };
    (@module $with:path, $module:ident: [$($test:ident),* $(,)?]) => {
        mod $module {
            $(
                #[test]
                fn $test() {
                    $with(|store| $crate::$module::$test(store));
                }
            )*
        }
    };
}
