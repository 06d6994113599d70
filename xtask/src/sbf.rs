//! Building a crate to sBPF version 3, by one of two routes.

use crate::{link, setup, shell, workspace};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Everything in the build that can change a program's bytes.
const FLAGS: &[&str] = &[
    "-Clinker=runseal-sbpf-link",
    // The link step optimizes everything at once.
    "-Cno-prepopulate-passes",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Aexplicit_builtin_cfgs_in_flags",
    // The target calls itself zkvm, whose std is only stubs; this turns on the Solana crates' code.
    "--cfg=target_os=\"solana\"",
    // Only gives std the constant for its alignment.
    "--cfg=target_arch=\"csky\"",
    "-Ctarget-cpu=v2",
    "-Ctarget-feature=+allows-misaligned-mem-access",
    "-Clink-arg=--llvm-args=--bpf-stack-size=4096",
    "-Clink-arg=--disable-math-builtins",
    "-Clink-arg=--arch",
    "-Clink-arg=v3",
];

/// How the committed program was built, and what came out.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Provenance {
    /// SHA-256 of the program's bytes.
    pub(crate) sha256: String,
    /// `registry`: the compiler that comes as a Debian package, with this project's link step.
    /// `platform-tools`: the official `cargo build-sbf`.
    pub(crate) route: String,
    /// The compiler's own name for itself.
    pub(crate) compiler: String,
}

/// Builds the crate `package` and returns where its program lies.
pub(crate) fn build(package: &str) -> Result<PathBuf> {
    match official() {
        Some(tool) => build_with_platform_tools(&tool, package)?,
        None => build_with_registry_tools(package)?,
    }
    let program = deploy_folder().join(file_name(package));
    if !program.is_file() {
        bail!("the build of {package} left no {}", program.display());
    }
    Ok(program)
}

/// Does what `anchor build` wants of `cargo build-sbf` in the folder of one program.
pub(crate) fn build_as_anchor_asks(folder: &Path, arguments: &[String]) -> Result<()> {
    if let Some(tool) = official() {
        return shell::run(Command::new(tool).args(arguments).current_dir(folder));
    }
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))
        .context("cargo build-sbf is called in the folder of a program")?;
    let package = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .context("this folder's Cargo.toml names no package")?;
    build_with_registry_tools(package)
}

/// Says how a program that lies at `path` was built.
pub(crate) fn provenance(path: &Path) -> Result<Provenance> {
    let bytes = fs::read(path).with_context(|| format!("read {}", path.display()))?;
    let (route, compiler) = match official() {
        Some(tool) => ("platform-tools", shell::version_of(&tool).unwrap_or_default()),
        None => ("registry", setup::debian_rustc()?.name),
    };
    let sha256 = shell::hex(&Sha256::digest(&bytes));
    Ok(Provenance { sha256, route: route.to_owned(), compiler })
}

fn deploy_folder() -> PathBuf {
    workspace::target().join("deploy")
}

/// The official tool, where it is installed with the compiler that it needs.
fn official() -> Option<PathBuf> {
    let tool = shell::find_program("cargo-build-sbf")?;
    shell::version_of(&tool)?.contains("platform-tools").then_some(tool)
}

fn build_with_platform_tools(tool: &Path, package: &str) -> Result<()> {
    let folder = folder_of(package)?;
    shell::run(Command::new(tool).args(["--arch", "v3"]).current_dir(folder))
}

/// The folder of a program's crate.
fn folder_of(package: &str) -> Result<PathBuf> {
    let id = shell::read(shell::cargo().args(["pkgid", "--package", package]))?;
    let path = id.trim().trim_start_matches("path+file://");
    Ok(PathBuf::from(path.split('#').next().unwrap_or(path)))
}

fn build_with_registry_tools(package: &str) -> Result<()> {
    let tools = setup::for_programs()?;
    let rustc = setup::debian_rustc()?;
    let folder = workspace::target().join("sbpf-tools");
    place_linker(&folder)?;
    let mut command = shell::cargo();
    command
        .args(["build", "--release", "--quiet", "--locked", "--package", package])
        .arg("--target=xtask/sbpf/sbpf-solana.json")
        .args(["-Zbuild-std=core,alloc,std,panic_abort"])
        .args(["-Zbuild-std-features=compiler-builtins-mem", "-Zjson-target-spec"])
        .env("RUSTC", &rustc.path)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC_BOOTSTRAP_SYNTHETIC_TARGET", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", flags().join("\u{1f}"))
        .env(link::LLVM_BIN, &rustc.llvm_bin)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        // Cargo hands these to what it runs, and they are for the other compiler.
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTC_WRAPPER");
    shell::with_path(&mut command, &[vec![folder], tools].concat());
    shell::run(&mut command)?;
    place_program(package)
}

/// Copies a program to where everybody looks for it.
fn place_program(package: &str) -> Result<()> {
    let name = file_name(package);
    let built = workspace::target().join("sbpf-solana/release").join(format!("lib{name}"));
    fs::create_dir_all(deploy_folder())?;
    fs::copy(&built, deploy_folder().join(name))
        .with_context(|| format!("the build of {package} left no {}", built.display()))?;
    Ok(())
}

fn file_name(package: &str) -> String {
    format!("{}.so", package.replace('-', "_"))
}

/// The flags, and a name for the link step: Cargo would not link again because that changed.
fn flags() -> Vec<String> {
    let step = format!("--cfg=link_step=\"{}\"", link::fingerprint());
    FLAGS.iter().map(|flag| (*flag).to_owned()).chain([step]).collect()
}

/// Puts this program under the linker's name where rustc will look for it.
fn place_linker(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let link = folder.join(link::LINKER_NAME);
    let this = env::current_exe()?;
    if fs::read_link(&link).is_ok_and(|target| target == this) {
        return Ok(());
    }
    let part = folder.join("linker.part");
    if part.is_symlink() {
        fs::remove_file(&part)?;
    }
    std::os::unix::fs::symlink(this, &part)?;
    Ok(fs::rename(part, link)?)
}
