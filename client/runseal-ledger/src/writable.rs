use solana_address::Address;
use solana_message::Message;
use std::collections::BTreeSet;

/// Returns the accounts that a transaction may change.
pub(crate) fn writable_accounts(message: &Message) -> BTreeSet<Address> {
    let reserved = None::<&BTreeSet<Address>>;
    let keys = message.account_keys.iter().enumerate();
    keys.filter(|(index, _)| message.is_maybe_writable_with_reserved_addresses(*index, reserved))
        .map(|(_, address)| *address)
        .collect()
}
