//! How long the functions of a file are.

use anyhow::Result;
use proc_macro2::LineColumn;
use syn::{
    Attribute, Block, ImplItemFn, ItemFn, ItemMod, TraitItemFn,
    spanned::Spanned,
    visit::{self, Visit},
};

/// Returns the name and the lines, from brace to brace, of every function outside of unit tests.
pub(super) fn functions_in(text: &str) -> Result<Vec<(String, usize)>> {
    let mut found = Functions::default();
    found.visit_file(&syn::parse_file(text)?);
    Ok(found.0)
}

#[derive(Default)]
struct Functions(Vec<(String, usize)>);

impl Functions {
    fn add(&mut self, name: String, block: &Block) {
        let LineColumn { line: first, .. } = block.span().start();
        let LineColumn { line: last, .. } = block.span().end();
        self.0.push((name, last - first + 1));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !item.attrs.iter().any(is_test_only) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.add(item.sig.ident.to_string(), &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.add(item.sig.ident.to_string(), &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(item.sig.ident.to_string(), block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

fn is_test_only(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
}

#[cfg(test)]
mod tests {
    use super::functions_in;

    #[test]
    fn functions_are_measured_and_unit_tests_are_not() {
        let text = "fn one() { 1 }\nimpl A {\n fn three() {\n  3\n }\n}\n#[cfg(test)]\nmod tests {\n fn no() {\n }\n}\n";
        let expected = [("one".to_owned(), 1), ("three".to_owned(), 3)];
        assert_eq!(functions_in(text).unwrap(), expected);
    }
}
