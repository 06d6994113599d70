//! The linker that the program is built with: LLVM's own optimizer, one step in between, sbpf-linker.
//!
//! The crates come as they were written, not optimized. They are joined, cut down to what the program
//! uses, and put into LLVM's text form. There
//!
//! - the checked 64-bit multiplication, which needs a 128-bit product that LLVM 22's BPF back end does
//!   not have, is replaced by one out of 32-bit halves;
//! - functions that return through memory or take more than five arguments, which that back end
//!   refuses, are made into such as can be called;
//! - what libraries wish to be inlined always is left to the optimizer: Anchor wishes it of nearly
//!   everything, forty-one times over.
//!
//! Only then it is optimized and made into a program.

use crate::shell;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The name under which rustc calls this program as its linker.
pub(crate) const LINKER_NAME: &str = "runseal-sbpf-link";
/// Names the LLVM tools' folder for the linker.
pub(crate) const LLVM_BIN: &str = "RUNSEAL_LLVM_BIN";

const CHECKED_MUL: &str = include_str!("../sbpf/checked_mul_u64.ll");
const LONG_MEMCPY: &str = include_str!("../sbpf/memcpy.ll");
const INTRINSIC: &str = "@llvm.umul.with.overflow.i64(";

/// What the back end calls of its own accord, and so must find.
const BUILTINS: &[&str] = &["memcpy", "memmove", "memset", "memcmp", "bcmp"];
/// Drops what the program does not use, and arguments that are always the same or never looked at:
/// fewer functions then have more than five. Functions are not merged: LLVM 22's `mergefunc` here takes
/// some for the same that are not, as the test program of the multiplication shows.
const CUT_DOWN: &str = "internalize,globaldce,\
    function(sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg),\
    ipsccp,deadargelim,argpromotion,ipsccp,deadargelim,globalopt,constmerge,globaldce";
/// The threshold was chosen by measuring: below it calls cost more units, above it the program grows.
const OPTIMIZE: &[&str] = &["-passes=default<Os>", "-inline-threshold=100"];

/// Returns the linker's arguments if this program was called under the linker's name.
pub(crate) fn arguments_if_called_as_linker(
    mut arguments: impl Iterator<Item = String>,
) -> Option<Vec<String>> {
    let name = arguments.next()?;
    Path::new(&name)
        .file_name()
        .is_some_and(|name| name == LINKER_NAME)
        .then(|| arguments.collect())
}

/// A name for everything in this step that can change a program's bytes.
pub(crate) fn fingerprint() -> String {
    let sources = [include_str!("link.rs"), CHECKED_MUL, LONG_MEMCPY];
    let hash = sources.iter().fold(Sha256::new(), |hash, source| hash.chain_update(source));
    shell::hex(&hash.finalize())[..16].to_owned()
}

/// Links what rustc passes to its linker into an sBPF program.
pub(crate) fn link(arguments: &[String]) -> Result<()> {
    let Request { output, objects, exported, options } = Request::parse(arguments)?;
    let folder = output.with_extension("link");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let symbols = folder.join("symbols");
    let named = fs::read_to_string(&exported)
        .with_context(|| format!("read the exported symbols, {exported}"))?;
    fs::write(&symbols, format!("{named}\n{}", BUILTINS.join("\n")))?;

    let ir = join_into_ir(&objects, &symbols, &folder)?;
    let text = fs::read_to_string(&ir).with_context(|| format!("read {}", ir.display()))?;
    if !has_entry_point(&text) {
        return Ok(fs::write(&output, [])?);
    }
    let text = replace_memcpy(&replace_checked_multiplication(&without_wishes(&text)));
    fs::write(&ir, make_callable(&text))?;
    let optimized = folder.join("optimized.bc");
    shell::run(llvm("opt").args(OPTIMIZE).arg("-o").args([&optimized, &ir]))?;
    let mut linker = Command::new("sbpf-linker");
    linker.args(&options).arg("--export-symbols").arg(&symbols);
    // Where the program goes from here is not the linker's to know: cargo's folder may be elsewhere.
    shell::run(linker.args(["--deploy", "false"]).arg("-o").args([&output, &optimized]))
}

fn llvm(tool: &str) -> Command {
    Command::new(PathBuf::from(env::var_os(LLVM_BIN).unwrap_or_default()).join(tool))
}

