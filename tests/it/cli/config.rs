use runseal_tests::Runseal;
use std::fs;

fn with_vendor(parameters: &str) -> Runseal {
    let runseal = Runseal::new();
    fs::write(runseal.folder().join("config.toml"), parameters).unwrap();
    runseal.ok("keygen vendor.json");
    runseal.ok("-k vendor.json airdrop 1");
    runseal
}

fn committed_parameters() -> String {
    let path = runseal_tests::root().join("migrations/program/0001_config.toml");
    fs::read_to_string(path).unwrap()
}

const INIT: &str = "-k vendor.json config init config.toml";

#[test]
fn the_committed_step_can_be_applied_again_and_again() {
    let runseal = with_vendor(&committed_parameters());
    assert!(runseal.ok(INIT).starts_with("Configured: "));
    assert!(runseal.ok(INIT).starts_with("Configured before, with these parameters: "));
    assert!(runseal.ok("config show").contains("Claimant's share  5000 basis points"));
}

#[test]
fn without_a_file_the_committed_parameters_are_meant() {
    let runseal = with_vendor(&committed_parameters());
    let register = "-k vendor.json agent register --identity vendor.json --manifest config.toml";
    let keys = "--anchoring-key 11111111111111111111111111111112 \
                --promise-key 11111111111111111111111111111112";
    let accredit = "-k vendor.json certifier accredit 11111111111111111111111111111112 \
                    --organisation audit.example --stages A";
    let stderr = "error: the program is not configured\nhint: `runseal config init` does it\n";
    let open = format!("-k vendor.json log open daily {keys}");
    for line in ["config show", register, &open, accredit, "-k vendor.json bond account"] {
        runseal.fails(line, 1, stderr);
    }
    runseal.ok("-k vendor.json config init");
    assert!(runseal.ok(INIT).starts_with("Configured before, with these parameters: "));
}

#[test]
fn another_wish_is_refused() {
    let runseal = with_vendor(&committed_parameters());
    runseal.ok(INIT);
    let other = committed_parameters().replace("= 5_000", "= 4_000");
    fs::write(runseal.folder().join("config.toml"), other).unwrap();
    let stderr = "error: the program is configured already, with another slash_claimant_basis_points\n\
                  hint: `runseal config show` prints what stands there\n";
    runseal.fails(INIT, 1, stderr);
}

#[test]
fn somebody_else_s_key_is_refused_by_the_program() {
    let runseal = with_vendor(&committed_parameters());
    runseal.ok("keygen stranger.json");
    runseal.ok("-k stranger.json airdrop 1");
    let stderr = "error: refused: the signer is not the program's upgrade authority (NotUpgradeAuthority, error 6000)\n";
    runseal.fails("-k stranger.json config init config.toml", 1, stderr);
}

#[test]
fn wrong_parameters_are_named() {
    let good = committed_parameters();
    let cases = [
        (good.replace("smallest_bond_amount", "smallest_bond"), "unknown field `smallest_bond`"),
        (good.replace("5_000", "70_000"), "invalid value: integer `70000`"),
        (good.replace("So111", "So1_1"), "is not an address"),
        ("bond_mint =".to_owned(), "config.toml cannot be used"),
        (String::new(), "missing field `bond_mint`"),
    ];
    for (parameters, expected) in cases {
        let runseal = with_vendor(&parameters);
        let ran = runseal.run(INIT);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{parameters}");
        let (error, hint) = ran.stderr.split_once('\n').unwrap();
        assert!(error.contains(expected), "{error}");
        assert_eq!(hint, "hint: migrations/program/0001_config.toml has them all\n");
    }
}

#[test]
fn parameters_are_changed_and_the_program_is_paused_by_its_authority_alone() {
    let runseal = with_vendor(&committed_parameters());
    runseal.ok(INIT);
    runseal.ok("keygen stranger.json");
    runseal.ok("-k stranger.json airdrop 1");
    let other = committed_parameters().replace("= 5_000", "= 4_000");
    fs::write(runseal.folder().join("other.toml"), other).unwrap();
    for line in ["config set other.toml", "config pause", "config resume", "config cancel-transfer"]
    {
        let ran = runseal.run(&format!("-k stranger.json {line}"));
        assert_eq!(ran.code, Some(1), "{line}");
        assert!(ran.stderr.contains("error 60"), "{line}: {}", ran.stderr);
    }
    runseal.ok("-k vendor.json config set other.toml");
    assert!(runseal.ok("config show").contains("Claimant's share  4000 basis points"));
    runseal.ok("-k vendor.json config pause");
    runseal.ok("keygen agent.json");
    fs::write(runseal.folder().join("manifest.json"), "{}").unwrap();
    let register = "-k vendor.json agent register --identity agent.json --manifest manifest.json";
    let ran = runseal.run(register);
    assert!(ran.code == Some(1) && ran.stderr.contains("Paused"), "{}", ran.stderr);
    runseal.ok("-k vendor.json config resume");
    runseal.ok(register);
}

#[test]
fn an_authority_is_handed_over_after_the_notice() {
    let runseal = with_vendor(&committed_parameters());
    runseal.ok(INIT);
    runseal.ok("keygen heir.json");
    runseal.ok("-k heir.json airdrop 1");
    let heir = runseal.ok("-k heir.json address");
    let transfer = format!("-k vendor.json config transfer {heir}");
    runseal.ok(&transfer);
    runseal.ok("-k vendor.json config cancel-transfer");
    assert_eq!(runseal.run("-k heir.json config accept").code, Some(1));
    runseal.ok(&transfer);
    let early = runseal.run("-k heir.json config accept");
    assert!(early.code == Some(1) && early.stderr.contains("error 60"), "{}", early.stderr);
    runseal.ok("warp 2d");
    runseal.ok("-k heir.json config accept");
    assert_eq!(runseal.run("-k vendor.json config pause").code, Some(1));
    runseal.ok("-k heir.json config pause");
}
