//! The manual pages.

use runseal_tests::Runseal;
use std::fs;

#[test]
fn the_main_page_says_how_commands_end_and_shows_some() {
    let page = Runseal::new().ok("man");
    for part in [".SH NAME\nrunseal ", ".SH \"EXIT STATUS\"", ".SH EXAMPLES", "runseal\\-anchor(1)"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn every_command_has_a_page_of_its_own() {
    let page = Runseal::new().ok("man anchor post");
    assert!(page.contains(".SH NAME\nrunseal\\-anchor\\-post ") && !page.contains("EXIT STATUS"));
}

#[test]
fn every_page_that_a_page_names_is_written() {
    let runseal = Runseal::new();
    runseal.ok("man --out pages");
    let folder = runseal.folder().join("pages");
    let named = |page: &str| {
        let pages = page.replace("\\-", "-");
        let names = pages.lines().filter_map(|line| line.trim().strip_suffix("(1)"));
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let (mut waiting, mut count) = (vec!["runseal".to_owned()], 0);
    while let Some(name) = waiting.pop() {
        let page = fs::read_to_string(folder.join(format!("{name}.1")));
        waiting.extend(named(&page.unwrap_or_else(|error| panic!("{name}: {error}"))));
        count += 1;
    }
    assert!(count > 30, "{count}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), count);
}
