//! How much work a signature is, in executed instructions of WebAssembly: the same on every machine, however busy it is.

use std::{collections::BTreeMap, convert::Infallible, fs};

use anyhow::{Context, Result, bail};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction, Module, ValType,
    reencode::{self, Reencode, utils},
};
use wasmparser::{ExportSectionReader, FunctionBody, GlobalSectionReader, Operator, Parser};

use crate::{
    build,
    step::{command, output, root, scratch, write},
};

/// How far counts may be from the committed ones, in thousandths.
const TOLERANCE: u64 = 10;

/// Counts, and compares with `tests/bench/work.json`; with `update`, writes it.
pub fn check(update: bool) -> Result<()> {
    let counts = count()?;
    for (what, count) in &counts {
        println!("  {count:7} instructions  {what}");
    }
    let file = root().join("tests/bench/work.json");
    if update {
        return write(&file, serde_json::to_string_pretty(&counts)? + "\n");
    }
    let text = fs::read_to_string(&file).context("tests/bench/work.json")?;
    let committed: BTreeMap<String, u64> = serde_json::from_str(&text).context("tests/bench/work.json")?;
    if !counts.keys().eq(committed.keys()) {
        bail!("tests/bench/work.json has other entries than tests/instructions/count.mjs");
    }
    for ((what, count), before) in counts.iter().zip(committed.values()) {
        if count.abs_diff(*before) * 1000 > before * TOLERANCE {
            bail!(
                "{what}: {count} instructions, {before} committed (`cargo xtask work --update` commits to the new ones)"
            );
        }
    }
    Ok(())
}

/// Runs what is counted on a binary that counts.
fn count() -> Result<BTreeMap<String, u64>> {
    let binary = fs::read(build::named_binary()?)?;
    let mut module = Module::new();
    Counter::default().parse_core_module(&mut module, Parser::new(0), &binary)?;
    let counting = scratch().join("wasm/counting.wasm");
    write(&counting, module.finish())?;
    let printed = output(command("node", &["tests/instructions/count.mjs"]).arg(&counting))?;
    serde_json::from_str(&printed).context("tests/instructions/count.mjs")
}

/// Adds an exported global `work`, to which every stretch of code without a branch adds its number of instructions.
#[derive(Default)]
struct Counter {
    global: u32,
}

impl Reencode for Counter {
    type Error = Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_global_section(self, globals, section)?;
        self.global = globals.len();
        globals.global(GlobalType { val_type: ValType::I64, mutable: true, shared: false }, &ConstExpr::i64_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_export_section(self, exports, section)?;
        exports.export("work", ExportKind::Global, self.global);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), reencode::Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut stretch = 0;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            stretch += 1;
            if matches!(
                operator,
                Operator::Loop { .. }
                    | Operator::If { .. }
                    | Operator::Else
                    | Operator::End
                    | Operator::Br { .. }
                    | Operator::BrIf { .. }
                    | Operator::BrTable { .. }
                    | Operator::Return
            ) {
                function
                    .instruction(&Instruction::GlobalGet(self.global))
                    .instruction(&Instruction::I64Const(stretch))
                    .instruction(&Instruction::I64Add)
                    .instruction(&Instruction::GlobalSet(self.global));
                stretch = 0;
            }
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }
}
