//! What can be done to a proof, and to a whole case of a vector file, without finding a collision.

use crate::{
    reference::{Hash, node_hash},
    vectors::Case,
};

/// Everything that can be done to a proof without finding a collision.
pub(crate) fn changes(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut changes = vec![[proof, &[[0; 32]]].concat()];
    for at in 0..proof.len() {
        let mut without = proof.to_vec();
        without.remove(at);
        changes.push(without);
        let mut repeated = proof.to_vec();
        repeated.insert(at, proof[at]);
        changes.push(repeated);
        for bit in [0, 100, 255] {
            let mut flipped = proof.to_vec();
            flipped[at][bit / 8] ^= 1 << (bit % 8);
            changes.push(flipped);
        }
        if at > 0 {
            let mut swapped = proof.to_vec();
            swapped.swap(at - 1, at);
            changes.push(swapped);
        }
    }
    changes
}

/// A case with one thing changed, and what that is.
pub(crate) fn mutations(case: &Case) -> Vec<Case> {
    let mut mutated = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Case)| {
        let mut other = case.clone();
        change(&mut other);
        other.name = format!("{}; {what}", case.name);
        mutated.push(other);
    };
    for (at, (name, number)) in case.numbers.iter().enumerate() {
        for (what, number) in other_numbers(*number) {
            add(format!("{name} {what}"), &|case| case.numbers[at].1 = number);
        }
    }
    for (at, (name, _)) in case.hashes.iter().enumerate() {
        add(format!("{name} with a bit flipped"), &|case| flip(&mut case.hashes[at].1));
        add(format!("{name} of zeros"), &|case| case.hashes[at].1 = [0; 32]);
    }
    if let [(one, first), (other, second), ..] = case.hashes[..] {
        add(format!("{one} and {other} swapped"), &|case| {
            (case.hashes[0].1, case.hashes[1].1) = (second, first);
        });
    }
    for (at, (name, list)) in case.lists.iter().enumerate() {
        for (what, list) in other_lists(list) {
            add(format!("{name} {what}"), &|case| case.lists[at].1.clone_from(&list));
        }
    }
    if let (Some((name, leaf)), Some(sibling)) = (case.hashes.first(), case.last_list().first()) {
        add(format!("a node in place of the {name}"), &|case| {
            case.hashes[0].1 = node_hash(*leaf, *sibling);
            let last = case.lists.len() - 1;
            case.lists[last].1.remove(0);
        });
    }
    mutated
}

fn other_numbers(number: u64) -> Vec<(&'static str, u64)> {
    let all = [
        ("one more", number.checked_add(1)),
        ("one less", number.checked_sub(1)),
        ("doubled", number.checked_mul(2)),
        ("halved", Some(number / 2)),
        ("zero", Some(0)),
        ("the largest", Some((1 << 53) - 1)),
    ];
    let other = all.into_iter().filter_map(|(what, other)| Some((what, other?)));
    other.filter(|(_, other)| *other != number).collect()
}

/// Every place of a short list, the ends and the middle of a long one.
fn other_lists(list: &[Hash]) -> Vec<(String, Vec<Hash>)> {
    let mut others = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Vec<Hash>)| {
        let mut other = list.to_vec();
        change(&mut other);
        others.push((what, other));
    };
    add("with zeros appended".into(), &|list| list.push([0; 32]));
    add("with zeros in front".into(), &|list| list.insert(0, [0; 32]));
    if let Some(last) = list.last() {
        add("with its last hash appended".into(), &|list| list.push(*last));
        add("left out".into(), &Vec::clear);
    }
    if list.len() > 2 {
        add("turned round".into(), &|list| list.reverse());
    }
    for at in places(list.len()) {
        add(format!("with a bit of hash {at} flipped"), &|list| flip(&mut list[at]));
        add(format!("without hash {at}"), &|list| {
            list.remove(at);
        });
        add(format!("with hash {at} repeated"), &|list| list.insert(at, list[at]));
        if at > 0 {
            add(format!("with hashes {} and {at} swapped", at - 1), &|list| list.swap(at - 1, at));
        }
    }
    others
}

fn places(length: usize) -> Vec<usize> {
    if length < 5 { (0..length).collect() } else { vec![0, length / 2, length - 1] }
}

fn flip(hash: &mut Hash) {
    hash[15] ^= 0x10;
}
