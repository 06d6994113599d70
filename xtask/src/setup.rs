//! Installing what is missing, and saying what, why and how long.
//!
//! Debian packages go where Debian puts them. Programs that are built from the registry go into a
//! folder of their own in the user's cache, beside nothing and over nothing.

mod browsers;
mod fuzzing;
mod packages;
mod schemathesis;

pub(crate) use browsers::{for_browsers, validator};
pub(crate) use fuzzing::for_fuzzing;
pub(crate) use schemathesis::schemathesis;

use crate::{anchor, shell};
use anyhow::{Context, Result, bail};
use packages::install_packages;
use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A program that is built from the registry when it is not there.
struct Tool {
    name: &'static str,
    /// What its `--version` must contain; empty if any will do.
    version: &'static str,
    why: &'static str,
    minutes: u32,
    /// What `cargo install` is told.
    install: &'static [&'static str],
    /// The Debian packages that building it needs.
    packages: &'static [&'static str],
}

const LINKER: Tool = Tool {
    name: "sbpf-linker",
    version: "",
    why: "links the on-chain program",
    minutes: 2,
    install: &[
        "sbpf-linker",
        "--version=0.2.6",
        "--no-default-features",
        "--features=bpf-linker/llvm-22",
    ],
    packages: &[],
};

const VALIDATOR: Tool = Tool {
    name: "solana-test-validator",
    version: "4.2.2",
    why: "is the chain that the end-to-end tests run on",
    minutes: 25,
    install: &["agave-validator", "--version=4.2.2", "--locked", "--bin=solana-test-validator"],
    packages: &[
        "clang",
        "cmake",
        "libclang-dev",
        "libssl-dev",
        "libudev-dev",
        "pkg-config",
        "protobuf-compiler",
    ],
};

const ANCHOR: Tool = Tool {
    name: "anchor",
    version: "2.0.0-rc.1",
    why: "starts the chain and runs the end-to-end tests",
    minutes: 10,
    install: &["anchor-cli", "--version=2.0.0-rc.1", "--locked"],
    packages: &["libssl-dev", "libudev-dev", "pkg-config"],
};

/// Installs all that the whole suite needs; returns the folders to put before the PATH.
pub(crate) fn everything() -> Result<Vec<PathBuf>> {
    let mut folders = for_programs()?;
    for tool in [&VALIDATOR, &ANCHOR] {
        folders.extend(ensure(tool)?);
    }
    anchor::place_program_keypair()?;
    node()?;
    let folders: Vec<PathBuf> = folders.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    eprintln!("Everything that the suite needs is there.");
    for folder in &folders {
        eprintln!("To use the tools yourself: export PATH={}:$PATH", folder.display());
    }
    Ok(folders)
}

/// Installs what building a program needs; returns the folders to put before the PATH.
pub(crate) fn for_programs() -> Result<Vec<PathBuf>> {
    debian_rustc()?;
    Ok(ensure(&LINKER)?.into_iter().collect())
}

/// Installs what building and running the tests needs beside Rust and a C compiler.
pub(crate) fn for_tests() -> Result<()> {
    install_packages("OpenSSL, which the tests' virtual machine is built with", &["make", "perl"])?;
    install_packages("the server that the store in PostgreSQL is tested on", &["postgresql"])
}

/// Returns node, which runs what is built for browsers, installed if need be.
pub(crate) fn node() -> Result<PathBuf> {
    if shell::find_program("node").is_none() {
        install_packages("node, which runs what is built for browsers", &["nodejs"])?;
    }
    shell::find_program("node").context("node is installed and not on the PATH")
}

/// Debian's compiler, whose LLVM can write BPF, and the LLVM tools of the same version.
#[derive(Clone, Debug)]
pub(crate) struct DebianRustc {
    pub(crate) path: PathBuf,
    pub(crate) llvm_bin: PathBuf,
    /// Its name for itself: version, commit and LLVM.
    pub(crate) name: String,
}

