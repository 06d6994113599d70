//! The linker that the program is built with: sbpf-linker, with one step in between.
//!
//! LLVM 22's BPF back end has no 128-bit product, which every checked 64-bit multiplication becomes,
//! and refuses functions that return through memory or take more than five arguments. So the crates
//! are first joined into LLVM's text form. There the checked multiplication is replaced by one out of
//! 32-bit halves, and those functions are made into such as can be called. Only then it is made into
//! a program.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The name under which rustc calls this program as its linker.
pub(crate) const LINKER_NAME: &str = "runseal-sbpf-link";
/// Names the LLVM tools' folder for the linker.
pub(crate) const LLVM_BIN: &str = "RUNSEAL_LLVM_BIN";

const CHECKED_MUL: &str = include_str!("../sbpf/checked_mul_u64.ll");
const INTRINSIC: &str = "@llvm.umul.with.overflow.i64(";

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

/// Links what rustc passes to its linker into an sBPF program.
pub(crate) fn link(arguments: &[String]) -> Result<()> {
    let Request { output, objects, options } = Request::parse(arguments)?;
    let ir = output.with_extension("ll");
    join_into_ir(&objects, &options, &ir)?;
    let text = fs::read_to_string(&ir).with_context(|| format!("read {}", ir.display()))?;
    if !has_entry_point(&text) {
        return Ok(fs::write(&output, [])?);
    }
    fs::write(&ir, make_callable(&replace_checked_multiplication(&text)))?;
    let joined = output.with_extension("bc");
    let llvm = PathBuf::from(env::var_os(LLVM_BIN).unwrap_or_default());
    shell::run(
        Command::new(llvm.join("opt"))
            .args(["-passes=always-inline,globaldce", "-o"])
            .args([&joined, &ir]),
    )?;
    // Where the program goes from here is not the linker's to know: cargo's folder may be elsewhere.
    shell::run(
        Command::new("sbpf-linker")
            .args(&options)
            .args(["--deploy", "false", "-o"])
            .args([&output, &joined]),
    )
}

#[derive(Debug, PartialEq, Eq)]
struct Request {
    output: PathBuf,
    objects: Vec<String>,
    options: Vec<String>,
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self> {
        let (mut output, mut objects, mut options) = (None, Vec::new(), Vec::new());
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "-o" {
                output = rest.next().map(PathBuf::from);
            } else if argument.ends_with(".o") || argument.ends_with(".rlib") {
                objects.push(argument.clone());
            } else {
                options.push(argument.clone());
            }
        }
        let output = output.context("the linker was called without -o")?;
        Ok(Self { output, objects, options })
    }
}

fn join_into_ir(objects: &[String], options: &[String], ir: &Path) -> Result<()> {
    // A file from an earlier build must not be taken for this one's.
    if ir.exists() {
        fs::remove_file(ir)?;
    }
    // sbpf-linker writes the text form and then fails, because it looks for an object file there.
    let output = Command::new("sbpf-linker")
        .args(objects)
        .args(options)
        .args(["--emit", "llvm-ir", "--deploy", "false", "-o"])
        .arg(ir)
        .stdin(Stdio::null())
        .output()
        .context("sbpf-linker cannot be started; `cargo xtask setup` installs it")?;
    if !ir.exists() {
        bail!("sbpf-linker wrote no LLVM text:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
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
        let request = Request::parse(&words("a.o --arch v3 -o out.so lib.rlib --debug")).unwrap();
        let expected = Request {
            output: "out.so".into(),
            objects: words("a.o lib.rlib"),
            options: words("--arch v3 --debug"),
        };
        assert_eq!(request, expected);
    }

    #[test]
    fn a_call_without_an_output_is_refused() {
        assert!(Request::parse(&words("a.o")).is_err());
        assert!(Request::parse(&words("a.o -o")).is_err());
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
    fn only_what_defines_an_entry_point_is_a_program() {
        assert!(has_entry_point("define i64 @other()\ndefine dso_local i64 @entrypoint(ptr %0) {"));
        assert!(!has_entry_point("declare i64 @entrypoint(ptr)\n  call i64 @entrypoint(ptr %0)"));
        assert!(!has_entry_point("define i64 @__anchor_dispatch(ptr %0) {"));
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
