use crate::{
    context::Options,
    error::CliError,
    keys, output, progress,
    views::{DeployView, PlanView},
};
use clap::Args;
use runseal_client::{deployment::Deployment, registry};
use runseal_ledger::{AnyLedger, PROGRAM_BYTES};
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

/// Put the program onto a cluster, or another version in its place
///
/// The keypair pays, and becomes the upgrade authority or is it already. The bytes go into a buffer
/// first; if that is interrupted, the same command goes on where it stopped.
#[derive(Args)]
pub(crate) struct Deploy {
    /// File with the program [default: the one that this command carries, and compares with]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// File with the key of the program's address; a first deployment needs it
    #[arg(long, value_name = "FILE")]
    program_keypair: Option<PathBuf>,
    /// File with a key for the buffer; made if it is not there [default: deploy-buffer.json in --home]
    #[arg(long, value_name = "FILE")]
    buffer: Option<PathBuf>,
    /// Only say what would be done, and what it needs
    #[arg(long)]
    plan: bool,
}

impl Deploy {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let ledger = options.ledger()?;
        if matches!(ledger, AnyLedger::Embedded(_)) {
            return Err(CliError::usage("the embedded ledger has the program that it carries")
                .with_hint("name a cluster with -u"));
        }
        let bytes = self.bytes()?;
        let authority = options.keypair()?;
        let program_key = self.program_keypair.as_deref().map(keys::read).transpose()?;
        let buffer_file = match &self.buffer {
            Some(file) => file.clone(),
            None => options.home()?.join("deploy-buffer.json"),
        };
        let buffer = if self.plan { Keypair::new() } else { buffer_key(&buffer_file)? };
        let deployment = Deployment {
            bytes: &bytes,
            program: match &program_key {
                Some(key) => key.pubkey(),
                None => registry::PROGRAM,
            },
            program_key: program_key.as_ref().map(|key| key as _),
            buffer: &buffer,
            authority: &authority,
        };
        let plan = deployment.plan(&ledger).await?;
        if self.plan {
            return output::print(options.output, &PlanView::new(&deployment.program, &plan));
        }
        let bar = progress::of(plan.writes as u64, "writes");
        let landed = deployment
            .run(&ledger, &|done, _| bar.set_position(done as u64), tokio::time::sleep)
            .await;
        bar.finish_and_clear();
        let landed = landed?;
        // The buffer is gone, and its key with it.
        drop(fs::remove_file(&buffer_file));
        output::print(options.output, &DeployView::new(&deployment.program, &plan, landed))
    }

    fn bytes(&self) -> Result<Cow<'static, [u8]>, CliError> {
        let Some(file) = &self.program else { return Ok(Cow::Borrowed(PROGRAM_BYTES)) };
        let bytes = fs::read(file).map_err(|error| {
            CliError::new(format!("program {} cannot be read: {error}", file.display()))
        })?;
        if !bytes.starts_with(b"\x7fELF") {
            return Err(CliError::new(format!(
                "{} is no program: it is no ELF file",
                file.display()
            )));
        }
        Ok(Cow::Owned(bytes))
    }
}

/// The key of an interrupted deployment, or a new one.
fn buffer_key(file: &Path) -> Result<Keypair, CliError> {
    if file.exists() {
        output::note(&format!("going on with the buffer of {}", file.display()));
        return keys::read(file);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| {
            CliError::new(format!("{} cannot be made: {error}", folder.display()))
        })?;
    }
    keys::write_new(file)
}
