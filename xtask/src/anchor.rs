//! `anchor test` against a real validator, on ports that nobody else uses.

use crate::{shell, workspace};
use anyhow::{Context, Result};
use std::{fs, net::TcpListener, path::PathBuf};
use toml::{Table, Value};

/// Puts the test key of the program's address where `anchor build` looks for it.
pub(crate) fn place_program_keypair() -> Result<()> {
    let folder = workspace::target().join("deploy");
    let keypair = folder.join("runseal_registry-keypair.json");
    if !keypair.exists() {
        fs::create_dir_all(&folder)?;
        fs::copy(workspace::root().join("tests/fixtures/keys/registry.json"), keypair)?;
    }
    Ok(())
}

/// Runs the end-to-end tests through `anchor test`. It starts the validator and stops it.
pub(crate) fn test(tools: &[PathBuf]) -> Result<()> {
    // Anchor works in the folder of its configuration, so a copy with other ports gets a folder. It
    // looks for the workspace above that, so the folder stays here where cargo's is elsewhere.
    let folder = workspace::root().join("target/anchor");
    fs::create_dir_all(&folder)?;
    let committed = fs::read_to_string(workspace::root().join("Anchor.toml"))?;
    let configuration = with_free_ports(&committed)?;
    fs::write(folder.join("Anchor.toml"), configuration)?;
    let mut command = std::process::Command::new("anchor");
    command
        .args(["test", "--validator", "legacy", "--skip-build"])
        .current_dir(&folder)
        .env_remove("RUSTUP_TOOLCHAIN");
    shell::with_path(&mut command, tools);
    shell::step("end-to-end tests on a local validator, through anchor test", &mut command)
}

fn with_free_ports(committed: &str) -> Result<String> {
    let mut table: Table = committed.parse().context("Anchor.toml")?;
    let root = workspace::root().display();
    let in_root = |path: &str| Value::from(format!("{root}/{path}"));
    section(&mut table, &["workspace"])?
        .insert("members".into(), Value::Array(vec![in_root("programs/registry")]));
    section(&mut table, &["provider"])?
        .insert("wallet".into(), in_root("tests/fixtures/keys/wallet.json"));
    let rpc = free_rpc_port()?;
    let faucet = free_port()?;
    let validator = section(&mut table, &["test", "validator"])?;
    validator.insert("rpc_port".into(), i64::from(rpc).into());
    validator.insert("faucet_port".into(), i64::from(faucet).into());
    validator.insert("ledger".into(), "test-ledger".into());
    Ok(table.to_string())
}

fn section<'a>(table: &'a mut Table, path: &[&str]) -> Result<&'a mut Table> {
    path.iter().try_fold(table, |table, name| {
        let value = table.get_mut(*name).with_context(|| format!("Anchor.toml has no {name}"))?;
        value.as_table_mut().with_context(|| format!("{name} in Anchor.toml is no table"))
    })
}

/// A port whose successor is free too: the validator puts its websocket there.
fn free_rpc_port() -> Result<u16> {
    for _ in 0..100 {
        let port = free_port()?;
        if port.checked_add(1).is_some_and(|next| TcpListener::bind(("127.0.0.1", next)).is_ok()) {
            return Ok(port);
        }
    }
    anyhow::bail!("there are no two free ports next to each other on 127.0.0.1")
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_names_this_workspace_and_ports_of_its_own() {
        let committed = include_str!("../../Anchor.toml");
        let table: Table = with_free_ports(committed).unwrap().parse().unwrap();
        let port = table["test"]["validator"]["rpc_port"].as_integer().unwrap();
        assert!((1024..=65535).contains(&port));
        assert_ne!(Some(port), table["test"]["validator"]["faucet_port"].as_integer());
        assert!(table["workspace"]["members"][0].as_str().unwrap().starts_with('/'));
        assert_eq!(
            table["scripts"]["test"],
            committed.parse::<Table>().unwrap()["scripts"]["test"]
        );
    }

    #[test]
    fn a_configuration_without_a_validator_is_refused_by_name() {
        let error = with_free_ports("[workspace]\n[provider]\n[test]\n").unwrap_err();
        assert!(error.to_string().contains("validator"), "{error}");
    }
}
