//! The ways in which an account can be wrong, and every instruction with every account wrong.

use crate::{BOND_MINT, Staged};
use runseal_client::{instructions::TOKEN_PROGRAM, registry};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_sdk_ids::{system_program, sysvar};
use solana_signer::Signer;
use std::collections::BTreeSet;

/// In what way an account is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// It did not sign.
    Unsigned,
    /// It cannot be written.
    ReadOnly,
    /// The list of accounts ends before it.
    Missing,
    /// It stands in another part of the same instruction as well.
    Twice,
    /// A key that has lamports and no part in this; it signs where one must.
    Stranger,
    /// The right account, but another program's.
    ForeignOwner,
    /// The right account under another discriminator.
    Renamed,
    /// The right account without its last byte.
    TooShort,
    /// An account of another kind.
    OtherKind,
    /// Another account of the same kind.
    Neighbour,
    /// An address where nothing is.
    Nothing,
    /// A program or a sysvar that does not belong there.
    OtherProgram,
}

/// What is done to an account behind the program's back.
pub type Edit = fn(&mut Account);

/// An instruction with one wrong account.
pub struct Case {
    /// The account's name in the interface.
    pub account: String,
    pub wrong: Wrong,
    /// Of a duplicate, the name of the account that it is as well.
    pub twin: String,
    /// Where it stands.
    pub position: usize,
    pub instruction: Instruction,
    /// What is done to the right account.
    pub edit: Option<Edit>,
}

impl Case {
    fn new(staged: &Staged, names: &[String], position: usize, wrong: Wrong) -> Self {
        let (account, twin) = (names[position].clone(), String::new());
        let instruction = staged.instruction.clone();
        Self { account, wrong, twin, position, instruction, edit: None }
    }

    /// The same with another account in the place. Only the stranger can sign in somebody's place.
    fn with(mut self, address: Address, signs: bool) -> Self {
        let meta = &mut self.instruction.accounts[self.position];
        meta.pubkey = address;
        meta.is_signer &= signs;
        self
    }
}

impl Staged {
    /// The names of the accounts; behind those of the interface come the triples of a status.
    pub fn account_names(&self) -> Vec<String> {
        let idl: serde_json::Value = serde_json::from_str(runseal_registry::IDL).unwrap();
        let mut listed = idl["instructions"].as_array().unwrap().iter();
        let entry = listed.find(|entry| entry["name"] == self.name).unwrap();
        let declared = entry["accounts"].as_array().unwrap().iter();
        let names = declared.map(|account| account["name"].as_str().unwrap());
        let behind = ["shown_attestation", "shown_certifier", "shown_next"].into_iter().cycle();
        let count = self.instruction.accounts.len();
        names.chain(behind).take(count).map(str::to_owned).collect()
    }

    /// Every account wrong in every way that it can be wrong in.
    pub fn wrong_cases(&self) -> Vec<Case> {
        let names = self.account_names();
        let positions = 0..names.len();
        positions.flat_map(|position| self.wrong_at(&names, position)).collect()
    }

    fn wrong_at(&self, names: &[String], position: usize) -> Vec<Case> {
        let meta = &self.instruction.accounts[position];
        let case = |wrong| Case::new(self, names, position, wrong);
        let mut cases = vec![case(Wrong::Missing)];
        cases[0].instruction.accounts.truncate(position);
        if meta.is_signer {
            let mut unsigned = case(Wrong::Unsigned);
            unsigned.instruction.accounts[position].is_signer = false;
            cases.push(unsigned);
        }
        if meta.is_writable {
            let mut read_only = case(Wrong::ReadOnly);
            read_only.instruction.accounts[position].is_writable = false;
            cases.push(read_only);
        }
        for (twin, other) in self.instruction.accounts.iter().enumerate() {
            if other.pubkey != meta.pubkey {
                let twice = case(Wrong::Twice).with(other.pubkey, other.is_signer);
                cases.push(Case { twin: names[twin].clone(), ..twice });
            }
        }
        for (wrong, address) in self.others(&meta.pubkey) {
            cases.push(case(wrong).with(address, wrong == Wrong::Stranger));
        }
        for (wrong, edit) in self.edits(&meta.pubkey) {
            cases.push(Case { edit: Some(edit), ..case(wrong) });
        }
        cases
    }

    /// What is on the chain and does not belong in the place of `right`.
    fn others(&self, right: &Address) -> Vec<(Wrong, Address)> {
        let mut others = vec![
            (Wrong::Nothing, Address::new_from_array([78; 32])),
            (Wrong::Stranger, self.stranger.pubkey()),
            (Wrong::OtherProgram, TOKEN_PROGRAM),
            (Wrong::OtherProgram, system_program::ID),
            (Wrong::OtherProgram, registry::PROGRAM),
            (Wrong::OtherProgram, sysvar::clock::ID),
            (Wrong::OtherKind, BOND_MINT),
        ];
        let own = self.chain.svm.get_account(right).and_then(|account| kind_of(&account));
        let mut kinds = BTreeSet::new();
        for program in [registry::PROGRAM, TOKEN_PROGRAM] {
            let mut accounts = self.chain.svm.get_program_accounts(&program);
            accounts.sort_by_key(|(address, _)| *address);
            for (address, account) in accounts.iter().filter(|(address, _)| address != right) {
                let kind = kind_of(account);
                if kind == own {
                    others.push((Wrong::Neighbour, *address));
                } else if kinds.insert(kind) {
                    others.push((Wrong::OtherKind, *address));
                }
            }
        }
        // What has another part in the instruction is a duplicate, which is another case.
        let own = &self.instruction.accounts;
        others.retain(|(_, address)| own.iter().all(|meta| meta.pubkey != *address));
        others
    }

    /// What can be changed about the right account itself.
    fn edits(&self, right: &Address) -> Vec<(Wrong, Edit)> {
        let account = self.chain.svm.get_account(right).unwrap_or_default();
        if account.executable || account.data.is_empty() || account.owner == sysvar::ID {
            return Vec::new();
        }
        let mut edits: Vec<(Wrong, Edit)> = vec![
            (Wrong::ForeignOwner, |account| account.owner = Address::new_from_array([77; 32])),
            (Wrong::TooShort, |account| account.data.truncate(account.data.len() - 1)),
        ];
        if account.owner == registry::PROGRAM {
            edits.push((Wrong::Renamed, |account| account.data[0] ^= 1));
        }
        edits
    }
}

/// What makes two accounts the same kind: the program and its discriminator, or the size.
fn kind_of(account: &Account) -> Option<(Address, Vec<u8>)> {
    let kind = if account.owner == registry::PROGRAM {
        account.data.get(..8)?.to_vec()
    } else {
        account.data.len().to_le_bytes().to_vec()
    };
    Some((account.owner, kind))
}
