//! The adapters for agents' frameworks, by their own tests, against this very build.

use runseal_tests::{build_folder, root};
use std::process::Command;

#[test]
fn the_adapters_tests_pass() {
    let program = build_folder().join("runseal");
    assert!(program.is_file(), "{} is missing: build runseal-cli", program.display());
    let ran = Command::new("python3")
        .args(["-m", "unittest", "discover", "-s", "tests", "-t", "."])
        .current_dir(root().join("app/adapters"))
        .env("RUNSEAL_BIN", program)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("app/adapters is tested with python3, 3.9 or later, which must be on the PATH");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    assert!(!said.contains("Ran 0 tests"), "{said}");
}
