use runseal_tests::Runseal;

#[test]
fn the_command_says_which_program_runs_and_who_may_change_it() {
    let runseal = Runseal::new();
    runseal.ok("keygen owner.json");
    runseal.ok("-k owner.json airdrop 1");
    let shown = runseal.ok("program show");
    assert!(shown.starts_with("Program            RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k\n"));
    assert!(shown.ends_with("Which program      the one that this command carries\n"), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&runseal.ok("program show --output json")).unwrap();
    assert_eq!(json["isCarried"], true);
    assert_eq!(json["sha256"].as_str().unwrap().len(), 64);
    let authority = json["upgradeAuthority"].as_str().unwrap();
    assert!(shown.contains(&format!("Upgrade authority  {authority}\n")), "{shown}");
    assert_eq!(json["address"], "RS2JNVLHLcEg8sQYGvZDXvXcpUvgi3veqXs2Ra4Yq8k");
}

#[test]
fn without_a_ledger_there_is_no_program() {
    let ran = Runseal::new().run("program show");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(4), ""));
    assert!(ran.stderr.contains("there is no ledger"), "{}", ran.stderr);
}