#[derive(Debug, PartialEq, Eq)]
struct Request {
    output: PathBuf,
    objects: Vec<PathBuf>,
    /// Names a file with a symbol a line.
    exported: String,
    options: Vec<String>,
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self> {
        let (mut output, mut exported) = (None, None);
        let (mut objects, mut options) = (Vec::new(), Vec::new());
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "-o" {
                output = rest.next().map(PathBuf::from);
            } else if argument == "--export-symbols" {
                exported = rest.next().cloned();
            } else if argument.ends_with(".o") || argument.ends_with(".rlib") {
                objects.push(PathBuf::from(argument));
            } else {
                options.push(argument.clone());
            }
        }
        let output = output.context("the linker was called without -o")?;
        let exported = exported.context("the linker was called without --export-symbols")?;
        Ok(Self { output, objects, exported, options })
    }
}

/// Joins the objects, those in libraries too, into one file of LLVM's text form.
fn join_into_ir(objects: &[PathBuf], symbols: &Path, folder: &Path) -> Result<PathBuf> {
    let (mut modules, mut libraries) = (Vec::new(), 0);
    for object in objects {
        if object.extension().is_some_and(|extension| extension == "rlib") {
            libraries += 1;
            modules.extend(unpack(object, &folder.join(libraries.to_string()))?);
        } else if !object.ends_with("symbols.o") {
            modules.push(object.clone());
        }
    }
    let (joined, ir) = (folder.join("joined.bc"), folder.join("program.ll"));
    shell::run(llvm("llvm-link").arg("-o").arg(&joined).args(modules))?;
    shell::run(
        llvm("opt")
            .args(["-S", &format!("-passes={CUT_DOWN}")])
            .arg(format!("-internalize-public-api-file={}", symbols.display()))
            .arg("-o")
            .args([&ir, &joined]),
    )?;
    Ok(ir)
}

/// Unpacks a library and returns its objects, in an order that does not depend on the file system.
fn unpack(library: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    shell::run(llvm("llvm-ar").arg("x").arg(library).current_dir(folder))?;
    let mut objects = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "o") {
            objects.push(path);
        }
    }
    objects.sort();
    Ok(objects)
}

/// Takes back what libraries wish of the optimizer.
fn without_wishes(ir: &str) -> String {
    let mut without = String::with_capacity(ir.len());
    for line in ir.lines() {
        match line.starts_with("attributes #") {
            true => without.push_str(&line.replace(" alwaysinline ", " ")),
            false => without.push_str(line),
        }
        without.push('\n');
    }
    without
}

/// Says whether this is a program. A program that another one uses for its types is linked as well,
/// because it says that it is a shared library; nobody calls that, and without an entry point it
/// has no allocator either.
fn has_entry_point(ir: &str) -> bool {
    ir.lines().any(|line| line.starts_with("define ") && line.contains(" @entrypoint("))
}

fn replace_checked_multiplication(ir: &str) -> String {
    let declaration = format!("declare {{ i64, i1 }} {INTRINSIC}");
    let lines = ir.lines().filter(|line| !line.starts_with(&declaration));
    let mut replaced = String::with_capacity(ir.len() + CHECKED_MUL.len());
    for line in lines {
        replaced.push_str(&line.replace(INTRINSIC, "@checked_mul_u64("));
        replaced.push('\n');
    }
    replaced.push_str(CHECKED_MUL);
    replaced
}

/// Puts the program's own copying behind one that leaves long copies to the runtime.
fn replace_memcpy(ir: &str) -> String {
    let mut replaced = String::with_capacity(ir.len() + LONG_MEMCPY.len());
    for line in ir.lines() {
        match line.strip_prefix("define ").filter(|line| line.contains("@memcpy(")) {
            Some(rest) => {
                let rest = rest.trim_start_matches("weak ").trim_start_matches("hidden ");
                let rest = rest.replacen("@memcpy(", "@memcpy_by_words(", 1);
                replaced.extend(["define internal ", &rest]);
            }
            None => replaced.push_str(line),
        }
        replaced.push('\n');
    }
    replaced.push_str(LONG_MEMCPY);
    replaced
}

/// Makes every function callable: a result returned through memory becomes an ordinary pointer,
/// which is what it is anyway, and what takes more than five arguments is inlined.
fn make_callable(ir: &str) -> String {
    let mut callable = String::with_capacity(ir.len());
    for line in ir.lines() {
        let line = without_struct_returns(line);
        // Attributes stand behind the arguments and `unnamed_addr`; a group's number may follow.
        let attributes_at = line.rfind(" #").or_else(|| line.rfind(" {"));
        match attributes_at.and_then(|at| line.split_at_checked(at)) {
            Some((head, tail)) if must_be_inlined(&line) => {
                callable.extend([head, " alwaysinline", tail]);
            }
            _ => callable.push_str(&line),
        }
        callable.push('\n');
    }
    callable
}

fn without_struct_returns(line: &str) -> String {
    let mut parts = line.split(" sret(");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        without.push_str(part.split_once(')').map_or(part, |(_, rest)| rest));
    }
    without
}