/// Returns Debian's compiler, installed if need be.
pub(crate) fn debian_rustc() -> Result<DebianRustc> {
    static FOUND: OnceLock<DebianRustc> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(found.clone());
    }
    let path = PathBuf::from("/usr/bin/rustc");
    let source = Path::new("/usr/share/rustc-src").exists() || sysroot_has_source(&path);
    if !path.is_file() || !source {
        install_packages(
            "the compiler that can build for the chain and for browsers",
            &["rustc-web", "rust-web-src"],
        )?;
    }
    let verbose = shell::read(Command::new(&path).arg("-vV"))?;
    let llvm = field(&verbose, "LLVM version: ").context("rustc -vV names no LLVM")?;
    let major = llvm.split('.').next().unwrap_or_default().to_owned();
    let llvm_bin = PathBuf::from(format!("/usr/lib/llvm-{major}/bin"));
    if !llvm_bin.join("opt").is_file() {
        let packages = [format!("llvm-{major}"), format!("llvm-{major}-dev")];
        install_packages(
            "the LLVM tools of the link step",
            &packages.each_ref().map(String::as_str),
        )?;
    }
    let first_line = verbose.lines().next().unwrap_or_default();
    let found = DebianRustc { path, llvm_bin, name: format!("{first_line}, LLVM {llvm}") };
    Ok(FOUND.get_or_init(|| found).clone())
}

fn sysroot_has_source(rustc: &Path) -> bool {
    let sysroot = shell::read(Command::new(rustc).args(["--print", "sysroot"])).unwrap_or_default();
    Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// Finds a tool or installs it; returns its folder if that is not on the PATH.
fn ensure(tool: &Tool) -> Result<Option<PathBuf>> {
    if shell::find_program(tool.name).is_some_and(|path| is_right(tool, &path)) {
        return Ok(None);
    }
    let folder = tools_folder()?;
    let program = folder.join("bin").join(tool.name);
    if !is_right(tool, &program) {
        install(tool, &folder)?;
    }
    if !is_right(tool, &program) {
        bail!(
            "{} was installed and is not the version {} that is needed",
            program.display(),
            tool.version
        );
    }
    Ok(Some(folder.join("bin")))
}

fn is_right(tool: &Tool, program: &Path) -> bool {
    program.is_file()
        && (tool.version.is_empty()
            || shell::version_of(program).is_some_and(|version| version.contains(tool.version)))
}

fn tools_folder() -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(env::home_dir()?.join(".cache")));
    Ok(cache.context("there is no home folder: set XDG_CACHE_HOME")?.join("runseal/tools"))
}

fn install(tool: &Tool, folder: &Path) -> Result<()> {
    let name = tool.name;
    if let Some(prebuilt) = env::var_os("RUNSEAL_TOOLS") {
        let script = Path::new(&prebuilt).join("install");
        if !script.is_file() {
            bail!("RUNSEAL_TOOLS names {}, which has no install script", script.display());
        }
        let heading = format!("unpack prebuilt tools: {name} {}", tool.why);
        shell::step(&heading, Command::new(script).arg(folder.join("bin")))?;
        if folder.join("bin").join(name).is_file() {
            return Ok(());
        }
    }
    if !tool.packages.is_empty() {
        install_packages(&format!("building {name}"), tool.packages)?;
    }
    let heading = format!(
        "build {name} from the registry, about {} minutes on two cores: it {}",
        tool.minutes, tool.why
    );
    let mut command = shell::cargo();
    command.arg("install").args(tool.install).arg("--root").arg(folder);
    // sbpf-linker is linked with the LLVM of the compiler whose code it reads.
    if name == LINKER.name {
        let llvm = debian_rustc()?.llvm_bin;
        let prefix = llvm.parent().unwrap_or(&llvm).display().to_string();
        command
            .env("LLVM_SYS_221_PREFIX", &prefix)
            .env("RUSTFLAGS", format!("-Lnative={prefix}/lib"));
    }
    shell::step(&heading, &mut command)
}