fn must_be_inlined(line: &str) -> bool {
    const MOST_ARGUMENTS: usize = 5;
    let is_ours = line.starts_with("define internal ") && line.ends_with('{');
    is_ours && argument_count(line) > MOST_ARGUMENTS
}

/// How many arguments a definition has: the names behind the function's own.
fn argument_count(definition: &str) -> usize {
    let arguments = definition.split_once('@').map_or("", |(_, rest)| rest);
    arguments.split_whitespace().filter(|word| word.starts_with('%')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn objects_and_options_are_told_apart() {
        let line = "--export-symbols names a.o --arch v3 -o out.so lib.rlib --debug";
        let request = Request::parse(&words(line)).unwrap();
        let expected = Request {
            output: "out.so".into(),
            objects: vec!["a.o".into(), "lib.rlib".into()],
            exported: "names".to_owned(),
            options: words("--arch v3 --debug"),
        };
        assert_eq!(request, expected);
    }

    #[test]
    fn a_call_without_an_output_or_without_symbols_is_refused() {
        assert!(Request::parse(&words("--export-symbols names a.o")).is_err());
        assert!(Request::parse(&words("--export-symbols names a.o -o")).is_err());
        assert!(Request::parse(&words("a.o -o out.so")).is_err());
    }

    #[test]
    fn wishes_are_taken_back_and_nothing_else() {
        let ir = "attributes #0 = { alwaysinline nounwind optsize }\n; alwaysinline stays\n";
        let without = "attributes #0 = { nounwind optsize }\n; alwaysinline stays\n";
        assert_eq!(without_wishes(ir), without);
    }

    #[test]
    fn every_checked_multiplication_is_replaced_and_its_declaration_dropped() {
        let ir = "  %1 = call { i64, i1 } @llvm.umul.with.overflow.i64(i64 %a, i64 %b)\n\
                  declare { i64, i1 } @llvm.umul.with.overflow.i64(i64, i64)\n\
                  declare i64 @other()\n";
        let replaced = replace_checked_multiplication(ir);
        assert!(!replaced.contains("llvm.umul"));
        assert!(replaced.starts_with(
            "  %1 = call { i64, i1 } @checked_mul_u64(i64 %a, i64 %b)\ndeclare i64 @other()\n"
        ));
        assert_eq!(replaced.matches("define internal { i64, i1 } @checked_mul_u64(").count(), 1);
    }

    #[test]
    fn the_program_s_own_copying_is_put_behind_another() {
        let ir = "define weak hidden ptr @memcpy(ptr %0, ptr %1, i64 %2) #1 {\n  ret ptr %0\n}\n\
                  declare ptr @memmove(ptr, ptr, i64)\n";
        let replaced = replace_memcpy(ir);
        let renamed = "define internal ptr @memcpy_by_words(ptr %0, ptr %1, i64 %2) #1 {\n";
        assert!(replaced.starts_with(renamed), "{replaced}");
        assert_eq!(replaced.matches("define ptr @memcpy(").count(), 1);
        assert!(replaced.contains("\ndeclare ptr @memmove("));
    }

    #[test]
    fn a_result_through_memory_becomes_an_ordinary_pointer() {
        let define = "define internal fastcc void @f(ptr noalias sret([8 x i8]) align 4 %0) #4 {";
        let call = "  call void @f(ptr sret([8 x i8]) align 4 %1, ptr sret({ i64, i8 }) %2)";
        let expected = "define internal fastcc void @f(ptr noalias align 4 %0) #4 {\n  \
                        call void @f(ptr align 4 %1, ptr %2)\n";
        assert_eq!(make_callable(&format!("{define}\n{call}")), expected);
    }

    #[test]
    fn what_takes_more_than_five_arguments_is_inlined_and_nothing_else() {
        let six = "define internal i64 @g(i64 %0, i64 %1, i64 %2, i64 %3, i64 %4, i64 %5) #1 {";
        let five = "define internal i64 @h(i64 %0, i64 %1, i64 %2, i64 %3, i64 %4) {";
        let exported = "define void @entrypoint(ptr %0) {";
        let callable = make_callable(&[six, five, exported].join("\n"));
        let callable: Vec<&str> = callable.lines().collect();
        assert!(callable[0].ends_with("%5) alwaysinline #1 {"), "{}", callable[0]);
        assert_eq!(callable[1..], [five, exported]);
    }

    #[test]
    fn only_the_linker_s_name_makes_it_a_linker() {
        let called = |name: &str| arguments_if_called_as_linker(words(name).into_iter());
        assert_eq!(called("/x/runseal-sbpf-link -o y"), Some(words("-o y")));
        assert_eq!(called("/x/xtask program"), None);
    }
}
